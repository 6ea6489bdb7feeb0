//! Store ports (hexagonal architecture): one trait for each aggregate, implemented by the adapter `postgres`.
//!
//! Batches are answered member by member, in order: one bad row never fails its neighbours.

mod accounts;
mod attachments;
mod audit_log;
mod bulk;
mod clocks;
mod console;
mod customer_rights;
mod deliveries;
mod desk_tools;
mod escalations;
mod feeds;
mod histories;
mod inquiries;
mod knowledge;
mod learning;
mod live_events;
mod maintenance;
mod outbox;
mod past_turns;
mod quality;
mod reports;
mod saved_views;
mod side;
mod signals;
mod staff_events;
mod suggestions;
mod summaries;
mod ticket_pages;
mod turns;
mod verification;
mod views;
mod web_identities;
mod webhooks;

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;

pub use self::accounts::{AccountAdmin, Accounts};
pub use self::attachments::{AttachmentEnd, Attachments, ToFetch};
pub use self::audit_log::AuditLog;
pub use self::bulk::{BulkActions, BulkActor};
pub use self::clocks::SlaClockStore;
pub use self::console::{Queues, StaffActions};
pub use self::customer_rights::CustomerRights;
pub use self::deliveries::{Attempt, Deliveries, LeaseRequest, ProviderFinding, ResolutionOutcome};
pub use self::desk_tools::{DeskTools, Macros};
pub use self::escalations::Escalations;
pub use self::feeds::{Cursor, Feeds};
pub use self::histories::Histories;
pub use self::inquiries::Inquiries;
pub use self::knowledge::Knowledge;
pub use self::learning::{Articles, Gaps, ProposalRuns, Proposals};
pub use self::live_events::LiveEvents;
pub use self::maintenance::{ChannelConfig, Maintenance};
pub use self::outbox::{Backlog, Outbox, OutboxRow, Pointer, Sweep};
pub use self::past_turns::PastTurns;
pub use self::quality::QualityReviews;
pub use self::reports::SupportReports;
pub use self::saved_views::SavedViews;
pub use self::side::SideConversations;
pub use self::signals::{Signal, SignalStream, Signals};
pub use self::staff_events::StaffEvents;
pub use self::suggestions::Suggestions;
pub use self::summaries::Summaries;
pub use self::ticket_pages::{PageState, Rating, TicketPages};
pub use self::turns::{BeginTurn, Held, RecordSteps, Turns};
pub use self::verification::{ClaimedVerification, Joined, Verification, VerificationMailOutcome};
pub use self::views::Views;
pub use self::web_identities::{PageCode, RightCode, WebIdentities};
pub use self::webhooks::Webhooks;

/// A future answer of the store.
pub type StoreFuture<T> = Pin<Box<dyn Future<Output = T> + Send>>;

/// The store, one trait object for each aggregate, each replaceable by another implementation.
#[derive(Clone)]
pub struct Store {
    pub inquiries: Arc<dyn Inquiries>,
    pub turns: Arc<dyn Turns>,
    pub past_turns: Arc<dyn PastTurns>,
    pub outbox: Arc<dyn Outbox>,
    pub signals: Arc<dyn Signals>,
    pub deliveries: Arc<dyn Deliveries>,
    pub attachments: Arc<dyn Attachments>,
    pub feeds: Arc<dyn Feeds>,
    pub verification: Arc<dyn Verification>,
    pub escalations: Arc<dyn Escalations>,
    pub knowledge: Arc<dyn Knowledge>,
    pub articles: Arc<dyn Articles>,
    pub gaps: Arc<dyn Gaps>,
    pub proposals: Arc<dyn Proposals>,
    pub proposal_runs: Arc<dyn ProposalRuns>,
    pub views: Arc<dyn Views>,
    pub histories: Arc<dyn Histories>,
    pub customer_rights: Arc<dyn CustomerRights>,
    pub ticket_pages: Arc<dyn TicketPages>,
    pub live_events: Arc<dyn LiveEvents>,
    pub accounts: Arc<dyn Accounts>,
    pub queues: Arc<dyn Queues>,
    pub reports: Arc<dyn SupportReports>,
    pub staff_actions: Arc<dyn StaffActions>,
    pub bulk_actions: Arc<dyn BulkActions>,
    pub side_conversations: Arc<dyn SideConversations>,
    pub staff_events: Arc<dyn StaffEvents>,
    pub desk_tools: Arc<dyn DeskTools>,
    pub macros: Arc<dyn Macros>,
    pub saved_views: Arc<dyn SavedViews>,
    pub quality: Arc<dyn QualityReviews>,
    pub suggestions: Arc<dyn Suggestions>,
    pub summaries: Arc<dyn Summaries>,
    pub webhooks: Arc<dyn Webhooks>,
    pub audit_log: Arc<dyn AuditLog>,
    pub clocks: Arc<dyn SlaClockStore>,
    pub web_identities: Arc<dyn WebIdentities>,
    pub maintenance: Arc<dyn Maintenance>,
}

/// Why a store operation failed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CrmError {
    /// The database is away or overloaded; the same call may succeed later.
    #[error("the database is not available: {0}")]
    Unavailable(String),
    /// The database rejects this row; the same call will never succeed.
    #[error("the database refuses the row: {0}")]
    Invalid(String),
    /// The program and its schema disagree, or another unexpected failure.
    #[error("the database failed: {0}")]
    Failed(String),
}

/// What to do about a failure.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Remedy {
    /// Retry later; nothing is wrong with the work itself.
    Retry,
    /// Give up on this piece of work.
    Fail,
}

impl CrmError {
    pub fn remedy(&self) -> Remedy {
        match self {
            Self::Unavailable(_) => Remedy::Retry,
            Self::Invalid(_) | Self::Failed(_) => Remedy::Fail,
        }
    }
}
