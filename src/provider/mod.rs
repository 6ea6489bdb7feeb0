//! How an OpenAI-compatible service is called: time-outs, retries, and a breaker for each model. It knows nothing of
//! prompts and answers; the adapters of the agent and of the knowledge stand on it.

mod backoff;
mod breaker;
mod resilient_client;
mod transport;

pub use backoff::{CallFailure, Hints};
pub use resilient_client::{ResilientClient, Timeouts};
pub use transport::{Account, Service, Whole, connect, failure};
