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

use super::standing::Standing;
use crate::clock;
use crate::domain::restart::{Restart, RestartHistory, RestartPolicy};

/// The part of an actor that may be lost and made anew.
pub trait Worker: Sized + Unpin + 'static {
    /// What a worker is made from.
    type Seed: Unpin + 'static;
    /// Messages that wait at the door; one more is refused.
    const MAILBOX: usize;

    fn make(seed: &Self::Seed) -> Self;

    /// Called for each new worker, before its first message.
    fn started(&mut self, _hands: &mut Hands<'_, Self>) {}
}

/// A worker's handler of one kind of message. Answers travel in the message (`Reply`).
pub trait Work<M>: Worker {
    fn work(&mut self, message: M, hands: &mut Hands<'_, Self>);
}

/// An actor around a worker.
pub struct Shell<W: Worker> {
    seed: W::Seed,
    worker: Option<W>,
    generation: u32,
    standing: Arc<Standing>,
    /// Made at the first end: most workers never have one.
    history: Option<Box<RestartHistory>>,
}

impl<W: Worker> Shell<W> {
    pub fn new(seed: W::Seed, standing: Arc<Standing>) -> Self {
        Self { seed, worker: None, generation: 0, standing, history: None }
    }

    fn make(&mut self, ctx: &mut Context<Self>) {
        match catch_unwind(AssertUnwindSafe(|| W::make(&self.seed))) {
            Ok(worker) => {
                self.worker = Some(worker);
                self.standing.set_working(true);
                self.guard(ctx, Worker::started);
            }
            Err(panic) => self.ended(panic.as_ref(), ctx),
        }
    }

    fn guard(&mut self, ctx: &mut Context<Self>, task: impl FnOnce(&mut W, &mut Hands<'_, W>)) {
        let Some(worker) = self.worker.as_mut() else {
            return;
        };
        let mut hands = Hands { generation: self.generation, ctx };
        if let Err(panic) = catch_unwind(AssertUnwindSafe(|| task(worker, &mut hands))) {
            self.ended(panic.as_ref(), ctx);
        }
    }

    fn ended(&mut self, panic: &(dyn Any + Send), ctx: &mut Context<Self>) {
        self.standing.count_panic();
        self.worker = None;
        self.generation = self.generation.wrapping_add(1);
        let history =
            self.history.get_or_insert_with(|| Box::new(RestartHistory::new(RestartPolicy::default())));
        let restart = history.ended(clock::monotonic());
        tracing::error!(
            actor = self.standing.name(),
            panic = panic_text(panic),
            ?restart,
            "a worker panicked"
        );
        match restart {
            // Not within this call: the worker's own drop may still be on the stack.
            Restart::AtOnce => self.make_after(Duration::ZERO, ctx),
            Restart::After(pause) => {
                self.standing.set_working(false);
                self.make_after(pause, ctx);
            }
        }
    }

    fn make_after(&mut self, pause: Duration, ctx: &mut Context<Self>) {
        let generation = self.generation;
        ctx.run_later(pause, move |shell, ctx| {
            if shell.generation == generation {
                shell.make(ctx);
            }
        });
    }
}

impl<W: Worker> Actor for Shell<W> {
    type Context = Context<Self>;

    fn started(&mut self, ctx: &mut Self::Context) {
        ctx.set_mailbox_capacity(W::MAILBOX);
        self.make(ctx);
    }
}

impl<W: Work<M>, M: Message<Result = ()>> Handler<M> for Shell<W> {
    type Result = ();

    fn handle(&mut self, message: M, ctx: &mut Self::Context) {
        self.guard(ctx, |worker, hands| worker.work(message, hands));
    }
}

/// What a worker can do besides thinking: start futures, wait, know its own address.
pub struct Hands<'a, W: Worker> {
    ctx: &'a mut Context<Shell<W>>,
    generation: u32,
}

impl<W: Worker> Hands<'_, W> {
    /// Runs `deed`, then hands its result back to the worker. A worker made anew meanwhile is not told.
    pub fn perform<F, A>(&mut self, deed: F, apply: A)
    where
        F: Future + 'static,
        A: FnOnce(&mut W, F::Output, &mut Hands<'_, W>) + 'static,
    {
        let generation = self.generation;
        let caught = wrap_future::<_, Shell<W>>(AssertUnwindSafe(deed).catch_unwind());
        self.ctx.spawn(caught.map(move |outcome, shell: &mut Shell<W>, ctx| {
            if shell.generation != generation {
                return;
            }
            match outcome {
                Ok(output) => shell.guard(ctx, |worker, hands| apply(worker, output, hands)),
                Err(panic) => shell.ended(panic.as_ref(), ctx),
            }
        }));
    }

    /// Comes back to the worker after `pause`.
    pub fn after(&mut self, pause: Duration, apply: impl FnOnce(&mut W, &mut Hands<'_, W>) + 'static) {
        let generation = self.generation;
        self.ctx.run_later(pause, move |shell, ctx| {
            if shell.generation == generation {
                shell.guard(ctx, apply);
            }
        });
    }

    pub fn address(&self) -> Addr<Shell<W>> {
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
        type Seed = u32;
        const MAILBOX: usize = 2000;

        fn make(seed: &u32) -> Self {
            Self { sum: *seed }
        }
    }

    impl Work<Sum> for Adder {
        fn work(&mut self, message: Sum, hands: &mut Hands<'_, Self>) {
            match message {
                Sum::Add(number, reply) => {
                    hands.perform(async move { number }, |adder, number, _| {
                        adder.sum += number;
                        reply.send(Ok(adder.sum));
                    });
                }
                Sum::PanicNow(_reply) => panic!("now"),
                Sum::PanicLater(reply) => hands.perform(
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
    async fn add_one(adder: &Addr<Shell<Adder>>) -> u32 {
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
    async fn after_a_panic_the_same_address_works_again_from_the_seed() {
        for (nth, provoke) in [Sum::PanicNow, Sum::PanicLater].into_iter().enumerate() {
            let standing = Standing::new("adder");
            let adder = Shell::<Adder>::new(10, Arc::clone(&standing)).start();
            assert_eq!(add_one(&adder).await, 11, "case {nth}");
            assert_eq!(ask(&adder, LIMIT, provoke).await, Err(CallError::Closed), "case {nth}");
            assert_eq!(add_one(&adder).await, 11, "case {nth}");
            assert_eq!(standing.panics(), 1, "case {nth}");
        }
    }

    #[actix::test]
    async fn too_many_panics_make_it_pause_and_it_comes_back() {
        let standing = Standing::new("adder");
        let adder = Shell::<Adder>::new(0, Arc::clone(&standing)).start();
        let mut panics = 0;
        while standing.is_working() {
            let _closed = ask(&adder, LIMIT, Sum::PanicNow).await;
            panics += 1;
            assert!(panics < 1_000, "it never pauses");
        }
        assert!(standing.panics() > 5, "a few are bad luck");
        assert_eq!(add_one(&adder).await, 1);
        assert!(standing.is_working());
    }
}
