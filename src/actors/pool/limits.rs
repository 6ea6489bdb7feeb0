//! How much a pool does at once. The pool reads it, ops change it, and it outlives the pool's workers.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use crate::actors::messages::PoolChange;

/// The limits of a pool: they may change while it works, and outlive its workers.
#[derive(Debug)]
pub struct Limits {
    size: AtomicUsize,
    idle_at_most: AtomicUsize,
}

impl Limits {
    pub fn new(size: usize, idle_at_most: usize) -> Arc<Self> {
        Arc::new(Self { size: AtomicUsize::new(size), idle_at_most: AtomicUsize::new(idle_at_most) })
    }

    pub fn change(&self, change: PoolChange) {
        if let Some(size) = change.size {
            tracing::info!(size, "turns at once");
            self.size.store(size, Ordering::Relaxed);
        }
        if let Some(idle) = change.idle {
            tracing::info!(idle, "idle conversations in memory");
            self.idle_at_most.store(idle, Ordering::Relaxed);
        }
    }

    /// Turns that run at once; 0 = none are taken.
    pub fn size(&self) -> usize {
        self.size.load(Ordering::Relaxed)
    }

    /// Idle conversations kept in memory.
    pub fn idle_at_most(&self) -> usize {
        self.idle_at_most.load(Ordering::Relaxed)
    }
}
