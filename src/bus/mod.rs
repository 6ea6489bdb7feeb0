//! The way of events between processes: what they say, where they go, and how far a reader has got.

pub mod event;
pub mod kafka;
pub mod port;
pub mod prefetch_buffer;
pub mod topic;
pub mod watchdog;
pub mod watermarks;
