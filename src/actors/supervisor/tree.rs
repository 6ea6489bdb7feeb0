//! The actor tree: all contexts are created first, so that each actor starts with the addresses of the others.

pub(super) mod chat;

use std::cell::Cell;
use std::rc::Rc;
use std::sync::Arc;

use actix::prelude::*;

use super::SupervisorArgs;
use super::args::{ActorArgs, SignalArgs};
use super::pages::{self, PageActors, PageEndpoints};
use super::records::StoreHandles;
use super::slot::ActorSlot;
use super::slots::{ActorSlots, SignalSlots};
use super::system::{ChannelPlan, SystemConfig};
use crate::actors::channels::delivery::Delivery;
use crate::actors::channels::delivery::chat::StopSending;
use crate::actors::channels::desk::Desk;
use crate::actors::channels::identity_linker::IdentityLinker;
use crate::actors::channels::intake::IntakeArgs;
use crate::actors::conversations::pool::DrainPool;
use crate::actors::conversations::sweeper::Sweeper;
use crate::actors::events::consumer::{Consumer, LeaveGroup, StopConsuming};
use crate::actors::events::relay::StopRelaying;
use crate::actors::events::signal::{Listener, Notifier};
use crate::actors::messages::{
    AdjustPool, Drain, ProveProgress, RecordStatus, ReportHealth, StopActors, TakeIn,
};
use crate::actors::runtime::actor_health::ActorHealth;
use crate::actors::runtime::dependency_status::DependencyStatuses;
use crate::actors::runtime::supervised::{Supervised, Worker};
use crate::actors::store::store_handle::StoreHandle;
use crate::agent::port::LanguageModel;
use crate::bus::port::Log;
use crate::crm::port::{Feeds, Maintenance, Turns, Views};
use crate::domain::enums::Channel;
use crate::domain::runtime::roles::Roles;

use chat::{ChannelSlots, ChannelStatus, ChannelTree};

/// The consumer as the supervisor uses it, in this order.
pub struct Consuming {
    pub stop: Recipient<StopConsuming>,
    pub leave: Recipient<LeaveGroup>,
}

impl From<Addr<Supervised<Consumer>>> for Consuming {
    fn from(consumer: Addr<Supervised<Consumer>>) -> Self {
        Self { stop: consumer.clone().recipient(), leave: consumer.recipient() }
    }
}

/// The supervisor's view of the tree.
pub struct ActorTree {
    pub relay: Recipient<StopRelaying>,
    pub pool: Recipient<DrainPool>,
    pub consumer: Option<Consuming>,
    /// Reports why Kafka cannot be reached; `None` without Kafka.
    pub log: Option<Arc<dyn Log>>,
    pub roles: Roles,
    pub turns: StoreHandle<dyn Turns>,
    pub maintenance: StoreHandle<dyn Maintenance>,
    pub actor_healths: Vec<Arc<ActorHealth>>,
    pub model: Arc<dyn LanguageModel>,
    pub draining: Cell<bool>,
    pub dependencies: DependencyStatuses,
    pub branches: Branches,
    /// Nobody sends to them; they live as long as they have an address.
    _sweeper: Addr<Supervised<Sweeper>>,
    _delivery: Option<Addr<Supervised<Delivery>>>,
    _desk: Option<Addr<Supervised<Desk>>>,
    pub pages: PageActors,
    _bells: SpawnedSignals,
    _identity_linker: Option<Addr<Supervised<IdentityLinker>>>,
}

/// The entry points of the actor system.
pub struct Endpoints {
    pub web_form: Recipient<TakeIn>,
    /// Of each channel with a provider.
    pub channels: Vec<(Channel, Recipient<TakeIn>)>,
    pub statuses: Recipient<RecordStatus>,
    pub views: StoreHandle<dyn Views>,
    pub pages: PageEndpoints,
    pub feeds: StoreHandle<dyn Feeds>,
    /// Only in processes that run turns.
    pub pool: Option<Recipient<AdjustPool>>,
    pub health: Recipient<ReportHealth>,
    pub progress: Recipient<ProveProgress>,
    pub drain: Recipient<Drain>,
    pub stop: Recipient<StopActors>,
}

type SpawnedSignals = ([Addr<Supervised<Notifier>>; 3], Addr<Supervised<Listener>>);

/// What is held of all channels with a provider.
#[derive(Default)]
pub struct Branches {
    intakes: Vec<(Channel, Recipient<TakeIn>)>,
    /// Empty where replies are not this process's part.
    pub sending: Vec<Recipient<StopSending>>,
    pub statuses: Vec<ChannelStatus>,
    helpers: Vec<chat::Helpers>,
}

impl Branches {
    fn spawn(
        slots: Vec<ChannelSlots>,
        args: Vec<(IntakeArgs, ChannelPlan)>,
        records: &StoreHandles,
        actor_healths: &mut Vec<Arc<ActorHealth>>,
    ) -> Self {
        let mut branches = Self::default();
        for (slots, (intake, plan)) in slots.into_iter().zip(args) {
            let branch: ChannelTree = slots.spawn(intake, plan, records, actor_healths);
            branches.intakes.push(branch.intake);
            branches.sending.extend(branch.stop_sending);
            branches.statuses.push(branch.status);
            branches.helpers.push(branch.helpers);
        }
        branches
    }
}

/// Starts every actor on the current arbiter, whose runtime is also that of the store's connections.
pub fn spawn(system: SystemConfig) -> Endpoints {
    let slots = ActorSlots::new(&system);
    let (roles, log) = (system.roles, system.bus.as_ref().map(|bus| Arc::clone(&bus.log)));
    let records = StoreHandles::new(slots.crm.address.clone(), system.store.clone());
    let args = ActorArgs::new(system, &slots, &records);
    let mut actor_healths = vec![Arc::clone(&args.pool.conversations)];
    let healths = &mut actor_healths;
    let (crm, pool) = (slots.crm.spawn(args.crm, healths), slots.pool.spawn(args.pool, healths));
    let intake = slots.intake.spawn(args.intake, healths);
    let (page_actors, pages) = pages::spawn(slots.pages, args.pages, &records, healths);
    let branches = Branches::spawn(slots.channels, args.channels, &records, healths);
    let tree = Rc::new(ActorTree {
        relay: slots.relay.spawn(args.relay, &mut actor_healths).recipient(),
        pages: page_actors,
        _bells: spawn_signals(slots.signals, args.signals, &mut actor_healths),
        _delivery: roles.delivery.then(|| slots.delivery.spawn(args.delivery, &mut actor_healths)),
        _sweeper: slots.sweeper.spawn(args.sweeper, &mut actor_healths),
        _desk: args.desk.map(|args| slots.desk.spawn(args, &mut actor_healths)),
        _identity_linker: both(slots.identity_linker, args.identity_linker, &mut actor_healths),
        pool: pool.clone().recipient(),
        consumer: args.consumer.map(|args| slots.consumer.spawn(args, &mut actor_healths).into()),
        log,
        roles,
        turns: records.handle(|store| &store.turns),
        maintenance: records.handle(|store| &store.maintenance),
        actor_healths,
        model: args.model,
        draining: Cell::new(false),
        dependencies: args.dependencies,
        branches,
    });
    let supervision = SupervisorArgs { tree: Rc::clone(&tree), owner: args.owner };
    let supervisor = slots.supervisor.spawn(supervision, &mut vec![]);
    let (health, progress) = (supervisor.clone().recipient(), supervisor.clone().recipient());
    let (drain, stop) = (supervisor.clone().recipient(), supervisor.recipient());
    let feeds = records.handle(|store| &store.feeds);
    let (views, channels) = (records.handle(|store| &store.views), tree.branches.intakes.clone());
    let pool = roles.agent.then(|| pool.recipient());
    let (web_form, statuses) = (intake.recipient(), crm.recipient());
    Endpoints { web_form, channels, statuses, views, feeds, pages, pool, health, progress, drain, stop }
}

fn spawn_signals(
    slots: SignalSlots,
    args: SignalArgs,
    actor_healths: &mut Vec<Arc<ActorHealth>>,
) -> SpawnedSignals {
    let notifiers = [
        slots.work.spawn(args.work, actor_healths),
        slots.replies.spawn(args.replies, actor_healths),
        slots.pages.spawn(args.pages, actor_healths),
    ];
    (notifiers, slots.listener.spawn(args.listener, actor_healths))
}

/// Spawns an actor that has a place and something to be made from.
fn both<W: Worker>(
    slot: Option<ActorSlot<W>>,
    args: Option<W::Args>,
    actor_healths: &mut Vec<Arc<ActorHealth>>,
) -> Option<Addr<Supervised<W>>> {
    slot.zip(args).map(|(slot, args)| slot.spawn(args, actor_healths))
}
