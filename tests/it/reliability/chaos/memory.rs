//! How much memory the processes have that are never killed, and whether it grows.

use std::cell::{Cell, RefCell};
use std::fmt;
use std::time::Duration;

use super::Scene;
use crate::support::wait::pause;

/// Time between two samples.
const PERIOD: Duration = Duration::from_secs(10);
/// The run is divided into this many parts; the first is the one in which caches fill.
const PARTS: usize = 12;
/// The largest growth, in percent, from the second part of the run to the last.
const MAX_GROWTH: u64 = 5;

/// The resident memory of each process over time, in KiB.
#[derive(Default)]
pub struct MemorySamples(RefCell<Vec<Vec<u64>>>);

impl MemorySamples {
    pub async fn take(&self, scene: &Scene, is_over: &Cell<bool>) {
        while !is_over.get() {
            self.0.borrow_mut().push(scene.memory());
            pause("the next look at the memory", PERIOD).await;
        }
    }

    /// The medians of the parts, for each process.
    fn medians(&self) -> Vec<Vec<u64>> {
        let samples = self.0.borrow();
        let processes = samples.first().map_or(0, Vec::len);
        let parts = samples.chunks(samples.len().div_ceil(PARTS).max(1));
        let median = |part: &[Vec<u64>], process: usize| {
            let mut values: Vec<u64> = part.iter().map(|sample| sample[process]).collect();
            values.sort_unstable();
            values[values.len() / 2]
        };
        (0..processes).map(|process| parts.clone().map(|part| median(part, process)).collect()).collect()
    }

    /// Whether the last part's median is at most 5 % above that of the second part.
    pub fn is_bounded(&self) -> bool {
        self.medians().iter().all(|parts| {
            let (first, last) = (parts.get(1).or(parts.first()), parts.last());
            first.zip(last).is_none_or(|(first, last)| last * 100 <= first * (100 + MAX_GROWTH))
        })
    }
}

impl fmt::Display for MemorySamples {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let in_mib = |parts: Vec<u64>| {
            let parts: Vec<String> = parts.iter().map(|kib| (kib / 1024).to_string()).collect();
            parts.join(" ")
        };
        let processes: Vec<String> = self.medians().into_iter().map(in_mib).collect();
        write!(f, "{} MiB", processes.join(" MiB, "))
    }
}
