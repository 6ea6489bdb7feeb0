//! The messages by which other folders speak to the actors. What an actor sends itself stands in its own file.

use actix::Message;

use super::ask::Reply;
use crate::domain::delivery::{Known, StatusUpdate};
use crate::domain::inquiry::{Inquiry, Stored};

/// To `Intake`: store what a customer sent. The answer comes after the commit.
#[derive(Debug, Message)]
#[rtype(result = "()")]
pub struct TakeIn {
    pub inquiry: Inquiry,
    pub reply: Reply<Stored>,
}

/// To `Crm`: a provider says what became of a message. The answer comes after the commit.
#[derive(Debug, Message)]
#[rtype(result = "()")]
pub struct RecordStatus {
    pub update: StatusUpdate,
    pub reply: Reply<Known>,
}

/// To `Pool`: change the limits, or only say how it stands.
#[derive(Debug, Message)]
#[rtype(result = "()")]
pub struct AdjustPool {
    pub change: PoolChange,
    pub reply: Reply<PoolView>,
}

/// What stays as it is has no value.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct PoolChange {
    /// Turns that run at once; 0 = none are taken.
    pub size: Option<usize>,
    /// Idle conversations kept in memory.
    pub idle: Option<usize>,
}

/// How the pool of a process stands.
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

/// To `Supervisor`: how is everybody?
#[derive(Debug, Message)]
#[rtype(result = "()")]
pub struct ReportHealth {
    pub reply: Reply<Health>,
}

/// To `Supervisor`: stop taking work, finish what runs, hand back the rest.
#[derive(Debug, Message)]
#[rtype(result = "()")]
pub struct Drain {
    pub reply: Reply<()>,
}

/// To `Supervisor`, after a drain: no actor begins anything by itself any more. Answered when what they have begun is
/// complete, so that the database can be stopped.
#[derive(Debug, Message)]
#[rtype(result = "()")]
pub struct StopActors {
    pub reply: Reply<()>,
}

/// The state of the program, part by part.
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
    /// It can't take work.
    Failed,
}
