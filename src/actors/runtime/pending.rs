//! Pending futures of an actor, started and not completed: the source of hang detection.

use std::time::Instant;

use actix::SpawnHandle;

/// The pending futures of one actor, oldest first.
#[derive(Debug, Default)]
pub struct PendingFutures {
    next: u32,
    started: Vec<Pending>,
}

#[derive(Debug)]
struct Pending {
    id: u32,
    since: Instant,
    handle: SpawnHandle,
}

impl PendingFutures {
    /// Registers a future that starts at `now`.
    pub fn begin(&mut self, now: Instant) -> u32 {
        self.next = self.next.wrapping_add(1);
        self.started.push(Pending { id: self.next, since: now, handle: SpawnHandle::default() });
        self.next
    }

    /// Stores how the future can be cancelled.
    pub fn spawned(&mut self, id: u32, handle: SpawnHandle) {
        if let Some(pending) = self.started.iter_mut().rev().find(|pending| pending.id == id) {
            pending.handle = handle;
        }
    }

    /// Forgets a completed future; returns whether it was known.
    pub fn completed(&mut self, id: u32) -> bool {
        let place = self.started.iter().position(|pending| pending.id == id);
        place.map(|place| self.started.remove(place)).is_some()
    }

    pub fn oldest(&self) -> Option<Instant> {
        self.started.first().map(|pending| pending.since)
    }

    pub fn len(&self) -> usize {
        self.started.len()
    }

    /// Forgets all of them; returns how they can be cancelled.
    pub fn take_all(&mut self) -> Vec<SpawnHandle> {
        self.started.drain(..).map(|pending| pending.handle).collect()
    }
}
