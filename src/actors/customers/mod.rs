//! Actors for the rights of customers.

pub mod custodian;
pub mod removed_files;
