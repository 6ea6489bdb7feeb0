//! Tests of the program as it is operated: configuration, commands, roles, start and stop, and the main use case.

pub mod commands;
mod config;
mod desk;
mod drain;
mod end_to_end;
#[cfg(feature = "fakes")]
mod first_start;
mod judged;
mod observability;
mod probes;
mod readiness;
mod replicas;
mod restore;
mod roles;
#[cfg(feature = "fakes")]
mod rotation;
mod secret_files;
