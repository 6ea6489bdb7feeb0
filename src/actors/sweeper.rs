//! `Sweeper`: finds messages that a crash left without anybody working on them, and puts them back into the outbox.
//!
//! It never races a live turn: that one holds a lease. Nor does it hand work in itself. It also tells customers who have
//! waited long, for whatever reason, that their message is here.

use std::sync::Arc;
use std::time::Duration;

use actix::prelude::*;

use super::ask::{CallError, ask};
use super::crm::{Errand, Stir, stir};
use super::shell::{Hands, Worker};
use crate::agent::handbook::Handbook;
use crate::channels::format::{Occasion, dress};
use crate::crm::port::Sweep;
use crate::domain::delay::{Delay, DelayNotice};
use crate::domain::words::MessageKind;
use crate::failpoint::{Failpoint, reach};

/// How often it looks. With a turn's lease (5 s) it bounds how late work is taken up after a crash.
const LOOK_EVERY: Duration = Duration::from_secs(1);
/// Conversations put back at once, at most.
const AT_MOST: i64 = 1000;
/// Of the delay itself: looking for who waits costs a look at each of them, so it is done less often.
const DELAY_LOOKS: u32 = 20;
/// Customers told of a delay at once, at most.
const TOLD_AT_MOST: i64 = 500;
const PATIENCE: Duration = Duration::from_secs(20);

/// What a `Sweeper` is made from.
pub struct SweeperSeed {
    pub crm: Recipient<Errand>,
    pub relay: Recipient<Stir>,
    /// How long a message waits before its customer is told that it is here.
    pub delay_ack: Duration,
    pub handbook: Arc<Handbook>,
    pub pace: Pace,
}

/// When a message counts as forgotten.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pace {
    /// Younger messages are on their way in the usual manner.
    pub idle_for: Duration,
    /// A conversation that was put back is not put back again so soon.
    pub again_after: Duration,
}

impl Pace {
    /// In process: nothing else brings back what was lost.
    pub const IN_PROCESS: Self =
        Self { idle_for: Duration::from_secs(3), again_after: Duration::from_secs(3) };
    /// With Kafka an event comes again by itself when its member dies (session time-out 6 s), and what waits there is
    /// not to be put in once more every few seconds.
    pub const WITH_KAFKA: Self =
        Self { idle_for: Duration::from_secs(8), again_after: Duration::from_secs(20) };
}

pub struct Sweeper {
    crm: Recipient<Errand>,
    relay: Recipient<Stir>,
    delay_ack: Duration,
    handbook: Arc<Handbook>,
    pace: Pace,
}

impl Worker for Sweeper {
    type Seed = SweeperSeed;
    const MAILBOX: usize = 4;

    fn make(seed: &SweeperSeed) -> Self {
        Self {
            crm: seed.crm.clone(),
            relay: seed.relay.clone(),
            delay_ack: seed.delay_ack,
            handbook: Arc::clone(&seed.handbook),
            pace: seed.pace,
        }
    }

    fn started(&mut self, hands: &mut Hands<'_, Self>) {
        // What a crash left behind is taken up at once.
        self.sweep(Pace { idle_for: Duration::ZERO, again_after: Duration::ZERO }, hands);
        self.acknowledge_delays(hands);
    }
}

impl Sweeper {
    fn sweep(&mut self, pace: Pace, hands: &mut Hands<'_, Self>) {
        let crm = self.crm.clone();
        let Pace { idle_for, again_after } = pace;
        let sweep = Sweep { idle_for, again_after, at_most: AT_MOST };
        let deed = async move {
            let swept = ask(&crm, PATIENCE, |reply| Errand::Sweep { sweep, reply }).await;
            if matches!(swept, Ok(found) if found > 0) {
                reach(Failpoint::SweeperSwept);
            }
            swept
        };
        hands.perform(deed, |sweeper, swept, hands| {
            match swept {
                Ok(0) => {}
                Ok(found) => {
                    tracing::info!(found, "took up conversations that nobody worked on");
                    stir(&sweeper.relay);
                }
                Err(error) => tracing::warn!(%error, "could not look for abandoned conversations"),
            }
            hands.after(LOOK_EVERY, |sweeper, hands| sweeper.sweep(sweeper.pace, hands));
        });
    }

    fn acknowledge_delays(&self, hands: &mut Hands<'_, Self>) {
        let told = tell(self.crm.clone(), self.delay_ack, Arc::clone(&self.handbook));
        hands.perform(told, |sweeper, told, hands| {
            match told {
                Ok(0) => {}
                Ok(told) => tracing::warn!(told, "customers wait: told them that their messages are here"),
                Err(error) => tracing::warn!(%error, "could not look for customers who wait"),
            }
            let pause = (sweeper.delay_ack / DELAY_LOOKS).max(LOOK_EVERY);
            hands.after(pause, |sweeper, hands| sweeper.acknowledge_delays(hands));
        });
    }
}

/// Tells those who have waited so long that their messages are here, as it looks on their channel; how many.
async fn tell(
    crm: Recipient<Errand>,
    older_than: Duration,
    handbook: Arc<Handbook>,
) -> Result<u64, CallError> {
    let at_most = TOLD_AT_MOST;
    let delays = ask(&crm, PATIENCE, |reply| Errand::FindDelays { older_than, at_most, reply }).await?;
    if delays.is_empty() {
        return Ok(0);
    }
    let notices = delays.into_iter().map(|delay| notice(delay, &handbook)).collect();
    ask(&crm, PATIENCE, |reply| Errand::AcknowledgeDelays { notices, reply }).await
}

fn notice(delay: Delay, handbook: &Handbook) -> DelayNotice {
    let Delay { conversation, settled_through, channel, customer_name, ticket } = delay;
    let text = handbook.voice.phrases.delay.replace("{ticket}", &ticket.to_string());
    let occasion = Occasion { customer_name: &customer_name, ticket, kind: MessageKind::Acknowledgement };
    DelayNotice { conversation, settled_through, text: dress(channel, &text, &occasion, &handbook.voice) }
}
