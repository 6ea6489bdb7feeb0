//! The bot's decision logic: the port to a language model, the sans-IO turn machine, its tools and its guards.
//!
//! Nothing here reads a clock, the database or the network, except adapters behind the port.

pub mod handbook;
pub mod linking;
pub mod models;
pub mod port;
pub mod summary;
pub mod turn;

mod canonical;
mod reading;
mod reply;

#[cfg(test)]
mod samples;

pub use models::tools::MAX_RESULTS;
pub use reading::sentiment::sentiment;
pub use reply::hand_over::{expected_by, on_request, parked};
pub use reply::review::review;
