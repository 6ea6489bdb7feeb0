//! What the turn machine asks of a language model. Adapters stand beside this file; nobody but `main` names them.

use std::future::Future;
use std::pin::Pin;
use std::time::Duration;

use crate::domain::enums::Channel;
use crate::domain::knowledge::Findings;
use crate::domain::turn::{ModelTurn, TicketBrief, Utterance};

pub use super::language::Language;
pub use super::tools::ToolName;
pub use super::triage::Notices;

/// An answer of the model that is on its way.
pub type Answering = Pin<Box<dyn Future<Output = Result<ModelTurn, ModelError>> + Send>>;

/// Something that says what to do next, in words or by calling tools.
pub trait LanguageModel: Send + Sync {
    /// As it is kept with each reply.
    fn name(&self) -> &str;
    /// Changes whenever the same request would be put to the model in other words.
    fn prompt_version(&self) -> &str;
    /// What it is told to do, which nobody outside may read.
    fn instructions(&self) -> &str {
        ""
    }
    fn answer(&self, request: Request) -> Answering;
    /// Whether its answers cost something, so that limits of conversation and day must be looked up.
    fn is_metered(&self) -> bool {
        false
    }
    /// How it is doing, for ops.
    fn health(&self) -> ModelHealth {
        ModelHealth::Healthy
    }
}

/// Whether a model answers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ModelHealth {
    Healthy,
    /// What stands against it, in words for everybody: no secrets, nothing that a customer wrote.
    Degraded(String),
}

/// Everything a model may know about a turn. What customers wrote is data in it, never an instruction.
#[derive(Clone, Debug, PartialEq)]
pub struct Request {
    pub channel: Channel,
    pub ticket: TicketBrief,
    pub customer_name: String,
    /// What was noticed about the messages before the model was asked.
    pub notices: Notices,
    /// The messages to answer, oldest first; never empty.
    pub unsettled: Vec<Utterance>,
    /// What was said before them, oldest first.
    pub history: Vec<Utterance>,
    /// Everything found for this turn, the prefetched passages first; only these may be cited.
    pub findings: Findings,
    /// What the model said earlier in this turn, and what came of it.
    pub exchanges: Vec<Exchange>,
    pub tools: &'static [ToolName],
}

/// One earlier reply of the model and what its tool calls came to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Exchange {
    pub said: ModelTurn,
    /// One for each call, in their order.
    pub results: Vec<ToolResult>,
    /// What was wrong with the reply as a whole.
    pub correction: Option<&'static str>,
}

/// What a tool call came to, in words for the model.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ToolResult {
    pub call_id: String,
    pub name: String,
    pub text: String,
}

/// Why a model said nothing. It is never the fault of the customer's message.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ModelError {
    /// The provider is away, slow or busy.
    #[error("the model is not available: {message}")]
    Unavailable {
        message: String,
        /// When the provider wants to be asked again, if it says so.
        retry_after: Option<Duration>,
    },
    /// The provider will never answer as things are, as with a bad key or a spent quota.
    #[error("the model refuses to answer: {0}")]
    Refused(String),
}

/// What to do about a failure of the model.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ModelRemedy {
    /// Put the same request again later; the wait counts against nothing.
    Retry,
    /// Tell the turn that the model failed: a person takes over.
    GiveUp,
}

impl ModelError {
    pub fn remedy(&self) -> ModelRemedy {
        match self {
            Self::Unavailable { .. } => ModelRemedy::Retry,
            Self::Refused(_) => ModelRemedy::GiveUp,
        }
    }
}
