//! Bulkhead around the store: a bounded, timed handle for all store operations outside the batches of `Crm`.
//!
//! A call runs as a task of its own, which waits for PostgreSQL alone. It holds its permit until it ends, in whatever
//! way, and completes even if its caller is gone. A panic in it is counted and answered with `Closed`.

use std::fmt;
use std::sync::{Arc, LazyLock};
use std::time::Duration;

use prometheus::Histogram;
use tokio::runtime::Handle;
use tracing::Instrument;

use crate::actors::runtime::ask::{Admission, Answer, CallError};
use crate::actors::runtime::supervised::panic_text;
use crate::crm::port::{CrmError, StoreFuture};
use crate::domain::runtime::timing::{LONG_STORE_TIMEOUT, STORE_TIMEOUT};
use crate::metrics::{METRICS, start_at_zero, timed};

/// Calls in flight: more than the pool has connections, for which the rest waits.
const STORE_CALLS: usize = 256;
/// The store's name in the metrics.
const ACTOR: &str = "crm";
/// All calls share one series: there are too many operations.
static CALLS: LazyLock<Histogram> = LazyLock::new(|| METRICS.store.with_label_values(&["call"]));

/// The bound shared by all handles of a process, and the runtime of their calls.
#[derive(Clone, Debug)]
pub struct Bulkhead {
    in_flight: Admission,
    timeout: Duration,
    runtime: Handle,
}

impl Bulkhead {
    /// Connections that a call opens belong to `runtime`, which must outlive the handles' users.
    pub fn new(runtime: Handle) -> Self {
        start_at_zero(&METRICS.refused, [ACTOR]);
        Self { in_flight: Admission::new(STORE_CALLS), timeout: STORE_TIMEOUT, runtime }
    }

    /// A handle to one aggregate.
    pub fn handle<S: ?Sized>(&self, store: &Arc<S>) -> StoreHandle<S> {
        StoreHandle { store: Arc::clone(store), bulkhead: self.clone() }
    }
}

/// A handle to one aggregate of the store, such as `StoreHandle<dyn Turns>`; cheap to clone.
pub struct StoreHandle<S: ?Sized> {
    store: Arc<S>,
    bulkhead: Bulkhead,
}

impl<S: ?Sized> Clone for StoreHandle<S> {
    fn clone(&self) -> Self {
        self.bulkhead.handle(&self.store)
    }
}

impl<S: ?Sized> fmt::Debug for StoreHandle<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("StoreHandle").finish_non_exhaustive()
    }
}

impl<S: ?Sized + Send + Sync + 'static> StoreHandle<S> {
    /// Calls the store, unless too many calls are in flight. The answer comes within `STORE_TIMEOUT`.
    pub async fn call<T: Send + 'static>(
        &self,
        operation: impl FnOnce(&S) -> StoreFuture<Result<T, CrmError>> + Send + 'static,
    ) -> Answer<T> {
        self.call_limited(self.bulkhead.timeout, operation).await
    }

    /// The same for work that grows with the data of a customer. The answer comes within `LONG_STORE_TIMEOUT`.
    pub async fn call_long<T: Send + 'static>(
        &self,
        operation: impl FnOnce(&S) -> StoreFuture<Result<T, CrmError>> + Send + 'static,
    ) -> Answer<T> {
        self.call_limited(LONG_STORE_TIMEOUT, operation).await
    }

    async fn call_limited<T: Send + 'static>(
        &self,
        timeout: Duration,
        operation: impl FnOnce(&S) -> StoreFuture<Result<T, CrmError>> + Send + 'static,
    ) -> Answer<T> {
        let Some(permit) = self.bulkhead.in_flight.admit() else {
            METRICS.refused.with_label_values(&[ACTOR]).inc();
            return Err(CallError::Busy);
        };
        let store = Arc::clone(&self.store);
        let call = async move {
            let _permit = permit;
            timed(&CALLS, tokio::time::timeout(timeout, operation(&store))).await
        };
        let task = self.bulkhead.runtime.spawn(call.in_current_span());
        match task.await {
            Ok(Ok(answer)) => answer.map_err(CallError::from),
            Ok(Err(_elapsed)) => Err(CallError::TimedOut),
            Err(lost) => {
                if let Ok(panic) = lost.try_into_panic() {
                    METRICS.panics.with_label_values(&[ACTOR]).inc();
                    tracing::error!(panic = panic_text(panic.as_ref()), "a store call panicked");
                }
                Err(CallError::Closed)
            }
        }
    }

    /// The same with a shorter wait of the caller; the call itself completes.
    pub async fn call_within<T: Send + 'static>(
        &self,
        timeout: Duration,
        operation: impl FnOnce(&S) -> StoreFuture<Result<T, CrmError>> + Send + 'static,
    ) -> Answer<T> {
        let answer = tokio::time::timeout(timeout, self.call(operation)).await;
        answer.unwrap_or(Err(CallError::TimedOut))
    }
}

#[cfg(test)]
mod tests {
    use std::future::pending;

    use tokio::sync::Semaphore;

    use super::*;

    trait Lookup: Send + Sync {
        fn look_up(&self) -> StoreFuture<Result<u32, CrmError>>;
    }

    /// Answers as its function does.
    struct Answers<F>(F);

    impl<F: Fn() -> StoreFuture<Result<u32, CrmError>> + Send + Sync> Lookup for Answers<F> {
        fn look_up(&self) -> StoreFuture<Result<u32, CrmError>> {
            (self.0)()
        }
    }

    const SHORT: Duration = Duration::from_millis(50);
    /// So long that it never ends within a test.
    const LONG: Duration = Duration::from_secs(600);

    /// A handle that lets one call in at a time.
    fn handle(
        timeout: Duration,
        answers: impl Fn() -> StoreFuture<Result<u32, CrmError>> + Send + Sync + 'static,
    ) -> StoreHandle<dyn Lookup> {
        let store: Arc<dyn Lookup> = Arc::new(Answers(answers));
        Bulkhead { in_flight: Admission::new(1), timeout, runtime: Handle::current() }.handle(&store)
    }

    async fn look_up(store: &StoreHandle<dyn Lookup>) -> Answer<u32> {
        store.call(|lookup| lookup.look_up()).await
    }

    fn refused() -> u64 {
        METRICS.refused.with_label_values(&[ACTOR]).get()
    }

    fn panics() -> u64 {
        METRICS.panics.with_label_values(&[ACTOR]).get()
    }

    #[tokio::test]
    async fn an_answer_and_an_error_of_the_store_come_back() {
        assert_eq!(look_up(&handle(LONG, || Box::pin(async { Ok(7) }))).await, Ok(7));
        let unavailable = || CrmError::Unavailable("unavailable".to_owned());
        let failing = handle(LONG, move || Box::pin(async move { Err(unavailable()) }));
        assert_eq!(look_up(&failing).await, Err(CallError::Crm(unavailable())));
    }

    #[tokio::test]
    async fn a_call_stays_within_the_span_of_its_caller() {
        let _collected = tracing::subscriber::set_default(tracing_subscriber::registry());
        let store = handle(LONG, || {
            let is_within = tracing::Span::current().metadata().is_some_and(|span| span.name() == "caller");
            Box::pin(async move { Ok(u32::from(is_within)) })
        });
        let span = tracing::info_span!("caller");
        assert_eq!(look_up(&store).instrument(span).await, Ok(1));
        assert_eq!(look_up(&store).await, Ok(0));
    }

    #[tokio::test]
    async fn beyond_the_bound_a_call_is_refused_and_counted_until_one_has_ended() {
        let store = handle(SHORT, || Box::pin(pending()));
        let (before, other) = (refused(), store.clone());
        let (first, second) = tokio::join!(look_up(&store), look_up(&other));
        assert_eq!((first, second), (Err(CallError::TimedOut), Err(CallError::Busy)));
        assert!(refused() > before);
        assert_eq!(look_up(&store).await, Err(CallError::TimedOut), "the permit did not come back");
    }

    /// The short call ends in its time-out before the gate opens, which the long one waits for.
    #[tokio::test]
    async fn a_long_call_may_take_longer_than_others() {
        let gate = Arc::new(Semaphore::new(0));
        let at_the_gate = Arc::clone(&gate);
        let waiting = handle(SHORT, move || {
            let gate = Arc::clone(&at_the_gate);
            Box::pin(async move { Ok(gate.acquire().await.map_or(0, |_open| 7)) })
        });
        let never = handle(SHORT, || Box::pin(pending()));
        let short = async {
            let answer = look_up(&never).await;
            gate.add_permits(1);
            answer
        };
        let (long, short) = tokio::join!(waiting.call_long(|lookup| lookup.look_up()), short);
        assert_eq!((long, short), (Ok(7), Err(CallError::TimedOut)));
    }

    #[tokio::test]
    async fn a_panic_is_counted_and_gives_the_permit_back() {
        let at_once = handle(LONG, || panic!("a store call"));
        let later = handle(LONG, || Box::pin(async { panic!("the future of a store call") }));
        for store in [at_once, later] {
            let before = panics();
            for _ in 0..2 {
                assert_eq!(look_up(&store).await, Err(CallError::Closed));
            }
            assert!(panics() >= before + 2);
        }
    }

    #[tokio::test]
    async fn a_call_holds_its_permit_and_goes_on_after_whoever_made_it_has_gone() {
        let gate = Arc::new(Semaphore::new(0));
        let at_the_gate = Arc::clone(&gate);
        let store = handle(LONG, move || {
            let gate = Arc::clone(&at_the_gate);
            Box::pin(async move { Ok(gate.acquire().await.map_or(0, |_open| 7)) })
        });
        let short = store.call_within(SHORT, |lookup| lookup.look_up()).await;
        assert_eq!(short, Err(CallError::TimedOut));
        assert_eq!(look_up(&store).await, Err(CallError::Busy), "the call was cut off");
        gate.add_permits(1);
        let mut answer = look_up(&store).await;
        while answer == Err(CallError::Busy) {
            tokio::task::yield_now().await;
            answer = look_up(&store).await;
        }
        assert_eq!(answer, Ok(7));
    }
}
