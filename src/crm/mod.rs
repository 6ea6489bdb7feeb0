//! The PostgreSQL store: the one place with SQL. It holds no business rules.

pub mod connect;
pub mod functions;
pub mod inspect;
mod live_login;
pub mod migrate;
pub mod port;
pub mod postgres;
mod server;
mod tls;
mod url;

pub use live_login::{LiveLogin, LoginFile};
pub use server::{ServerError, check_server};
pub use tls::{SslMode, TlsConfig, TlsError};
pub use url::{DatabaseConfig, UrlError};
