//! CPU-bound work off the arbiters: blocking tasks, as many at once as there are processors. An arbiter serves many
//! conversations, and a long message in one of them must not delay the others.

use std::panic::resume_unwind;
use std::sync::LazyLock;
use std::thread::available_parallelism;

use tokio::sync::Semaphore;
use tokio::task::spawn_blocking;

/// Permits of tasks that compute. It is never closed.
static PROCESSORS: LazyLock<Semaphore> =
    LazyLock::new(|| Semaphore::new(available_parallelism().map_or(1, usize::from)));

/// Computes on another thread; a panic there is one of the caller. The task ends even if nobody waits for it any more.
pub async fn off_arbiter<T: Send + 'static>(compute: impl FnOnce() -> T + Send + 'static) -> T {
    let permit = PROCESSORS.acquire().await;
    let task = spawn_blocking(move || {
        let _permit = permit;
        compute()
    });
    match task.await.map_err(tokio::task::JoinError::try_into_panic) {
        Ok(computed) => computed,
        Err(Ok(panic)) => resume_unwind(panic),
        // The runtime shuts down, and drops the caller next.
        Err(Err(_cancelled)) => std::future::pending().await,
    }
}

#[cfg(test)]
mod tests {
    use std::panic::AssertUnwindSafe;

    use futures_util::FutureExt;

    use super::*;

    #[tokio::test]
    async fn it_computes_on_another_thread_and_passes_panics_on() {
        let here = std::thread::current().id();
        assert_ne!(off_arbiter(|| std::thread::current().id()).await, here);
        let panicked = AssertUnwindSafe(off_arbiter(|| panic!("as told"))).catch_unwind().await;
        let panic: Result<(), _> = panicked;
        assert_eq!(panic.unwrap_err().downcast_ref::<&str>(), Some(&"as told"));
    }
}
