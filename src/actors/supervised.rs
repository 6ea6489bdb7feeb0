//! What every actor lives in: it keeps the address and the mailbox while a worker inside does the work.
//!
//! A panic in a worker, in its handlers or in the futures it started, is caught and counted; the worker is made
//! anew from its seed, sooner or later as the restart policy says. Questions that it held get `Closed`.

use std::any::Any;
use std::future::Future;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::time::Duration;

use actix::fut::{ActorFutureExt, wrap_future};
use actix::prelude::*;
use futures_util::FutureExt;

use super::actor_health::ActorHealth;
use crate::clock;
use crate::domain::restart::{Restart, RestartHistory, RestartPolicy};

/// The part of an actor that may be lost and made anew.
pub trait Worker: Sized + Unpin + 'static {
    /// What a worker is made from.
    type Args: Unpin + 'static;
    /// Messages that wait at the door; one more is refused.
    const MAILBOX: usize;

    fn new(args: &Self::Args) -> Self;

    /// Called for each new worker, before its first message.
    fn started(&mut self, _hands: &mut WorkerContext<'_, Self>) {}
}

/// A worker's handler of one kind of message. Answers travel in the message (`Reply`).
pub trait Work<M>: Worker {
    fn work(&mut self, message: M, worker_ctx: &mut WorkerContext<'_, Self>);
}

/// An actor around a worker.
pub struct Supervised<W: Worker> {
    args: W::Args,
    worker: Option<W>,
    generation: u32,
    health: Arc<ActorHealth>,
    /// Made at the first end: most workers never have one.
    history: Option<Box<RestartHistory>>,
}

impl<W: Worker> Supervised<W> {
    pub fn new(args: W::Args, health: Arc<ActorHealth>) -> Self {
        Self { args, worker: None, generation: 0, health, history: None }
    }

    fn spawn_worker(&mut self, ctx: &mut Context<Self>) {
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
        let mut worker_ctx = WorkerContext { generation: self.generation, ctx };
        if let Err(panic) = catch_unwind(AssertUnwindSafe(|| task(worker, &mut worker_ctx))) {
            self.ended(panic.as_ref(), ctx);
        }
    }

    fn ended(&mut self, panic: &(dyn Any + Send), ctx: &mut Context<Self>) {
        self.health.count_panic();
        self.worker = None;
        self.generation = self.generation.wrapping_add(1);
        let history =
            self.history.get_or_insert_with(|| Box::new(RestartHistory::new(RestartPolicy::default())));
        let restart = history.ended(clock::monotonic());
        tracing::error!(actor = self.health.name(), panic = panic_text(panic), ?restart, "a worker panicked");
        match restart {
            // Not within this call: the worker's own drop may still be on the stack.
            Restart::AtOnce => self.spawn_worker_after(Duration::ZERO, ctx),
            Restart::After(pause) => {
                self.health.set_working(false);
                self.spawn_worker_after(pause, ctx);
            }
        }
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
        self.spawn_worker(ctx);
    }
}

impl<W: Work<M>, M: Message<Result = ()>> Handler<M> for Supervised<W> {
    type Result = ();

    fn handle(&mut self, message: M, ctx: &mut Self::Context) {
        self.guard(ctx, |worker, worker_ctx| worker.work(message, worker_ctx));
    }
}

/// What a worker can do besides thinking: start futures, wait, know its own address.
pub struct WorkerContext<'a, W: Worker> {
    ctx: &'a mut Context<Supervised<W>>,
    generation: u32,
}

impl<W: Worker> WorkerContext<'_, W> {
    /// Runs `deed`, then hands its result back to the worker. A worker made anew meanwhile is not told.
    pub fn perform<F, A>(&mut self, deed: F, apply: A)
    where
        F: Future + 'static,
        A: FnOnce(&mut W, F::Output, &mut WorkerContext<'_, W>) + 'static,
    {
        let generation = self.generation;
        let caught = wrap_future::<_, Supervised<W>>(AssertUnwindSafe(deed).catch_unwind());
        self.ctx.spawn(caught.map(move |outcome, supervised: &mut Supervised<W>, ctx| {
            if supervised.generation != generation {
                return;
            }
            match outcome {
                Ok(output) => supervised.guard(ctx, |worker, worker_ctx| apply(worker, output, worker_ctx)),
                Err(panic) => supervised.ended(panic.as_ref(), ctx),
            }
        }));
    }

    /// Comes back to the worker after `pause`.
    pub fn after(
        &mut self,
        pause: Duration,
        apply: impl FnOnce(&mut W, &mut WorkerContext<'_, W>) + 'static,
    ) {
        let generation = self.generation;
        self.ctx.run_later(pause, move |supervised, ctx| {
            if supervised.generation == generation {
                supervised.guard(ctx, apply);
            }
        });
    }

    pub fn address(&self) -> Addr<Supervised<W>> {
        self.ctx.address()
    }
}

/// What a panic said.
pub fn panic_text(panic: &(dyn Any + Send)) -> &str {
    let text = panic.downcast_ref::<&str>().copied();
    text.or_else(|| panic.downcast_ref::<String>().map(String::as_str)).unwrap_or("unknown")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::actors::ask::{CallError, Reply, ask};

    struct Adder {
        sum: u32,
    }

    #[derive(Message)]
    #[rtype(result = "()")]
    enum Sum {
        Add(u32, Reply<u32>),
        PanicNow(Reply<u32>),
        PanicLater(Reply<u32>),
    }

    impl Worker for Adder {
        type Args = u32;
        const MAILBOX: usize = 2000;

        fn new(args: &u32) -> Self {
            Self { sum: *args }
        }
    }

    impl Work<Sum> for Adder {
        fn work(&mut self, message: Sum, worker_ctx: &mut WorkerContext<'_, Self>) {
            match message {
                Sum::Add(number, reply) => {
                    worker_ctx.perform(async move { number }, |adder, number, _| {
                        adder.sum += number;
                        reply.send(Ok(adder.sum));
                    });
                }
                Sum::PanicNow(_reply) => panic!("now"),
                Sum::PanicLater(reply) => worker_ctx.perform(
                    async move {
                        tokio::task::yield_now().await;
                        if reply.is_wanted() {
                            panic!("later");
                        }
                    },
                    |_, (), _| {},
                ),
            }
        }
    }

    /// A wait for a state ends when it is there; this only says when a test gives up.
    const LIMIT: Duration = Duration::from_secs(60);

    /// What comes of an addition, as soon as a worker answers it.
    async fn add_one(adder: &Addr<Supervised<Adder>>) -> u32 {
        let began = clock::monotonic();
        loop {
            match ask(adder, LIMIT, |reply| Sum::Add(1, reply)).await {
                Ok(sum) => return sum,
                Err(error) => assert!(clock::monotonic().duration_since(began) < LIMIT, "{error}"),
            }
            tokio::task::yield_now().await;
        }
    }

    #[actix::test]
    async fn after_a_panic_the_same_address_works_again_from_the_args() {
        for (nth, provoke) in [Sum::PanicNow, Sum::PanicLater].into_iter().enumerate() {
            let health = ActorHealth::new("adder");
            let adder = Supervised::<Adder>::new(10, Arc::clone(&health)).start();
            assert_eq!(add_one(&adder).await, 11, "case {nth}");
            assert_eq!(ask(&adder, LIMIT, provoke).await, Err(CallError::Closed), "case {nth}");
            assert_eq!(add_one(&adder).await, 11, "case {nth}");
            assert_eq!(health.panics(), 1, "case {nth}");
        }
    }

    #[actix::test]
    async fn too_many_panics_make_it_pause_and_it_comes_back() {
        let health = ActorHealth::new("adder");
        let adder = Supervised::<Adder>::new(0, Arc::clone(&health)).start();
        let mut panics = 0;
        while health.is_working() {
            let _closed = ask(&adder, LIMIT, Sum::PanicNow).await;
            panics += 1;
            assert!(panics < 1_000, "it never pauses");
        }
        assert!(health.panics() > 5, "a few are bad luck");
        assert_eq!(add_one(&adder).await, 1);
        assert!(health.is_working());
    }
}
