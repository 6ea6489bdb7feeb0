//! `Conversation`: the one owner of a conversation in this process. It joins bursts and runs one turn at a time.
//!
//! It touches neither Kafka nor SQL nor HTTP: what a turn needs it asks of `Crm` and of the model's port.

pub mod addressee;
mod runner;

use std::rc::Rc;
use std::sync::Arc;
use std::time::Duration;

use actix::prelude::*;
use tokio::sync::Semaphore;

use super::ask::Takes;
use super::crm::{Errand, TurnRequest};
use super::pool::{AskForTurn, Pool, Resting, TurnEnded};
use super::shell::{Hands, Shell, Work, Worker};
use crate::agent::budgets::{Budgets, Ceilings};
use crate::agent::handbook::Handbook;
use crate::agent::port::LanguageModel;
use crate::clock;
use crate::domain::dialogue::{Dialogue, Effect, Ending, Event};
use crate::domain::ids::{ConversationId, ProcessId};
use crate::domain::linking::Offer;
use crate::domain::words::Channel;
use crate::knowledge::port::Embedder;

/// What all conversations of a process share.
pub struct ConversationWires {
    pub turns: Recipient<TurnRequest>,
    pub errands: Recipient<Errand>,
    pub model: Arc<dyn LanguageModel>,
    /// Without one, searches go by words alone.
    pub embedder: Option<Arc<dyn Embedder>>,
    pub budgets: Budgets,
    pub ceilings: Ceilings,
    pub handbook: Arc<Handbook>,
    pub owner: ProcessId,
    /// How long each channel waits for the next message of a burst.
    pub quiet: Rc<dyn Fn(Channel) -> Duration>,
    /// Whether codes can be mailed that link a chat to a customer.
    pub linking: Offer,
    /// Suspects run one at a time (PROTOCOL.md 5).
    pub alone: Rc<Semaphore>,
}

/// There may be something to answer.
#[derive(Debug, Message)]
#[rtype(result = "()")]
pub struct Arrived;

/// Run the turn now.
#[derive(Debug, Message)]
#[rtype(result = "()")]
pub struct Go;

/// What a `Conversation` is made from.
pub struct ConversationSeed {
    pub id: ConversationId,
    pub channel: Channel,
    pub wires: Rc<ConversationWires>,
    pub pool: Addr<Shell<Pool>>,
}

pub struct Conversation {
    id: ConversationId,
    wires: Rc<ConversationWires>,
    pool: Addr<Shell<Pool>>,
    dialogue: Dialogue,
    seen: u32,
}

impl Worker for Conversation {
    type Seed = ConversationSeed;
    const MAILBOX: usize = 16;

    fn make(seed: &ConversationSeed) -> Self {
        Self {
            id: seed.id,
            wires: Rc::clone(&seed.wires),
            pool: seed.pool.clone(),
            dialogue: Dialogue::new((seed.wires.quiet)(seed.channel)),
            seen: 0,
        }
    }
}

impl Work<Arrived> for Conversation {
    fn work(&mut self, _: Arrived, hands: &mut Hands<'_, Self>) {
        self.seen = self.seen.wrapping_add(1);
        self.on(Event::Arrived { at: clock::monotonic() }, hands);
    }
}

impl Work<Go> for Conversation {
    fn work(&mut self, _: Go, hands: &mut Hands<'_, Self>) {
        self.on(Event::Granted, hands);
    }
}

impl Conversation {
    fn on(&mut self, event: Event, hands: &mut Hands<'_, Self>) {
        match self.dialogue.on(event) {
            Effect::WakeIn(pause) => hands.after(pause, |conversation, hands| {
                conversation.on(Event::Woke { at: clock::monotonic() }, hands);
            }),
            Effect::AskForTurn => self.ask_for_turn(),
            Effect::Run => self.run(hands),
            Effect::Rest => {
                let resting = Resting { conversation: self.id, seen: self.seen };
                let _kept_in_memory = self.pool.take(resting);
            }
            Effect::Nothing => {}
        }
    }

    /// Must arrive, or the conversation would wait for ever; there are no more of these than conversations at work,
    /// which the pool bounds.
    #[expect(clippy::disallowed_methods, reason = "bounded by the pool's room, and must not be refused")]
    fn ask_for_turn(&self) {
        self.pool.do_send(AskForTurn(self.id));
    }

    fn run(&mut self, hands: &mut Hands<'_, Self>) {
        let slot = Slot { pool: self.pool.clone(), conversation: self.id, how: None };
        let turn = runner::run(Rc::clone(&self.wires), self.id);
        let deed = async move {
            let mut slot = slot;
            let how = turn.await;
            slot.how = Some(how);
            (slot, how)
        };
        hands.perform(deed, |conversation, (slot, how), hands| {
            // The pool must know that the turn has ended before it hears what comes next.
            drop(slot);
            conversation.on(Event::Ended { how, at: clock::monotonic() }, hands);
        });
    }
}

/// A turn's place among those that run at once; dropping it, in whatever way, gives the place back.
struct Slot {
    pool: Addr<Shell<Pool>>,
    conversation: ConversationId,
    how: Option<Ending>,
}

impl Drop for Slot {
    #[expect(clippy::disallowed_methods, reason = "one for each running turn, and must not be refused")]
    fn drop(&mut self) {
        self.pool.do_send(TurnEnded { conversation: self.conversation, how: self.how });
    }
}
