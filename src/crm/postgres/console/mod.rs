//! What staff see and do at the console: queues, conversations, and actions.

mod actions;
pub mod detail;
mod events;
mod macros;
mod queue;
pub(in crate::crm::postgres) mod request_keys;
mod suggestions;
mod tools;
