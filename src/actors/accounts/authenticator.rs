//! `Authenticator`: checks passwords and one-time codes. An attempt counts as failed before anything is checked; only a
//! success, or a correct password that lacks its code, takes that back.
//!
//! Passwords are hashed on threads of their own, a bounded number at a time: a hash takes 19 MiB and tens of
//! milliseconds.

use std::sync::Arc;
use std::time::Duration;

use secrecy::{ExposeSecret, SecretString};
use tokio::sync::Semaphore;

use crate::accounts::{password, secret, totp};
use crate::actors::messages::{
    ChangeCredentials, CredentialChange, LogIn, LogInAnswer, OfferTotp, ProofAnswer, ShownTotp,
};
use crate::actors::runtime::ask::{Admission, Answer, CallError, Reply};
use crate::actors::runtime::supervised::{Work, Worker, WorkerContext};
use crate::actors::store::store_handle::StoreHandle;
use crate::clock;
use crate::crm::port::{Accounts, CrmError};
use crate::domain::accounts::{AttemptStart, CheckedCode, Claimant, Credentials, NewSession, SecondFactor};
use crate::domain::ids::StaffId;

/// Passwords hashed at the same time.
const HASHES_AT_ONCE: usize = 2;
/// Requests in flight; beyond them one is refused at once.
const AT_ONCE: usize = 32;

/// Arguments of an `Authenticator`.
pub struct AuthenticatorArgs {
    pub accounts: StoreHandle<dyn Accounts>,
    /// The company's name, as an authenticator app shows it.
    pub issuer: String,
}

pub struct Authenticator {
    proofs: Proofs,
    issuer: String,
    admission: Admission,
}

impl Worker for Authenticator {
    type Args = AuthenticatorArgs;
    const MAILBOX: usize = 64;

    fn new(args: &AuthenticatorArgs) -> Self {
        let proofs =
            Proofs { accounts: args.accounts.clone(), hashes: Arc::new(Semaphore::new(HASHES_AT_ONCE)) };
        Self { proofs, issuer: args.issuer.clone(), admission: Admission::new(AT_ONCE) }
    }
}

impl Authenticator {
    fn perform<T: 'static>(
        &self,
        ctx: &mut WorkerContext<'_, Self>,
        reply: Reply<T>,
        work: impl Future<Output = Answer<T>> + 'static,
    ) {
        match self.admission.admit() {
            Some(permit) => {
                let reply = reply.holding(permit);
                ctx.perform(work, move |_, answer, _| reply.send(answer));
            }
            None => reply.send(Err(CallError::Busy)),
        }
    }
}

impl Work<LogIn> for Authenticator {
    fn work(&mut self, order: LogIn, ctx: &mut WorkerContext<'_, Self>) {
        let LogIn { email, password, code, address, replaces, reply } = order;
        let proofs = self.proofs.clone();
        let work = async move { proofs.log_in(email, password, code, address, replaces).await };
        self.perform(ctx, reply, work);
    }
}

impl Work<ChangeCredentials> for Authenticator {
    fn work(&mut self, order: ChangeCredentials, ctx: &mut WorkerContext<'_, Self>) {
        let ChangeCredentials { staff, change, address, reply } = order;
        let proofs = self.proofs.clone();
        let work = async move { proofs.change(staff, change, address).await };
        self.perform(ctx, reply, work);
    }
}

impl Work<OfferTotp> for Authenticator {
    fn work(&mut self, order: OfferTotp, ctx: &mut WorkerContext<'_, Self>) {
        let OfferTotp { staff, email, reply } = order;
        let (proofs, issuer) = (self.proofs.clone(), self.issuer.clone());
        let work = async move { proofs.offer_totp(staff, &issuer, &email).await };
        self.perform(ctx, reply, work);
    }
}

/// What a request needs to check a proof.
#[derive(Clone)]
struct Proofs {
    accounts: StoreHandle<dyn Accounts>,
    hashes: Arc<Semaphore>,
}

/// An attempt under way.
struct LoginAttempt {
    id: i64,
    credentials: Option<Credentials>,
}

impl Proofs {
    async fn log_in(
        self,
        email: String,
        password: SecretString,
        code: Option<String>,
        address: String,
        replaces: Option<[u8; 32]>,
    ) -> Answer<LogInAnswer> {
        let attempt = match self.begin(Claimant::Email(email), address).await? {
            Ok(attempt) => attempt,
            Err(wait) => return Ok(LogInAnswer::Throttled(wait)),
        };
        let usable = attempt.credentials.filter(|credentials| credentials.member.active);
        let hash = usable.as_ref().and_then(|credentials| credentials.password_hash.clone());
        let is_right = self.verify(password, hash.clone()).await?;
        let (Some(credentials), Some(password_hash), true) = (usable, hash, is_right) else {
            return Ok(LogInAnswer::Refused);
        };
        let factor = match (&credentials.totp_secret, code) {
            (None, _) => SecondFactor::None,
            (Some(_), None) => {
                self.accounts.call(move |accounts| accounts.forgive_attempt(attempt.id)).await?;
                return Ok(LogInAnswer::TotpRequired);
            }
            (Some(secret), Some(code)) => match factor_of(secret, &code) {
                Some(factor) => factor,
                None => return Ok(LogInAnswer::TotpInvalid),
            },
        };
        let session = secret::new_session();
        let (staff, is_coded) = (credentials.member.id, factor != SecondFactor::None);
        let digest = secret::digest(session.expose_secret());
        let new = NewSession { attempt: attempt.id, staff, password_hash, factor, session: digest, replaces };
        Ok(if self.accounts.call(move |accounts| accounts.open_session(new)).await? {
            LogInAnswer::Opened { member: credentials.member, session }
        } else if is_coded {
            // The code was used before.
            LogInAnswer::TotpInvalid
        } else {
            LogInAnswer::Refused
        })
    }

    async fn change(self, staff: StaffId, change: CredentialChange, address: String) -> Answer<ProofAnswer> {
        let attempt = match self.begin(Claimant::Account(staff), address).await? {
            Ok(attempt) => attempt,
            Err(wait) => return Ok(ProofAnswer::Throttled(wait)),
        };
        let Some(credentials) = attempt.credentials else {
            return Ok(ProofAnswer::Refused);
        };
        let id = attempt.id;
        let is_changed = match change {
            CredentialChange::Password { current, new } => {
                self.change_password(credentials, current, new, id).await?
            }
            CredentialChange::TotpOn { code } => self.turn_totp_on(credentials, &code, id).await?,
            CredentialChange::TotpOff { code } => self.turn_totp_off(credentials, &code, id).await?,
        };
        Ok(if is_changed { ProofAnswer::Changed } else { ProofAnswer::Refused })
    }

    async fn change_password(
        &self,
        account: Credentials,
        current: SecretString,
        new: SecretString,
        attempt: i64,
    ) -> Answer<bool> {
        let is_right = self.verify(current, account.password_hash.clone()).await?;
        let (Some(old), true) = (account.password_hash, is_right) else {
            return Ok(false);
        };
        let (staff, new) = (account.member.id, self.hash(new).await?);
        self.accounts.call(move |accounts| accounts.change_password(staff, old, new, attempt)).await
    }

    async fn turn_totp_on(&self, account: Credentials, code: &str, attempt: i64) -> Answer<bool> {
        let checked = account.totp_pending.and_then(|secret| checked(&secret, code));
        match (account.totp_secret, checked) {
            (None, Some(code)) => {
                let staff = account.member.id;
                self.accounts.call(move |accounts| accounts.confirm_totp(staff, code, attempt)).await
            }
            (Some(_), _) | (None, None) => Ok(false),
        }
    }

    async fn turn_totp_off(&self, account: Credentials, code: &str, attempt: i64) -> Answer<bool> {
        let Some(factor) = account.totp_secret.and_then(|secret| factor_of(&secret, code)) else {
            return Ok(false);
        };
        let staff = account.member.id;
        self.accounts.call(move |accounts| accounts.stop_totp(staff, factor, attempt)).await
    }

    async fn offer_totp(self, staff: StaffId, issuer: &str, email: &str) -> Answer<Option<ShownTotp>> {
        let offer = totp::offer(issuer, email).map_err(|error| failed(&error))?;
        let digests: Vec<[u8; 32]> =
            offer.recovery_codes.iter().filter_map(|code| totp::recovery_digest(code)).collect();
        let secret = offer.secret;
        let offered = self.accounts.call(move |accounts| accounts.offer_totp(staff, secret, digests)).await?;
        let shown = ShownTotp { secret: offer.shown, url: offer.url, recovery_codes: offer.recovery_codes };
        Ok(offered.then_some(shown))
    }

    async fn begin(&self, claimant: Claimant, address: String) -> Answer<Result<LoginAttempt, Duration>> {
        let started = self.accounts.call(move |accounts| accounts.begin_attempt(claimant, address)).await?;
        Ok(match started {
            AttemptStart::Begun { attempt, credentials } => Ok(LoginAttempt { id: attempt, credentials }),
            AttemptStart::Throttled(wait) => Err(wait),
        })
    }

    async fn verify(&self, password: SecretString, hash: Option<String>) -> Answer<bool> {
        self.hashing(move || password::verify(password.expose_secret(), hash.as_deref())).await
    }

    async fn hash(&self, password: SecretString) -> Answer<String> {
        let hashed = self.hashing(move || password::hash(password.expose_secret())).await?;
        hashed.map_err(|error| failed(&error))
    }

    async fn hashing<T: Send + 'static>(&self, work: impl FnOnce() -> T + Send + 'static) -> Answer<T> {
        let Ok(_permit) = self.hashes.acquire().await else {
            return Err(CallError::Closed);
        };
        tokio::task::spawn_blocking(work).await.map_err(|_lost| CallError::Closed)
    }
}

/// What a code is, if it is one: of the app, or a recovery code.
fn factor_of(secret: &[u8], code: &str) -> Option<SecondFactor> {
    let code_of_app = checked(secret, code).map(SecondFactor::Code);
    code_of_app.or_else(|| totp::recovery_digest(code).map(SecondFactor::Recovery))
}

fn checked(secret: &[u8], code: &str) -> Option<CheckedCode> {
    let step = totp::step_of(secret, code, now())?;
    Some(CheckedCode { secret: secret.to_vec(), step })
}

fn now() -> i64 {
    clock::now().unix_timestamp()
}

fn failed(error: &dyn std::error::Error) -> CallError {
    CallError::Crm(CrmError::Failed(error.to_string()))
}
