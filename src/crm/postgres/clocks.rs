//! SLA clocks: the service levels as rows that the database counts with, alarms, and reminders.

use deadpool_postgres::Pool;
use sha2::{Digest, Sha256};
use time::OffsetDateTime;

use super::PgStore;
use crate::crm::port::{CrmError, SlaClockStore, StoreFuture};
use crate::domain::conversations::service_levels::{Alarms, CountedTime, SlaPlan, SlaTarget, WARN_BEFORE};

/// Staff who work meanwhile may hold the conversations for a moment.
const LOCK_TIMEOUT: &str = "set local lock_timeout = '10s'; set local statement_timeout = '60s'";
const WRITE: &str =
    "select write_service_levels($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)";

impl SlaClockStore for PgStore {
    fn write_service_levels(
        &self,
        plan: SlaPlan,
        now: OffsetDateTime,
    ) -> StoreFuture<Result<bool, CrmError>> {
        Box::pin(write(self.pools.general.clone(), plan, now))
    }

    fn sound_alarms(&self, limit: i64) -> StoreFuture<Result<Alarms, CrmError>> {
        Box::pin(sound_alarms(self.pools.queues.clone(), limit))
    }

    fn remind_staff(&self, limit: i64) -> StoreFuture<Result<u64, CrmError>> {
        Box::pin(remind_staff(self.pools.queues.clone(), limit))
    }
}

/// The targets, one row for each plan and severity, as columns.
#[derive(Default)]
struct TargetRows {
    plan: Vec<String>,
    severity: Vec<&'static str>,
    place: Vec<i16>,
    response: Vec<f64>,
    response_always: Vec<bool>,
    resolution: Vec<Option<f64>>,
    resolution_always: Vec<bool>,
}

impl TargetRows {
    fn new(plan: &SlaPlan) -> Self {
        let mut rows = Self::default();
        for (place, plan) in (0_i16..).zip(&plan.levels.plans) {
            for (severity, targets) in &plan.targets {
                rows.plan.push(plan.plan.clone());
                rows.severity.push(severity.as_str());
                rows.place.push(place);
                rows.response.push(targets.response.length.as_seconds_f64());
                rows.response_always.push(is_always(targets.response));
                rows.resolution.push(targets.resolution.map(|target| target.length.as_seconds_f64()));
                rows.resolution_always.push(targets.resolution.is_some_and(is_always));
            }
        }
        rows
    }
}

fn is_always(target: SlaTarget) -> bool {
    match target.counts {
        CountedTime::DayAndNight => true,
        CountedTime::SupportHours => false,
    }
}

/// The openings of every plan, as columns.
#[derive(Default)]
struct CalendarRows {
    plan: Vec<String>,
    opens: Vec<OffsetDateTime>,
    closes: Vec<OffsetDateTime>,
    before: Vec<f64>,
}

impl CalendarRows {
    fn new(plan: &SlaPlan, today: OffsetDateTime) -> Self {
        let mut rows = Self::default();
        for plan in &plan.levels.plans {
            let mut before = 0.0;
            for opening in plan.calendar(today) {
                rows.plan.push(plan.plan.clone());
                rows.opens.push(opening.opens);
                rows.closes.push(opening.closes);
                rows.before.push(before);
                before += (opening.closes - opening.opens).as_seconds_f64();
            }
        }
        rows
    }
}

async fn write(pool: Pool, plan: SlaPlan, now: OffsetDateTime) -> Result<bool, CrmError> {
    let today = now.replace_time(time::Time::MIDNIGHT);
    let fingerprint = Sha256::digest(format!("{today} {WARN_BEFORE} {plan:?}")).to_vec();
    let (targets, calendar) = (TargetRows::new(&plan), CalendarRows::new(&plan, today));
    let remind = plan.remind_after.map(time::Duration::as_seconds_f64);
    let mut client = pool.get().await?;
    let transaction = client.transaction().await?;
    transaction.batch_execute(LOCK_TIMEOUT).await?;
    let statement = transaction.prepare_cached(WRITE).await?;
    let row = transaction
        .query_one(
            &statement,
            &[
                &fingerprint,
                &remind,
                &WARN_BEFORE.as_seconds_f64(),
                &targets.plan,
                &targets.severity,
                &targets.place,
                &targets.response,
                &targets.response_always,
                &targets.resolution,
                &targets.resolution_always,
                &calendar.plan,
                &calendar.opens,
                &calendar.closes,
                &calendar.before,
            ],
        )
        .await?;
    let has_written = row.try_get(0)?;
    transaction.commit().await?;
    Ok(has_written)
}

const ALARMS: &str = "select warned, first_response, next_response, resolution from sound_alarms($1)";

async fn sound_alarms(pool: Pool, limit: i64) -> Result<Alarms, CrmError> {
    let client = pool.get().await?;
    let statement = client.prepare_cached(ALARMS).await?;
    let row = client.query_one(&statement, &[&limit]).await?;
    let count = |name| Ok::<u64, CrmError>(row.try_get::<_, i64>(name)?.unsigned_abs());
    Ok(Alarms {
        due_soon: count("warned")?,
        first_response: count("first_response")?,
        next_response: count("next_response")?,
        resolution: count("resolution")?,
    })
}

async fn remind_staff(pool: Pool, limit: i64) -> Result<u64, CrmError> {
    let client = pool.get().await?;
    let statement = client.prepare_cached("select remind_staff($1)").await?;
    Ok(client.query_one(&statement, &[&limit]).await?.try_get::<_, i64>(0)?.unsigned_abs())
}
