//! Shared application state of the handlers: the actors that they call, and the settings of the HTTP server.

use std::fmt;
use std::net::{IpAddr, Ipv4Addr};
use std::num::NonZeroU32;
use std::sync::Arc;
use std::time::{Duration, Instant};

use actix::Recipient;
use actix_web::HttpRequest;
use actix_web::web::Bytes;

use super::client_address::TrustedProxies;
use super::connection_limits::ConnectionLimits;
use super::problem::Problem;
use super::rate_limit::{Limiter, owner};
use super::rate_limits::RateLimits;
use super::session_cookie::CookieKind;
use super::stream_limit::StreamLimiter;
use super::submission_outcomes::SubmissionOutcomes;
use super::token::Token;
use crate::actors::messages::{
    AdjustPool, ApproveProposal, AskForPerson, ChangeCredentials, CheckWebhook, EraseCustomer, Follow,
    FollowDesk, GroupQuestions, LogIn, OfferTotp, PerformAction, PerformBulk, ProveAddress, ProveProgress,
    RecordStatus, ReplayTurn, ReportHealth, SearchHelp, StartRun, Suggest, Summarize, TakeIn, UndoBulk,
};
use crate::actors::store::store_handle::StoreHandle;
use crate::channels::port::{MediaStore, PushReceiver};
use crate::channels::whatsapp::Verifier;
use crate::clock;
use crate::crm::port::{
    Accounts, Articles, AuditLog, CustomerRights, DeskTools, Feeds, Gaps, Knowledge, Macros, Proposals,
    QualityReviews, Queues, SavedViews, SideConversations, StaffEvents, SupportReports, TicketPages, Views,
    WebIdentities, Webhooks,
};
use crate::domain::enums::Channel;
use crate::domain::ids::StaffId;
use crate::domain::wording::texts::Texts;
use crate::http::pages::{PagePolicy, Site};
use crate::live_secret::LiveSecret;
use crate::mcp::McpMount;

/// The actors that the handlers call.
#[derive(Clone, Debug)]
pub struct Wires {
    pub intake: Recipient<TakeIn>,
    /// Of each channel with a provider.
    pub channels: Vec<(Channel, Recipient<TakeIn>)>,
    pub statuses: Recipient<RecordStatus>,
    pub views: StoreHandle<dyn Views>,
    pub ticket_pages: StoreHandle<dyn TicketPages>,
    pub knowledge: StoreHandle<dyn Knowledge>,
    pub follow: Recipient<Follow>,
    pub search_help: Recipient<SearchHelp>,
    pub ask_for_person: Recipient<AskForPerson>,
    pub accounts: StoreHandle<dyn Accounts>,
    pub log_in: Recipient<LogIn>,
    pub change_credentials: Recipient<ChangeCredentials>,
    pub offer_totp: Recipient<OfferTotp>,
    pub customer_rights: StoreHandle<dyn CustomerRights>,
    pub erase_customer: Recipient<EraseCustomer>,
    pub queues: StoreHandle<dyn Queues>,
    pub reports: StoreHandle<dyn SupportReports>,
    pub perform: Recipient<PerformAction>,
    pub perform_bulk: Recipient<PerformBulk>,
    pub undo_bulk: Recipient<UndoBulk>,
    pub side_conversations: StoreHandle<dyn SideConversations>,
    pub suggest: Recipient<Suggest>,
    pub summarize: Recipient<Summarize>,
    pub replay_turn: Recipient<ReplayTurn>,
    pub follow_desk: Recipient<FollowDesk>,
    pub staff_events: StoreHandle<dyn StaffEvents>,
    pub desk_tools: StoreHandle<dyn DeskTools>,
    pub macros: StoreHandle<dyn Macros>,
    pub saved_views: StoreHandle<dyn SavedViews>,
    pub quality: StoreHandle<dyn QualityReviews>,
    pub webhooks: StoreHandle<dyn Webhooks>,
    pub check_webhook: Recipient<CheckWebhook>,
    pub audit_log: StoreHandle<dyn AuditLog>,
    pub learning: LearningWires,
    pub web_identities: StoreHandle<dyn WebIdentities>,
    pub prove_address: Recipient<ProveAddress>,
    /// Present only if this process runs turns.
    pub pool: Option<Recipient<AdjustPool>>,
    pub supervisor: Recipient<ReportHealth>,
    pub progress: Recipient<ProveProgress>,
}

/// What the handlers of the knowledge base call.
#[derive(Clone, Debug)]
pub struct LearningWires {
    pub articles: StoreHandle<dyn Articles>,
    pub gaps: StoreHandle<dyn Gaps>,
    pub proposals: StoreHandle<dyn Proposals>,
    pub group_questions: Recipient<GroupQuestions>,
    pub approve_proposal: Recipient<ApproveProposal>,
    pub start_run: Recipient<StartRun>,
}

impl Wires {
    pub fn intake_of(&self, channel: Channel) -> Option<&Recipient<TakeIn>> {
        self.channels.iter().find(|(of, _)| *of == channel).map(|(_, intake)| intake)
    }
}

/// What the server must be told; `main` fills it from the configuration.
#[derive(Clone, Debug)]
pub struct Settings {
    /// Threads that read requests and write answers.
    pub workers: usize,
    /// Exact origins that CORS allows; empty for none.
    pub cors_origins: Vec<String>,
    /// The bearer token of the built-in account `service`; without one, only sessions and tokens of programs have access.
    pub api_token: Option<LiveSecret>,
    pub trusted_proxies: TrustedProxies,
    pub connections: ConnectionLimits,
    /// Submissions per minute and client address, and likewise follow-ups, also per ticket; `None` is no limit.
    pub submit_rate_per_minute: Option<NonZeroU32>,
    /// Timeout of a request's body.
    pub body_within: Duration,
    /// Those of each channel with webhooks; without them, the channel's routes are switched off.
    pub webhooks: Vec<ChannelWebhooks>,
    /// Pushes about mailboxes; without them, their route is switched off.
    pub pushes: Option<Pushes>,
    /// The MCP server; without it, its route is switched off.
    pub mcp: Option<McpSettings>,
    /// The store of customers' files.
    pub files: Option<Arc<dyn MediaStore>>,
    pub texts: Arc<Texts>,
    /// What the pages are told of this installation.
    pub site: Site,
    /// Where customers reach this program, without a trailing slash.
    pub public_url: String,
    /// Whether codes by which customers prove an address can be mailed.
    pub mails_codes: bool,
    pub cookie: CookieKind,
    pub version: &'static str,
    pub started: Instant,
}

/// The receiver of a provider's pushes, and where they are stored.
#[derive(Clone, Debug)]
pub struct Pushes {
    pub receiver: Arc<dyn PushReceiver>,
    pub feeds: StoreHandle<dyn Feeds>,
}

/// The MCP server at its address, and how often one token may call it.
#[derive(Clone, Debug)]
pub struct McpSettings {
    pub mount: McpMount,
    /// Requests per minute and token; `None` is no limit.
    pub rate_per_minute: Option<NonZeroU32>,
}

/// Verification of the requests that a channel's provider sends.
#[derive(Clone, Debug)]
pub struct ChannelWebhooks {
    pub channel: Channel,
    pub verifier: Verifier,
    /// The URL at which the provider reaches us, without a trailing slash: Twilio signs it, even if proxies rewrite it.
    pub public_url: String,
}

/// Requests for codes and attempts together, per minute and address.
const PROOFS_PER_MINUTE: NonZeroU32 = NonZeroU32::new(20).unwrap();

/// State shared by all handlers.
pub struct Shared {
    pub wires: Wires,
    pub token: Option<Token>,
    pub trusted_proxies: TrustedProxies,
    pub rates: Option<RateLimits>,
    /// Requests for codes and attempts, of each address.
    proofs: Limiter<IpAddr>,
    pub mails_codes: bool,
    pub submissions: SubmissionOutcomes,
    /// Of each address, as the limit of requests counts it.
    pub streams: StreamLimiter<IpAddr>,
    /// Of each account of staff.
    pub staff_streams: StreamLimiter<StaffId>,
    pub body_within: Duration,
    webhooks: Vec<ChannelWebhooks>,
    pub pushes: Option<Pushes>,
    pub mcp: Option<McpMount>,
    /// Of each token, by its digest.
    pub program_rates: Option<Limiter<[u8; 32]>>,
    pub files: Option<Arc<dyn MediaStore>>,
    pub texts: Arc<Texts>,
    pub site: Site,
    pub public_url: String,
    pub page_policy: PagePolicy,
    pub cookie: CookieKind,
    pub version: &'static str,
    pub started: Instant,
    /// The OpenAPI document, as it is served.
    pub openapi: Bytes,
}

impl Shared {
    pub fn new(wires: Wires, settings: Settings, openapi: Bytes) -> Self {
        Self {
            openapi,
            wires,
            token: settings.api_token.as_ref().map(Token::new),
            trusted_proxies: settings.trusted_proxies,
            rates: settings.submit_rate_per_minute.map(RateLimits::new),
            proofs: Limiter::new(PROOFS_PER_MINUTE),
            mails_codes: settings.mails_codes,
            submissions: SubmissionOutcomes::default(),
            streams: StreamLimiter::default(),
            staff_streams: StreamLimiter::default(),
            body_within: settings.body_within,
            webhooks: settings.webhooks,
            pushes: settings.pushes,
            program_rates: settings.mcp.as_ref().and_then(|mcp| mcp.rate_per_minute).map(Limiter::new),
            mcp: settings.mcp.map(|mcp| mcp.mount),
            files: settings.files,
            texts: settings.texts,
            page_policy: PagePolicy::new(&settings.site.api_base, &settings.cors_origins),
            site: settings.site,
            public_url: settings.public_url,
            cookie: settings.cookie,
            version: settings.version,
            started: settings.started,
        }
    }

    /// The client's address, by which it is limited; all connections without one share one limit.
    pub fn client(&self, request: &HttpRequest) -> IpAddr {
        self.trusted_proxies.client(request).unwrap_or(IpAddr::V4(Ipv4Addr::UNSPECIFIED))
    }

    /// Refuses a request for a code, or an attempt, if its address has made too many.
    pub fn admit_proof(&self, request: &HttpRequest) -> Result<(), Problem> {
        self.proofs.admit(owner(self.client(request)), clock::monotonic()).map_err(Problem::too_many)
    }

    /// `None` if the channel is not configured.
    pub fn webhooks_of(&self, channel: Channel) -> Option<&ChannelWebhooks> {
        self.webhooks.iter().find(|webhooks| webhooks.channel == channel)
    }
}

impl fmt::Debug for Shared {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Shared").field("version", &self.version).finish_non_exhaustive()
    }
}
