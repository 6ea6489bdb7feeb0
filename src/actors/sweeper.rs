//! `Sweeper`: finds messages that a crash left without anybody working on them, and puts them back into the outbox.
//!
//! It never races a live turn: that one holds a lease. Nor does it hand work in itself.

use std::time::Duration;

use actix::prelude::*;

use super::ask::ask;
use super::crm::{Errand, Stir, stir};
use super::shell::{Hands, Worker};
use crate::crm::port::Sweep;
use crate::failpoint::{Failpoint, reach};

/// How often it looks. With a turn's lease (5 s) it bounds how late work is taken up after a crash.
const LOOK_EVERY: Duration = Duration::from_secs(1);
/// Younger messages are on their way in the usual manner.
const IDLE_FOR: Duration = Duration::from_secs(3);
/// Conversations put back at once, at most.
const AT_MOST: i64 = 1000;
const PATIENCE: Duration = Duration::from_secs(20);

/// What a `Sweeper` is made from.
pub struct SweeperSeed {
    pub crm: Recipient<Errand>,
    pub relay: Recipient<Stir>,
}

pub struct Sweeper {
    crm: Recipient<Errand>,
    relay: Recipient<Stir>,
}

impl Worker for Sweeper {
    type Seed = SweeperSeed;
    const MAILBOX: usize = 4;

    fn make(seed: &SweeperSeed) -> Self {
        Self { crm: seed.crm.clone(), relay: seed.relay.clone() }
    }

    fn started(&mut self, hands: &mut Hands<'_, Self>) {
        self.sweep(Duration::ZERO, hands);
    }
}

impl Sweeper {
    fn sweep(&mut self, idle_for: Duration, hands: &mut Hands<'_, Self>) {
        let crm = self.crm.clone();
        let sweep = Sweep { idle_for, at_most: AT_MOST };
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
            hands.after(LOOK_EVERY, |sweeper, hands| sweeper.sweep(IDLE_FOR, hands));
        });
    }
}
