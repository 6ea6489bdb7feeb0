//! Port of the schema's state and the settings kept in the database.

use std::time::Duration;

use super::{CrmError, StoreFuture};
use crate::domain::enums::Channel;

/// How a channel behaves, from `channel_configs`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ChannelConfig {
    pub channel: Channel,
    /// The debounce period.
    pub quiet: Duration,
}

pub trait Maintenance: Send + Sync {
    fn channel_configs(&self) -> StoreFuture<Result<Vec<ChannelConfig>, CrmError>>;
    /// The names of the migrations that the database lacks; none in normal operation.
    fn pending_migrations(&self) -> StoreFuture<Result<Vec<String>, CrmError>>;
    /// Does what storing a submission does, on the same connection, and takes it back; the error is the one that a
    /// submission would get.
    fn probe_writes(&self) -> StoreFuture<Result<(), CrmError>>;
}
