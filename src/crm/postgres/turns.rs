//! Beginning turns, and keeping them.

use std::collections::HashMap;
use std::time::Duration;

use deadpool_postgres::{Object, Pool};
use serde::Deserialize;
use time::OffsetDateTime;
use tokio_postgres::Row;
use tokio_postgres::types::Json;
use uuid::Uuid;

use super::batch::{self, BatchError, BatchFunction};
use super::links::linking;
use super::rows::word;
use crate::crm::port::{BeginTurn, CrmError, Held};
use crate::domain::attachment::Attachment;
use crate::domain::consent::OptOutCommand;
use crate::domain::enums::Role;
use crate::domain::ids::ConversationId;
use crate::domain::inquiry::TicketNumber;
use crate::domain::timing::TURN_LEASE;
use crate::domain::turn::{
    Begun, Consent, HISTORY_LENGTH, PoisonState, Step, TicketBrief, TurnContext, Utterance,
};

const BEGIN: &str = "select conversation_id, turn_id, epoch, covers, channel, deaths, faults, \
     ticket_id, ticket_number, subject, category, priority, customer_name, waited_ms, messages, steps, \
     language, opted_out, linking \
     from begin_turns($1, $2, $3, make_interval(secs => $4), $5)";

/// Begins a batch of turns in one transaction. Each conversation may occur once in it.
pub async fn begin_turns(pool: Pool, batch: Vec<BeginTurn>) -> Vec<Result<Begun, CrmError>> {
    batch::run(&pool, &batch, &BeginTurns).await
}

struct BeginTurns;

impl BatchFunction<BeginTurn, Begun> for BeginTurns {
    async fn run(&self, client: &Object, members: &[BeginTurn]) -> Result<Vec<Begun>, BatchError> {
        let statement = client.prepare_cached(BEGIN).await?;
        let conversations: Vec<Uuid> = members.iter().map(|member| member.conversation.0).collect();
        let turns: Vec<Uuid> = members.iter().map(|member| member.turn.0).collect();
        let owners: Vec<Uuid> = members.iter().map(|member| member.owner.0).collect();
        let lease = TURN_LEASE.as_secs_f64();
        let rows =
            client.query(&statement, &[&conversations, &turns, &owners, &lease, &HISTORY_LENGTH]).await?;
        let mut begun = HashMap::with_capacity(rows.len());
        for row in &rows {
            let context = context(row)?;
            begun.insert(context.conversation, context);
        }
        Ok(members
            .iter()
            .map(|member| match begun.remove(&member.conversation) {
                Some(context) => Begun::Started(Box::new(context)),
                None => Begun::Idle,
            })
            .collect())
    }
}

/// One message as the batch function packs it.
#[derive(Deserialize)]
struct PackedMessage {
    role: Role,
    text: String,
    #[serde(with = "time::serde::rfc3339")]
    at: OffsetDateTime,
    unsettled: bool,
    consent: Option<OptOutCommand>,
    attachments: Option<Vec<Attachment>>,
}

/// What a turn starts from, by the columns that `begin_turns` returns.
pub fn context(row: &Row) -> Result<TurnContext, CrmError> {
    let Json(said) = row.try_get::<_, Json<Vec<PackedMessage>>>("messages")?;
    let (unsettled, history): (Vec<_>, Vec<_>) = said.into_iter().partition(|said| said.unsettled);
    let utterance = |said: PackedMessage| Utterance {
        role: said.role,
        text: said.text,
        at: said.at,
        attachments: said.attachments.unwrap_or_default(),
        opt_out: said.consent,
    };
    let steps = row.try_get::<_, Option<Json<Vec<Step>>>>("steps")?;
    let waited_ms: Option<i64> = row.try_get("waited_ms")?;
    Ok(TurnContext {
        conversation: row.try_get::<_, Uuid>("conversation_id")?.into(),
        turn: row.try_get::<_, Uuid>("turn_id")?.into(),
        epoch: row.try_get("epoch")?,
        covers: row.try_get("covers")?,
        channel: word(row, "channel")?,
        ticket: TicketBrief {
            id: row.try_get::<_, Uuid>("ticket_id")?.into(),
            number: TicketNumber(row.try_get("ticket_number")?),
            subject: row.try_get("subject")?,
            category: word(row, "category")?,
            priority: word(row, "priority")?,
        },
        customer_name: row.try_get("customer_name")?,
        unsettled: unsettled.into_iter().map(utterance).collect(),
        history: history.into_iter().map(utterance).collect(),
        waited: Duration::from_millis(u64::try_from(waited_ms.unwrap_or(0)).unwrap_or(0)),
        steps: steps.map(|Json(steps)| steps).unwrap_or_default(),
        poison: PoisonState::judge(row.try_get("deaths")?, row.try_get("faults")?),
        language: row.try_get("language")?,
        consent: if row.try_get("opted_out")? { Consent::Withdrawn } else { Consent::Given },
        linking: linking(row)?,
    })
}

/// Renews the lease of a turn that takes its time.
pub async fn renew_lease(pool: Pool, conversation: ConversationId, epoch: i64) -> Result<Held, CrmError> {
    let client = pool.get().await?;
    let statement = client
        .prepare_cached(
            "update conversations set lease_until = clock_timestamp() + make_interval(secs => $3) \
             where id = $1 and epoch = $2 and status = 'active' and lease_until is not null",
        )
        .await?;
    let held = client.execute(&statement, &[&conversation.0, &epoch, &TURN_LEASE.as_secs_f64()]).await?;
    Ok(if held == 0 { Held::Lost } else { Held::Yes })
}

/// Counts a fault of the turn against the messages it covers.
pub async fn record_fault(pool: Pool, conversation: ConversationId, epoch: i64) -> Result<(), CrmError> {
    let client = pool.get().await?;
    let statement = client
        .prepare_cached("update conversations set faults = faults + 1 where id = $1 and epoch = $2")
        .await?;
    client.execute(&statement, &[&conversation.0, &epoch]).await?;
    Ok(())
}
