//! Adapter for an OpenAI-compatible service: Chat Completions with strict tools. It converts requests and answers, and
//! decides nothing.

mod answer;
mod prices;
mod request;

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use async_openai::Client;
use async_openai::config::OpenAIConfig;
use async_openai::types::chat::{ChatCompletionTools, CreateChatCompletionRequest};

use super::prompt::{PromptMessage, Prompts};
use crate::agent::port::{Answering, LanguageModel, ModelError, ModelHealth, Request};
use crate::clock;
use crate::domain::conversations::turn::ModelTurn;
use crate::provider::{Account, CallFailure, ResilientClient, Timeouts, connect, failure};

pub use prices::{Price, Prices};

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

/// The adapter; clones share breakers and health.
#[derive(Clone)]
pub struct OpenaiModel(Arc<ModelInner>);

struct ModelInner {
    client: Client<OpenAIConfig>,
    /// The configured model, then the fallback.
    lines: Vec<ResilientClient>,
    model: String,
    prompts: Prompts,
    prices: Prices,
    tools: Vec<ChatCompletionTools>,
    /// Whether the service supports streaming, as far as is known.
    streams: AtomicBool,
    /// Why the last call failed; `None` after a success.
    problem: Mutex<Option<String>>,
}

impl OpenaiModel {
    pub fn new(settings: OpenaiSettings) -> Result<Self, reqwest::Error> {
        let models = std::iter::once(settings.model.clone()).chain(settings.fallback);
        Ok(Self(Arc::new(ModelInner {
            client: connect(&settings.account)?,
            lines: models.map(|model| ResilientClient::new(model, settings.timeout)).collect(),
            model: settings.model,
            prompts: settings.prompts,
            prices: settings.prices,
            tools: request::tools(),
            streams: AtomicBool::new(true),
            problem: Mutex::new(None),
        })))
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

    fn is_metered(&self) -> bool {
        true
    }

    fn health(&self) -> ModelHealth {
        let problem = self.0.problem.lock().unwrap_or_else(PoisonError::into_inner);
        problem.clone().map_or(ModelHealth::Healthy, ModelHealth::Degraded)
    }
}

impl ModelInner {
    /// Asks the models in order. The error is retryable if one of the failures is.
    async fn answer(&self, request: &Request) -> Result<ModelTurn, ModelError> {
        let messages = self.prompts.messages(request);
        let mut failures: Vec<CallFailure> = Vec::new();
        for line in &self.lines {
            match line.call(|| self.attempt(line.model(), &messages)).await {
                Ok(said) => {
                    self.note(None);
                    return Ok(said);
                }
                Err(failure) => {
                    self.note(Some(format!("{} fails: {failure}", line.model())));
                    failures.push(failure);
                }
            }
        }
        Err(error(&failures))
    }

    async fn attempt(&self, model: &str, messages: &[PromptMessage]) -> Result<ModelTurn, CallFailure> {
        let began = clock::monotonic();
        let streams = self.streams.load(Ordering::Relaxed);
        let request = request::build(model, messages, &self.tools, streams);
        let spoken = match self.ask(request).await {
            // A service without streaming rejects the request; from then on requests are not streamed.
            Err(CallFailure::Status { status: 400 | 422 | 501, .. }) if streams => {
                let spoken = self.ask(request::build(model, messages, &self.tools, false)).await?;
                self.streams.store(false, Ordering::Relaxed);
                spoken
            }
            outcome => outcome?,
        };
        let mut said = spoken.into_turn(messages);
        said.usage.took_ms =
            u32::try_from(clock::monotonic().duration_since(began).as_millis()).unwrap_or(u32::MAX);
        said.usage.cost_micros = self.prices.cost_micros(model, said.usage);
        said.model = Some(model.to_owned());
        Ok(said)
    }

    async fn ask(
        &self,
        request: CreateChatCompletionRequest,
    ) -> Result<answer::AssistantMessage, CallFailure> {
        match self.client.chat().create_stream_byot(request).await {
            Ok(stream) => answer::gather(stream).await,
            Err(error) => answer::whole(&failure(error)?.0),
        }
    }

    fn note(&self, problem: Option<String>) {
        *self.problem.lock().unwrap_or_else(PoisonError::into_inner) = problem;
    }
}

fn error(failures: &[CallFailure]) -> ModelError {
    let message = failures.iter().map(ToString::to_string).collect::<Vec<_>>().join(", then ");
    if failures.iter().any(CallFailure::may_pass) {
        let retry_after = failures.iter().filter_map(CallFailure::after).min();
        ModelError::Unavailable { message, retry_after }
    } else {
        ModelError::Refused(message)
    }
}
