//! Wake-ups across processes: `Ringer` tells others of the same database that there is something to do, `Listener` hears
//! it. A lost one costs only time, since everybody also looks by himself.

use std::sync::Arc;
use std::time::Duration;

use actix::prelude::*;

use super::ask::ask;
use super::crm::{Errand, Stir, stir};
use super::rounds::{Go, Rounds};
use super::shell::{Hands, Work, Worker};
use crate::crm::port::{Bell, Bells};

const PATIENCE: Duration = Duration::from_secs(20);

/// What a `Ringer` is made from.
pub struct RingerSeed {
    pub crm: Recipient<Errand>,
    pub bell: Bell,
}

/// Stands where an actor of another process would be stirred.
pub struct Ringer {
    crm: Recipient<Errand>,
    bell: Bell,
    rounds: Rounds,
}

impl Worker for Ringer {
    type Seed = RingerSeed;
    const MAILBOX: usize = 4;

    fn make(seed: &RingerSeed) -> Self {
        Self { crm: seed.crm.clone(), bell: seed.bell, rounds: Rounds::default() }
    }
}

impl Work<Stir> for Ringer {
    fn work(&mut self, _: Stir, hands: &mut Hands<'_, Self>) {
        if self.rounds.ask() == Go::Now {
            self.ring(hands);
        }
    }
}

impl Ringer {
    /// After the commit, and never in its transaction: transactions that notify wait for one another.
    fn ring(&mut self, hands: &mut Hands<'_, Self>) {
        let (crm, bell) = (self.crm.clone(), self.bell);
        let rung = async move { ask(&crm, PATIENCE, |reply| Errand::Ring { bell, reply }).await };
        hands.perform(rung, |ringer, rung, hands| {
            if let Err(error) = rung {
                tracing::debug!(%error, "could not wake other processes; they look by themselves");
            }
            if ringer.rounds.ended() == Go::Now {
                ringer.ring(hands);
            }
        });
    }
}

/// What a `Listener` is made from.
pub struct ListenerSeed {
    pub bells: Option<Arc<dyn Bells>>,
    /// Who is to be stirred by which bell.
    pub stirred: Vec<(Bell, Recipient<Stir>)>,
}

pub struct Listener {
    bells: Option<Arc<dyn Bells>>,
    stirred: Vec<(Bell, Recipient<Stir>)>,
}

impl Worker for Listener {
    type Seed = ListenerSeed;
    const MAILBOX: usize = 4;

    fn make(seed: &ListenerSeed) -> Self {
        Self { bells: seed.bells.clone(), stirred: seed.stirred.clone() }
    }

    fn started(&mut self, hands: &mut Hands<'_, Self>) {
        // A connection for nobody would be a waste.
        if !self.stirred.is_empty() {
            self.listen(hands);
        }
    }
}

impl Listener {
    fn listen(&mut self, hands: &mut Hands<'_, Self>) {
        let Some(bells) = self.bells.clone() else {
            return;
        };
        hands.perform(async move { bells.next().await }, |listener, bell, hands| {
            let meant = listener.stirred.iter().filter(|(theirs, _)| *theirs == bell);
            meant.for_each(|(_, who)| stir(who));
            listener.listen(hands);
        });
    }
}
