//! Identity by proof on the web form: codes that pages ask for, sessions, and the tickets that these open.

use deadpool_postgres::Pool;
use tokio_postgres::Row;
use uuid::Uuid;

use super::PgStore;
use super::rows::{mismatch, optional_word, word};
use super::ticket_pages::SHOWN_AFTER_CLOSING;
use crate::crm::port::{CrmError, PageCode, RightCode, StoreFuture, WebIdentities};
use crate::domain::customers::contact::Email;
use crate::domain::customers::linking::{CODE_LIFETIME, CodeHash, MAX_TRIES};
use crate::domain::customers::web_identity::{OwnTicket, SESSION_LIFETIME, WebIdentity};
use crate::domain::ids::ChallengeId;
use crate::domain::messages::inquiry::TicketNumber;
use crate::domain::views::shown_status;

/// Codes that were not used, older than this, are forgotten: as long as they count for the limits of an address.
const UNUSED_KEPT_SECONDS: f64 = 24.0 * 60.0 * 60.0;
/// How many of them one request removes, and sessions that are over; more than one request adds.
const FORGOTTEN_AT_ONCE: i64 = 10;

const FORGET: &str = "\
with sessions as ( \
    delete from customer_sessions s where s.ctid = any (array( \
        select o.ctid from customer_sessions o where o.expires_at < now() \
        order by o.expires_at limit $2 for update skip locked))) \
delete from link_challenges h where h.ctid = any (array( \
    select o.ctid from link_challenges o \
    where o.conversation_id is null and o.state <> 'used' and o.created_at < now() - make_interval(secs => $1) \
    order by o.created_at limit $2 for update skip locked))";
const REQUEST: &str = "\
insert into link_challenges (id, email, language, expires_at) \
values ($1, $2, $3, now() + make_interval(secs => $4)) on conflict (id) do nothing";
/// An attempt counts before it is compared, so that attempts at the same time are counted one after the other.
const TRY: &str = "\
update link_challenges h set tries = h.tries + 1 \
where h.id = $1 and h.conversation_id is null and h.state = 'open' and h.tries < $2 \
  and h.expires_at > clock_timestamp() \
returning h.code_salt, h.code_hash";
const PROVE: &str = "select email, expires_at from prove_address($1, $2, $3, make_interval(secs => $4))";
const IDENTITY: &str = "\
select s.email, s.expires_at from customer_sessions s \
where s.token_hash = $1 and session_customer(s.token_hash) is not null";
const END: &str = "delete from customer_sessions s where s.token_hash = $1";
const TICKETS: &str = "\
select t.id, t.number, t.subject, t.status, status_before_pending(p.conversation_id) as status_before, c.channel, \
       t.created_at, t.updated_at \
from proved_conversations(session_customer($1)) p \
join conversations c on c.id = p.conversation_id \
cross join lateral current_ticket(c.id) t \
where ($2::bigint is null or t.number < $2) and t.link_revoked_at is null \
  and (t.status <> 'closed' or t.updated_at > now() - make_interval(secs => $4)) \
order by number desc limit $3";

impl WebIdentities for PgStore {
    fn request_code(&self, code: PageCode) -> StoreFuture<Result<(), CrmError>> {
        Box::pin(request_code(self.pools.general.clone(), code))
    }

    fn try_code(&self, challenge: ChallengeId) -> StoreFuture<Result<Option<CodeHash>, CrmError>> {
        Box::pin(try_code(self.pools.general.clone(), challenge))
    }

    fn prove(&self, code: RightCode) -> StoreFuture<Result<Option<WebIdentity>, CrmError>> {
        Box::pin(prove(self.pools.general.clone(), code))
    }

    fn identity(&self, session: [u8; 32]) -> StoreFuture<Result<Option<WebIdentity>, CrmError>> {
        Box::pin(identity(self.pools.general.clone(), session))
    }

    fn end(&self, session: [u8; 32]) -> StoreFuture<Result<(), CrmError>> {
        Box::pin(end(self.pools.general.clone(), session))
    }

    fn tickets(
        &self,
        session: [u8; 32],
        before: Option<TicketNumber>,
        limit: i64,
    ) -> StoreFuture<Result<Vec<OwnTicket>, CrmError>> {
        Box::pin(tickets(self.pools.general.clone(), session, before, limit))
    }
}

async fn request_code(pool: Pool, code: PageCode) -> Result<(), CrmError> {
    let PageCode { challenge, email, language } = code;
    let client = pool.get().await?;
    client.execute(FORGET, &[&UNUSED_KEPT_SECONDS, &FORGOTTEN_AT_ONCE]).await?;
    let lifetime = CODE_LIFETIME.as_seconds_f64();
    client.execute(REQUEST, &[&challenge.0, &email.as_str(), &language, &lifetime]).await?;
    Ok(())
}

async fn try_code(pool: Pool, challenge: ChallengeId) -> Result<Option<CodeHash>, CrmError> {
    let client = pool.get().await?;
    let Some(row) = client.query_opt(TRY, &[&challenge.0, &MAX_TRIES]).await? else {
        return Ok(None);
    };
    let (salt, hash) = (row.try_get::<_, Option<Uuid>>(0)?, row.try_get::<_, Option<&[u8]>>(1)?);
    let hash = salt.zip(hash).map(|(salt, hash)| {
        let sha256 = hash.try_into().map_err(mismatch)?;
        Ok(CodeHash { salt, sha256 })
    });
    hash.transpose()
}

async fn prove(pool: Pool, code: RightCode) -> Result<Option<WebIdentity>, CrmError> {
    let RightCode { challenge, session, ticket } = code;
    let client = pool.get().await?;
    let (ticket, lifetime) = (ticket.map(|ticket| ticket.0), SESSION_LIFETIME.as_secs_f64());
    let row = client.query_opt(PROVE, &[&challenge.0, &session.as_slice(), &ticket, &lifetime]).await?;
    row.as_ref().map(web_identity).transpose()
}

async fn identity(pool: Pool, session: [u8; 32]) -> Result<Option<WebIdentity>, CrmError> {
    let client = pool.get().await?;
    let statement = client.prepare_cached(IDENTITY).await?;
    let row = client.query_opt(&statement, &[&session.as_slice()]).await?;
    row.as_ref().map(web_identity).transpose()
}

fn web_identity(row: &Row) -> Result<WebIdentity, CrmError> {
    let email = Email::parse(row.try_get("email")?).map_err(mismatch)?;
    Ok(WebIdentity { email, expires_at: row.try_get("expires_at")? })
}

async fn end(pool: Pool, session: [u8; 32]) -> Result<(), CrmError> {
    let client = pool.get().await?;
    client.execute(END, &[&session.as_slice()]).await?;
    Ok(())
}

async fn tickets(
    pool: Pool,
    session: [u8; 32],
    before: Option<TicketNumber>,
    limit: i64,
) -> Result<Vec<OwnTicket>, CrmError> {
    let client = pool.get().await?;
    let statement = client.prepare_cached(TICKETS).await?;
    let (before, shown_for) = (before.map(|number| number.0), SHOWN_AFTER_CLOSING.as_secs_f64());
    let rows = client.query(&statement, &[&session.as_slice(), &before, &limit, &shown_for]).await?;
    rows.iter().map(own_ticket).collect()
}

fn own_ticket(row: &Row) -> Result<OwnTicket, CrmError> {
    Ok(OwnTicket {
        ticket: row.try_get::<_, Uuid>("id")?.into(),
        number: TicketNumber(row.try_get("number")?),
        subject: row.try_get("subject")?,
        status: shown_status(word(row, "status")?, optional_word(row, "status_before")?),
        channel: word(row, "channel")?,
        created_at: row.try_get("created_at")?,
        updated_at: row.try_get("updated_at")?,
    })
}
