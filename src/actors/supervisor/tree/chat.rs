//! Supervision subtree of one provider channel: its intake, and, where it is this process's part, the delivery of its
//! replies, the download of its files and the polling of its feed. There is one for each [`ChannelPlan`].

use std::rc::Rc;
use std::sync::Arc;

use actix::prelude::*;

use crate::actors::channels::delivery::chat::{
    ChatDelivery, ChatDeliveryArgs, ChatSettings, ChatWires, StopSending,
};
use crate::actors::channels::fetcher::{Fetcher, FetcherArgs, FetcherWires};
use crate::actors::channels::intake::{Intake, IntakeArgs, TakeInFeed};
use crate::actors::channels::reconciler::{Reconciler, ReconcilerArgs, ReconcilerWires};
use crate::actors::messages::TakeIn;
use crate::actors::runtime::actor_health::ActorHealth;
use crate::actors::runtime::dependency_status::DependencyStatus;
use crate::actors::runtime::supervised::Supervised;
use crate::actors::store::crm::Wake;
use crate::actors::supervisor::records::StoreHandles;
use crate::actors::supervisor::slot::ActorSlot;
use crate::actors::supervisor::system::{ChannelPlan, FeedPlan, MediaPlan};
use crate::channels::port::MessageSender;
use crate::domain::enums::Channel;
use crate::domain::runtime::roles::Roles;

/// What the actors of a channel are called in logs, metrics and health.
struct ActorNames {
    intake: &'static str,
    delivery: &'static str,
    fetcher: &'static str,
    reconciler: &'static str,
}

macro_rules! names {
    ($channel:literal) => {
        ActorNames {
            intake: concat!("intake-", $channel),
            delivery: concat!("delivery-", $channel),
            fetcher: concat!("fetcher-", $channel),
            reconciler: concat!("reconciler-", $channel),
        }
    };
}

impl ActorNames {
    fn of(channel: Channel) -> Self {
        match channel {
            Channel::Email => names!("email"),
            Channel::Whatsapp => names!("whatsapp"),
            Channel::WebForm => names!("web_form"),
        }
    }
}

/// The places of the subtree.
pub struct ChannelSlots {
    intake: ActorSlot<Intake>,
    delivery: Option<ActorSlot<ChatDelivery>>,
    fetcher: Option<ActorSlot<Fetcher>>,
    /// One for each feed.
    reconcilers: Vec<ActorSlot<Reconciler>>,
}

/// The tree's view of it.
pub struct ChannelTree {
    pub intake: (Channel, Recipient<TakeIn>),
    pub stop_sending: Option<Recipient<StopSending>>,
    pub status: ChannelStatus,
    pub helpers: Helpers,
}

/// What is known of a channel's provider; `None` for what is not this process's part.
pub struct ChannelStatus {
    pub channel: Channel,
    pub sending: Option<Arc<DependencyStatus>>,
    pub reading: Vec<Arc<DependencyStatus>>,
}

impl ChannelStatus {
    /// The problems at present; `None` if the process neither sends nor reads.
    pub fn problems(&self) -> Option<Vec<String>> {
        let sending = self.sending.iter().map(|status| (status, "replies are not taken"));
        let reading = self.reading.iter().map(|status| (status, "messages are not read"));
        let problem = |(status, what): (&Arc<DependencyStatus>, &str)| {
            status.now().map(|problem| format!("{what}: {problem}"))
        };
        let is_ours = self.sending.is_some() || !self.reading.is_empty();
        is_ours.then(|| sending.chain(reading).filter_map(problem).collect())
    }
}

/// Never used, but an actor lives only as long as it has an address.
pub struct Helpers {
    _fetcher: Option<Addr<Supervised<Fetcher>>>,
    _reconcilers: Vec<Addr<Supervised<Reconciler>>>,
}

impl ChannelSlots {
    pub fn new(plan: &ChannelPlan, roles: Roles) -> Self {
        let names = ActorNames::of(plan.settings.channel);
        let fetches = plan.media.is_some();
        let feeds = plan.feeds.iter().filter(|_| roles.intake);
        Self {
            intake: ActorSlot::new(names.intake),
            delivery: roles.delivery.then(|| ActorSlot::new(names.delivery)),
            fetcher: (fetches && roles.intake).then(|| ActorSlot::new(names.fetcher)),
            reconcilers: feeds.map(|_| ActorSlot::new(names.reconciler)).collect(),
        }
    }

    /// Who wants to know of finished turns.
    pub fn woken(&self) -> Option<Recipient<Wake>> {
        self.delivery.as_ref().map(|slot| slot.address.clone().recipient())
    }

    pub fn spawn(
        self,
        intake: IntakeArgs,
        plan: ChannelPlan,
        records: &StoreHandles,
        actor_healths: &mut Vec<Arc<ActorHealth>>,
    ) -> ChannelTree {
        let channel = plan.settings.channel;
        let intake = self.intake.spawn(intake, actor_healths);
        let feeds: Recipient<TakeInFeed> = intake.clone().recipient();
        let intake: Recipient<TakeIn> = intake.recipient();
        let sending = self.delivery.map(|slot| {
            let problem = Arc::new(DependencyStatus::default());
            let args = delivery(plan.settings, plan.sender, records, Arc::clone(&problem));
            (problem, slot.spawn(args, actor_healths).recipient())
        });
        let (sending, stop_sending) = sending.unzip();
        let fetcher = self.fetcher.zip(plan.media);
        let fetcher =
            fetcher.map(|(slot, media)| slot.spawn(fetcher_args(channel, media, records), actor_healths));
        let reconcilers = self.reconcilers.into_iter().zip(plan.feeds).map(|(slot, feed)| {
            let args = reconciler_args(channel, feed, records, feeds.clone());
            (Arc::clone(&args.wires.problem), slot.spawn(args, actor_healths))
        });
        let (reading, reconcilers) = reconcilers.unzip();
        let helpers = Helpers { _fetcher: fetcher, _reconcilers: reconcilers };
        let status = ChannelStatus { channel, sending, reading };
        ChannelTree { intake: (channel, intake), stop_sending, status, helpers }
    }
}

fn delivery(
    settings: ChatSettings,
    sender: Arc<dyn MessageSender>,
    records: &StoreHandles,
    problem: Arc<DependencyStatus>,
) -> ChatDeliveryArgs {
    let wires = ChatWires {
        leases: records.crm.clone().recipient(),
        deliveries: records.handle(|store| &store.deliveries),
        statuses: records.crm.clone().recipient(),
        sender,
    };
    ChatDeliveryArgs { wires: Rc::new(wires), settings, problem }
}

fn fetcher_args(channel: Channel, media: MediaPlan, records: &StoreHandles) -> FetcherArgs {
    let MediaPlan { source, store } = media;
    let attachments = records.handle(|store| &store.attachments);
    FetcherArgs { wires: Rc::new(FetcherWires { channel, attachments, source, store }) }
}

fn reconciler_args(
    channel: Channel,
    feed: FeedPlan,
    records: &StoreHandles,
    intake: Recipient<TakeInFeed>,
) -> ReconcilerArgs {
    let FeedPlan { feed, every } = feed;
    let wires = ReconcilerWires {
        feeds: records.handle(|store| &store.feeds),
        intake,
        feed,
        channel,
        every,
        problem: Arc::new(DependencyStatus::default()),
    };
    ReconcilerArgs { wires: Rc::new(wires) }
}
