//! What the whole tree of actors is made from.

use std::sync::Arc;
use std::time::Duration;

use crate::actors::delivery::chat::ChatSettings;
use crate::actors::pool::Limits;
use crate::agent::budgets::{Budgets, Ceilings};
use crate::agent::handbook::Handbook;
use crate::agent::port::LanguageModel;
use crate::bus::port::{Group, Log};
use crate::channels::port::{InboundFeed, MediaSource, MediaStore, MessageSender};
use crate::channels::staff::TellStaff;
use crate::channels::verification::SendVerificationCode;
use crate::crm::port::{ChannelConfig, SignalStream, Store};
use crate::domain::ids::ProcessId;
use crate::domain::roles::Roles;
use crate::knowledge::port::Embedder;

/// What the tree is grown from.
pub struct SystemConfig {
    pub store: Store,
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

/// How a channel with a provider reaches its customers: all that is to be said to add one.
pub struct ChannelPlan {
    pub settings: ChatSettings,
    pub sender: Arc<dyn MessageSender>,
    pub feed: Option<FeedPlan>,
    pub media: Option<MediaPlan>,
}

/// A feed that is polled.
pub struct FeedPlan {
    pub feed: Arc<dyn InboundFeed>,
    /// Between two rounds.
    pub every: Duration,
}

/// Files that are fetched after their message came.
pub struct MediaPlan {
    pub source: Arc<dyn MediaSource>,
    pub store: Arc<dyn MediaStore>,
}
