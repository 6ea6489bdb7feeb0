//! Threads of our own for computing vectors: few, with a bounded queue before them, and never an actor's.
//!
//! What waits is computed together. A computation that panics costs its own texts alone.

use std::any::Any;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};

use tokio::sync::oneshot;

use super::port::{EmbedError, Embedding, Priority};
use crate::clock;

mod queue;

use queue::{EmbedJob, EmbedResult, QueueState};

/// How much these threads give way to everything else on the machine, as `nice` counts. A processor that is idle is theirs
/// as before; one that turns need is theirs for about a tenth.
#[cfg(target_os = "linux")]
const NICENESS: i32 = 10;

/// The computation itself: a vector for each text.
pub trait Encode: Send + Sync + 'static {
    fn encode(&self, texts: &[String]) -> Result<Vec<Vec<f32>>, String>;
}

/// The queue's end for askers; the threads end when it is dropped.
pub struct Workers {
    queue: Arc<Queue>,
}

struct Queue {
    state: Mutex<QueueState>,
    changed: Condvar,
}

impl Workers {
    /// Starts `threads` of them, one at least.
    pub fn start(
        encode: &Arc<impl Encode>,
        threads: usize,
        max_texts: usize,
    ) -> Result<Self, std::io::Error> {
        let threads = threads.max(1);
        let state = Mutex::new(QueueState::new(threads, max_texts));
        let queue = Arc::new(Queue { state, changed: Condvar::new() });
        let workers = Self { queue: Arc::clone(&queue) };
        for number in 0..threads {
            let (encode, queue) = (Arc::clone(encode), Arc::clone(&queue));
            std::thread::Builder::new()
                .name(format!("embedder-{number}"))
                .spawn(move || work(encode.as_ref(), &queue))?;
        }
        Ok(workers)
    }

    pub fn embed(&self, texts: Vec<String>, priority: Priority) -> Embedding {
        let (reply, answer) = oneshot::channel();
        if !self.queue.lock().offer(EmbedJob { texts, reply }, priority) {
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

    /// What to compute next; nothing when nobody can ask any more. Waits meanwhile.
    fn next(&self) -> Option<Vec<EmbedJob>> {
        let mut state = self.lock();
        loop {
            let jobs = state.take();
            if !jobs.is_empty() {
                return Some(jobs);
            }
            if state.closed {
                return None;
            }
            state = self.changed.wait(state).unwrap_or_else(PoisonError::into_inner);
        }
    }
}

fn work(encode: &impl Encode, queue: &Queue) {
    // Linux takes this for the calling thread; other systems would slow the whole process down.
    #[cfg(target_os = "linux")]
    if let Err(error) = rustix::process::setpriority_process(None, NICENESS) {
        tracing::debug!(%error, "the embedding model's threads keep the usual priority");
    }
    // What the computation wants to do in parallel happens on this very thread: the number of threads is ours.
    let _alone = rayon::ThreadPoolBuilder::new().num_threads(1).use_current_thread().build();
    while let Some(jobs) = queue.next() {
        let cost = jobs.iter().map(EmbedJob::cost).sum();
        let began = clock::monotonic();
        let texts: Vec<&[String]> = jobs.iter().map(|job| job.texts.as_slice()).collect();
        let answers = compute(encode, &texts);
        // Before the answers go out: who has one may ask again at once, and nothing is ahead of him.
        queue.lock().finished(cost, began.elapsed());
        for (job, answer) in jobs.into_iter().zip(answers) {
            let _gone = job.reply.send(answer);
        }
    }
}

/// All together; one by one where that fails, so that each asker gets an answer of his own.
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
