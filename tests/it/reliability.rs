//! Fault-injection tests of the reliability guarantees, with failures of processes, brokers and the database. Small by
//! default; environment variables set the sizes of `docs/reliability.md`.

mod brokers;
mod database;
mod processes;
#[cfg(feature = "fakes")]
mod stopped;
mod throughput;
