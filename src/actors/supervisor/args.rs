//! Wiring of the actor tree: the arguments of each actor, with the addresses of the others. Roles and Kafka change
//! them here.

use std::rc::Rc;
use std::sync::Arc;
use std::time::Duration;

use actix::prelude::*;
use tokio::sync::Semaphore;

use super::learning::LearningArgs;
use super::pages::PageArgs;
use super::records::StoreHandles;
use super::sla::SlaArgs;
use super::slots::{ActorSlots, mail_plan};
use super::system::{Bus, ChannelPlan, Custody, SlaConfig, SystemConfig};
use super::tree::chat::ChannelSlots;
use crate::actors::channels::courier::CourierArgs;
use crate::actors::channels::delivery::DeliveryArgs;
use crate::actors::channels::desk::DeskArgs;
use crate::actors::channels::identity_linker::{IdentityLinkerArgs, IdentityLinkerWires};
use crate::actors::channels::intake::{IntakeArgs, UNDER_WAY};
use crate::actors::channels::side_courier::{SideCourierArgs, SideCourierWires};
use crate::actors::conversations::conversation::ConversationWires;
use crate::actors::conversations::pool::{Limits, PoolArgs};
use crate::actors::conversations::sweeper::{SweepPace, SweeperArgs};
use crate::actors::events::consumer::ConsumerArgs;
use crate::actors::events::relay::{RelayArgs, Way};
use crate::actors::events::signal::{ListenerArgs, NotifierArgs};
use crate::actors::runtime::actor_health::ActorHealth;
use crate::actors::runtime::ask::Admission;
use crate::actors::runtime::dependency_status::DependencyStatuses;
use crate::actors::staff::advisor::AdvisorArgs;
use crate::actors::staff::dispatcher::DispatcherArgs;
use crate::actors::staff::reporter::{ReportPlan, ReporterArgs};
use crate::actors::store::crm::{CrmArgs, Wake};
use crate::agent::handbook::Handbook;
use crate::agent::port::LanguageModel;
use crate::channels::staff::TellStaff;
use crate::channels::verification::SendVerificationCode;
use crate::crm::port::{ChannelConfig, Signal, SignalStream};
use crate::domain::customers::linking::Offer;
use crate::domain::enums::Channel;
use crate::domain::ids::ProcessId;
use crate::domain::runtime::roles::Roles;

/// Arguments of the actors that send and receive wake-ups across processes.
pub(super) struct SignalArgs {
    pub work: NotifierArgs,
    pub replies: NotifierArgs,
    pub pages: NotifierArgs,
    pub listener: ListenerArgs,
}

impl SignalArgs {
    fn new(records: &StoreHandles, listener: ListenerArgs) -> Self {
        let signals = || records.handle(|store| &store.signals);
        Self {
            work: NotifierArgs { signals: signals(), signal: Signal::Work },
            replies: NotifierArgs { signals: signals(), signal: Signal::Replies },
            pages: NotifierArgs { signals: signals(), signal: Signal::Pages },
            listener,
        }
    }
}

pub(super) struct ActorArgs {
    pub model: Arc<dyn LanguageModel>,
    pub crm: CrmArgs,
    pub pool: PoolArgs,
    pub relay: RelayArgs,
    pub delivery: DeliveryArgs,
    pub intake: IntakeArgs,
    /// In the order of the slots.
    pub channels: Vec<(IntakeArgs, ChannelPlan)>,
    pub identity_linker: Option<IdentityLinkerArgs>,
    pub side_courier: Option<SideCourierArgs>,
    pub sweeper: SweeperArgs,
    pub desk: Option<DeskArgs>,
    pub sla: Option<SlaArgs>,
    pub reporter: Option<ReporterArgs>,
    pub dependencies: DependencyStatuses,
    pub consumer: Option<ConsumerArgs>,
    pub signals: SignalArgs,
    pub pages: PageArgs,
    pub learning: LearningArgs,
    pub owner: ProcessId,
}

impl ActorArgs {
    pub fn new(system: SystemConfig, slots: &ActorSlots, records: &StoreHandles) -> Self {
        let (roles, bus) = (system.roles, system.bus.as_ref());
        let intake = || intake(roles, slots, &system.handbook);
        let (web_form, intakes) = (intake(), system.providers.iter().map(|_| intake()).collect::<Vec<_>>());
        let consumer = bus.filter(|_| roles.agent).map(|bus| consumer(bus, &system, slots));
        let wires = conversation_wires(&system, slots, records);
        let learning = LearningArgs::new(&system, records);
        let dispatcher = dispatcher(&system.providers, bus.is_none(), roles, records, slots);
        let behind = (dispatcher, advisor(&system, records), courier(&system, records));
        let pages = PageArgs::new(
            records,
            system.embedder,
            &system.handbook,
            system.idle,
            system.custody.clone(),
            page_senders(roles, slots),
            behind,
        );
        let desk = system.staff.filter(|_| roles.desk).map(|staff| desk(records, staff, system.sla.as_ref()));
        let notices = desk.as_ref().map(|desk| Arc::clone(&desk.problem));
        Self {
            model: system.model,
            signals: SignalArgs::new(records, listener(system.signals, bus.is_none(), roles, slots)),
            crm: crm(records, bus.is_none(), roles, slots),
            pool: pool(system.limits, wires, consumer.is_some(), slots),
            relay: RelayArgs { outbox: records.handle(|store| &store.outbox), way: way(bus, roles, slots) },
            delivery: delivery(records, slots),
            pages,
            learning,
            intake: web_form,
            side_courier: side_courier(&system.providers, &system.custody, records),
            channels: intakes.into_iter().zip(system.providers).collect(),
            identity_linker: system.codes.map(|mail| identity_linker(records, mail, &system.handbook)),
            sweeper: sweeper(bus, system.delay_ack, system.handbook, records, slots),
            consumer,
            dependencies: DependencyStatuses { notices, index: system.index },
            desk,
            sla: system.sla.filter(|_| roles.desk).map(|sla| SlaArgs::new(records, sla)),
            reporter: system.reports.filter(|_| roles.desk).map(|plan| reporter(records, plan)),
            owner: system.owner,
        }
    }
}

/// The pool reports free capacity to the consumer if there is one, else to the relay.
fn pool(limits: Arc<Limits>, wires: ConversationWires, consumes: bool, slots: &ActorSlots) -> PoolArgs {
    let consumer = || slots.consumer.address.clone();
    PoolArgs {
        limits,
        wires: Rc::new(wires),
        source: if consumes { consumer().recipient() } else { slots.relay.address.clone().recipient() },
        consumer: consumes.then(|| consumer().recipient()),
        conversations: ActorHealth::new("conversation"),
    }
}

fn crm(records: &StoreHandles, without_bus: bool, roles: Roles, slots: &ActorSlots) -> CrmArgs {
    let deliveries = records.handle(|store| &store.deliveries);
    let relay = relay(without_bus, roles, slots);
    CrmArgs { store: records.store.clone(), deliveries, relay, senders: turn_senders(roles, slots) }
}

/// Who is woken when there is work: work for a role that this process lacks is signalled to other processes.
fn relay(without_bus: bool, roles: Roles, slots: &ActorSlots) -> Recipient<Wake> {
    if without_bus && !roles.agent {
        slots.signals.work.address.clone().recipient()
    } else {
        slots.relay.address.clone().recipient()
    }
}

fn advisor(system: &SystemConfig, records: &StoreHandles) -> AdvisorArgs {
    AdvisorArgs {
        suggestions: records.handle(|store| &store.suggestions),
        summaries: records.handle(|store| &store.summaries),
        turns: records.handle(|store| &store.turns),
        knowledge: records.handle(|store| &store.knowledge),
        past_turns: records.handle(|store| &store.past_turns),
        model: Arc::clone(&system.model),
        embedder: system.embedder.clone(),
        handbook: Arc::clone(&system.handbook),
        budgets: system.budgets,
        ceilings: system.ceilings,
    }
}

/// Events are sent by whoever notifies staff.
fn courier(system: &SystemConfig, records: &StoreHandles) -> CourierArgs {
    let webhooks = records.handle(|store| &store.webhooks);
    CourierArgs { webhooks, post: system.events.clone(), sends: system.roles.desk }
}

fn dispatcher(
    providers: &[ChannelPlan],
    without_bus: bool,
    roles: Roles,
    records: &StoreHandles,
    slots: &ActorSlots,
) -> DispatcherArgs {
    let provided = providers.iter().map(|plan| plan.settings.channel);
    DispatcherArgs {
        actions: records.handle(|store| &store.staff_actions),
        bulk: records.handle(|store| &store.bulk_actions),
        channels: std::iter::once(Channel::WebForm).chain(provided).collect(),
        woken: page_senders(roles, slots).into_iter().chain([relay(without_bus, roles, slots)]).collect(),
    }
}

/// The actors that signals from other processes wake. With Kafka, work comes through the log.
fn listener(
    signals: Option<Arc<dyn SignalStream>>,
    without_bus: bool,
    roles: Roles,
    slots: &ActorSlots,
) -> ListenerArgs {
    let work = || (Signal::Work, slots.relay.address.clone().recipient());
    let mut woken: Vec<_> = (without_bus && roles.agent).then(work).into_iter().collect();
    woken.push((Signal::Pages, slots.pages.broadcaster.address.clone().recipient()));
    woken.push((Signal::Pages, slots.pages.staff_broadcaster.address.clone().recipient()));
    if roles.delivery {
        woken.extend(deliveries(slots).into_iter().map(|delivery| (Signal::Replies, delivery)));
    }
    ListenerArgs { signals, woken }
}

/// The actors that deliver replies, in a process with that role.
fn deliveries(slots: &ActorSlots) -> Vec<Recipient<Wake>> {
    let web_form = slots.delivery.address.clone().recipient();
    std::iter::once(web_form).chain(provider_deliveries(slots)).collect()
}

/// The same without the web form, whose page shows the reply of a turn from its commit on.
fn provider_deliveries(slots: &ActorSlots) -> impl Iterator<Item = Recipient<Wake>> {
    let identity_linker = slots.identity_linker.as_ref().map(|slot| slot.address.clone().recipient());
    let channels = slots.channels.iter().filter_map(ChannelSlots::woken);
    let side_courier = slots.side_courier.as_ref().map(|slot| slot.address.clone().recipient());
    channels.chain(identity_linker).chain(side_courier)
}

/// Acknowledgements are sent by whoever sends replies, in this process or another one; open pages hear of them.
fn page_senders(roles: Roles, slots: &ActorSlots) -> Vec<Recipient<Wake>> {
    let pages = slots.signals.pages.address.clone().recipient();
    senders(roles, slots).into_iter().chain([pages]).collect()
}

fn delivery(records: &StoreHandles, slots: &ActorSlots) -> DeliveryArgs {
    DeliveryArgs {
        deliveries: records.handle(|store| &store.deliveries),
        pages: slots.signals.pages.address.clone().recipient(),
    }
}

/// Who is woken when replies were written.
fn senders(roles: Roles, slots: &ActorSlots) -> Vec<Recipient<Wake>> {
    if roles.delivery { deliveries(slots) } else { vec![slots.signals.replies.address.clone().recipient()] }
}

/// Who is woken when turns were finished. Open pages show the replies at once.
fn turn_senders(roles: Roles, slots: &ActorSlots) -> Vec<Recipient<Wake>> {
    let pages = slots.signals.pages.address.clone().recipient();
    if roles.delivery {
        provider_deliveries(slots).chain([pages]).collect()
    } else {
        vec![slots.signals.replies.address.clone().recipient(), pages]
    }
}

fn sweeper(
    bus: Option<&Bus>,
    delay_ack: Duration,
    handbook: Arc<Handbook>,
    records: &StoreHandles,
    slots: &ActorSlots,
) -> SweeperArgs {
    SweeperArgs {
        outbox: records.handle(|store| &store.outbox),
        inquiries: records.handle(|store| &store.inquiries),
        relay: slots.relay.address.clone().recipient(),
        pace: if bus.is_some() { SweepPace::WITH_KAFKA } else { SweepPace::IN_PROCESS },
        delay_ack,
        handbook,
    }
}

/// The destination of outbox rows.
fn way(bus: Option<&Bus>, roles: Roles, slots: &ActorSlots) -> Way {
    match bus {
        Some(bus) => Way::Log(Arc::clone(&bus.log)),
        None if roles.agent => Way::Pool(slots.pool.address.clone().recipient()),
        None => Way::Elsewhere,
    }
}

/// Without the intake role the actor exists, and refuses every message.
fn intake(roles: Roles, slots: &ActorSlots, handbook: &Arc<Handbook>) -> IntakeArgs {
    let admission = Admission::new(if roles.intake { UNDER_WAY } else { 0 });
    let crm = &slots.crm.address;
    IntakeArgs {
        crm: crm.clone().recipient(),
        feeds: crm.clone().recipient(),
        admission,
        handbook: Arc::clone(handbook),
    }
}

fn desk(records: &StoreHandles, staff: Arc<dyn TellStaff>, sla: Option<&SlaConfig>) -> DeskArgs {
    DeskArgs {
        escalations: records.handle(|store| &store.escalations),
        staff,
        levels: sla.map(|sla| Arc::clone(&sla.plan.levels)),
        problem: Arc::default(),
    }
}

fn reporter(records: &StoreHandles, plan: Arc<ReportPlan>) -> ReporterArgs {
    ReporterArgs { reports: records.handle(|store| &store.reports), plan }
}

fn consumer(bus: &Bus, system: &SystemConfig, slots: &ActorSlots) -> ConsumerArgs {
    ConsumerArgs {
        group: Arc::clone(&bus.group),
        pool: slots.pool.address.clone().recipient(),
        revoke: slots.pool.address.clone().recipient(),
        limits: Arc::clone(&system.limits),
    }
}

fn identity_linker(
    records: &StoreHandles,
    mail: Arc<dyn SendVerificationCode>,
    handbook: &Handbook,
) -> IdentityLinkerArgs {
    let verification = records.handle(|store| &store.verification);
    let texts = Arc::clone(&handbook.texts);
    IdentityLinkerArgs { wires: Rc::new(IdentityLinkerWires { verification, mail, texts }) }
}

/// Nothing is sent where there is no mailbox, or no store of files.
fn side_courier(
    providers: &[ChannelPlan],
    custody: &Custody,
    records: &StoreHandles,
) -> Option<SideCourierArgs> {
    let sender = Arc::clone(&mail_plan(providers)?.sender);
    let files = Arc::clone(custody.files.as_ref()?);
    let sides = records.handle(|store| &store.side_conversations);
    Some(SideCourierArgs { wires: Rc::new(SideCourierWires { sides, sender, files }) })
}

fn conversation_wires(
    system: &SystemConfig,
    slots: &ActorSlots,
    records: &StoreHandles,
) -> ConversationWires {
    ConversationWires {
        turns: slots.crm.address.clone().recipient(),
        turn_store: records.handle(|store| &store.turns),
        knowledge: records.handle(|store| &store.knowledge),
        model: Arc::clone(&system.model),
        embedder: system.embedder.clone(),
        budgets: system.budgets,
        ceilings: system.ceilings,
        handbook: Arc::clone(&system.handbook),
        owner: system.owner,
        linking: if system.codes.is_some() { Offer::Mailed } else { Offer::Unavailable },
        quiet: quiet_periods(system.channels.clone()),
        serialized: Rc::new(Semaphore::new(1)),
    }
}

/// A channel without a row has no debounce period.
fn quiet_periods(channels: Vec<ChannelConfig>) -> Rc<dyn Fn(Channel) -> Duration> {
    Rc::new(move |channel| {
        let config = channels.iter().find(|config| config.channel == channel);
        config.map_or(Duration::ZERO, |config| config.quiet)
    })
}
