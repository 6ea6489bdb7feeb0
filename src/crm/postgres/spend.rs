//! What model calls have used up, and who waits for them.

use std::time::Duration;

use deadpool_postgres::Pool;
use uuid::Uuid;

use crate::clock;
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

/// Tells customers who have waited at least `older_than` that their message is here; how many.
pub async fn acknowledge_delays(
    pool: Pool,
    older_than: Duration,
    text: String,
    at_most: usize,
) -> Result<u64, CrmError> {
    let client = pool.get().await?;
    let statement =
        client.prepare_cached("select acknowledge_delays(make_interval(secs => $1), $2, $3, $4)").await?;
    let ids = || (0..at_most).map(|_| clock::new_v7()).collect::<Vec<Uuid>>();
    let row = client.query_one(&statement, &[&older_than.as_secs_f64(), &text, &ids(), &ids()]).await?;
    Ok(row.try_get::<_, i64>(0)?.unsigned_abs())
}
