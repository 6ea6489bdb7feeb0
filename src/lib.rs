//! A customer-success agent that a company hosts itself; `main` wires these modules into one program.

pub mod clock;
pub mod config;
pub mod crm;
pub mod embedded;
pub mod telemetry;
