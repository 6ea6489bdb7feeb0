//! Admission control of the embedding queue: it holds the waiting jobs and estimates the wait of a new one. Time is an
//! argument.

use std::collections::VecDeque;
use std::time::Duration;

use tokio::sync::oneshot;

use super::PoolSettings;
use crate::knowledge::port::{EmbedError, Priority};

/// Maximum texts of a batch: beyond it a batch takes longer without a lower cost per text.
const BATCH: usize = 16;
/// Maximum expected wait of a customer's question. A search by words takes a few milliseconds, so a longer wait would
/// limit the throughput of all turns to that of the embedding model.
pub(super) const MAX_WAIT: Duration = Duration::from_millis(150);
/// Fixed cost of a text besides its length, in bytes of text.
const COST_OF_A_TEXT: usize = 32;
/// The model truncates longer texts.
const BYTES_READ: usize = 1_024;
/// Initial estimate, in seconds per byte: 5 ms for a short question.
const FIRST_PACE: f64 = 0.005 / 64.0;
/// Weight of the latest measurement in the exponential moving average.
const WEIGHT_OF_LAST: f64 = 0.125;

pub(super) type EmbedResult = Result<Vec<Vec<f32>>, EmbedError>;

pub(super) struct EmbedJob {
    pub texts: Vec<String>,
    pub reply: oneshot::Sender<EmbedResult>,
}

impl EmbedJob {
    pub fn cost(&self) -> usize {
        self.texts.iter().map(|text| COST_OF_A_TEXT + text.len().min(BYTES_READ)).sum()
    }
}

pub(super) struct QueueState {
    settings: PoolSettings,
    waiting: VecDeque<EmbedJob>,
    /// Queued texts.
    texts: usize,
    /// Cost of the queued jobs and of those in progress.
    ahead: usize,
    /// Measured seconds per unit of cost.
    pace: f64,
    pub closed: bool,
}

impl QueueState {
    pub fn new(settings: PoolSettings) -> Self {
        Self { settings, waiting: VecDeque::new(), texts: 0, ahead: 0, pace: FIRST_PACE, closed: false }
    }

    /// Whether the job was admitted: the queue has capacity, and a customer's question will be served in time.
    pub fn offer(&mut self, job: EmbedJob) -> bool {
        let is_late = match self.settings.priority {
            Priority::Turn => self.is_late(job.cost()),
            Priority::Library => false,
        };
        if is_late || self.texts + job.texts.len() > self.settings.max_texts {
            return false;
        }
        self.ahead += job.cost();
        self.texts += job.texts.len();
        self.waiting.push_back(job);
        true
    }

    /// A job is never late in an empty queue: this way an estimate from an unusually slow moment is corrected.
    fn is_late(&self, cost: usize) -> bool {
        let cost = u32::try_from(self.ahead + cost).unwrap_or(u32::MAX);
        let threads = u32::try_from(self.settings.threads.max(1)).unwrap_or(u32::MAX);
        self.ahead > 0 && f64::from(cost) * self.pace / f64::from(threads) > MAX_WAIT.as_secs_f64()
    }

    /// Whether the queue is not empty.
    pub fn is_waiting(&self) -> bool {
        !self.waiting.is_empty()
    }

    /// The oldest jobs whose callers still wait, up to one batch. `finished` must follow.
    pub fn take(&mut self) -> Vec<EmbedJob> {
        let mut jobs: Vec<EmbedJob> = Vec::new();
        let mut texts = 0;
        while let Some(job) =
            self.waiting.pop_front_if(|job| jobs.is_empty() || texts + job.texts.len() <= BATCH)
        {
            self.texts -= job.texts.len();
            if job.reply.is_closed() {
                self.ahead -= job.cost();
            } else {
                texts += job.texts.len();
                jobs.push(job);
            }
        }
        jobs
    }

    /// Records the duration of a batch with this cost.
    pub fn finished(&mut self, cost: usize, took: Duration) {
        self.ahead -= cost;
        if let Ok(cost) = u32::try_from(cost)
            && cost > 0
        {
            let last = took.as_secs_f64() / f64::from(cost);
            self.pace += (last - self.pace) * WEIGHT_OF_LAST;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn new(threads: usize) -> QueueState {
        QueueState::new(PoolSettings {
            name: "test",
            threads,
            max_texts: 256,
            priority: Priority::Turn,
            rest_after: Duration::MAX,
        })
    }

    fn job(text: &str) -> (EmbedJob, oneshot::Receiver<EmbedResult>) {
        let (reply, answer) = oneshot::channel();
        (EmbedJob { texts: vec![text.to_owned()], reply }, answer)
    }

    /// How many questions are admitted, one after another, until one is refused.
    fn room(state: &mut QueueState) -> usize {
        (0..1_000).take_while(|_| state.offer(job("How do I reset it?").0)).count()
    }

    #[test]
    fn a_question_that_would_be_late_is_refused_at_once() {
        let mut state = new(1);
        assert_eq!(room(&mut state), 38, "of 4 ms each");
        assert_eq!(room(&mut new(2)), 76, "two threads make twice as many");
    }

    /// Serves one question alone, with this duration.
    fn served(state: &mut QueueState, took: Duration) {
        let (asked, _answer) = job("How do I reset it?");
        assert!(state.offer(asked), "nothing is ahead");
        let cost: usize = state.take().iter().map(EmbedJob::cost).sum();
        state.finished(cost, took);
    }

    #[test]
    fn the_pace_is_measured_and_a_bad_moment_is_got_over() {
        let mut state = new(1);
        (0..100).for_each(|_| served(&mut state, Duration::from_secs(5)));
        assert_eq!(room(&mut state), 1);
        assert!(state.take().is_empty(), "its caller has given up");
        (0..100).for_each(|_| served(&mut state, Duration::from_millis(1)));
        assert!(room(&mut state) > 100);
    }

    #[test]
    fn a_job_counts_from_when_it_waits_until_it_is_computed() {
        let mut state = new(1);
        let (long, _answer) = job(&"words ".repeat(200));
        assert!(state.offer(long));
        let (question, _answer) = job("How?");
        assert!(state.offer(question));
        let taken = state.take();
        assert_eq!(taken.len(), 2, "one batch");
        state.finished(taken.iter().map(EmbedJob::cost).sum(), Duration::from_secs(1));
        assert_eq!((state.ahead, state.texts), (0, 0));
    }

    #[test]
    fn documents_wait_as_long_as_it_takes_within_the_limit() {
        let settings = new(1).settings;
        let mut state = QueueState::new(PoolSettings { priority: Priority::Library, ..settings });
        assert_eq!(room(&mut state), 256);
    }

    #[test]
    fn what_nobody_waits_for_any_more_is_left_out() {
        let mut state = new(1);
        let (given_up, answer) = job("How?");
        assert!(state.offer(given_up));
        drop(answer);
        assert!(state.take().is_empty());
        assert_eq!((state.ahead, state.texts), (0, 0));
    }
}
