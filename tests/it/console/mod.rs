//! Tests of the console through the real server: queues, conversations, actions of staff and their receipts.

mod channels;
mod conversation;
mod events;
mod queues;
#[cfg(feature = "fakes")]
mod races;
mod replies;
pub mod rig;
mod suggestions;
mod tools;
mod transitions;
