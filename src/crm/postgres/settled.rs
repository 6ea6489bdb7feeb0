//! What became of one message: for who sent it and waits, as `fte chat` does.

use tokio_postgres::types::Json;

use super::PgStore;
use super::rows::word;
use crate::crm::port::CrmError;
use crate::domain::enums::{ConversationStatus, Outcome, Reason};
use crate::domain::ids::MessageId;
use crate::domain::knowledge::Source;

/// What became of a message.
#[derive(Clone, Debug, PartialEq)]
pub enum Fate {
    /// The bot has not settled it yet.
    Waits,
    /// Staff have the conversation: the bot stays silent.
    WithStaff,
    Settled(Settlement),
}

/// What the turn that settled a message came to.
#[derive(Clone, Debug, PartialEq)]
pub struct Settlement {
    pub outcome: Outcome,
    pub reason: Option<Reason>,
    /// What the customer is told.
    pub reply: Option<String>,
    pub sources: Vec<Source>,
}

const FATE: &str = "\
select c.status, t.outcome, o.content, o.sources, e.reason
  from messages m
  join conversations c on c.id = m.conversation_id
  left join turns t on t.id = m.answered_by
  left join messages o on o.conversation_id = m.conversation_id and o.direction = 'outbound' and o.turn_id = t.id
  left join escalations e on e.conversation_id = m.conversation_id and e.turn_id = t.id
 where m.id = $1
 order by o.seq
 limit 1";

impl PgStore {
    /// What became of a message; `None` where there is none.
    pub async fn fate(&self, message: MessageId) -> Result<Option<Fate>, CrmError> {
        let client = self.pools.general.get().await?;
        let statement = client.prepare_cached(FATE).await?;
        let Some(row) = client.query_opt(&statement, &[&message.0]).await? else {
            return Ok(None);
        };
        if row.try_get::<_, Option<&str>>("outcome")?.is_none() {
            let with_staff = word::<ConversationStatus>(&row, "status")? == ConversationStatus::Escalated;
            return Ok(Some(if with_staff { Fate::WithStaff } else { Fate::Waits }));
        }
        let sources: Option<Json<Vec<Source>>> = row.try_get("sources")?;
        let has_reason = row.try_get::<_, Option<&str>>("reason")?.is_some();
        Ok(Some(Fate::Settled(Settlement {
            outcome: word(&row, "outcome")?,
            reason: if has_reason { Some(word(&row, "reason")?) } else { None },
            reply: row.try_get("content")?,
            sources: sources.map(|Json(sources)| sources).unwrap_or_default(),
        })))
    }
}
