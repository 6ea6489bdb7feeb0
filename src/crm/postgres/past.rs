//! Turns that have been, as they can be run again.

use std::time::Duration;

use deadpool_postgres::Pool;
use serde::Deserialize;
use time::OffsetDateTime;
use tokio_postgres::Row;
use tokio_postgres::types::Json;
use uuid::Uuid;

use super::rows::{optional_word, word};
use crate::crm::port::CrmError;
use crate::domain::ids::ConversationId;
use crate::domain::inquiry::TicketNumber;
use crate::domain::knowledge::Source;
use crate::domain::past::{Action, PastTurn};
use crate::domain::turn::{Briefing, Step, Suspicion, TicketBrief, Utterance};
use crate::domain::words::Role;

/// What `begin_turns` gave each turn, put together again. What came after its begin is left out by its time.
const PAST: &str = "\
select t.id, t.epoch, t.covers, t.outcome, c.channel, k.id as ticket_id, k.number, k.subject, k.category, \
       k.priority, u.name, e.reason, r.content, r.sources, a.model, coalesce(r.prompt_version, '') as prompt_version, \
       exists (select from dead_letters l where l.turn_id = t.id) as was_parked, \
       (select jsonb_agg(jsonb_build_object('role', m.role, 'text', m.content, 'at', m.created_at, \
                                            'unsettled', m.answered_by is not distinct from t.id) order by m.seq) \
        from messages m \
        where m.conversation_id = c.id and m.kind <> 'note' and m.created_at <= t.started_at \
          and (m.kind <> 'acknowledgement' or m.turn_id is not null) \
          and m.seq >= (select min(f.seq) - 60 from messages f where f.answered_by = t.id \
                                                                and f.conversation_id = c.id)) as messages, \
       (select jsonb_agg(s.content order by s.number) from turn_steps s where s.turn_id = t.id) as steps \
from turns t \
join conversations c on c.id = t.conversation_id \
join customers u on u.id = c.customer_id \
join agent_metrics a on a.turn_id = t.id \
join lateral current_ticket(c.id) k on true \
left join escalations e on e.turn_id = t.id \
left join messages r on r.turn_id = t.id \
where t.conversation_id = $1 and t.outcome is not null \
order by t.covers";

/// The finished turns of a conversation, in their order.
pub async fn past_turns(pool: Pool, conversation: ConversationId) -> Result<Vec<PastTurn>, CrmError> {
    let client = pool.get().await?;
    let rows = client.query(PAST, &[&conversation.0]).await?;
    rows.iter().map(|row| past(conversation, row)).collect()
}

#[derive(Deserialize)]
struct Said {
    role: Role,
    text: String,
    #[serde(with = "time::serde::rfc3339")]
    at: OffsetDateTime,
    unsettled: bool,
}

fn past(conversation: ConversationId, row: &Row) -> Result<PastTurn, CrmError> {
    let said = row.try_get::<_, Option<Json<Vec<Said>>>>("messages")?;
    let said = said.map(|Json(said)| said).unwrap_or_default();
    let (unsettled, history): (Vec<_>, Vec<_>) = said.into_iter().partition(|said| said.unsettled);
    let utterance = |said: Said| Utterance { role: said.role, text: said.text, at: said.at };
    let steps = row.try_get::<_, Option<Json<Vec<Step>>>>("steps")?;
    let sources = row.try_get::<_, Option<Json<Vec<Source>>>>("sources")?;
    Ok(PastTurn {
        briefing: Briefing {
            conversation,
            turn: row.try_get::<_, Uuid>("id")?.into(),
            epoch: row.try_get("epoch")?,
            covers: row.try_get("covers")?,
            channel: word(row, "channel")?,
            ticket: TicketBrief {
                id: row.try_get::<_, Uuid>("ticket_id")?.into(),
                number: TicketNumber(row.try_get("number")?),
                subject: row.try_get("subject")?,
                category: word(row, "category")?,
                priority: word(row, "priority")?,
            },
            customer_name: row.try_get("name")?,
            unsettled: unsettled.into_iter().map(utterance).collect(),
            history: history.into_iter().map(utterance).collect(),
            waited: Duration::ZERO,
            steps: steps.map(|Json(steps)| steps).unwrap_or_default(),
            suspicion: Suspicion::Unsuspected,
        },
        action: Action {
            action: word(row, "outcome")?,
            reason: optional_word(row, "reason")?,
            text: row.try_get("content")?,
            sources: sources
                .map_or_else(Vec::new, |Json(sources)| sources.into_iter().map(|source| source.id).collect()),
        },
        model: row.try_get("model")?,
        prompt_version: row.try_get("prompt_version")?,
        was_parked: row.try_get("was_parked")?,
    })
}
