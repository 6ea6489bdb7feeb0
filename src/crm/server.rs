//! Whether a server is one that we can work with. Says what is missing; changes nothing.

use thiserror::Error;
use tokio_postgres::Client;

/// PostgreSQL 16, as `server_version_num` has it.
const OLDEST_VERSION: i32 = 160_000;

#[derive(Debug, Error)]
pub enum ServerError {
    #[error("PostgreSQL {found} is too old: 16 or newer is needed")]
    TooOld { found: String },
    #[error("PostgreSQL lacks the extensions {}: install them on the server", .0.join(", "))]
    MissingExtensions(Vec<String>),
    #[error("could not ask PostgreSQL for its version and extensions")]
    Query(#[from] tokio_postgres::Error),
}

/// Checks the version, and that `vector` and `pg_trgm` are installed or can be.
pub async fn check_server(client: &Client) -> Result<(), ServerError> {
    let row = client
        .query_one(
            "select current_setting('server_version_num')::int4,
                    current_setting('server_version'),
                    array(
                        select wanted
                          from unnest(array['vector', 'pg_trgm']) wanted
                         where wanted not in (select name::text from pg_available_extensions)
                           and wanted not in (select extname::text from pg_extension)
                         order by wanted
                    )",
            &[],
        )
        .await?;
    verdict(row.get(0), row.get(1), row.get(2))
}

fn verdict(version: i32, found: String, missing: Vec<String>) -> Result<(), ServerError> {
    if version < OLDEST_VERSION {
        return Err(ServerError::TooOld { found });
    }
    if missing.is_empty() { Ok(()) } else { Err(ServerError::MissingExtensions(missing)) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_old_server_and_a_bare_one_are_refused() {
        let old = verdict(150_004, "15.4".into(), vec![]).unwrap_err();
        assert_eq!(old.to_string(), "PostgreSQL 15.4 is too old: 16 or newer is needed");
        let bare = verdict(160_000, "16.0".into(), vec!["pg_trgm".into(), "vector".into()]).unwrap_err();
        assert_eq!(
            bare.to_string(),
            "PostgreSQL lacks the extensions pg_trgm, vector: install them on the server"
        );
        assert!(verdict(160_000, "16.0".into(), vec![]).is_ok());
    }
}
