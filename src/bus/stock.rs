//! Letters that were fetched and wait until somebody has room for them. Pure: the adapter's thread puts them in, and
//! whoever says that letters are wanted gets them out.
//!
//! A client of Kafka throws away what it has fetched of a partition when that is paused, and has to fetch it again. So
//! partitions are paused only when this is full, and go on only when most of it is gone.

use std::collections::VecDeque;

use super::port::{Letter, Partition};

/// Letters at which the partitions are paused: a few times what a pool takes at once.
pub const FULL: usize = 1024;
/// Letters at which they go on: enough to keep a pool busy until the next ones are here.
pub const LOW: usize = 512;

/// Whether more is to be fetched.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Flow {
    #[default]
    Open,
    Shut,
}

#[derive(Debug, Default)]
pub struct Stock {
    letters: VecDeque<Letter>,
    wanted: usize,
    flow: Flow,
}

impl Stock {
    /// A letter was fetched.
    pub fn put(&mut self, letter: Letter) {
        self.letters.push_back(letter);
    }

    /// How many letters may still be taken out. Replaces what was said before.
    pub fn want(&mut self, letters: usize) {
        self.wanted = letters;
    }

    /// What is wanted and here; of each partition in order.
    pub fn take(&mut self) -> Vec<Letter> {
        let count = self.wanted.min(self.letters.len());
        self.wanted -= count;
        self.letters.drain(..count).collect()
    }

    /// These partitions are somebody else's: what is here of them comes again there.
    pub fn lost(&mut self, partitions: &[Partition]) {
        self.letters.retain(|letter| !partitions.contains(&letter.partition));
    }

    /// Whether more is to be fetched now, and how many letters there is a place for.
    pub fn flow(&mut self) -> (Flow, usize) {
        self.flow = match self.flow {
            Flow::Open if self.letters.len() >= FULL => Flow::Shut,
            Flow::Shut if self.letters.len() <= LOW => Flow::Open,
            unchanged @ (Flow::Open | Flow::Shut) => unchanged,
        };
        (self.flow, FULL.saturating_sub(self.letters.len()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bus::port::Offset;

    fn letter(partition: i32, offset: i64) -> Letter {
        Letter { partition: Partition(partition), offset: Offset(offset), payload: vec![] }
    }

    fn stock(letters: usize) -> Stock {
        let mut stock = Stock::default();
        (0..letters).for_each(|n| stock.put(letter(0, i64::try_from(n).unwrap())));
        stock
    }

    #[test]
    fn no_more_is_taken_out_than_is_wanted() {
        let mut stock = stock(5);
        assert_eq!(stock.take(), []);
        stock.want(3);
        assert_eq!(stock.take(), [letter(0, 0), letter(0, 1), letter(0, 2)]);
        assert_eq!(stock.take(), []);
        stock.want(9);
        assert_eq!(stock.take().len(), 2);
        stock.put(letter(0, 5));
        assert_eq!(stock.take(), [letter(0, 5)], "wanted before it came");
    }

    #[test]
    fn partitions_that_are_full_go_on_only_when_most_is_gone() {
        let mut stock = stock(FULL - 1);
        assert_eq!(stock.flow(), (Flow::Open, 1));
        stock.put(letter(0, 0));
        assert_eq!(stock.flow(), (Flow::Shut, 0));
        stock.want(FULL - LOW - 1);
        stock.take();
        assert_eq!(stock.flow().0, Flow::Shut);
        stock.want(1);
        stock.take();
        assert_eq!(stock.flow(), (Flow::Open, FULL - LOW));
        stock.put(letter(0, 0));
        assert_eq!(stock.flow().0, Flow::Open);
    }

    #[test]
    fn letters_of_lost_partitions_are_not_handed_out() {
        let mut stock = Stock::default();
        for (partition, offset) in [(1, 7), (2, 3), (1, 8), (3, 9)] {
            stock.put(letter(partition, offset));
        }
        stock.lost(&[Partition(1), Partition(3)]);
        stock.want(9);
        assert_eq!(stock.take(), [letter(2, 3)]);
    }
}
