//! Runs a recorded turn again from its records alone: no model, no search, no clock.

use std::sync::Arc;

use super::budgets::Budgets;
use super::hand_over::parked;
use super::handbook::Handbook;
use super::turn::{Turn, TurnEffect, TurnEvent};
use super::verdict::{Speaker, Verdict};
use crate::domain::completed_turn::PastTurn;
use crate::domain::enums::Reason;
use crate::domain::turn::{Step, Usage};

/// What running a turn again came to.
#[derive(Clone, Debug, PartialEq)]
pub enum Replayed {
    Decided(Box<Verdict>),
    /// The machine wanted something that the records do not hold: it took another way than it did then.
    Diverged(&'static str),
}

/// `instructions` are those of the model, which no reply may repeat.
pub fn replay(past: &PastTurn, budgets: Budgets, instructions: &str, handbook: &Arc<Handbook>) -> Replayed {
    if past.was_parked {
        return Replayed::Decided(Box::new(parked(&past.context, handbook)));
    }
    let speaker = Speaker {
        model: past.model.clone(),
        prompt_version: past.prompt_version.clone(),
        instructions: instructions.to_owned(),
    };
    let mut turn =
        Turn::start(past.context.clone(), within_reach(past, budgets), speaker, Arc::clone(handbook));
    loop {
        match turn.next() {
            TurnEffect::Finish(verdict) => return Replayed::Decided(verdict),
            TurnEffect::Record { .. } => turn.on(TurnEvent::Recorded),
            TurnEffect::Search { .. } => return Replayed::Diverged("a search that was not made then"),
            TurnEffect::Ask(_) => {
                return Replayed::Diverged("an answer of the model that was not given then");
            }
        }
    }
}

/// What a turn had left of the limits of conversation and day stands nowhere; one that they ended had used up just what
/// it recorded.
fn within_reach(past: &PastTurn, budgets: Budgets) -> Budgets {
    if past.action.reason != Some(Reason::Budget) {
        return budgets;
    }
    let used = past.context.steps.iter().filter_map(Step::usage).fold(Usage::default(), Usage::plus);
    Budgets { tokens: budgets.tokens.min(used.tokens()), ..budgets }
}
