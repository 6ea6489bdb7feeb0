//! Query port of finished turns, for replay.

use super::{CrmError, StoreFuture};
use crate::domain::conversations::completed_turn::PastTurn;
use crate::domain::ids::TurnId;

pub trait PastTurns: Send + Sync {
    /// `None` if there is no such turn, or it has committed nothing.
    fn past_turn(&self, turn: TurnId) -> StoreFuture<Result<Option<PastTurn>, CrmError>>;
}
