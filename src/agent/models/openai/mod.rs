//! Adapter for an OpenAI-compatible service: Chat Completions with strict tools. It converts requests and answers, finds
//! out what the service supports, and decides nothing else.

mod answer;
mod capabilities;
mod line;
mod prices;
mod report;
mod request;

use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use async_openai::types::chat::ChatCompletionTools;
use secrecy::ExposeSecret;

use super::prompt::{PromptMessage, Prompts};
use crate::agent::port::{
    Answering, LanguageModel, ModelError, ModelHealth, Probing, Request, SummaryRequest,
};
use crate::clock;
use crate::domain::conversations::provider_trouble::FailedAttempt;
use crate::domain::conversations::turn::{ModelTurn, Usage};
use crate::provider::{Account, CallFailure, Caller, FailedCall, ServiceClient, Timeouts};

use line::ModelLine;
use report::ServiceReport;

pub use prices::{Price, Prices};

/// At most one probe in this time.
const PROBE_EVERY: Duration = Duration::from_secs(5);
/// The longest that a probe takes.
const PROBE_TIMEOUT: Duration = Duration::from_secs(20);

/// Arguments of the adapter.
pub struct OpenaiSettings {
    pub account: Account,
    pub model: String,
    /// The model to call if the first one fails.
    pub fallback: Option<String>,
    pub timeout: Timeouts,
    pub prices: Prices,
    pub prompts: Prompts,
}

/// The adapter; clones share breakers, health and what was found of the service.
#[derive(Clone)]
pub struct OpenaiModel(Arc<ModelInner>);

struct ModelInner {
    service: ServiceClient,
    /// The configured model, then the fallback.
    lines: Vec<ModelLine>,
    model: String,
    prompts: Prompts,
    prices: Prices,
    tools: Vec<ChatCompletionTools>,
    summary_tools: Vec<ChatCompletionTools>,
    report: ServiceReport,
    probed_at: Mutex<Option<Instant>>,
}

/// One request for the models.
struct ModelQuestion<'a> {
    messages: &'a [PromptMessage],
    tools: &'a [ChatCompletionTools],
    caller: Caller,
    /// What customers wrote, which no report may repeat.
    words: &'a str,
}

/// The result of a test call.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ModelCheck {
    pub model: String,
    /// Whether it answered with a tool call; else why not, and what to do.
    pub called: Result<Duration, CheckProblem>,
    pub capabilities: String,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CheckProblem {
    pub detail: String,
    pub advice: &'static str,
}

impl OpenaiModel {
    pub fn new(settings: OpenaiSettings) -> Result<Self, reqwest::Error> {
        let models = std::iter::once(settings.model.clone()).chain(settings.fallback);
        Ok(Self(Arc::new(ModelInner {
            service: ServiceClient::new(&settings.account)?,
            lines: models.map(|model| ModelLine::new(model, settings.timeout)).collect(),
            model: settings.model,
            prompts: settings.prompts,
            prices: settings.prices,
            tools: request::tools(),
            summary_tools: request::summary_tools(),
            report: ServiceReport::default(),
            probed_at: Mutex::new(None),
        })))
    }

    /// Makes one real tool call with each model.
    pub async fn check(&self) -> Vec<ModelCheck> {
        let mut checks = Vec::new();
        for line in &self.0.lines {
            checks.push(self.0.check(line).await);
        }
        checks
    }
}

impl LanguageModel for OpenaiModel {
    fn name(&self) -> &str {
        &self.0.model
    }

    fn prompt_version(&self) -> &str {
        self.0.prompts.version()
    }

    fn instructions(&self) -> &str {
        self.0.prompts.system()
    }

    fn answer(&self, request: Request) -> Answering {
        let inner = Arc::clone(&self.0);
        Box::pin(async move { inner.answer(&request).await })
    }

    fn summarize(&self, request: SummaryRequest) -> Option<Answering> {
        let inner = Arc::clone(&self.0);
        Some(Box::pin(async move { inner.summarize(&request).await }))
    }

    fn is_metered(&self) -> bool {
        true
    }

    fn health(&self) -> ModelHealth {
        self.0.report.problem().map_or(ModelHealth::Healthy, ModelHealth::Degraded)
    }

    fn capabilities(&self) -> Option<String> {
        Some(self.0.lines.iter().map(described).collect::<Vec<_>>().join("; "))
    }

    fn answered_at(&self) -> Option<Instant> {
        self.0.report.answered_at()
    }

    fn probe(&self) -> Probing {
        let inner = Arc::clone(&self.0);
        Box::pin(async move { inner.probe().await })
    }
}

/// A model with what its service supports.
fn described(line: &ModelLine) -> String {
    let (supported, is_proven) = line.supported();
    let model = line.model();
    let note = if is_proven { "" } else { "no tool call yet; " };
    format!("{model} ({note}{supported})")
}

impl ModelInner {
    async fn answer(&self, request: &Request) -> Result<ModelTurn, ModelError> {
        let question = ModelQuestion {
            messages: &self.prompts.messages(request),
            tools: &self.tools,
            caller: Caller::One(request.ticket.id.0.as_u128()),
            words: &words_of(request),
        };
        self.ask(question).await
    }

    async fn summarize(&self, request: &SummaryRequest) -> Result<ModelTurn, ModelError> {
        let words: Vec<&str> = request.messages.iter().map(|(_, said)| said.text.as_str()).collect();
        let question = ModelQuestion {
            messages: &self.prompts.of_summary(request),
            tools: &self.summary_tools,
            caller: Caller::One(request.conversation.0.as_u128()),
            words: &words.join("\n"),
        };
        self.ask(question).await
    }

    /// Asks the models in order. The error is retryable if one of the failures is.
    async fn ask(&self, question: ModelQuestion<'_>) -> Result<ModelTurn, ModelError> {
        let ModelQuestion { messages, tools, caller, words } = question;
        let mut failures: Vec<FailedCall> = Vec::new();
        let answered = Mutex::new(None);
        for line in &self.lines {
            let attempt = async || {
                *answered.lock().unwrap_or_else(PoisonError::into_inner) = self.report.answered_at();
                let said = line.attempt(&self.service, messages, tools).await;
                said.map_err(|failure| {
                    failure.redacted(self.service.secret().as_ref().map(ExposeSecret::expose_secret), words)
                })
            };
            match line.client.call(caller, attempt).await {
                Ok(said) => {
                    self.report.answered();
                    return Ok(self.priced(line, said));
                }
                Err(failed) => {
                    self.report.failed(line.model(), &failed.failure);
                    failures.push(failed);
                }
            }
        }
        let answered = answered.into_inner().unwrap_or_else(PoisonError::into_inner);
        Err(error(&failures, answered))
    }

    fn priced(&self, line: &ModelLine, mut said: ModelTurn) -> ModelTurn {
        said.usage.cost_micros = self.prices.cost_micros(line.model(), said.usage);
        said.model = Some(line.model().to_owned());
        said
    }

    /// Asks for nothing in particular, to learn whether the models answer at all; what that has used.
    async fn probe(&self) -> Usage {
        {
            let now = clock::monotonic();
            let mut probed = self.probed_at.lock().unwrap_or_else(PoisonError::into_inner);
            if probed.is_some_and(|probed| now.duration_since(probed) < PROBE_EVERY) {
                return Usage::default();
            }
            *probed = Some(now);
        }
        let messages = test_dialogue();
        for line in &self.lines {
            let attempt = || line.attempt(&self.service, &messages, &self.tools);
            let call = line.client.call(Caller::Anybody, attempt);
            if let Ok(Ok(said)) = tokio::time::timeout(PROBE_TIMEOUT, call).await {
                self.report.answered();
                return self.priced(line, said).usage;
            }
        }
        Usage::default()
    }

    async fn check(&self, line: &ModelLine) -> ModelCheck {
        let began = clock::monotonic();
        let messages = test_dialogue();
        let call = line.client.call(Caller::Anybody, async || {
            let said = line.attempt(&self.service, &messages, &self.tools).await;
            said.map_err(|failure| {
                failure.redacted(self.service.secret().as_ref().map(ExposeSecret::expose_secret), "")
            })
        });
        let called = match call.await {
            Ok(said) if said.calls.is_empty() => Err(CheckProblem {
                detail: "it answers, but called no tool".to_owned(),
                advice: "choose a model that can call tools, or start its server so that it can",
            }),
            Ok(_) => Ok(clock::monotonic().duration_since(began)),
            Err(FailedCall { failure, .. }) => {
                Err(CheckProblem { detail: failure.to_string(), advice: failure.advice() })
            }
        };
        ModelCheck { model: line.model().to_owned(), called, capabilities: line.supported().0.to_string() }
    }
}

/// A dialogue that any model which can call tools answers with a call.
fn test_dialogue() -> [PromptMessage; 2] {
    [
        PromptMessage::System("This is a test of the connection. Answer with one tool call.".to_owned()),
        PromptMessage::User("Call search_knowledge_base with the query \"connection test\".".to_owned()),
    ]
}

/// What a customer wrote, which no report may repeat.
fn words_of(request: &Request) -> String {
    let said = request.unanswered.iter().chain(&request.history).map(|said| said.text.as_str());
    let own = [request.customer_name.as_str(), request.ticket.subject.as_str()];
    own.into_iter().chain(said).collect::<Vec<_>>().join("\n")
}

/// The failures of all models are one failed attempt. `answered` is when a model had last answered anybody before the last
/// request.
fn error(failures: &[FailedCall], answered: Option<Instant>) -> ModelError {
    let message =
        failures.iter().map(|failed| failed.failure.to_string()).collect::<Vec<_>>().join(", then ");
    let failed = || failures.iter().map(|failed| &failed.failure);
    if failed().any(CallFailure::may_pass) {
        let retry_after = failed().filter_map(CallFailure::after).min();
        let attempts = || failures.iter().filter_map(|failed| failed.attempt);
        let attempt = attempts().next().zip(attempts().next_back()).map(|(first, last)| FailedAttempt {
            began: first.began,
            answered,
            ..last
        });
        ModelError::Unavailable { message, retry_after, attempt }
    } else {
        ModelError::Refused(message)
    }
}
