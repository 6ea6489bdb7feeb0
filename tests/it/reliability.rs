//! What users are promised, with everything failing that can: processes, brokers, the database. Small every day; the
//! sizes of `docs/reliability.md` by the environment.

mod brokers;
mod database;
mod processes;
#[cfg(feature = "fakes")]
mod stopped;
mod throughput;
