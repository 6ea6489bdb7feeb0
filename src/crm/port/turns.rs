//! Repository port of turns: beginning, recording and finishing them under a fencing token, and their leases.

use super::{CrmError, StoreFuture};
use crate::domain::conversations::turn::{Begun, Finish, Finished, Spent, Step, Usage};
use crate::domain::ids::{ConversationId, ProcessId, TurnId};

/// A request to own a conversation and answer what waits in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BeginTurn {
    pub conversation: ConversationId,
    /// The id that the turn gets unless it goes on with an unfinished one.
    pub turn: TurnId,
    pub owner: ProcessId,
}

/// Steps of a running turn; refused unless its epoch still matches.
#[derive(Clone, Debug, PartialEq)]
pub struct RecordSteps {
    pub conversation: ConversationId,
    pub turn: TurnId,
    pub epoch: i64,
    /// The number of the first of them within the turn.
    pub first: i32,
    pub steps: Vec<Step>,
}

/// Whether a step was recorded, or a lease renewed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Held {
    Yes,
    /// Another owner began a turn, or people took over.
    Lost,
}

pub trait Turns: Send + Sync {
    fn begin_turns(&self, batch: Vec<BeginTurn>) -> StoreFuture<Vec<Result<Begun, CrmError>>>;
    fn record_steps(&self, batch: Vec<RecordSteps>) -> StoreFuture<Vec<Result<Held, CrmError>>>;
    fn finish_turns(&self, batch: Vec<Finish>) -> StoreFuture<Vec<Result<Finished, CrmError>>>;

    /// Renews the lease of a running turn.
    fn renew_lease(&self, conversation: ConversationId, epoch: i64) -> StoreFuture<Result<Held, CrmError>>;
    /// Counts a fault of the turn itself, as a panic, against what it covers.
    fn record_fault(&self, conversation: ConversationId, epoch: i64) -> StoreFuture<Result<(), CrmError>>;
    /// A turn has ended without a decision, and this process lives: it no longer owns the conversation, and did not crash,
    /// even if its lease ran out.
    fn leave_turn(
        &self,
        conversation: ConversationId,
        epoch: i64,
        owner: ProcessId,
    ) -> StoreFuture<Result<(), CrmError>>;
    /// What model calls have used up before this turn.
    fn spent(&self, conversation: ConversationId) -> StoreFuture<Result<Spent, CrmError>>;
    /// Counts what a model call that is no step of a turn has used.
    fn add_usage(&self, conversation: ConversationId, usage: Usage) -> StoreFuture<Result<(), CrmError>>;
    /// Gives conversations back to whoever takes them next, at once.
    fn release_leases(
        &self,
        conversations: Vec<ConversationId>,
        owner: ProcessId,
    ) -> StoreFuture<Result<(), CrmError>>;
}
