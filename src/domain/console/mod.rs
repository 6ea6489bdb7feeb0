//! The console of staff: its queues, and the actions by which staff take part in conversations (API-STAFF.md, sections 3
//! and 4).

pub mod actions;
pub mod bulk;
pub mod detail;
pub mod macros;
pub mod queue;
pub mod reads;
pub mod rearrangements;
pub mod saved_views;
pub mod side;
pub mod suggestions;
pub mod summaries;
