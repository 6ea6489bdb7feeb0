//! Accounts of staff, tokens of programs, and the limits of sessions and of attempts to sign in.

use std::time::Duration;

use time::OffsetDateTime;
use uuid::Uuid;

use super::enums::{AccessScope, StaffRole};
use super::ids::{ConversationId, CustomerId, StaffId, TokenId};

/// The built-in account that programs without one of their own act as.
pub const SERVICE_ACCOUNT: StaffId = StaffId(Uuid::from_u128(1));
/// The address of the account that the first start creates.
pub const FIRST_ADMIN: &str = "admin@localhost";

/// A session ends after so long without a request.
pub const SESSION_IDLE: Duration = Duration::from_secs(12 * 60 * 60);
/// A session ends so long after its login.
pub const SESSION_TOTAL: Duration = Duration::from_secs(7 * 24 * 60 * 60);

/// Within this period failed attempts are counted (API-STAFF.md, section 2).
pub const ATTEMPT_WINDOW: Duration = Duration::from_secs(15 * 60);
/// Failures of one account from one address.
pub const MAX_FAILURES_OF_PAIR: i64 = 5;
/// Failures of one account, or from one address.
pub const MAX_FAILURES_OF_EITHER: i64 = 50;

/// An account as others see it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StaffMember {
    pub id: StaffId,
    pub email: String,
    pub name: String,
    pub role: StaffRole,
    pub active: bool,
}

/// The digest of what a request has authenticated with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StoredCredential {
    Session([u8; 32]),
    Token([u8; 32]),
}

/// What an account proves itself with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Credentials {
    pub member: StaffMember,
    /// In the PHC string format; `None` for an account without sign-in.
    pub password_hash: Option<String>,
    /// `None` while two-factor authentication is off.
    pub totp_secret: Option<Vec<u8>>,
    /// Shown, and not confirmed yet.
    pub totp_pending: Option<Vec<u8>>,
}

/// Whose attempt it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Claimant {
    /// A person who names an account.
    Email(String),
    /// The owner of a session, who must prove that it is theirs.
    Account(StaffId),
}

/// An attempt that counts as failed until it is forgiven.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AttemptStart {
    /// Too many have failed; the next one may be made after this time.
    Throttled(Duration),
    Begun {
        attempt: i64,
        credentials: Option<Credentials>,
    },
}

/// The second factor that was shown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SecondFactor {
    None,
    Code(CheckedCode),
    /// The digest of a recovery code.
    Recovery([u8; 32]),
}

/// Whether an account has two-factor authentication on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TotpState {
    pub is_on: bool,
    /// Recovery codes that were not used yet; 0 while it is off.
    pub recovery_codes_left: u32,
}

/// A one-time code that is right for a secret. It counts only while that secret is still the account's.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CheckedCode {
    pub secret: Vec<u8>,
    /// The time step whose code it is.
    pub step: i64,
}

/// A session to open, by an attempt that has succeeded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewSession {
    pub attempt: i64,
    pub staff: StaffId,
    /// The hash that the password was checked against: if it has changed meanwhile, there is no session.
    pub password_hash: String,
    pub factor: SecondFactor,
    /// The digest of the cookie's value.
    pub session: [u8; 32],
    /// The session that the client had before, which ends.
    pub replaces: Option<[u8; 32]>,
}

/// A program's token that was accepted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TokenHolder {
    pub member: StaffMember,
    pub scopes: Vec<AccessScope>,
    pub customer: Option<CustomerId>,
}

/// What a program was allowed or refused on behalf of an account or a customer, for the audit log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AuditEntry {
    pub actor: StaffId,
    pub action: String,
    /// What kind of thing it was done to, and which.
    pub subject: (&'static str, String),
    pub conversation: Option<ConversationId>,
    /// The customer whose token it was.
    pub customer: Option<CustomerId>,
    /// `allowed`, or the code of the refusal.
    pub outcome: &'static str,
}

/// An account to create.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewStaff {
    pub id: StaffId,
    pub email: String,
    pub name: String,
    pub role: StaffRole,
    pub password_hash: String,
}

/// A token to create.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewToken {
    pub id: TokenId,
    pub name: String,
    pub prefix: String,
    pub digest: [u8; 32],
    pub scopes: Vec<AccessScope>,
    pub staff: StaffId,
    pub customer: Option<CustomerId>,
    /// `None` if it never expires.
    pub expires_after: Option<Duration>,
}

/// A token as lists show it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TokenLine {
    pub id: TokenId,
    pub name: String,
    pub prefix: String,
    pub scopes: Vec<AccessScope>,
    /// The e-mail address of the account that it acts as.
    pub acts_as: String,
    pub customer: Option<CustomerId>,
    pub created_at: OffsetDateTime,
    pub expires_at: Option<OffsetDateTime>,
    pub revoked_at: Option<OffsetDateTime>,
    pub last_used_at: Option<OffsetDateTime>,
}
