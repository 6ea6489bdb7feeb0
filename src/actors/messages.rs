//! Messages from other folders to the actors. Messages that an actor sends itself are in its own file.

use actix::Message;
use time::OffsetDateTime;
use tokio::sync::mpsc;

use crate::actors::runtime::ask::Reply;
use crate::domain::conversations::live::{ChangeBatch, EventPosition};
use crate::domain::enums::TicketStatus;
use crate::domain::ids::{MessageId, TicketId};
use crate::domain::knowledge::Findings;
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
    pub reply: Reply<Following>,
}

/// What a page is told first, and the source of what comes later; it ends when the process stops or the page is too slow.
#[derive(Debug)]
pub struct Following {
    pub first: FirstEvent,
    pub later: mpsc::Receiver<ChangeBatch>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FirstEvent {
    /// What is read after this misses nothing.
    Hello(EventPosition),
    /// The page's position is too old or unknown: it must read everything again.
    Reset(EventPosition),
    /// What the page has missed.
    Missed(ChangeBatch),
}

impl FirstEvent {
    pub fn position(&self) -> &EventPosition {
        match self {
            Self::Hello(position) | Self::Reset(position) => position,
            Self::Missed(batch) => &batch.position,
        }
    }
}

/// To `Librarian`: find the best public sections, and whether they are relevant.
#[derive(Debug, Message)]
#[rtype(result = "()")]
pub struct SearchHelp {
    pub query: String,
    pub limit: i64,
    pub reply: Reply<Findings>,
}

/// To `Receptionist`: the customer wants a person. Asked again, it gives the same answer and changes nothing.
#[derive(Debug, Message)]
#[rtype(result = "()")]
pub struct AskForPerson {
    pub ticket: TicketId,
    pub reply: Reply<PersonAnswer>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PersonAnswer {
    NoTicket,
    TicketClosed,
    Coming {
        status: TicketStatus,
        /// The acknowledgement.
        message: MessageId,
        expected_by: OffsetDateTime,
    },
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
