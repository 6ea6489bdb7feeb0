//! The slots of all actors of the tree.

use super::Supervisor;
use super::pages::PageSlots;
use super::slot::ActorSlot;
use super::system::SystemConfig;
use super::tree::chat::ChannelSlots;
use crate::actors::channels::delivery::Delivery;
use crate::actors::channels::desk::Desk;
use crate::actors::channels::identity_linker::IdentityLinker;
use crate::actors::channels::intake::Intake;
use crate::actors::conversations::pool::Pool;
use crate::actors::conversations::sweeper::Sweeper;
use crate::actors::events::consumer::Consumer;
use crate::actors::events::relay::Relay;
use crate::actors::events::signal::{Listener, Notifier};
use crate::actors::store::crm::Crm;

/// The slots of all actors.
pub(super) struct ActorSlots {
    pub(super) crm: ActorSlot<Crm>,
    pub(super) relay: ActorSlot<Relay>,
    pub(super) pool: ActorSlot<Pool>,
    pub(super) delivery: ActorSlot<Delivery>,
    pub(super) intake: ActorSlot<Intake>,
    /// In the order of the plans.
    pub(super) channels: Vec<ChannelSlots>,
    pub(super) identity_linker: Option<ActorSlot<IdentityLinker>>,
    pub(super) sweeper: ActorSlot<Sweeper>,
    pub(super) desk: ActorSlot<Desk>,
    pub(super) consumer: ActorSlot<Consumer>,
    pub(super) pages: PageSlots,
    pub(super) signals: SignalSlots,
    pub(super) supervisor: ActorSlot<Supervisor>,
}

impl ActorSlots {
    pub(super) fn new(system: &SystemConfig) -> Self {
        Self {
            crm: ActorSlot::new("crm"),
            relay: ActorSlot::new("relay"),
            pool: ActorSlot::new("pool"),
            delivery: ActorSlot::new("delivery"),
            intake: ActorSlot::new("intake"),
            channels: system.providers.iter().map(|plan| ChannelSlots::new(plan, system.roles)).collect(),
            identity_linker: (system.roles.delivery && system.codes.is_some())
                .then(|| ActorSlot::new("identity_linker")),
            sweeper: ActorSlot::new("sweeper"),
            desk: ActorSlot::new("desk"),
            consumer: ActorSlot::new("consumer"),
            pages: PageSlots::new(),
            signals: SignalSlots {
                work: ActorSlot::new("work_bell"),
                replies: ActorSlot::new("reply_bell"),
                pages: ActorSlot::new("page_bell"),
                listener: ActorSlot::new("listener"),
            },
            supervisor: ActorSlot::new("supervisor"),
        }
    }
}

/// The slots of the actors for wake-ups across processes.
pub(super) struct SignalSlots {
    pub(super) work: ActorSlot<Notifier>,
    pub(super) replies: ActorSlot<Notifier>,
    pub(super) pages: ActorSlot<Notifier>,
    pub(super) listener: ActorSlot<Listener>,
}
