//! How an OpenAI-compatible service is called: time-outs, retries, and a breaker for each model. It knows nothing of
//! prompts and answers; the adapters of the agent and of the knowledge stand on it.

mod backoff;
mod breaker;
mod line;
mod transport;

pub use backoff::{Failure, Hints};
pub use breaker::FIRST_REST;
pub use line::{Line, Patience};
pub use transport::{Account, Service, Whole, connect, failure};
