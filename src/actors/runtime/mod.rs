//! Building blocks of every actor: supervision, request/response, polling, batching and health.

pub mod actor_health;
pub mod ask;
pub mod dependency_status;
pub mod supervised;

pub(super) mod batch_queue;
pub(super) mod model_usage;
pub(super) mod off_arbiter;
pub(super) mod pending;
pub(super) mod poller;
pub(super) mod single_flight;
