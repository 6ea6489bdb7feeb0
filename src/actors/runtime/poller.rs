//! Polling: an actor looks for work at a fixed interval, and at once when it is woken. One round runs at a time;
//! wake-ups during a round cause one more.

use std::time::Duration;

use super::ask::{Answer, CallError};
use super::single_flight::{Go, SingleFlight};
use super::supervised::{Work, Worker, WorkerContext};
use crate::actors::store::crm::Wake;

/// What follows a round.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Next {
    /// Another round at once: there may be more.
    Again,
    /// None before the next tick or wake-up.
    Wait,
}

/// A polling worker.
pub trait Poll: Worker {
    type Found: 'static;
    /// What the log says when a round fails.
    const FAILURE: &'static str;
    /// The pause before a round that was requested during another one.
    const PAUSE: Duration = Duration::ZERO;

    /// The poll interval.
    fn every(&self) -> Duration;

    fn single_flight(&mut self) -> &mut SingleFlight;

    /// Looks for work, and does it.
    fn round(&mut self) -> impl Future<Output = Answer<Self::Found>> + 'static;

    fn found(&mut self, found: Self::Found, ctx: &mut WorkerContext<'_, Self>) -> Next;

    /// A failed round is logged; the next tick tries again.
    fn failed(&mut self, error: &CallError) {
        tracing::warn!(%error, "{}", Self::FAILURE);
    }

    /// Called at each period, before the round.
    fn ticked(&mut self, _: &mut WorkerContext<'_, Self>) {}
}

/// Begins to poll. Called once for each worker.
pub fn start<P: Poll>(worker: &mut P, ctx: &mut WorkerContext<'_, P>) {
    ctx.expect_progress_every(worker.every());
    schedule(worker, ctx);
    look(worker, ctx);
}

fn schedule<P: Poll>(worker: &P, ctx: &mut WorkerContext<'_, P>) {
    ctx.after(worker.every(), |worker, ctx| {
        schedule(worker, ctx);
        worker.ticked(ctx);
        if *worker.single_flight() == SingleFlight::Resting {
            look(worker, ctx);
        }
    });
}

/// Starts a round, now or after the running one; none while the process stops.
pub fn look<P: Poll>(worker: &mut P, ctx: &mut WorkerContext<'_, P>) {
    if !ctx.is_stopping() && worker.single_flight().ask() == Go::Now {
        begin(worker, ctx);
    }
}

fn begin<P: Poll>(worker: &mut P, ctx: &mut WorkerContext<'_, P>) {
    let round = worker.round();
    ctx.perform(round, |worker, found, ctx| {
        let next = match found {
            Ok(found) => worker.found(found, ctx),
            Err(error) => {
                worker.failed(&error);
                Next::Wait
            }
        };
        if next == Next::Again {
            let _runs = worker.single_flight().ask();
        }
        if worker.single_flight().ended() == Go::Now {
            if P::PAUSE.is_zero() {
                begin(worker, ctx);
            } else {
                ctx.after(P::PAUSE, begin);
            }
        }
    });
}

/// Runs a periodic task beside the rounds: now, and again each time `pause` after it has ended.
pub fn repeat<W: Worker, F: Future + 'static>(
    worker: &mut W,
    ctx: &mut WorkerContext<'_, W>,
    pause: Duration,
    task: fn(&W) -> F,
    apply: fn(&mut W, F::Output),
) {
    ctx.perform(task(worker), move |worker, done, ctx| {
        apply(worker, done);
        ctx.after(pause, move |worker, ctx| repeat(worker, ctx, pause, task, apply));
    });
}

impl<P: Poll> Work<Wake> for P {
    fn work(&mut self, _: Wake, ctx: &mut WorkerContext<'_, Self>) {
        look(self, ctx);
    }
}
