//! What staff see and do at the console: queues, conversations, and actions.

mod actions;
pub mod detail;
mod events;
mod macros;
mod queue;
mod request_keys;
mod suggestions;
mod tools;
