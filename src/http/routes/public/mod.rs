//! Routes that need no token: the web form, tickets by their id, health checks.

mod health;
mod idempotency;
mod submissions;
mod tickets;

use crate::http::server::endpoint::Endpoint;

pub fn endpoints() -> Vec<Endpoint> {
    [submissions::endpoints(), tickets::endpoints(), health::endpoints()].into_iter().flatten().collect()
}
