//! Event bus between processes: event types, topics, and offset tracking.

pub mod event;
pub mod kafka;
pub mod port;
pub mod prefetch_buffer;
pub mod topic;
pub mod watchdog;
pub mod watermarks;
