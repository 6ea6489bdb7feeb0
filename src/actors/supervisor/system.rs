//! Configuration of the actor system: the adapters and settings it is built from.

use std::sync::Arc;
use std::time::Duration;

use crate::actors::channels::delivery::chat::ChatSettings;
use crate::actors::conversations::pool::Limits;
use crate::actors::runtime::dependency_status::DependencyStatus;
use crate::actors::staff::reporter::ReportPlan;
use crate::agent::handbook::Handbook;
use crate::agent::port::LanguageModel;
use crate::agent::turn::budgets::{Budgets, Ceilings};
use crate::bus::port::{Group, Log};
use crate::channels::outgoing::PostEvent;
use crate::channels::port::{InboundFeed, MediaSource, MediaStore, MessageSender};
use crate::channels::staff::TellStaff;
use crate::channels::verification::SendVerificationCode;
use crate::crm::port::{ChannelConfig, SignalStream, Store};
use crate::domain::conversations::idle::IdleLimits;
use crate::domain::conversations::service_levels::SlaPlan;
use crate::domain::customers::rights::Retention;
use crate::domain::ids::ProcessId;
use crate::domain::runtime::roles::Roles;
use crate::knowledge::port::Embedder;

/// What the actor tree is built from.
pub struct SystemConfig {
    pub store: Store,
    pub model: Arc<dyn LanguageModel>,
    /// Without one, searches are by words alone.
    pub embedder: Option<Arc<dyn Embedder>>,
    /// How far the index of vectors is, while it is incomplete; `None` if no process builds one.
    pub index: Option<Arc<DependencyStatus>>,
    pub budgets: Budgets,
    pub ceilings: Ceilings,
    /// How long a message waits before its customer gets an acknowledgement of the delay.
    pub delay_ack: Duration,
    pub handbook: Arc<Handbook>,
    pub channels: Vec<ChannelConfig>,
    /// Notifies staff of escalations; `None` if it is not configured.
    pub staff: Option<Arc<dyn TellStaff>>,
    /// Sends events to webhooks; without one, other processes do.
    pub events: Option<Arc<dyn PostEvent>>,
    /// The channels with a provider that are switched on, one entry each.
    pub providers: Vec<ChannelPlan>,
    /// Who mails the codes by which a chat is linked to a customer; without one that is left to staff.
    pub codes: Option<Arc<dyn SendVerificationCode>>,
    /// The scheduled reports; `None` where nothing can mail them.
    pub reports: Option<Arc<ReportPlan>>,
    pub limits: Arc<Limits>,
    /// When tickets end by themselves.
    pub idle: IdleLimits,
    /// What the SLA clocks go by; without it, this process does not look at them.
    pub sla: Option<SlaConfig>,
    /// Customers' files, and how long data is kept.
    pub custody: Custody,
    /// Wake-ups from other processes of the same database; without them actors only poll.
    pub signals: Option<Arc<dyn SignalStream>>,
    /// The log between processes; without one, work is handed over in process.
    pub bus: Option<Bus>,
    pub roles: Roles,
    pub owner: ProcessId,
}

/// What the SLA clocks go by, and how reminders are mailed.
pub struct SlaConfig {
    pub plan: SlaPlan,
    /// Mails reminders to staff; `None` without a mailbox.
    pub mail: Option<Arc<dyn SendVerificationCode>>,
    /// Where the pages are, without a slash at its end.
    pub console: String,
}

/// What the `Custodian` keeps and removes.
#[derive(Clone, Debug, Default)]
pub struct Custody {
    /// The store of customers' files; without one, files are left to other processes.
    pub files: Option<Arc<dyn MediaStore>>,
    pub retention: Retention,
}

/// The log between processes: its producer and its consumer group.
#[derive(Clone)]
pub struct Bus {
    pub log: Arc<dyn Log>,
    pub group: Arc<dyn Group>,
}

/// How a channel with a provider reaches its customers: all that is to be said to add one.
pub struct ChannelPlan {
    pub settings: ChatSettings,
    pub sender: Arc<dyn MessageSender>,
    pub feeds: Vec<FeedPlan>,
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
