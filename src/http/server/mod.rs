//! HTTP server infrastructure: authentication, limits, problem documents, response middleware and the router. It
//! contains no routes; `routes` registers them.

pub mod ask;
pub mod auth;
pub mod body;
pub mod client_address;
mod connection;
pub mod connection_limits;
pub mod customer_cookie;
pub mod endpoint;
pub mod idempotency;
pub mod listener;
pub mod meter;
pub mod principal;
pub mod problem;
pub mod progress;
pub mod query;
pub mod rate_limit;
pub mod rate_limits;
pub mod render_reply;
pub mod router;
pub mod session_cookie;
pub mod sse;
pub mod state;
pub mod stream_limit;
pub mod submission_outcomes;
pub mod token;
mod unconsumed_body;
pub mod webhook_path;
