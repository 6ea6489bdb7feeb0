//! What each actor of the tree is made from, the addresses of the others included. Here stands what a role, and Kafka,
//! change.

use std::rc::Rc;
use std::sync::Arc;
use std::time::Duration;

use actix::prelude::*;
use tokio::sync::Semaphore;

use super::tree::{Bus, ChatPlan, Plan, Plots};
use crate::actors::ask::Admission;
use crate::actors::bell::{ListenerSeed, RingerSeed};
use crate::actors::consumer::ConsumerSeed;
use crate::actors::conversation::ConversationWires;
use crate::actors::crm::{CrmSeed, Errand, Stir};
use crate::actors::delivery::DeliverySeed;
use crate::actors::desk::DeskSeed;
use crate::actors::intake::{IntakeSeed, UNDER_WAY};
use crate::actors::pool::{Limits, PoolSeed};
use crate::actors::relay::{RelaySeed, Way};
use crate::actors::standing::Standing;
use crate::actors::sweeper::{Pace, SweeperSeed};
use crate::actors::trouble::Trouble;
use crate::agent::handbook::Handbook;
use crate::agent::port::LanguageModel;
use crate::channels::staff::TellStaff;
use crate::crm::port::{Bell, Bells, ChannelConfig, Store};
use crate::domain::ids::ProcessId;
use crate::domain::linking::Offer;
use crate::domain::roles::Roles;
use crate::domain::texts::Texts;
use crate::domain::words::Channel;

/// What those are made from who wake others, and are woken.
pub(super) struct BellSeeds {
    pub work: RingerSeed,
    pub replies: RingerSeed,
    pub listener: ListenerSeed,
}

impl BellSeeds {
    fn new(errands: &dyn Fn() -> Recipient<Errand>, listener: ListenerSeed) -> Self {
        Self {
            work: RingerSeed { crm: errands(), bell: Bell::Work },
            replies: RingerSeed { crm: errands(), bell: Bell::Replies },
            listener,
        }
    }
}

pub(super) struct Seeds {
    pub model: Arc<dyn LanguageModel>,
    pub crm: CrmSeed,
    pub pool: PoolSeed,
    pub relay: RelaySeed,
    pub delivery: DeliverySeed,
    pub intake: IntakeSeed,
    pub whatsapp: IntakeSeed,
    pub chat: Option<ChatPlan>,
    pub texts: Arc<Texts>,
    pub sweeper: SweeperSeed,
    pub desk: Option<DeskSeed>,
    /// Why staff can't be told, as the desk sees it.
    pub notices: Option<Arc<Trouble>>,
    pub consumer: Option<ConsumerSeed>,
    pub bells: BellSeeds,
    pub owner: ProcessId,
}

impl Seeds {
    pub fn new(plan: Plan, plots: &Plots) -> Self {
        let (roles, bus) = (plan.roles, plan.bus.as_ref());
        let errands = || plots.crm.address.clone().recipient();
        let [intake, whatsapp] = [(); 2].map(|()| intake(roles, plots, &plan.handbook));
        let consumer = bus.filter(|_| roles.agent).map(|bus| consumer(bus, &plan, plots));
        let wires = ConversationWires {
            turns: plots.crm.address.clone().recipient(),
            errands: errands(),
            model: Arc::clone(&plan.model),
            embedder: plan.embedder,
            budgets: plan.budgets,
            ceilings: plan.ceilings,
            handbook: Arc::clone(&plan.handbook),
            owner: plan.owner,
            linking: offer(plan.whatsapp.as_ref()),
            quiet: quiet_periods(plan.channels),
            alone: Rc::new(Semaphore::new(1)),
        };
        let desk = plan.staff.filter(|_| roles.desk).map(|staff| desk(errands(), staff));
        Self {
            model: plan.model,
            bells: BellSeeds::new(&errands, listener(plan.bells, bus.is_none(), roles, plots)),
            crm: crm(plan.store, bus.is_none(), roles, plots),
            pool: pool(plan.limits, wires, consumer.is_some(), plots),
            relay: RelaySeed { crm: errands(), way: way(bus, roles, plots) },
            delivery: DeliverySeed { crm: errands() },
            intake,
            whatsapp,
            chat: plan.whatsapp,
            texts: Arc::clone(&plan.handbook.texts),
            sweeper: sweeper(bus, plan.delay_ack, plan.handbook, plots),
            consumer,
            notices: desk.as_ref().map(|desk| Arc::clone(&desk.trouble)),
            desk,
            owner: plan.owner,
        }
    }
}

/// Where the pool says that it has room again: to the consumer where there is one, else to the relay.
fn pool(limits: Arc<Limits>, wires: ConversationWires, consumes: bool, plots: &Plots) -> PoolSeed {
    let consumer = || plots.consumer.address.clone();
    PoolSeed {
        limits,
        wires: Rc::new(wires),
        feeder: if consumes { consumer().recipient() } else { plots.relay.address.clone().recipient() },
        consumer: consumes.then(|| consumer().recipient()),
        conversations: Standing::new("conversation"),
    }
}

/// What is to be done by a part that is not here, others are told of.
fn crm(store: Arc<dyn Store>, without_bus: bool, roles: Roles, plots: &Plots) -> CrmSeed {
    let relay = if without_bus && !roles.agent {
        plots.bells.work.address.clone().recipient()
    } else {
        plots.relay.address.clone().recipient()
    };
    let deliveries = if roles.delivery {
        deliveries(plots)
    } else {
        vec![plots.bells.replies.address.clone().recipient()]
    };
    CrmSeed { store, relay, deliveries }
}

/// Who is stirred when another process rings. With Kafka work comes through the log.
fn listener(bells: Option<Arc<dyn Bells>>, without_bus: bool, roles: Roles, plots: &Plots) -> ListenerSeed {
    let work = || (Bell::Work, plots.relay.address.clone().recipient());
    let mut stirred: Vec<_> = (without_bus && roles.agent).then(work).into_iter().collect();
    if roles.delivery {
        stirred.extend(deliveries(plots).into_iter().map(|delivery| (Bell::Replies, delivery)));
    }
    ListenerSeed { bells, stirred }
}

/// Who brings replies to customers, in a process that does.
fn deliveries(plots: &Plots) -> Vec<Recipient<Stir>> {
    let web_form = plots.delivery.address.clone().recipient();
    std::iter::once(web_form).chain(plots.chat.stirred()).collect()
}

fn sweeper(bus: Option<&Bus>, delay_ack: Duration, handbook: Arc<Handbook>, plots: &Plots) -> SweeperSeed {
    SweeperSeed {
        crm: plots.crm.address.clone().recipient(),
        relay: plots.relay.address.clone().recipient(),
        pace: if bus.is_some() { Pace::WITH_KAFKA } else { Pace::IN_PROCESS },
        delay_ack,
        handbook,
    }
}

/// Where the relay brings what it finds in the outbox.
fn way(bus: Option<&Bus>, roles: Roles, plots: &Plots) -> Way {
    match bus {
        Some(bus) => Way::Log(Arc::clone(&bus.log)),
        None if roles.agent => Way::Pool(plots.pool.address.clone().recipient()),
        None => Way::Elsewhere,
    }
}

/// Where taking in is not this process's part, the door is there and shut.
fn intake(roles: Roles, plots: &Plots, handbook: &Arc<Handbook>) -> IntakeSeed {
    let admission = Admission::new(if roles.intake { UNDER_WAY } else { 0 });
    IntakeSeed { crm: plots.crm.address.clone().recipient(), admission, handbook: Arc::clone(handbook) }
}

fn desk(crm: Recipient<Errand>, staff: Arc<dyn TellStaff>) -> DeskSeed {
    DeskSeed { crm, staff, trouble: Arc::default() }
}

fn consumer(bus: &Bus, plan: &Plan, plots: &Plots) -> ConsumerSeed {
    ConsumerSeed {
        group: Arc::clone(&bus.group),
        pool: plots.pool.address.clone().recipient(),
        withdraw: plots.pool.address.clone().recipient(),
        limits: Arc::clone(&plan.limits),
    }
}

/// Whether chats can be linked by a code.
fn offer(chat: Option<&ChatPlan>) -> Offer {
    if chat.is_some_and(|chat| chat.codes.is_some()) { Offer::Mailed } else { Offer::Unavailable }
}

/// Channels without a row don't wait.
fn quiet_periods(channels: Vec<ChannelConfig>) -> Rc<dyn Fn(Channel) -> Duration> {
    Rc::new(move |channel| {
        let config = channels.iter().find(|config| config.channel == channel);
        config.map_or(Duration::ZERO, |config| config.quiet)
    })
}
