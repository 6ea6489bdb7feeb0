//! Running the program: roles of a process, time limits, back-off, restarts and hang detection.

pub mod backoff;
pub mod restart;
pub mod roles;
pub mod stall;
pub mod timing;
pub mod trace_parent;
