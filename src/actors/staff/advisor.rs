//! `Advisor`: writes suggestions and summaries for staff with the agent's machines, model and guards. They own no turn, record
//! no steps and send nothing; a person edits and sends a suggestion.

use std::sync::Arc;

use super::replays::replayed;
use super::reviews::reviewed;
use super::summaries::{SummaryTools, summarized};
use crate::actors::messages::{ReplayTurn, ReviewReply, Suggest, SuggestAnswer, Summarize};
use crate::actors::runtime::ask::{Admission, Answer, CallError};
use crate::actors::runtime::off_arbiter::off_arbiter;
use crate::actors::runtime::supervised::{Work, Worker, WorkerContext};
use crate::actors::store::store_handle::StoreHandle;
use crate::agent::handbook::Handbook;
use crate::agent::port::LanguageModel;
use crate::agent::turn::budgets::{Budgets, Ceilings};
use crate::agent::turn::verdict::{Speaker, Verdict};
use crate::agent::turn::{Turn, TurnEffect, TurnEvent};
use crate::clock;
use crate::crm::port::{Knowledge, PastTurns, Suggestions, Summaries, Turns};
use crate::domain::console::actions::RequestKey;
use crate::domain::console::suggestions::{
    EarlierSuggestion, NewSuggestion, SuggestedReply, SuggestionStart,
};
use crate::domain::conversations::turn::{Decision, TurnContext};
use crate::domain::ids::{ConversationId, StaffId};
use crate::domain::knowledge::{Audience, Findings, Source};
use crate::knowledge::port::Embedder;
use crate::knowledge::question::{self, VECTOR_TIMEOUT};
use crate::metrics::METRICS;

/// Suggestions, summaries and the like at the same time: they share the model with the turns.
const AT_ONCE: usize = 4;

/// Arguments of an `Advisor`.
#[derive(Clone)]
pub struct AdvisorArgs {
    pub suggestions: StoreHandle<dyn Suggestions>,
    pub summaries: StoreHandle<dyn Summaries>,
    pub turns: StoreHandle<dyn Turns>,
    pub knowledge: StoreHandle<dyn Knowledge>,
    pub past_turns: StoreHandle<dyn PastTurns>,
    pub model: Arc<dyn LanguageModel>,
    pub embedder: Option<Arc<dyn Embedder>>,
    pub handbook: Arc<Handbook>,
    pub budgets: Budgets,
    pub ceilings: Ceilings,
}

pub struct Advisor {
    tools: AdvisorArgs,
    admission: Admission,
}

impl Worker for Advisor {
    type Args = AdvisorArgs;
    const MAILBOX: usize = 16;

    fn new(args: &AdvisorArgs) -> Self {
        Self { tools: args.clone(), admission: Admission::new(AT_ONCE) }
    }
}

impl Work<Suggest> for Advisor {
    fn work(&mut self, order: Suggest, ctx: &mut WorkerContext<'_, Self>) {
        let Some(permit) = self.admission.admit() else {
            METRICS.refused.with_label_values(&["advisor"]).inc();
            order.reply.send(Err(CallError::Busy));
            return;
        };
        let Suggest { conversation, staff, instruction, key, reply } = order;
        let reply = reply.holding(permit);
        let wish = Wish { conversation, staff, instruction, key };
        ctx.perform(suggest(self.tools.clone(), wish), move |_, suggested, _| reply.send(suggested));
    }
}

impl Work<Summarize> for Advisor {
    fn work(&mut self, order: Summarize, ctx: &mut WorkerContext<'_, Self>) {
        let Summarize { conversation, staff, wish, reply } = order;
        let Some(permit) = self.admission.admit() else {
            METRICS.refused.with_label_values(&["advisor"]).inc();
            reply.send(Err(CallError::Busy));
            return;
        };
        let reply = reply.holding(permit);
        let AdvisorArgs { summaries, turns, model, handbook, budgets, ceilings, .. } = self.tools.clone();
        let tools = SummaryTools { summaries, turns, model, handbook, limits: (budgets, ceilings) };
        let made = summarized(tools, conversation, staff, wish);
        ctx.perform(made, move |_, made, _| reply.send(made));
    }
}

impl Work<ReviewReply> for Advisor {
    fn work(&mut self, order: ReviewReply, ctx: &mut WorkerContext<'_, Self>) {
        let ReviewReply { conversation, text, citations, reply } = order;
        let Some(permit) = self.admission.admit() else {
            METRICS.refused.with_label_values(&["advisor"]).inc();
            reply.send(Err(CallError::Busy));
            return;
        };
        let reply = reply.holding(permit);
        let checked = reviewed(
            (self.tools.suggestions.clone(), self.tools.knowledge.clone()),
            Arc::clone(&self.tools.handbook),
            conversation,
            text,
            citations,
        );
        ctx.perform(checked, move |_, checked, _| reply.send(checked));
    }
}

impl Work<ReplayTurn> for Advisor {
    fn work(&mut self, order: ReplayTurn, ctx: &mut WorkerContext<'_, Self>) {
        let ReplayTurn { turn, reply } = order;
        let Some(permit) = self.admission.admit() else {
            METRICS.refused.with_label_values(&["advisor"]).inc();
            reply.send(Err(CallError::Busy));
            return;
        };
        let reply = reply.holding(permit);
        let AdvisorArgs { past_turns, handbook, budgets, model, .. } = self.tools.clone();
        let replaying = replayed(past_turns, turn, budgets, model.instructions().to_owned(), handbook);
        ctx.perform(replaying, move |_, found, _| reply.send(found));
    }
}

/// What is asked for, and by whom.
struct Wish {
    conversation: ConversationId,
    staff: StaffId,
    instruction: Option<String>,
    key: Option<RequestKey>,
}

/// A repeated request does not ask the model again, unless it comes while the first one is being answered.
async fn suggest(tools: AdvisorArgs, wish: Wish) -> Answer<SuggestAnswer> {
    let Wish { conversation, staff, instruction, key } = wish;
    if let Some(key) = key.clone()
        && let Some(earlier) =
            tools.suggestions.call(move |store| store.earlier_suggestion(staff, key)).await?
    {
        return Ok(repeated(earlier));
    }
    let (turn, told) = (clock::new_v7().into(), instruction.clone());
    let start =
        tools.suggestions.call(move |store| store.suggestion_context(conversation, turn, told)).await?;
    let context = match start {
        SuggestionStart::From(context) => *context,
        SuggestionStart::Nothing => return Ok(SuggestAnswer::Nothing),
        SuggestionStart::TicketClosed => return Ok(SuggestAnswer::TicketClosed),
    };
    let read_through = context.covers;
    let (text, sources) = proposed(run(&tools, context).await?);
    let id = clock::new_v7().into();
    let reply = SuggestedReply { id, text: text.clone(), sources: sources.clone() };
    let kept = NewSuggestion { id, conversation, staff, instruction, text, sources, read_through };
    let earlier = tools.suggestions.call(move |store| store.keep_suggestion(kept, key)).await?;
    Ok(earlier.map_or(SuggestAnswer::Suggested(reply), repeated))
}

fn repeated(earlier: EarlierSuggestion) -> SuggestAnswer {
    match earlier {
        EarlierSuggestion::Given(reply) => SuggestAnswer::Suggested(reply),
        EarlierSuggestion::Gone => SuggestAnswer::Nothing,
        EarlierSuggestion::KeyReused => SuggestAnswer::KeyReused,
    }
}

/// An answer with sources; whatever else the agent decides is no suggestion.
fn proposed(verdict: Verdict) -> (Option<String>, Vec<Source>) {
    match verdict.decision {
        Decision::Answer { text, sources } if !sources.is_empty() => (Some(text), sources),
        Decision::Answer { .. } | Decision::Escalate(_) | Decision::Silent => (None, Vec::new()),
    }
}

async fn run(tools: &AdvisorArgs, context: TurnContext) -> Answer<Verdict> {
    let (speaker, handbook) = (Speaker::of(tools.model.as_ref()), Arc::clone(&tools.handbook));
    let budgets = tools.budgets;
    let mut turn = off_arbiter(move || Turn::start(context, budgets, speaker, handbook)).await;
    loop {
        let event = match turn.next() {
            TurnEffect::Search { query, limit } => TurnEvent::Found(search(tools, query, limit).await?),
            TurnEffect::Ask(request) => match tools.model.answer(*request).await {
                Ok(said) => TurnEvent::Said(said),
                Err(error) => {
                    tracing::warn!(%error, "the model did not answer a request for a suggestion");
                    TurnEvent::ModelFailed
                }
            },
            TurnEffect::Record { .. } => TurnEvent::Recorded,
            TurnEffect::Finish(verdict) => return Ok(*verdict),
        };
        turn = off_arbiter(move || {
            turn.on(event);
            turn
        })
        .await;
    }
}

async fn search(tools: &AdvisorArgs, query: String, limit: i64) -> Answer<Findings> {
    let (question, _lapse) = question::ask(tools.embedder.as_deref(), query, VECTOR_TIMEOUT).await;
    tools.knowledge.call(move |knowledge| knowledge.search(question, limit, Audience::Customers)).await
}
