//! Routes for operators and monitoring systems: each needs a principal with the scope `ops`.

mod channel_metrics;
mod metrics;
mod pool;

use crate::http::server::endpoint::Endpoint;

pub fn endpoints() -> Vec<Endpoint> {
    [channel_metrics::endpoints(), metrics::endpoints(), pool::endpoints()].into_iter().flatten().collect()
}
