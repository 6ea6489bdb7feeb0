//! Turns that have been: what they started from, and what they came to.

use super::enums::{Outcome, Reason};
use super::ids::TurnId;
use super::turn::{Decision, TurnContext};

/// A finished turn as the records hold it.
#[derive(Clone, Debug, PartialEq)]
pub struct PastTurn {
    /// What it started from; its steps are all that it recorded.
    pub context: TurnContext,
    pub action: Action,
    pub model: String,
    pub prompt_version: String,
    /// It was parked without being run.
    pub was_parked: bool,
}

impl PastTurn {
    pub fn id(&self) -> TurnId {
        self.context.turn
    }
}

/// What others saw of a decision.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct Action {
    pub action: Outcome,
    pub reason: Option<Reason>,
    /// What the customer was told.
    pub text: Option<String>,
    /// The ids of the sources.
    pub sources: Vec<String>,
}

impl From<&Decision> for Action {
    fn from(decision: &Decision) -> Self {
        let (reason, text, sources) = match decision {
            Decision::Answer { text, sources } => {
                (None, Some(text.clone()), sources.iter().map(|source| source.id.clone()).collect())
            }
            Decision::Escalate(hand_over) => {
                (Some(hand_over.reason), Some(hand_over.acknowledgement.clone()), Vec::new())
            }
            Decision::Silent => (None, None, Vec::new()),
        };
        Self { action: decision.outcome(), reason, text, sources }
    }
}
