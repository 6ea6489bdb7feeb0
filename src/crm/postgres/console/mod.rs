//! What staff see and do at the console: queues, conversations, and actions.

mod actions;
mod bulk;
pub mod detail;
mod events;
mod macros;
mod queue;
mod rearrangements;
mod side;
mod request_keys;
mod suggestions;
mod tools;
