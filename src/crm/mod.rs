//! The store on PostgreSQL. Nothing outside this folder knows SQL.

pub mod connect;
pub mod migrate;
mod server;
mod tls;
mod url;

pub use server::{ServerError, check_server};
pub use tls::{SslMode, TlsConfig, TlsError};
pub use url::{DatabaseConfig, UrlError};
