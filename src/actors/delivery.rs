//! `Delivery`: brings replies to customers. For the web form that is showing them on the ticket's page.

pub mod chat;

use std::time::Duration;

use actix::prelude::*;

use super::ask::ask;
use super::crm::{Errand, Stir};
use super::rounds::{Go, Rounds};
use super::shell::{Hands, Work, Worker};
use crate::failpoint::{Failpoint, reach};

/// How often it looks without being stirred.
const LOOK_EVERY: Duration = Duration::from_millis(500);
/// Replies shown at once, at most.
const AT_MOST: i64 = 500;
const PATIENCE: Duration = Duration::from_secs(20);

/// What a `Delivery` is made from.
pub struct DeliverySeed {
    pub crm: Recipient<Errand>,
}

pub struct Delivery {
    crm: Recipient<Errand>,
    rounds: Rounds,
}

impl Worker for Delivery {
    type Seed = DeliverySeed;
    const MAILBOX: usize = 4;

    fn make(seed: &DeliverySeed) -> Self {
        Self { crm: seed.crm.clone(), rounds: Rounds::default() }
    }

    fn started(&mut self, hands: &mut Hands<'_, Self>) {
        tick(hands);
        self.look(hands);
    }
}

fn tick(hands: &mut Hands<'_, Delivery>) {
    hands.after(LOOK_EVERY, |delivery, hands| {
        tick(hands);
        delivery.look(hands);
    });
}

impl Work<Stir> for Delivery {
    fn work(&mut self, _: Stir, hands: &mut Hands<'_, Self>) {
        self.look(hands);
    }
}

impl Delivery {
    fn look(&mut self, hands: &mut Hands<'_, Self>) {
        if self.rounds.ask() == Go::Now {
            self.publish(hands);
        }
    }

    fn publish(&mut self, hands: &mut Hands<'_, Self>) {
        let crm = self.crm.clone();
        let deed = async move {
            reach(Failpoint::DeliveryBefore);
            let published =
                ask(&crm, PATIENCE, |reply| Errand::PublishWebReplies { at_most: AT_MOST, reply }).await;
            if matches!(published, Ok(count) if count > 0) {
                reach(Failpoint::DeliveryPublished);
            }
            published
        };
        hands.perform(deed, |delivery, published, hands| {
            match published {
                Ok(count) if i64::try_from(count).is_ok_and(|count| count == AT_MOST) => {
                    let _asked = delivery.rounds.ask();
                }
                Ok(_) => {}
                Err(error) => tracing::warn!(%error, "could not show replies on their pages"),
            }
            if delivery.rounds.ended() == Go::Now {
                delivery.publish(hands);
            }
        });
    }
}
