//! Repository port of inquiries: storing what customers sent, and acknowledging those that wait long for an answer.

use std::time::Duration;

use super::{CrmError, StoreFuture};
use crate::domain::delay::{Delay, DelayNotice};
use crate::domain::inquiry::{Inquiry, Stored};

pub trait Inquiries: Send + Sync {
    fn store_inquiries(&self, batch: Vec<Inquiry>) -> StoreFuture<Vec<Result<Stored, CrmError>>>;
    /// Customers who have waited so long and were not told yet that their message is here.
    fn find_delays(&self, older_than: Duration, limit: i64) -> StoreFuture<Result<Vec<Delay>, CrmError>>;
    /// Tells them, once for each time that they wait, and not those whose wait is over; how many were told.
    fn acknowledge_delays(&self, notices: Vec<DelayNotice>) -> StoreFuture<Result<u64, CrmError>>;
}
