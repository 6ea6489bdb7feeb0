//! Turns: beginning, recording and finishing them in batches, and keeping their leases.

mod finish;
mod steps;

use std::collections::HashMap;
use std::time::Duration;

use deadpool_postgres::{Object, Pool};
use serde::Deserialize;
use time::OffsetDateTime;
use tokio_postgres::Row;
use tokio_postgres::types::Json;
use uuid::Uuid;

use super::PgStore;
use super::batch::{self, BatchError, BatchFunction};
use super::rows::{traceparent, word};
use super::verification::linking;
use crate::crm::port::{BeginTurn, CrmError, Held, RecordSteps, StoreFuture, Turns};
use crate::domain::conversations::turn::{
    Begun, Consent, Finish, Finished, HISTORY_LENGTH, PoisonState, Spend, Spent, Step, TicketBrief,
    TurnContext, Usage, Utterance,
};
use crate::domain::customers::consent::OptOutCommand;
use crate::domain::customers::web_identity::AccountTicket;
use crate::domain::enums::{Role, TicketStatus, Unanswered};
use crate::domain::ids::{ConversationId, ProcessId};
use crate::domain::messages::attachment::Attachment;
use crate::domain::messages::inquiry::TicketNumber;
use crate::domain::runtime::timing::TURN_LEASE;

const BEGIN: &str = "select conversation_id, turn_id, epoch, covers, channel, crash_count, faults, \
     ticket_id, ticket_number, subject, category, priority, customer_name, waited_ms, messages, steps, \
     language, opted_out, linking, recent_replies, instruction, account, traceparent \
     from begin_turns($1, $2, $3, make_interval(secs => $4), $5)";

impl Turns for PgStore {
    fn begin_turns(&self, batch: Vec<BeginTurn>) -> StoreFuture<Vec<Result<Begun, CrmError>>> {
        Box::pin(begin_turns(self.pools.turns.clone(), batch))
    }

    fn record_steps(&self, batch: Vec<RecordSteps>) -> StoreFuture<Vec<Result<Held, CrmError>>> {
        Box::pin(steps::record_steps(self.pools.turns.clone(), batch))
    }

    fn finish_turns(&self, batch: Vec<Finish>) -> StoreFuture<Vec<Result<Finished, CrmError>>> {
        Box::pin(finish::finish_turns(self.pools.turns.clone(), batch))
    }

    fn renew_lease(&self, conversation: ConversationId, epoch: i64) -> StoreFuture<Result<Held, CrmError>> {
        Box::pin(renew_lease(self.pools.general.clone(), conversation, epoch))
    }

    fn record_fault(&self, conversation: ConversationId, epoch: i64) -> StoreFuture<Result<(), CrmError>> {
        Box::pin(record_fault(self.pools.general.clone(), conversation, epoch))
    }

    fn leave_turn(
        &self,
        conversation: ConversationId,
        epoch: i64,
        owner: ProcessId,
    ) -> StoreFuture<Result<(), CrmError>> {
        Box::pin(leave_turn(self.pools.general.clone(), conversation, epoch, owner))
    }

    fn spent(&self, conversation: ConversationId) -> StoreFuture<Result<Spent, CrmError>> {
        Box::pin(spent(self.pools.general.clone(), conversation))
    }

    fn add_usage(&self, conversation: ConversationId, usage: Usage) -> StoreFuture<Result<(), CrmError>> {
        Box::pin(add_usage(self.pools.general.clone(), conversation, usage))
    }

    fn release_leases(
        &self,
        conversations: Vec<ConversationId>,
        owner: ProcessId,
    ) -> StoreFuture<Result<(), CrmError>> {
        Box::pin(release_leases(self.pools.general.clone(), conversations, owner))
    }
}

/// Begins a batch of turns in one transaction. Each conversation may occur once in it.
async fn begin_turns(pool: Pool, batch: Vec<BeginTurn>) -> Vec<Result<Begun, CrmError>> {
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
    unanswered: bool,
    consent: Option<OptOutCommand>,
    unsupported: Option<String>,
    attachments: Option<Vec<Attachment>>,
    reason: Option<Unanswered>,
}

/// What a turn starts from, by the columns that `begin_turns` returns.
pub fn context(row: &Row) -> Result<TurnContext, CrmError> {
    let Json(said) = row.try_get::<_, Json<Vec<PackedMessage>>>("messages")?;
    let (unanswered, history): (Vec<_>, Vec<_>) = said.into_iter().partition(|said| said.unanswered);
    let utterance = |said: PackedMessage| Utterance {
        role: said.role,
        text: said.text,
        at: said.at,
        attachments: said.attachments.unwrap_or_default(),
        opt_out: said.consent,
        is_unsupported: said.unsupported.is_some(),
        unanswered: said.reason,
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
        unanswered: unanswered.into_iter().map(utterance).collect(),
        history: history.into_iter().map(utterance).collect(),
        waited: Duration::from_millis(u64::try_from(waited_ms.unwrap_or(0)).unwrap_or(0)),
        steps: steps.map(|Json(steps)| steps).unwrap_or_default(),
        poison: PoisonState::judge(row.try_get("crash_count")?, row.try_get("faults")?),
        language: row.try_get("language")?,
        consent: if row.try_get("opted_out")? { Consent::Withdrawn } else { Consent::Given },
        linking: linking(row)?,
        recent_replies: row.try_get("recent_replies")?,
        instruction: row.try_get("instruction")?,
        account: account(row)?,
        traceparent: traceparent(row)?,
    })
}

/// As `account_of` packs a ticket.
#[derive(Deserialize)]
struct PackedTicket {
    number: i64,
    subject: Option<String>,
    status: TicketStatus,
}

fn account(row: &Row) -> Result<Option<Vec<AccountTicket>>, CrmError> {
    let packed = row.try_get::<_, Option<Json<Vec<PackedTicket>>>>("account")?;
    let ticket = |PackedTicket { number, subject, status }| AccountTicket {
        number: TicketNumber(number),
        subject,
        status,
    };
    Ok(packed.map(|Json(tickets)| tickets.into_iter().map(ticket).collect()))
}

/// Renews the lease of a turn that takes its time.
async fn renew_lease(pool: Pool, conversation: ConversationId, epoch: i64) -> Result<Held, CrmError> {
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
async fn record_fault(pool: Pool, conversation: ConversationId, epoch: i64) -> Result<(), CrmError> {
    let client = pool.get().await?;
    let statement = client
        .prepare_cached("update conversations set faults = faults + 1 where id = $1 and epoch = $2")
        .await?;
    client.execute(&statement, &[&conversation.0, &epoch]).await?;
    Ok(())
}

/// Another owner's lease stays.
async fn leave_turn(
    pool: Pool,
    conversation: ConversationId,
    epoch: i64,
    owner: ProcessId,
) -> Result<(), CrmError> {
    let client = pool.get().await?;
    let statement = client
        .prepare_cached(
            "update conversations \
             set lease_owner = case when epoch <> $2 then lease_owner end, \
                 lease_until = case when epoch <> $2 then lease_until end, \
                 crashed_owners = array_remove(crashed_owners, $3) \
             where id = $1 and (epoch = $2 or $3 = any (crashed_owners))",
        )
        .await?;
    client.execute(&statement, &[&conversation.0, &epoch, &owner.0]).await?;
    Ok(())
}

/// The conversation's row is updated first, as the order of locks demands: the day's row is made of it.
async fn add_usage(pool: Pool, conversation: ConversationId, usage: Usage) -> Result<(), CrmError> {
    let client = pool.get().await?;
    let statement = client
        .prepare_cached(
            "with own as ( \
                 update conversations set tokens_used = tokens_used + $2, cost_micros = cost_micros + $3 \
                 where id = $1 returning id) \
             insert into model_spend as d (day, tokens, cost_micros) \
             select (now() at time zone 'utc')::date, $2, $3 from own \
             on conflict (day) do update \
             set tokens = d.tokens + excluded.tokens, cost_micros = d.cost_micros + excluded.cost_micros",
        )
        .await?;
    let tokens = i64::from(usage.tokens());
    let cost = i64::try_from(usage.cost_micros).unwrap_or(i64::MAX);
    client.execute(&statement, &[&conversation.0, &tokens, &cost]).await?;
    Ok(())
}

async fn release_leases(
    pool: Pool,
    conversations: Vec<ConversationId>,
    owner: ProcessId,
) -> Result<(), CrmError> {
    let client = pool.get().await?;
    let statement = client.prepare_cached("select release_leases($1, $2)").await?;
    let ids: Vec<Uuid> = conversations.iter().map(|id| id.0).collect();
    client.query_one(&statement, &[&ids, &owner.0]).await?;
    Ok(())
}

/// What a conversation and the present day (UTC) have used up.
async fn spent(pool: Pool, conversation: ConversationId) -> Result<Spent, CrmError> {
    let client = pool.get().await?;
    let statement = client
        .prepare_cached(
            "select c.tokens_used, c.cost_micros, d.tokens, d.cost_micros \
             from conversations c \
             left join model_spend d on d.day = (now() at time zone 'utc')::date \
             where c.id = $1",
        )
        .await?;
    let Some(row) = client.query_opt(&statement, &[&conversation.0]).await? else {
        return Ok(Spent::default());
    };
    let spend = |tokens: usize, cost: usize| -> Result<Spend, CrmError> {
        let count = |place| -> Result<u64, CrmError> {
            Ok(row.try_get::<_, Option<i64>>(place)?.unwrap_or(0).unsigned_abs())
        };
        Ok(Spend { tokens: count(tokens)?, cost_micros: count(cost)? })
    };
    Ok(Spent { conversation: spend(0, 1)?, day: spend(2, 3)? })
}
