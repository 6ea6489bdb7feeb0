//! Routes that need no token: the web form, tickets by their id, the help centre, health checks.

mod health;
mod help;
mod identity;
mod reference;
mod submissions;
mod ticket_events;
mod ticket_requests;
mod tickets;

use crate::http::server::endpoint::Endpoint;

pub fn endpoints() -> Vec<Endpoint> {
    let all = [
        submissions::endpoints(),
        tickets::endpoints(),
        ticket_requests::endpoints(),
        ticket_events::endpoints(),
        identity::endpoints(),
        help::endpoints(),
        health::endpoints(),
        reference::endpoints(),
    ];
    all.into_iter().flatten().collect()
}
