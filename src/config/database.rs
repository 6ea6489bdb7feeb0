//! Settings of the database: a given PostgreSQL, or the embedded one.

use std::path::PathBuf;

use secrecy::ExposeSecret;

use super::reader::Reader;
use crate::crm::{DatabaseConfig, SslMode, TlsConfig, UrlError};

#[derive(Clone, Debug)]
pub enum Database {
    Embedded,
    Given(Box<DatabaseConfig>),
}

pub(super) fn read(reader: &mut Reader<'_>) -> Database {
    let tls = TlsConfig {
        mode: reader.parse("POSTGRES_SSLMODE", SslMode::EXPECTS, |value| value.parse().ok()),
        root_cert: reader.text("POSTGRES_SSLROOTCERT").map(PathBuf::from),
    };
    let port = reader.parse("POSTGRES_PORT", "a port from 1 to 65535", |value| {
        value.parse::<u16>().ok().filter(|port| *port > 0)
    });
    if let Some(url) = reader.secret("DATABASE_URL") {
        return match DatabaseConfig::from_url(url.expose_secret(), &tls) {
            Ok(config) => Database::Given(Box::new(config)),
            Err(error) => {
                reader.wrong("DATABASE_URL", None, format!("a URL such as {}: {error}", UrlError::EXAMPLE));
                Database::Embedded
            }
        };
    }
    let Some(host) = reader.text("POSTGRES_HOST") else {
        refuse_orphans(reader);
        return Database::Embedded;
    };
    let mut server = tokio_postgres::Config::new();
    server.host(host).port(port.unwrap_or(5432));
    server.user(reader.text("POSTGRES_USER").unwrap_or_else(|| "fte".into()));
    server.dbname(reader.text("POSTGRES_DB").unwrap_or_else(|| "fte".into()));
    if let Some(password) = reader.secret("POSTGRES_PASSWORD") {
        server.password(password.expose_secret());
    }
    Database::Given(Box::new(DatabaseConfig::new(server, tls)))
}

/// Naming a database without its server would silently start an empty embedded one instead.
fn refuse_orphans(reader: &mut Reader<'_>) {
    let orphan = ["POSTGRES_PORT", "POSTGRES_DB", "POSTGRES_USER", "POSTGRES_PASSWORD"]
        .into_iter()
        .find(|variable| reader.text(variable).is_some());
    if let Some(variable) = orphan {
        reader.wrong("POSTGRES_HOST", None, format!("the server's name, because {variable} is set"));
    }
}
