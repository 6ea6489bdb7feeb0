//! The PostgreSQL store: the one place with SQL. It holds no business rules.

pub mod connect;
pub mod functions;
pub mod inspect;
pub mod migrate;
pub mod port;
pub mod postgres;
mod server;
mod tls;
mod url;

pub use server::{ServerError, check_server};
pub use tls::{SslMode, TlsConfig, TlsError};
pub use url::{DatabaseConfig, UrlError};
