//! An actor outlives its workers: panics, hangs, and the stop.

use std::cell::Cell;
use std::rc::Rc;

use super::*;
use crate::actors::messages::CheckStatus;
use crate::actors::runtime::ask::{Answer, CallError, Reply, ask};
use crate::actors::runtime::poller::{self, Next, Poll};
use crate::actors::runtime::single_flight::SingleFlight;
use crate::actors::store::crm::Wake;
use crate::actors::supervisor::actors_check;
use crate::metrics::METRICS;

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

/// A wait for a state ends when the state is there; this only says when a test gives up.
const LIMIT: Duration = Duration::from_secs(60);

/// The sum after adding one, as soon as a worker answers.
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
    let began = clock::monotonic();
    while health.is_working() {
        // Closed at once, without a panic, as long as there is no worker.
        let _closed = ask(&adder, LIMIT, Sum::PanicNow).await;
        assert!(clock::monotonic().duration_since(began) < LIMIT, "it never pauses");
    }
    assert!(health.panics() > 5, "a few are restarted at once");
    assert_eq!(add_one(&adder).await, 1);
    assert!(health.is_working());
}

/// Polls; the rounds of its first worker hang as often as it is told to.
struct Poller {
    hangs: bool,
    rounds: Rc<Cell<u32>>,
    single_flight: SingleFlight,
}

#[derive(Clone, Default)]
struct PollerArgs {
    hanging_workers: u32,
    made: Rc<Cell<u32>>,
    rounds: Rc<Cell<u32>>,
}

impl Worker for Poller {
    type Args = PollerArgs;
    const MAILBOX: usize = 4;
    const STALL: Option<StallPolicy> = Some(StallPolicy {
        degraded_after: Duration::from_millis(400),
        replaced_after: Duration::from_millis(1_500),
    });

    fn new(args: &PollerArgs) -> Self {
        args.made.set(args.made.get() + 1);
        Self {
            hangs: args.made.get() <= args.hanging_workers,
            rounds: Rc::clone(&args.rounds),
            single_flight: SingleFlight::default(),
        }
    }

    fn started(&mut self, ctx: &mut WorkerContext<'_, Self>) {
        poller::start(self, ctx);
    }
}

impl Poll for Poller {
    type Found = ();
    const FAILURE: &'static str = "could not look";

    fn every(&self) -> Duration {
        Duration::from_millis(10)
    }

    fn single_flight(&mut self) -> &mut SingleFlight {
        &mut self.single_flight
    }

    fn round(&mut self) -> impl Future<Output = Answer<()>> + 'static {
        let hangs = self.hangs;
        async move { if hangs { std::future::pending().await } else { Ok(()) } }
    }

    fn found(&mut self, (): (), _: &mut WorkerContext<'_, Self>) -> Next {
        self.rounds.set(self.rounds.get() + 1);
        Next::Wait
    }
}

async fn until(what: &str, is_so: impl Fn() -> bool) {
    let began = clock::monotonic();
    while !is_so() {
        assert!(clock::monotonic().duration_since(began) < LIMIT, "not in time: {what}");
        tokio::task::yield_now().await;
    }
}

#[actix::test]
async fn a_worker_that_hangs_is_reported_then_replaced_and_works_again() {
    let health = ActorHealth::new("poller-that-hangs");
    let args = PollerArgs { hanging_workers: 1, ..PollerArgs::default() };
    let poller = Supervised::<Poller>::new(args.clone(), Arc::clone(&health)).start();

    until("reported", || health.stalled_for().is_some()).await;
    let check = actors_check(&[Arc::clone(&health)]);
    assert_eq!(check.status, CheckStatus::Degraded);
    assert!(check.detail.starts_with("without progress: poller-that-hangs for "), "{}", check.detail);
    assert_eq!((args.made.get(), args.rounds.get(), health.pending()), (1, 0, 1));

    until("replaced", || args.rounds.get() >= 3).await;
    assert_eq!((args.made.get(), health.panics(), health.stalled_for()), (2, 0, None));
    assert_eq!(METRICS.stalls.with_label_values(&["poller-that-hangs"]).get(), 1);
    assert_eq!(actors_check(&[Arc::clone(&health)]).status, CheckStatus::Ok);
    let rounds = args.rounds.get();
    poller.try_send(Wake).unwrap();
    until("woken", || args.rounds.get() > rounds).await;
}

#[actix::test]
async fn a_worker_that_makes_progress_is_left_alone() {
    let health = ActorHealth::new("poller");
    let args = PollerArgs::default();
    let _poller = Supervised::<Poller>::new(args.clone(), Arc::clone(&health)).start();
    // Longer than a worker without progress may live.
    until("rounds", || args.rounds.get() > 200).await;
    assert_eq!((args.made.get(), health.panics()), (1, 0));
}

#[actix::test]
async fn a_worker_that_stops_begins_no_round_any_more_even_when_woken() {
    let health = ActorHealth::new("poller");
    let args = PollerArgs::default();
    let poller = Supervised::<Poller>::new(args.clone(), Arc::clone(&health)).start();
    until("rounds", || args.rounds.get() > 2).await;
    health.stop();
    until("idle", || health.pending() == 0).await;
    let rounds = args.rounds.get();
    poller.try_send(Wake).unwrap();
    // Ten times its period: it would have begun a round by its timer, too.
    let began = clock::monotonic();
    until("ten periods", || clock::monotonic().duration_since(began) > Duration::from_millis(100)).await;
    assert_eq!(args.rounds.get(), rounds);
}
