//! `Supervisor`: owns the actor tree. It spawns the actors, reports their health, and drains them in order.
//!
//! Each actor is a `Supervised`, which recreates its worker by the restart policy; the supervisor observes that. It
//! does no work of its own.

mod args;
mod learning;
mod pages;
mod records;
mod sla;
mod slot;
mod slots;
mod system;
mod tree;

use std::rc::Rc;
use std::sync::Arc;
use std::time::Duration;

use futures_util::future::join;

use super::messages::{
    CheckStatus, Drain, Health, HealthCheck, ProveProgress, Readiness, ReportHealth, StopActors,
};
use crate::actors::channels::delivery::chat::StopSending;
use crate::actors::conversations::pool::DrainPool;
use crate::actors::events::consumer::{LeaveGroup, StopConsuming};
use crate::actors::events::relay::StopRelaying;
use crate::actors::pages::broadcaster::StopBroadcasting;
use crate::actors::runtime::actor_health::ActorHealth;
use crate::actors::runtime::ask::{Answer, CallError, ask};
use crate::actors::runtime::supervised::{Work, Worker, WorkerContext};
use crate::actors::staff::staff_broadcaster::StopTellingStaff;
use crate::actors::store::write_probe::WriteProbe;
use crate::agent::port::ModelHealth;
use crate::domain::ids::ProcessId;
use crate::domain::runtime::timing::{DRAIN_TIMEOUT, STOP_TIMEOUT, TIMEOUT};
use crate::failpoint::{Failpoint, reach};

pub use learning::LearningEndpoints;
pub use system::{Bus, ChannelPlan, Custody, FeedPlan, MediaPlan, SlaConfig, SystemConfig};
pub use tree::{ActorTree, Endpoints, spawn};

/// A health check that takes longer has failed.
const CHECK_TIMEOUT: Duration = Duration::from_secs(3);
/// Poll interval of a stop.
const STOP_LOOK: Duration = Duration::from_millis(5);

/// Arguments of a `Supervisor`: the tree outlives each of its workers.
pub struct SupervisorArgs {
    pub tree: Rc<ActorTree>,
    pub owner: ProcessId,
}

pub struct Supervisor {
    tree: Rc<ActorTree>,
    owner: ProcessId,
    writes: Rc<WriteProbe>,
}

impl Worker for Supervisor {
    type Args = SupervisorArgs;
    const MAILBOX: usize = 64;

    fn new(args: &SupervisorArgs) -> Self {
        let writes = Rc::new(WriteProbe::new(args.tree.maintenance.clone()));
        Self { tree: Rc::clone(&args.tree), owner: args.owner, writes }
    }
}

impl Work<ReportHealth> for Supervisor {
    fn work(&mut self, message: ReportHealth, ctx: &mut WorkerContext<'_, Self>) {
        reach(Failpoint::SupervisorAsked);
        let (maintenance, writes) = (self.tree.maintenance.clone(), Rc::clone(&self.writes));
        let checks = async move {
            let pending = maintenance.call_within(CHECK_TIMEOUT, |schema| schema.pending_migrations());
            join(pending, writes.result()).await
        };
        ctx.perform(checks, |supervisor, (pending, writes), _| {
            message.reply.send(Ok(supervisor.health(pending, writes)));
        });
    }
}

impl Work<ProveProgress> for Supervisor {
    fn work(&mut self, message: ProveProgress, _: &mut WorkerContext<'_, Self>) {
        message.reply.send(Ok(()));
    }
}

impl Supervisor {
    fn health(&self, pending: Answer<Vec<String>>, writes: Answer<()>) -> Health {
        let mut checks = database_checks(pending, writes);
        checks.push(self.draining_check());
        checks.push(self.actors_check());
        checks.push(self.model_check());
        checks.extend(self.notices_check());
        checks.extend(self.index_check());
        checks.extend(self.channel_checks());
        checks.extend(self.kafka_check());
        checks.push(HealthCheck {
            name: "roles",
            status: CheckStatus::Ok,
            detail: self.tree.roles.to_string(),
        });
        let failed = checks.iter().any(|check| check.status == CheckStatus::Failed);
        Health { status: if failed { Readiness::NotReady } else { Readiness::Ready }, checks }
    }

    fn draining_check(&self) -> HealthCheck {
        let (status, detail) = if self.tree.draining.get() {
            (CheckStatus::Failed, "the process is draining and takes no new work")
        } else {
            (CheckStatus::Ok, "not draining")
        };
        HealthCheck { name: "draining", status, detail: detail.to_owned() }
    }

    /// `None` if no staff notifications are configured.
    fn notices_check(&self) -> Option<HealthCheck> {
        let (status, detail) = match self.tree.dependencies.notices.as_ref()?.now() {
            None => (CheckStatus::Ok, "staff are told of escalations".to_owned()),
            Some(problem) => (CheckStatus::Degraded, format!("staff are not told of escalations: {problem}")),
        };
        Some(HealthCheck { name: "staff_notices", status, detail })
    }

    /// `None` if the index of vectors is complete, or no process builds one.
    fn index_check(&self) -> Option<HealthCheck> {
        let detail = self.tree.dependencies.index.as_ref()?.now()?;
        Some(HealthCheck { name: "search_index", status: CheckStatus::Degraded, detail })
    }

    fn model_check(&self) -> HealthCheck {
        let model = &self.tree.model;
        let (status, detail) = match (model.health(), model.capabilities()) {
            (ModelHealth::Healthy, found) => {
                (CheckStatus::Ok, found.unwrap_or_else(|| model.name().to_owned()))
            }
            (ModelHealth::Degraded(problem), Some(found)) => {
                (CheckStatus::Degraded, format!("{problem}; supported: {found}"))
            }
            (ModelHealth::Degraded(problem), None) => (CheckStatus::Degraded, problem),
        };
        HealthCheck { name: "model", status, detail }
    }

    /// One for each channel with a provider that this process sends to or reads from, by the channel's name.
    fn channel_checks(&self) -> impl Iterator<Item = HealthCheck> {
        self.tree.branches.statuses.iter().filter_map(|channel| {
            let problems = channel.problems()?;
            let (status, detail) = if problems.is_empty() {
                (CheckStatus::Ok, "the provider answers".to_owned())
            } else {
                (CheckStatus::Degraded, problems.join("; "))
            };
            Some(HealthCheck { name: channel.channel.as_str(), status, detail })
        })
    }

    /// `None` without Kafka. Messages are accepted even while it is down.
    fn kafka_check(&self) -> Option<HealthCheck> {
        let (status, detail) = match self.tree.log.as_ref()?.problem() {
            None => (CheckStatus::Ok, "answers".to_owned()),
            Some(problem) => (CheckStatus::Degraded, format!("away, work waits in the outbox: {problem}")),
        };
        Some(HealthCheck { name: "kafka", status, detail })
    }

    fn actors_check(&self) -> HealthCheck {
        actors_check(&self.tree.actor_healths)
    }
}

pub(super) fn actors_check(actor_healths: &[Arc<ActorHealth>]) -> HealthCheck {
    let pausing = actor_healths.iter().filter(|health| !health.is_working());
    let pausing: Vec<_> = pausing.map(|health| health.name()).collect();
    let stalled = actor_healths.iter().filter_map(|health| Some((health.name(), health.stalled_for()?)));
    let stalled: Vec<_> =
        stalled.map(|(name, stalled_for)| format!("{name} for {} s", stalled_for.as_secs())).collect();
    let mut problems = Vec::new();
    if !pausing.is_empty() {
        problems.push(format!("pausing after panics: {}", pausing.join(", ")));
    }
    if !stalled.is_empty() {
        problems.push(format!("without progress: {}", stalled.join(", ")));
    }
    let (status, detail) = if problems.is_empty() {
        (CheckStatus::Ok, "all actors work".to_owned())
    } else {
        (CheckStatus::Degraded, problems.join("; "))
    };
    HealthCheck { name: "actors", status, detail }
}

fn database_checks(pending: Answer<Vec<String>>, writes: Answer<()>) -> Vec<HealthCheck> {
    let check = |name, status, detail: &str| HealthCheck { name, status, detail: detail.to_owned() };
    let database = match writes {
        Ok(()) => check("database", CheckStatus::Ok, "answers and takes writes"),
        Err(error) => {
            check("database", CheckStatus::Failed, &format!("answers, but takes no submissions: {error}"))
        }
    };
    match pending {
        Ok(pending) if pending.is_empty() => {
            vec![database, check("migrations", CheckStatus::Ok, "all applied")]
        }
        Ok(pending) => {
            let detail = format!("not applied yet: {}", pending.join(", "));
            vec![database, check("migrations", CheckStatus::Failed, &detail)]
        }
        Err(CallError::Crm(error)) => unknown_database(&error.to_string()),
        Err(error @ (CallError::Busy | CallError::Closed | CallError::TimedOut)) => {
            unknown_database(&format!("no answer: {error}"))
        }
    }
}

fn unknown_database(detail: &str) -> Vec<HealthCheck> {
    vec![
        HealthCheck { name: "database", status: CheckStatus::Failed, detail: detail.to_owned() },
        HealthCheck { name: "migrations", status: CheckStatus::Failed, detail: "not known".to_owned() },
    ]
}

impl Work<Drain> for Supervisor {
    fn work(&mut self, order: Drain, ctx: &mut WorkerContext<'_, Self>) {
        self.tree.draining.set(true);
        let (tree, owner) = (Rc::clone(&self.tree), self.owner);
        ctx.perform(async move { drain(&tree, owner).await }, |_, drained, _| {
            if let Err(error) = &drained {
                tracing::warn!(%error, "could not release all leases; other processes take the work up when they end");
            }
            order.reply.send(drained);
        });
    }
}

/// Stops accepting work, waits for running turns, and releases the rest.
async fn drain(tree: &ActorTree, owner: ProcessId) -> Answer<()> {
    // First: the HTTP server waits for open streams before it stops.
    ask(&tree.pages.broadcaster, TIMEOUT, |reply| StopBroadcasting { reply }).await?;
    ask(&tree.pages.staff_broadcaster, TIMEOUT, |reply| StopTellingStaff { reply }).await?;
    if let Some(consumer) = &tree.consumer {
        ask(&consumer.stop, TIMEOUT, |reply| StopConsuming { reply }).await?;
    }
    ask(&tree.relay, TIMEOUT, |reply| StopRelaying { reply }).await?;
    let timeout = DRAIN_TIMEOUT;
    let left = ask(&tree.pool, timeout + TIMEOUT, |reply| DrainPool { timeout, reply }).await?;
    for stop in &tree.branches.sending {
        ask(stop, TIMEOUT, |reply| StopSending { reply }).await?;
    }
    if !left.is_empty() {
        tracing::info!(conversations = left.len(), "handing back what could not be finished");
        tree.turns.call(move |turns| turns.release_leases(left, owner)).await?;
    }
    // Last: while a turn runs here, its partition must not get another owner, who would begin it again.
    if let Some(consumer) = &tree.consumer {
        ask(&consumer.leave, TIMEOUT, |reply| LeaveGroup { reply }).await?;
    }
    Ok(())
}

impl Work<StopActors> for Supervisor {
    fn work(&mut self, order: StopActors, ctx: &mut WorkerContext<'_, Self>) {
        let tree = Rc::clone(&self.tree);
        ctx.perform(async move { stop(&tree.actor_healths).await }, |_, stopped, _| {
            order.reply.send(stopped);
        });
    }
}

/// Lets no actor start anything by itself, and waits until what they have started is complete.
async fn stop(actor_healths: &[Arc<ActorHealth>]) -> Answer<()> {
    actor_healths.iter().for_each(|health| health.stop());
    let idle = async {
        while actor_healths.iter().any(|health| health.pending() > 0) {
            tokio::time::sleep(STOP_LOOK).await;
        }
    };
    tokio::time::timeout(STOP_TIMEOUT, idle).await.map_err(|_elapsed| {
        let busy = actor_healths.iter().filter(|health| health.pending() > 0);
        let names: Vec<_> = busy.map(|health| health.name()).collect();
        tracing::warn!(actors = names.join(", "), "stopping although actors still work");
        CallError::TimedOut
    })
}
