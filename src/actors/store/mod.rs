//! Access to the database: group commit for the message path, a bounded handle for everything else.

pub mod crm;
pub mod store_handle;
pub mod write_probe;
