//! Suggestions for staff: what they start from, and what is kept of them.

use deadpool_postgres::Pool;
use serde_json::json;
use tokio_postgres::types::Json;
use tokio_postgres::{GenericClient, Row};
use uuid::Uuid;

use super::super::PgStore;
use super::super::rows::mismatch;
use super::super::turns::context;
use super::request_keys::{self, EarlierRequest};
use crate::crm::port::{CrmError, StoreFuture, Suggestions};
use crate::domain::console::actions::RequestKey;
use crate::domain::console::suggestions::{
    EarlierSuggestion, NewSuggestion, SuggestedReply, SuggestionStart,
};
use crate::domain::conversations::turn::HISTORY_LENGTH;
use crate::domain::ids::{ConversationId, StaffId, TurnId};

const CONTEXT: &str = "\
select s.*, (select t.status from current_ticket(s.conversation_id) t) = 'closed' as is_closed \
from suggestion_context($1, $2, $3, $4) s";
const KEEP: &str = "\
with kept as ( \
    insert into suggestions (id, conversation_id, staff_id, instruction, content, sources, public_seq) \
    values ($1, $2, $3, $4, $5, $6, $7) returning id, conversation_id \
) \
insert into audit_log (actor, action, subject_kind, subject_id, conversation_id) \
select $3, 'suggestion.made', 'suggestion', k.id::text, k.conversation_id from kept k";
const READ: &str = "select id, content, sources from suggestions where id = $1";
/// The member of an answer beside a key that names the suggestion.
const SUGGESTION_ID: &str = "suggestion_id";

impl Suggestions for PgStore {
    fn suggestion_context(
        &self,
        conversation: ConversationId,
        turn: TurnId,
        instruction: Option<String>,
    ) -> StoreFuture<Result<SuggestionStart, CrmError>> {
        Box::pin(read(self.pools.general.clone(), conversation, turn, instruction))
    }

    fn earlier_suggestion(
        &self,
        staff: StaffId,
        key: RequestKey,
    ) -> StoreFuture<Result<Option<EarlierSuggestion>, CrmError>> {
        Box::pin(find(self.pools.general.clone(), staff, key))
    }

    fn keep_suggestion(
        &self,
        suggestion: NewSuggestion,
        key: Option<RequestKey>,
    ) -> StoreFuture<Result<Option<EarlierSuggestion>, CrmError>> {
        Box::pin(keep(self.pools.general.clone(), suggestion, key))
    }
}

async fn read(
    pool: Pool,
    conversation: ConversationId,
    turn: TurnId,
    instruction: Option<String>,
) -> Result<SuggestionStart, CrmError> {
    let client = pool.get().await?;
    let statement = client.prepare_cached(CONTEXT).await?;
    let row =
        client.query_opt(&statement, &[&conversation.0, &turn.0, &HISTORY_LENGTH, &instruction]).await?;
    Ok(match row {
        None => SuggestionStart::Nothing,
        Some(row) if row.try_get("is_closed")? => SuggestionStart::TicketClosed,
        Some(row) => SuggestionStart::From(Box::new(context(&row)?)),
    })
}

async fn find(pool: Pool, staff: StaffId, key: RequestKey) -> Result<Option<EarlierSuggestion>, CrmError> {
    let client = pool.get().await?;
    match request_keys::find(&**client, staff, &key).await? {
        Some(earlier) => answered(&**client, earlier).await.map(Some),
        None => Ok(None),
    }
}

async fn keep(
    pool: Pool,
    suggestion: NewSuggestion,
    key: Option<RequestKey>,
) -> Result<Option<EarlierSuggestion>, CrmError> {
    let mut client = pool.get().await?;
    let transaction = client.transaction().await?;
    let NewSuggestion { id, conversation, staff, instruction, text, sources, read_through } = suggestion;
    if let Some(key) = &key {
        if let Some(earlier) = request_keys::take(&transaction, staff, key).await? {
            return answered(&*transaction, earlier).await.map(Some);
        }
        let answer = json!({"verdict": "done", SUGGESTION_ID: id});
        request_keys::keep(&transaction, staff, key, &answer).await?;
    }
    transaction
        .execute(
            KEEP,
            &[&id.0, &conversation.0, &staff.0, &instruction, &text, &Json(sources), &read_through],
        )
        .await?;
    transaction.commit().await?;
    Ok(None)
}

async fn answered(
    client: &(impl GenericClient + Sync),
    earlier: EarlierRequest,
) -> Result<EarlierSuggestion, CrmError> {
    let packed = match earlier {
        EarlierRequest::Different => return Ok(EarlierSuggestion::KeyReused),
        EarlierRequest::Answered(packed) => packed,
    };
    let id = packed[SUGGESTION_ID].as_str().and_then(|id| Uuid::try_parse(id).ok());
    let id = id.ok_or_else(|| mismatch("an answer without its suggestion"))?;
    // The customer may have been erased meanwhile, and the suggestion with them.
    let row = client.query_opt(READ, &[&id]).await?;
    row.map_or(Ok(EarlierSuggestion::Gone), |row| suggested(&row).map(EarlierSuggestion::Given))
}

fn suggested(row: &Row) -> Result<SuggestedReply, CrmError> {
    let Json(sources) = row.try_get("sources")?;
    Ok(SuggestedReply { id: row.try_get::<_, Uuid>("id")?.into(), text: row.try_get("content")?, sources })
}
