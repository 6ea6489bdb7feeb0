//! The branch of a chat channel: its door, and, where an account is configured, the delivery of its replies.

use std::rc::Rc;
use std::sync::Arc;

use actix::prelude::*;

use super::Plot;
use crate::actors::ask::Admission;
use crate::actors::crm::{Crm, Stir};
use crate::actors::delivery::chat::{ChatDelivery, ChatDeliverySeed, ChatSettings, ChatWires, StopSending};
use crate::actors::fetcher::{Fetcher, FetcherSeed, FetcherWires};
use crate::actors::intake::{Intake, IntakeSeed, UNDER_WAY};
use crate::actors::messages::TakeIn;
use crate::actors::reconciler::{Pace, Reconciler, ReconcilerSeed, ReconcilerWires};
use crate::actors::shell::Shell;
use crate::actors::standing::Standing;
use crate::actors::trouble::Trouble;
use crate::channels::port::{Mailbox, MediaSource, MediaStore, Messenger};

/// How a chat channel reaches its customers.
pub struct ChatPlan {
    pub messenger: Arc<dyn Messenger>,
    pub settings: ChatSettings,
    pub mailbox: Arc<dyn Mailbox>,
    pub pace: Pace,
    pub media: Arc<dyn MediaSource>,
    pub files: Arc<dyn MediaStore>,
}

/// The places of the branch.
pub struct ChatPlots {
    intake: Plot<Intake>,
    sending: Option<SendingPlots>,
}

struct SendingPlots {
    delivery: Plot<ChatDelivery>,
    fetcher: Plot<Fetcher>,
    reconciler: Plot<Reconciler>,
}

/// What the supervisor holds of it.
pub struct ChatTree {
    pub door: Recipient<TakeIn>,
    pub sending: Option<Sending>,
}

/// The delivery of a channel that is configured.
pub struct Sending {
    pub stop: Recipient<StopSending>,
    pub trouble: Arc<Trouble>,
    /// Nobody sends to them; they live as long as they have an address.
    _fetcher: Addr<Shell<Fetcher>>,
    _reconciler: Addr<Shell<Reconciler>>,
}

impl ChatPlots {
    pub fn new(plan: Option<&ChatPlan>) -> Self {
        let sending = plan.map(|_| SendingPlots {
            delivery: Plot::new("delivery-whatsapp"),
            fetcher: Plot::new("fetcher"),
            reconciler: Plot::new("reconciler"),
        });
        Self { intake: Plot::new("intake-whatsapp"), sending }
    }

    /// Who wants to know of new replies.
    pub fn stirred(&self) -> Option<Recipient<Stir>> {
        self.sending.as_ref().map(|plots| plots.delivery.address.clone().recipient())
    }

    pub fn plant(
        self,
        plan: Option<ChatPlan>,
        crm: &Addr<Shell<Crm>>,
        standings: &mut Vec<Arc<Standing>>,
    ) -> ChatTree {
        let seed = IntakeSeed { crm: crm.clone().recipient(), admission: Admission::new(UNDER_WAY) };
        let door = self.intake.plant(seed, standings).recipient();
        let sending = plan.zip(self.sending).map(|(plan, plots)| plots.plant(plan, crm, &door, standings));
        ChatTree { door, sending }
    }
}

impl SendingPlots {
    fn plant(
        self,
        plan: ChatPlan,
        crm: &Addr<Shell<Crm>>,
        door: &Recipient<TakeIn>,
        standings: &mut Vec<Arc<Standing>>,
    ) -> Sending {
        let trouble = Arc::new(Trouble::default());
        let wires = ChatWires {
            crm: crm.clone().recipient(),
            statuses: crm.clone().recipient(),
            messenger: plan.messenger,
        };
        let delivery = ChatDeliverySeed {
            wires: Rc::new(wires),
            settings: plan.settings,
            trouble: Arc::clone(&trouble),
        };
        let wires = FetcherWires { crm: crm.clone().recipient(), source: plan.media, store: plan.files };
        let fetcher = FetcherSeed { wires: Rc::new(wires) };
        let wires = ReconcilerWires {
            crm: crm.clone().recipient(),
            intake: door.clone(),
            mailbox: plan.mailbox,
            channel: plan.settings.channel,
            pace: plan.pace,
        };
        let reconciler = ReconcilerSeed { wires: Rc::new(wires) };
        Sending {
            stop: self.delivery.plant(delivery, standings).recipient(),
            trouble,
            _fetcher: self.fetcher.plant(fetcher, standings),
            _reconciler: self.reconciler.plant(reconciler, standings),
        }
    }
}
