//! Resolution of deliveries in doubt: the channel's adapter looks for the attempt at its provider, and what it does not
//! find within the quiet time is sent once more, or left to staff.

use std::rc::Rc;
use std::time::Duration;

use futures_util::StreamExt;
use futures_util::stream;

use super::{ChatDelivery, ChatSettings, ChatWires};
use crate::actors::runtime::ask::Answer;
use crate::channels::port::DoubtFinding;
use crate::crm::port::{Attempt, LeaseRequest, ProviderFinding, ResolutionOutcome};
use crate::domain::messages::delivery::InDoubt;

/// How often it looks for them.
pub const LOOK_EVERY: Duration = Duration::from_secs(1);
/// Longer than a list may take.
pub const LEASE: Duration = Duration::from_secs(60);
const LIMIT: i64 = 64;
/// Lists requested at the same time.
const AT_ONCE: usize = 4;

/// What was heard of the provider while attempts in doubt were resolved.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Heard {
    /// There was nothing to ask.
    Nothing,
    /// It returned its list.
    Answer,
    /// It did not; the reason.
    Silence(String),
}

pub fn round(delivery: &ChatDelivery) -> impl Future<Output = Answer<Heard>> + use<> {
    resolve_all(Rc::clone(&delivery.wires), delivery.settings)
}

pub fn ended(delivery: &mut ChatDelivery, round: Answer<Heard>) {
    match round {
        Ok(heard) => delivery.hear(&heard),
        Err(error) => tracing::warn!(%error, "could not lease replies in doubt"),
    }
}

async fn resolve_all(wires: Rc<ChatWires>, settings: ChatSettings) -> Answer<Heard> {
    let request = LeaseRequest { channel: settings.channel, limit: LIMIT, lease: LEASE };
    let in_doubt = wires.deliveries.call(move |deliveries| deliveries.lease_in_doubt(request)).await?;
    let asked = stream::iter(in_doubt).map(|in_doubt| resolve(&wires, in_doubt));
    let heard = asked.buffer_unordered(AT_ONCE).fold(Heard::Nothing, |so_far, heard| {
        std::future::ready(match (so_far, heard) {
            (Heard::Answer, _) | (_, Heard::Answer) => Heard::Answer,
            (Heard::Silence(why), _) => Heard::Silence(why),
            (Heard::Nothing, heard) => heard,
        })
    });
    Ok(heard.await)
}

async fn resolve(wires: &ChatWires, in_doubt: InDoubt) -> Heard {
    let attempt = Attempt { delivery: in_doubt.delivery, number: in_doubt.attempt };
    let heard = if in_doubt.to.is_some() { Heard::Answer } else { Heard::Nothing };
    let delivery = in_doubt.delivery;
    let draft = wires.deliveries.call(move |deliveries| deliveries.read_draft(delivery)).await;
    let in_doubt = match draft {
        Ok(draft) => InDoubt { draft, ..in_doubt },
        Err(error) => {
            tracing::warn!(%delivery, %error, "could not look for a reply in doubt");
            return Heard::Nothing;
        }
    };
    match wires.sender.resolve(in_doubt).await {
        Ok(found) => decide(wires, attempt, found).await,
        Err(error) => {
            // Nothing is decided without the provider: the lease ends, and it is asked again.
            tracing::warn!(delivery = %attempt.delivery, %error, "could not look for a reply in doubt");
            return Heard::Silence(error.to_string());
        }
    }
    heard
}

async fn decide(wires: &ChatWires, attempt: Attempt, found: DoubtFinding) {
    let delivery = attempt.delivery;
    let finding = ProviderFinding {
        attempt,
        listed: found.candidates.into_iter().map(|sent| (sent.provider_id, sent.state)).collect(),
        otherwise: found.otherwise,
        look_again: found.look_again,
        given_up: found.given_up,
    };
    match wires.deliveries.call(move |deliveries| deliveries.resolve_in_doubt(finding)).await {
        Ok(ResolutionOutcome::Found) => tracing::info!(%delivery, "a reply in doubt had been sent"),
        Ok(ResolutionOutcome::Resent) => {
            tracing::warn!(%delivery, "a reply in doubt was not sent; it is sent once more");
        }
        Ok(ResolutionOutcome::GivenUp) => {
            tracing::error!(%delivery, "a reply is left in doubt; staff are notified");
        }
        Ok(ResolutionOutcome::Already | ResolutionOutcome::Waits) => {}
        Err(error) => tracing::warn!(%delivery, %error, "could not resolve a reply in doubt"),
    }
}
