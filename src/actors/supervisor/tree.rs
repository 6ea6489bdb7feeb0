//! The tree of actors: all contexts first, so that each actor is made knowing the addresses of the others.

mod chat;

use std::cell::Cell;
use std::rc::Rc;
use std::sync::Arc;
use std::time::Duration;

use actix::prelude::*;

use super::seeds::{BellSeeds, Seeds};
use super::{Supervisor, SupervisorSeed};
use crate::actors::bell::{Listener, Ringer};
use crate::actors::consumer::{Consumer, LeaveGroup, StopConsuming};
use crate::actors::crm::{Crm, Errand};
use crate::actors::delivery::Delivery;
use crate::actors::desk::Desk;
use crate::actors::intake::Intake;
use crate::actors::messages::{AdjustPool, Drain, Read, RecordStatus, ReportHealth, TakeIn};
use crate::actors::pool::{DrainPool, Limits, Pool};
use crate::actors::relay::{Relay, StopRelaying};
use crate::actors::shell::{Shell, Worker};
use crate::actors::standing::Standing;
use crate::actors::sweeper::Sweeper;
use crate::actors::trouble::Trouble;
use crate::agent::budgets::{Budgets, Ceilings};
use crate::agent::handbook::Handbook;
use crate::agent::port::LanguageModel;
use crate::bus::port::{Group, Log};
use crate::channels::staff::TellStaff;
use crate::crm::port::{Bells, ChannelConfig, Store};
use crate::domain::ids::ProcessId;
use crate::domain::roles::Roles;
use crate::knowledge::port::Embedder;

use chat::ChatPlots;

pub use chat::{ChatPlan, Sending};

/// What the tree is grown from.
pub struct Plan {
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
    /// How WhatsApp reaches its customers; it does not where the channel is switched off.
    pub whatsapp: Option<ChatPlan>,
    pub limits: Arc<Limits>,
    /// Wake-ups from other processes of the same database; without them everybody looks by himself.
    pub bells: Option<Arc<dyn Bells>>,
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

impl From<Addr<Shell<Consumer>>> for Consuming {
    fn from(consumer: Addr<Shell<Consumer>>) -> Self {
        Self { stop: consumer.clone().recipient(), leave: consumer.recipient() }
    }
}

/// What the supervisor holds of the tree.
pub struct Tree {
    pub relay: Recipient<StopRelaying>,
    pub pool: Recipient<DrainPool>,
    pub consumer: Option<Consuming>,
    /// Says why Kafka can't be reached; `None` without Kafka.
    pub log: Option<Arc<dyn Log>>,
    pub roles: Roles,
    pub errands: Recipient<Errand>,
    pub standings: Vec<Arc<Standing>>,
    pub model: Arc<dyn LanguageModel>,
    pub draining: Cell<bool>,
    /// Whether staff can be told of escalations; `None` where nobody is configured to.
    pub notices: Option<Arc<Trouble>>,
    /// Where WhatsApp is switched on, and replies are this process's part.
    pub whatsapp: Option<Sending>,
    /// Nobody sends to them; they live as long as they have an address.
    _sweeper: Addr<Shell<Sweeper>>,
    _delivery: Option<Addr<Shell<Delivery>>>,
    _desk: Option<Addr<Shell<Desk>>>,
    _bells: PlantedBells,
    _helpers: chat::Helpers,
}

/// Where the outside knocks.
pub struct Doors {
    pub web_form: Recipient<TakeIn>,
    pub whatsapp: Recipient<TakeIn>,
    pub statuses: Recipient<RecordStatus>,
    pub records: Recipient<Read>,
    /// Only where turns are taken.
    pub pool: Option<Recipient<AdjustPool>>,
    pub health: Recipient<ReportHealth>,
    pub drain: Recipient<Drain>,
}

/// A place for an actor that others may know of before it starts.
pub(super) struct Plot<W: Worker> {
    ctx: Context<Shell<W>>,
    pub(super) address: Addr<Shell<W>>,
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
pub(super) struct Plots {
    pub(super) crm: Plot<Crm>,
    pub(super) relay: Plot<Relay>,
    pub(super) pool: Plot<Pool>,
    pub(super) delivery: Plot<Delivery>,
    pub(super) intake: Plot<Intake>,
    pub(super) chat: ChatPlots,
    pub(super) sweeper: Plot<Sweeper>,
    pub(super) desk: Plot<Desk>,
    pub(super) consumer: Plot<Consumer>,
    pub(super) bells: BellPlots,
    pub(super) supervisor: Plot<Supervisor>,
}

impl Plots {
    fn new(plan: &Plan) -> Self {
        Self {
            crm: Plot::new("crm"),
            relay: Plot::new("relay"),
            pool: Plot::new("pool"),
            delivery: Plot::new("delivery"),
            intake: Plot::new("intake"),
            chat: ChatPlots::new(plan),
            sweeper: Plot::new("sweeper"),
            desk: Plot::new("desk"),
            consumer: Plot::new("consumer"),
            bells: BellPlots {
                work: Plot::new("work_bell"),
                replies: Plot::new("reply_bell"),
                listener: Plot::new("listener"),
            },
            supervisor: Plot::new("supervisor"),
        }
    }
}

/// The places of those who wake others, and are woken.
pub(super) struct BellPlots {
    pub(super) work: Plot<Ringer>,
    pub(super) replies: Plot<Ringer>,
    listener: Plot<Listener>,
}

type PlantedBells = (Addr<Shell<Ringer>>, Addr<Shell<Ringer>>, Addr<Shell<Listener>>);

impl BellPlots {
    fn plant(self, seeds: BellSeeds, standings: &mut Vec<Arc<Standing>>) -> PlantedBells {
        (
            self.work.plant(seeds.work, standings),
            self.replies.plant(seeds.replies, standings),
            self.listener.plant(seeds.listener, standings),
        )
    }
}

/// Starts every actor on the current arbiter.
pub fn plant(plan: Plan) -> Doors {
    let plots = Plots::new(&plan);
    let (roles, log) = (plan.roles, plan.bus.as_ref().map(|bus| Arc::clone(&bus.log)));
    let seeds = Seeds::new(plan, &plots);
    let mut standings = vec![Arc::clone(&seeds.pool.conversations)];
    let crm = plots.crm.plant(seeds.crm, &mut standings);
    let pool = plots.pool.plant(seeds.pool, &mut standings);
    let relay = plots.relay.plant(seeds.relay, &mut standings);
    let consumer = seeds.consumer.map(|seed| plots.consumer.plant(seed, &mut standings).into());
    let intake = plots.intake.plant(seeds.intake, &mut standings);
    let chat = plots.chat.plant(seeds.whatsapp, seeds.chat, &crm, seeds.texts, &mut standings);
    let sweeper = plots.sweeper.plant(seeds.sweeper, &mut standings);
    let tree = Tree {
        _bells: plots.bells.plant(seeds.bells, &mut standings),
        _delivery: roles.delivery.then(|| plots.delivery.plant(seeds.delivery, &mut standings)),
        _desk: seeds.desk.map(|seed| plots.desk.plant(seed, &mut standings)),
        relay: relay.recipient(),
        pool: pool.clone().recipient(),
        consumer,
        log,
        roles,
        errands: crm.clone().recipient(),
        standings,
        model: seeds.model,
        draining: Cell::new(false),
        notices: seeds.notices,
        whatsapp: chat.sending,
        _helpers: chat.helpers,
        _sweeper: sweeper,
    };
    let seed = SupervisorSeed { tree: Rc::new(tree), owner: seeds.owner };
    let supervisor = plots.supervisor.plant(seed, &mut vec![]);
    Doors {
        web_form: intake.recipient(),
        whatsapp: chat.door,
        statuses: crm.clone().recipient(),
        records: crm.recipient(),
        pool: roles.agent.then(|| pool.recipient()),
        health: supervisor.clone().recipient(),
        drain: supervisor.recipient(),
    }
}
