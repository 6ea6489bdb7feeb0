//! The tree of actors: all contexts first, so that each actor is made knowing the addresses of the others.

mod chat;

use std::cell::Cell;
use std::rc::Rc;
use std::sync::Arc;
use std::time::Duration;

use actix::prelude::*;
use tokio::sync::Semaphore;

use super::{Supervisor, SupervisorSeed};
use crate::actors::ask::Admission;
use crate::actors::conversation::ConversationWires;
use crate::actors::crm::{Crm, CrmSeed, Errand};
use crate::actors::delivery::{Delivery, DeliverySeed};
use crate::actors::desk::{Desk, DeskSeed};
use crate::actors::intake::{Intake, IntakeSeed, UNDER_WAY};
use crate::actors::messages::{Drain, Read, RecordStatus, ReportHealth, TakeIn};
use crate::actors::pool::{DrainPool, Pool, PoolSeed};
use crate::actors::relay::{Relay, RelaySeed, StopRelaying};
use crate::actors::shell::{Shell, Worker};
use crate::actors::standing::Standing;
use crate::actors::sweeper::{Sweeper, SweeperSeed};
use crate::actors::trouble::Trouble;
use crate::agent::budgets::Budgets;
use crate::agent::port::LanguageModel;
use crate::channels::staff::TellStaff;
use crate::crm::port::{ChannelConfig, Store};
use crate::domain::ids::ProcessId;
use crate::domain::words::Channel;

use chat::ChatPlots;

pub use chat::{ChatPlan, Sending};

/// What the tree is grown from.
pub struct Plan {
    pub store: Arc<dyn Store>,
    pub model: Arc<dyn LanguageModel>,
    pub budgets: Budgets,
    pub channels: Vec<ChannelConfig>,
    /// Who tells staff of escalations; nobody does where none is configured.
    pub staff: Option<Arc<dyn TellStaff>>,
    /// How WhatsApp reaches its customers; it does not where the channel is switched off.
    pub whatsapp: Option<ChatPlan>,
    /// Turns that run at once; 0 = none are taken.
    pub pool_size: usize,
    /// Idle conversations kept in memory.
    pub pool_idle: usize,
    pub owner: ProcessId,
}

/// What the supervisor holds of the tree.
pub struct Tree {
    pub relay: Recipient<StopRelaying>,
    pub pool: Recipient<DrainPool>,
    pub errands: Recipient<Errand>,
    pub standings: Vec<Arc<Standing>>,
    pub draining: Cell<bool>,
    /// Whether staff can be told of escalations; `None` where nobody is configured to.
    pub notices: Option<Arc<Trouble>>,
    /// Where WhatsApp is switched on.
    pub whatsapp: Option<Sending>,
    /// Nobody sends to them; they live as long as they have an address.
    _sweeper: Addr<Shell<Sweeper>>,
    _desk: Option<Addr<Shell<Desk>>>,
}

/// Where the outside knocks.
pub struct Doors {
    pub web_form: Recipient<TakeIn>,
    pub whatsapp: Recipient<TakeIn>,
    pub statuses: Recipient<RecordStatus>,
    pub records: Recipient<Read>,
    pub health: Recipient<ReportHealth>,
    pub drain: Recipient<Drain>,
}

/// A place for an actor that others may know of before it starts.
struct Plot<W: Worker> {
    ctx: Context<Shell<W>>,
    address: Addr<Shell<W>>,
    standing: Arc<Standing>,
}

impl<W: Worker> Plot<W> {
    fn new(name: &'static str) -> Self {
        let ctx = Context::new();
        let address = ctx.address();
        Self { ctx, address, standing: Standing::new(name) }
    }

    fn plant(self, seed: W::Seed, standings: &mut Vec<Arc<Standing>>) -> Addr<Shell<W>> {
        standings.push(Arc::clone(&self.standing));
        self.ctx.run(Shell::new(seed, self.standing));
        self.address
    }
}

/// The places of all actors.
struct Plots {
    crm: Plot<Crm>,
    relay: Plot<Relay>,
    pool: Plot<Pool>,
    delivery: Plot<Delivery>,
    intake: Plot<Intake>,
    chat: ChatPlots,
    sweeper: Plot<Sweeper>,
    desk: Plot<Desk>,
    supervisor: Plot<Supervisor>,
}

impl Plots {
    fn new(plan: &Plan) -> Self {
        Self {
            crm: Plot::new("crm"),
            relay: Plot::new("relay"),
            pool: Plot::new("pool"),
            delivery: Plot::new("delivery"),
            intake: Plot::new("intake"),
            chat: ChatPlots::new(plan.whatsapp.as_ref()),
            sweeper: Plot::new("sweeper"),
            desk: Plot::new("desk"),
            supervisor: Plot::new("supervisor"),
        }
    }
}

/// Starts every actor on the current arbiter.
pub fn plant(plan: Plan) -> Doors {
    let plots = Plots::new(&plan);
    let conversations = Standing::new("conversation");
    let seeds = Seeds::new(plan, &plots, Arc::clone(&conversations));
    let mut standings = vec![conversations];
    let crm = plots.crm.plant(seeds.crm, &mut standings);
    let pool = plots.pool.plant(seeds.pool, &mut standings);
    let relay = plots.relay.plant(seeds.relay, &mut standings);
    plots.delivery.plant(seeds.delivery, &mut standings);
    let intake = plots.intake.plant(seeds.intake, &mut standings);
    let chat = plots.chat.plant(seeds.whatsapp, &crm, &mut standings);
    let sweeper = plots.sweeper.plant(seeds.sweeper, &mut standings);
    let notices = seeds.desk.as_ref().map(|desk| Arc::clone(&desk.trouble));
    let desk = seeds.desk.map(|seed| plots.desk.plant(seed, &mut standings));
    let tree = Tree {
        relay: relay.recipient(),
        pool: pool.recipient(),
        errands: crm.clone().recipient(),
        standings,
        draining: Cell::new(false),
        notices,
        whatsapp: chat.sending,
        _sweeper: sweeper,
        _desk: desk,
    };
    let seed = SupervisorSeed { tree: Rc::new(tree), owner: seeds.owner };
    let supervisor = plots.supervisor.plant(seed, &mut Vec::new());
    Doors {
        web_form: intake.recipient(),
        whatsapp: chat.door,
        statuses: crm.clone().recipient(),
        records: crm.recipient(),
        health: supervisor.clone().recipient(),
        drain: supervisor.recipient(),
    }
}

/// What each actor is made from, the addresses of the others included.
struct Seeds {
    crm: CrmSeed,
    pool: PoolSeed,
    relay: RelaySeed,
    delivery: DeliverySeed,
    intake: IntakeSeed,
    whatsapp: Option<ChatPlan>,
    sweeper: SweeperSeed,
    desk: Option<DeskSeed>,
    owner: ProcessId,
}

impl Seeds {
    fn new(plan: Plan, plots: &Plots, conversations: Arc<Standing>) -> Self {
        let errands = || plots.crm.address.clone().recipient();
        let relay = || plots.relay.address.clone().recipient();
        let wires = ConversationWires {
            turns: plots.crm.address.clone().recipient(),
            errands: errands(),
            model: plan.model,
            budgets: plan.budgets,
            owner: plan.owner,
            quiet: quiet_periods(plan.channels),
            alone: Rc::new(Semaphore::new(1)),
        };
        Self {
            crm: CrmSeed {
                store: plan.store,
                relay: relay(),
                deliveries: [Some(plots.delivery.address.clone().recipient()), plots.chat.stirred()]
                    .into_iter()
                    .flatten()
                    .collect(),
            },
            pool: PoolSeed {
                size: plan.pool_size,
                idle_at_most: plan.pool_idle,
                wires: Rc::new(wires),
                relay: relay(),
                conversations,
            },
            relay: RelaySeed { crm: errands(), pool: plots.pool.address.clone().recipient() },
            delivery: DeliverySeed { crm: errands() },
            intake: IntakeSeed {
                crm: plots.crm.address.clone().recipient(),
                admission: Admission::new(UNDER_WAY),
            },
            whatsapp: plan.whatsapp,
            sweeper: SweeperSeed { crm: errands(), relay: relay() },
            desk: plan.staff.map(|staff| DeskSeed { crm: errands(), staff, trouble: Arc::default() }),
            owner: plan.owner,
        }
    }
}

/// Channels without a row don't wait.
fn quiet_periods(channels: Vec<ChannelConfig>) -> Rc<dyn Fn(Channel) -> Duration> {
    Rc::new(move |channel| {
        let config = channels.iter().find(|config| config.channel == channel);
        config.map_or(Duration::ZERO, |config| config.quiet)
    })
}
