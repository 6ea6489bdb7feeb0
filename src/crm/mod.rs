//! The records on PostgreSQL: the one place that knows SQL. It holds no business rules.

pub mod port;
pub mod postgres;
