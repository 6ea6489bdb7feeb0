//! Completed turns, reconstructed for replay: their input and their decision.

use super::turn::{Decision, TurnContext};
use crate::domain::enums::{Outcome, Reason};
use crate::domain::ids::TurnId;

/// A finished turn as stored in the database.
#[derive(Clone, Debug, PartialEq)]
pub struct PastTurn {
    /// Its input, with all steps that it recorded.
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

/// The visible effects of a decision.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct Action {
    pub action: Outcome,
    pub reason: Option<Reason>,
    /// The text sent to the customer.
    pub text: Option<String>,
    /// Ids of the sources.
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
