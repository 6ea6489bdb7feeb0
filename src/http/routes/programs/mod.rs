//! Handlers for programs and the models behind them.

mod mcp;

use crate::http::server::endpoint::Endpoint;

pub fn endpoints() -> Vec<Endpoint> {
    mcp::endpoints()
}
