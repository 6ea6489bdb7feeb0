//! Running the program: caches, roles of a process, time limits, back-off, restarts and hang detection.

pub mod backoff;
pub mod generational_cache;
pub mod restart;
pub mod roles;
pub mod stall;
pub mod timing;
pub mod trace_parent;
