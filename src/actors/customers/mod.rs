//! Actors for the rights of customers.

pub mod custodian;
