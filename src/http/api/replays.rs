//! Data transfer objects of replayed turns.

use serde::Serialize;
use utoipa::ToSchema;

use crate::domain::conversations::completed_turn::Action;
use crate::domain::conversations::replay::{ReplayDifference, TurnReplay};
use crate::domain::enums::{Outcome, Reason, ReplayPart, ReplayVerdict};
use crate::domain::ids::TurnId;

/// A turn of the bot beside its replay.
#[derive(Debug, Serialize, ToSchema)]
pub struct ReplayedTurn {
    pub turn_id: TurnId,
    pub verdict: ReplayVerdict,
    pub recorded: TurnAction,
    /// Null where the replay asked for a step that is not recorded.
    #[schema(required)]
    pub replayed: Option<TurnAction>,
    /// Null where both are the same.
    #[schema(required)]
    pub first_difference: Option<FirstDifference>,
}

/// What a turn did.
#[derive(Debug, Serialize, ToSchema)]
pub struct TurnAction {
    pub outcome: Outcome,
    /// Why it handed over; null where it did not.
    #[schema(required)]
    pub reason: Option<Reason>,
    /// What the customer was sent; null for a silent turn.
    #[schema(required)]
    pub text: Option<String>,
    /// Ids of the cited sections.
    pub sources: Vec<String>,
}

/// Where a turn and its replay differ first.
#[derive(Debug, Serialize, ToSchema)]
pub struct FirstDifference {
    pub part: ReplayPart,
    /// Of a text, what follows the last character that both have.
    pub recorded: String,
    pub replayed: String,
}

impl ReplayedTurn {
    pub fn new(turn_id: TurnId, replay: TurnReplay) -> Self {
        let TurnReplay { verdict, recorded, replayed, difference } = replay;
        Self {
            turn_id,
            verdict,
            recorded: recorded.into(),
            replayed: replayed.map(TurnAction::from),
            first_difference: difference.map(FirstDifference::from),
        }
    }
}

impl From<Action> for TurnAction {
    fn from(action: Action) -> Self {
        let Action { action: outcome, reason, text, sources } = action;
        Self { outcome, reason, text, sources }
    }
}

impl From<ReplayDifference> for FirstDifference {
    fn from(difference: ReplayDifference) -> Self {
        let ReplayDifference { part, recorded, replayed } = difference;
        Self { part, recorded, replayed }
    }
}
