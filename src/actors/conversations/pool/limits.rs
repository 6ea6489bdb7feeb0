//! Limits of a pool, read by the pool and changed by operators; they outlive the pool's workers.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use crate::actors::messages::PoolChange;

/// The limits of a pool, which may change while it works.
#[derive(Debug)]
pub struct Limits {
    size: AtomicUsize,
    max_idle: AtomicUsize,
}

impl Limits {
    pub fn new(size: usize, max_idle: usize) -> Arc<Self> {
        Arc::new(Self { size: AtomicUsize::new(size), max_idle: AtomicUsize::new(max_idle) })
    }

    pub fn change(&self, change: PoolChange) {
        if let Some(size) = change.size {
            tracing::info!(size, "turns at once");
            self.size.store(size, Ordering::Relaxed);
        }
        if let Some(idle) = change.idle {
            tracing::info!(idle, "idle conversations in memory");
            self.max_idle.store(idle, Ordering::Relaxed);
        }
    }

    /// Concurrent turns; 0 = none run.
    pub fn size(&self) -> usize {
        self.size.load(Ordering::Relaxed)
    }

    /// Idle conversations kept in memory.
    pub fn max_idle(&self) -> usize {
        self.max_idle.load(Ordering::Relaxed)
    }
}
