//! Fault-injection tests of the reliability guarantees, with failures of processes, brokers and the database. Small by
//! default; environment variables set the sizes of `docs/reliability.md`.

mod brokers;
mod chaos;
#[cfg(feature = "failpoints")]
mod crash;
mod database;
mod overload;
#[cfg(feature = "failpoints")]
mod panics;
mod parking;
mod processes;
#[cfg(feature = "fakes")]
mod stopped;
mod throughput;
