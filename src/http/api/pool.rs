//! Data transfer objects of the pool of turns in one process.

use serde::Serialize;
use utoipa::ToSchema;

use crate::actors::messages::PoolView;

/// New limits of the pool, at least one of them.
#[derive(Debug, ToSchema)]
#[schema(min_properties = 1)]
#[serde(deny_unknown_fields)]
pub struct PoolLimits {
    /// Turns that run at once; 0 = none are taken.
    #[schema(nullable = false, maximum = 100_000)]
    pub size: Option<usize>,
    /// Idle conversations kept in memory.
    #[schema(nullable = false, maximum = 10_000_000)]
    pub idle: Option<usize>,
}

/// The limits and the present load of the pool.
#[derive(Debug, Serialize, ToSchema)]
pub struct PoolStatus {
    /// Turns that may run at once.
    pub size: usize,
    /// Idle conversations that are kept in memory.
    pub idle: usize,
    /// Turns that run now.
    pub running: usize,
    /// Conversations that wait for their turn.
    pub waiting: usize,
    /// Conversations in memory, idle ones included.
    pub live: usize,
}

impl From<PoolView> for PoolStatus {
    fn from(view: PoolView) -> Self {
        Self {
            size: view.size,
            idle: view.idle,
            running: view.running,
            waiting: view.waiting,
            live: view.live,
        }
    }
}
