//! Group commit: while one batch is being committed, the next one fills. No timer; the queue is bounded.

use std::collections::{HashSet, VecDeque};

use super::ask::Reply;

/// An item with the sender of its reply.
#[derive(Debug)]
pub struct BatchItem<I, T> {
    pub item: I,
    pub reply: Reply<T>,
    /// Two items with the same key never share a batch: the second waits for the next one.
    pub key: u64,
}

/// The queue of one kind of batch.
#[derive(Debug)]
pub struct BatchQueue<I, T> {
    waiting: VecDeque<BatchItem<I, T>>,
    committing: bool,
    capacity: usize,
    max_batch: usize,
}

impl<I, T> BatchQueue<I, T> {
    pub fn new(capacity: usize, max_batch: usize) -> Self {
        Self { waiting: VecDeque::new(), committing: false, capacity, max_batch }
    }

    /// Accepts an item, or returns it if the queue is full.
    pub fn offer(&mut self, entry: BatchItem<I, T>) -> Result<(), BatchItem<I, T>> {
        if self.waiting.len() >= self.capacity {
            return Err(entry);
        }
        self.waiting.push_back(entry);
        Ok(())
    }

    /// The next batch, oldest first, if there is one and none is being committed.
    pub fn next_batch(&mut self) -> Option<Vec<BatchItem<I, T>>> {
        if self.committing || self.waiting.is_empty() {
            return None;
        }
        self.committing = true;
        let mut keys = HashSet::with_capacity(self.waiting.len().min(self.max_batch));
        let mut batch = Vec::with_capacity(self.waiting.len().min(self.max_batch));
        let mut later = VecDeque::new();
        while let Some(entry) = self.waiting.pop_front() {
            if keys.insert(entry.key) {
                batch.push(entry);
            } else {
                later.push_back(entry);
            }
            if batch.len() == self.max_batch {
                break;
            }
        }
        later.append(&mut self.waiting);
        self.waiting = later;
        Some(batch)
    }

    /// The current batch has ended.
    pub fn ended(&mut self) {
        self.committing = false;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry(item: u32, key: u64) -> BatchItem<u32, ()> {
        BatchItem { item, reply: Reply::new().0, key }
    }

    fn items(batch: Option<Vec<BatchItem<u32, ()>>>) -> Option<Vec<u32>> {
        batch.map(|entries| entries.iter().map(|entry| entry.item).collect())
    }

    #[test]
    fn the_next_batch_fills_while_one_is_committed() {
        let mut queue = BatchQueue::new(10, 10);
        assert!(queue.offer(entry(1, 1)).is_ok());
        assert_eq!(items(queue.next_batch()), Some(vec![1]));
        assert!(queue.offer(entry(2, 2)).is_ok());
        assert!(queue.offer(entry(3, 3)).is_ok());
        assert_eq!(items(queue.next_batch()), None);
        queue.ended();
        assert_eq!(items(queue.next_batch()), Some(vec![2, 3]));
    }

    #[test]
    fn what_is_over_the_bound_is_given_back() {
        let mut queue = BatchQueue::new(1, 10);
        assert!(queue.offer(entry(1, 1)).is_ok());
        assert_eq!(queue.offer(entry(2, 2)).map_err(|entry| entry.item), Err(2));
    }

    #[test]
    fn jobs_with_one_key_never_share_a_batch_and_keep_their_order() {
        let mut queue = BatchQueue::new(10, 10);
        for (item, key) in [(1, 7), (2, 7), (3, 8), (4, 7)] {
            assert!(queue.offer(entry(item, key)).is_ok());
        }
        let mut batches = vec![];
        while let Some(batch) = items(queue.next_batch()) {
            batches.push(batch);
            queue.ended();
        }
        assert_eq!(batches, [vec![1, 3], vec![2], vec![4]]);
    }

    #[test]
    fn a_batch_is_no_larger_than_allowed() {
        let mut queue = BatchQueue::new(10, 2);
        for item in 0..3 {
            assert!(queue.offer(entry(item, item.into())).is_ok());
        }
        assert_eq!(items(queue.next_batch()), Some(vec![0, 1]));
    }
}
