//! The bot's decision logic: the port to a language model, the sans-IO turn machine, its tools and its guards.
//!
//! Nothing here reads a clock, the database or the network, except adapters behind the port.

pub mod budgets;
mod consent;
pub mod handbook;
pub mod linking;
pub mod openai;
pub mod port;
pub mod prompt;
pub mod replay;
pub mod scripted;
pub mod turn;
pub mod verdict;

mod hand_over;
mod language;
mod patterns;
mod query;
mod quote_stripping;
mod reply;
mod sentiment;
mod step_log;
mod tools;
mod transcript;
mod triage;

#[cfg(test)]
mod samples;

pub use hand_over::{expected_by, on_request, parked};
pub use sentiment::sentiment;
pub use tools::MAX_RESULTS;
