//! Supervised actor: it keeps the address and the mailbox, while a replaceable worker inside does the work.
//!
//! A panic in a worker, in its handlers or in the futures it started, is caught and counted; the worker is recreated
//! from its arguments as the restart policy says. Requests that it held get `Closed`. A worker that makes no progress
//! (a future that never completes, a period that is missed) is reported, then replaced likewise.
//!
//! A handler that blocks the thread is out of reach: it blocks the arbiter that would notice.

use std::any::Any;
use std::future::Future;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::time::{Duration, Instant};

use actix::fut::{ActorFutureExt, wrap_future};
use actix::prelude::*;
use futures_util::FutureExt;

use super::actor_health::ActorHealth;
use super::pending::PendingFutures;
use crate::clock;
use crate::domain::runtime::restart::{Restart, RestartHistory, RestartPolicy};
use crate::domain::runtime::stall::{Stall, StallPolicy, StallWatch};
use crate::domain::runtime::timing;

/// The part of an actor that may be lost and recreated.
pub trait Worker: Sized + Unpin + 'static {
    /// The arguments a worker is created from.
    type Args: Unpin + 'static;
    /// Mailbox capacity; one more message is refused.
    const MAILBOX: usize;
    /// When a worker without progress is reported and replaced; `None` for one of many, whose owner bounds its work.
    const STALL: Option<StallPolicy> = Some(timing::STALL);

    fn new(args: &Self::Args) -> Self;

    /// Called for each new worker, before its first message.
    fn started(&mut self, _hands: &mut WorkerContext<'_, Self>) {}
}

/// A worker's handler of one kind of message. Answers travel in the message (`Reply`).
pub trait Work<M>: Worker {
    fn work(&mut self, message: M, worker_ctx: &mut WorkerContext<'_, Self>);
}

/// The actor around a worker.
pub struct Supervised<W: Worker> {
    args: W::Args,
    worker: Option<W>,
    generation: u32,
    health: Arc<ActorHealth>,
    /// Created at the first panic: most workers never have one.
    history: Option<Box<RestartHistory>>,
    pending: PendingFutures,
    /// The period of the worker's own activity, if it has one.
    period: Option<Duration>,
    /// When a handler or a future last completed.
    progress: Instant,
}

impl<W: Worker> Supervised<W> {
    pub fn new(args: W::Args, health: Arc<ActorHealth>) -> Self {
        Self {
            args,
            worker: None,
            generation: 0,
            health,
            history: None,
            pending: PendingFutures::default(),
            period: None,
            progress: clock::monotonic(),
        }
    }

    fn spawn_worker(&mut self, ctx: &mut Context<Self>) {
        if self.health.is_stopping() {
            return;
        }
        self.progress = clock::monotonic();
        match catch_unwind(AssertUnwindSafe(|| W::new(&self.args))) {
            Ok(worker) => {
                self.worker = Some(worker);
                self.health.set_working(true);
                self.guard(ctx, Worker::started);
            }
            Err(panic) => self.ended(panic.as_ref(), ctx),
        }
    }

    fn guard(&mut self, ctx: &mut Context<Self>, task: impl FnOnce(&mut W, &mut WorkerContext<'_, W>)) {
        let Some(worker) = self.worker.as_mut() else {
            return;
        };
        let mut worker_ctx = WorkerContext {
            ctx,
            generation: self.generation,
            pending: &mut self.pending,
            period: &mut self.period,
            health: &self.health,
        };
        match catch_unwind(AssertUnwindSafe(|| task(worker, &mut worker_ctx))) {
            Ok(()) => self.progress = clock::monotonic(),
            Err(panic) => self.ended(panic.as_ref(), ctx),
        }
    }

    fn ended(&mut self, panic: &(dyn Any + Send), ctx: &mut Context<Self>) {
        self.health.count_panic();
        let restart = self.lose_worker();
        tracing::error!(actor = self.health.name(), panic = panic_text(panic), ?restart, "a worker panicked");
        self.restart(restart, ctx);
    }

    fn lose_worker(&mut self) -> Restart {
        self.worker = None;
        self.period = None;
        self.generation = self.generation.wrapping_add(1);
        let history =
            self.history.get_or_insert_with(|| Box::new(RestartHistory::new(RestartPolicy::default())));
        history.ended(clock::monotonic())
    }

    fn restart(&mut self, restart: Restart, ctx: &mut Context<Self>) {
        match restart {
            // Not within this call: the worker's own drop may still be on the stack.
            Restart::AtOnce => self.spawn_worker_after(Duration::ZERO, ctx),
            Restart::After(pause) => {
                self.health.set_working(false);
                self.spawn_worker_after(pause, ctx);
            }
        }
    }

    /// Reports a worker that makes no progress, and replaces it after the limit.
    fn check_progress(&mut self, policy: StallPolicy, without_progress: Duration, ctx: &mut Context<Self>) {
        match policy.judge(without_progress) {
            Stall::None => self.health.set_stalled(None),
            Stall::Degraded => self.health.set_stalled(Some(without_progress)),
            Stall::Replace => self.replace(without_progress, ctx),
        }
    }

    /// How long the oldest pending future has run; with none pending, how long the period has been exceeded.
    fn without_progress(&self, watched_since: Instant, now: Instant) -> Duration {
        if self.worker.is_none() || self.health.is_stopping() {
            return Duration::ZERO;
        }
        match (self.pending.oldest(), self.period) {
            (Some(oldest), _) => now.saturating_duration_since(oldest.max(watched_since)),
            (None, Some(period)) => {
                now.saturating_duration_since(self.progress.max(watched_since)).saturating_sub(period)
            }
            (None, None) => Duration::ZERO,
        }
    }

    fn replace(&mut self, without_progress: Duration, ctx: &mut Context<Self>) {
        for handle in self.pending.take_all() {
            self.health.completed_one();
            ctx.cancel_future(handle);
        }
        self.health.set_stalled(None);
        self.health.count_stall();
        let restart = self.lose_worker();
        let (actor, seconds) = (self.health.name(), without_progress.as_secs());
        tracing::error!(actor, seconds, ?restart, "replacing a worker that makes no progress");
        self.restart(restart, ctx);
    }

    fn spawn_worker_after(&mut self, pause: Duration, ctx: &mut Context<Self>) {
        let generation = self.generation;
        ctx.run_later(pause, move |supervised, ctx| {
            if supervised.generation == generation {
                supervised.spawn_worker(ctx);
            }
        });
    }
}

impl<W: Worker> Actor for Supervised<W> {
    type Context = Context<Self>;

    fn started(&mut self, ctx: &mut Self::Context) {
        ctx.set_mailbox_capacity(W::MAILBOX);
        if let Some(policy) = W::STALL {
            let mut watch = StallWatch::new(policy, clock::monotonic());
            ctx.run_interval(policy.check_every(), move |supervised, ctx| {
                let now = clock::monotonic();
                let without_progress = supervised.without_progress(watch.check(now), now);
                supervised.check_progress(policy, without_progress, ctx);
            });
        }
        self.spawn_worker(ctx);
    }
}

impl<W: Worker> Drop for Supervised<W> {
    fn drop(&mut self) {
        (0..self.pending.len()).for_each(|_| self.health.completed_one());
    }
}

impl<W: Work<M>, M: Message<Result = ()>> Handler<M> for Supervised<W> {
    type Result = ();

    fn handle(&mut self, message: M, ctx: &mut Self::Context) {
        self.guard(ctx, |worker, worker_ctx| worker.work(message, worker_ctx));
    }
}

/// A worker's context: starts futures and timers, and knows its own address.
pub struct WorkerContext<'a, W: Worker> {
    ctx: &'a mut Context<Supervised<W>>,
    generation: u32,
    pending: &'a mut PendingFutures,
    period: &'a mut Option<Duration>,
    health: &'a ActorHealth,
}

impl<W: Worker> WorkerContext<'_, W> {
    /// Runs the future `deed` and applies its result to the worker. A worker recreated meanwhile does not get it. A
    /// future that never completes counts as a hang.
    pub fn perform<F, A>(&mut self, deed: F, apply: A)
    where
        F: Future + 'static,
        A: FnOnce(&mut W, F::Output, &mut WorkerContext<'_, W>) + 'static,
    {
        let id = self.pending.begin(clock::monotonic());
        self.health.began_one();
        let handle = self.run(deed, Some(id), apply);
        self.pending.spawned(id, handle);
    }

    /// The same for a future that waits for an external event, however long that takes.
    pub fn wait_for<F, A>(&mut self, event: F, apply: A)
    where
        F: Future + 'static,
        A: FnOnce(&mut W, F::Output, &mut WorkerContext<'_, W>) + 'static,
    {
        self.run(event, None, apply);
    }

    fn run<F, A>(&mut self, deed: F, id: Option<u32>, apply: A) -> SpawnHandle
    where
        F: Future + 'static,
        A: FnOnce(&mut W, F::Output, &mut WorkerContext<'_, W>) + 'static,
    {
        let generation = self.generation;
        let caught = wrap_future::<_, Supervised<W>>(AssertUnwindSafe(deed).catch_unwind());
        self.ctx.spawn(caught.map(move |outcome, supervised: &mut Supervised<W>, ctx| {
            if let Some(id) = id
                && supervised.pending.completed(id)
            {
                supervised.health.completed_one();
            }
            if supervised.generation != generation {
                return;
            }
            match outcome {
                Ok(output) => supervised.guard(ctx, |worker, worker_ctx| apply(worker, output, worker_ctx)),
                Err(panic) => supervised.ended(panic.as_ref(), ctx),
            }
        }))
    }

    /// Runs `apply` after `pause`, unless the process is stopping by then.
    pub fn after(
        &mut self,
        pause: Duration,
        apply: impl FnOnce(&mut W, &mut WorkerContext<'_, W>) + 'static,
    ) {
        let generation = self.generation;
        self.ctx.run_later(pause, move |supervised, ctx| {
            if supervised.generation == generation && !supervised.health.is_stopping() {
                supervised.guard(ctx, apply);
            }
        });
    }

    /// Declares that the worker is active at least this often; otherwise it counts as hung.
    pub fn expect_progress_every(&mut self, period: Duration) {
        *self.period = Some(period);
    }

    /// Whether the process is stopping: then the worker completes what it has started, and starts nothing.
    pub fn is_stopping(&self) -> bool {
        self.health.is_stopping()
    }

    pub fn address(&self) -> Addr<Supervised<W>> {
        self.ctx.address()
    }
}

/// The message of a panic.
pub fn panic_text(panic: &(dyn Any + Send)) -> &str {
    let text = panic.downcast_ref::<&str>().copied();
    text.or_else(|| panic.downcast_ref::<String>().map(String::as_str)).unwrap_or("unknown")
}

#[cfg(test)]
mod tests;
