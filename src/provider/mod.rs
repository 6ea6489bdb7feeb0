//! Resilient client of an OpenAI-compatible service: time-outs, retries, and a circuit breaker per model. It knows
//! nothing of prompts and answers; the adapters in `agent` and `knowledge` are built on it.

mod backoff;
mod breaker;
mod cause;
mod failure;
mod redact;
mod refusal;
mod resilient_client;
mod transport;

pub use breaker::{Caller, FIRST_REST};
pub use cause::FailureReason;
pub use failure::{CallFailure, Hints};
pub use refusal::{page_text, refusal};
pub use resilient_client::{FailedCall, ResilientClient, Timeouts};
pub use transport::{Account, ServiceClient, lost, read_json};
