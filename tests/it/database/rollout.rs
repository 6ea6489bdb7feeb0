//! Rolling update tests: programs of two editions of the SQL functions start on one PostgreSQL, in either order.

use fte::crm::functions::FunctionSet;
use fte::crm::migrate::{MigrateError, migrate_with, pending_with};
use fte::crm::port::{Inquiries, Outbox, Sweep};
use fte::crm::postgres::PgStore;
use fte::domain::conversations::turn::Finished;
use fte::domain::messages::inquiry::Stored;
use refinery::{Migration, Runner};
use tokio::sync::watch;
use tokio_postgres::Client;

use crate::support::postgres::{bare_database, client, connector, fresh_database};
use crate::support::records::{answer, begin, finish, process, store, submission};

const SWEEP: Sweep =
    Sweep { idle_for: std::time::Duration::ZERO, again_after: std::time::Duration::ZERO, limit: 10 };

/// The functions of the next edition, with changed text in one function.
fn next(set: &FunctionSet, name: &str, changes: &[(&str, &str)]) -> FunctionSet {
    let mut next = FunctionSet { edition: set.edition + 1, ..set.clone() };
    let (_, sql) = next.files.iter_mut().find(|(file, _)| file == name).unwrap();
    for (from, to) in changes {
        assert_eq!(sql.matches(from).count(), 1, "{name}: {from}");
        *sql = sql.replace(from, to);
    }
    next
}

/// One more column in the result of `backlog`, one more parameter of `sweep`: both are compatible with an older
/// program.
fn with_additions(set: &FunctionSet) -> FunctionSet {
    let result = next(
        set,
        "backlog",
        &[
            ("out oldest double precision)", "out oldest double precision, out topics bigint)"),
            ("\n$$;", ",\n           (select count(distinct topic) from outbox)\n$$;"),
        ],
    );
    let parameter = [("p_limit bigint) returns", "p_limit bigint, p_note text default null) returns")];
    FunctionSet { edition: set.edition + 1, ..next(&result, "sweep", &parameter) }
}

async fn apply(url: &str, set: &FunctionSet) -> Vec<String> {
    migrate_with(&connector(url), set).await.unwrap()
}

/// The number of functions with these names, and the edition recorded in the database.
async fn found(client: &Client) -> (i64, i32) {
    let sql = "select (select count(*) from pg_proc where proname in ('backlog', 'sweep')),
                      (select edition from function_set)";
    let row = client.query_one(sql, &[]).await.unwrap();
    (row.get(0), row.get(1))
}

async fn uses_both(store: &PgStore) {
    store.backlog().await.unwrap();
    store.sweep(SWEEP).await.unwrap();
}

#[tokio::test]
async fn an_older_program_works_with_newer_functions_and_does_not_replace_them() {
    let url = fresh_database().await;
    let admin = client(&url).await;
    let older = FunctionSet::embedded();
    let newer = with_additions(&older);
    let running = store(&url);
    uses_both(&running).await;

    assert_eq!(apply(&url, &newer).await, ["backlog", "sweep"]);
    uses_both(&running).await;
    assert_eq!(apply(&url, &older).await, Vec::<String>::new());
    assert_eq!(pending_with(&admin, &older).await.unwrap(), Vec::<String>::new());
    uses_both(&store(&url)).await;
    admin.query_one("select topics from backlog()", &[]).await.unwrap();
    assert_eq!(found(&admin).await, (2, older.edition + 1), "one function of each name");
    assert_eq!(apply(&url, &newer).await, Vec::<String>::new());
}

#[tokio::test]
async fn a_newer_program_replaces_an_older_ones_functions_whatever_they_returned() {
    let url = bare_database().await;
    let newer = FunctionSet { edition: 2, ..FunctionSet::embedded() };
    let older = FunctionSet { edition: 1, ..with_additions(&newer) };
    let admin = client(&url).await;
    assert!(apply(&url, &older).await.contains(&"backlog".to_owned()));
    assert_eq!(pending_with(&admin, &newer).await.unwrap(), ["backlog", "sweep"], "the doctor reports them");

    assert_eq!(apply(&url, &newer).await, ["backlog", "sweep"]);
    assert!(admin.query_one("select topics from backlog()", &[]).await.is_err(), "the former result");
    assert_eq!(found(&admin).await, (2, 2));
    assert_eq!(apply(&url, &older).await, Vec::<String>::new());
    assert_eq!(found(&admin).await, (2, 2));
}

#[tokio::test]
async fn a_program_incompatible_with_newer_functions_refuses_to_start() {
    let url = fresh_database().await;
    let admin = client(&url).await;
    let older = FunctionSet::embedded();
    let mut newer = FunctionSet { edition: older.edition + 3, ..older.clone() };
    newer.oldest_served = older.edition + 2;
    newer.files.retain(|(name, _)| name != "sweep");
    assert_eq!(apply(&url, &newer).await, Vec::<String>::new());
    assert_eq!(found(&admin).await, (1, newer.edition), "functions that no program calls are dropped");

    let refused = migrate_with(&connector(&url), &older).await.unwrap_err();
    assert!(matches!(refused, MigrateError::Outdated { .. }), "{refused:?}");
    let (from, own) = (newer.oldest_served, older.edition);
    let why = format!("serve programs from edition {from} on, and this program has edition {own}");
    assert!(refused.to_string().contains(&why), "{refused}");
    let pending = pending_with(&admin, &older).await;
    assert!(matches!(pending, Err(MigrateError::Outdated { .. })), "its health report says so: {pending:?}");
    assert_eq!(found(&admin).await, (1, newer.edition));

    let served = FunctionSet { edition: older.edition + 2, ..older };
    assert_eq!(apply(&url, &served).await, Vec::<String>::new());
    assert_eq!(found(&admin).await, (1, newer.edition));
}

/// The schema before the first triggers that call functions.
const BEFORE_TRIGGERS: i32 = 49;
/// What a program of that time does: a customer's conversation goes to people, and is closed.
const OLDER_WORK: &str = "
    insert into customers (id, name) values (gen_random_uuid(), 'Ann');
    insert into conversations (id, customer_id, channel, attested)
    select gen_random_uuid(), u.id, 'web_form', false from customers u;
    insert into tickets (id, conversation_id, subject, category, priority)
    select gen_random_uuid(), c.id, 'Signing in', 'general', 'low' from conversations c;
    update conversations set status = 'escalated';
    update tickets set status = 'escalated';
    update tickets set status = 'closed';
    update conversations set status = 'closed'";

async fn migrate_to_before_triggers(client: &mut Client) {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/migrations");
    let migrations: Vec<Migration> = refinery::load_sql_migrations(folder).unwrap();
    let older = migrations.into_iter().filter(|migration| migration.version() <= BEFORE_TRIGGERS);
    Runner::new(&older.collect::<Vec<_>>()).run_async(client).await.unwrap();
}

/// Between the migrations and the functions, which are two transactions, an older program goes on.
#[tokio::test]
async fn triggers_of_new_migrations_find_their_functions_before_the_older_ones_are_replaced() {
    let url = bare_database().await;
    let mut older = client(&url).await;
    migrate_to_before_triggers(&mut older).await;
    older.batch_execute("create function fence() returns void language sql as ''").await.unwrap();
    // The migrations are applied, and the functions of the older program can't be replaced.
    let broken = next(&FunctionSet::embedded(), "fence", &[("create or replace", "create no")]);
    let refused = migrate_with(&connector(&url), &broken).await.unwrap_err();
    assert!(matches!(refused, MigrateError::Functions(_)), "{refused:?}");

    older.batch_execute(OLDER_WORK).await.unwrap();
    let kept =
        "select (select count(*) from closed_conversations), (select sum(n)::bigint from closed_counts),
                       (select count(*) from conversation_clocks where state = 'stopped')";
    let kept = older.query_one(kept, &[]).await.unwrap();
    assert_eq!((kept.get(0), kept.get(1), kept.get(2)), (1_i64, 1_i64, 1_i64));

    assert!(apply(&url, &FunctionSet::embedded()).await.contains(&"fence".to_owned()));
    assert_eq!(pending_with(&older, &FunctionSet::embedded()).await.unwrap(), Vec::<String>::new());
}

/// All functions are replaced repeatedly while messages are stored and answered through them.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn functions_are_replaced_under_load_and_no_call_fails() {
    const EDITIONS: i32 = 12;
    let url = fresh_database().await;
    let (stop, stopped) = watch::channel(false);
    let rollouts = async {
        let embedded = FunctionSet::embedded();
        for edition in embedded.edition + 1..=embedded.edition + EDITIONS {
            let mut set = with_additions(&embedded);
            set.edition = edition;
            for (name, sql) in &mut set.files {
                // A helper with another parameter list in every second edition.
                if name == "append_to_outbox" && edition % 2 == 0 {
                    *sql = sql.replace(
                        "(p_conversation uuid[])",
                        "(p_conversation uuid[], p_note text default null)",
                    );
                }
                sql.push_str(&format!("-- Edition {edition}.\n"));
            }
            assert_eq!(apply(&url, &set).await.len(), set.files.len());
        }
        stop.send_replace(true);
    };
    let (answered, ()) = tokio::join!(answers(&url, stopped), rollouts);
    assert!(answered > 20, "{answered}");
}

async fn answers(url: &str, stopped: watch::Receiver<bool>) -> u32 {
    let store = store(url);
    let mut answered = 0;
    while !*stopped.borrow() {
        let inquiry = submission("ann@example.com", &format!("m{answered}"));
        let stored = store.store_inquiries(vec![inquiry]).await.remove(0);
        let Ok(Stored::Accepted(receipt)) = stored else { panic!("{answered}: {stored:?}") };
        let briefing = begin(&store, receipt.conversation, process()).await.unwrap();
        let finished = finish(&store, answer(&briefing, "Here is how.")).await;
        assert!(matches!(finished, Finished::Committed(_)), "{answered}: {finished:?}");
        answered += 1;
    }
    answered
}
