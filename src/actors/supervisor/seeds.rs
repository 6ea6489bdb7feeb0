//! What each actor of the tree is made from, the addresses of the others included. Here stands what a role, and Kafka,
//! change.

use std::rc::Rc;
use std::sync::Arc;
use std::time::Duration;

use actix::prelude::*;
use tokio::sync::Semaphore;

use super::tree::{Bus, Plan, Plots};
use crate::actors::ask::Admission;
use crate::actors::bell::{ListenerSeed, RingerSeed};
use crate::actors::consumer::ConsumerSeed;
use crate::actors::conversation::ConversationWires;
use crate::actors::crm::{CrmSeed, Errand};
use crate::actors::delivery::DeliverySeed;
use crate::actors::desk::{DeskSeed, Trouble};
use crate::actors::intake::{IntakeSeed, UNDER_WAY};
use crate::actors::pool::PoolSeed;
use crate::actors::relay::{RelaySeed, Way};
use crate::actors::standing::Standing;
use crate::actors::sweeper::{Pace, SweeperSeed};
use crate::channels::staff::TellStaff;
use crate::crm::port::{Bell, Bells, ChannelConfig, Store};
use crate::domain::ids::ProcessId;
use crate::domain::roles::Roles;
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
    pub crm: CrmSeed,
    pub pool: PoolSeed,
    pub relay: RelaySeed,
    pub delivery: DeliverySeed,
    pub intake: IntakeSeed,
    pub whatsapp: IntakeSeed,
    pub sweeper: SweeperSeed,
    pub desk: Option<DeskSeed>,
    pub consumer: Option<ConsumerSeed>,
    pub bells: BellSeeds,
    pub owner: ProcessId,
}

impl Seeds {
    /// Whether staff can be told, where anybody is to tell them.
    pub fn notices(&self) -> Option<Arc<Trouble>> {
        self.desk.as_ref().map(|desk| Arc::clone(&desk.trouble))
    }

    pub fn new(plan: Plan, plots: &Plots) -> Self {
        let (roles, bus) = (plan.roles, plan.bus.as_ref());
        let errands = || plots.crm.address.clone().recipient();
        let relay = || plots.relay.address.clone().recipient();
        let consumer = bus.filter(|_| roles.agent).map(|bus| consumer(bus, &plan, plots));
        let relayed = RelaySeed { crm: errands(), way: way(bus, roles, plots) };
        let pace = if bus.is_some() { Pace::WITH_KAFKA } else { Pace::IN_PROCESS };
        let without_bus = bus.is_none();
        let wires = ConversationWires {
            turns: plots.crm.address.clone().recipient(),
            errands: errands(),
            model: plan.model,
            budgets: plan.budgets,
            handbook: plan.handbook,
            owner: plan.owner,
            quiet: quiet_periods(plan.channels),
            alone: Rc::new(Semaphore::new(1)),
        };
        let consumes = || plots.consumer.address.clone();
        Self {
            bells: BellSeeds::new(&errands, listener(plan.bells, without_bus, roles, plots)),
            crm: crm(plan.store, without_bus, roles, plots),
            pool: PoolSeed {
                limits: plan.limits,
                wires: Rc::new(wires),
                feeder: if consumer.is_some() { consumes().recipient() } else { relay() },
                consumer: consumer.is_some().then(|| consumes().recipient()),
                conversations: Standing::new("conversation"),
            },
            relay: relayed,
            delivery: DeliverySeed { crm: errands() },
            intake: intake(roles, plots),
            whatsapp: intake(roles, plots),
            sweeper: SweeperSeed { crm: errands(), relay: relay(), pace },
            consumer,
            desk: plan.staff.filter(|_| roles.desk).map(|staff| desk(errands(), staff)),
            owner: plan.owner,
        }
    }
}

/// What is to be done by a part that is not here, others are told of.
fn crm(store: Arc<dyn Store>, without_bus: bool, roles: Roles, plots: &Plots) -> CrmSeed {
    let relay = if without_bus && !roles.agent {
        plots.bells.work.address.clone().recipient()
    } else {
        plots.relay.address.clone().recipient()
    };
    let delivery = if roles.delivery {
        plots.delivery.address.clone().recipient()
    } else {
        plots.bells.replies.address.clone().recipient()
    };
    CrmSeed { store, relay, deliveries: vec![delivery] }
}

/// Who is stirred when another process rings. With Kafka work comes through the log.
fn listener(bells: Arc<dyn Bells>, without_bus: bool, roles: Roles, plots: &Plots) -> ListenerSeed {
    let work = || (Bell::Work, plots.relay.address.clone().recipient());
    let replies = || (Bell::Replies, plots.delivery.address.clone().recipient());
    let stirred = [(without_bus && roles.agent).then(work), roles.delivery.then(replies)];
    ListenerSeed { bells, stirred: stirred.into_iter().flatten().collect() }
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
fn intake(roles: Roles, plots: &Plots) -> IntakeSeed {
    let admission = Admission::new(if roles.intake { UNDER_WAY } else { 0 });
    IntakeSeed { crm: plots.crm.address.clone().recipient(), admission }
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

/// Channels without a row don't wait.
fn quiet_periods(channels: Vec<ChannelConfig>) -> Rc<dyn Fn(Channel) -> Duration> {
    Rc::new(move |channel| {
        let config = channels.iter().find(|config| config.channel == channel);
        config.map_or(Duration::ZERO, |config| config.quiet)
    })
}
