//! Repository port of tickets' pages: what a page shows, and what its customer can do there beside writing messages.

use super::{CrmError, StoreFuture};
use crate::domain::conversations::escalation::{HandOverAnswer, PersonRequest, RequestedHandOver};
use crate::domain::conversations::idle::IdleLimits;
use crate::domain::ids::TicketId;
use crate::domain::views::{PageFound, PageRequest, RatingView};

/// Whether a ticket's page can be seen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PageState {
    Shown,
    NoTicket,
    Expired,
    /// It opens to its customer's browsers alone, and this is none.
    Locked,
}

/// A customer's rating of a ticket.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rating {
    /// From 1 to 5.
    pub score: u8,
    pub comment: Option<String>,
}

pub trait TicketPages: Send + Sync {
    /// `viewer` is the digest of the browser's session, if an address is proved there.
    fn page(
        &self,
        ticket: TicketId,
        viewer: Option<[u8; 32]>,
        request: PageRequest,
    ) -> StoreFuture<Result<PageFound, CrmError>>;
    fn page_state(
        &self,
        ticket: TicketId,
        viewer: Option<[u8; 32]>,
    ) -> StoreFuture<Result<PageState, CrmError>>;
    /// Stores the rating in place of an earlier one; `None` if the ticket has no answer yet.
    fn rate(&self, ticket: TicketId, rating: Rating) -> StoreFuture<Result<Option<RatingView>, CrmError>>;
    fn person_request(&self, ticket: TicketId) -> StoreFuture<Result<Option<PersonRequest>, CrmError>>;
    fn ask_for_person(&self, hand_over: RequestedHandOver) -> StoreFuture<Result<HandOverAnswer, CrmError>>;
    /// Resolves and closes tickets whose time is over; returns how many.
    fn end_idle_tickets(&self, limits: IdleLimits, limit: i64) -> StoreFuture<Result<u64, CrmError>>;
}
