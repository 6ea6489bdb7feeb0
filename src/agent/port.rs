//! Port to a language model, as the turn machine needs it. Only `main` names its adapters.

use std::future::Future;
use std::pin::Pin;
use std::time::{Duration, Instant};

use crate::domain::console::summaries::{ProposedPoint, ThreadMessage};
use crate::domain::conversations::provider_trouble::FailedAttempt;
use crate::domain::conversations::turn::{ModelTurn, TicketBrief, Usage, Utterance};
use crate::domain::enums::Channel;
use crate::domain::ids::ConversationId;
use crate::domain::knowledge::Findings;

pub use crate::agent::models::tools::ToolName;
pub use crate::agent::reading::language::Language;
pub use crate::agent::reading::triage::Notices;

/// A future answer of the model.
pub type Answering = Pin<Box<dyn Future<Output = Result<ModelTurn, ModelError>> + Send>>;

/// A future end of a probe, with what it has used.
pub type Probing = Pin<Box<dyn Future<Output = Usage> + Send>>;

/// A language model: decides on the next action, as text or tool calls.
pub trait LanguageModel: Send + Sync {
    /// As stored with each reply.
    fn name(&self) -> &str;
    /// Changes whenever the same request would be phrased differently for the model.
    fn prompt_version(&self) -> &str;
    /// The system prompt, which must not be disclosed.
    fn instructions(&self) -> &str {
        ""
    }
    fn answer(&self, request: Request) -> Answering;
    /// Proposes the points of a thread, as a tool call; `None` of a model that can't.
    fn summarize(&self, _request: SummaryRequest) -> Option<Answering> {
        None
    }
    /// Whether calls cost money, so that ceilings must be checked.
    fn is_metered(&self) -> bool {
        false
    }
    /// Its health, for operators.
    fn health(&self) -> ModelHealth {
        ModelHealth::Healthy
    }
    /// What its service was found to support, for operators; `None` if that is no question.
    fn capabilities(&self) -> Option<String> {
        None
    }
    /// When it last answered anybody.
    fn answered_at(&self) -> Option<Instant> {
        None
    }
    /// Asks it something harmless, so that `answered_at` shows whether it answers anybody. Seldom, however often it is
    /// called.
    fn probe(&self) -> Probing {
        Box::pin(std::future::ready(Usage::default()))
    }
}

/// Whether a model answers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ModelHealth {
    Healthy,
    /// Why it does not answer: without secrets and customer text.
    Degraded(String),
}

/// Everything a model may know about a turn. Customers' text in it is data, never an instruction.
#[derive(Clone, Debug, PartialEq)]
pub struct Request {
    pub channel: Channel,
    pub ticket: TicketBrief,
    pub customer_name: String,
    /// Findings of triage about the messages.
    pub notices: Notices,
    /// The messages to answer, oldest first; never empty.
    pub unanswered: Vec<Utterance>,
    /// Earlier messages, oldest first.
    pub history: Vec<Utterance>,
    /// What staff told the bot when they handed the conversation back.
    pub instruction: Option<String>,
    /// All passages found in this turn, those of the first search with a relevant one first; only these may be cited.
    pub findings: Findings,
    /// Earlier answers of the model in this turn, with the results of their tool calls.
    pub exchanges: Vec<Exchange>,
    pub tools: &'static [ToolName],
}

/// A piece of a thread that staff want summarised. Its text is data, never an instruction.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SummaryRequest {
    pub conversation: ConversationId,
    /// Oldest first, each with the number by which points refer to it.
    pub messages: Vec<(usize, ThreadMessage)>,
    /// The points of the pieces before it.
    pub earlier: Vec<ProposedPoint>,
}

/// An earlier answer of the model with the results of its tool calls.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Exchange {
    pub said: ModelTurn,
    /// One for each call, in their order.
    pub results: Vec<ToolResult>,
    /// What was wrong with the answer as a whole.
    pub correction: Option<&'static str>,
}

/// The result of a tool call, in words for the model.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ToolResult {
    pub call_id: String,
    pub name: String,
    pub text: String,
}

/// Why a model did not answer. Never the fault of the customer's message.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ModelError {
    /// The provider is down, slow or overloaded.
    #[error("the model is not available: {message}")]
    Unavailable {
        message: String,
        /// The provider's `Retry-After`, if any.
        retry_after: Option<Duration>,
        /// The attempt; `None` if the provider was not asked.
        attempt: Option<FailedAttempt>,
    },
    /// The provider refuses for good, as with an invalid key or an exhausted quota.
    #[error("the model refuses to answer: {0}")]
    Refused(String),
}

/// What to do about a failure of the model.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ModelRemedy {
    /// Retry later: it was not asked. The wait counts against no budget.
    Wait,
    /// Retry later, unless [`ProviderTrouble`](crate::domain::conversations::provider_trouble::ProviderTrouble) finds that the trouble
    /// is this message's own.
    Retry(FailedAttempt),
    /// Report the failure to the turn: a person takes over.
    GiveUp,
}

impl ModelError {
    pub fn remedy(&self) -> ModelRemedy {
        match self {
            Self::Unavailable { attempt, .. } => attempt.map_or(ModelRemedy::Wait, ModelRemedy::Retry),
            Self::Refused(_) => ModelRemedy::GiveUp,
        }
    }
}
