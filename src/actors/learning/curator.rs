//! `Curator`: keeps the knowledge for staff. It groups unanswered questions, makes drafts of resolved tickets, and carries
//! out approvals; nothing else changes what the bot reads. The store claims each round, so that one process does it.

use std::sync::Arc;
use std::time::Duration;

use super::lessons::{self, LessonTools, MAX_QUESTIONS, MAX_TICKETS};
use super::vectors;
use crate::actors::messages::{ApproveProposal, GroupQuestions, ProposalDecision};
use crate::actors::runtime::ask::{Admission, Answer, CallError};
use crate::actors::runtime::off_arbiter::off_arbiter;
use crate::actors::runtime::poller::{self, Next, Poll};
use crate::actors::runtime::single_flight::SingleFlight;
use crate::actors::runtime::supervised::{Work, Worker, WorkerContext};
use crate::actors::store::store_handle::StoreHandle;
use crate::crm::port::{Articles, Gaps, Knowledge, Proposals};
use crate::domain::enums::{ProposalOp, ProposalState};
use crate::domain::knowledge::Section;
use crate::domain::learning::articles::ArticleSection;
use crate::domain::learning::proposals::{
    ProposalAnswer, ProposalApproval, ProposalContent, ProposalRefusal,
};
use crate::knowledge::articles::{changed_article, new_article};
use crate::knowledge::port::Embedder;
use crate::metrics::METRICS;

/// Poll interval: a draft may wait a moment.
const LOOK_EVERY: Duration = Duration::from_secs(3);
/// Rounds between two looks for sections without vectors.
const VECTOR_ROUNDS: u32 = 20;
/// Chunks that are embedded at once.
const MAX_CHUNKS: i64 = 32;
/// Requests of people at the same time: they share the embedding model with the turns.
const AT_ONCE: usize = 4;

/// Arguments of a `Curator`.
#[derive(Clone)]
pub struct CuratorArgs {
    pub articles: StoreHandle<dyn Articles>,
    pub gaps: StoreHandle<dyn Gaps>,
    pub proposals: StoreHandle<dyn Proposals>,
    pub knowledge: StoreHandle<dyn Knowledge>,
    pub embedder: Option<Arc<dyn Embedder>>,
}

pub struct Curator {
    tools: CuratorArgs,
    admission: Admission,
    single_flight: SingleFlight,
    round: u32,
}

impl Worker for Curator {
    type Args = CuratorArgs;
    const MAILBOX: usize = 16;

    fn new(args: &CuratorArgs) -> Self {
        Self {
            tools: args.clone(),
            admission: Admission::new(AT_ONCE),
            single_flight: SingleFlight::default(),
            round: 0,
        }
    }

    fn started(&mut self, ctx: &mut WorkerContext<'_, Self>) {
        poller::start(self, ctx);
    }
}

impl CuratorArgs {
    fn lessons(&self) -> LessonTools {
        LessonTools {
            gaps: self.gaps.clone(),
            knowledge: self.knowledge.clone(),
            embedder: self.embedder.clone(),
        }
    }
}

impl Work<GroupQuestions> for Curator {
    fn work(&mut self, order: GroupQuestions, ctx: &mut WorkerContext<'_, Self>) {
        let Some(permit) = self.admission.admit() else {
            METRICS.refused.with_label_values(&["curator"]).inc();
            order.reply.send(Err(CallError::Busy));
            return;
        };
        let (reply, tools) = (order.reply.holding(permit), self.tools.lessons());
        let grouped = async move { lessons::group_questions(&tools).await.map(drop) };
        ctx.perform(grouped, move |_, grouped, _| reply.send(grouped));
    }
}

impl Work<ApproveProposal> for Curator {
    fn work(&mut self, order: ApproveProposal, ctx: &mut WorkerContext<'_, Self>) {
        let ApproveProposal { decision, reply } = order;
        let Some(permit) = self.admission.admit() else {
            METRICS.refused.with_label_values(&["curator"]).inc();
            reply.send(Err(CallError::Busy));
            return;
        };
        let reply = reply.holding(permit);
        let tools = self.tools.clone();
        ctx.perform(approve(tools.clone(), decision), move |_, approved, ctx| {
            let is_done = matches!(approved, Ok(ProposalAnswer::Done(_)));
            reply.send(approved);
            if is_done {
                ctx.perform(embed(tools), |_, embedded, _| note(&embedded));
            }
        });
    }
}

async fn approve(tools: CuratorArgs, decision: ProposalDecision) -> Answer<ProposalAnswer> {
    let ProposalDecision { id, by, force, key } = decision;
    let refused = |refusal| Ok(ProposalAnswer::Refused(refusal));
    let Some(found) = tools.proposals.call(move |proposals| proposals.proposal(id)).await? else {
        return refused(ProposalRefusal::NoProposal);
    };
    // Of another one, the store knows the answer that the same request got before.
    let article = match found.state {
        ProposalState::Draft => article(&tools, found.content).await?,
        ProposalState::Approved | ProposalState::Rejected => None,
    };
    let approval = ProposalApproval { id, revision: found.revision, by, force, article, key };
    tools.proposals.call(move |proposals| proposals.approve_proposal(approval)).await
}

/// What a proposal writes, with its vectors; `None` for a deletion.
async fn article(tools: &CuratorArgs, content: ProposalContent) -> Answer<Option<ArticleSection>> {
    let section = section(&tools.articles, content).await?;
    let Some(section) = section else {
        return Ok(None);
    };
    let vectors = vectors::of_section(tools.embedder.as_ref(), section.chunks.clone()).await;
    Ok(Some(ArticleSection { section, vectors }))
}

/// The section that a proposal writes.
pub(super) async fn section(
    articles: &StoreHandle<dyn Articles>,
    content: ProposalContent,
) -> Answer<Option<Section>> {
    let ProposalContent { op, article, title, body, gap: _ } = content;
    let (title, body) = (title.unwrap_or_default(), body.unwrap_or_default());
    Ok(match (op, article) {
        (ProposalOp::Create, _) => Some(off_arbiter(move || new_article(&title, &body)).await),
        (ProposalOp::Update, Some(id)) => {
            let named = id.clone();
            let current = articles.call(move |articles| articles.staff_article(named)).await?;
            let path = current.map(|current| current.line.section);
            Some(off_arbiter(move || changed_article(&id, path.as_deref(), &title, &body)).await)
        }
        (ProposalOp::Update, None) | (ProposalOp::Delete, _) => None,
    })
}

/// Embeds sections that were written without vectors; returns how many chunks.
async fn embed(tools: CuratorArgs) -> Answer<usize> {
    let Some(embedder) = &tools.embedder else {
        return Ok(0);
    };
    let model = embedder.model().clone();
    let named = model.clone();
    let chunks = tools.articles.call(move |articles| articles.unembedded_chunks(named, MAX_CHUNKS)).await?;
    let (ids, texts): (Vec<i64>, Vec<String>) = chunks.into_iter().unzip();
    let embedded = ids.len();
    let values = vectors::of(Some(embedder), texts).await.unwrap_or_default();
    let vectors = ids.into_iter().zip(values).collect();
    tools.articles.call(move |articles| articles.keep_vectors(model, vectors)).await?;
    Ok(embedded)
}

fn note(embedded: &Answer<usize>) {
    if let Err(error) = embedded {
        tracing::warn!(%error, "could not embed an approved article; the next round tries again");
    }
}

/// Whether a round found as much as it may.
pub struct LearningRound {
    has_more: bool,
}

impl Poll for Curator {
    type Found = LearningRound;
    const FAILURE: &'static str = "could not learn from resolved tickets";

    fn every(&self) -> Duration {
        LOOK_EVERY
    }

    fn single_flight(&mut self) -> &mut SingleFlight {
        &mut self.single_flight
    }

    fn round(&mut self) -> impl Future<Output = Answer<LearningRound>> + 'static {
        let tools = self.tools.clone();
        let looks_for_vectors = self.round.is_multiple_of(VECTOR_ROUNDS);
        self.round = self.round.wrapping_add(1);
        async move {
            // A little less than the interval, so that a process alone does not miss every second round.
            if !tools.gaps.call(|gaps| gaps.claim_learning(LOOK_EVERY / 2)).await? {
                return Ok(LearningRound { has_more: false });
            }
            let lessons = tools.lessons();
            let grouped = lessons::group_questions(&lessons).await?;
            let read = lessons::learn(&lessons).await?;
            if looks_for_vectors && has_pending(&tools).await? {
                embed(tools).await?;
            }
            let is_full = |count: usize, limit: i64| i64::try_from(count).is_ok_and(|count| count >= limit);
            Ok(LearningRound { has_more: is_full(grouped, MAX_QUESTIONS) || is_full(read, MAX_TICKETS) })
        }
    }

    fn found(&mut self, round: LearningRound, _: &mut WorkerContext<'_, Self>) -> Next {
        if round.has_more { Next::Again } else { Next::Wait }
    }
}

async fn has_pending(tools: &CuratorArgs) -> Answer<bool> {
    let Some(embedder) = &tools.embedder else {
        return Ok(false);
    };
    let model = embedder.model().clone();
    let pending = tools.articles.call(move |articles| articles.unembedded_chunks(model, 1)).await?;
    Ok(!pending.is_empty())
}
