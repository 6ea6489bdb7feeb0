//! Retention: each kind of data goes after its period, by a job that one process runs; nothing else is touched.

use fte::domain::customers::rights::RETAINED_CONVERSATIONS;

use super::marked::{marked, traces};
use crate::support::customers::{Customer, FORGOTTEN};
use crate::support::postgres::{client, fresh_database};
use crate::support::served::{Place, Served};
use crate::support::verdict::{count, none_left};
use crate::support::wait::LIMIT;

/// Makes everything older than a period of 30 days.
const AGE: &str = "
    update conversations set last_message_at = now() - interval '31 days';
    update attachments set created_at = now() - interval '31 days';
    update message_emails set created_at = now() - interval '31 days';
    update turn_steps set created_at = now() - interval '31 days';
    update audit_log set at = now() - interval '31 days'";

const PERIODS: [(&str, &str); 5] = [
    ("RETENTION_MESSAGES_DAYS", "30"),
    ("RETENTION_ATTACHMENTS_DAYS", "30"),
    ("RETENTION_RAW_MAIL_DAYS", "30"),
    ("RETENTION_STEPS_DAYS", "30"),
    ("RETENTION_AUDIT_DAYS", "30"),
];

/// Serves until the job has run once with these periods.
async fn run_once(place: Place, url: &str, periods: &[(&str, &str)]) -> Served {
    client(url).await.batch_execute("delete from scheduled_jobs").await.unwrap();
    let served = Served::start_with(place, url, &[], periods).await;
    claimed(url).await;
    served
}

#[tokio::test]
async fn each_kind_goes_after_its_period_and_only_then() {
    let url = fresh_database().await;
    let served = Served::start(&url, &[]).await;
    marked(&url, &served).await;
    let before = contents(&url).await;
    let young = run_once(served.killed().await, &url, &PERIODS).await;
    assert_eq!(contents(&url).await, before, "nothing is old enough");

    let database = client(&url).await;
    database.batch_execute(AGE).await.unwrap();
    let _served = run_once(young.killed().await, &url, &PERIODS[1..]).await;
    let gone = "select (select count(*) from attachments) + (select count(*) from turn_steps)
                     + (select count(*) from message_emails where raw_sha256 is not null)
                     + (select count(*) from audit_log where at < now() - interval '30 days')";
    assert_eq!(count(&database, gone).await, 0);
    assert_eq!(count(&database, ERASED).await, 0, "texts have no period");
}

#[tokio::test]
async fn texts_go_with_their_closed_conversation() {
    let url = fresh_database().await;
    let served = Served::start(&url, &[]).await;
    let ann = marked(&url, &served).await;
    let database = client(&url).await;
    database.batch_execute(AGE).await.unwrap();
    let served = run_once(served.killed().await, &url, &PERIODS[..1]).await;
    assert_eq!(count(&database, ERASED).await, 0, "the conversation is open");

    let close = format!(
        "update conversations set status = 'closed' where id = '{0}';
         update tickets set status = 'closed' where conversation_id = '{0}'",
        ann.conversation
    );
    database.batch_execute(&close).await.unwrap();
    let served = run_once(served.killed().await, &url, &PERIODS[..1]).await;
    none_left(&url, "select count(*) from messages where content <> '[erased]'", LIMIT).await;
    let left = traces(&database, served.data_dir()).await;
    let identity =
        ["customer_identifiers:", "customers:", "customer_joins:", "customer_sessions:", "link_challenges:"];
    assert!(left.iter().all(|trace| identity.iter().any(|table| trace.starts_with(table))), "{left:#?}");
}

/// Each run takes a batch of conversations, and the next one does not wait for an hour.
#[tokio::test]
async fn texts_of_more_conversations_than_a_batch_go_at_once() {
    let url = fresh_database().await;
    let served = Served::start(&url, &[("AGENT_POOL_SIZE", "0")]).await;
    Customer::of(&served.base).submit("ann@example.com", "1", FORGOTTEN).await;
    let database = client(&url).await;
    let conversations = i64::try_from(ids(&database, 2 * RETAINED_CONVERSATIONS + 1).await.len()).unwrap();
    assert_eq!(count(&database, "select count(*) from conversations").await, conversations);
    let _served = run_once(served.killed().await, &url, &PERIODS[..1]).await;
    none_left(&url, "select count(*) from messages where content <> '[erased]'", LIMIT).await;
    assert_eq!(count(&database, "select count(*) from conversations where erased_at is null").await, 0);
}

/// Closed conversations of long ago, with a message each: copies of the only one, which is one of them.
async fn ids(database: &tokio_postgres::Client, conversations: i64) -> Vec<uuid::Uuid> {
    let copy = "with ids as materialized (select gen_random_uuid() as id from generate_series(2, $1::bigint)), copies as (
                    insert into conversations select (jsonb_populate_record(c, jsonb_build_object(
                        'id', i.id, 'attested', false, 'status', 'closed'))).* from conversations c, ids i returning id
                ), said as (
                    insert into messages select (jsonb_populate_record(m, jsonb_build_object(
                        'id', gen_random_uuid(), 'conversation_id', i.id, 'external_id', gen_random_uuid()))).* from messages m, ids i)
                select id from copies union select id from conversations";
    let rows = database.query(copy, &[&conversations]).await.unwrap();
    let close = "update tickets set status = 'closed'; update conversations set status = 'closed'";
    database.batch_execute(close).await.unwrap();
    database.batch_execute(AGE).await.unwrap();
    rows.iter().map(|row| row.get(0)).collect()
}

/// Messages without their text.
const ERASED: &str = "select count(*) from messages where content = '[erased]'";

/// What the periods are about.
async fn contents(url: &str) -> Vec<i64> {
    let database = client(url).await;
    let mut counts = Vec::new();
    for query in [
        "select count(*) from attachments",
        "select count(*) from turn_steps",
        "select count(*) from message_emails where raw_sha256 is not null",
        "select count(*) from audit_log",
        "select count(*) from messages where content <> '[erased]'",
    ] {
        counts.push(count(&database, query).await);
    }
    counts
}

/// Waits until the job has run: it claims its row and commits with what it has removed.
async fn claimed(url: &str) {
    let open = "select 1 - count(*) from scheduled_jobs where name = 'retention' and due_at > now()";
    none_left(url, open, LIMIT).await;
}

/// Codes and sessions that are over, and the metrics of turns of more than a year ago: they go without any setting.
#[tokio::test]
async fn what_has_no_setting_is_bounded_as_well() {
    let url = fresh_database().await;
    let served = Served::start(&url, &[("AGENT_POOL_SIZE", "0")]).await;
    Customer::of(&served.base).submit("ann@example.com", "1", FORGOTTEN).await;
    let database = client(&url).await;
    let fill = "
        insert into agent_metrics (turn_id, conversation_id, channel, outcome, latency_ms, model, model_calls, tokens_in,
                                   tokens_out, created_at)
        select gen_random_uuid(), c.id, c.channel, 'answer', 1, 'scripted', 1, 1, 1, now() - days * interval '1 day'
        from conversations c, unnest(array[1, 399, 401, 402]) days;
        insert into link_challenges (id, conversation_id, customer_id, email, state, due_at, expires_at, created_at)
        select gen_random_uuid(), c.id, c.customer_id, 'ann@example.com', state, null, now(), now() - age
        from conversations c, unnest(array['replaced', 'spent', 'used', 'proved']) state,
             unnest(array[interval '1 hour', interval '2 days']) age;
        insert into customer_sessions (token_hash, email, expires_at)
        select sha256(ends::text::bytea), 'ann@example.com', now() + ends
        from unnest(array[interval '1 hour', interval '-1 hour']) ends";
    database.batch_execute(fill).await.unwrap();
    let _served = run_once(served.killed().await, &url, &[]).await;
    assert_eq!(count(&database, "select count(*) from agent_metrics").await, 2, "younger than 400 days");
    assert_eq!(count(&database, "select count(*) from link_challenges").await, 6, "young, or once right");
    assert_eq!(count(&database, "select count(*) from customer_sessions").await, 1);
}

#[tokio::test]
async fn several_processes_run_the_job_once() {
    let url = fresh_database().await;
    let (first, _second) = Served::start_two(&url, &[("RETENTION_AUDIT_DAYS", "30")]).await;
    Customer::of(&first.base).submit("ann@example.com", "1", FORGOTTEN).await;
    claimed(&url).await;
    // The row is claimed for an hour: whoever looks meanwhile finds nothing due.
    let database = client(&url).await;
    let claims = database.query_one("select claim_job('retention', interval '1 hour')", &[]).await.unwrap();
    assert!(!claims.get::<_, bool>(0));
    let due = "select count(*) from scheduled_jobs where due_at > now() + interval '59 minutes'";
    assert_eq!(count(&database, due).await, 1);
}
