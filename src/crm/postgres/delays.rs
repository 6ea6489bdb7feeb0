//! Who waits for an answer, and telling them.

use std::time::Duration;

use deadpool_postgres::Pool;
use tokio_postgres::Row;
use uuid::Uuid;

use super::rows::word;
use crate::clock;
use crate::crm::port::CrmError;
use crate::domain::delay::{Delay, DelayNotice};
use crate::domain::inquiry::TicketNumber;

/// Those who have waited at least `older_than` and were not told yet, the longest silence first.
///
/// Somebody who ordered us to stop writing is left alone.
pub async fn find_delays(pool: Pool, older_than: Duration, limit: i64) -> Result<Vec<Delay>, CrmError> {
    let client = pool.get().await?;
    let statement = client
        .prepare_cached(
            "select c.id, c.settled_through, c.channel, u.name, t.number \
             from conversations c \
             join customers u on u.id = c.customer_id \
             cross join lateral (select t.number from tickets t where t.conversation_id = c.id \
                                 order by t.number desc limit 1) t \
             where c.status = 'active' and c.settled_through < c.last_inbound \
               and c.delay_acknowledged <= c.settled_through \
               and exists (select from messages m \
                           where m.conversation_id = c.id and m.seq > c.settled_through \
                             and m.direction = 'inbound' and m.answered_by is null \
                             and m.created_at < clock_timestamp() - make_interval(secs => $1)) \
               and not (c.channel = 'whatsapp' and exists ( \
                   select from customer_identifiers i \
                   where i.customer_id = c.customer_id and i.kind in ('phone', 'provider_user') and i.opted_out_at is not null)) \
             order by c.last_message_at limit $2",
        )
        .await?;
    client.query(&statement, &[&older_than.as_secs_f64(), &limit]).await?.iter().map(delay).collect()
}

fn delay(row: &Row) -> Result<Delay, CrmError> {
    Ok(Delay {
        conversation: row.try_get::<_, Uuid>("id")?.into(),
        answered_through: row.try_get("settled_through")?,
        channel: word(row, "channel")?,
        customer_name: row.try_get("name")?,
        ticket: TicketNumber(row.try_get("number")?),
    })
}

/// Tells them, but for those who wait no longer; how many were told.
pub async fn acknowledge_delays(pool: Pool, notices: Vec<DelayNotice>) -> Result<u64, CrmError> {
    let client = pool.get().await?;
    let statement = client.prepare_cached("select acknowledge_delays($1, $2, $3, $4, $5)").await?;
    let conversations: Vec<Uuid> = notices.iter().map(|notice| notice.conversation.0).collect();
    let settled: Vec<i64> = notices.iter().map(|notice| notice.answered_through).collect();
    let texts: Vec<&str> = notices.iter().map(|notice| notice.text.as_str()).collect();
    let ids = || notices.iter().map(|_| clock::new_v7()).collect::<Vec<Uuid>>();
    let row = client.query_one(&statement, &[&conversations, &settled, &texts, &ids(), &ids()]).await?;
    Ok(row.try_get::<_, i64>(0)?.unsigned_abs())
}
