//! What staff see and do at the console: queues, conversations, and actions.

mod actions;
mod bulk;
pub mod detail;
mod events;
mod macros;
mod queue;
mod rearrangements;
pub(in crate::crm::postgres) mod request_keys;
mod saved_views;
mod side;
mod suggestions;
mod summaries;
mod tools;
