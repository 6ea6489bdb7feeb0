//! What the tests share.

pub mod imports;
pub mod postgres;
pub mod process;
pub mod records;
pub mod tls_proxy;
