//! The tree of actors: all contexts first, so that each actor is made knowing the addresses of the others.

mod chat;

use std::cell::Cell;
use std::rc::Rc;
use std::sync::Arc;
use std::time::Duration;

use actix::prelude::*;

use super::args::{ActorArgs, SignalArgs};
use super::{Supervisor, SupervisorArgs};
use crate::actors::actor_health::ActorHealth;
use crate::actors::consumer::{Consumer, LeaveGroup, StopConsuming};
use crate::actors::crm::{Crm, StoreCall};
use crate::actors::delivery::Delivery;
use crate::actors::dependency_status::DependencyStatus;
use crate::actors::desk::Desk;
use crate::actors::identity_linker::IdentityLinker;
use crate::actors::intake::{Intake, IntakeArgs};
use crate::actors::messages::{AdjustPool, Drain, Read, RecordStatus, ReportHealth, TakeIn};
use crate::actors::pool::{DrainPool, Limits, Pool};
use crate::actors::relay::{Relay, StopRelaying};
use crate::actors::signal::{Listener, Notifier};
use crate::actors::supervised::{Supervised, Worker};
use crate::actors::sweeper::Sweeper;
use crate::agent::budgets::{Budgets, Ceilings};
use crate::agent::handbook::Handbook;
use crate::agent::port::LanguageModel;
use crate::bus::port::{Group, Log};
use crate::channels::staff::TellStaff;
use crate::channels::verification::SendVerificationCode;
use crate::crm::port::{ChannelConfig, SignalStream, Store};
use crate::domain::enums::Channel;
use crate::domain::ids::ProcessId;
use crate::domain::roles::Roles;
use crate::knowledge::port::Embedder;

pub(super) use chat::ChannelSlots;
use chat::ChannelTree;

pub use chat::{ChannelPlan, FeedPlan, MediaPlan, Sending};

/// What the tree is grown from.
pub struct SystemConfig {
    pub store: Arc<dyn Store>,
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
    /// The channels with a provider that are switched on, one entry each.
    pub providers: Vec<ChannelPlan>,
    /// Who mails the codes by which a chat is linked to a customer; without one that is left to staff.
    pub codes: Option<Arc<dyn SendVerificationCode>>,
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
    pub store_calls: Recipient<StoreCall>,
    pub actor_healths: Vec<Arc<ActorHealth>>,
    pub model: Arc<dyn LanguageModel>,
    pub draining: Cell<bool>,
    /// Whether staff can be told of escalations; `None` where nobody is configured to.
    pub notices: Option<Arc<DependencyStatus>>,
    /// The channels with a provider, where replies are this process's part.
    pub sending: Vec<Sending>,
    /// Nobody sends to them; they live as long as they have an address.
    _sweeper: Addr<Supervised<Sweeper>>,
    _delivery: Option<Addr<Supervised<Delivery>>>,
    _desk: Option<Addr<Supervised<Desk>>>,
    _bells: SpawnedSignals,
    _identity_linker: Option<Addr<Supervised<IdentityLinker>>>,
    _helpers: Vec<chat::Helpers>,
}

/// Where the outside knocks.
pub struct Endpoints {
    pub web_form: Recipient<TakeIn>,
    /// Of each channel with a provider.
    pub channels: Vec<(Channel, Recipient<TakeIn>)>,
    pub statuses: Recipient<RecordStatus>,
    pub records: Recipient<Read>,
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
    /// In the order of the plans.
    pub(super) channels: Vec<ChannelSlots>,
    pub(super) identity_linker: Option<ActorSlot<IdentityLinker>>,
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
            channels: system.providers.iter().map(|plan| ChannelSlots::new(plan, system.roles)).collect(),
            identity_linker: (system.roles.delivery && system.codes.is_some())
                .then(|| ActorSlot::new("identity_linker")),
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

/// Spawns an actor that has a place and something to be made from.
fn both<W: Worker>(
    slot: Option<ActorSlot<W>>,
    args: Option<W::Args>,
    actor_healths: &mut Vec<Arc<ActorHealth>>,
) -> Option<Addr<Supervised<W>>> {
    slot.zip(args).map(|(slot, args)| slot.spawn(args, actor_healths))
}

/// What is held of all channels with a provider.
#[derive(Default)]
struct Branches {
    intakes: Vec<(Channel, Recipient<TakeIn>)>,
    sending: Vec<Sending>,
    helpers: Vec<chat::Helpers>,
}

impl Branches {
    fn spawn(
        slots: Vec<ChannelSlots>,
        args: Vec<(IntakeArgs, ChannelPlan)>,
        crm: &Addr<Supervised<Crm>>,
        actor_healths: &mut Vec<Arc<ActorHealth>>,
    ) -> Self {
        let mut branches = Self::default();
        for (slots, (intake, plan)) in slots.into_iter().zip(args) {
            let branch: ChannelTree = slots.spawn(intake, plan, crm, actor_healths);
            branches.intakes.push(branch.intake);
            branches.sending.extend(branch.sending);
            branches.helpers.push(branch.helpers);
        }
        branches
    }
}

/// Starts every actor on the current arbiter.
pub fn spawn(system: SystemConfig) -> Endpoints {
    let slots = ActorSlots::new(&system);
    let (roles, log) = (system.roles, system.bus.as_ref().map(|bus| Arc::clone(&bus.log)));
    let args = ActorArgs::new(system, &slots);
    let mut actor_healths = vec![Arc::clone(&args.pool.conversations)];
    let crm = slots.crm.spawn(args.crm, &mut actor_healths);
    let pool = slots.pool.spawn(args.pool, &mut actor_healths);
    let relay = slots.relay.spawn(args.relay, &mut actor_healths);
    let consumer = args.consumer.map(|args| slots.consumer.spawn(args, &mut actor_healths).into());
    let intake = slots.intake.spawn(args.intake, &mut actor_healths);
    let branches = Branches::spawn(slots.channels, args.channels, &crm, &mut actor_healths);
    let tree = ActorTree {
        _bells: slots.signals.spawn(args.signals, &mut actor_healths),
        _delivery: roles.delivery.then(|| slots.delivery.spawn(args.delivery, &mut actor_healths)),
        _sweeper: slots.sweeper.spawn(args.sweeper, &mut actor_healths),
        _desk: args.desk.map(|args| slots.desk.spawn(args, &mut actor_healths)),
        _identity_linker: both(slots.identity_linker, args.identity_linker, &mut actor_healths),
        relay: relay.recipient(),
        pool: pool.clone().recipient(),
        consumer,
        log,
        roles,
        store_calls: crm.clone().recipient(),
        actor_healths,
        model: args.model,
        draining: Cell::new(false),
        notices: args.notices,
        sending: branches.sending,
        _helpers: branches.helpers,
    };
    let args = SupervisorArgs { tree: Rc::new(tree), owner: args.owner };
    let supervisor = slots.supervisor.spawn(args, &mut vec![]);
    Endpoints {
        web_form: intake.recipient(),
        channels: branches.intakes,
        statuses: crm.clone().recipient(),
        records: crm.recipient(),
        pool: roles.agent.then(|| pool.recipient()),
        health: supervisor.clone().recipient(),
        drain: supervisor.recipient(),
    }
}
