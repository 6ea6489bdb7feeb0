//! The branch of a chat channel: its door, and, where an account is configured and it is this process's part, the
//! delivery of its replies, the fetching of its files, and the comparison with the provider's list.

use std::rc::Rc;
use std::sync::Arc;

use actix::prelude::*;

use super::{Plan, Plot};
use crate::actors::crm::{Crm, Stir};
use crate::actors::delivery::chat::{ChatDelivery, ChatDeliverySeed, ChatSettings, ChatWires, StopSending};
use crate::actors::fetcher::{Fetcher, FetcherSeed, FetcherWires};
use crate::actors::intake::{Intake, IntakeSeed};
use crate::actors::messages::TakeIn;
use crate::actors::reconciler::{Pace, Reconciler, ReconcilerSeed, ReconcilerWires};
use crate::actors::registrar::{Registrar, RegistrarSeed, RegistrarWires};
use crate::actors::shell::Shell;
use crate::actors::standing::Standing;
use crate::actors::trouble::Trouble;
use crate::channels::letters::MailCodes;
use crate::channels::port::{Mailbox, MediaSource, MediaStore, Messenger};
use crate::domain::texts::Texts;

/// How a chat channel reaches its customers.
pub struct ChatPlan {
    pub messenger: Arc<dyn Messenger>,
    pub settings: ChatSettings,
    pub mailbox: Arc<dyn Mailbox>,
    pub pace: Pace,
    pub media: Arc<dyn MediaSource>,
    pub files: Arc<dyn MediaStore>,
    /// Who mails the codes by which a chat is linked to a customer; without one that is left to staff.
    pub codes: Option<Arc<dyn MailCodes>>,
}

/// The places of the branch.
pub struct ChatPlots {
    intake: Plot<Intake>,
    delivery: Option<Plot<ChatDelivery>>,
    fetcher: Option<Plot<Fetcher>>,
    reconciler: Option<Plot<Reconciler>>,
    registrar: Option<Plot<Registrar>>,
}

/// What the tree holds of it.
pub struct ChatTree {
    pub door: Recipient<TakeIn>,
    pub sending: Option<Sending>,
    pub helpers: Helpers,
}

/// The delivery of a channel that is configured.
pub struct Sending {
    pub stop: Recipient<StopSending>,
    pub trouble: Arc<Trouble>,
}

/// Nobody sends to them; they live as long as they have an address.
pub struct Helpers {
    _fetcher: Option<Addr<Shell<Fetcher>>>,
    _reconciler: Option<Addr<Shell<Reconciler>>>,
    _registrar: Option<Addr<Shell<Registrar>>>,
}

impl ChatPlots {
    pub fn new(plan: &Plan) -> Self {
        let is_on = plan.whatsapp.is_some();
        let (takes_in, delivers) = (is_on && plan.roles.intake, is_on && plan.roles.delivery);
        let mails = delivers && plan.whatsapp.as_ref().is_some_and(|chat| chat.codes.is_some());
        Self {
            intake: Plot::new("intake-whatsapp"),
            registrar: mails.then(|| Plot::new("registrar")),
            delivery: delivers.then(|| Plot::new("delivery-whatsapp")),
            fetcher: takes_in.then(|| Plot::new("fetcher")),
            reconciler: takes_in.then(|| Plot::new("reconciler")),
        }
    }

    /// Who wants to know of finished turns.
    pub fn stirred(&self) -> impl Iterator<Item = Recipient<Stir>> {
        let delivery = self.delivery.as_ref().map(|plot| plot.address.clone().recipient());
        let registrar = self.registrar.as_ref().map(|plot| plot.address.clone().recipient());
        delivery.into_iter().chain(registrar)
    }

    pub fn plant(
        self,
        door: IntakeSeed,
        plan: Option<ChatPlan>,
        crm: &Addr<Shell<Crm>>,
        texts: Arc<Texts>,
        standings: &mut Vec<Arc<Standing>>,
    ) -> ChatTree {
        let door: Recipient<TakeIn> = self.intake.plant(door, standings).recipient();
        let plan = plan.as_ref();
        let sending = self.delivery.zip(plan).map(|(plot, plan)| {
            let trouble = Arc::new(Trouble::default());
            let seed = delivery(plan, crm, Arc::clone(&trouble));
            Sending { stop: plot.plant(seed, standings).recipient(), trouble }
        });
        let fetcher = self.fetcher.zip(plan).map(|(plot, plan)| plot.plant(fetcher(plan, crm), standings));
        let reconciler = self.reconciler.zip(plan);
        let reconciler =
            reconciler.map(|(plot, plan)| plot.plant(reconciler_seed(plan, crm, door.clone()), standings));
        let mail = plan.and_then(|plan| plan.codes.clone());
        let registrar = self.registrar.zip(mail);
        let registrar = registrar.map(|(plot, mail)| {
            let wires = RegistrarWires { crm: crm.clone().recipient(), mail, texts };
            plot.plant(RegistrarSeed { wires: Rc::new(wires) }, standings)
        });
        let helpers = Helpers { _fetcher: fetcher, _reconciler: reconciler, _registrar: registrar };
        ChatTree { door, sending, helpers }
    }
}

fn delivery(plan: &ChatPlan, crm: &Addr<Shell<Crm>>, trouble: Arc<Trouble>) -> ChatDeliverySeed {
    let wires = ChatWires {
        crm: crm.clone().recipient(),
        statuses: crm.clone().recipient(),
        messenger: Arc::clone(&plan.messenger),
    };
    ChatDeliverySeed { wires: Rc::new(wires), settings: plan.settings, trouble }
}

fn fetcher(plan: &ChatPlan, crm: &Addr<Shell<Crm>>) -> FetcherSeed {
    let wires = FetcherWires {
        crm: crm.clone().recipient(),
        source: Arc::clone(&plan.media),
        store: Arc::clone(&plan.files),
    };
    FetcherSeed { wires: Rc::new(wires) }
}

fn reconciler_seed(plan: &ChatPlan, crm: &Addr<Shell<Crm>>, intake: Recipient<TakeIn>) -> ReconcilerSeed {
    let wires = ReconcilerWires {
        crm: crm.clone().recipient(),
        intake,
        mailbox: Arc::clone(&plan.mailbox),
        channel: plan.settings.channel,
        pace: plan.pace,
    };
    ReconcilerSeed { wires: Rc::new(wires) }
}
