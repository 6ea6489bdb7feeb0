//! Migration tests: each is applied once, whichever process starts first.

use std::time::Duration;

use fte::crm::check_server;
use fte::crm::migrate::{migrate, pending};
use futures_util::future::join_all;

use crate::support::postgres::{bare_database, client, connector, fresh_database};
use crate::support::verdict::none_left;
use crate::support::wait::{LIMIT, pause};

#[tokio::test]
async fn ten_starting_at_once_apply_each_migration_once() {
    let url = bare_database().await;
    let connector = connector(&url);
    let mut expected = pending(&client(&url).await).await.unwrap();
    assert!(!expected.is_empty());
    expected.sort();

    let results = join_all((0..10).map(|_| migrate(&connector))).await;

    let mut applied: Vec<Vec<String>> = results.into_iter().map(Result::unwrap).collect();
    applied.retain(|names| !names.is_empty());
    let [applied] = applied.as_slice() else {
        panic!("one process applies, not {applied:?}");
    };
    let (mut migrations, functions) = (applied[..expected.len()].to_vec(), &applied[expected.len()..]);
    migrations.sort();
    assert_eq!(migrations, expected);
    assert!(functions.contains(&"finish_turns".to_owned()), "{applied:?}");
    assert_eq!(pending(&client(&url).await).await.unwrap(), Vec::<String>::new());
}

#[tokio::test]
async fn waiting_for_a_migration_longer_than_any_time_out_is_no_error() {
    let url = bare_database().await;
    let holder = client(&url).await;
    holder.batch_execute("select pg_advisory_lock(x'667465'::int8)").await.unwrap();
    let connector = connector(&url).with_settings(&[("lock_timeout", "50")]);

    let (applied, ()) = tokio::join!(migrate(&connector), async {
        let waiting = "select (not exists (select from pg_stat_activity
                        where datname = current_database() and query like '%advisory%' and pid <> pg_backend_pid()
                              and application_name = 'fte'))::int::bigint";
        none_left(&url, waiting, LIMIT).await;
        assert!(!pending(&client(&url).await).await.unwrap().is_empty());
        pause("ten times its time-out", Duration::from_millis(500)).await;
        holder.batch_execute("select pg_advisory_unlock_all()").await.unwrap();
    });

    assert!(!applied.unwrap().is_empty());
}

#[tokio::test]
async fn a_database_of_a_newer_program_is_not_changed() {
    let url = fresh_database().await;
    let newer = "insert into refinery_schema_history (version, name, applied_on, checksum)
                 select max(version) + 1, 'later', max(applied_on), '1' from refinery_schema_history";
    client(&url).await.batch_execute(newer).await.unwrap();

    assert_eq!(migrate(&connector(&url)).await.unwrap(), Vec::<String>::new());
}

#[tokio::test]
async fn a_function_whose_file_has_changed_is_replaced_and_the_others_are_not() {
    let url = fresh_database().await;
    let client = client(&url).await;
    client
        .batch_execute("update function_files set content_hash = '' where name = 'begin_turns'")
        .await
        .unwrap();
    assert_eq!(pending(&client).await.unwrap(), Vec::<String>::new());
    assert_eq!(migrate(&connector(&url)).await.unwrap(), ["begin_turns"]);
    assert_eq!(migrate(&connector(&url)).await.unwrap(), Vec::<String>::new());

    client.batch_execute("delete from function_files where name = 'sweep'").await.unwrap();
    assert_eq!(pending(&client).await.unwrap(), ["sweep"]);
}

#[tokio::test]
async fn a_changed_migration_is_refused() {
    let url = fresh_database().await;
    client(&url).await.batch_execute("update refinery_schema_history set checksum = '1'").await.unwrap();

    assert!(migrate(&connector(&url)).await.is_err());
}

#[tokio::test]
async fn the_servers_extensions_and_version_suffice() {
    let url = bare_database().await;
    check_server(&client(&url).await).await.unwrap();
}

#[tokio::test]
async fn every_connection_has_its_time_outs() {
    let url = bare_database().await;
    let connector = connector(&url).with_settings(&[("enable_seqscan", "off")]);
    let (single, driver) = connector.connect().await.unwrap();
    let pooled = connector.pool(1).unwrap().get().await.unwrap();
    let settings = "select string_agg(name || '=' || setting, ' ' order by name) from pg_settings
                     where name = any (array['application_name', 'enable_seqscan', 'statement_timeout',
                           'lock_timeout', 'idle_in_transaction_session_timeout'])";
    let single = async { single.query_one(settings, &[]).await.unwrap().get::<_, String>(0) };
    let single = tokio::select! { found = single => found, _ = driver => panic!("the connection ended") };
    let pooled: String = pooled.query_one(settings, &[]).await.unwrap().get(0);
    let expected = "application_name=fte enable_seqscan=off idle_in_transaction_session_timeout=5000 \
                    lock_timeout=2000 statement_timeout=10000";
    assert_eq!((single.as_str(), pooled.as_str()), (expected, expected));
}
