//! One model of the service: what it supports, and one attempt at an answer.

use std::sync::{Mutex, MutexGuard, PoisonError};

use async_openai::types::chat::ChatCompletionTools;

use super::answer::{self, AssistantMessage};
use super::capabilities::{Capabilities, Concession};
use super::request;
use crate::agent::models::prompt::PromptMessage;
use crate::clock;
use crate::domain::conversations::turn::{ModelTurn, Usage};
use crate::provider::{CallFailure, FailureReason, ResilientClient, ServiceClient, Timeouts};

/// Requests of one attempt: more than there are parameters to concede.
const MAX_ROUNDS: usize = 16;

/// A model with what was found about it; shared by all turns.
pub struct ModelLine {
    pub client: ResilientClient,
    found: Mutex<Negotiated>,
}

#[derive(Clone, Copy, Debug, Default)]
struct Negotiated {
    supported: Capabilities,
    /// Whether an answer with a tool call has come with these.
    is_proven: bool,
}

impl ModelLine {
    pub fn new(model: String, timeout: Timeouts) -> Self {
        Self { client: ResilientClient::new(model, timeout), found: Mutex::default() }
    }

    pub fn model(&self) -> &str {
        self.client.model()
    }

    /// What the service supports of this model, as far as is known.
    pub fn supported(&self) -> (Capabilities, bool) {
        let found = self.found();
        (found.supported, found.is_proven)
    }

    /// Asks once; a parameter that the service refuses is dropped or replaced, and the request repeated at once. What
    /// empty answers have used on the way is counted with the last one.
    pub async fn attempt(
        &self,
        service: &ServiceClient,
        messages: &[PromptMessage],
        tools: &[ChatCompletionTools],
    ) -> Result<ModelTurn, CallFailure> {
        let began = clock::monotonic();
        let Negotiated { mut supported, is_proven } = *self.found();
        let mut conceded: Vec<Concession> = Vec::new();
        let mut used = Usage::default();
        for _round in 0..MAX_ROUNDS {
            let answered = self.ask(service, messages, tools, &supported).await;
            let concession = match &answered {
                Ok(said) if said.is_empty() && !is_proven => supported.after_nothing(),
                Ok(_) => None,
                Err(failure) => supported.without(failure, is_proven),
            };
            if let Some(concession) = concession {
                supported = concession.next;
                conceded.push(concession);
                used = answered.map_or(used, |empty| used.plus(empty.into_turn(messages).usage));
                continue;
            }
            let said = match answered {
                Ok(said) => said,
                Err(failure) if failure.cause() == FailureReason::UnreadableCall => {
                    AssistantMessage::unusable()
                }
                Err(failure) => return Err(failure),
            };
            let mut turn = said.into_turn(messages);
            turn.usage = turn.usage.plus(used);
            turn.usage.took_ms =
                u32::try_from(clock::monotonic().duration_since(began).as_millis()).unwrap_or(u32::MAX);
            self.settle(service, &conceded, !turn.calls.is_empty());
            return Ok(turn);
        }
        Err(CallFailure::Broken("the service refuses every form of the request"))
    }

    async fn ask(
        &self,
        service: &ServiceClient,
        messages: &[PromptMessage],
        tools: &[ChatCompletionTools],
        supported: &Capabilities,
    ) -> Result<AssistantMessage, CallFailure> {
        let request = request::build(self.model(), messages, tools, supported)
            .map_err(|_| CallFailure::Broken("the request could not be made"))?;
        answer::gather(service.post("chat/completions", &request).await?).await
    }

    /// Remembers what a successful attempt has found, up to the first concession that concerns this request alone: what
    /// was conceded after that one includes it.
    fn settle(&self, service: &ServiceClient, conceded: &[Concession], has_call: bool) {
        let lasting: Vec<&Concession> =
            conceded.iter().take_while(|concession| concession.is_lasting).collect();
        let mut found = self.found();
        found.is_proven |= has_call;
        let Some(last) = lasting.last().filter(|last| last.next != found.supported) else {
            return;
        };
        found.supported = last.next;
        drop(found);
        let parameters: Vec<&str> = lasting.iter().map(|concession| concession.parameter).collect();
        tracing::info!(
            model = self.model(),
            base_url = service.base_url(),
            parameters = parameters.join(", "),
            supported = %last.next,
            "the service refuses parameters, which are left out or replaced from now on"
        );
    }

    fn found(&self) -> MutexGuard<'_, Negotiated> {
        self.found.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
