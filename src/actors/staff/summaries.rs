//! Summary of a long thread for staff: the one that is kept, or a new one of the model. Where no model can be asked, or its
//! answer can't be used, the points are extracted; that is no failure.

use std::sync::Arc;
use std::time::Duration;

use tokio::time::{Instant, timeout_at};

use crate::actors::runtime::ask::Answer;
use crate::actors::runtime::model_usage::{budgets_left, count_usage};
use crate::actors::runtime::off_arbiter::off_arbiter;
use crate::actors::store::store_handle::StoreHandle;
use crate::agent::handbook::Handbook;
use crate::agent::port::LanguageModel;
use crate::agent::summary::{FinishedSummary, SummaryAuthor, SummaryRun};
use crate::agent::turn::budgets::{Budgets, Ceilings};
use crate::clock;
use crate::crm::port::{Summaries, Turns};
use crate::domain::console::summaries::{KeptSummary, LongThread, NewSummary, SummaryView, SummaryWish};
use crate::domain::conversations::turn::Usage;
use crate::domain::ids::{ConversationId, StaffId};

/// The model's share of the time that staff wait for a summary.
const MODEL_TIMEOUT: Duration = Duration::from_secs(45);

/// What a summary is made with.
pub(super) struct SummaryTools {
    pub summaries: StoreHandle<dyn Summaries>,
    pub turns: StoreHandle<dyn Turns>,
    pub model: Arc<dyn LanguageModel>,
    pub handbook: Arc<Handbook>,
    pub limits: (Budgets, Ceilings),
}

/// Two requests at once may both ask the model; the later summary is kept.
pub(super) async fn summarized(
    tools: SummaryTools,
    conversation: ConversationId,
    staff: StaffId,
    wish: SummaryWish,
) -> Answer<Option<SummaryView>> {
    match kept(&tools, conversation).await? {
        KeptSummary::NoConversation => return Ok(None),
        KeptSummary::Kept(view) if wish.is_met_by(&view) => return Ok(Some(*view)),
        KeptSummary::Kept(_) | KeptSummary::Nothing => {}
    }
    let thread = tools.summaries.call(move |store| store.long_thread(conversation)).await?;
    let Some(thread) = thread else {
        return Ok(None);
    };
    let made = made(&tools, staff, thread).await?;
    tools.summaries.call(move |store| store.keep_summary(made)).await?;
    Ok(match kept(&tools, conversation).await? {
        KeptSummary::Kept(view) => Some(*view),
        KeptSummary::NoConversation | KeptSummary::Nothing => None,
    })
}

async fn kept(tools: &SummaryTools, conversation: ConversationId) -> Answer<KeptSummary> {
    tools.summaries.call(move |store| store.kept_summary(conversation)).await
}

async fn made(tools: &SummaryTools, staff: StaffId, thread: LongThread) -> Answer<NewSummary> {
    let (conversation, total) = (thread.conversation, thread.total);
    let through = thread.messages.last().map_or(0, |newest| newest.seq);
    let handbook = Arc::clone(&tools.handbook);
    let run = off_arbiter(move || SummaryRun::start(thread, handbook)).await;
    let (run, model) = read(tools, conversation, run).await?;
    let FinishedSummary { points, covered, author } = off_arbiter(move || run.finish()).await;
    let model = match author {
        SummaryAuthor::Model => Some(model),
        SummaryAuthor::Rules => None,
    };
    let covered = i64::try_from(covered).unwrap_or(i64::MAX);
    Ok(NewSummary { conversation, staff, points, covered, total, through, model })
}

/// Asks the model piece by piece, within the budgets of one turn and the ceilings; also names the one that answered last.
async fn read(
    tools: &SummaryTools,
    conversation: ConversationId,
    mut run: SummaryRun,
) -> Answer<(SummaryRun, String)> {
    let SummaryTools { turns, model, limits, .. } = tools;
    let deadline = Instant::from_std(clock::monotonic()) + MODEL_TIMEOUT;
    let budgets = budgets_left(*limits, model.as_ref(), turns, conversation, Usage::default()).await?;
    let (mut used, mut author) = (Usage::default(), model.name().to_owned());
    while let Some(request) = run.request() {
        let is_affordable = used.tokens() < budgets.tokens && used.cost_micros < budgets.cost_micros;
        let Some(asked) = model.summarize(request).filter(|_| is_affordable) else {
            run.abandon();
            break;
        };
        match timeout_at(deadline, asked).await {
            Ok(Ok(said)) => {
                used = used.plus(said.usage);
                said.model.as_deref().unwrap_or(model.name()).clone_into(&mut author);
                count(turns, conversation, &author, said.usage).await;
                run = off_arbiter(move || {
                    run.hear(&said);
                    run
                })
                .await;
            }
            Ok(Err(error)) => {
                tracing::warn!(%conversation, %error, "the model did not answer a request for a summary");
                run.abandon();
            }
            Err(_elapsed) => {
                tracing::warn!(%conversation, "the model took too long for a summary");
                run.abandon();
            }
        }
    }
    Ok((run, author))
}

async fn count(turns: &StoreHandle<dyn Turns>, conversation: ConversationId, model: &str, used: Usage) {
    count_usage(model, &used);
    let counted = turns.call(move |turns| turns.add_usage(conversation, used)).await;
    if let Err(error) = counted {
        tracing::warn!(%conversation, %error, "could not count what a summary has used");
    }
}
