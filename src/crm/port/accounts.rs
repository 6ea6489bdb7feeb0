//! Repository ports of accounts: `Accounts` is what requests need, `AccountAdmin` what operators do on the command line.
//! Every change is written to the audit log in its own transaction.

use super::{CrmError, StoreFuture};
use crate::domain::accounts::{
    AttemptStart, AuditEntry, CheckedCode, Claimant, NewSession, NewStaff, NewToken, SecondFactor,
    StaffMember, StoredCredential, TokenHolder, TokenLine, TotpState,
};
use crate::domain::ids::{CustomerId, StaffId, TokenId};

pub trait Accounts: Send + Sync {
    /// Begins an attempt from `address`, unless too many have failed. It counts as failed until it is forgiven.
    fn begin_attempt(
        &self,
        claimant: Claimant,
        address: String,
    ) -> StoreFuture<Result<AttemptStart, CrmError>>;
    fn forgive_attempt(&self, attempt: i64) -> StoreFuture<Result<(), CrmError>>;
    /// Opens a session and forgives its attempt; false if what it rests on does not hold any more.
    fn open_session(&self, session: NewSession) -> StoreFuture<Result<bool, CrmError>>;
    /// The account of a session that has not ended.
    fn session(&self, digest: [u8; 32]) -> StoreFuture<Result<Option<StaffMember>, CrmError>>;
    /// The account of a valid token.
    fn token(&self, digest: [u8; 32]) -> StoreFuture<Result<Option<TokenHolder>, CrmError>>;
    /// Whether a session has not ended, or a token is valid. Unlike a request, this does not keep a session alive.
    fn still_holds(&self, credential: StoredCredential) -> StoreFuture<Result<bool, CrmError>>;
    fn end_session(&self, staff: StaffId, digest: [u8; 32]) -> StoreFuture<Result<(), CrmError>>;
    /// Replaces the password, ends every session and forgives the attempt; false if `old` is not its hash any more.
    fn change_password(
        &self,
        staff: StaffId,
        old: String,
        new: String,
        attempt: i64,
    ) -> StoreFuture<Result<bool, CrmError>>;
    fn totp_state(&self, staff: StaffId) -> StoreFuture<Result<TotpState, CrmError>>;
    /// Stores a secret that waits for its first code; false if two-factor authentication is on.
    fn offer_totp(
        &self,
        staff: StaffId,
        secret: Vec<u8>,
        recovery: Vec<[u8; 32]>,
    ) -> StoreFuture<Result<bool, CrmError>>;
    /// Turns it on with the secret that the code was checked against; false if another one waits by now, or none.
    fn confirm_totp(
        &self,
        staff: StaffId,
        code: CheckedCode,
        attempt: i64,
    ) -> StoreFuture<Result<bool, CrmError>>;
    /// Turns it off; false if the factor was used before, or if its secret is not the account's any more.
    fn stop_totp(
        &self,
        staff: StaffId,
        factor: SecondFactor,
        attempt: i64,
    ) -> StoreFuture<Result<bool, CrmError>>;
    /// Writes a row of the audit log.
    fn audit(&self, entry: AuditEntry) -> StoreFuture<Result<(), CrmError>>;
    /// All accounts, by name.
    fn members(&self) -> StoreFuture<Result<Vec<StaffMember>, CrmError>>;
    /// Deletes sessions and attempts that have ended; returns how many.
    fn forget_sessions(&self) -> StoreFuture<Result<u64, CrmError>>;
}

pub trait AccountAdmin: Send + Sync {
    /// Creates an account, or brings a disabled one back; false if there is an active one.
    fn add_staff(&self, staff: NewStaff) -> StoreFuture<Result<bool, CrmError>>;
    /// Creates the account if there is none but the built-in one; whether it was created.
    fn add_first_staff(&self, staff: NewStaff) -> StoreFuture<Result<bool, CrmError>>;
    /// Disables an account, ends its sessions and revokes the tokens that act as it; false if there is none.
    fn disable_staff(&self, email: String) -> StoreFuture<Result<bool, CrmError>>;
    /// Replaces the password, turns two-factor authentication off and ends all sessions; false if there is no active
    /// account.
    fn reset_staff(&self, email: String, password_hash: String) -> StoreFuture<Result<bool, CrmError>>;
    fn staff_by_email(&self, email: String) -> StoreFuture<Result<Option<StaffMember>, CrmError>>;
    fn has_customer(&self, customer: CustomerId) -> StoreFuture<Result<bool, CrmError>>;
    /// False if the account that it acts as is not active.
    fn add_token(&self, token: NewToken) -> StoreFuture<Result<bool, CrmError>>;
    fn tokens(&self) -> StoreFuture<Result<Vec<TokenLine>, CrmError>>;
    /// False if there is no such token, or it is revoked already.
    fn revoke_token(&self, id: TokenId) -> StoreFuture<Result<bool, CrmError>>;
}
