//! `Supervisor`: owns the tree of actors. It plants them, says how they are, and drains them in order.
//!
//! Each actor lives in a `Shell`, which makes its worker anew by the restart policy; the supervisor watches that.
//! It does no work of its own.

mod seeds;
mod tree;

use std::rc::Rc;
use std::time::Duration;

use super::ask::{Answer, CallError, ask};
use super::consumer::{LeaveGroup, StopConsuming};
use super::crm::Errand;
use super::delivery::chat::StopSending;
use super::messages::{Check, CheckStatus, Drain, Health, Readiness, ReportHealth};
use super::pool::DrainPool;
use super::relay::StopRelaying;
use super::shell::{Hands, Work, Worker};
use crate::agent::port::Condition;
use crate::domain::ids::ProcessId;
use crate::failpoint::{Failpoint, reach};

pub use tree::{Bus, ChatPlan, Doors, Plan, Tree, plant};

/// How long a drain waits for running turns. The rest is handed back.
const DRAIN_PATIENCE: Duration = Duration::from_secs(25);
/// A health check that takes longer has failed.
const CHECK_PATIENCE: Duration = Duration::from_secs(3);
const PATIENCE: Duration = Duration::from_secs(20);

/// What a `Supervisor` is made from: the tree outlives each of its workers.
pub struct SupervisorSeed {
    pub tree: Rc<Tree>,
    pub owner: ProcessId,
}

pub struct Supervisor {
    tree: Rc<Tree>,
    owner: ProcessId,
}

impl Worker for Supervisor {
    type Seed = SupervisorSeed;
    const MAILBOX: usize = 64;

    fn make(seed: &SupervisorSeed) -> Self {
        Self { tree: Rc::clone(&seed.tree), owner: seed.owner }
    }
}

impl Work<ReportHealth> for Supervisor {
    fn work(&mut self, message: ReportHealth, hands: &mut Hands<'_, Self>) {
        reach(Failpoint::SupervisorAsked);
        let errands = self.tree.errands.clone();
        let pending =
            async move { ask(&errands, CHECK_PATIENCE, |reply| Errand::PendingMigrations { reply }).await };
        hands.perform(pending, |supervisor, pending, _| {
            message.reply.send(Ok(supervisor.health(pending)));
        });
    }
}

impl Supervisor {
    fn health(&self, pending: Answer<Vec<String>>) -> Health {
        let mut checks = database_checks(pending);
        checks.push(self.draining_check());
        checks.push(self.actors_check());
        checks.push(self.model_check());
        checks.extend(self.notices_check());
        checks.extend(self.whatsapp_check());
        checks.extend(self.kafka_check());
        checks.push(Check { name: "roles", status: CheckStatus::Ok, detail: self.tree.roles.to_string() });
        let failed = checks.iter().any(|check| check.status == CheckStatus::Failed);
        Health { status: if failed { Readiness::NotReady } else { Readiness::Ready }, checks }
    }

    fn draining_check(&self) -> Check {
        let (status, detail) = if self.tree.draining.get() {
            (CheckStatus::Failed, "the process is draining and takes no new work")
        } else {
            (CheckStatus::Ok, "not draining")
        };
        Check { name: "draining", status, detail: detail.to_owned() }
    }

    /// Nothing where nobody is configured to be told.
    fn notices_check(&self) -> Option<Check> {
        let (status, detail) = match self.tree.notices.as_ref()?.now() {
            None => (CheckStatus::Ok, "staff are told of escalations".to_owned()),
            Some(trouble) => (CheckStatus::Degraded, format!("staff are not told of escalations: {trouble}")),
        };
        Some(Check { name: "staff_notices", status, detail })
    }

    fn model_check(&self) -> Check {
        let (status, detail) = match self.tree.model.condition() {
            Condition::Fine => (CheckStatus::Ok, self.tree.model.name().to_owned()),
            Condition::Troubled(trouble) => (CheckStatus::Degraded, trouble),
        };
        Check { name: "model", status, detail }
    }

    /// Nothing where the channel is switched off, or somebody else's part.
    fn whatsapp_check(&self) -> Option<Check> {
        let (status, detail) = match self.tree.whatsapp.as_ref()?.trouble.now() {
            None => (CheckStatus::Ok, "replies are taken".to_owned()),
            Some(trouble) => (CheckStatus::Degraded, format!("replies are not taken: {trouble}")),
        };
        Some(Check { name: "whatsapp", status, detail })
    }

    /// Nothing without Kafka. What comes in is accepted all the same while it is away.
    fn kafka_check(&self) -> Option<Check> {
        let (status, detail) = match self.tree.log.as_ref()?.trouble() {
            None => (CheckStatus::Ok, "answers".to_owned()),
            Some(trouble) => (CheckStatus::Degraded, format!("away, work waits in the outbox: {trouble}")),
        };
        Some(Check { name: "kafka", status, detail })
    }

    fn actors_check(&self) -> Check {
        let pausing: Vec<_> =
            self.tree.standings.iter().filter(|standing| !standing.is_working()).map(|s| s.name()).collect();
        let (status, detail) = if pausing.is_empty() {
            (CheckStatus::Ok, "all actors work".to_owned())
        } else {
            (CheckStatus::Degraded, format!("pausing after panics: {}", pausing.join(", ")))
        };
        Check { name: "actors", status, detail }
    }
}

fn database_checks(pending: Answer<Vec<String>>) -> Vec<Check> {
    let check = |name, status, detail: &str| Check { name, status, detail: detail.to_owned() };
    match pending {
        Ok(pending) if pending.is_empty() => vec![
            check("database", CheckStatus::Ok, "answers"),
            check("migrations", CheckStatus::Ok, "all applied"),
        ],
        Ok(pending) => vec![
            check("database", CheckStatus::Ok, "answers"),
            check("migrations", CheckStatus::Failed, &format!("not applied yet: {}", pending.join(", "))),
        ],
        Err(CallError::Crm(error)) => unknown_database(&error.to_string()),
        Err(error @ (CallError::Busy | CallError::Closed | CallError::TimedOut)) => {
            unknown_database(&format!("no answer: {error}"))
        }
    }
}

fn unknown_database(detail: &str) -> Vec<Check> {
    vec![
        Check { name: "database", status: CheckStatus::Failed, detail: detail.to_owned() },
        Check { name: "migrations", status: CheckStatus::Failed, detail: "not known".to_owned() },
    ]
}

impl Work<Drain> for Supervisor {
    fn work(&mut self, order: Drain, hands: &mut Hands<'_, Self>) {
        self.tree.draining.set(true);
        let (tree, owner) = (Rc::clone(&self.tree), self.owner);
        hands.perform(async move { drain(&tree, owner).await }, |_, drained, _| {
            if let Err(error) = &drained {
                tracing::warn!(%error, "could not hand back all work; others take it up when its leases end");
            }
            order.reply.send(drained);
        });
    }
}

/// Stops taking work, waits for running turns, hands back the rest.
async fn drain(tree: &Tree, owner: ProcessId) -> Answer<()> {
    if let Some(consumer) = &tree.consumer {
        ask(&consumer.stop, PATIENCE, |reply| StopConsuming { reply }).await?;
    }
    ask(&tree.relay, PATIENCE, |reply| StopRelaying { reply }).await?;
    let patience = DRAIN_PATIENCE;
    let left = ask(&tree.pool, patience + PATIENCE, |reply| DrainPool { patience, reply }).await?;
    if let Some(sending) = &tree.whatsapp {
        ask(&sending.stop, PATIENCE, |reply| StopSending { reply }).await?;
    }
    if !left.is_empty() {
        tracing::info!(conversations = left.len(), "handing back what could not be finished");
        ask(&tree.errands, PATIENCE, |reply| Errand::HandBack { conversations: left, owner, reply }).await?;
    }
    // Last: while a turn runs here, its partition is to have no other owner, who would begin it again.
    if let Some(consumer) = &tree.consumer {
        ask(&consumer.leave, PATIENCE, |reply| LeaveGroup { reply }).await?;
    }
    Ok(())
}
