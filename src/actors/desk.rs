//! `Desk`: tells staff of each escalation. Whether to escalate was decided before; it only makes sure that somebody
//! hears of it.
//!
//! Which escalations are told yet stands in the records, so that a restart forgets none, and each is claimed there, so
//! that several processes tell it once. Told twice it can be only where a process dies between the receiver's answer
//! and the record of it.

use std::sync::Arc;
use std::time::Duration;

use actix::prelude::*;
use futures_util::future::join_all;

use super::ask::{Answer, ask};
use super::crm::Errand;
use super::shell::{Hands, Worker};
use super::standing::METERS;
use super::trouble::Trouble;
use crate::channels::staff::{TellError, TellStaff};
use crate::domain::escalation::{Notice, NoticeEnd};
use crate::failpoint::{Failpoint, reach};

/// How often it looks. A look without a find costs one probe of a small index.
const LOOK_EVERY: Duration = Duration::from_millis(500);
/// Notices told at the same time; receivers limit how many they take.
const AT_ONCE: i64 = 4;
const PATIENCE: Duration = Duration::from_secs(20);

/// What a `Desk` is made from.
pub struct DeskSeed {
    pub crm: Recipient<Errand>,
    pub staff: Arc<dyn TellStaff>,
    pub trouble: Arc<Trouble>,
}

pub struct Desk {
    crm: Recipient<Errand>,
    staff: Arc<dyn TellStaff>,
    trouble: Arc<Trouble>,
}

impl Worker for Desk {
    type Seed = DeskSeed;
    const MAILBOX: usize = 4;

    fn make(seed: &DeskSeed) -> Self {
        Self { crm: seed.crm.clone(), staff: Arc::clone(&seed.staff), trouble: Arc::clone(&seed.trouble) }
    }

    fn started(&mut self, hands: &mut Hands<'_, Self>) {
        self.look(hands);
    }
}

impl Desk {
    fn look(&mut self, hands: &mut Hands<'_, Self>) {
        let round = round(self.crm.clone(), Arc::clone(&self.staff), Arc::clone(&self.trouble));
        hands.perform(round, |_, told, hands| {
            let pause = match told {
                Ok(told) if told == AT_ONCE.unsigned_abs() => Duration::ZERO,
                Ok(_) => LOOK_EVERY,
                Err(error) => {
                    tracing::warn!(%error, "could not look for escalations to tell staff of");
                    LOOK_EVERY
                }
            };
            hands.after(pause, Desk::look);
        });
    }
}

/// Tells staff of some escalations; how many were claimed.
async fn round(crm: Recipient<Errand>, staff: Arc<dyn TellStaff>, trouble: Arc<Trouble>) -> Answer<u64> {
    let notices = ask(&crm, PATIENCE, |reply| Errand::ClaimNotices { at_most: AT_ONCE, reply }).await?;
    if !notices.is_empty() {
        reach(Failpoint::DeskClaimed);
    }
    let count = u64::try_from(notices.len()).unwrap_or(u64::MAX);
    join_all(notices.into_iter().map(|notice| tell(&crm, &*staff, &trouble, notice))).await;
    Ok(count)
}

async fn tell(crm: &Recipient<Errand>, staff: &dyn TellStaff, trouble: &Trouble, notice: Notice) {
    let told = staff.tell(&notice).await;
    if told.is_ok() {
        reach(Failpoint::DeskTold);
    }
    METERS.notices.with_label_values(&[if told.is_ok() { "told" } else { "failed" }]).inc();
    let (escalation, attempt) = (notice.escalation, notice.attempt);
    let end = match &told {
        Ok(()) => NoticeEnd::Told,
        Err(error) => {
            tracing::warn!(%escalation, attempt, %error, "could not tell staff of an escalation");
            NoticeEnd::failed(attempt, error.retry_after())
        }
    };
    trouble.set(told.as_ref().err().map(TellError::to_string));
    let settled = ask(crm, PATIENCE, |reply| Errand::SettleNotice { escalation, attempt, end, reply }).await;
    if let Err(error) = settled {
        tracing::warn!(%escalation, %error, "could not record how telling staff ended; it is tried again");
    }
}
