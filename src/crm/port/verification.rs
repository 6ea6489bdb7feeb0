//! Repository port of address verification: the codes that are to be mailed, and joining the customers whose addresses
//! were verified.

use std::time::Duration;

use super::{CrmError, StoreFuture};
use crate::domain::customers::contact::Email;
use crate::domain::customers::linking::{CodeHash, CodePlace};
use crate::domain::ids::ChallengeId;

/// A code that this process has leased to mail it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClaimedVerification {
    pub challenge: ChallengeId,
    pub to: Email,
    /// Of the chat or the page (ISO 639).
    pub language: Option<String>,
    pub attempt: i16,
    pub typed_in: CodePlace,
    /// Which of the codes offered with the lease it is.
    pub place: usize,
}

/// What a try to mail a code came to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum VerificationMailOutcome {
    Mailed,
    /// It is tried again after the pause, with another code.
    Later(Duration),
    GivenUp,
}

/// What joining a chat's customer to that of a proved address came to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Joined {
    /// There was none to join.
    Nothing,
    Joined,
    /// They are one, or there is only one by now.
    Already,
    /// Both have a conversation in use; it is tried again.
    Waits,
    /// Something changed under it; it is tried again.
    Again,
}

pub trait Verification: Send + Sync {
    /// Takes codes that must be mailed, and gives each one of those that were made.
    fn lease_verification_mails(
        &self,
        codes: Vec<CodeHash>,
        lease: Duration,
    ) -> StoreFuture<Result<Vec<ClaimedVerification>, CrmError>>;
    fn settle_verification_mail(
        &self,
        challenge: ChallengeId,
        attempt: i16,
        end: VerificationMailOutcome,
    ) -> StoreFuture<Result<(), CrmError>>;
    /// Joins one chat's customer to that of an address that was proved in it.
    fn join_customers(&self) -> StoreFuture<Result<Joined, CrmError>>;
}
