//! Rate limits of what customers send: submissions and opinions by address, follow-ups by address and by ticket.

use std::net::IpAddr;
use std::num::NonZeroU32;

use super::problem::Problem;
use super::rate_limit::{Limiter, owner};
use crate::clock;
use crate::domain::ids::TicketId;

/// The limiters, all with the same rate.
pub struct RateLimits {
    submissions: Limiter<IpAddr>,
    opinions: Limiter<IpAddr>,
    follow_ups: Limiter<IpAddr>,
    tickets: Limiter<TicketId>,
}

impl RateLimits {
    pub fn new(per_minute: NonZeroU32) -> Self {
        Self {
            submissions: Limiter::new(per_minute),
            opinions: Limiter::new(per_minute),
            follow_ups: Limiter::new(per_minute),
            tickets: Limiter::new(per_minute),
        }
    }
}

/// Refuses a submission if its address has sent too many. A client without an address is not limited.
pub fn admit_submission(rates: Option<&RateLimits>, client: Option<IpAddr>) -> Result<(), Problem> {
    let limiter = rates.map(|rates| &rates.submissions);
    admit(limiter, client)
}

/// Refuses an opinion on an article if its address has sent too many.
pub fn admit_opinion(rates: Option<&RateLimits>, client: Option<IpAddr>) -> Result<(), Problem> {
    admit(rates.map(|rates| &rates.opinions), client)
}

/// Refuses a follow-up or a rating if its address has sent too many, or its ticket has got too many.
pub fn admit_follow_up(
    rates: Option<&RateLimits>,
    client: Option<IpAddr>,
    ticket: TicketId,
) -> Result<(), Problem> {
    admit(rates.map(|rates| &rates.follow_ups), client)?;
    let Some(rates) = rates else {
        return Ok(());
    };
    rates.tickets.admit(ticket, clock::monotonic()).map_err(Problem::too_many_for_ticket)
}

fn admit(limiter: Option<&Limiter<IpAddr>>, client: Option<IpAddr>) -> Result<(), Problem> {
    let (Some(limiter), Some(client)) = (limiter, client) else {
        return Ok(());
    };
    limiter.admit(owner(client), clock::monotonic()).map_err(Problem::too_many)
}
