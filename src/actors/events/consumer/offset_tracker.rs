//! Offset tracker: which events belong to which conversation, and the watermark of each partition. Pure.

use std::collections::{HashMap, VecDeque};

use crate::bus::port::{Offset, Partition};
use crate::bus::watermarks::Watermarks;
use crate::crm::port::Pointer;
use crate::domain::ids::ConversationId;

/// The position of an event in the log.
pub type LogPosition = (Partition, Offset);

/// A conversation's unfinished events, oldest first.
#[derive(Debug)]
struct OpenEvents {
    pointer: Pointer,
    /// Where they are in the log, and when they were appended to it, in milliseconds since 1970.
    places: VecDeque<(LogPosition, Option<i64>)>,
}

/// Events that were submitted to the pool and whose conversations are not at rest.
#[derive(Debug, Default)]
pub struct OffsetTracker {
    watermarks: Watermarks,
    open: HashMap<ConversationId, OpenEvents>,
}

impl OffsetTracker {
    /// An event was consumed and goes to the pool.
    pub fn taken(&mut self, place: LogPosition, pointer: Pointer, appended_ms: Option<i64>) {
        self.watermarks.taken(place.0, place.1);
        let work = self.open.entry(pointer.conversation);
        work.or_insert_with(|| OpenEvents { pointer, places: VecDeque::new() })
            .places
            .push_back((place, appended_ms));
    }

    /// An event was consumed that needs no work.
    pub fn skipped(&mut self, place: LogPosition) {
        self.watermarks.taken(place.0, place.1);
        self.watermarks.finished(place.0, place.1);
    }

    /// The first `times` events of a conversation are finished.
    pub fn rests(&mut self, conversation: ConversationId, times: u32) {
        let Some(OpenEvents { places, .. }) = self.open.get_mut(&conversation) else {
            return;
        };
        let count = usize::try_from(times).unwrap_or(usize::MAX).min(places.len());
        for ((partition, offset), _) in places.drain(..count) {
            self.watermarks.finished(partition, offset);
        }
        if places.is_empty() {
            self.open.remove(&conversation);
        }
    }

    /// A partition was revoked; returns the conversations whose events it held.
    pub fn lost(&mut self, partition: Partition) -> Vec<ConversationId> {
        self.watermarks.lost(partition);
        let of_it = |work: &OpenEvents| work.places.iter().any(|((of, _), _)| *of == partition);
        let lost = self.open.iter().filter(|(_, work)| of_it(work)).map(|(id, _)| *id);
        let lost: Vec<ConversationId> = lost.collect();
        for conversation in &lost {
            self.open.remove(conversation);
        }
        lost
    }

    /// All unfinished events again, for a restarted pool.
    pub fn begin_again(&self) -> Vec<Pointer> {
        self.open.values().flat_map(|work| std::iter::repeat_n(work.pointer, work.places.len())).collect()
    }

    /// Offsets that may be stored, since the last call.
    pub fn risen(&mut self) -> Vec<LogPosition> {
        self.watermarks.risen()
    }

    /// When the oldest unfinished event was appended to the log, in milliseconds since 1970.
    pub fn oldest_ms(&self) -> Option<i64> {
        self.open.values().flat_map(|work| &work.places).filter_map(|(_, appended_ms)| *appended_ms).min()
    }

    pub fn in_hand(&self) -> usize {
        self.watermarks.in_hand()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock;
    use crate::domain::enums::Channel;

    const P: Partition = Partition(1);
    const Q: Partition = Partition(2);

    fn pointer() -> Pointer {
        Pointer { conversation: clock::new_v7().into(), channel: Channel::Whatsapp, traceparent: None }
    }

    #[test]
    fn only_as_many_events_are_finished_as_the_pool_was_handed_before_the_rest() {
        let (mut offsets, ann) = (OffsetTracker::default(), pointer());
        for offset in [3, 4, 7] {
            offsets.taken((P, Offset(offset)), ann, None);
        }
        offsets.rests(ann.conversation, 2);
        assert_eq!(offsets.risen(), [(P, Offset(5))]);
        offsets.rests(ann.conversation, 5);
        assert_eq!((offsets.risen(), offsets.in_hand()), (vec![(P, Offset(8))], 0));
    }

    #[test]
    fn a_conversation_that_still_works_holds_down_its_partition_and_no_other() {
        let (mut offsets, ann, bob) = (OffsetTracker::default(), pointer(), pointer());
        offsets.taken((P, Offset(0)), ann, None);
        offsets.taken((P, Offset(1)), bob, None);
        offsets.taken((Q, Offset(9)), bob, None);
        offsets.skipped((Q, Offset(10)));
        offsets.rests(bob.conversation, 2);
        assert_eq!(offsets.risen(), [(Q, Offset(11))]);
        assert_eq!(offsets.lost(P), [ann.conversation]);
        offsets.rests(ann.conversation, 1);
        assert_eq!(offsets.risen(), []);
    }

    #[test]
    fn a_new_pool_is_handed_every_open_event_again() {
        let (mut offsets, ann) = (OffsetTracker::default(), pointer());
        offsets.taken((P, Offset(0)), ann, None);
        offsets.taken((P, Offset(1)), ann, None);
        assert_eq!(offsets.begin_again(), [ann, ann]);
        offsets.rests(ann.conversation, 2);
        assert_eq!(offsets.begin_again(), []);
    }
    #[test]
    fn the_oldest_event_is_the_oldest_unfinished_one_of_all_partitions() {
        let (mut offsets, ann, bob) = (OffsetTracker::default(), pointer(), pointer());
        assert_eq!(offsets.oldest_ms(), None);
        offsets.taken((P, Offset(0)), ann, Some(2_000));
        offsets.taken((Q, Offset(0)), bob, Some(1_000));
        offsets.taken((Q, Offset(1)), bob, Some(3_000));
        assert_eq!(offsets.oldest_ms(), Some(1_000));
        offsets.rests(bob.conversation, 1);
        assert_eq!(offsets.oldest_ms(), Some(2_000));
        offsets.lost(P);
        assert_eq!(offsets.oldest_ms(), Some(3_000));
    }
}
