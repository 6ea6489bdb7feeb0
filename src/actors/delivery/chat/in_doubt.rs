//! Resolution of in-doubt sends: asks the provider's list, and sends what it does not show within the quiet period once
//! more, or leaves it to staff.

use std::rc::Rc;
use std::time::Duration;

use futures_util::StreamExt;
use futures_util::stream;

use super::{ChatDelivery, ChatSettings, ChatWires};
use crate::actors::ask::Answer;
use crate::actors::supervised::WorkerContext;
use crate::channels::port::SentMessage;
use crate::crm::port::{Attempt, LeaseRequest, ProviderFinding, ResolutionOutcome};
use crate::domain::delivery::InDoubt;

/// Poll interval, and the pause before an attempt that may still appear is looked up again.
const LOOK_EVERY: Duration = Duration::from_secs(1);
const LOOK_AGAIN: Duration = Duration::from_secs(5);
/// Longer than listing may take.
pub const LEASE: Duration = Duration::from_secs(60);
const LIMIT: i64 = 64;
/// Lists requested at the same time.
const AT_ONCE: usize = 4;
/// Tolerance for the difference between the provider's clock and ours.
const CLOCKS_DIFFER: Duration = Duration::from_secs(60);
/// Characters by which a text is recognised inside another, such as a template.
const TELLING_CHARS: usize = 100;

/// What resolving in-doubt attempts showed about the provider.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Heard {
    /// There was nothing to ask.
    Nothing,
    /// It returned its list.
    Answer,
    /// It did not; the reason.
    Silence(String),
}

pub fn look(delivery: &mut ChatDelivery, ctx: &mut WorkerContext<'_, ChatDelivery>) {
    let round = round(Rc::clone(&delivery.wires), delivery.settings);
    ctx.perform(round, |delivery, looked, ctx| {
        match looked {
            Ok(heard) => delivery.hear(&heard),
            Err(error) => tracing::warn!(%error, "could not look for doubtful replies"),
        }
        ctx.after(LOOK_EVERY, look);
    });
}

async fn round(wires: Rc<ChatWires>, settings: ChatSettings) -> Answer<Heard> {
    let claim = LeaseRequest { channel: settings.channel, limit: LIMIT, lease: LEASE };
    let in_doubt = wires.deliveries.call(move |deliveries| deliveries.lease_in_doubt(claim)).await?;
    let asked = stream::iter(in_doubt).map(|in_doubt| settle(&wires, settings, in_doubt));
    let heard = asked.buffer_unordered(AT_ONCE).fold(Heard::Nothing, |so_far, heard| {
        std::future::ready(match (so_far, heard) {
            (Heard::Answer, _) | (_, Heard::Answer) => Heard::Answer,
            (Heard::Silence(why), _) => Heard::Silence(why),
            (Heard::Nothing, heard) => heard,
        })
    });
    Ok(heard.await)
}

async fn settle(wires: &ChatWires, settings: ChatSettings, in_doubt: InDoubt) -> Heard {
    let delivery = in_doubt.delivery;
    let (listed, heard) = match &in_doubt.to {
        Some(to) => {
            let since = in_doubt.requested_at - CLOCKS_DIFFER;
            (wires.sender.sent_to(to.clone(), since).await, Heard::Answer)
        }
        None => (Ok(Vec::new()), Heard::Nothing),
    };
    match listed {
        Ok(listed) => decide(wires, settings, in_doubt, listed).await,
        Err(error) => {
            // Nothing is decided without the list: the lease ends, and it is asked again.
            tracing::warn!(%delivery, %error, "could not list what was sent");
            return Heard::Silence(error.to_string());
        }
    }
    heard
}

async fn decide(wires: &ChatWires, settings: ChatSettings, in_doubt: InDoubt, listed: Vec<SentMessage>) {
    let delivery = in_doubt.delivery;
    let mut candidates: Vec<SentMessage> =
        listed.into_iter().filter(|listed| is_like(listed, &in_doubt.text)).collect();
    candidates.sort_by_key(|listed| listed.created_at);
    let finding = ProviderFinding {
        attempt: Attempt { delivery, number: in_doubt.attempt },
        listed: candidates.into_iter().map(|listed| (listed.provider_id, listed.state)).collect(),
        otherwise: in_doubt.unlisted(settings.quiet),
        look_again: LOOK_AGAIN.min(settings.quiet),
    };
    match wires.deliveries.call(move |deliveries| deliveries.resolve_in_doubt(finding)).await {
        Ok(ResolutionOutcome::Found) => tracing::info!(%delivery, "a doubtful reply had been sent"),
        Ok(ResolutionOutcome::Resent) => {
            tracing::warn!(%delivery, "a doubtful reply was not sent; it is sent once more");
        }
        Ok(ResolutionOutcome::GivenUp) => {
            tracing::error!(%delivery, "a reply stays doubtful; staff are told");
        }
        Ok(ResolutionOutcome::Already | ResolutionOutcome::Waits) => {}
        Err(error) => tracing::warn!(%delivery, %error, "could not settle a doubtful reply"),
    }
}

/// Whether a listed message may be that text: the same words, or its beginning inside a template.
fn is_like(listed: &SentMessage, text: &str) -> bool {
    let (listed, text) = (squeezed(&listed.body), squeezed(text));
    let telling: String = text.chars().take(TELLING_CHARS).collect();
    listed == text || (telling.chars().count() == TELLING_CHARS && listed.contains(&telling))
}

fn squeezed(text: &str) -> String {
    text.split_whitespace().collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::enums::DeliveryState;

    #[test]
    fn a_text_is_known_again_with_other_spaces_or_inside_a_template() {
        let listed = |body: &str| SentMessage {
            provider_id: "SM1".to_owned(),
            body: body.to_owned(),
            created_at: time::OffsetDateTime::UNIX_EPOCH,
            state: DeliveryState::Sent,
        };
        assert!(is_like(&listed("Open the page.\nThen sign in."), "Open the page. Then sign in. "));
        assert!(!is_like(&listed("Open the page."), "Open the other page."));
        assert!(!is_like(&listed("Yes, open the page."), "Yes"));
        let long = "Open the sign-in page and choose the link below the form. ".repeat(4);
        assert!(is_like(&listed(&format!("About your ticket: {long}")), &long));
    }
}
