//! Language model tests with a fake OpenAI-compatible service: the adapter alone, and the whole program.

mod adapter;
mod attacks;
mod budgets;
mod embedder;
mod evaluation;
mod faults;
mod negotiation;
mod outage;
mod outputs;
mod problems;
mod replay;
#[cfg(feature = "failpoints")]
mod resume;
mod rig;
pub mod served;
mod servers;
mod tool;
mod unusable;
