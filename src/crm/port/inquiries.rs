//! Repository port of inquiries: stores customers' messages, and acknowledges delays.

use std::time::Duration;

use super::{CrmError, StoreFuture};
use crate::domain::conversations::delay::{Delay, DelayNotice};
use crate::domain::messages::inquiry::{Inquiry, Stored};

pub trait Inquiries: Send + Sync {
    fn store_inquiries(&self, batch: Vec<Inquiry>) -> StoreFuture<Vec<Result<Stored, CrmError>>>;
    /// Customers who have waited this long without an acknowledgement of the delay.
    fn find_delays(&self, older_than: Duration, limit: i64) -> StoreFuture<Result<Vec<Delay>, CrmError>>;
    /// Acknowledges each wait once, unless it is over; returns how many.
    fn acknowledge_delays(&self, notices: Vec<DelayNotice>) -> StoreFuture<Result<u64, CrmError>>;
}
