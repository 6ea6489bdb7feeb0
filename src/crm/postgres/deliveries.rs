//! Replies on their way to customers.

use deadpool_postgres::Pool;

use crate::crm::port::CrmError;

pub async fn publish_web_replies(pool: Pool, limit: i64) -> Result<u64, CrmError> {
    let client = pool.get().await?;
    let statement = client.prepare_cached("select publish_web_replies($1)").await?;
    let row = client.query_one(&statement, &[&limit]).await?;
    Ok(row.try_get::<_, i64>(0)?.unsigned_abs())
}
