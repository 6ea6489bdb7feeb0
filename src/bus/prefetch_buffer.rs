//! Prefetch buffer: records that were fetched and wait for capacity in the pool. Pure: the adapter's thread fills it,
//! and the member takes out as many as are wanted.
//!
//! A Kafka client discards the fetched records of a partition when it is paused, and has to fetch them again. So
//! partitions are paused only when this buffer is full, and resumed only when most of it is consumed.

use std::collections::VecDeque;

use super::port::{ConsumedRecord, Partition};

/// High watermark in records, at which partitions are paused: a few times what a pool takes at once.
pub const FULL: usize = 1024;
/// Low watermark in records, at which they are resumed: keeps a pool busy until the next records arrive.
pub const LOW: usize = 512;

/// Whether to fetch more.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Flow {
    #[default]
    Open,
    Shut,
}

#[derive(Debug, Default)]
pub struct PrefetchBuffer {
    records: VecDeque<ConsumedRecord>,
    wanted: usize,
    flow: Flow,
}

impl PrefetchBuffer {
    /// Adds a fetched record.
    pub fn put(&mut self, record: ConsumedRecord) {
        self.records.push_back(record);
    }

    /// How many records may still be taken; replaces the previous number.
    pub fn want(&mut self, records: usize) {
        self.wanted = records;
    }

    /// Takes what is wanted and available; each partition's records stay in order.
    pub fn take(&mut self) -> Vec<ConsumedRecord> {
        let count = self.wanted.min(self.records.len());
        self.wanted -= count;
        self.records.drain(..count).collect()
    }

    /// Drops the records of revoked partitions; their new owner receives them again.
    pub fn lost(&mut self, partitions: &[Partition]) {
        self.records.retain(|record| !partitions.contains(&record.partition));
    }

    /// Whether to fetch more now, and the free capacity in records.
    pub fn flow(&mut self) -> (Flow, usize) {
        self.flow = match self.flow {
            Flow::Open if self.records.len() >= FULL => Flow::Shut,
            Flow::Shut if self.records.len() <= LOW => Flow::Open,
            unchanged @ (Flow::Open | Flow::Shut) => unchanged,
        };
        (self.flow, FULL.saturating_sub(self.records.len()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bus::port::Offset;

    fn record(partition: i32, offset: i64) -> ConsumedRecord {
        ConsumedRecord {
            partition: Partition(partition),
            offset: Offset(offset),
            payload: vec![],
            appended_ms: None,
            traceparent: None,
        }
    }

    fn prefetch(records: usize) -> PrefetchBuffer {
        let mut prefetch = PrefetchBuffer::default();
        (0..records).for_each(|n| prefetch.put(record(0, i64::try_from(n).unwrap())));
        prefetch
    }

    #[test]
    fn no_more_is_taken_out_than_is_wanted() {
        let mut prefetch = prefetch(5);
        assert_eq!(prefetch.take(), []);
        prefetch.want(3);
        assert_eq!(prefetch.take(), [record(0, 0), record(0, 1), record(0, 2)]);
        assert_eq!(prefetch.take(), []);
        prefetch.want(9);
        assert_eq!(prefetch.take().len(), 2);
        prefetch.put(record(0, 5));
        assert_eq!(prefetch.take(), [record(0, 5)], "wanted before it came");
    }

    #[test]
    fn partitions_that_are_full_go_on_only_when_most_is_gone() {
        let mut prefetch = prefetch(FULL - 1);
        assert_eq!(prefetch.flow(), (Flow::Open, 1));
        prefetch.put(record(0, 0));
        assert_eq!(prefetch.flow(), (Flow::Shut, 0));
        prefetch.want(FULL - LOW - 1);
        prefetch.take();
        assert_eq!(prefetch.flow().0, Flow::Shut);
        prefetch.want(1);
        prefetch.take();
        assert_eq!(prefetch.flow(), (Flow::Open, FULL - LOW));
        prefetch.put(record(0, 0));
        assert_eq!(prefetch.flow().0, Flow::Open);
    }

    #[test]
    fn letters_of_lost_partitions_are_not_handed_out() {
        let mut prefetch = PrefetchBuffer::default();
        for (partition, offset) in [(1, 7), (2, 3), (1, 8), (3, 9)] {
            prefetch.put(record(partition, offset));
        }
        prefetch.lost(&[Partition(1), Partition(3)]);
        prefetch.want(9);
        assert_eq!(prefetch.take(), [record(2, 3)]);
    }
}
