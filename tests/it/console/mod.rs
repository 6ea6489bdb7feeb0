//! Tests of the console through the real server: queues, conversations, actions of staff and their receipts.

mod bulk;
mod channels;
mod clocks;
mod closed;
mod contract;
mod conversation;
mod dead_letters;
mod events;
mod merges;
mod more_transitions;
mod queues;
#[cfg(feature = "fakes")]
mod races;
mod replies;
pub mod rig;
mod saved_views;
mod side;
mod streams;
mod suggestions;
mod summaries;
mod tools;
mod transitions;
mod watchers;
