//! The branch of a provider channel: its intake, and, with an account and the right roles, the delivery of its
//! replies, the
//! fetcher of its files, and the reconciler of its feed.

use std::rc::Rc;
use std::sync::Arc;

use actix::prelude::*;

use crate::actors::actor_health::ActorHealth;
use crate::actors::crm::Wake;
use crate::actors::delivery::chat::{ChatDelivery, ChatDeliveryArgs, ChatWires, StopSending};
use crate::actors::dependency_status::DependencyStatus;
use crate::actors::fetcher::{Fetcher, FetcherArgs, FetcherWires};
use crate::actors::identity_linker::{IdentityLinker, IdentityLinkerArgs, IdentityLinkerWires};
use crate::actors::intake::{Intake, IntakeArgs};
use crate::actors::messages::TakeIn;
use crate::actors::reconciler::{Reconciler, ReconcilerArgs, ReconcilerWires};
use crate::actors::supervised::Supervised;
use crate::actors::supervisor::records::Records;
use crate::actors::supervisor::slot::ActorSlot;
use crate::actors::supervisor::system::{ChannelPlan, SystemConfig};
use crate::domain::texts::Texts;

/// The slots of the branch.
pub struct ChannelSlots {
    intake: ActorSlot<Intake>,
    delivery: Option<ActorSlot<ChatDelivery>>,
    fetcher: Option<ActorSlot<Fetcher>>,
    reconciler: Option<ActorSlot<Reconciler>>,
    identity_linker: Option<ActorSlot<IdentityLinker>>,
}

/// The tree's view of it.
pub struct ChannelTree {
    pub endpoint: Recipient<TakeIn>,
    pub sending: Option<Sending>,
    pub helpers: Helpers,
}

/// The delivery of a channel that is configured.
pub struct Sending {
    pub stop: Recipient<StopSending>,
    pub problem: Arc<DependencyStatus>,
}

/// Never used, but an actor lives only as long as it has an address.
pub struct Helpers {
    _fetcher: Option<Addr<Supervised<Fetcher>>>,
    _reconciler: Option<Addr<Supervised<Reconciler>>>,
    _registrar: Option<Addr<Supervised<IdentityLinker>>>,
}

impl ChannelSlots {
    pub fn new(system: &SystemConfig) -> Self {
        let is_on = system.whatsapp.is_some();
        let (takes_in, delivers) = (is_on && system.roles.intake, is_on && system.roles.delivery);
        let mails = delivers && system.whatsapp.as_ref().is_some_and(|chat| chat.codes.is_some());
        Self {
            intake: ActorSlot::new("intake-whatsapp"),
            identity_linker: mails.then(|| ActorSlot::new("identity_linker")),
            delivery: delivers.then(|| ActorSlot::new("delivery-whatsapp")),
            fetcher: takes_in.then(|| ActorSlot::new("fetcher")),
            reconciler: takes_in.then(|| ActorSlot::new("reconciler")),
        }
    }

    /// The actors to wake when turns have finished.
    pub fn woken(&self) -> impl Iterator<Item = Recipient<Wake>> {
        let delivery = self.delivery.as_ref().map(|slot| slot.address.clone().recipient());
        let identity_linker = self.identity_linker.as_ref().map(|slot| slot.address.clone().recipient());
        delivery.into_iter().chain(identity_linker)
    }

    pub fn spawn(
        self,
        endpoint: IntakeArgs,
        system: Option<ChannelPlan>,
        records: &Records,
        texts: Arc<Texts>,
        actor_healths: &mut Vec<Arc<ActorHealth>>,
    ) -> ChannelTree {
        let endpoint: Recipient<TakeIn> = self.intake.spawn(endpoint, actor_healths).recipient();
        let system = system.as_ref();
        let sending = self.delivery.zip(system).map(|(slot, system)| {
            let problem = Arc::new(DependencyStatus::default());
            let args = delivery(system, records, Arc::clone(&problem));
            Sending { stop: slot.spawn(args, actor_healths).recipient(), problem }
        });
        let fetcher = self
            .fetcher
            .zip(system)
            .map(|(slot, system)| slot.spawn(fetcher(system, records), actor_healths));
        let reconciler = self.reconciler.zip(system);
        let reconciler = reconciler.map(|(slot, system)| {
            slot.spawn(reconciler_args(system, records, endpoint.clone()), actor_healths)
        });
        let mail = system.and_then(|system| system.codes.clone());
        let identity_linker = self.identity_linker.zip(mail);
        let identity_linker = identity_linker.map(|(slot, mail)| {
            let verification = records.handle(|store| &store.verification);
            let wires = IdentityLinkerWires { verification, mail, texts };
            slot.spawn(IdentityLinkerArgs { wires: Rc::new(wires) }, actor_healths)
        });
        let helpers = Helpers { _fetcher: fetcher, _reconciler: reconciler, _registrar: identity_linker };
        ChannelTree { endpoint, sending, helpers }
    }
}

fn delivery(system: &ChannelPlan, records: &Records, problem: Arc<DependencyStatus>) -> ChatDeliveryArgs {
    let wires = ChatWires {
        leases: records.crm.clone().recipient(),
        deliveries: records.handle(|store| &store.deliveries),
        statuses: records.crm.clone().recipient(),
        sender: Arc::clone(&system.sender),
    };
    ChatDeliveryArgs { wires: Rc::new(wires), settings: system.settings, problem }
}

fn fetcher(system: &ChannelPlan, records: &Records) -> FetcherArgs {
    let wires = FetcherWires {
        attachments: records.handle(|store| &store.attachments),
        source: Arc::clone(&system.media),
        store: Arc::clone(&system.files),
    };
    FetcherArgs { wires: Rc::new(wires) }
}

fn reconciler_args(system: &ChannelPlan, records: &Records, intake: Recipient<TakeIn>) -> ReconcilerArgs {
    let wires = ReconcilerWires {
        feeds: records.handle(|store| &store.feeds),
        intake,
        feed: Arc::clone(&system.feed),
        channel: system.settings.channel,
        pace: system.pace,
    };
    ReconcilerArgs { wires: Rc::new(wires) }
}
