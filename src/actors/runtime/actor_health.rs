//! Health of each actor, read by the supervisor's health report and exported to Prometheus.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering};
use std::time::Duration;

use prometheus::IntGauge;

use crate::metrics::{METRICS, start_at_zero};

/// The health of one actor, or of all actors of one kind.
#[derive(Debug)]
pub struct ActorHealth {
    name: &'static str,
    working: AtomicBool,
    panics: AtomicU64,
    stopping: AtomicBool,
    pending: AtomicUsize,
    /// The same number, of all actors of this name.
    pending_shown: IntGauge,
    /// How long it has made no progress, in milliseconds; 0 while it makes progress.
    stalled_ms: AtomicU64,
}

impl ActorHealth {
    pub fn new(name: &'static str) -> Arc<Self> {
        start_at_zero(&METRICS.panics, [name]);
        start_at_zero(&METRICS.stalls, [name]);
        METRICS.stalled.with_label_values(&[name]);
        Arc::new(Self {
            name,
            working: AtomicBool::new(true),
            panics: AtomicU64::new(0),
            stopping: AtomicBool::new(false),
            pending: AtomicUsize::new(0),
            pending_shown: METRICS.pending.with_label_values(&[name]),
            stalled_ms: AtomicU64::new(0),
        })
    }

    pub fn name(&self) -> &'static str {
        self.name
    }

    /// Whether it accepts work; false while it pauses after too many panics.
    pub fn is_working(&self) -> bool {
        self.working.load(Ordering::Relaxed)
    }

    pub fn panics(&self) -> u64 {
        self.panics.load(Ordering::Relaxed)
    }

    pub fn set_working(&self, working: bool) {
        self.working.store(working, Ordering::Relaxed);
    }

    pub fn count_panic(&self) {
        self.panics.fetch_add(1, Ordering::Relaxed);
        METRICS.panics.with_label_values(&[self.name]).inc();
    }

    /// How long it has made no progress, if that exceeds its limit.
    pub fn stalled_for(&self) -> Option<Duration> {
        let stalled_ms = self.stalled_ms.load(Ordering::Relaxed);
        (stalled_ms > 0).then(|| Duration::from_millis(stalled_ms))
    }

    pub(super) fn set_stalled(&self, stalled_for: Option<Duration>) {
        let stalled_ms =
            stalled_for.map_or(0, |stalled| u64::try_from(stalled.as_millis()).unwrap_or(u64::MAX));
        self.stalled_ms.store(stalled_ms, Ordering::Relaxed);
        let seconds = i64::try_from(stalled_ms / 1_000).unwrap_or(i64::MAX);
        METRICS.stalled.with_label_values(&[self.name]).set(seconds);
    }

    pub(super) fn count_stall(&self) {
        METRICS.stalls.with_label_values(&[self.name]).inc();
    }

    /// Futures that it has started and that have not completed.
    pub fn pending(&self) -> usize {
        self.pending.load(Ordering::Relaxed)
    }

    pub(super) fn began_one(&self) {
        self.pending.fetch_add(1, Ordering::Relaxed);
        self.pending_shown.inc();
    }

    pub(super) fn completed_one(&self) {
        self.pending.fetch_sub(1, Ordering::Relaxed);
        self.pending_shown.dec();
    }

    /// From now on it starts nothing by itself: no timer fires, and a lost worker is not replaced.
    pub(in crate::actors) fn stop(&self) {
        self.stopping.store(true, Ordering::Relaxed);
    }

    pub fn is_stopping(&self) -> bool {
        self.stopping.load(Ordering::Relaxed)
    }
}
