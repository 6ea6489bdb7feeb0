//! What each actor of the tree is made from, the addresses of the others included. Here stands what a role, and Kafka,
//! change.

use std::rc::Rc;
use std::sync::Arc;
use std::time::Duration;

use actix::prelude::*;
use tokio::sync::Semaphore;

use super::tree::{Bus, ChatPlan, Plan, Plots};
use crate::actors::ask::Admission;
use crate::actors::consumer::ConsumerSeed;
use crate::actors::conversation::ConversationWires;
use crate::actors::crm::{CrmSeed, Errand, Stir};
use crate::actors::delivery::DeliverySeed;
use crate::actors::desk::DeskSeed;
use crate::actors::intake::{IntakeSeed, UNDER_WAY};
use crate::actors::pool::PoolSeed;
use crate::actors::relay::{RelaySeed, Way};
use crate::actors::standing::Standing;
use crate::actors::sweeper::{Pace, SweeperSeed};
use crate::actors::trouble::Trouble;
use crate::agent::port::LanguageModel;
use crate::channels::staff::TellStaff;
use crate::crm::port::ChannelConfig;
use crate::domain::ids::ProcessId;
use crate::domain::roles::Roles;
use crate::domain::words::Channel;

pub(super) struct Seeds {
    pub model: Arc<dyn LanguageModel>,
    pub crm: CrmSeed,
    pub pool: PoolSeed,
    pub relay: RelaySeed,
    pub delivery: DeliverySeed,
    pub intake: IntakeSeed,
    pub whatsapp: IntakeSeed,
    pub chat: Option<ChatPlan>,
    pub sweeper: SweeperSeed,
    pub desk: Option<DeskSeed>,
    /// Why staff can't be told, as the desk sees it.
    pub notices: Option<Arc<Trouble>>,
    pub consumer: Option<ConsumerSeed>,
    pub owner: ProcessId,
}

impl Seeds {
    pub fn new(plan: Plan, plots: &Plots, conversations: Arc<Standing>) -> Self {
        let (roles, bus) = (plan.roles, plan.bus.as_ref());
        let errands = || plots.crm.address.clone().recipient();
        let relay = || plots.relay.address.clone().recipient();
        let consumer = bus.filter(|_| roles.agent).map(|bus| consumer(bus, &plan, plots));
        let (relayed, pace) = (RelaySeed { crm: errands(), way: way(bus, roles, plots) }, pace(bus));
        let wires = ConversationWires {
            turns: plots.crm.address.clone().recipient(),
            errands: errands(),
            model: Arc::clone(&plan.model),
            embedder: plan.embedder,
            budgets: plan.budgets,
            ceilings: plan.ceilings,
            handbook: plan.handbook,
            owner: plan.owner,
            quiet: quiet_periods(plan.channels),
            alone: Rc::new(Semaphore::new(1)),
        };
        let desk = plan.staff.filter(|_| roles.desk).map(|staff| desk(errands(), staff));
        let consumes = || plots.consumer.address.clone();
        Self {
            model: plan.model,
            crm: CrmSeed { store: plan.store, relay: relay(), deliveries: deliveries(roles, plots) },
            pool: PoolSeed {
                limits: plan.limits,
                wires: Rc::new(wires),
                feeder: if consumer.is_some() { consumes().recipient() } else { relay() },
                consumer: consumer.is_some().then(|| consumes().recipient()),
                conversations,
            },
            relay: relayed,
            delivery: DeliverySeed { crm: errands() },
            intake: intake(roles, plots),
            whatsapp: intake(roles, plots),
            chat: plan.whatsapp,
            sweeper: SweeperSeed { crm: errands(), relay: relay(), pace, delay_ack: plan.delay_ack },
            consumer,
            notices: desk.as_ref().map(|desk| Arc::clone(&desk.trouble)),
            desk,
            owner: plan.owner,
        }
    }
}

/// Whom to stir when replies were written.
fn deliveries(roles: Roles, plots: &Plots) -> Vec<Recipient<Stir>> {
    let web_form = roles.delivery.then(|| plots.delivery.address.clone().recipient());
    web_form.into_iter().chain(plots.chat.stirred()).collect()
}

fn pace(bus: Option<&Bus>) -> Pace {
    if bus.is_some() { Pace::WITH_KAFKA } else { Pace::IN_PROCESS }
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
