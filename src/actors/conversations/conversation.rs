//! `Conversation`: the single owner of a conversation in this process. It debounces bursts and runs one turn at a time.
//!
//! It uses neither Kafka nor SQL nor HTTP directly: a turn asks `Crm`, the store and the model's port.

pub mod addressee;
mod beginning;
mod model_call;
mod phase;
mod runner;
mod search;

use std::cell::Cell;
use std::rc::Rc;
use std::sync::Arc;
use std::time::Duration;

use actix::prelude::*;
use tokio::sync::Semaphore;

use super::turn_slots::{AskForTurn, Resting, TurnEnded, TurnSlots};
use crate::actors::runtime::ask::Takes;
use crate::actors::runtime::supervised::{Work, Worker, WorkerContext};
use crate::actors::store::crm::TurnRequest;
use crate::actors::store::store_handle::StoreHandle;
use crate::agent::handbook::Handbook;
use crate::agent::port::LanguageModel;
use crate::agent::turn::budgets::{Budgets, Ceilings};
use crate::clock;
use crate::crm::port::{Knowledge, Turns};
use crate::domain::conversations::dialogue::{Dialogue, DialogueEffect, DialogueEvent, Ending};
use crate::domain::conversations::provider_trouble::ProviderTrouble;
use crate::domain::customers::linking::Offer;
use crate::domain::enums::Channel;
use crate::domain::ids::{ConversationId, ProcessId};
use crate::domain::runtime::stall::StallPolicy;
use crate::domain::runtime::timing::TURN_LIMIT;
use crate::knowledge::port::Embedder;
use crate::metrics::METRICS;
use crate::trace::TraceParent;

/// What all conversations of a process share.
pub struct ConversationWires {
    pub turns: Recipient<TurnRequest>,
    /// Store operations of a turn outside the batches.
    pub turn_store: StoreHandle<dyn Turns>,
    pub knowledge: StoreHandle<dyn Knowledge>,
    pub model: Arc<dyn LanguageModel>,
    /// Without one, searches are by words alone.
    pub embedder: Option<Arc<dyn Embedder>>,
    pub budgets: Budgets,
    pub ceilings: Ceilings,
    pub handbook: Arc<Handbook>,
    pub owner: ProcessId,
    /// The debounce period of each channel.
    pub quiet: Rc<dyn Fn(Channel) -> Duration>,
    /// Whether verification codes can be mailed to link a chat to a customer.
    pub linking: Offer,
    /// Quarantined messages run one at a time (PROTOCOL.md 5).
    pub serialized: Rc<Semaphore>,
}

/// There may be an unanswered message.
#[derive(Debug, Message)]
#[rtype(result = "()")]
pub struct Arrived {
    /// The trace that the pointer belongs to.
    pub traceparent: Option<TraceParent>,
}

/// Run the turn now.
#[derive(Debug, Message)]
#[rtype(result = "()")]
pub struct TurnGranted;

/// Arguments of a `Conversation`.
pub struct ConversationArgs {
    pub id: ConversationId,
    pub channel: Channel,
    pub wires: Rc<ConversationWires>,
    pub slots: Rc<TurnSlots>,
}

pub struct Conversation {
    id: ConversationId,
    wires: Rc<ConversationWires>,
    slots: Rc<TurnSlots>,
    dialogue: Dialogue,
    seen: u32,
    /// Of the newest pointer.
    traceparent: Option<TraceParent>,
    /// What the model's provider has failed at since the last answer.
    trouble: Rc<Cell<Option<ProviderTrouble>>>,
}

impl Worker for Conversation {
    type Args = ConversationArgs;
    const MAILBOX: usize = 16;
    const STALL: Option<StallPolicy> = None;

    fn new(args: &ConversationArgs) -> Self {
        Self {
            id: args.id,
            wires: Rc::clone(&args.wires),
            slots: Rc::clone(&args.slots),
            dialogue: Dialogue::new((args.wires.quiet)(args.channel)),
            seen: 0,
            traceparent: None,
            trouble: Rc::default(),
        }
    }
}

impl Work<Arrived> for Conversation {
    fn work(&mut self, message: Arrived, ctx: &mut WorkerContext<'_, Self>) {
        self.traceparent = message.traceparent.or(self.traceparent);
        self.seen = self.seen.wrapping_add(1);
        self.on(DialogueEvent::Arrived { at: clock::monotonic() }, ctx);
    }
}

impl Work<TurnGranted> for Conversation {
    fn work(&mut self, _: TurnGranted, ctx: &mut WorkerContext<'_, Self>) {
        self.on(DialogueEvent::Granted, ctx);
    }
}

impl Conversation {
    fn on(&mut self, event: DialogueEvent, ctx: &mut WorkerContext<'_, Self>) {
        match self.dialogue.on(event) {
            DialogueEffect::WakeIn(pause) => ctx.after(pause, |conversation, ctx| {
                conversation.on(DialogueEvent::Woke { at: clock::monotonic() }, ctx);
            }),
            DialogueEffect::AskForTurn => self.ask_for_turn(),
            DialogueEffect::Run => self.run(ctx),
            DialogueEffect::Rest => {
                let resting = Resting { conversation: self.id, seen: self.seen };
                let _kept_in_memory = self.slots.resting.take(resting);
            }
            DialogueEffect::Nothing => {}
        }
    }

    /// Must be delivered, or the conversation would wait for ever; there are no more of these than active
    /// conversations, which the pool bounds.
    #[expect(clippy::disallowed_methods, reason = "bounded by the pool's room, and must not be refused")]
    fn ask_for_turn(&self) {
        self.slots.ask.do_send(AskForTurn(self.id));
    }

    fn run(&mut self, ctx: &mut WorkerContext<'_, Self>) {
        let slot = Slot { slots: Rc::clone(&self.slots), conversation: self.id, how: None };
        let turn = tokio::time::timeout(TURN_LIMIT, {
            runner::run(Rc::clone(&self.wires), self.id, Rc::clone(&self.trouble), self.traceparent)
        });
        let deed = async move {
            let mut slot = slot;
            let conversation = slot.conversation;
            let how = turn.await.unwrap_or_else(|_elapsed| {
                tracing::error!(%conversation, "a turn made no progress; it is tried again");
                METRICS.stalls.with_label_values(&["conversation"]).inc();
                Ending::Failed
            });
            slot.how = Some(how);
            (slot, how)
        };
        ctx.perform(deed, |conversation, (slot, how), ctx| {
            if how != Ending::Failed {
                conversation.trouble.set(None);
            }
            // The pool must learn that the turn has ended before it receives what comes next.
            drop(slot);
            conversation.on(DialogueEvent::Ended { how, at: clock::monotonic() }, ctx);
        });
    }
}

/// A permit for one running turn, released by drop in every case.
struct Slot {
    slots: Rc<TurnSlots>,
    conversation: ConversationId,
    how: Option<Ending>,
}

impl Drop for Slot {
    #[expect(clippy::disallowed_methods, reason = "one for each running turn, and must not be refused")]
    fn drop(&mut self) {
        self.slots.ended.do_send(TurnEnded { conversation: self.conversation, how: self.how });
    }
}
