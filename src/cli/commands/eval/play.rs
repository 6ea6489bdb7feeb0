//! Runs one case with the production machine, model, guards and search, without writing anything.

use std::sync::Arc;
use std::time::Duration;

use super::cases::Case;
use crate::agent::MAX_RESULTS;
use crate::agent::handbook::Handbook;
use crate::agent::port::LanguageModel;
use crate::agent::turn::budgets::Budgets;
use crate::agent::turn::verdict::{Speaker, Verdict};
use crate::agent::turn::{Turn, TurnEffect, TurnEvent, first_query};
use crate::clock;
use crate::crm::port::Knowledge;
use crate::domain::conversations::turn::{Decision, Provenance, Usage};
use crate::domain::enums::{Outcome, Reason};
use crate::domain::knowledge::{Audience, Findings, Question, QuestionVector};
use crate::knowledge::port::{Embedder, Priority};

/// Generous: an evaluation must not depend on the machine's load.
const VECTOR_TIMEOUT: Duration = Duration::from_secs(60);

/// What the cases run with.
pub struct EvalStage<'a> {
    pub store: &'a dyn Knowledge,
    pub embedder: Option<&'a dyn Embedder>,
    pub model: &'a dyn LanguageModel,
    pub handbook: Arc<Handbook>,
    pub budgets: Budgets,
}

/// The result of a case.
#[derive(Clone, Debug)]
pub struct Played {
    pub action: Outcome,
    pub reason: Option<Reason>,
    /// Whether it was an answer from the documents, and not a question back or a refusal.
    pub grounded: bool,
    /// The sections that the message's own search found, best first, whether or not the turn needed it.
    pub retrieved: Vec<String>,
    pub latency: Duration,
    pub usage: Usage,
    pub model_calls: usize,
}

impl EvalStage<'_> {
    pub async fn play(&self, case: &Case) -> anyhow::Result<Played> {
        let began = clock::monotonic();
        let context = case.context();
        let query = first_query(&context, &self.handbook);
        let (verdict, found) = if case.is_automatic() {
            (
                Verdict {
                    decision: Decision::Silent,
                    link: None,
                    provenance: Provenance::default(),
                    corrected: Vec::new(),
                },
                None,
            )
        } else {
            let (speaker, handbook) = (Speaker::of(self.model), Arc::clone(&self.handbook));
            self.run(Turn::start(context, self.budgets, speaker, handbook)).await?
        };
        let latency = clock::monotonic().duration_since(began);
        let found = match found {
            Some(found) => found,
            None if query.is_empty() => Findings::default(),
            None => self.search(query, i64::from(MAX_RESULTS)).await?,
        };
        let reason = match &verdict.decision {
            Decision::Escalate(hand_over) => Some(hand_over.reason),
            Decision::Answer { .. } | Decision::Silent => None,
        };
        let grounded = matches!(&verdict.decision, Decision::Answer { sources, .. } if !sources.is_empty());
        let retrieved = found.passages.into_iter().map(|passage| passage.id).collect();
        Ok(Played {
            action: verdict.decision.outcome(),
            reason,
            grounded,
            retrieved,
            latency,
            usage: verdict.provenance.usage,
            model_calls: usize::try_from(verdict.provenance.model_calls)?,
        })
    }

    /// The verdict, and the result of the first search if there was one.
    async fn run(&self, mut turn: Turn) -> anyhow::Result<(Verdict, Option<Findings>)> {
        let mut first = None;
        loop {
            let event = match turn.next() {
                TurnEffect::Search { query, limit } => {
                    let findings = self.search(query, limit).await?;
                    first.get_or_insert_with(|| findings.clone());
                    TurnEvent::Found(findings)
                }
                TurnEffect::Ask(request) => match self.model.answer(*request).await {
                    Ok(said) => TurnEvent::Said(said),
                    Err(error) => {
                        tracing::warn!(%error, "the model did not answer");
                        TurnEvent::ModelFailed
                    }
                },
                TurnEffect::Record { .. } => TurnEvent::Recorded,
                TurnEffect::Finish(verdict) => return Ok((*verdict, first)),
            };
            turn.on(event);
        }
    }

    async fn search(&self, query: String, limit: i64) -> anyhow::Result<Findings> {
        let vector = match self.embedder {
            None => None,
            Some(embedder) => {
                // Unlike a customer, an evaluation waits for the vector however long it takes.
                let vectors = embedder.embed(vec![query.clone()], Priority::Turn);
                let values = tokio::time::timeout(VECTOR_TIMEOUT, vectors).await??.into_iter().next();
                values.map(|values| QuestionVector { model: embedder.model().clone(), values })
            }
        };
        Ok(self.store.search(Question { text: query, vector }, limit, Audience::Customers).await?)
    }
}
