//! Plans of the hot path on a filled database: whatever a message, a turn or an open console asks of the database, it
//! reaches the rows by an index. PostgreSQL itself counts the sequential scans of each table, in functions as well.

use std::collections::BTreeMap;
use std::time::Duration;

use fte::crm::port::{
    Attachments, CustomerRights, Deliveries, DeskTools, Escalations, Inquiries, LeaseRequest, LiveEvents,
    Outbox, Queues, SlaClockStore, StaffEvents, Sweep, TicketPages, Turns, Views, Webhooks,
};
use fte::crm::postgres::PgStore;
use fte::domain::accounts::SERVICE_ACCOUNT;
use fte::domain::console::queue::{QueueFilter, QueueRequest};
use fte::domain::conversations::idle::IdleLimits;
use fte::domain::customers::rights::Retention;
use fte::domain::enums::{Channel, DeskQueue, QueueOrder, SearchKind};
use fte::domain::views::PageRequest;
use tokio_postgres::Client;

use crate::support::postgres::{client, fresh_database};
use crate::support::records::{
    accept, answer, begin, escalate, finish, follow_up, page, process, store, submission,
};
use crate::support::wait::{LIMIT, eventually};

/// The statements that fill the databases of the load test.
const FILL: &str = include_str!("../../load/fill.sql");
const CONVERSATIONS: i64 = 3_000;
/// What grows with the messages, and is filled. Other tables hold what waits or is young.
const LARGE: [&str; 12] = [
    "agent_metrics",
    "closed_conversations",
    "conversations",
    "customer_identifiers",
    "customers",
    "deliveries",
    "escalations",
    "messages",
    "ticket_ratings",
    "tickets",
    "turn_steps",
    "turns",
];

#[tokio::test]
async fn what_a_message_and_a_console_ask_for_is_found_by_an_index() {
    let url = fresh_database().await;
    fill(&url).await;

    let watch = client(&url).await;
    let (mut before, mut read) = (scans(&watch).await, fetched(&watch).await);
    for work in ["messages and turns", "upkeep", "a console", "a search"] {
        let records = store(&url);
        match work {
            "messages and turns" => turns(&records).await,
            "upkeep" => upkeep(&records).await,
            "a console" => console(&records).await,
            _ => search(&records).await,
        }
        records.close();
        let after = scans(&watch).await;
        for table in LARGE {
            assert_eq!(after[table], before[table], "{work} scanned {table}");
        }
        let now = fetched(&watch).await;
        // An index can be read whole as well.
        for table in ["agent_metrics", "turn_steps", "turns"] {
            let rows = now[table] - read[table];
            assert!(rows < CONVERSATIONS, "{work} read {rows} rows of {table}");
        }
        (before, read) = (after, now);
    }

    // A scan is detected.
    let scanning = client(&url).await;
    scanning.query("select count(*) from messages where content = 'x'", &[]).await.unwrap();
    drop(scanning);
    assert!(scans(&watch).await["messages"] > before["messages"]);
}

async fn fill(url: &str) {
    let filling = client(url).await;
    let range =
        format!("set fill.total = {CONVERSATIONS}; set fill.first = 1; set fill.last = {CONVERSATIONS};");
    filling.batch_execute(&format!("set synchronous_commit = off; {range}{FILL}")).await.unwrap();
    filling.batch_execute("analyze").await.unwrap();
}

/// The sequential scans of each table so far.
async fn scans(watch: &Client) -> BTreeMap<String, i64> {
    counted(watch, "select relname::text, seq_scan from pg_stat_user_tables").await
}

/// The rows of each table that were reached by an index so far.
async fn fetched(watch: &Client) -> BTreeMap<String, i64> {
    counted(watch, "select relname::text, coalesce(idx_tup_fetch, 0) from pg_stat_user_tables").await
}

/// What PostgreSQL has counted of each table when all other connections have ended: that is when they have reported.
async fn counted(watch: &Client, counts: &str) -> BTreeMap<String, i64> {
    eventually("the other connections end", LIMIT, async || {
        let others = "select count(*) from pg_stat_activity where datname = current_database() \
                      and pid <> pg_backend_pid() and backend_type = 'client backend'";
        let others: i64 = watch.query_one(others, &[]).await.unwrap().get(0);
        if others == 0 { Ok(()) } else { Err(others) }
    })
    .await;
    watch.query(counts, &[]).await.unwrap().iter().map(|row| (row.get(0), row.get(1))).collect()
}

async fn turns(records: &PgStore) {
    for number in 0..3 {
        let email = format!("new.{number}@example.com");
        let receipt = accept(records, submission(&email, &email)).await;
        accept(records, follow_up(receipt.ticket, &format!("follow-up {number}"))).await;
        let context = begin(records, receipt.conversation, process()).await.unwrap();
        let end = if number == 0 { escalate(&context) } else { answer(&context, "Like this.") };
        finish(records, end).await;
        records.publish_web_replies(10).await.unwrap();
        page(records, receipt.ticket).await;
        let request = PageRequest { before: None, limit: 100, max_bytes: i64::MAX };
        records.conversation(receipt.conversation, request).await.unwrap();
        records.spent(receipt.conversation).await.unwrap();
    }
    let leased = records.lease_outbox(vec![], 100).await.unwrap();
    let done = leased.iter().map(|row| row.id).collect();
    records.lease_outbox(done, 100).await.unwrap();
}

async fn upkeep(records: &PgStore) {
    let minute = Duration::from_secs(60);
    records.sweep(Sweep { idle_for: minute, again_after: minute, limit: 100 }).await.unwrap();
    records.backlog().await.unwrap();
    records.find_delays(minute, 100).await.unwrap();
    for channel in [Channel::Email, Channel::Whatsapp] {
        let request = LeaseRequest { channel, limit: 10, lease: minute };
        records.lease_deliveries(request, 10.0).await.unwrap();
        records.lease_in_doubt(request).await.unwrap();
        records.lease_attachments(request).await.unwrap();
    }
    records.lease_webhooks(vec![], 10, minute).await.unwrap();
    records.tidy_webhooks(100).await.unwrap();
    records.end_idle_tickets(IdleLimits::default(), 100).await.unwrap();
    records.forget_events(100).await.unwrap();
    records.lease_notices(10).await.unwrap();
    records.lease_reminder_mails(10).await.unwrap();
    records.sound_alarms(100).await.unwrap();
    records.remind_staff(100).await.unwrap();
    // Nothing is that old.
    let all = Some(400 * 24 * 60 * minute);
    let retention =
        Retention { messages: all, attachments: all, raw_mail: all, steps: all, audit: all, metrics: all };
    assert!(records.retain(retention, minute).await.unwrap().is_some());
}

async fn console(records: &PgStore) {
    let since = records.desk_position().await.unwrap();
    records.desk_changes(since).await.unwrap();
    for queue in DeskQueue::ALL {
        for order in QueueOrder::ALL {
            // The second page too. More often than a statement is planned for its parameters.
            let mut after = None;
            for _ in 0..2 {
                let request = QueueRequest {
                    viewer: SERVICE_ACCOUNT,
                    queue: *queue,
                    order: *order,
                    filter: QueueFilter { channel: Some(Channel::Email), ..QueueFilter::default() },
                    limit: 50,
                    after,
                };
                after = records.queue(request).await.unwrap().next;
            }
        }
    }
}

/// Words that all messages have, many, few and none. More often than a statement is planned for its parameters.
async fn search(records: &PgStore) {
    for words in ["asks", "dashboard", "yesterday finance", "workspace131", "Example7", "company77", "zzzzqq"]
    {
        records.search_desk(words.to_owned()).await.unwrap();
    }
}

/// The newest hits of a search, by what they are: the words, the kind of hit, its id, and the rows that have the words.
const NEWEST: [(&str, SearchKind, &str, &str); 8] = [
    ("asks", SearchKind::Message, "id", "messages where content like '%asks%'"),
    ("dashboard", SearchKind::Message, "id", "messages where content like '%dashboard%'"),
    ("noon finance", SearchKind::Message, "id", "messages where content like '% noon %finance%'"),
    ("in workspace131", SearchKind::Message, "id", "messages where content like '% in workspace131 %'"),
    ("the ", SearchKind::Conversation, "conversation_id", "tickets where subject like '%the %'"),
    (
        "team in folder",
        SearchKind::Conversation,
        "conversation_id",
        "tickets where subject like '%team in folder%'",
    ),
    ("exampLE", SearchKind::Customer, "id", "customers"),
    ("ann example12", SearchKind::Customer, "id", "customers where name like 'Ann Example12%'"),
];

/// Whichever share of the messages, tickets or customers has the words. A word that all messages have is read for the last
/// days only.
#[tokio::test]
async fn a_search_finds_the_newest_without_reading_all() {
    let url = fresh_database().await;
    fill(&url).await;
    let watch = client(&url).await;
    for (words, kind, id, rows) in NEWEST {
        let before = fetched(&watch).await["messages"];
        let records = store(&url);
        let hits = records.search_desk(words.to_owned()).await.unwrap();
        records.close();
        let read = fetched(&watch).await["messages"] - before;
        assert!(read < 1_000, "{words}: {read} messages were read");

        let newest = format!("select {id}::text from {rows} order by created_at desc limit 10");
        let newest = watch.query(&newest, &[]).await.unwrap();
        let newest: Vec<String> = newest.iter().map(|row| row.get(0)).collect();
        assert!(!newest.is_empty(), "{words}");
        let found: Vec<String> = hits.into_iter().filter(|hit| hit.kind == kind).map(|hit| hit.id).collect();
        assert_eq!(found, newest, "{words}");
    }
}
