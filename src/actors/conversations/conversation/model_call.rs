//! Lease renewal of a turn while it works, and its model call: one request under the lease, and what follows from a failure
//! of the provider.

use std::cell::Cell;
use std::pin::pin;
use std::time::{Duration, Instant};

use super::ConversationWires;
use super::phase::{Phase, note_answer, note_request, phase};
use crate::actors::runtime::ask::{Answer, CallError};
use crate::actors::runtime::model_usage::count_usage;
use crate::agent::port::{ModelError, ModelRemedy, Request};
use crate::agent::turn::TurnEvent;
use crate::clock;
use crate::crm::port::Held;
use crate::domain::conversations::provider_trouble::{ProviderTrouble, TroubleStep};
use crate::domain::conversations::turn::{ModelTurn, Usage};
use crate::domain::ids::ConversationId;
use crate::domain::runtime::timing::TURN_LEASE_RENEWAL;

/// Why a turn stopped without a decision.
pub(super) enum TurnStop {
    /// Another owner has the conversation now.
    Lost,
    /// A dependency of the turn is down.
    Unavailable(CallError),
    /// The model's provider is down or overloaded, which the model's adapter has logged.
    ModelUnavailable,
    /// The turn itself failed, for example by a panic: that counts against the messages it covers.
    Fault(String),
}

impl From<CallError> for TurnStop {
    fn from(error: CallError) -> Self {
        Self::Unavailable(error)
    }
}

/// A conversation with its fencing token.
#[derive(Clone, Copy)]
pub(super) struct TurnLease {
    pub conversation: ConversationId,
    pub epoch: i64,
}

/// Calls the model; returns the event that its answer, or its failure, is for the turn.
pub(super) async fn call_model(
    wires: &ConversationWires,
    lease: TurnLease,
    request: Request,
    held: &mut Instant,
    trouble: &Cell<Option<ProviderTrouble>>,
) -> Result<TurnEvent, TurnStop> {
    let (model, known) = (wires.model.as_ref(), trouble.get());
    let asked = async {
        note_request(model.name(), model.is_metered());
        let answer = answered(wires, lease, request, held, known).await;
        if let Ok(answer) = &answer {
            note_answer(model.name(), answer.as_ref());
        }
        answer
    };
    match phase(Phase::Model, asked).await? {
        Some(Ok(said)) => {
            trouble.set(None);
            count_usage(said.model.as_deref().unwrap_or(wires.model.name()), &said.usage);
            Ok(TurnEvent::Said(said))
        }
        Some(Err(error)) => failed(wires, lease.conversation, &error, trouble).await,
        None => {
            trouble.set(None);
            Ok(TurnEvent::ModelFailed)
        }
    }
}

/// The answer, awaited while the lease is renewed. `None` if its provider has failed for this message alone for too long, and
/// this call is unanswered too.
///
/// At any await the process may be stopped and its conversation taken over by another one: no request is started or
/// retried before the lease is known to hold, unless that was checked a moment ago.
async fn answered(
    wires: &ConversationWires,
    lease: TurnLease,
    request: Request,
    held: &mut Instant,
    trouble: Option<ProviderTrouble>,
) -> Result<Option<Result<ModelTurn, ModelError>>, TurnStop> {
    if since(*held) >= TURN_LEASE_RENEWAL {
        renew(wires, lease).await??;
        *held = clock::monotonic();
    }
    let now = clock::monotonic();
    let deadline = trouble.and_then(|trouble| trouble.deadline(now, wires.model.answered_at()));
    let mut overdue = pin!(async {
        match deadline {
            Some(deadline) => tokio::time::sleep_until(deadline.into()).await,
            None => std::future::pending().await,
        }
    });
    let mut answer = wires.model.answer(request);
    let answered = async {
        tokio::select! {
            biased;
            answer = &mut answer => Some(answer),
            () = &mut overdue => None,
        }
    };
    held_during(wires, lease, held, answered).await
}

/// Awaits `work` while the lease is renewed: a lease that runs out under a process that lives makes two of them begin the
/// same turn.
pub(super) async fn held_during<T>(
    wires: &ConversationWires,
    lease: TurnLease,
    held: &mut Instant,
    work: impl Future<Output = T>,
) -> Result<T, TurnStop> {
    let mut work = pin!(work);
    loop {
        tokio::select! {
            // In this order: a due renewal precedes the work's progress.
            biased;
            () = tokio::time::sleep(TURN_LEASE_RENEWAL.saturating_sub(since(*held))) => {
                // If the database is down, the epoch decides when the turn wants to write.
                renew(wires, lease).await.unwrap_or(Ok(()))?;
                *held = clock::monotonic();
            }
            done = &mut work => return Ok(done),
        }
    }
}

fn since(then: Instant) -> Duration {
    clock::monotonic().duration_since(then)
}

/// What follows from a failure: try again later, or hand over.
async fn failed(
    wires: &ConversationWires,
    conversation: ConversationId,
    error: &ModelError,
    trouble: &Cell<Option<ProviderTrouble>>,
) -> Result<TurnEvent, TurnStop> {
    tracing::debug!(model = wires.model.name(), %error, "the model did not answer");
    match error.remedy() {
        ModelRemedy::Wait => Err(TurnStop::ModelUnavailable),
        ModelRemedy::GiveUp => Ok(TurnEvent::ModelFailed),
        ModelRemedy::Retry(attempt) => {
            let (counted, step) = ProviderTrouble::after(trouble.get(), attempt, clock::monotonic());
            trouble.set(Some(counted));
            match step {
                TroubleStep::Wait => Err(TurnStop::ModelUnavailable),
                TroubleStep::Probe => {
                    probe(wires, conversation).await;
                    Err(TurnStop::ModelUnavailable)
                }
                TroubleStep::HandOver => {
                    trouble.set(None);
                    Ok(TurnEvent::ModelFailed)
                }
            }
        }
    }
}

/// Asks the model something else; what that uses counts against the budgets of the conversation and the day.
async fn probe(wires: &ConversationWires, conversation: ConversationId) {
    let used = wires.model.probe().await;
    if used == Usage::default() {
        return;
    }
    let counted = wires.turn_store.call(move |turns| turns.add_usage(conversation, used)).await;
    if let Err(error) = counted {
        tracing::warn!(%conversation, %error, "could not count what a probe of the model has used");
    }
}

/// Renews the lease; the outer error means that the store could not be asked.
async fn renew(wires: &ConversationWires, lease: TurnLease) -> Answer<Result<(), TurnStop>> {
    let TurnLease { conversation, epoch } = lease;
    match wires.turn_store.call(move |turns| turns.renew_lease(conversation, epoch)).await? {
        Held::Yes => Ok(Ok(())),
        Held::Lost => Ok(Err(TurnStop::Lost)),
    }
}
