//! Messages from other folders to the actors. Messages that an actor sends itself are in its own file.

mod advice;
mod learning;

use std::time::Duration;

use actix::Message;
use secrecy::SecretString;
use time::OffsetDateTime;
use tokio::sync::mpsc;

pub use self::advice::{ReplayTurn, ReplyReview, ReviewReply, Suggest, SuggestAnswer, Summarize};
pub use self::learning::{ApproveProposal, GroupQuestions, ProposalDecision, StartRun};
use crate::actors::runtime::ask::Reply;
use crate::domain::accounts::StaffMember;
use crate::domain::console::actions::{StaffAnswer, StaffOrder};
use crate::domain::console::bulk::{BulkAnswer, BulkOrder};
use crate::domain::conversations::escalation::HandOverWish;
use crate::domain::conversations::live::{EventBatch, EventPosition, StaffChange, TicketChange};
use crate::domain::customers::rights::ErasureReceipt;
use crate::domain::customers::web_identity::WebIdentity;
use crate::domain::enums::{StaffRole, TicketStatus};
use crate::domain::ids::{BulkId, ChallengeId, CustomerId, EscalationId, MessageId, StaffId, TicketId};
use crate::domain::knowledge::{Audience, Findings};
use crate::domain::messages::delivery::{Known, StatusUpdate};
use crate::domain::messages::inquiry::{Inquiry, Stored};

/// To `Intake`: store a customer's message. Answered after the commit.
#[derive(Debug, Message)]
#[rtype(result = "()")]
pub struct TakeIn {
    pub inquiry: Inquiry,
    pub reply: Reply<Stored>,
}

/// To `Crm`: a provider's delivery status. Answered after the commit.
#[derive(Debug, Message)]
#[rtype(result = "()")]
pub struct RecordStatus {
    pub update: StatusUpdate,
    pub reply: Reply<Known>,
}

/// To `Broadcaster`: tell me of the changes of a ticket.
#[derive(Debug, Message)]
#[rtype(result = "()")]
pub struct Follow {
    pub ticket: TicketId,
    /// The last position that the page has seen; `None` for a new page.
    pub since: Option<EventPosition>,
    pub reply: Reply<Following<TicketChange>>,
}

/// What a page is told first, and the source of what comes later; it ends when the process stops or the page is too slow.
#[derive(Debug)]
pub struct Following<C> {
    pub first: FirstEvent<C>,
    pub later: mpsc::Receiver<EventBatch<C>>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FirstEvent<C> {
    /// What is read after this misses nothing.
    Hello(EventPosition),
    /// The page's position is too old or unknown: it must read everything again.
    Reset(EventPosition),
    /// What the page has missed.
    Missed(EventBatch<C>),
}

impl<C> FirstEvent<C> {
    pub fn position(&self) -> &EventPosition {
        match self {
            Self::Hello(position) | Self::Reset(position) => position,
            Self::Missed(batch) => &batch.position,
        }
    }
}

/// To `StaffBroadcaster`: tell me of the changes that staff see.
#[derive(Debug, Message)]
#[rtype(result = "()")]
pub struct FollowDesk {
    /// The last position that the console has seen; `None` for a new one.
    pub since: Option<EventPosition>,
    pub reply: Reply<Following<StaffChange>>,
}

/// To `Librarian`: find the best sections for this audience, and whether they are relevant.
#[derive(Debug, Message)]
#[rtype(result = "()")]
pub struct SearchHelp {
    pub query: String,
    pub limit: i64,
    pub audience: Audience,
    pub reply: Reply<Findings>,
}

/// To `Receptionist`: a person is wanted. Asked again, it gives the same answer and changes nothing.
#[derive(Debug, Message)]
#[rtype(result = "()")]
pub struct AskForPerson {
    pub ticket: TicketId,
    pub wish: HandOverWish,
    pub reply: Reply<PersonAnswer>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PersonAnswer {
    NoTicket,
    TicketClosed,
    Coming {
        escalation: EscalationId,
        status: TicketStatus,
        /// The acknowledgement.
        message: MessageId,
        expected_by: OffsetDateTime,
    },
}

/// To `Courier`: may events be sent to this address? The refusal says why not.
#[derive(Debug, Message)]
#[rtype(result = "()")]
pub struct CheckWebhook {
    pub url: String,
    pub reply: Reply<Result<(), String>>,
}

/// To `AddressProver`: this code was typed on a page. Answered with `None` unless it is right.
#[derive(Debug, Message)]
#[rtype(result = "()")]
pub struct ProveAddress {
    pub challenge: ChallengeId,
    pub code: SecretString,
    /// The ticket whose page it was typed on.
    pub ticket: Option<TicketId>,
    pub reply: Reply<Option<ProvedBrowser>>,
}

/// A browser in which an address was proved, and the value of its cookie.
#[derive(Debug)]
pub struct ProvedBrowser {
    pub identity: WebIdentity,
    pub session: SecretString,
}

/// To `Dispatcher`: carry out an action of staff. Answered after the commit.
#[derive(Debug, Message)]
#[rtype(result = "()")]
pub struct PerformAction {
    pub order: StaffOrder,
    pub reply: Reply<StaffAnswer>,
}

/// To `Dispatcher`: carry out one action in many conversations. Answered after the last commit.
#[derive(Debug, Message)]
#[rtype(result = "()")]
pub struct PerformBulk {
    pub order: BulkOrder,
    pub reply: Reply<BulkAnswer>,
}

/// To `Dispatcher`: undo such an action.
#[derive(Debug, Message)]
#[rtype(result = "()")]
pub struct UndoBulk {
    pub bulk: BulkId,
    pub staff: StaffId,
    pub role: StaffRole,
    pub reply: Reply<BulkAnswer>,
}

/// To `Authenticator`: open a session for whoever knows the password, and the second factor where there is one.
#[derive(Debug, Message)]
#[rtype(result = "()")]
pub struct LogIn {
    pub email: String,
    pub password: SecretString,
    pub code: Option<String>,
    /// The client's address, by which failures are counted.
    pub address: String,
    /// The digest of the session that the client has, which ends.
    pub replaces: Option<[u8; 32]>,
    pub reply: Reply<LogInAnswer>,
}

#[derive(Debug)]
pub enum LogInAnswer {
    Opened {
        member: StaffMember,
        /// The value of the cookie.
        session: SecretString,
    },
    /// Wrong, unknown or disabled: the same to the caller.
    Refused,
    TotpRequired,
    TotpInvalid,
    Throttled(Duration),
}

/// To `Authenticator`: change what an account signs in with. Each change carries its own proof.
#[derive(Debug, Message)]
#[rtype(result = "()")]
pub struct ChangeCredentials {
    pub staff: StaffId,
    pub change: CredentialChange,
    pub address: String,
    pub reply: Reply<ProofAnswer>,
}

#[derive(Debug)]
pub enum CredentialChange {
    /// Ends every session of the account.
    Password { current: SecretString, new: SecretString },
    /// Turns two-factor authentication on, by a code of the secret that was shown.
    TotpOn { code: String },
    /// Turns it off, by a code of the app or a recovery code.
    TotpOff { code: String },
}

/// Whether a change was made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ProofAnswer {
    Changed,
    /// The proof is wrong.
    Refused,
    Throttled(Duration),
}

/// To `Authenticator`: make a secret for two-factor authentication; `None` where it is on.
#[derive(Debug, Message)]
#[rtype(result = "()")]
pub struct OfferTotp {
    pub staff: StaffId,
    pub email: String,
    pub reply: Reply<Option<ShownTotp>>,
}

/// What is shown once.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ShownTotp {
    /// In base 32.
    pub secret: String,
    pub url: String,
    pub recovery_codes: Vec<String>,
}

/// To `Custodian`: erase a customer. Answered when rows and files are gone; asked again, it gives the same receipt. `None` for
/// an unknown customer.
#[derive(Debug, Message)]
#[rtype(result = "()")]
pub struct EraseCustomer {
    pub customer: CustomerId,
    pub by: StaffId,
    pub reply: Reply<Option<ErasureReceipt>>,
}

/// To `Pool`: change the limits, or only report.
#[derive(Debug, Message)]
#[rtype(result = "()")]
pub struct AdjustPool {
    pub change: PoolChange,
    pub reply: Reply<PoolView>,
}

/// New limits; `None` leaves a limit unchanged.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct PoolChange {
    /// Concurrent turns; 0 = none run.
    pub size: Option<usize>,
    /// Idle conversations kept in memory.
    pub idle: Option<usize>,
}

/// State of a process's pool.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PoolView {
    pub size: usize,
    pub idle: usize,
    /// Turns that run.
    pub running: usize,
    /// Conversations that wait for their turn.
    pub waiting: usize,
    /// Conversations in memory, idle ones included.
    pub live: usize,
}

/// To `Supervisor`: report health.
#[derive(Debug, Message)]
#[rtype(result = "()")]
pub struct ReportHealth {
    pub reply: Reply<Health>,
}

/// To `Supervisor`: answer at once. It shares its thread with the actors, so no answer means that they are blocked.
#[derive(Debug, Message)]
#[rtype(result = "()")]
pub struct ProveProgress {
    pub reply: Reply<()>,
}

/// To `Supervisor`: stop accepting work, finish what runs, and release the rest.
#[derive(Debug, Message)]
#[rtype(result = "()")]
pub struct Drain {
    pub reply: Reply<()>,
}

/// To `Supervisor`, after a drain: no actor starts anything by itself any more. Answered when started work has
/// completed, so that the database can be stopped.
#[derive(Debug, Message)]
#[rtype(result = "()")]
pub struct StopActors {
    pub reply: Reply<()>,
}

/// The program's health, check by check.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Health {
    pub status: Readiness,
    pub checks: Vec<HealthCheck>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Readiness {
    Ready,
    NotReady,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HealthCheck {
    pub name: &'static str,
    pub status: CheckStatus,
    pub detail: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CheckStatus {
    Ok,
    /// It works, though not as well as it should.
    Degraded,
    /// It cannot accept work.
    Failed,
}
