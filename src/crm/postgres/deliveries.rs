//! Deliveries: leasing replies that are to be sent, and recording what became of them.

mod drafts;

use std::time::Duration;

use deadpool_postgres::{Object, Pool};
use serde::Serialize;
use tokio_postgres::Row;
use tokio_postgres::types::{Json, ToSql};
use uuid::Uuid;

use super::PgStore;
use super::batch::{self, BatchError, BatchFunction};
use super::rows::{mismatch, traceparent, word};
use crate::crm::port::{
    Attempt, CrmError, Deliveries, LeaseRequest, ProviderFinding, PublishedReply, ResolutionOutcome,
    StoreFuture,
};
use crate::domain::conversations::turn::Consent;
use crate::domain::customers::contact::Address;
use crate::domain::enums::FailureCause;
use crate::domain::ids::DeliveryId;
use crate::domain::messages::delivery::{
    ClaimedDelivery, Failure, InDoubt, Known, MailThread, RefusedRecipient, Resolution, StatusUpdate,
};
use crate::domain::messages::inquiry::TicketNumber;

impl Deliveries for PgStore {
    fn publish_web_replies(&self, limit: i64) -> StoreFuture<Result<Vec<PublishedReply>, CrmError>> {
        Box::pin(publish_web_replies(self.pools.queues.clone(), limit))
    }

    fn lease_deliveries(
        &self,
        request: LeaseRequest,
        per_second: f64,
    ) -> StoreFuture<Result<Vec<ClaimedDelivery>, CrmError>> {
        Box::pin(lease_deliveries(self.pools.queues.clone(), request, per_second))
    }

    fn split_delivery(
        &self,
        attempt: Attempt,
        parts: Vec<(DeliveryId, String)>,
    ) -> StoreFuture<Result<bool, CrmError>> {
        Box::pin(split_delivery(self.pools.general.clone(), attempt, parts))
    }

    fn put_back_delivery(
        &self,
        attempt: Attempt,
        pause: Duration,
        why: String,
    ) -> StoreFuture<Result<(), CrmError>> {
        Box::pin(put_back_delivery(self.pools.general.clone(), attempt, pause, why))
    }

    fn read_draft(&self, delivery: DeliveryId) -> StoreFuture<Result<Option<String>, CrmError>> {
        Box::pin(drafts::read(self.pools.general.clone(), delivery))
    }

    fn write_draft(&self, delivery: DeliveryId, draft: String) -> StoreFuture<Result<String, CrmError>> {
        Box::pin(drafts::write(self.pools.general.clone(), delivery, draft))
    }

    fn lease_in_doubt(&self, request: LeaseRequest) -> StoreFuture<Result<Vec<InDoubt>, CrmError>> {
        Box::pin(lease_in_doubt(self.pools.queues.clone(), request))
    }

    fn resolve_in_doubt(&self, finding: ProviderFinding) -> StoreFuture<Result<ResolutionOutcome, CrmError>> {
        Box::pin(resolve_in_doubt(self.pools.general.clone(), finding))
    }

    fn record_statuses(&self, batch: Vec<StatusUpdate>) -> StoreFuture<Vec<Result<Known, CrmError>>> {
        let pool = self.pools.queues.clone();
        Box::pin(async move { batch::run(&pool, &batch, &RecordStatuses).await })
    }
}

async fn publish_web_replies(pool: Pool, limit: i64) -> Result<Vec<PublishedReply>, CrmError> {
    let client = pool.get().await?;
    let statement =
        client.prepare_cached("select delivery_id, traceparent from show_web_replies($1)").await?;
    let rows = client.query(&statement, &[&limit]).await?;
    let published = rows.iter().map(|row| {
        let delivery = row.try_get::<_, Uuid>("delivery_id")?.into();
        Ok(PublishedReply { delivery, traceparent: traceparent(row)? })
    });
    published.collect()
}

async fn lease_deliveries(
    pool: Pool,
    request: LeaseRequest,
    per_second: f64,
) -> Result<Vec<ClaimedDelivery>, CrmError> {
    let client = pool.get().await?;
    let statement = client
        .prepare_cached(
            "select delivery_id, attempt, content, is_whole, address_kind, address, opted_out, is_confirmation, \
                    silent_ms, customer_name, ticket_number, mail, traceparent \
             from lease_deliveries($1, $2, make_interval(secs => $3), $4)",
        )
        .await?;
    let lease = request.lease.as_secs_f64();
    let parameters: [&(dyn ToSql + Sync); 4] =
        [&request.channel.as_str(), &request.limit, &lease, &per_second];
    let rows = client.query(&statement, &parameters).await?;
    Ok(readable(&rows, leased))
}

/// The leased rows that can be decoded. The lease has committed, so that an error in one row must not cost the others;
/// the lease of that row runs out.
fn readable<T>(rows: &[Row], read: impl Fn(&Row) -> Result<T, CrmError>) -> Vec<T> {
    let read =
        |row| read(row).inspect_err(|error| tracing::error!(%error, "could not read a leased delivery"));
    rows.iter().filter_map(|row| read(row).ok()).collect()
}

fn leased(row: &Row) -> Result<ClaimedDelivery, CrmError> {
    let is = |column: &str| row.try_get::<_, Option<bool>>(column).map(Option::unwrap_or_default);
    let silent_ms: Option<i64> = row.try_get("silent_ms")?;
    let mail: Option<Json<MailThread>> = row.try_get("mail")?;
    Ok(ClaimedDelivery {
        delivery: row.try_get::<_, Uuid>("delivery_id")?.into(),
        attempt: row.try_get("attempt")?,
        text: row.try_get("content")?,
        is_whole: is("is_whole")?,
        to: address(row)?,
        consent: if is("opted_out")? { Consent::Withdrawn } else { Consent::Given },
        is_confirmation: is("is_confirmation")?,
        silent_for: silent_ms.map(|silent| Duration::from_millis(silent.max(0).unsigned_abs())),
        customer_name: row.try_get("customer_name")?,
        ticket: TicketNumber(row.try_get("ticket_number")?),
        mail: mail.map(|Json(mail)| mail),
        traceparent: traceparent(row)?,
    })
}

/// An address that can't be parsed counts as none: its delivery fails as one without an address, and staff see why.
fn address(row: &Row) -> Result<Option<Address>, CrmError> {
    let Some(value) = row.try_get::<_, Option<&str>>("address")? else {
        return Ok(None);
    };
    let parsed = Address::parse(word(row, "address_kind")?, value);
    Ok(parsed
        .inspect_err(|error| tracing::error!(%error, "the database holds an address that can't be parsed"))
        .ok())
}

async fn split_delivery(
    pool: Pool,
    attempt: Attempt,
    parts: Vec<(DeliveryId, String)>,
) -> Result<bool, CrmError> {
    let client = pool.get().await?;
    let statement = client.prepare_cached("select split_delivery($1, $2, $3, $4)").await?;
    let (ids, bodies): (Vec<Uuid>, Vec<String>) = parts.into_iter().map(|(id, body)| (id.0, body)).unzip();
    let row = client.query_one(&statement, &[&attempt.delivery.0, &attempt.number, &ids, &bodies]).await?;
    Ok(row.try_get(0)?)
}

async fn put_back_delivery(
    pool: Pool,
    attempt: Attempt,
    pause: Duration,
    why: String,
) -> Result<(), CrmError> {
    let client = pool.get().await?;
    let statement =
        client.prepare_cached("select put_back_delivery($1, $2, make_interval(secs => $3), $4)").await?;
    let pause = pause.as_secs_f64();
    client.query(&statement, &[&attempt.delivery.0, &attempt.number, &pause, &why]).await?;
    Ok(())
}

async fn lease_in_doubt(pool: Pool, request: LeaseRequest) -> Result<Vec<InDoubt>, CrmError> {
    let client = pool.get().await?;
    let statement = client
        .prepare_cached(
            "select delivery_id, attempt, content, address_kind, address, requested_at, quiet_ms, unresolved_attempts, \
                    mailbox \
             from lease_in_doubt($1, $2, make_interval(secs => $3))",
        )
        .await?;
    let lease = request.lease.as_secs_f64();
    let rows = client.query(&statement, &[&request.channel.as_str(), &request.limit, &lease]).await?;
    Ok(readable(&rows, in_doubt))
}

fn in_doubt(row: &Row) -> Result<InDoubt, CrmError> {
    Ok(InDoubt {
        delivery: row.try_get::<_, Uuid>("delivery_id")?.into(),
        attempt: row.try_get("attempt")?,
        text: row.try_get("content")?,
        to: address(row)?,
        requested_at: row.try_get("requested_at")?,
        quiet: Duration::from_millis(row.try_get::<_, i64>("quiet_ms")?.max(0).unsigned_abs()),
        unresolved_attempts: row.try_get("unresolved_attempts")?,
        draft: None,
        mailbox: row.try_get("mailbox")?,
    })
}

async fn resolve_in_doubt(pool: Pool, finding: ProviderFinding) -> Result<ResolutionOutcome, CrmError> {
    let client = pool.get().await?;
    let statement = client
        .prepare_cached("select resolve_in_doubt($1, $2, $3, $4, $5, make_interval(secs => $6), $7)")
        .await?;
    let (listed, states): (Vec<String>, Vec<&str>) =
        finding.listed.into_iter().map(|(id, state)| (id, state.as_str())).unzip();
    let otherwise = match finding.otherwise {
        Resolution::Wait => "wait",
        Resolution::Resend => "resend",
        Resolution::GiveUp => "give_up",
    };
    let attempt = finding.attempt;
    let again = finding.look_again.as_secs_f64();
    let parameters: [&(dyn ToSql + Sync); 7] =
        [&attempt.delivery.0, &attempt.number, &listed, &states, &otherwise, &again, &finding.given_up];
    let row = client.query_one(&statement, &parameters).await?;
    Ok(match row.try_get::<_, &str>(0)? {
        "found" => ResolutionOutcome::Found,
        "already" => ResolutionOutcome::Already,
        "wait" => ResolutionOutcome::Waits,
        "resend" => ResolutionOutcome::Resent,
        "give_up" => ResolutionOutcome::GivenUp,
        other => return Err(mismatch(format_args!("resolution `{other}`"))),
    })
}

struct RecordStatuses;

/// A refused recipient as `record_statuses` takes it.
#[derive(Debug, Serialize)]
struct RefusedRow<'a> {
    address: &'a str,
    cause: FailureCause,
    detail: &'a str,
}

impl<'a> RefusedRow<'a> {
    fn of(refused: &'a RefusedRecipient) -> Self {
        let Failure { cause, detail } = &refused.failure;
        Self { address: refused.address.as_str(), cause: *cause, detail }
    }
}

impl BatchFunction<StatusUpdate, Known> for RecordStatuses {
    async fn run(&self, client: &Object, members: &[StatusUpdate]) -> Result<Vec<Known>, BatchError> {
        let statement =
            client.prepare_cached("select known from record_statuses($1, $2, $3, $4, $5, $6, $7)").await?;
        let channels: Vec<&str> = members.iter().map(|update| update.channel.as_str()).collect();
        let deliveries: Vec<Option<Uuid>> =
            members.iter().map(|update| update.delivery.map(|id| id.0)).collect();
        let providers: Vec<Option<&str>> =
            members.iter().map(|update| update.provider_id.as_deref()).collect();
        let states: Vec<&str> = members.iter().map(|update| update.state.as_str()).collect();
        let failures = || members.iter().map(|update| update.failure.as_ref());
        let causes: Vec<Option<&str>> =
            failures().map(|failure| failure.map(|failure| failure.cause.as_str())).collect();
        let errors: Vec<Option<&str>> =
            failures().map(|failure| failure.map(|failure| failure.detail.as_str())).collect();
        let has_refused = members.iter().any(|update| !update.refused.is_empty());
        let refused: Option<Vec<Json<Vec<RefusedRow<'_>>>>> = has_refused.then(|| {
            members.iter().map(|update| Json(update.refused.iter().map(RefusedRow::of).collect())).collect()
        });
        let parameters: [&(dyn ToSql + Sync); 7] =
            [&channels, &deliveries, &providers, &states, &causes, &errors, &refused];
        let rows = client.query(&statement, &parameters).await?;
        let known = |row: &Row| Ok(if row.try_get("known")? { Known::Yes } else { Known::No });
        rows.iter().map(known).collect()
    }
}
