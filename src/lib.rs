//! A customer-success agent that a company hosts itself; `main` wires these modules into one program.

pub mod accounts;
pub mod actors;
pub mod agent;
pub mod bus;
pub mod channels;
pub mod cli;
pub mod clock;
pub mod config;
pub mod crm;
pub mod domain;
pub mod embedded;
pub mod failpoint;
#[cfg(feature = "fakes")]
pub mod fakes;
pub mod http;
pub mod http_client;
pub mod knowledge;
pub mod live_secret;
pub mod mcp;
pub mod metrics;
pub mod provider;
pub mod telemetry;
pub mod trace;
