//! Completed turns, reconstructed for replay.

use deadpool_postgres::Pool;
use tokio_postgres::Row;
use tokio_postgres::types::Json;
use uuid::Uuid;

use super::PgStore;
use super::rows::{optional_word, word};
use super::turns::context;
use super::verification::past_linking;
use crate::crm::port::{CrmError, PastTurns, StoreFuture};
use crate::domain::conversations::completed_turn::{Action, PastTurn};
use crate::domain::conversations::turn::{HISTORY_LENGTH, TurnContext};
use crate::domain::ids::{ConversationId, TurnId};
use crate::domain::knowledge::Source;

/// What `begin_turns` gave each turn, column by column, put together again. What came after its begin is left out by
/// its time.
const PAST: &str = "\
select c.id as conversation_id, t.id as turn_id, t.epoch, t.covers, c.channel, 0::smallint as crash_count, \
       0::smallint as faults, k.id as ticket_id, k.number as ticket_number, k.subject, k.category, k.priority, \
       u.name as customer_name, null::bigint as waited_ms, c.language, \
       (select jsonb_agg(jsonb_build_object( \
            'role', m.role, 'text', m.content, 'at', m.created_at, \
            'unanswered', m.answered_by is not distinct from t.id, \
            'consent', m.metadata ->> 'consent', \
            'reason', (select e.reason from message_emails e where e.message_id = m.id and not e.is_copy limit 1), \
            'attachments', case when m.channel <> 'web_form' then ( \
                select jsonb_agg(jsonb_build_object( \
                    'content_type', coalesce(a.content_type, a.announced_type), 'size_bytes', a.size_bytes, \
                    'state', a.state) order by a.position) \
                from attachments a where a.message_id = m.id) end) order by m.seq) \
        from messages m \
        where m.conversation_id = c.id and m.kind <> 'note' and m.created_at <= t.started_at \
          and (m.kind <> 'acknowledgement' or m.turn_id is not null) \
          and m.seq >= (select min(f.seq) - $2 from messages f \
                        where f.answered_by = t.id and f.conversation_id = c.id)) as messages, \
       (select jsonb_agg(s.content order by s.number) from turn_steps s where s.turn_id = t.id) as steps, \
       exists (select from opt_outs(c.customer_id, c.channel)) as opted_out, \
       null::jsonb as linking, 0::bigint as recent_replies, t.instruction, null::jsonb as account, \
       null::text as traceparent, t.link, t.outcome, e.reason, r.content, r.sources, \
       coalesce(a.model, r.model, '') as model, \
       coalesce(r.prompt_version, '') as prompt_version, \
       exists (select from dead_letters l where l.turn_id = t.id) as was_parked \
from turns t \
join conversations c on c.id = t.conversation_id \
join customers u on u.id = c.customer_id \
left join agent_metrics a on a.turn_id = t.id \
join lateral current_ticket(c.id) k on true \
left join escalations e on e.turn_id = t.id \
left join messages r on r.turn_id = t.id \
where t.conversation_id = $1 and t.outcome is not null and ($3::uuid is null or t.id = $3) \
order by t.covers";

impl PgStore {
    /// The finished turns of a conversation, in their order, with what they started from.
    pub async fn past_turns(&self, conversation: ConversationId) -> Result<Vec<PastTurn>, CrmError> {
        past_turns(&self.pools.general, conversation.0, None).await
    }
}

impl PastTurns for PgStore {
    fn past_turn(&self, turn: TurnId) -> StoreFuture<Result<Option<PastTurn>, CrmError>> {
        Box::pin(past_turn(self.pools.general.clone(), turn))
    }
}

async fn past_turn(pool: Pool, turn: TurnId) -> Result<Option<PastTurn>, CrmError> {
    let found = {
        let client = pool.get().await?;
        client.query_opt("select conversation_id from turns where id = $1", &[&turn.0]).await?
    };
    let Some(row) = found else {
        return Ok(None);
    };
    let conversation: Uuid = row.try_get(0)?;
    Ok(past_turns(&pool, conversation, Some(turn.0)).await?.into_iter().next())
}

/// All of a conversation, or one.
async fn past_turns(pool: &Pool, conversation: Uuid, turn: Option<Uuid>) -> Result<Vec<PastTurn>, CrmError> {
    let client = pool.get().await?;
    let rows = client.query(PAST, &[&conversation, &HISTORY_LENGTH, &turn]).await?;
    rows.iter().map(past).collect()
}

fn past(row: &Row) -> Result<PastTurn, CrmError> {
    let sources = row.try_get::<_, Option<Json<Vec<Source>>>>("sources")?;
    Ok(PastTurn {
        context: TurnContext { linking: past_linking(row)?, ..context(row)? },
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
