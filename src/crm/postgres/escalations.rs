//! Escalations: leasing those that staff have not been told of, and how telling them ended.

use std::time::Duration;

use deadpool_postgres::Pool;
use tokio_postgres::Row;
use uuid::Uuid;

use super::PgStore;
use super::rows::word;
use crate::crm::port::{CrmError, Escalations, StoreFuture};
use crate::domain::conversations::escalation::{Notice, NoticeEnd, ReminderMail};
use crate::domain::ids::EscalationId;
use crate::domain::messages::inquiry::TicketNumber;

/// How long one process keeps a notice to itself: longer than a receiver may take to answer.
const NOTICE_LEASE: Duration = Duration::from_secs(8);
/// Older escalations are no news any more: where a receiver is named for the first time, it is spared the past.
const NEWS_FOR: Duration = Duration::from_secs(7 * 24 * 3600);

/// How long one process keeps a mail to itself, and the pause after a failure: longer than mailing all addresses may take.
const MAIL_LEASE: Duration = Duration::from_secs(600);
/// Older reminders are not mailed any more: a mailbox that is set up later is spared the past.
const MAIL_NEWS_FOR: Duration = Duration::from_secs(6 * 3600);
/// Maximum addresses that one reminder is mailed to.
const MAX_ADDRESSES: i64 = 50;

const LEASE: &str = "\
    with due as (
        select id from escalations
        where notified_at is null and notice_due_at <= now()
              and created_at > now() - make_interval(secs => $3)
        order by notice_due_at limit $1 for no key update skip locked
    ), leased as (
        update escalations e
        set notice_due_at = now() + make_interval(secs => $2), notice_attempts = e.notice_attempts + 1
        from due where e.id = due.id
        returning e.id, e.conversation_id, e.reason, e.severity, e.summary, e.created_at, e.notice_attempts,
                  e.reminders
    )
    select e.id, e.conversation_id, e.reason, e.summary, e.created_at, e.notice_attempts, e.reminders,
           case when e.reminders > 0 then coalesce(c.severity, e.severity) else e.severity end as severity,
           coalesce((select r.id from escalation_reminders r where r.escalation_id = e.id
                     order by r.created_at desc, r.number desc limit 1), e.id) as key,
           c.channel, cu.name,
           (select t.number from current_ticket(e.conversation_id) t) as number
    from leased e
    join conversations c on c.id = e.conversation_id
    join customers cu on cu.id = c.customer_id
    order by e.created_at";

/// `$4` limits the addresses.
const LEASE_MAILS: &str = "\
    with due as (
        select id from escalation_reminders
        where mailed_at is null and mail_due_at <= now() and created_at > now() - make_interval(secs => $3)
        order by mail_due_at limit $1 for no key update skip locked
    ), leased as (
        update escalation_reminders r set mail_due_at = now() + make_interval(secs => $2)
        from due where r.id = due.id
        returning r.id, r.escalation_id, r.number, r.severity
    )
    select e.id, e.conversation_id, e.reason, l.severity, e.summary, e.created_at, e.notice_attempts,
           l.number as reminders, l.id as key, c.channel, cu.name,
           (select t.number from current_ticket(e.conversation_id) t) as number,
           array(select s.email from staff s where s.active and s.email not like '%@localhost'
                 order by s.email limit $4) as staff
    from leased l
    join escalations e on e.id = l.escalation_id
    join conversations c on c.id = e.conversation_id
    join customers cu on cu.id = c.customer_id";

impl Escalations for PgStore {
    fn lease_reminder_mails(&self, limit: i64) -> StoreFuture<Result<Vec<ReminderMail>, CrmError>> {
        Box::pin(lease_reminder_mails(self.pools.queues.clone(), limit))
    }

    fn settle_reminder_mail(&self, key: Uuid) -> StoreFuture<Result<(), CrmError>> {
        Box::pin(settle_reminder_mail(self.pools.queues.clone(), key))
    }

    fn lease_notices(&self, limit: i64) -> StoreFuture<Result<Vec<Notice>, CrmError>> {
        Box::pin(lease_notices(self.pools.queues.clone(), limit))
    }

    fn settle_notice(
        &self,
        escalation: EscalationId,
        attempt: i32,
        end: NoticeEnd,
    ) -> StoreFuture<Result<(), CrmError>> {
        Box::pin(settle_notice(self.pools.queues.clone(), escalation, attempt, end))
    }
}

/// Leases escalations that are due for one try each, those that have waited longest first.
async fn lease_notices(pool: Pool, limit: i64) -> Result<Vec<Notice>, CrmError> {
    let client = pool.get().await?;
    let statement = client.prepare_cached(LEASE).await?;
    let seconds = (NOTICE_LEASE.as_secs_f64(), NEWS_FOR.as_secs_f64());
    let rows = client.query(&statement, &[&limit, &seconds.0, &seconds.1]).await?;
    rows.iter().map(notice).collect()
}

fn notice(row: &Row) -> Result<Notice, CrmError> {
    Ok(Notice {
        escalation: row.try_get::<_, Uuid>("id")?.into(),
        conversation: row.try_get::<_, Uuid>("conversation_id")?.into(),
        ticket_number: TicketNumber(row.try_get("number")?),
        channel: word(row, "channel")?,
        customer_name: row.try_get("name")?,
        reason: word(row, "reason")?,
        severity: word(row, "severity")?,
        summary: row.try_get("summary")?,
        created_at: row.try_get("created_at")?,
        key: row.try_get("key")?,
        reminders: row.try_get::<_, i16>("reminders")?.unsigned_abs(),
        contact: None,
        attempt: row.try_get("notice_attempts")?,
    })
}

async fn lease_reminder_mails(pool: Pool, limit: i64) -> Result<Vec<ReminderMail>, CrmError> {
    let client = pool.get().await?;
    let statement = client.prepare_cached(LEASE_MAILS).await?;
    let seconds = (MAIL_LEASE.as_secs_f64(), MAIL_NEWS_FOR.as_secs_f64());
    let rows = client.query(&statement, &[&limit, &seconds.0, &seconds.1, &MAX_ADDRESSES]).await?;
    rows.iter().map(|row| Ok(ReminderMail { notice: notice(row)?, to: row.try_get("staff")? })).collect()
}

async fn settle_reminder_mail(pool: Pool, key: Uuid) -> Result<(), CrmError> {
    let client = pool.get().await?;
    let settle = "update escalation_reminders set mailed_at = now() where id = $1";
    let statement = client.prepare_cached(settle).await?;
    client.execute(&statement, &[&key]).await?;
    Ok(())
}

/// Records the result of one try. A late result of an earlier try does not change a later one, unless it says that staff
/// were notified.
async fn settle_notice(
    pool: Pool,
    escalation: EscalationId,
    attempt: i32,
    end: NoticeEnd,
) -> Result<(), CrmError> {
    let client = pool.get().await?;
    match end {
        NoticeEnd::Told => {
            let statement = client
                .prepare_cached(
                    "update escalations set notified_at = now() where id = $1 and notified_at is null",
                )
                .await?;
            client.execute(&statement, &[&escalation.0]).await?;
        }
        NoticeEnd::AgainAfter(pause) => {
            let statement = client
                .prepare_cached(
                    "update escalations set notice_due_at = now() + make_interval(secs => $3)
                     where id = $1 and notice_attempts = $2 and notified_at is null",
                )
                .await?;
            client.execute(&statement, &[&escalation.0, &attempt, &pause.as_secs_f64()]).await?;
        }
    }
    Ok(())
}
