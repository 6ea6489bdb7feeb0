//! A past question, asked again: the agent's own machine with one model and the search of the caller. Nothing is recorded
//! and nothing is sent.

use std::future::Future;
use std::sync::Arc;
use std::time::Duration;

use crate::actors::runtime::ask::Answer;
use crate::actors::runtime::off_arbiter::off_arbiter;
use crate::agent::handbook::Handbook;
use crate::agent::port::LanguageModel;
use crate::agent::turn::budgets::Budgets;
use crate::agent::turn::verdict::Speaker;
use crate::agent::turn::{Turn, TurnEffect, TurnEvent};
use crate::clock;
use crate::domain::conversations::turn::{
    Consent, Decision, PoisonState, TicketBrief, TurnContext, Utterance,
};
use crate::domain::customers::linking::Linking;
use crate::domain::enums::{Category, Priority, Role};
use crate::domain::knowledge::Findings;
use crate::domain::learning::runs::PastQuestion;
use crate::domain::messages::inquiry::TicketNumber;

/// The agent that is asked.
#[derive(Clone)]
pub(super) struct Agent {
    pub model: Arc<dyn LanguageModel>,
    pub handbook: Arc<Handbook>,
    pub budgets: Budgets,
}

/// The first turn of a new conversation with this question. Ids and numbers are the same for each, so that replies which
/// name them do not differ.
pub(super) fn context(question: &PastQuestion) -> TurnContext {
    TurnContext {
        conversation: uuid::Uuid::nil().into(),
        turn: uuid::Uuid::nil().into(),
        epoch: 1,
        covers: 1,
        channel: question.channel,
        ticket: TicketBrief {
            id: uuid::Uuid::nil().into(),
            number: TicketNumber(0),
            subject: question.subject.clone(),
            category: Category::General,
            priority: Priority::Medium,
        },
        customer_name: question.customer_name.clone(),
        unanswered: vec![Utterance {
            role: Role::Customer,
            text: question.text.clone(),
            at: clock::now(),
            attachments: Vec::new(),
            opt_out: None,
            is_unsupported: false,
            unanswered: None,
        }],
        history: Vec::new(),
        waited: Duration::ZERO,
        steps: Vec::new(),
        poison: PoisonState::Healthy,
        language: question.language.clone(),
        consent: Consent::Given,
        linking: Linking::default(),
        recent_replies: 0,
        instruction: None,
    }
}

/// What the agent decides.
pub(super) async fn decide<S, F>(agent: &Agent, context: TurnContext, search: S) -> Answer<Decision>
where
    S: Fn(String, i64) -> F,
    F: Future<Output = Answer<Findings>>,
{
    let (speaker, handbook) = (Speaker::of(agent.model.as_ref()), Arc::clone(&agent.handbook));
    let budgets = agent.budgets;
    let mut turn = off_arbiter(move || Turn::start(context, budgets, speaker, handbook)).await;
    loop {
        let event = match turn.next() {
            TurnEffect::Search { query, limit } => TurnEvent::Found(search(query, limit).await?),
            TurnEffect::Ask(request) => match agent.model.answer(*request).await {
                Ok(said) => TurnEvent::Said(said),
                Err(error) => {
                    tracing::warn!(%error, "the model did not answer a past question");
                    TurnEvent::ModelFailed
                }
            },
            TurnEffect::Record { .. } => TurnEvent::Recorded,
            TurnEffect::Finish(verdict) => return Ok(verdict.decision),
        };
        turn = off_arbiter(move || {
            turn.on(event);
            turn
        })
        .await;
    }
}
