//! The tree of actors: all contexts first, so that each actor is made knowing the addresses of the others.

mod chat;

use std::cell::Cell;
use std::rc::Rc;
use std::sync::Arc;
use std::time::Duration;

use actix::prelude::*;

use super::args::{ActorArgs, SignalArgs};
use super::records::Records;
use super::{Supervisor, SupervisorArgs};
use crate::actors::actor_health::ActorHealth;
use crate::actors::consumer::{Consumer, LeaveGroup, StopConsuming};
use crate::actors::crm::Crm;
use crate::actors::delivery::Delivery;
use crate::actors::dependency_status::DependencyStatus;
use crate::actors::desk::Desk;
use crate::actors::intake::Intake;
use crate::actors::messages::{AdjustPool, Drain, RecordStatus, ReportHealth, TakeIn};
use crate::actors::pool::{DrainPool, Limits, Pool};
use crate::actors::relay::{Relay, StopRelaying};
use crate::actors::signal::{Listener, Notifier};
use crate::actors::store_handle::StoreHandle;
use crate::actors::supervised::{Supervised, Worker};
use crate::actors::sweeper::Sweeper;
use crate::agent::budgets::{Budgets, Ceilings};
use crate::agent::handbook::Handbook;
use crate::agent::port::LanguageModel;
use crate::bus::port::{Group, Log};
use crate::channels::staff::TellStaff;
use crate::crm::port::{ChannelConfig, Maintenance, SignalStream, Store, Turns, Views};
use crate::domain::ids::ProcessId;
use crate::domain::roles::Roles;
use crate::knowledge::port::Embedder;

use chat::ChannelSlots;

pub use chat::{ChannelPlan, Sending};

/// What the tree is grown from.
pub struct SystemConfig {
    pub store: Store,
    pub model: Arc<dyn LanguageModel>,
    /// Without one, searches go by words alone.
    pub embedder: Option<Arc<dyn Embedder>>,
    pub budgets: Budgets,
    pub ceilings: Ceilings,
    /// How long a message waits before its customer is told that it is here.
    pub delay_ack: Duration,
    pub handbook: Arc<Handbook>,
    pub channels: Vec<ChannelConfig>,
    /// Who tells staff of escalations; nobody does where none is configured.
    pub staff: Option<Arc<dyn TellStaff>>,
    /// How WhatsApp reaches its customers; it does not where the channel is switched off.
    pub whatsapp: Option<ChannelPlan>,
    pub limits: Arc<Limits>,
    /// Wake-ups from other processes of the same database; without them everybody looks by himself.
    pub signals: Option<Arc<dyn SignalStream>>,
    /// The log between the processes; without one work is handed on in process.
    pub bus: Option<Bus>,
    pub roles: Roles,
    pub owner: ProcessId,
}

/// The log between the processes, as those who append to it and those who take from it see it.
#[derive(Clone)]
pub struct Bus {
    pub log: Arc<dyn Log>,
    pub group: Arc<dyn Group>,
}

/// How the supervisor speaks to the consumer, in this order.
pub struct Consuming {
    pub stop: Recipient<StopConsuming>,
    pub leave: Recipient<LeaveGroup>,
}

impl From<Addr<Supervised<Consumer>>> for Consuming {
    fn from(consumer: Addr<Supervised<Consumer>>) -> Self {
        Self { stop: consumer.clone().recipient(), leave: consumer.recipient() }
    }
}

/// What the supervisor holds of the tree.
pub struct ActorTree {
    pub relay: Recipient<StopRelaying>,
    pub pool: Recipient<DrainPool>,
    pub consumer: Option<Consuming>,
    /// Says why Kafka can't be reached; `None` without Kafka.
    pub log: Option<Arc<dyn Log>>,
    pub roles: Roles,
    pub turns: StoreHandle<dyn Turns>,
    pub maintenance: StoreHandle<dyn Maintenance>,
    pub actor_healths: Vec<Arc<ActorHealth>>,
    pub model: Arc<dyn LanguageModel>,
    pub draining: Cell<bool>,
    /// Whether staff can be told of escalations; `None` where nobody is configured to.
    pub notices: Option<Arc<DependencyStatus>>,
    /// Where WhatsApp is switched on, and replies are this process's part.
    pub whatsapp: Option<Sending>,
    /// Nobody sends to them; they live as long as they have an address.
    _sweeper: Addr<Supervised<Sweeper>>,
    _delivery: Option<Addr<Supervised<Delivery>>>,
    _desk: Option<Addr<Supervised<Desk>>>,
    _bells: SpawnedSignals,
    _helpers: chat::Helpers,
}

/// Where the outside knocks.
pub struct Endpoints {
    pub web_form: Recipient<TakeIn>,
    pub whatsapp: Recipient<TakeIn>,
    pub statuses: Recipient<RecordStatus>,
    pub views: StoreHandle<dyn Views>,
    /// Only where turns are taken.
    pub pool: Option<Recipient<AdjustPool>>,
    pub health: Recipient<ReportHealth>,
    pub drain: Recipient<Drain>,
}

/// A place for an actor that others may know of before it starts.
pub(super) struct ActorSlot<W: Worker> {
    ctx: Context<Supervised<W>>,
    pub(super) address: Addr<Supervised<W>>,
    health: Arc<ActorHealth>,
}

impl<W: Worker> ActorSlot<W> {
    fn new(name: &'static str) -> Self {
        let ctx = Context::new();
        let address = ctx.address();
        Self { ctx, address, health: ActorHealth::new(name) }
    }

    fn spawn(self, args: W::Args, actor_healths: &mut Vec<Arc<ActorHealth>>) -> Addr<Supervised<W>> {
        actor_healths.push(Arc::clone(&self.health));
        self.ctx.run(Supervised::new(args, self.health));
        self.address
    }
}

/// The places of all actors.
pub(super) struct ActorSlots {
    pub(super) crm: ActorSlot<Crm>,
    pub(super) relay: ActorSlot<Relay>,
    pub(super) pool: ActorSlot<Pool>,
    pub(super) delivery: ActorSlot<Delivery>,
    pub(super) intake: ActorSlot<Intake>,
    pub(super) chat: ChannelSlots,
    pub(super) sweeper: ActorSlot<Sweeper>,
    pub(super) desk: ActorSlot<Desk>,
    pub(super) consumer: ActorSlot<Consumer>,
    pub(super) signals: SignalSlots,
    pub(super) supervisor: ActorSlot<Supervisor>,
}

impl ActorSlots {
    fn new(system: &SystemConfig) -> Self {
        Self {
            crm: ActorSlot::new("crm"),
            relay: ActorSlot::new("relay"),
            pool: ActorSlot::new("pool"),
            delivery: ActorSlot::new("delivery"),
            intake: ActorSlot::new("intake"),
            chat: ChannelSlots::new(system),
            sweeper: ActorSlot::new("sweeper"),
            desk: ActorSlot::new("desk"),
            consumer: ActorSlot::new("consumer"),
            signals: SignalSlots {
                work: ActorSlot::new("work_bell"),
                replies: ActorSlot::new("reply_bell"),
                listener: ActorSlot::new("listener"),
            },
            supervisor: ActorSlot::new("supervisor"),
        }
    }
}

/// The places of those who wake others, and are woken.
pub(super) struct SignalSlots {
    pub(super) work: ActorSlot<Notifier>,
    pub(super) replies: ActorSlot<Notifier>,
    listener: ActorSlot<Listener>,
}

type SpawnedSignals = (Addr<Supervised<Notifier>>, Addr<Supervised<Notifier>>, Addr<Supervised<Listener>>);

impl SignalSlots {
    fn spawn(self, args: SignalArgs, actor_healths: &mut Vec<Arc<ActorHealth>>) -> SpawnedSignals {
        (
            self.work.spawn(args.work, actor_healths),
            self.replies.spawn(args.replies, actor_healths),
            self.listener.spawn(args.listener, actor_healths),
        )
    }
}

/// Starts every actor on the current arbiter, whose runtime is also that of the store's connections.
pub fn spawn(system: SystemConfig) -> Endpoints {
    let slots = ActorSlots::new(&system);
    let (roles, log) = (system.roles, system.bus.as_ref().map(|bus| Arc::clone(&bus.log)));
    let records = Records::new(slots.crm.address.clone(), system.store.clone());
    let args = ActorArgs::new(system, &slots, &records);
    let mut actor_healths = vec![Arc::clone(&args.pool.conversations)];
    let crm = slots.crm.spawn(args.crm, &mut actor_healths);
    let pool = slots.pool.spawn(args.pool, &mut actor_healths);
    let consumer = args.consumer.map(|args| slots.consumer.spawn(args, &mut actor_healths).into());
    let intake = slots.intake.spawn(args.intake, &mut actor_healths);
    let chat = slots.chat.spawn(args.whatsapp, args.chat, &records, args.texts, &mut actor_healths);
    let tree = ActorTree {
        relay: slots.relay.spawn(args.relay, &mut actor_healths).recipient(),
        _sweeper: slots.sweeper.spawn(args.sweeper, &mut actor_healths),
        _bells: slots.signals.spawn(args.signals, &mut actor_healths),
        _delivery: roles.delivery.then(|| slots.delivery.spawn(args.delivery, &mut actor_healths)),
        _desk: args.desk.map(|args| slots.desk.spawn(args, &mut actor_healths)),
        pool: pool.clone().recipient(),
        consumer,
        log,
        roles,
        turns: records.handle(|store| &store.turns),
        maintenance: records.handle(|store| &store.maintenance),
        actor_healths,
        model: args.model,
        draining: Cell::new(false),
        notices: args.notices,
        whatsapp: chat.sending,
        _helpers: chat.helpers,
    };
    let args = SupervisorArgs { tree: Rc::new(tree), owner: args.owner };
    let supervisor = slots.supervisor.spawn(args, &mut vec![]);
    Endpoints {
        web_form: intake.recipient(),
        whatsapp: chat.endpoint,
        statuses: crm.recipient(),
        views: records.handle(|store| &store.views),
        pool: roles.agent.then(|| pool.recipient()),
        health: supervisor.clone().recipient(),
        drain: supervisor.recipient(),
    }
}
