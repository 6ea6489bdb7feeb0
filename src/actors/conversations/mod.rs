//! Actors that run turns: conversations, the registry that schedules them, and the search for abandoned messages.

pub mod conversation;
pub mod pool;
pub mod scheduler;
pub mod sweeper;
pub mod turn_slots;
