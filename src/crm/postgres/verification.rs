//! Address verification: what turns know of the codes, mailing them, and joining customers.

use std::time::Duration;

use deadpool_postgres::Pool;
use serde::{Deserialize, Serialize};
use time::OffsetDateTime;
use tokio_postgres::Row;
use tokio_postgres::types::Json;
use uuid::Uuid;

use super::PgStore;
use super::rows::mismatch;
use crate::crm::port::{
    ClaimedVerification, CrmError, Joined, StoreFuture, Verification, VerificationMailOutcome,
};
use crate::domain::customers::contact::Email;
use crate::domain::customers::linking::{
    CODE_LIFETIME, Challenge, Change, CodeHash, CodePlace, LinkStep, Linking, LinkingNotice, MAILED_A_DAY,
    MAILED_AN_HOUR,
};
use crate::domain::enums::ChallengeState;
use crate::domain::ids::ChallengeId;

/// Before customers whose conversations are both in use are looked at again.
const JOIN_RETRY: Duration = Duration::from_secs(5);

/// As `linking_of` packs it.
#[derive(Deserialize)]
struct PackedChallenge {
    challenge: Option<KnownChallenge>,
    asked_hour: i64,
    asked_day: i64,
    own: Vec<String>,
}

#[derive(Deserialize)]
struct KnownChallenge {
    id: Uuid,
    is_open: bool,
    salt: Option<Uuid>,
    hash: Option<String>,
    tries: i16,
    #[serde(with = "time::serde::rfc3339")]
    created_at: OffsetDateTime,
    #[serde(with = "time::serde::rfc3339")]
    expires_at: OffsetDateTime,
}

/// What a turn knows of linking, by the column `linking`.
pub fn linking(row: &Row) -> Result<Linking, CrmError> {
    let Some(Json(known)) = row.try_get::<_, Option<Json<PackedChallenge>>>("linking")? else {
        return Ok(Linking::default());
    };
    Ok(Linking {
        is_possible: true,
        challenge: known.challenge.map(challenge).transpose()?,
        asked_an_hour: known.asked_hour,
        asked_a_day: known.asked_day,
        own: known.own.iter().filter_map(|value| Email::parse(value).ok()).collect(),
        ..Linking::default()
    })
}

fn challenge(known: KnownChallenge) -> Result<Challenge, CrmError> {
    let code = known.salt.zip(known.hash).map(|(salt, hash)| {
        let mut sha256 = [0; 32];
        hex::decode_to_slice(hash, &mut sha256).map_err(mismatch)?;
        Ok::<_, CrmError>(CodeHash { salt, sha256 })
    });
    Ok(Challenge {
        id: ChallengeId(known.id),
        is_open: known.is_open,
        code: code.transpose()?,
        tries: known.tries,
        created_at: known.created_at,
        expires_at: known.expires_at,
    })
}

/// What a turn that has been said of linking, by the column `link`.
pub fn past_linking(row: &Row) -> Result<Linking, CrmError> {
    let Some(word) = row.try_get::<_, Option<&str>>("link")? else {
        return Ok(Linking::default());
    };
    let said = LinkingNotice::parse_name(word).ok_or_else(|| mismatch(format_args!("link `{word}`")))?;
    Ok(Linking { is_possible: true, past: Some(said), ..Linking::default() })
}

/// A turn's step as `apply_link_steps` reads it.
#[derive(Debug, Serialize)]
pub struct LinkRow<'a> {
    said: LinkingNotice,
    codes: &'a [String],
    change: Option<ChangeRow<'a>>,
}

#[derive(Debug, Serialize)]
struct ChangeRow<'a> {
    #[serde(flatten)]
    change: &'a Change,
    state: ChallengeState,
}

pub fn link_row(step: &LinkStep) -> Json<LinkRow<'_>> {
    let change = step.change.as_ref().map(|change| ChangeRow { change, state: change.state() });
    Json(LinkRow { said: step.said, codes: &step.codes, change })
}

impl Verification for PgStore {
    fn lease_verification_mails(
        &self,
        codes: Vec<CodeHash>,
        lease: Duration,
    ) -> StoreFuture<Result<Vec<ClaimedVerification>, CrmError>> {
        Box::pin(lease_verification_mails(self.pools.queues.clone(), codes, lease))
    }

    fn settle_verification_mail(
        &self,
        challenge: ChallengeId,
        attempt: i16,
        end: VerificationMailOutcome,
    ) -> StoreFuture<Result<(), CrmError>> {
        Box::pin(settle_verification_mail(self.pools.general.clone(), challenge, attempt, end))
    }

    fn join_customers(&self) -> StoreFuture<Result<Joined, CrmError>> {
        Box::pin(join_customers(self.pools.queues.clone()))
    }
}

async fn lease_verification_mails(
    pool: Pool,
    codes: Vec<CodeHash>,
    lease: Duration,
) -> Result<Vec<ClaimedVerification>, CrmError> {
    let client = pool.get().await?;
    let statement = client
        .prepare_cached(
            "select challenge_id, email, language, attempt, place, on_page \
             from lease_verification_mails($1, $2, make_interval(secs => $3), $4, $5, make_interval(secs => $6))",
        )
        .await?;
    let salts: Vec<Uuid> = codes.iter().map(|code| code.salt).collect();
    let hashes: Vec<&[u8]> = codes.iter().map(|code| code.sha256.as_slice()).collect();
    let (lease, lifetime) = (lease.as_secs_f64(), CODE_LIFETIME.as_seconds_f64());
    let rows = client
        .query(&statement, &[&salts, &hashes, &lease, &MAILED_AN_HOUR, &MAILED_A_DAY, &lifetime])
        .await?;
    rows.iter().map(leased).collect()
}

fn leased(row: &Row) -> Result<ClaimedVerification, CrmError> {
    let place: i32 = row.try_get("place")?;
    Ok(ClaimedVerification {
        challenge: row.try_get::<_, Uuid>("challenge_id")?.into(),
        to: Email::parse(row.try_get("email")?).map_err(mismatch)?,
        language: row.try_get("language")?,
        attempt: row.try_get("attempt")?,
        typed_in: if row.try_get("on_page")? { CodePlace::Page } else { CodePlace::Chat },
        place: usize::try_from(place - 1).map_err(mismatch)?,
    })
}

async fn settle_verification_mail(
    pool: Pool,
    challenge: ChallengeId,
    attempt: i16,
    end: VerificationMailOutcome,
) -> Result<(), CrmError> {
    let client = pool.get().await?;
    let statement = client
        .prepare_cached("select settle_verification_mail($1, $2, $3, make_interval(secs => $4))")
        .await?;
    let (mailed, pause) = match end {
        VerificationMailOutcome::Mailed => (true, None),
        VerificationMailOutcome::Later(pause) => (false, Some(pause.as_secs_f64())),
        VerificationMailOutcome::GivenUp => (false, None),
    };
    client.query(&statement, &[&challenge.0, &attempt, &mailed, &pause]).await?;
    Ok(())
}

async fn join_customers(pool: Pool) -> Result<Joined, CrmError> {
    let client = pool.get().await?;
    let statement = client.prepare_cached("select join_customers(make_interval(secs => $1))").await?;
    let row = client.query_one(&statement, &[&JOIN_RETRY.as_secs_f64()]).await?;
    Ok(match row.try_get::<_, Option<&str>>(0)? {
        None => Joined::Nothing,
        Some("joined") => Joined::Joined,
        Some("already") => Joined::Already,
        Some("waits") => Joined::Waits,
        Some("again") => Joined::Again,
        Some(other) => return Err(mismatch(format_args!("join `{other}`"))),
    })
}
