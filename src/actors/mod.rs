//! The actors: they carry messages and own state; decisions are made in `domain` and `agent`.

pub mod actor_health;
pub mod ask;
pub mod broadcaster;
pub mod consumer;
pub mod conversation;
pub mod crm;
pub mod delivery;
pub mod dependency_status;
pub mod desk;
pub mod fetcher;
pub mod identity_linker;
pub mod intake;
pub mod librarian;
pub mod messages;
pub mod pool;
pub mod receptionist;
pub mod reconciler;
pub mod relay;
pub mod scheduler;
pub mod signal;
pub mod store_handle;
pub mod supervised;
pub mod supervisor;
pub mod sweeper;
pub mod turn_slots;

mod batch_queue;
mod pending;
mod poller;
mod single_flight;
