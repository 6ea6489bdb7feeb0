//! What waits to be computed, in which order, and how long a newcomer would have to wait. Time is told to it.

use std::collections::VecDeque;
use std::time::Duration;

use tokio::sync::oneshot;

use crate::knowledge::port::{EmbedError, Priority};

/// Texts that are computed together, at most: beyond it a batch only takes longer, without costing less a text.
const BATCH: usize = 16;
/// The longest that a customer's question may be expected to wait. A search by words takes a few milliseconds, so that
/// waiting longer for a vector would make the vectors' pace the pace of all turns.
pub(super) const MAX_WAIT: Duration = Duration::from_millis(150);
/// What a text costs beside its length, in bytes of text.
const COST_OF_A_TEXT: usize = 64;
/// The model reads no further.
const BYTES_READ: usize = 1_024;
/// Seconds for a byte, until it has been measured: 20 ms for a short question.
const FIRST_PACE: f64 = 0.02 / 100.0;
/// How much the last computation counts among all that were measured.
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

/// The jobs of customers before those of the library.
pub(super) struct QueueState {
    turns: VecDeque<EmbedJob>,
    library: VecDeque<EmbedJob>,
    /// Texts that wait.
    texts: usize,
    /// What the waiting turns cost, and what is being computed.
    ahead: usize,
    /// Seconds for a unit of cost, as measured.
    pace: f64,
    threads: usize,
    max_texts: usize,
    pub closed: bool,
}

impl QueueState {
    pub fn new(threads: usize, max_texts: usize) -> Self {
        Self {
            turns: VecDeque::new(),
            library: VecDeque::new(),
            texts: 0,
            ahead: 0,
            pace: FIRST_PACE,
            threads,
            max_texts,
            closed: false,
        }
    }

    /// Whether the job was taken in: there is room, and a customer's one will be served in time.
    pub fn offer(&mut self, job: EmbedJob, priority: Priority) -> bool {
        if self.texts + job.texts.len() > self.max_texts {
            return false;
        }
        let texts = job.texts.len();
        match priority {
            Priority::Turn if self.is_late(job.cost()) => return false,
            Priority::Turn => {
                self.ahead += job.cost();
                self.turns.push_back(job);
            }
            Priority::Library => self.library.push_back(job),
        }
        self.texts += texts;
        true
    }

    /// Where nothing is ahead a job is never late: so a pace that was measured in a bad moment is measured again.
    fn is_late(&self, cost: usize) -> bool {
        let cost = u32::try_from(self.ahead + cost).unwrap_or(u32::MAX);
        let threads = u32::try_from(self.threads).unwrap_or(u32::MAX);
        self.ahead > 0 && f64::from(cost) * self.pace / f64::from(threads) > MAX_WAIT.as_secs_f64()
    }

    /// The oldest jobs that somebody still waits for, as many as make a batch. `finished` must follow.
    pub fn take(&mut self) -> Vec<EmbedJob> {
        let mut jobs: Vec<EmbedJob> = Vec::new();
        let mut texts = 0;
        let from_turns = !self.turns.is_empty();
        let queue = if from_turns { &mut self.turns } else { &mut self.library };
        while let Some(job) = queue.front()
            && (jobs.is_empty() || texts + job.texts.len() <= BATCH)
        {
            let Some(job) = queue.pop_front() else { break };
            self.texts -= job.texts.len();
            let wanted = !job.reply.is_closed();
            match (from_turns, wanted) {
                (true, false) => self.ahead -= job.cost(),
                (false, true) => self.ahead += job.cost(),
                (true, true) | (false, false) => {}
            }
            if wanted {
                texts += job.texts.len();
                jobs.push(job);
            }
        }
        jobs
    }

    /// Jobs of this cost, as taken, took so long.
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

    fn job(text: &str) -> (EmbedJob, oneshot::Receiver<EmbedResult>) {
        let (reply, answer) = oneshot::channel();
        (EmbedJob { texts: vec![text.to_owned()], reply }, answer)
    }

    /// How many questions are taken in, one after another, until one is refused.
    fn room(state: &mut QueueState) -> usize {
        (0..1_000).take_while(|_| state.offer(job("How do I reset it?").0, Priority::Turn)).count()
    }

    #[test]
    fn a_question_that_would_be_late_is_refused_at_once() {
        let mut state = QueueState::new(1, 256);
        assert_eq!(room(&mut state), 9, "nine of 16 ms each");
        assert_eq!(room(&mut QueueState::new(2, 256)), 18, "two threads make twice as many");
    }

    /// A question is asked alone, and takes so long.
    fn served(state: &mut QueueState, took: Duration) {
        let (asked, _answer) = job("How do I reset it?");
        assert!(state.offer(asked, Priority::Turn), "nothing is ahead");
        let cost: usize = state.take().iter().map(EmbedJob::cost).sum();
        state.finished(cost, took);
    }

    #[test]
    fn the_pace_is_measured_and_a_bad_moment_is_got_over() {
        let mut state = QueueState::new(1, 256);
        (0..100).for_each(|_| served(&mut state, Duration::from_secs(5)));
        assert_eq!(room(&mut state), 1);
        assert!(state.take().is_empty(), "nobody waits for it");
        (0..100).for_each(|_| served(&mut state, Duration::from_millis(1)));
        assert!(room(&mut state) > 100);
    }

    #[test]
    fn the_library_gives_way_and_does_not_count_until_it_is_computed() {
        let mut state = QueueState::new(1, 256);
        let (chapter, _answer) = job(&"words ".repeat(200));
        assert!(state.offer(chapter, Priority::Library));
        let (question, _answer) = job("How?");
        assert!(state.offer(question, Priority::Turn));
        let first = state.take();
        assert_eq!(first[0].texts, ["How?"]);
        state.finished(first[0].cost(), Duration::from_millis(10));
        let second = state.take();
        assert_eq!(second.len(), 1);
        let (question, _answer) = job("How?");
        assert!(!state.offer(question, Priority::Turn), "a long text is ahead");
        state.finished(second[0].cost(), Duration::from_millis(100));
        assert_eq!(state.ahead, 0);
    }

    #[test]
    fn what_nobody_waits_for_any_more_is_left_out() {
        let mut state = QueueState::new(1, 256);
        let (given_up, answer) = job("How?");
        assert!(state.offer(given_up, Priority::Turn));
        drop(answer);
        assert!(state.take().is_empty());
        assert_eq!((state.ahead, state.texts), (0, 0));
    }
}
