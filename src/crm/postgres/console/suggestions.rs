//! Suggestions for staff: what they start from, and what is kept of them.

use deadpool_postgres::Pool;
use tokio_postgres::types::Json;

use super::super::PgStore;
use super::super::turns::context;
use crate::crm::port::{CrmError, StoreFuture, Suggestions};
use crate::domain::console::suggestions::NewSuggestion;
use crate::domain::conversations::turn::{HISTORY_LENGTH, TurnContext};
use crate::domain::ids::{ConversationId, TurnId};

const CONTEXT: &str = "select * from suggestion_context($1, $2, $3, $4)";
const KEEP: &str = "\
with kept as ( \
    insert into suggestions (id, conversation_id, staff_id, instruction, content, sources, public_seq) \
    values ($1, $2, $3, $4, $5, $6, $7) returning id, conversation_id \
) \
insert into audit_log (actor, action, subject_kind, subject_id, conversation_id) \
select $3, 'suggestion.made', 'suggestion', k.id::text, k.conversation_id from kept k";

impl Suggestions for PgStore {
    fn suggestion_context(
        &self,
        conversation: ConversationId,
        turn: TurnId,
        instruction: Option<String>,
    ) -> StoreFuture<Result<Option<TurnContext>, CrmError>> {
        Box::pin(read(self.pools.general.clone(), conversation, turn, instruction))
    }

    fn keep_suggestion(&self, suggestion: NewSuggestion) -> StoreFuture<Result<(), CrmError>> {
        Box::pin(keep(self.pools.general.clone(), suggestion))
    }
}

async fn read(
    pool: Pool,
    conversation: ConversationId,
    turn: TurnId,
    instruction: Option<String>,
) -> Result<Option<TurnContext>, CrmError> {
    let client = pool.get().await?;
    let statement = client.prepare_cached(CONTEXT).await?;
    let row =
        client.query_opt(&statement, &[&conversation.0, &turn.0, &HISTORY_LENGTH, &instruction]).await?;
    row.as_ref().map(context).transpose()
}

async fn keep(pool: Pool, suggestion: NewSuggestion) -> Result<(), CrmError> {
    let client = pool.get().await?;
    let NewSuggestion { id, conversation, staff, instruction, text, sources, read_through } = suggestion;
    client
        .execute(
            KEEP,
            &[&id.0, &conversation.0, &staff.0, &instruction, &text, &Json(sources), &read_through],
        )
        .await?;
    Ok(())
}
