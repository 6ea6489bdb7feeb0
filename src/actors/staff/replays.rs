//! Replay of a finished turn from its recorded steps, for staff: no model, no tool, and nothing is stored or sent.

use std::sync::Arc;

use crate::actors::conversations::conversation::addressee::Addressee;
use crate::actors::runtime::ask::Answer;
use crate::actors::runtime::off_arbiter::off_arbiter;
use crate::actors::store::store_handle::StoreHandle;
use crate::agent::handbook::Handbook;
use crate::agent::turn::budgets::Budgets;
use crate::agent::turn::replay::{Replayed, replay};
use crate::crm::port::PastTurns;
use crate::domain::conversations::completed_turn::{Action, PastTurn};
use crate::domain::conversations::replay::TurnReplay;
use crate::domain::ids::TurnId;

pub(super) async fn replayed(
    past_turns: StoreHandle<dyn PastTurns>,
    turn: TurnId,
    budgets: Budgets,
    instructions: String,
    handbook: Arc<Handbook>,
) -> Answer<Option<TurnReplay>> {
    let Some(past) = past_turns.call(move |store| store.past_turn(turn)).await? else {
        return Ok(None);
    };
    Ok(Some(off_arbiter(move || compared(past, budgets, &instructions, &handbook)).await))
}

/// The decision is compared as its customer would get it.
pub fn compared(
    past: PastTurn,
    budgets: Budgets,
    instructions: &str,
    handbook: &Arc<Handbook>,
) -> TurnReplay {
    match replay(&past, budgets, instructions, handbook) {
        Replayed::Decided(verdict) => {
            let decision = Addressee::of(&past.context).render_reply(verdict.decision, handbook);
            TurnReplay::decided(past.action, Action::from(&decision))
        }
        Replayed::Diverged(step) => TurnReplay::diverged(past.action, step),
    }
}
