//! Low-watermark tracker: for each partition, the offset below which every event is finished. Pure.
//!
//! Only offsets below the watermark may be stored: "not stored, so redelivered" stops being true as soon as a later
//! offset of the partition is stored. Events finish in any order, so the finished ones above the watermark are
//! remembered.

use std::collections::{BTreeMap, HashMap};

use super::port::{Offset, Partition};

/// Consumed events of this member's partitions, finished or not.
#[derive(Clone, Debug, Default)]
pub struct Watermarks {
    partitions: HashMap<Partition, PartitionEvents>,
}

#[derive(Clone, Debug, Default)]
struct PartitionEvents {
    /// Consumed events above the watermark, and whether they are finished.
    open: BTreeMap<Offset, bool>,
    /// The watermark that was last returned.
    told: Option<Offset>,
}

impl Watermarks {
    /// Records a consumed event. Offsets of a partition rise; a redelivered one is not counted twice.
    pub fn taken(&mut self, partition: Partition, offset: Offset) {
        let entries = self.partitions.entry(partition).or_default();
        if entries.told.is_none_or(|told| offset >= told) {
            entries.open.entry(offset).or_insert(false);
        }
    }

    /// Marks an event as finished. An unknown one, as after a revocation, is ignored.
    pub fn finished(&mut self, partition: Partition, offset: Offset) {
        let open = self.partitions.get_mut(&partition).and_then(|entries| entries.open.get_mut(&offset));
        if let Some(finished) = open {
            *finished = true;
        }
    }

    /// The watermarks that have risen since the last call.
    pub fn risen(&mut self) -> Vec<(Partition, Offset)> {
        let mut risen = Vec::new();
        for (partition, entries) in &mut self.partitions {
            let mut mark = None;
            while let Some(first) = entries.open.first_entry().filter(|first| *first.get()) {
                mark = Some(Offset(first.key().0 + 1));
                first.remove();
            }
            if let Some(mark) = mark {
                entries.told = Some(mark);
                risen.push((*partition, mark));
            }
        }
        risen
    }

    /// The partition was revoked: its new owner receives its events again.
    pub fn lost(&mut self, partition: Partition) {
        self.partitions.remove(&partition);
    }

    /// Events that are unfinished, or that wait for an earlier one.
    pub fn in_hand(&self) -> usize {
        self.partitions.values().map(|entries| entries.open.len()).sum()
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use proptest::prelude::*;

    use super::*;

    const P: Partition = Partition(3);

    fn watermarks(taken: impl IntoIterator<Item = i64>) -> Watermarks {
        let mut watermarks = Watermarks::default();
        taken.into_iter().for_each(|offset| watermarks.taken(P, Offset(offset)));
        watermarks
    }

    #[test]
    fn a_later_event_waits_for_the_earlier_one() {
        let mut watermarks = watermarks([5, 6, 9]);
        watermarks.finished(P, Offset(9));
        watermarks.finished(P, Offset(6));
        assert_eq!(watermarks.risen(), []);
        watermarks.finished(P, Offset(5));
        assert_eq!(watermarks.risen(), [(P, Offset(10))]);
        assert_eq!((watermarks.risen(), watermarks.in_hand()), (vec![], 0));
    }

    #[test]
    fn what_a_lost_partition_held_is_forgotten() {
        let mut watermarks = watermarks([5, 6]);
        watermarks.finished(P, Offset(5));
        watermarks.lost(P);
        watermarks.finished(P, Offset(6));
        assert_eq!((watermarks.risen(), watermarks.in_hand()), (vec![], 0));
        watermarks.taken(P, Offset(5));
        assert_eq!(watermarks.in_hand(), 1, "it comes again after the partition has come back");
    }

    #[test]
    fn an_event_below_the_mark_does_not_hold_it_down_again() {
        let mut watermarks = watermarks([5]);
        watermarks.finished(P, Offset(5));
        watermarks.risen();
        watermarks.taken(P, Offset(5));
        assert_eq!(watermarks.in_hand(), 0);
    }

    proptest! {
        /// Whatever finishes in whatever order: no watermark is above an unfinished event, none falls, and when all
        /// events are finished the watermark is above all of them.
        #[test]
        fn no_unfinished_event_is_ever_below_the_mark(
            steps in proptest::collection::vec((0u8..3, 0usize..20), 1..120), gap in 1i64..4,
        ) {
            let mut watermarks = Watermarks::default();
            let (mut next, mut open, mut all) = (0, BTreeSet::new(), vec![]);
            let mut mark = 0;
            let mut look = |watermarks: &mut Watermarks, open: &BTreeSet<i64>| -> Result<i64, TestCaseError> {
                for (_, Offset(risen)) in watermarks.risen() {
                    prop_assert!(risen > mark);
                    mark = risen;
                }
                prop_assert!(open.first().is_none_or(|first| mark <= *first));
                Ok(mark)
            };
            for (step, which) in steps {
                match step {
                    0 => { watermarks.taken(P, Offset(next)); open.insert(next); all.push(next); next += gap; }
                    _ => if let Some(offset) = all.get(which % all.len().max(1)) {
                        watermarks.finished(P, Offset(*offset));
                        open.remove(offset);
                    },
                }
                look(&mut watermarks, &open)?;
            }
            for offset in std::mem::take(&mut open) { watermarks.finished(P, Offset(offset)); }
            let last = look(&mut watermarks, &open)?;
            prop_assert!(all.last().is_none_or(|offset| last == offset + 1));
        }
    }
}
