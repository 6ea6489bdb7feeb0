//! Group commit: while one batch is being committed the next one fills. No timer; a bound on what waits.

use std::collections::{HashSet, VecDeque};

use super::ask::Reply;

/// Work for a lane, with the place for its answer.
#[derive(Debug)]
pub struct Job<I, T> {
    pub item: I,
    pub reply: Reply<T>,
    /// Two jobs with one key never share a batch: the second waits for the next.
    pub key: u64,
}

/// A queue in front of one kind of batch.
#[derive(Debug)]
pub struct Lane<I, T> {
    waiting: VecDeque<Job<I, T>>,
    committing: bool,
    capacity: usize,
    batch_at_most: usize,
}

impl<I, T> Lane<I, T> {
    pub fn new(capacity: usize, batch_at_most: usize) -> Self {
        Self { waiting: VecDeque::new(), committing: false, capacity, batch_at_most }
    }

    /// Takes a job in, or gives it back when as many as allowed wait already.
    pub fn offer(&mut self, job: Job<I, T>) -> Result<(), Job<I, T>> {
        if self.waiting.len() >= self.capacity {
            return Err(job);
        }
        self.waiting.push_back(job);
        Ok(())
    }

    /// The next batch, oldest first, if there is one and none is being committed.
    pub fn next_batch(&mut self) -> Option<Vec<Job<I, T>>> {
        if self.committing || self.waiting.is_empty() {
            return None;
        }
        self.committing = true;
        let mut keys = HashSet::with_capacity(self.waiting.len().min(self.batch_at_most));
        let mut batch = Vec::with_capacity(self.waiting.len().min(self.batch_at_most));
        let mut later = VecDeque::new();
        while let Some(job) = self.waiting.pop_front() {
            if keys.insert(job.key) {
                batch.push(job);
            } else {
                later.push_back(job);
            }
            if batch.len() == self.batch_at_most {
                break;
            }
        }
        later.append(&mut self.waiting);
        self.waiting = later;
        Some(batch)
    }

    /// The batch under way has ended.
    pub fn ended(&mut self) {
        self.committing = false;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn job(item: u32, key: u64) -> Job<u32, ()> {
        Job { item, reply: Reply::new().0, key }
    }

    fn items(batch: Option<Vec<Job<u32, ()>>>) -> Option<Vec<u32>> {
        batch.map(|jobs| jobs.iter().map(|job| job.item).collect())
    }

    #[test]
    fn the_next_batch_fills_while_one_is_committed() {
        let mut lane = Lane::new(10, 10);
        assert!(lane.offer(job(1, 1)).is_ok());
        assert_eq!(items(lane.next_batch()), Some(vec![1]));
        assert!(lane.offer(job(2, 2)).is_ok());
        assert!(lane.offer(job(3, 3)).is_ok());
        assert_eq!(items(lane.next_batch()), None);
        lane.ended();
        assert_eq!(items(lane.next_batch()), Some(vec![2, 3]));
    }

    #[test]
    fn what_is_over_the_bound_is_given_back() {
        let mut lane = Lane::new(1, 10);
        assert!(lane.offer(job(1, 1)).is_ok());
        assert_eq!(lane.offer(job(2, 2)).map_err(|job| job.item), Err(2));
    }

    #[test]
    fn jobs_with_one_key_never_share_a_batch_and_keep_their_order() {
        let mut lane = Lane::new(10, 10);
        for (item, key) in [(1, 7), (2, 7), (3, 8), (4, 7)] {
            assert!(lane.offer(job(item, key)).is_ok());
        }
        let mut batches = vec![];
        while let Some(batch) = items(lane.next_batch()) {
            batches.push(batch);
            lane.ended();
        }
        assert_eq!(batches, [vec![1, 3], vec![2], vec![4]]);
    }

    #[test]
    fn a_batch_is_no_larger_than_allowed() {
        let mut lane = Lane::new(10, 2);
        for item in 0..3 {
            assert!(lane.offer(job(item, item.into())).is_ok());
        }
        assert_eq!(items(lane.next_batch()), Some(vec![0, 1]));
    }
}
