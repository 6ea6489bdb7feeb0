//! What model calls have used up.

use deadpool_postgres::Pool;

use crate::crm::port::CrmError;
use crate::domain::ids::ConversationId;
use crate::domain::turn::{Spend, Spent};

/// What a conversation and the present day (UTC) have used up.
pub async fn spent(pool: Pool, conversation: ConversationId) -> Result<Spent, CrmError> {
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
