//! Runner of one turn, from begin to commit: the shell that performs the effects of the pure turn machine.

use std::any::Any;
use std::cell::Cell;
use std::panic::AssertUnwindSafe;
use std::rc::Rc;
use std::sync::Arc;
use std::time::{Duration, Instant};

use futures_util::FutureExt;
use tracing::Instrument;

use super::ConversationWires;
use super::addressee::Addressee;
use super::beginning::{OwnedTurn, begin, leave};
use super::model_call::{TurnLease, TurnStop, call_model, held_during};
use super::phase::{Phase, VerdictCounts, cause, note_shown, phase, turn_span};
use super::search::search;
use crate::actors::runtime::ask::{CallError, ask};
use crate::actors::runtime::model_usage::budgets_left;
use crate::actors::runtime::off_arbiter::off_arbiter;
use crate::actors::runtime::supervised::panic_text;
use crate::actors::store::crm::TurnRequest;
use crate::agent::parked;
use crate::agent::turn::budgets::Budgets;
use crate::agent::turn::verdict::{Speaker, Verdict};
use crate::agent::turn::{Turn, TurnEffect, TurnEvent};
use crate::clock;
use crate::crm::port::{CrmError, Held, RecordSteps};
use crate::domain::conversations::dialogue::Ending;
use crate::domain::conversations::provider_trouble::ProviderTrouble;
use crate::domain::conversations::turn::{
    Finish, FinishIds, Finished, PoisonState, Provenance, Refusal, Rest, Step, SupersedePolicy, TurnContext,
    Usage,
};
use crate::domain::ids::{ConversationId, DeliveryId, EscalationId, MessageId};
use crate::domain::runtime::timing::TIMEOUT;
use crate::failpoint::{Failpoint, reach};
use crate::metrics::{METRICS, observe_since};
use crate::trace::{self, TraceParent};

/// Attempts to commit a decision whose answer was lost, before the turn is begun again.
const FINISH_TRIES: u32 = 5;
const FINISH_PAUSE: Duration = Duration::from_millis(200);

/// Answers the unanswered messages of a conversation. Whatever happens, it reports how it ended.
pub(super) async fn run(
    wires: Rc<ConversationWires>,
    conversation: ConversationId,
    trouble: Rc<Cell<Option<ProviderTrouble>>>,
    arrived: Option<TraceParent>,
) -> Ending {
    let mut supersedes = 0;
    loop {
        match run_once(&wires, conversation, supersedes, &trouble, arrived).await {
            Some(ending) => return ending,
            None => supersedes += 1,
        }
    }
}

/// One attempt at a turn; `None` if newer messages superseded it.
async fn run_once(
    wires: &ConversationWires,
    conversation: ConversationId,
    supersedes: u32,
    trouble: &Cell<Option<ProviderTrouble>>,
    arrived: Option<TraceParent>,
) -> Option<Ending> {
    let turn = match begin(wires, conversation).await {
        Ok(turn) => turn,
        Err(ending) => return Some(ending),
    };
    let span = turn_span(conversation, turn.context.turn, turn.context.epoch);
    let span = trace::continued(span, cause(turn.context.traceparent, arrived));
    began(wires, turn, supersedes, trouble).instrument(span).await
}

/// What follows once the turn has begun.
async fn began(
    wires: &ConversationWires,
    turn: OwnedTurn<'_>,
    supersedes: u32,
    trouble: &Cell<Option<ProviderTrouble>>,
) -> Option<Ending> {
    let OwnedTurn { context, held, serialized: _until_it_ends } = turn;
    let (conversation, epoch) = (context.conversation, context.epoch);
    let attempt = AssertUnwindSafe(attempt(wires, context, supersedes, (held, trouble))).catch_unwind().await;
    observe_since(&METRICS.turn, held);
    match attempt.unwrap_or_else(|panic| Err(TurnStop::Fault(text(panic.as_ref())))) {
        Ok(Finished::Committed(Rest::Nothing)) => Some(Ending::Done),
        Ok(Finished::Committed(Rest::Waiting)) => Some(Ending::MoreWaits),
        Ok(Finished::Refused(Refusal::Newer)) => None,
        Ok(Finished::Refused(Refusal::Fenced | Refusal::TakenOver)) => {
            Some(stopped(wires, conversation, epoch, TurnStop::Lost).await)
        }
        Err(stop) => Some(stopped(wires, conversation, epoch, stop).await),
    }
}

async fn stopped(
    wires: &ConversationWires,
    conversation: ConversationId,
    epoch: i64,
    stop: TurnStop,
) -> Ending {
    let ending = match stop {
        TurnStop::Lost => Ending::Done,
        TurnStop::Unavailable(error) => {
            tracing::warn!(%conversation, %error, "could not finish a turn");
            Ending::Failed
        }
        TurnStop::ModelUnavailable => Ending::Failed,
        TurnStop::Fault(fault) => {
            tracing::error!(%conversation, fault, "a turn failed");
            METRICS.panics.with_label_values(&["turn"]).inc();
            let recorded = wires.turn_store.call(move |turns| turns.record_fault(conversation, epoch)).await;
            if let Err(error) = recorded {
                tracing::warn!(%conversation, %error, "could not count the fault");
            }
            Ending::Failed
        }
    };
    if let Err(error) = leave(wires, conversation, epoch).await {
        tracing::debug!(%conversation, %error, "a lease is left to run out");
    }
    ending
}

fn text(panic: &(dyn Any + Send)) -> String {
    format!("panic: {}", panic_text(panic))
}

/// Decides and commits.
async fn attempt(
    wires: &ConversationWires,
    context: TurnContext,
    supersedes: u32,
    (held, trouble): (Instant, &Cell<Option<ProviderTrouble>>),
) -> Result<Finished, TurnStop> {
    let began = clock::monotonic();
    let (waited, poison) = (context.waited, context.poison);
    let lease = TurnLease { conversation: context.conversation, epoch: context.epoch };
    let (turn, covers) = (context.turn, context.covers);
    let addressee = Addressee::of(&context);
    let (verdict, sentiment, dead_letter) = match poison {
        PoisonState::DeadLetter => {
            let why = "its turns failed too often, or their processes died";
            (parked(&context, &wires.handbook), None, Some(why.to_owned()))
        }
        PoisonState::Healthy | PoisonState::Quarantined => {
            let (verdict, sentiment) = think(wires, context, held, trouble).await?;
            (verdict, sentiment, None)
        }
    };
    let counts = VerdictCounts::of(&verdict);
    let provenance = Provenance { latency_ms: milliseconds_since(began), ..verdict.provenance };
    let finish = Finish {
        conversation: lease.conversation,
        turn,
        epoch: lease.epoch,
        covers,
        supersede: SupersedePolicy::after(supersedes, waited + clock::monotonic().duration_since(began)),
        decision: addressee.render_reply(verdict.decision, &wires.handbook),
        link: verdict.link,
        provenance,
        sentiment,
        dead_letter,
        ids: fresh_ids(),
        traceparent: trace::current(),
    };
    let shown = addressee.is_shown_by_commit(&finish.decision).then_some(finish.ids.delivery);
    let finished = phase(Phase::Finish, commit(wires, finish)).await?;
    counts.count(&finished);
    if let (Finished::Committed(_), Some(delivery)) = (&finished, shown) {
        note_shown(delivery);
    }
    Ok(finished)
}

fn fresh_ids() -> FinishIds {
    FinishIds {
        message: MessageId(clock::new_v7()),
        delivery: DeliveryId(clock::new_v7()),
        escalation: EscalationId(clock::new_v7()),
    }
}

fn milliseconds_since(began: Instant) -> i32 {
    i32::try_from(clock::monotonic().duration_since(began).as_millis()).unwrap_or(i32::MAX)
}

/// Runs the turn machine until it has decided; also returns the sentiment of the messages.
async fn think(
    wires: &ConversationWires,
    context: TurnContext,
    mut held: Instant,
    trouble: &Cell<Option<ProviderTrouble>>,
) -> Result<(Verdict, Option<f32>), TurnStop> {
    let lease = TurnLease { conversation: context.conversation, epoch: context.epoch };
    let id = context.turn;
    let budgets = budgets(wires, &context).await?;
    let mut turn = held_during(wires, lease, &mut held, start(wires, context, budgets)).await?;
    loop {
        let event = match turn.next() {
            TurnEffect::Search { query, limit } => {
                let searching = phase(Phase::Search, search(wires, query, limit));
                let findings = held_during(wires, lease, &mut held, searching).await??;
                reach(Failpoint::TurnSearched);
                TurnEvent::Found(findings)
            }
            TurnEffect::Ask(request) => {
                let event = call_model(wires, lease, *request, &mut held, trouble).await?;
                reach(Failpoint::TurnModelled);
                event
            }
            TurnEffect::Record { first, steps } => {
                let order = RecordSteps {
                    conversation: lease.conversation,
                    turn: id,
                    epoch: lease.epoch,
                    first,
                    steps,
                };
                let recorded = ask(&wires.turns, TIMEOUT, |reply| TurnRequest::Record(order, reply));
                match phase(Phase::Record, recorded).await? {
                    Held::Yes => {}
                    Held::Lost => return Err(TurnStop::Lost),
                }
                reach(Failpoint::TurnRecorded);
                TurnEvent::Recorded
            }
            TurnEffect::Finish(verdict) => return Ok((*verdict, turn.sentiment())),
        };
        turn = held_during(wires, lease, &mut held, advance(turn, event)).await?;
    }
}

/// Reads the messages and starts the machine.
async fn start(wires: &ConversationWires, context: TurnContext, budgets: Budgets) -> Turn {
    let (speaker, handbook) = (Speaker::of(wires.model.as_ref()), Arc::clone(&wires.handbook));
    off_arbiter(move || Turn::start(context, budgets, speaker, handbook)).await
}

async fn advance(mut turn: Turn, event: TurnEvent) -> Turn {
    off_arbiter(move || {
        turn.on(event);
        turn
    })
    .await
}

/// The turn's budgets, reduced to what the ceilings of conversation and day leave.
async fn budgets(wires: &ConversationWires, context: &TurnContext) -> Result<Budgets, TurnStop> {
    let own = context.steps.iter().filter_map(Step::usage).fold(Usage::default(), Usage::plus);
    let limits = (wires.budgets, wires.ceilings);
    Ok(budgets_left(limits, wires.model.as_ref(), &wires.turn_store, context.conversation, own).await?)
}

/// Commits the decision. A lost answer is asked for again: the store knows a turn that has committed.
async fn commit(wires: &ConversationWires, finish: Finish) -> Result<Finished, TurnStop> {
    reach(Failpoint::FinishBefore);
    let mut tries = 0;
    loop {
        tries += 1;
        let order = Box::new(finish.clone());
        match ask(&wires.turns, TIMEOUT, |reply| TurnRequest::Finish(order, reply)).await {
            Ok(finished) => return Ok(finished),
            Err(CallError::Crm(CrmError::Invalid(refusal) | CrmError::Failed(refusal))) => {
                return Err(TurnStop::Fault(refusal));
            }
            Err(error) if tries == FINISH_TRIES => return Err(error.into()),
            Err(error) => tracing::debug!(%error, "asking again whether a turn has committed"),
        }
        tokio::time::sleep(FINISH_PAUSE).await;
    }
}
