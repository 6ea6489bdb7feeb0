//! Rate limits of what customers send: submissions by address, follow-ups by address and by ticket.

use std::net::IpAddr;
use std::num::NonZeroU32;

use actix_web::HttpRequest;

use super::problem::Problem;
use super::rate_limit::{Limiter, owner};
use super::state::Shared;
use crate::clock;
use crate::domain::ids::TicketId;

/// The limiters, all with the same rate.
pub struct RateLimits {
    submissions: Limiter<IpAddr>,
    follow_ups: Limiter<IpAddr>,
    tickets: Limiter<TicketId>,
}

impl RateLimits {
    pub fn new(per_minute: NonZeroU32) -> Self {
        Self {
            submissions: Limiter::new(per_minute),
            follow_ups: Limiter::new(per_minute),
            tickets: Limiter::new(per_minute),
        }
    }
}

/// Refuses a submission if its address has sent too many.
pub fn admit_submission(request: &HttpRequest, shared: &Shared) -> Result<(), Problem> {
    admit(request, shared, |rates| &rates.submissions)
}

/// Refuses a follow-up if its address has sent too many, or its ticket has got too many.
pub fn admit_follow_up(request: &HttpRequest, ticket: TicketId, shared: &Shared) -> Result<(), Problem> {
    admit(request, shared, |rates| &rates.follow_ups)?;
    match &shared.rates {
        Some(rates) => rates.tickets.admit(ticket, clock::monotonic()).map_err(Problem::too_many_for_ticket),
        None => Ok(()),
    }
}

/// A client without an address is not limited.
fn admit(
    request: &HttpRequest,
    shared: &Shared,
    limiter: impl Fn(&RateLimits) -> &Limiter<IpAddr>,
) -> Result<(), Problem> {
    let (Some(rates), Some(client)) = (&shared.rates, shared.trusted_proxies.client(request)) else {
        return Ok(());
    };
    limiter(rates).admit(owner(client), clock::monotonic()).map_err(Problem::too_many)
}
