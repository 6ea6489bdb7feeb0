//! Replays a recorded turn from its records alone: no model, no search, no clock.

use std::sync::Arc;

use super::budgets::Budgets;
use super::verdict::{Speaker, Verdict};
use super::{Turn, TurnEffect, TurnEvent};
use crate::agent::handbook::Handbook;
use crate::agent::reply::hand_over::parked;
use crate::domain::conversations::completed_turn::PastTurn;
use crate::domain::conversations::turn::{Step, Usage};
use crate::domain::enums::Reason;

/// The result of a replay.
#[derive(Clone, Debug, PartialEq)]
pub enum Replayed {
    Decided(Box<Verdict>),
    /// The machine requested something that is not recorded: its behaviour has changed since.
    Diverged(&'static str),
}

/// `instructions` is the system prompt, which no reply may repeat.
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

/// The remaining ceilings are not recorded; a turn that a ceiling ended had used exactly what it recorded.
fn within_reach(past: &PastTurn, budgets: Budgets) -> Budgets {
    if past.action.reason != Some(Reason::Budget) {
        return budgets;
    }
    let used = past.context.steps.iter().filter_map(Step::usage).fold(Usage::default(), Usage::plus);
    Budgets { tokens: budgets.tokens.min(used.tokens()), ..budgets }
}
