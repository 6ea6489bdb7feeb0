//! Repository port of identity by proof on the web form: codes that pages ask for, and the sessions that right codes open.
//! A session is named by the SHA-256 of its cookie.

use super::{CrmError, StoreFuture};
use crate::domain::customers::contact::Email;
use crate::domain::customers::linking::CodeHash;
use crate::domain::customers::web_identity::{OwnTicket, WebIdentity};
use crate::domain::ids::{ChallengeId, TicketId};
use crate::domain::messages::inquiry::TicketNumber;

/// A code that a page asks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PageCode {
    pub challenge: ChallengeId,
    pub email: Email,
    /// Of the page (ISO 639).
    pub language: Option<String>,
}

/// A code that was right.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RightCode {
    pub challenge: ChallengeId,
    /// Of the session that it opens.
    pub session: [u8; 32],
    /// The ticket whose page it was typed on.
    pub ticket: Option<TicketId>,
}

pub trait WebIdentities: Send + Sync {
    /// Asks for a code to be mailed; whether the address is known does not show. Asked again, nothing changes.
    fn request_code(&self, code: PageCode) -> StoreFuture<Result<(), CrmError>>;
    /// Counts an attempt, and returns what it is to be compared with: `None` if no code of that request can be right any
    /// more, or ever could.
    fn try_code(&self, challenge: ChallengeId) -> StoreFuture<Result<Option<CodeHash>, CrmError>>;
    /// Opens a session; `None` if the code was used meanwhile.
    fn prove(&self, code: RightCode) -> StoreFuture<Result<Option<WebIdentity>, CrmError>>;
    /// `None` for a session that has ended, or never was.
    fn identity(&self, session: [u8; 32]) -> StoreFuture<Result<Option<WebIdentity>, CrmError>>;
    fn end(&self, session: [u8; 32]) -> StoreFuture<Result<(), CrmError>>;
    /// The tickets that the session's customer may see, the newest first, those before `before`.
    fn tickets(
        &self,
        session: [u8; 32],
        before: Option<TicketNumber>,
        limit: i64,
    ) -> StoreFuture<Result<Vec<OwnTicket>, CrmError>>;
}
