//! One turn, from its begin to its commit: it performs what the pure turn machine says.

use std::any::Any;
use std::panic::AssertUnwindSafe;
use std::rc::Rc;
use std::sync::Arc;
use std::time::{Duration, Instant};

use futures_util::FutureExt;
use tokio::sync::SemaphorePermit;
use tokio::time::error::Elapsed;

use super::ConversationWires;
use super::addressee::Addressee;
use crate::actors::ask::{Answer, CallError, ask};
use crate::actors::crm::{Errand, TurnRequest};
use crate::actors::shell::panic_text;
use crate::actors::standing::METERS;
use crate::agent::budgets::{Budgets, Ceilings};
use crate::agent::parked;
use crate::agent::port::{LanguageModel, ModelError, Remedy, Request};
use crate::agent::turn::{Effect, Event, Speaker, Turn, Verdict};
use crate::clock;
use crate::crm::port::{BeginTurn, CrmError, Held, RecordSteps};
use crate::domain::dialogue::Ending;
use crate::domain::ids::{ConversationId, DeliveryId, EscalationId, MessageId};
use crate::domain::knowledge::Findings;
use crate::domain::linking::Offer;
use crate::domain::turn::{
    Begun, Briefing, Finish, FinishIds, Finished, Haste, ModelTurn, Provenance, Refusal, Rest, Step,
    Suspicion, Usage,
};
use crate::failpoint::{Failpoint, reach};
use crate::knowledge::question::{self, VECTOR_WITHIN};

/// Longer than `Crm` tries, so that its own answer comes first.
const PATIENCE: Duration = Duration::from_secs(20);
/// How often a turn that waits for a model renews its lease.
const RENEW_EVERY: Duration = Duration::from_secs(2);
/// Tries to commit a decision whose answer was lost, before the turn is begun again.
const FINISH_TRIES: u32 = 5;
const FINISH_PAUSE: Duration = Duration::from_millis(200);
/// The longest that a suspect waits for its turn alone.
const ALONE_PATIENCE: Duration = Duration::from_secs(60);

/// Why a turn stopped without a decision.
enum Stop {
    /// Somebody else owns the conversation now.
    Lost,
    /// Something that the turn needs is away.
    Away(CallError),
    /// The turn itself failed, as by a panic: that counts against what it covers.
    Fault(String),
}

impl From<CallError> for Stop {
    fn from(error: CallError) -> Self {
        Self::Away(error)
    }
}

/// Answers what waits in a conversation. Whatever happens, it says how it ended.
pub(super) async fn run(wires: Rc<ConversationWires>, conversation: ConversationId) -> Ending {
    let mut supersedes = 0;
    loop {
        // Before the answer is awaited: a process may be stopped while it waits for it.
        let held = clock::monotonic();
        let briefing = match begin(&wires, conversation).await {
            Ok(Some(briefing)) => offering(*briefing, wires.linking),
            Ok(None) => return Ending::Done,
            Err(error) => {
                tracing::warn!(%conversation, %error, "could not begin a turn");
                return Ending::Failed;
            }
        };
        let Ok(_alone) = alone(&wires, briefing.suspicion).await else {
            return Ending::Failed;
        };
        let epoch = briefing.epoch;
        let attempt = AssertUnwindSafe(attempt(&wires, briefing, supersedes, held)).catch_unwind().await;
        let finished = match attempt.unwrap_or_else(|panic| Err(Stop::Fault(text(panic.as_ref())))) {
            Ok(finished) => finished,
            Err(stop) => return stopped(&wires, conversation, epoch, stop).await,
        };
        match finished {
            Finished::Committed(Rest::Nothing) => return Ending::Done,
            Finished::Committed(Rest::Waiting) => return Ending::MoreWaits,
            Finished::Refused(Refusal::Newer) => supersedes += 1,
            Finished::Refused(Refusal::Fenced | Refusal::TakenOver) => return Ending::Done,
        }
    }
}

/// With what is configured here about linking.
fn offering(mut briefing: Briefing, offer: Offer) -> Briefing {
    briefing.linking.offer = offer;
    briefing
}

async fn stopped(wires: &ConversationWires, conversation: ConversationId, epoch: i64, stop: Stop) -> Ending {
    match stop {
        Stop::Lost => Ending::Done,
        Stop::Away(error) => {
            tracing::warn!(%conversation, %error, "could not finish a turn");
            Ending::Failed
        }
        Stop::Fault(fault) => {
            tracing::error!(%conversation, fault, "a turn failed");
            METERS.panics.with_label_values(&["turn"]).inc();
            let fault = |reply| Errand::RecordFault { conversation, epoch, reply };
            if let Err(error) = ask(&wires.errands, PATIENCE, fault).await {
                tracing::warn!(%conversation, %error, "could not count the fault");
            }
            Ending::Failed
        }
    }
}

fn text(panic: &(dyn Any + Send)) -> String {
    format!("panic: {}", panic_text(panic))
}

async fn begin(wires: &ConversationWires, conversation: ConversationId) -> Answer<Option<Box<Briefing>>> {
    let wish = BeginTurn { conversation, turn: clock::new_v7().into(), owner: wires.owner };
    match ask(&wires.turns, PATIENCE, |reply| TurnRequest::Begin(wish, reply)).await? {
        Begun::Idle => Ok(None),
        Begun::Started(briefing) => {
            reach(Failpoint::TurnBegun);
            Ok(Some(briefing))
        }
    }
}

/// For a suspect, the right to run as the only one.
async fn alone(
    wires: &ConversationWires,
    suspicion: Suspicion,
) -> Result<Option<SemaphorePermit<'_>>, Elapsed> {
    match suspicion {
        Suspicion::Unsuspected | Suspicion::Condemned => Ok(None),
        Suspicion::Suspect => {
            let permit = tokio::time::timeout(ALONE_PATIENCE, wires.alone.acquire()).await?;
            Ok(permit.ok())
        }
    }
}

/// Thinks and commits.
async fn attempt(
    wires: &ConversationWires,
    briefing: Briefing,
    supersedes: u32,
    held: Instant,
) -> Result<Finished, Stop> {
    let began = clock::monotonic();
    let (waited, suspicion) = (briefing.waited, briefing.suspicion);
    let place = Place { conversation: briefing.conversation, epoch: briefing.epoch };
    let (turn, covers) = (briefing.turn, briefing.covers);
    let addressee = Addressee::of(&briefing);
    let (verdict, sentiment, dead_letter) = match suspicion {
        Suspicion::Condemned => {
            let why = "its turns failed too often, or their processes died";
            (parked(&briefing, &wires.handbook), None, Some(why.to_owned()))
        }
        Suspicion::Unsuspected | Suspicion::Suspect => {
            let (verdict, sentiment) = think(wires, briefing, held).await?;
            (verdict, sentiment, None)
        }
    };
    let provenance = Provenance { latency_ms: milliseconds_since(began), ..verdict.provenance };
    let finish = Finish {
        conversation: place.conversation,
        turn,
        epoch: place.epoch,
        covers,
        haste: Haste::after(supersedes, waited + clock::monotonic().duration_since(began)),
        decision: addressee.dress(verdict.decision, &wires.handbook),
        link: verdict.link,
        provenance,
        sentiment,
        dead_letter,
        ids: FinishIds {
            message: MessageId(clock::new_v7()),
            delivery: DeliveryId(clock::new_v7()),
            escalation: EscalationId(clock::new_v7()),
        },
    };
    commit(wires, finish).await
}

fn milliseconds_since(began: Instant) -> i32 {
    i32::try_from(since(began).as_millis()).unwrap_or(i32::MAX)
}

/// A conversation and the right to write in it.
#[derive(Clone, Copy)]
struct Place {
    conversation: ConversationId,
    epoch: i64,
}

/// Does what the machine says until it has decided; the sentiment of the messages comes along.
async fn think(
    wires: &ConversationWires,
    briefing: Briefing,
    mut held: Instant,
) -> Result<(Verdict, Option<f32>), Stop> {
    let place = Place { conversation: briefing.conversation, epoch: briefing.epoch };
    let id = briefing.turn;
    let budgets = budgets(wires, &briefing).await?;
    let speaker = Speaker::of(wires.model.as_ref());
    let mut turn = Turn::start(briefing, budgets, speaker, Arc::clone(&wires.handbook));
    loop {
        let event = match turn.next() {
            Effect::Search { query, at_most } => {
                let findings = search(wires, query, at_most).await?;
                reach(Failpoint::TurnSearched);
                Event::Found(findings)
            }
            Effect::Ask(request) => {
                let event = speak(wires, place, *request, &mut held).await?;
                reach(Failpoint::TurnModelled);
                event
            }
            Effect::Record { first, steps } => {
                let order = RecordSteps {
                    conversation: place.conversation,
                    turn: id,
                    epoch: place.epoch,
                    first,
                    steps,
                };
                match ask(&wires.turns, PATIENCE, |reply| TurnRequest::Record(order, reply)).await? {
                    Held::Yes => {}
                    Held::Lost => return Err(Stop::Lost),
                }
                reach(Failpoint::TurnRecorded);
                Event::Recorded
            }
            Effect::Finish(verdict) => return Ok((*verdict, turn.sentiment())),
        };
        turn.on(event);
    }
}

/// What this turn may use up, the limits of conversation and day included.
async fn budgets(wires: &ConversationWires, briefing: &Briefing) -> Result<Budgets, Stop> {
    if wires.ceilings == Ceilings::default() || !wires.model.is_metered() {
        return Ok(wires.budgets);
    }
    let conversation = briefing.conversation;
    let spent = ask(&wires.errands, PATIENCE, |reply| Errand::Spent { conversation, reply }).await?;
    let own = briefing.steps.iter().filter_map(Step::usage).fold(Usage::default(), Usage::plus);
    Ok(wires.budgets.within(wires.ceilings, spent, own))
}

/// Searches by words and meaning; by words alone where there is no vector in time.
async fn search(wires: &ConversationWires, query: String, at_most: i64) -> Answer<Findings> {
    let (question, lapse) = question::ask(wires.embedder.as_deref(), query, VECTOR_WITHIN).await;
    if let Some(error) = lapse {
        METERS.searches_without_vector.inc();
        tracing::debug!(%error, "searching by words alone");
    }
    ask(&wires.errands, PATIENCE, |reply| Errand::Search { question, at_most, reply }).await
}

/// Asks the model, and keeps the conversation meanwhile.
///
/// A process may have been stopped, and its conversation taken up by another one, at any await: no request is started,
/// nor tried again, before the lease is known to hold, unless it was so a moment ago.
async fn speak(
    wires: &ConversationWires,
    place: Place,
    request: Request,
    held: &mut Instant,
) -> Result<Event, Stop> {
    if since(*held) >= RENEW_EVERY {
        renew(wires, place).await??;
        *held = clock::monotonic();
    }
    let mut answer = wires.model.answer(request);
    let answer = loop {
        tokio::select! {
            // In this order: what has to be renewed is renewed before the call goes on.
            biased;
            () = tokio::time::sleep(RENEW_EVERY.saturating_sub(since(*held))) => {
                // Where the database is away, the epoch settles it when the turn wants to write.
                renew(wires, place).await.unwrap_or(Ok(()))?;
                *held = clock::monotonic();
            }
            answer = &mut answer => break answer,
        }
    };
    said(wires.model.as_ref(), answer)
}

fn since(then: Instant) -> Duration {
    clock::monotonic().duration_since(then)
}

fn said(model: &dyn LanguageModel, answer: Result<ModelTurn, ModelError>) -> Result<Event, Stop> {
    let error = match answer {
        Ok(said) => return Ok(Event::Said(said)),
        Err(error) => error,
    };
    tracing::warn!(model = model.name(), %error, "the model did not answer");
    match error.remedy() {
        Remedy::Retry => Err(Stop::Away(CallError::Busy)),
        Remedy::GiveUp => Ok(Event::ModelFailed),
    }
}

/// Renews the lease; the outer error is that nobody could be asked.
async fn renew(wires: &ConversationWires, place: Place) -> Answer<Result<(), Stop>> {
    let Place { conversation, epoch } = place;
    match ask(&wires.errands, PATIENCE, |reply| Errand::RenewLease { conversation, epoch, reply }).await? {
        Held::Yes => Ok(Ok(())),
        Held::Lost => Ok(Err(Stop::Lost)),
    }
}

/// Makes the decision true. A lost answer is asked for again: the records know a turn that has committed.
async fn commit(wires: &ConversationWires, finish: Finish) -> Result<Finished, Stop> {
    reach(Failpoint::FinishBefore);
    let mut tries = 0;
    loop {
        tries += 1;
        let order = Box::new(finish.clone());
        match ask(&wires.turns, PATIENCE, |reply| TurnRequest::Finish(order, reply)).await {
            Ok(finished) => return Ok(finished),
            Err(CallError::Crm(CrmError::Invalid(refusal) | CrmError::Failed(refusal))) => {
                return Err(Stop::Fault(refusal));
            }
            Err(error) if tries == FINISH_TRIES => return Err(error.into()),
            Err(error) => tracing::debug!(%error, "asking again whether a turn has committed"),
        }
        tokio::time::sleep(FINISH_PAUSE).await;
    }
}
