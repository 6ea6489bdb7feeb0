//! Attempts of which nobody knows whether they arrived: the provider's list is asked, and what it does not show within
//! the quiet time is sent once more, or left to staff.

use std::rc::Rc;
use std::time::Duration;

use futures_util::StreamExt;
use futures_util::stream;

use super::{ChatDelivery, ChatSettings, ChatWires, PATIENCE};
use crate::actors::ask::{Answer, ask};
use crate::actors::crm::Consignment;
use crate::actors::shell::Hands;
use crate::channels::port::Listed;
use crate::crm::port::channels::{Attempt, Claim, Finding, Settled};
use crate::domain::delivery::Doubtful;

/// How often it looks for them, and how soon one that may still appear is looked for again.
const LOOK_EVERY: Duration = Duration::from_secs(1);
const LOOK_AGAIN: Duration = Duration::from_secs(5);
/// Longer than a list may take.
pub const LEASE: Duration = Duration::from_secs(60);
const AT_MOST: i64 = 64;
/// Lists asked for at the same time.
const AT_ONCE: usize = 4;
/// The provider's clock and ours may differ by so much.
const CLOCKS_DIFFER: Duration = Duration::from_secs(60);
/// Characters by which a text is known again inside another, as inside a template.
const TELLING_CHARS: usize = 100;

/// What was heard of the provider while doubts were settled.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Heard {
    /// There was nothing to ask it.
    Nothing,
    /// It showed its list.
    Answer,
    /// It did not; why.
    Silence(String),
}

pub fn look(delivery: &mut ChatDelivery, hands: &mut Hands<'_, ChatDelivery>) {
    let round = round(Rc::clone(&delivery.wires), delivery.settings);
    hands.perform(round, |delivery, looked, hands| {
        match looked {
            Ok(heard) => delivery.hear(&heard),
            Err(error) => tracing::warn!(%error, "could not look for doubtful replies"),
        }
        hands.after(LOOK_EVERY, look);
    });
}

async fn round(wires: Rc<ChatWires>, settings: ChatSettings) -> Answer<Heard> {
    let claim = Claim { channel: settings.channel, at_most: AT_MOST, lease: LEASE };
    let doubtful = ask(&wires.crm, PATIENCE, |reply| Consignment::ClaimDoubtful { claim, reply }).await?;
    let asked = stream::iter(doubtful).map(|doubtful| settle(&wires, settings, doubtful));
    let heard = asked.buffer_unordered(AT_ONCE).fold(Heard::Nothing, |so_far, heard| {
        std::future::ready(match (so_far, heard) {
            (Heard::Answer, _) | (_, Heard::Answer) => Heard::Answer,
            (Heard::Silence(why), _) => Heard::Silence(why),
            (Heard::Nothing, heard) => heard,
        })
    });
    Ok(heard.await)
}

async fn settle(wires: &ChatWires, settings: ChatSettings, doubtful: Doubtful) -> Heard {
    let delivery = doubtful.delivery;
    let (listed, heard) = match &doubtful.to {
        Some(to) => {
            let since = doubtful.requested_at - CLOCKS_DIFFER;
            (wires.messenger.sent_to(to.clone(), since).await, Heard::Answer)
        }
        None => (Ok(Vec::new()), Heard::Nothing),
    };
    match listed {
        Ok(listed) => decide(wires, settings, doubtful, listed).await,
        Err(error) => {
            // Nothing is decided without the list: the claim ends, and it is asked again.
            tracing::warn!(%delivery, %error, "could not list what was sent");
            return Heard::Silence(error.to_string());
        }
    }
    heard
}

async fn decide(wires: &ChatWires, settings: ChatSettings, doubtful: Doubtful, listed: Vec<Listed>) {
    let delivery = doubtful.delivery;
    let mut candidates: Vec<Listed> =
        listed.into_iter().filter(|listed| is_like(listed, &doubtful.text)).collect();
    candidates.sort_by_key(|listed| listed.created_at);
    let finding = Finding {
        attempt: Attempt { delivery, number: doubtful.attempt },
        listed: candidates.into_iter().map(|listed| (listed.provider_id, listed.state)).collect(),
        otherwise: doubtful.unlisted(settings.quiet),
        look_again: LOOK_AGAIN.min(settings.quiet),
    };
    match ask(&wires.crm, PATIENCE, |reply| Consignment::SettleDoubt { finding, reply }).await {
        Ok(Settled::Found) => tracing::info!(%delivery, "a doubtful reply had been sent"),
        Ok(Settled::Resent) => {
            tracing::warn!(%delivery, "a doubtful reply was not sent; it is sent once more");
        }
        Ok(Settled::GivenUp) => tracing::error!(%delivery, "a reply stays doubtful; staff are told"),
        Ok(Settled::Already | Settled::Waits) => {}
        Err(error) => tracing::warn!(%delivery, %error, "could not settle a doubtful reply"),
    }
}

/// Whether a listed message may be that text: the same words, or, where a template holds them, its beginning.
fn is_like(listed: &Listed, text: &str) -> bool {
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
    use crate::domain::words::DeliveryState;

    #[test]
    fn a_text_is_known_again_with_other_spaces_or_inside_a_template() {
        let listed = |body: &str| Listed {
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
