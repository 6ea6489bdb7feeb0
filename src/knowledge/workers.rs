//! Threads of our own for computing vectors: few, with a bounded queue before them, and never an actor's.
//!
//! What waits is computed together. A computation that panics costs its own texts alone.

use std::any::Any;
use std::collections::VecDeque;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};

use tokio::sync::oneshot;

use super::port::{EmbedError, Embedding};

/// Texts that are computed together, at most: beyond it a batch only takes longer, without costing less a text.
const BATCH: usize = 16;

/// The computation itself: a vector for each text.
pub trait Encode: Send + Sync + 'static {
    fn encode(&self, texts: &[String]) -> Result<Vec<Vec<f32>>, String>;
}

type Answer = Result<Vec<Vec<f32>>, EmbedError>;

struct Job {
    texts: Vec<String>,
    reply: oneshot::Sender<Answer>,
}

/// The queue's end for askers; the threads end when it is dropped.
pub struct Workers {
    queue: Arc<Queue>,
    /// Texts that may wait.
    texts_at_most: usize,
}

#[derive(Default)]
struct Queue {
    state: Mutex<State>,
    changed: Condvar,
}

#[derive(Default)]
struct State {
    jobs: VecDeque<Job>,
    texts: usize,
    closed: bool,
}

impl Workers {
    /// Starts `threads` of them, one at least.
    pub fn start(
        encode: &Arc<impl Encode>,
        threads: usize,
        texts_at_most: usize,
    ) -> Result<Self, std::io::Error> {
        let queue = Arc::new(Queue::default());
        let workers = Self { queue: Arc::clone(&queue), texts_at_most };
        for number in 0..threads.max(1) {
            let (encode, queue) = (Arc::clone(encode), Arc::clone(&queue));
            std::thread::Builder::new()
                .name(format!("embedder-{number}"))
                .spawn(move || work(encode.as_ref(), &queue))?;
        }
        Ok(workers)
    }

    pub fn embed(&self, texts: Vec<String>) -> Embedding {
        let (reply, answer) = oneshot::channel();
        if !self.offer(Job { texts, reply }) {
            return Box::pin(std::future::ready(Err(EmbedError::Busy)));
        }
        Box::pin(async move {
            answer.await.unwrap_or_else(|_| Err(EmbedError::Failed("the texts were lost".to_owned())))
        })
    }

    fn offer(&self, job: Job) -> bool {
        let mut state = self.queue.lock();
        if state.texts + job.texts.len() > self.texts_at_most {
            return false;
        }
        state.texts += job.texts.len();
        state.jobs.push_back(job);
        self.queue.changed.notify_one();
        true
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
    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// What to compute next; nothing when nobody can ask any more. Waits meanwhile.
    fn next(&self) -> Option<Vec<Job>> {
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

impl State {
    /// The oldest jobs that somebody still waits for, as many as make a batch.
    fn take(&mut self) -> Vec<Job> {
        let mut jobs: Vec<Job> = Vec::new();
        let mut texts = 0;
        while let Some(job) = self.jobs.front()
            && (jobs.is_empty() || texts + job.texts.len() <= BATCH)
        {
            let Some(job) = self.jobs.pop_front() else { break };
            self.texts -= job.texts.len();
            if !job.reply.is_closed() {
                texts += job.texts.len();
                jobs.push(job);
            }
        }
        jobs
    }
}

fn work(encode: &impl Encode, queue: &Queue) {
    // What the computation wants to do in parallel happens on this very thread: the number of threads is ours.
    let _alone = rayon::ThreadPoolBuilder::new().num_threads(1).use_current_thread().build();
    while let Some(jobs) = queue.next() {
        compute(encode, jobs);
    }
}

/// All together; one by one where that fails, so that each asker gets an answer of his own.
fn compute(encode: &impl Encode, jobs: Vec<Job>) {
    let texts: Vec<String> = jobs.iter().flat_map(|job| job.texts.iter().cloned()).collect();
    match guarded(encode, &texts) {
        Ok(vectors) => {
            let mut vectors = vectors.into_iter();
            for job in jobs {
                let own = vectors.by_ref().take(job.texts.len()).collect();
                let _gone = job.reply.send(Ok(own));
            }
        }
        Err(_) if jobs.len() > 1 => {
            for job in jobs {
                let _gone = job.reply.send(guarded(encode, &job.texts));
            }
        }
        Err(error) => {
            for job in jobs {
                let _gone = job.reply.send(Err(error.clone()));
            }
        }
    }
}

fn guarded(encode: &impl Encode, texts: &[String]) -> Answer {
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
