//! The batch functions: one file each under `migrations/functions`, replaced in the database when the file changes.
//!
//! Unlike a migration such a file is edited in place, so that a reader finds one edition of each function. A change of
//! what a function returns starts its file with a `drop function if exists` of the old signature.

use sha2::{Digest, Sha256};
use tokio_postgres::Client;

/// Every file, by the name it is recorded under.
const FILES: [(&str, &str); 16] = [
    ("acknowledge_delays", include_str!("../../migrations/functions/acknowledge_delays.sql")),
    ("apply_extras", include_str!("../../migrations/functions/apply_extras.sql")),
    ("begin_turns", include_str!("../../migrations/functions/begin_turns.sql")),
    ("claim_attachments", include_str!("../../migrations/functions/claim_attachments.sql")),
    ("claim_deliveries", include_str!("../../migrations/functions/claim_deliveries.sql")),
    ("claim_letters", include_str!("../../migrations/functions/claim_letters.sql")),
    ("events", include_str!("../../migrations/functions/events.sql")),
    ("finish_turns", include_str!("../../migrations/functions/finish_turns.sql")),
    ("join_conversations", include_str!("../../migrations/functions/join_conversations.sql")),
    ("join_customers", include_str!("../../migrations/functions/join_customers.sql")),
    ("move_work", include_str!("../../migrations/functions/move_work.sql")),
    ("record_statuses", include_str!("../../migrations/functions/record_statuses.sql")),
    ("record_steps", include_str!("../../migrations/functions/record_steps.sql")),
    ("replied_tickets", include_str!("../../migrations/functions/replied_tickets.sql")),
    ("settle_links", include_str!("../../migrations/functions/settle_links.sql")),
    ("store_inquiries", include_str!("../../migrations/functions/store_inquiries.sql")),
];

/// Replaces the functions whose files have changed, all of them or none; the names of the files.
pub(super) async fn apply(client: &mut Client) -> Result<Vec<String>, tokio_postgres::Error> {
    let transaction = client.transaction().await?;
    let rows = transaction.query("select name, content_hash from function_files", &[]).await?;
    let is_current = |name: &str, hash: &[u8]| {
        rows.iter().any(|row| row.get::<_, &str>(0) == name && row.get::<_, &[u8]>(1) == hash)
    };
    let mut applied = Vec::new();
    for (name, sql) in FILES {
        let hash = Sha256::digest(sql.as_bytes()).to_vec();
        if is_current(name, &hash) {
            continue;
        }
        transaction.batch_execute(sql).await?;
        let record = "insert into function_files (name, content_hash) values ($1, $2)
                      on conflict (name) do update set content_hash = excluded.content_hash, applied_at = now()";
        transaction.execute(record, &[&name, &hash]).await?;
        applied.push(name.to_owned());
    }
    transaction.commit().await?;
    Ok(applied)
}

/// The files of which the database has no edition at all. Another edition than ours is no lack: during a rollout the
/// newer program's stands, and it serves the older one too.
pub(super) async fn missing(client: &Client) -> Result<Vec<String>, tokio_postgres::Error> {
    let names: Vec<&str> = FILES.iter().map(|(name, _)| *name).collect();
    let missing =
        "select name from unnest($1::text[]) name where name not in (select name from function_files)";
    Ok(client.query(missing, &[&names]).await?.iter().map(|row| row.get(0)).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_file_defines_the_function_it_is_named_for_and_can_be_applied_again() {
        for (name, sql) in FILES {
            let creates = sql.matches("create function").count();
            assert_eq!(creates, 0, "{name} must say `create or replace function`");
            assert!(
                ["events", "move_work"].contains(&name)
                    || sql.contains(&format!("create or replace function {name}(")),
                "{name}"
            );
        }
    }

    #[test]
    fn no_file_is_forgotten() {
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/migrations/functions");
        let mut found: Vec<String> = std::fs::read_dir(folder)
            .unwrap()
            .map(|entry| entry.unwrap().file_name().into_string().unwrap().replace(".sql", ""))
            .collect();
        found.sort();
        assert_eq!(found, FILES.map(|(name, _)| name.to_owned()));
    }
}
