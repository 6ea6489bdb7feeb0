//! Resilient client of an OpenAI-compatible service: time-outs, retries, and a circuit breaker per model. It knows
//! nothing of prompts and answers; the adapters in `agent` and `knowledge` are built on it.

mod backoff;
mod breaker;
mod resilient_client;
mod transport;

pub use backoff::{CallFailure, Hints};
pub use breaker::FIRST_REST;
pub use resilient_client::{ResilientClient, Timeouts};
pub use transport::{Account, Service, Whole, connect, failure};
