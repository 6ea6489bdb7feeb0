//! Database tests: schema, migrations and rolling updates, TLS, and the embedded PostgreSQL.

mod embedded;
mod embedded_default;
mod embedded_older;
mod migrations;
mod pages;
mod plans;
mod rollout;
mod schema;
mod tls;
