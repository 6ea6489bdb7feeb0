//! Drafts of deliveries: the provider's id of a draft is stored before the draft is sent, so that it is sent once.

use deadpool_postgres::Pool;

use crate::crm::port::CrmError;
use crate::domain::ids::DeliveryId;

pub async fn read(pool: Pool, delivery: DeliveryId) -> Result<Option<String>, CrmError> {
    let client = pool.get().await?;
    let query = "select provider_draft from delivery_drafts where delivery_id = $1";
    let statement = client.prepare_cached(query).await?;
    let row = client.query_opt(&statement, &[&delivery.0]).await?;
    row.map(|row| Ok(row.try_get(0)?)).transpose()
}

/// The first draft stays: a later one is never sent.
pub async fn write(pool: Pool, delivery: DeliveryId, draft: String) -> Result<String, CrmError> {
    let client = pool.get().await?;
    let statement = client
        .prepare_cached(
            "insert into delivery_drafts (delivery_id, provider_draft) values ($1, $2) \
             on conflict (delivery_id) do update set delivery_id = excluded.delivery_id returning provider_draft",
        )
        .await?;
    Ok(client.query_one(&statement, &[&delivery.0, &draft]).await?.try_get(0)?)
}
