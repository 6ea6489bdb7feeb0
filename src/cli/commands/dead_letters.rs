//! `fte dead-letters`: lists the messages that the bot could not process, gives one to it once more, or takes one off the
//! list, as staff do in the console.

use anyhow::anyhow;
use clap::Subcommand;
use serde_json::{Value, json};
use time::format_description::well_known::Rfc3339;
use uuid::Uuid;

use crate::cli::knowledge::knowledge_stores::KnowledgeStores;
use crate::cli::{CommandOutcome, Misuse};
use crate::config::Config;
use crate::crm::port::{DeskTools, StaffActions};
use crate::crm::postgres::PgStore;
use crate::domain::accounts::SERVICE_ACCOUNT;
use crate::domain::console::actions::{ActionConflict, ActionRefusal, StaffAnswer, StaffCommand, StaffOrder};
use crate::domain::console::reads::ParkedView;
use crate::domain::enums::StaffRole;
use crate::domain::ids::DeadLetterId;

/// More rows than a table can have; the command has no limit.
const ALL: i64 = i64::MAX;

#[derive(Debug, Subcommand)]
pub enum DeadLettersCommand {
    /// List the messages that the bot could not process, oldest first.
    List {
        /// Print `[{id, conversation_id, ticket_number, customer, reason, parked_at}]`.
        #[arg(long)]
        json: bool,
    },
    /// Give a message to the bot once more. It is refused if staff have replied since, or if the ticket is closed.
    Retry {
        id: Uuid,
        /// Print `{id, retried}`.
        #[arg(long)]
        json: bool,
    },
    /// Take a message off the list.
    Dismiss {
        id: Uuid,
        /// Print `{id, dismissed}`.
        #[arg(long)]
        json: bool,
    },
}

pub async fn run(config: Config, order: DeadLettersCommand) -> anyhow::Result<CommandOutcome> {
    let stores = KnowledgeStores::without_model(&config).await?;
    let done = match order {
        DeadLettersCommand::List { json } => list(&stores.store, json).await,
        DeadLettersCommand::Retry { id, json } => retry(&stores.store, DeadLetterId(id), json).await,
        DeadLettersCommand::Dismiss { id, json } => dismiss(&stores.store, DeadLetterId(id), json).await,
    };
    stores.close().await?;
    done.map(|()| CommandOutcome::Passed)
}

async fn list(store: &PgStore, json: bool) -> anyhow::Result<()> {
    let parked = store.parked(None, ALL).await?;
    if json {
        let lines = parked.iter().map(as_json).collect::<anyhow::Result<Vec<_>>>()?;
        println!("{}", Value::from(lines));
        return Ok(());
    }
    for letter in &parked {
        let ParkedView { id, ticket_number, reason, parked_at, .. } = letter;
        println!("{id}  {ticket_number}  {}  {reason}", parked_at.format(&Rfc3339)?);
    }
    Ok(())
}

fn as_json(letter: &ParkedView) -> anyhow::Result<Value> {
    Ok(json!({
        "id": letter.id,
        "conversation_id": letter.conversation,
        "ticket_number": letter.ticket_number,
        "customer": {"id": letter.customer.id, "name": letter.customer.name},
        "reason": letter.reason,
        "parked_at": letter.parked_at.format(&Rfc3339)?,
    }))
}

async fn retry(store: &PgStore, id: DeadLetterId, json: bool) -> anyhow::Result<()> {
    perform(store, id, StaffCommand::RetryParked { parked: id }).await?;
    if json {
        println!("{}", json!({"id": id, "retried": true}));
    } else {
        println!("{id} waits for the bot");
    }
    Ok(())
}

async fn dismiss(store: &PgStore, id: DeadLetterId, json: bool) -> anyhow::Result<()> {
    perform(store, id, StaffCommand::DismissParked { parked: id }).await?;
    if json {
        println!("{}", json!({"id": id, "dismissed": true}));
    } else {
        println!("{id} is off the list");
    }
    Ok(())
}

async fn perform(store: &PgStore, id: DeadLetterId, command: StaffCommand) -> anyhow::Result<()> {
    let order = StaffOrder { actor: SERVICE_ACCOUNT, role: StaffRole::Admin, key: None, command };
    match store.perform(order).await? {
        StaffAnswer::Done(_) => Ok(()),
        StaffAnswer::Refused(refusal) => Err(refused(id, &refusal)),
        StaffAnswer::KeyReused => Err(anyhow!("the command has no key, and it was reused")),
    }
}

fn refused(id: DeadLetterId, refusal: &ActionRefusal) -> anyhow::Error {
    let why = if *refusal == ActionRefusal::NoParked {
        format!("there is no parked message {id}")
    } else if *refusal == ActionRefusal::Conflict(ActionConflict::Answered) {
        format!("staff have replied since {id} was parked: dismiss it")
    } else if *refusal == ActionRefusal::Conflict(ActionConflict::TicketClosed) {
        format!("the ticket of {id} is closed: dismiss it")
    } else {
        return anyhow!("the store refuses {id}: {refusal:?}");
    };
    Misuse(why).into()
}
