//! `Rehearser`: asks past questions again before a proposal is published, with the knowledge as it is and with the proposal,
//! and keeps the answers that differ. Each run is leased by one process, a few questions at a time.

use std::sync::Arc;
use std::time::Duration;

use super::past_turn::{self, Agent};
use super::{curator, vectors};
use crate::actors::messages::StartRun;
use crate::actors::runtime::ask::{Answer, CallError};
use crate::actors::runtime::off_arbiter::off_arbiter;
use crate::actors::runtime::poller::{self, Next, Poll};
use crate::actors::runtime::single_flight::SingleFlight;
use crate::actors::runtime::supervised::{Work, Worker, WorkerContext};
use crate::actors::store::store_handle::StoreHandle;
use crate::agent::handbook::Handbook;
use crate::agent::port::LanguageModel;
use crate::agent::turn::budgets::Budgets;
use crate::agent::turn::first_query;
use crate::clock;
use crate::crm::port::{Articles, CrmError, Knowledge, ProposalRuns};
use crate::domain::conversations::turn::{Decision, TurnContext};
use crate::domain::ids::MessageId;
use crate::domain::knowledge::{Audience, Findings, Question};
use crate::domain::learning::articles::{ArticleChange, ArticleSection};
use crate::domain::learning::proposals::ProposalAnswer;
use crate::domain::learning::runs::{
    CaseResult, LeasedRun, MAX_CANDIDATES, PastQuestion, differing, reads_the_same,
};
use crate::knowledge::port::Embedder;
use crate::knowledge::question::{self, VECTOR_TIMEOUT};

/// Poll interval; a request for a run wakes this process at once.
const LOOK_EVERY: Duration = Duration::from_secs(5);
/// Questions whose searches are compared at once.
const BATCH: i64 = 10;
/// Passages that searches are compared by: as many as a turn asks for at most.
const COMPARED: i64 = 5;
/// How long one round asks questions; the run goes on with the next one.
const ROUND: Duration = Duration::from_secs(20);
/// Timeout of one question.
const TURN_TIMEOUT: Duration = Duration::from_secs(60);
/// Texts that are embedded together.
const EMBEDDED_TOGETHER: usize = 32;

/// Arguments of a `Rehearser`.
#[derive(Clone)]
pub struct RehearserArgs {
    pub runs: StoreHandle<dyn ProposalRuns>,
    pub articles: StoreHandle<dyn Articles>,
    pub knowledge: StoreHandle<dyn Knowledge>,
    pub model: Arc<dyn LanguageModel>,
    pub embedder: Option<Arc<dyn Embedder>>,
    pub handbook: Arc<Handbook>,
    pub budgets: Budgets,
}

pub struct Rehearser {
    tools: RehearserArgs,
    single_flight: SingleFlight,
}

impl Worker for Rehearser {
    type Args = RehearserArgs;
    const MAILBOX: usize = 16;

    fn new(args: &RehearserArgs) -> Self {
        Self { tools: args.clone(), single_flight: SingleFlight::default() }
    }

    fn started(&mut self, ctx: &mut WorkerContext<'_, Self>) {
        poller::start(self, ctx);
    }
}

impl Work<StartRun> for Rehearser {
    fn work(&mut self, order: StartRun, ctx: &mut WorkerContext<'_, Self>) {
        let StartRun { order, reply } = order;
        let runs = self.tools.runs.clone();
        let started = async move { runs.call(move |runs| runs.start_run(order)).await };
        ctx.perform(started, move |worker, started, ctx| {
            let is_started = matches!(started, Ok(ProposalAnswer::Done(_)));
            reply.send(started);
            if is_started {
                poller::look(worker, ctx);
            }
        });
    }
}

impl Poll for Rehearser {
    /// Whether there was a run.
    type Found = bool;
    const FAILURE: &'static str = "could not ask past questions again";

    fn every(&self) -> Duration {
        LOOK_EVERY
    }

    fn single_flight(&mut self) -> &mut SingleFlight {
        &mut self.single_flight
    }

    fn round(&mut self) -> impl Future<Output = Answer<bool>> + 'static {
        let tools = self.tools.clone();
        async move {
            let Some(run) = tools.runs.call(|runs| runs.lease_run()).await? else {
                return Ok(false);
            };
            let leased = run.clone();
            if let Err(error) = go_on(&tools, run).await {
                tools.runs.call(move |runs| runs.run_failed(leased)).await?;
                return Err(error);
            }
            Ok(true)
        }
    }

    fn found(&mut self, was_run: bool, _: &mut WorkerContext<'_, Self>) -> Next {
        if was_run { Next::Again } else { Next::Wait }
    }
}

/// One step of a run: the choice of its questions, or some of them.
async fn go_on(tools: &RehearserArgs, run: LeasedRun) -> Answer<()> {
    let section = curator::section(&tools.articles, run.content.clone()).await?;
    if !run.is_prepared {
        let cases = similar(tools, &run, section.map(|section| section.chunks)).await?;
        return tools.runs.call(move |runs| runs.prepare_run(run, cases)).await;
    }
    let change = match section {
        Some(section) => {
            let vectors = vectors::of_section(tools.embedder.as_ref(), section.chunks.clone()).await;
            ArticleChange::Write(ArticleSection { section, vectors })
        }
        None => ArticleChange::Remove(run.content.article.clone().unwrap_or_default()),
    };
    let proposal = run.proposal;
    let questions = tools.runs.call(move |runs| runs.next_cases(proposal, BATCH)).await?;
    let results = asked_again(tools, &change, questions).await?;
    tools.runs.call(move |runs| runs.keep_results(run, results)).await
}

/// The past questions that are the most similar to the article, the most similar first.
async fn similar(
    tools: &RehearserArgs,
    run: &LeasedRun,
    chunks: Option<Vec<String>>,
) -> Answer<Vec<MessageId>> {
    let chunks = match chunks {
        Some(chunks) => chunks,
        None => current_text(tools, run).await?,
    };
    let words = chunks.join("\n");
    let found = tools.runs.call(move |runs| runs.past_questions(words, MAX_CANDIDATES)).await?;
    let limit = usize::try_from(run.limit).unwrap_or_default();
    let embedder = tools.embedder.as_ref();
    let Some(article) = vectors::of(embedder, chunks).await else {
        return Ok(found.into_iter().take(limit).map(|question| question.message).collect());
    };
    let mut scored: Vec<(f32, MessageId)> = Vec::with_capacity(found.len());
    for some in found.chunks(EMBEDDED_TOGETHER) {
        let texts = some.iter().map(|question| question.text.clone()).collect();
        let vectors = vectors::of(embedder, texts).await;
        let busy = || CallError::Crm(CrmError::Unavailable("the embedding model is busy".to_owned()));
        for (question, vector) in some.iter().zip(vectors.ok_or_else(busy)?) {
            let nearest = article.iter().map(|chunk| vectors::cosine(chunk, &vector)).fold(-1.0, f32::max);
            scored.push((nearest, question.message));
        }
    }
    scored.sort_by(|one, other| other.0.total_cmp(&one.0));
    Ok(scored.into_iter().take(limit).map(|(_, message)| message).collect())
}

/// What the article of a deletion says.
async fn current_text(tools: &RehearserArgs, run: &LeasedRun) -> Answer<Vec<String>> {
    let id = run.content.article.clone().unwrap_or_default();
    let article = tools.articles.call(move |articles| articles.staff_article(id)).await?;
    Ok(article.map(|article| vec![article.line.title, article.text]).unwrap_or_default())
}

/// Asks the questions again whose searches differ, for as long as a round lasts.
async fn asked_again(
    tools: &RehearserArgs,
    change: &ArticleChange,
    questions: Vec<PastQuestion>,
) -> Answer<Vec<CaseResult>> {
    let began = clock::monotonic();
    let mut contexts = Vec::with_capacity(questions.len());
    let mut searches = Vec::with_capacity(questions.len());
    for question in &questions {
        let (context, handbook) = (past_turn::context(question), Arc::clone(&tools.handbook));
        let (context, query) = off_arbiter(move || {
            let query = first_query(&context, &handbook);
            (context, query)
        })
        .await;
        contexts.push(context);
        searches.push(question::ask(tools.embedder.as_deref(), query, VECTOR_TIMEOUT).await.0);
    }
    let (before, after) = compared(tools, change, searches).await?;
    let mut results = Vec::with_capacity(questions.len());
    for ((question, context), (before, after)) in
        questions.iter().zip(contexts).zip(before.iter().zip(&after))
    {
        if !results.is_empty() && clock::monotonic().duration_since(began) > ROUND {
            break;
        }
        let changed =
            if reads_the_same(before, after) { None } else { answers(tools, change, context).await? };
        results.push(CaseResult { message: question.message, changed });
    }
    Ok(results)
}

/// What searches find now, and with the change.
async fn compared(
    tools: &RehearserArgs,
    change: &ArticleChange,
    searches: Vec<Question>,
) -> Answer<(Vec<Findings>, Vec<Findings>)> {
    let mut before = Vec::with_capacity(searches.len());
    for search in searches.clone() {
        let found = move |knowledge: &(dyn Knowledge + 'static)| {
            knowledge.search(search, COMPARED, Audience::Customers)
        };
        before.push(tools.knowledge.call(found).await?);
    }
    let change = change.clone();
    let after = tools.runs.call(move |runs| runs.search_with(change, searches, COMPARED)).await?;
    Ok((before, after))
}

/// The answers before and after, where they differ.
async fn answers(
    tools: &RehearserArgs,
    change: &ArticleChange,
    context: TurnContext,
) -> Answer<Option<(Option<String>, Option<String>)>> {
    let before = decision(tools, None, context.clone()).await?;
    let after = decision(tools, Some(change), context).await?;
    Ok(differing(&before, &after))
}

async fn decision(
    tools: &RehearserArgs,
    change: Option<&ArticleChange>,
    context: TurnContext,
) -> Answer<Decision> {
    let agent = Agent {
        model: Arc::clone(&tools.model),
        handbook: Arc::clone(&tools.handbook),
        budgets: tools.budgets,
    };
    let search = async |query: String, limit: i64| {
        let (question, _lapse) = question::ask(tools.embedder.as_deref(), query, VECTOR_TIMEOUT).await;
        match change.cloned() {
            None => {
                let found = move |knowledge: &(dyn Knowledge + 'static)| {
                    knowledge.search(question, limit, Audience::Customers)
                };
                tools.knowledge.call(found).await
            }
            Some(change) => {
                let found =
                    tools.runs.call(move |runs| runs.search_with(change, vec![question], limit)).await?;
                Ok(found.into_iter().next().unwrap_or_default())
            }
        }
    };
    let decided = past_turn::decide(&agent, context, search);
    tokio::time::timeout(TURN_TIMEOUT, decided).await.unwrap_or(Err(CallError::TimedOut))
}
