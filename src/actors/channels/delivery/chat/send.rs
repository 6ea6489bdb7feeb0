//! Sends one reply through the provider, and records the outcome.

use std::rc::Rc;
use std::time::{Duration, Instant};

use super::{ChatWires, TIMEOUT};
use crate::actors::messages::RecordStatus;
use crate::actors::runtime::ask::{CallError, ask};
use crate::channels::port::{Content, Outgoing, SendError, SendReceipt};
use crate::clock;
use crate::crm::port::Attempt;
use crate::domain::enums::{Channel, DeliveryState, FailureCause};
use crate::domain::ids::DeliveryId;
use crate::domain::messages::delivery::{ClaimedDelivery, Failure, Known, Route, StatusUpdate, pause_after};
use crate::failpoint::{Failpoint, reach};
use crate::metrics::METRICS;

/// Maximum age of a lease when its request is made: the lease ends after the request's own time-out.
const FRESH_FOR: Duration = Duration::from_secs(3);
/// Retry pause while the account fails: an operator has to fix it.
const ACCOUNT_PAUSE: Duration = Duration::from_secs(30);
/// The longest pause that a provider may ask for.
const MAX_RETRY_AFTER: Duration = Duration::from_secs(300);
/// After so many attempts that the provider did not accept, over hours at least, a reply is left to staff.
const MAX_ATTEMPTS: i16 = 1_000;
/// Attempts to record an outcome; after them the provider's report or its list resolves it.
const RECORD_TRIES: u32 = 3;

/// The outcome of a send.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SendOutcome {
    Sent,
    /// Failed for good; staff have been notified.
    Failed,
    /// The provider accepts nothing at present.
    Unavailable {
        why: String,
        retry_after: Option<Duration>,
    },
    /// In doubt.
    Unknown {
        why: String,
    },
    /// The records have no such delivery: what became of it can't be recorded.
    NotOurs,
    /// There was nothing to do, or no time to do it.
    Nothing,
}

/// Causes in the metrics beside those of [`FailureCause`]: the provider takes nothing at present, it does not accept the
/// account, it gave no answer.
const UNAVAILABLE: &str = "unavailable";
const ACCOUNT: &str = "account";
const IN_DOUBT: &str = "in_doubt";

/// Makes the time series of a channel.
pub fn start_failures_at_zero(channel: Channel) {
    let refused = FailureCause::ALL.iter().map(|cause| cause.as_str());
    for cause in refused.chain([UNAVAILABLE, ACCOUNT, IN_DOUBT]) {
        METRICS.delivery_failures.with_label_values(&[channel.as_str(), cause]);
    }
}

fn count_failure(channel: Channel, cause: &str) {
    METRICS.delivery_failures.with_label_values(&[channel.as_str(), cause]).inc();
}

impl SendOutcome {
    /// Every label in the metrics.
    pub const LABELS: [&str; 6] = ["sent", "failed", "put_back", "unknown", "not_ours", "skipped"];

    /// Label in the metrics.
    pub fn as_str(&self) -> &'static str {
        match self {
            Self::Sent => "sent",
            Self::Failed => "failed",
            Self::Unavailable { .. } => "put_back",
            Self::Unknown { .. } => "unknown",
            Self::NotOurs => "not_ours",
            Self::Nothing => "skipped",
        }
    }
}

/// Sends a leased reply.
pub async fn carry(
    wires: Rc<ChatWires>,
    channel: Channel,
    reply: ClaimedDelivery,
    asked_at: Instant,
) -> SendOutcome {
    let attempt = Attempt { delivery: reply.delivery, number: reply.attempt };
    if reply.attempt > MAX_ATTEMPTS {
        let failure =
            Failure::new(FailureCause::Rejected, format!("not accepted in {MAX_ATTEMPTS} attempts"));
        return give_up(&wires, channel, attempt, failure).await;
    }
    let content = match wires.sender.route(&reply) {
        Route::Nowhere(failure) => return give_up(&wires, channel, attempt, failure).await,
        Route::Text => match first_part(&wires, &reply, attempt).await {
            Some(text) => Content::Text(text),
            None => return SendOutcome::Nothing,
        },
        Route::Template => Content::Template {
            text: reply.text.clone(),
            name: reply.customer_name.clone(),
            ticket: reply.ticket.to_string(),
        },
    };
    let Some(to) = reply.to.clone() else {
        return SendOutcome::Nothing;
    };
    if clock::monotonic().duration_since(asked_at) > FRESH_FOR {
        put_back(&wires, attempt, Duration::ZERO, "the lease was too old to be used").await;
        return SendOutcome::Nothing;
    }
    reach(Failpoint::ChatBefore);
    let outgoing =
        Outgoing { delivery: reply.delivery, to, content, mail: reply.mail, files: Vec::new(), draft: None };
    let sent = match drafted(&wires, outgoing).await {
        Ok(outgoing) => wires.sender.send(outgoing).await,
        Err(error) => Err(error),
    };
    reach(Failpoint::ChatAnswered);
    match sent {
        Ok(taken) => record(&wires, sent_as(channel, attempt, taken)).await,
        Err(error) => settle(&wires, channel, attempt, error).await,
    }
}

/// Records that a reply is not sent.
async fn give_up(wires: &ChatWires, channel: Channel, attempt: Attempt, failure: Failure) -> SendOutcome {
    count_failure(channel, failure.cause.as_str());
    record(wires, failed(channel, attempt, failure)).await
}

/// The message with its draft, where the provider has drafts. Its id is stored before anything is sent by it.
async fn drafted(wires: &ChatWires, message: Outgoing) -> Result<Outgoing, SendError> {
    let Some(making) = wires.sender.draft(&message) else {
        return Ok(message);
    };
    let later = |error: CallError| SendError::Later { why: error.to_string(), retry_after: None };
    let delivery = message.delivery;
    let stored = wires.deliveries.call(move |deliveries| deliveries.read_draft(delivery)).await;
    let draft = match stored.map_err(later)? {
        Some(draft) => draft,
        None => {
            let draft = making.await?;
            reach(Failpoint::DraftMade);
            let write = wires.deliveries.call(move |deliveries| deliveries.write_draft(delivery, draft));
            write.await.map_err(later)?
        }
    };
    reach(Failpoint::DraftStored);
    Ok(Outgoing { draft: Some(draft), ..message })
}

/// What to send now: the whole text, or the first of several parts, which the others follow.
async fn first_part(wires: &ChatWires, reply: &ClaimedDelivery, attempt: Attempt) -> Option<String> {
    if !reply.is_whole {
        return Some(reply.text.clone());
    }
    let mut parts = wires.sender.parts(&reply.text);
    if parts.len() < 2 {
        return parts.pop();
    }
    let first = parts.first().cloned();
    let id = |(place, text)| (if place == 0 { reply.delivery } else { DeliveryId(clock::new_v7()) }, text);
    let parts: Vec<(DeliveryId, String)> = parts.into_iter().enumerate().map(id).collect();
    match wires.deliveries.call(move |deliveries| deliveries.split_delivery(attempt, parts)).await {
        Ok(true) => first,
        Ok(false) => None,
        Err(error) => {
            tracing::warn!(delivery = %attempt.delivery, %error, "could not split a reply; it is tried again");
            put_back(wires, attempt, pause_after(1), "it could not be split").await;
            None
        }
    }
}

async fn settle(wires: &ChatWires, channel: Channel, attempt: Attempt, error: SendError) -> SendOutcome {
    let delivery = attempt.delivery;
    match error {
        SendError::Later { why, retry_after } => {
            count_failure(channel, UNAVAILABLE);
            let retry_after = retry_after.map(|pause| pause.min(MAX_RETRY_AFTER));
            tracing::warn!(%delivery, why, "the provider takes nothing at present");
            put_back(wires, attempt, retry_after.unwrap_or_default(), &why).await;
            SendOutcome::Unavailable { why, retry_after }
        }
        SendError::Account(why) => {
            count_failure(channel, ACCOUNT);
            tracing::error!(%delivery, why, "the provider does not accept the account");
            put_back(wires, attempt, Duration::ZERO, &why).await;
            SendOutcome::Unavailable { why, retry_after: Some(ACCOUNT_PAUSE) }
        }
        SendError::Refused(failure) => {
            let Failure { cause, detail } = &failure;
            count_failure(channel, cause.as_str());
            tracing::warn!(%delivery, %cause, detail, "the provider refuses a reply; staff are told");
            record(wires, failed(channel, attempt, failure)).await
        }
        SendError::Unknown(why) => {
            count_failure(channel, IN_DOUBT);
            tracing::warn!(%delivery, why, "a reply is in doubt; the provider is asked");
            SendOutcome::Unknown { why }
        }
    }
}

fn sent_as(channel: Channel, attempt: Attempt, taken: SendReceipt) -> StatusUpdate {
    StatusUpdate {
        channel,
        delivery: Some(attempt.delivery),
        provider_id: Some(taken.provider_id),
        state: DeliveryState::Sent,
        failure: None,
        refused: taken.refused,
    }
}

fn failed(channel: Channel, attempt: Attempt, failure: Failure) -> StatusUpdate {
    StatusUpdate {
        channel,
        delivery: Some(attempt.delivery),
        provider_id: None,
        state: DeliveryState::Failed,
        failure: Some(failure),
        refused: Vec::new(),
    }
}

async fn record(wires: &ChatWires, update: StatusUpdate) -> SendOutcome {
    let is_sent = update.state == DeliveryState::Sent;
    for n in 1..=RECORD_TRIES {
        let wish = update.clone();
        let recorded = ask(&wires.statuses, TIMEOUT, |reply| RecordStatus { update: wish, reply }).await;
        match recorded {
            Ok(Known::Yes) => return if is_sent { SendOutcome::Sent } else { SendOutcome::Failed },
            // We leased it ourselves, so that no repetition would find it either.
            Ok(Known::No) => {
                let (delivery, provider_id) = (update.delivery, update.provider_id);
                tracing::error!(?delivery, provider_id, "the records do not have a reply that was leased");
                return SendOutcome::NotOurs;
            }
            Err(error) => {
                tracing::warn!(delivery = ?update.delivery, %error, "could not record what came of a reply");
            }
        }
        tokio::time::sleep(pause_after(n)).await;
    }
    SendOutcome::Nothing
}

async fn put_back(wires: &ChatWires, attempt: Attempt, pause: Duration, why: &str) {
    let why = why.to_owned();
    let back = wires.deliveries.call(move |deliveries| deliveries.put_back_delivery(attempt, pause, why));
    if let Err(error) = back.await {
        tracing::warn!(delivery = %attempt.delivery, %error, "could not requeue a reply; it counts as in doubt");
    }
}
