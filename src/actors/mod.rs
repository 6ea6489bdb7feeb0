//! The actors: they carry messages and own state; what to decide is decided in `domain` and `agent`.

pub mod ask;
pub mod bell;
pub mod consumer;
pub mod conversation;
pub mod crm;
pub mod delivery;
pub mod desk;
pub mod fetcher;
pub mod intake;
pub mod messages;
pub mod pool;
pub mod reconciler;
pub mod registrar;
pub mod relay;
pub mod shell;
pub mod standing;
pub mod supervisor;
pub mod sweeper;
pub mod trouble;

mod lane;
mod rounds;
