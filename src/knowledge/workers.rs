//! Thread pool with a bounded queue and dynamic batching: while one batch is computed the next one fills.
//!
//! Its threads belong to no actor. If a computation panics, only its own texts fail.

use std::any::Any;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::oneshot;

use super::port::{EmbedError, Embedding, Priority};
use crate::clock;

mod queue;

use queue::{EmbedJob, EmbedResult, QueueState};

/// The `nice` value of background threads: they run on idle processors, and get about a tenth of a contended one.
#[cfg(target_os = "linux")]
const NICENESS: i32 = 10;

/// The computation itself: a vector for each text.
pub trait Encode: Send + Sync + 'static {
    fn encode(&self, texts: &[String]) -> Result<Vec<Vec<f32>>, String>;
    /// Called after `PoolSettings::rest_after` without work: releases what only a busy pool needs.
    fn rest(&self) {}
}

#[derive(Clone, Copy, Debug)]
pub struct PoolSettings {
    /// Name of its threads, which are numbered.
    pub name: &'static str,
    /// At least one.
    pub threads: usize,
    /// Capacity of the queue, in texts.
    pub max_texts: usize,
    /// The priority of all its texts. One that a turn would wait for too long is refused at once; those of the library
    /// wait without a limit, on threads of a lower priority.
    pub priority: Priority,
    /// Idle time of a thread before it calls `Encode::rest`.
    pub rest_after: Duration,
}

/// The sender's end of the queue; the threads end when it is dropped.
pub struct Workers {
    queue: Arc<Queue>,
}

struct Queue {
    state: Mutex<QueueState>,
    changed: Condvar,
}

impl Workers {
    pub fn start(encode: &Arc<impl Encode>, settings: PoolSettings) -> Result<Self, std::io::Error> {
        let queue = Arc::new(Queue { state: Mutex::new(QueueState::new(settings)), changed: Condvar::new() });
        let workers = Self { queue: Arc::clone(&queue) };
        for number in 0..settings.threads.max(1) {
            let (encode, queue) = (Arc::clone(encode), Arc::clone(&queue));
            std::thread::Builder::new()
                .name(format!("{}-{number}", settings.name))
                .spawn(move || work(encode.as_ref(), &queue, settings))?;
        }
        Ok(workers)
    }

    pub fn embed(&self, texts: Vec<String>) -> Embedding {
        let (reply, answer) = oneshot::channel();
        if !self.queue.lock().offer(EmbedJob { texts, reply }) {
            return Box::pin(std::future::ready(Err(EmbedError::Busy)));
        }
        self.queue.changed.notify_one();
        Box::pin(async move {
            answer.await.unwrap_or_else(|_| Err(EmbedError::Failed("the texts were lost".to_owned())))
        })
    }
}

impl Drop for Workers {
    fn drop(&mut self) {
        self.queue.lock().closed = true;
        self.queue.changed.notify_all();
    }
}

impl Queue {
    /// No code that may panic runs under the lock.
    fn lock(&self) -> MutexGuard<'_, QueueState> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The next batch, or what to do without one.
    fn next(&self, rest_after: Duration) -> NextBatch {
        let state = self.lock();
        let waits = |state: &mut QueueState| !state.is_waiting() && !state.closed;
        let waited = self.changed.wait_timeout_while(state, rest_after, waits);
        let (mut state, waited) = waited.unwrap_or_else(PoisonError::into_inner);
        match (waited.timed_out(), state.is_waiting()) {
            (_, true) => NextBatch::Compute(state.take()),
            (true, false) => NextBatch::Rest,
            (false, false) => NextBatch::End,
        }
    }
}

enum NextBatch {
    /// May be empty: its callers have given up.
    Compute(Vec<EmbedJob>),
    Rest,
    /// The queue is closed.
    End,
}

fn work(encode: &impl Encode, queue: &Queue, settings: PoolSettings) {
    // On Linux this applies to the calling thread only; other systems would slow down the whole process.
    #[cfg(target_os = "linux")]
    if settings.priority == Priority::Library
        && let Err(error) = rustix::process::setpriority_process(None, NICENESS)
    {
        tracing::debug!(%error, "could not lower the priority of the embedding model's threads");
    }
    let mut rest_after = settings.rest_after;
    loop {
        let jobs = match queue.next(rest_after) {
            NextBatch::Compute(jobs) => jobs,
            NextBatch::Rest => {
                encode.rest();
                rest_after = Duration::MAX;
                continue;
            }
            NextBatch::End => return,
        };
        rest_after = settings.rest_after;
        let cost = jobs.iter().map(EmbedJob::cost).sum();
        let began = clock::monotonic();
        let texts: Vec<&[String]> = jobs.iter().map(|job| job.texts.as_slice()).collect();
        let answers = compute(encode, &texts);
        // Before the answers are sent: a caller that gets one may submit again at once and must find an up-to-date
        // queue.
        queue.lock().finished(cost, began.elapsed());
        for (job, answer) in jobs.into_iter().zip(answers) {
            let _gone = job.reply.send(answer);
        }
    }
}

/// Computes the batch; if that fails, each job alone, so that only the bad job fails.
fn compute(encode: &impl Encode, jobs: &[&[String]]) -> Vec<EmbedResult> {
    match guarded(encode, &jobs.concat()) {
        Ok(vectors) => {
            let mut vectors = vectors.into_iter();
            jobs.iter().map(|texts| Ok(vectors.by_ref().take(texts.len()).collect())).collect()
        }
        Err(_) if jobs.len() > 1 => jobs.iter().map(|texts| guarded(encode, texts)).collect(),
        Err(error) => vec![Err(error)],
    }
}

fn guarded(encode: &impl Encode, texts: &[String]) -> EmbedResult {
    let vectors = catch_unwind(AssertUnwindSafe(|| encode.encode(texts)))
        .unwrap_or_else(|panic| Err(format!("panic: {}", text(panic.as_ref()))));
    let vectors = vectors.map_err(EmbedError::Failed)?;
    if vectors.len() == texts.len() {
        Ok(vectors)
    } else {
        Err(EmbedError::Failed(format!("{} vectors for {} texts", vectors.len(), texts.len())))
    }
}

fn text(panic: &(dyn Any + Send)) -> &str {
    let text = panic.downcast_ref::<&str>().copied();
    text.or_else(|| panic.downcast_ref::<String>().map(String::as_str)).unwrap_or("without a text")
}

#[cfg(test)]
mod tests;
