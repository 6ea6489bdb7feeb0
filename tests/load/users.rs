//! `load goose`: users as they come: most of them with a question, some only looking whether we are there.

use std::time::Duration;

use anyhow::anyhow;
use clap::Args;
use fte::clock;
use goose::config::GooseConfiguration;
use goose::goose::GooseResponse;
use goose::prelude::*;
use serde_json::{Value, json};

use crate::program::target;

/// How often a user looks at the page of a ticket.
const LOOK_EVERY: Duration = Duration::from_millis(500);
/// Looks after which a user gives up.
const LOOKS: u32 = 60;
/// One in so many answered users writes again.
const FOLLOW_UP_EVERY: u128 = 4;

/// Let users of the web form and health checks loose on a running `fte`.
///
/// Of every four users three fill in the form, look at their ticket twice a second until it is answered, and now and
/// then write again; one checks the health. Each starts anew when it is done. Prints goose's own report.
#[derive(Debug, Args)]
pub struct Options {
    /// Where `fte serve` listens, such as http://127.0.0.1:8000; no other host than 127.0.0.1 is accepted.
    #[arg(long)]
    host: String,
    /// Users at once.
    #[arg(long, default_value_t = 40, value_parser = clap::value_parser!(u32).range(4..=10_000))]
    users: u32,
    /// Seconds to run for.
    #[arg(long, default_value_t = 30, value_parser = clap::value_parser!(u32).range(1..=3600))]
    seconds: u32,
}

pub async fn run(options: &Options, json: bool) -> anyhow::Result<()> {
    let address = target(&options.host)?;
    let mut configuration = GooseConfiguration::default();
    configuration.host = Some(format!("http://{address}"));
    configuration.users = Some(usize::try_from(options.users)?);
    configuration.increase_rate = Some(options.users.to_string());
    configuration.run_time = Some(format!("{}s", options.seconds));
    configuration.no_telnet = true;
    configuration.no_print_metrics = json;
    configuration.quiet = 1;
    let pause = (Duration::from_millis(500), Duration::from_millis(1500));
    let form = scenario!("web form")
        .set_weight(3)?
        .set_wait_time(pause.0, pause.1)?
        .register_transaction(transaction!(ask).set_name("ask and wait for the answer"));
    let health = scenario!("health")
        .set_weight(1)?
        .set_wait_time(pause.0, pause.1)?
        .register_transaction(transaction!(check_health).set_name("check the health"));
    let attack = GooseAttack::initialize_with_config(configuration)?;
    let attack = attack.register_scenario(form).register_scenario(health);
    let metrics = attack.execute().await.map_err(|error| anyhow!("goose failed: {error}"))?;
    if json {
        println!("{:#}", serde_json::to_value(metrics)?);
    }
    Ok(())
}

/// Submits, waits for the answer, and now and then writes again.
async fn ask(user: &mut GooseUser) -> TransactionResult {
    let id = clock::new_v4();
    let submitted = user
        .post_json(
            "/support/submit",
            &json!({
                "name": "Ann Example",
                "email": format!("customer.{}@load.example", id.simple()),
                "subject": "Signing in",
                "category": "technical",
                "message": "I forgot my password. How do I get a new one?",
            }),
        )
        .await?;
    let submitted = body(user, submitted).await?;
    let Some(ticket) = submitted["ticket_id"].as_str() else {
        return Err("a submission without a ticket_id".into());
    };
    wait_for_answers(user, ticket, 1).await?;
    if id.as_u128().is_multiple_of(FOLLOW_UP_EVERY) {
        follow_up(user, ticket).await?;
        wait_for_answers(user, ticket, 2).await?;
    }
    Ok(())
}

async fn follow_up(user: &mut GooseUser, ticket: &str) -> TransactionResult {
    let path = format!("/support/ticket/{ticket}/messages");
    let said = json!({ "message": "And how do I change it afterwards?" });
    let request = user.get_request_builder(&GooseMethod::Post, &path)?.json(&said);
    let request =
        GooseRequest::builder().set_request_builder(request).name("/support/ticket/{id}/messages").build();
    let answered = user.request(request).await?;
    body(user, answered).await.map(|_| ())
}

async fn wait_for_answers(user: &mut GooseUser, ticket: &str, wanted: usize) -> TransactionResult {
    let path = format!("/support/ticket/{ticket}");
    for _ in 0..LOOKS {
        let looked = user.get_named(&path, "/support/ticket/{id}").await?;
        let page = body(user, looked).await?;
        let messages = page["messages"].as_array().map(Vec::as_slice).unwrap_or_default();
        if messages.iter().filter(|message| message["role"] == "agent").count() >= wanted {
            return Ok(());
        }
        tokio::time::sleep(LOOK_EVERY).await;
    }
    Err("a ticket was not answered in time".into())
}

async fn check_health(user: &mut GooseUser) -> TransactionResult {
    user.get("/health").await?;
    Ok(())
}

/// The body of a good answer; any other answer fails the request, and what the user was about.
async fn body(user: &mut GooseUser, answered: GooseResponse) -> Result<Value, Box<TransactionError>> {
    let mut request = answered.request;
    let response = answered.response?;
    let status = response.status();
    if !status.is_success() {
        user.set_failure(&format!("answered with {status}"), &mut request, None, None)?;
    }
    Ok(response.json().await?)
}
