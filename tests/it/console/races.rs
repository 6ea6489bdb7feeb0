//! Take-overs against a slow model: whatever the moment of the claim, its receipt says what the customer has seen and
//! will see.

use std::time::Duration;

use fte::clock;
use fte::fakes::openai::{Act, Asked, FakeOpenai, named};
use futures_util::StreamExt;
use futures_util::stream;
use serde_json::{Value, json};
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

use super::rig::{Agent, Team};
use crate::model::served::serve;
use crate::support::customers::{FORGOTTEN, replies};
use crate::support::postgres::fresh_database;
use crate::support::process::argument;
use crate::support::verdict::count;
use crate::support::wait::{LIMIT, becomes, pause};

/// The number of races; `FTE_TEST_RACES` overrides it.
const RACES: u64 = 50;
/// How many customers race at the same time.
const AT_ONCE: usize = 10;
/// How long the model thinks.
const THINKS: Duration = Duration::from_millis(200);
/// The moments of the claims are so far apart, from the submission until the answer has long been shown.
const APART: Duration = Duration::from_millis(40);
const MOMENTS: u64 = 13;

fn slow(asked: &Asked) -> Act {
    let act = named("grounded").unwrap().act(asked);
    Act { after: act.after + THINKS, ..act }
}

/// A claim, and when its answer came.
struct Race {
    ticket: String,
    conversation: String,
    receipt: Value,
    answered_at: OffsetDateTime,
}

/// Submits, waits for the moment of this race, and claims.
async fn race(team: &Team, agent: &Agent, n: u64) -> Race {
    let (ticket, conversation) = team.submit(FORGOTTEN).await;
    match n % 4 {
        0 => {
            let running = format!("select count(*) from turns where conversation_id = '{conversation}'");
            becomes("the turn begins", 1, async || count(&team.database, &running).await).await;
        }
        1 => drop(team.customer.replied(&ticket, 1, LIMIT).await),
        _ => {
            let moment = APART * u32::try_from(n / 2 % MOMENTS).unwrap();
            pause("the moment of a click", moment).await;
        }
    }
    let (status, claimed) = agent.act(&conversation, "claim", json!({})).await;
    assert_eq!(status, 200, "{claimed}");
    Race { ticket, conversation, receipt: claimed["receipt"].clone(), answered_at: clock::now() }
}

#[tokio::test]
async fn the_receipt_of_a_claim_is_true_in_every_race_against_a_slow_model() {
    let races = argument("FTE_TEST_RACES").map_or(RACES, |races| races.parse().unwrap());
    let (url, fake) = (fresh_database().await, FakeOpenai::start(slow).unwrap());
    let team = Team::serving(&url, serve(&url, &fake, &[]).await).await;
    let agent = team.agent(&url, "ann@example.com", "agent").await;
    let raced: Vec<Race> =
        stream::iter(0..races).map(|n| race(&team, &agent, n)).buffer_unordered(AT_ONCE).collect().await;

    // A turn that began after every claim has ended: whatever the others still wanted to write was refused.
    let last = team.submit(FORGOTTEN).await.0;
    team.customer.replied(&last, 1, LIMIT).await;
    let open = "select (select count(*) from turns where state = 'running')
                       + (select count(*) from deliveries where state = 'pending')";
    becomes("everything has ended", 0, async || count(&team.database, open).await).await;

    let mut seen = std::collections::BTreeMap::new();
    for race in &raced {
        let result = race.receipt["result"].as_str().unwrap();
        *seen.entry(result.to_owned()).or_insert(0_u32) += 1;
        let view = team.customer.ticket(&race.ticket).await;
        let sent = replies(&view).len();
        match result {
            "sent_before" => {
                assert_eq!(sent, 1, "{:?} {view}", race.receipt);
                assert_eq!(view["messages"][1]["id"], race.receipt["message_id"]);
                let at = OffsetDateTime::parse(race.receipt["at"].as_str().unwrap(), &Rfc3339).unwrap();
                assert!(at <= race.answered_at, "sent after the claim: {:?}", race.receipt);
                assert_eq!(race.receipt["withdrawn"], json!([]));
            }
            "cancelled" | "none" => assert_eq!(sent, 0, "{result}, and yet: {view}"),
            other => panic!("{other}"),
        }
        let hands = format!(
            "select count(*) from turns t join conversations c on c.id = t.conversation_id
             where c.id = '{}' and t.state = 'committed' and c.status = 'escalated'
               and not exists (select from messages m join deliveries d on d.message_id = m.id
                               where m.turn_id = t.id and d.state in ('delivered', 'withdrawn'))",
            race.conversation
        );
        assert_eq!(count(&team.database, &hands).await, 0, "a turn wrote after the claim");
    }
    println!("{races} races: {seen:?}");
    assert!(seen.contains_key("sent_before") && seen.contains_key("cancelled"), "{seen:?}");
}
