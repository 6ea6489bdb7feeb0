//! Erasure: no trace of the customer, the counts are kept, other customers lose nothing.

use serde_json::{Value, json};

use super::marked::{MARKER, marked, store, traces};
use crate::accounts::client::{Browser, account, run};
use crate::mcp::client::{McpClient, token};
use crate::operations::commands::fte_with;
use crate::support::customers::{Customer, FORGOTTEN};
use crate::support::postgres::{client, fresh_database};
use crate::support::served::{Served, TOKEN};
use crate::support::verdict::{count, none_left};
use crate::support::wait::LIMIT;

async fn post(base: &str, token: &str, path: &str, body: &Value) -> (u16, Value) {
    let http = fte::http_client::builder().no_proxy().build().unwrap();
    let response = http.post(format!("{base}{path}")).bearer_auth(token).json(body).send().await.unwrap();
    (response.status().as_u16(), response.json().await.unwrap())
}

/// What must be the same before and after.
async fn counts(url: &str) -> Vec<i64> {
    let database = client(url).await;
    let mut counts = Vec::new();
    for table in [
        "customers",
        "conversations",
        "tickets",
        "messages",
        "deliveries",
        "turns",
        "agent_metrics",
        "escalations",
    ] {
        counts.push(count(&database, &format!("select count(*) from {table}")).await);
    }
    counts
}

#[tokio::test]
async fn an_erased_customer_leaves_no_trace_and_the_counts_stay() {
    let url = fresh_database().await;
    let served = Served::start(&url, &[]).await;
    let ann = marked(&url, &served).await;
    let bob = Customer::of(&served.base).submit("bob@example.com", "1", FORGOTTEN).await.ticket();
    let before_bob = Customer::of(&served.base).replied(&bob, 1, LIMIT).await;
    let database = client(&url).await;
    assert!(traces(&database, served.data_dir()).await.len() > 20);
    let before = counts(&url).await;
    let own = McpClient::new(&served.base, &token(&url, &["--customer", &ann.customer]).await);

    let path = format!("/staff/customers/{}/erase", ann.customer);
    let (status, receipt) = post(&served.base, TOKEN, &path, &json!({"confirm": ann.customer})).await;
    assert_eq!(status, 200, "{receipt}");
    assert_eq!(traces(&database, served.data_dir()).await, Vec::<String>::new());
    assert!(!ann.file.exists() && !ann.raw.exists());
    assert_eq!(counts(&url).await, before);
    let shown = &receipt["counts"];
    for (kind, expected) in
        [("customers", 2), ("identifiers", 2), ("conversations", 1), ("tickets", 1), ("files", 3)]
    {
        assert_eq!(shown[kind], expected, "{kind}: {receipt}");
    }
    let stored = "select count(*) from erasures where counts::jsonb = $1";
    let row = database.query_one(stored, &[shown]).await.unwrap();
    assert_eq!(row.get::<_, i64>(0), 1, "the receipt is stored");
    assert_eq!(count(&database, "select count(*) from audit_log where action = 'customer.erased'").await, 1);

    // Done again, it is the same receipt; the customer can't come back, and their token is over.
    assert_eq!(post(&served.base, TOKEN, &path, &json!({"confirm": ann.customer})).await, (200, receipt));
    assert_eq!(count(&database, "select count(*) from erasures").await, 1);
    let view = Customer::of(&served.base).ticket(&ann.ticket).await;
    assert_eq!((&view["status"], &view["subject"]), (&json!("closed"), &json!("[erased]")));
    let path = format!("/support/ticket/{}/messages", ann.ticket);
    assert_eq!(post(&served.base, TOKEN, &path, &json!({"message": "Hello?"})).await.0, 409);
    assert_eq!(own.send("tools/list", json!({})).await.status(), 401);
    assert_eq!(Customer::of(&served.base).ticket(&bob).await, before_bob, "others lose nothing");
}

#[tokio::test]
async fn an_erasure_is_for_admins_and_must_be_confirmed() {
    let url = fresh_database().await;
    let served = Served::start(&url, &[]).await;
    let ticket = Customer::of(&served.base).submit("ann@example.com", "1", FORGOTTEN).await.ticket();
    let database = client(&url).await;
    let row = database.query_one("select id::text from customers", &[]).await.unwrap();
    let customer: String = row.get(0);
    let path = format!("/staff/customers/{customer}/erase");
    let confirmed = json!({"confirm": customer});
    let agent = account(&url, "ann@example.org", "agent").await;
    let mut browser = Browser::new(&served.base);
    browser.sign_in(&agent, None).await;
    let refused = (403, "admin_required".to_owned());
    assert_eq!(browser.outcome("POST", &path, Some(confirmed.clone())).await, refused);
    let export = format!("/staff/customers/{customer}/export");
    assert_eq!(browser.outcome("GET", &export, None).await, refused);
    let reader = token(&url, &["--scope", "read"]).await;
    assert_eq!(post(&served.base, &reader, &path, &confirmed).await.0, 403);
    for wrong in [json!({}), json!({"confirm": "yes"}), json!({"confirm": ticket})] {
        let (status, problem) = post(&served.base, TOKEN, &path, &wrong).await;
        assert_eq!((status, &problem["errors"][0]["field"]), (422, &json!("confirm")), "{wrong}");
    }
    let unknown = "0197c9b2-5d1e-7c63-9a51-0d2f6a3b8c41";
    let path = format!("/staff/customers/{unknown}/erase");
    assert_eq!(post(&served.base, TOKEN, &path, &json!({"confirm": unknown})).await.0, 404);
    assert_eq!(count(&database, "select count(*) from customers where name = '[erased]'").await, 0);

    let without = fte_with(&url, &["customer", "erase", &customer], "", &[]).await;
    assert_eq!(without.status.code(), Some(2), "--yes is required");
    let unknown = fte_with(&url, &["customer", "erase", unknown, "--yes"], "", &[]).await;
    assert_eq!(unknown.status.code(), Some(2));
    let erased = run(&url, &["customer", "erase", &customer, "--yes", "--json"]).await;
    assert_eq!(
        (&erased["customer_id"], &erased["counts"]["messages"].is_number()),
        (&json!(customer), &true)
    );
}

#[tokio::test]
async fn a_file_that_others_share_stays_until_the_last_of_them_goes() {
    let url = fresh_database().await;
    let served = Served::start(&url, &[("AGENT_POOL_SIZE", "0")]).await;
    let database = client(&url).await;
    let (digest, path) = store(served.data_dir(), format!("a form of {MARKER}").as_bytes());
    let mut customers: Vec<String> = Vec::new();
    for email in ["ann@example.com", "bob@example.com"] {
        let ticket = Customer::of(&served.base).submit(email, "1", FORGOTTEN).await.ticket();
        let attach = "insert into attachments (message_id, channel, position, url, announced_type, state, sha256)
                      select m.id, 'web_form', 1, 'https://files.example.com/1', 'text/plain', 'stored', decode($2, 'hex')
                      from messages m join tickets t using (conversation_id) where t.id::text = $1";
        database.execute(attach, &[&ticket, &digest]).await.unwrap();
        let owner =
            "select c.customer_id::text from conversations c join tickets t on t.conversation_id = c.id
                     where t.id::text = $1";
        customers.push(database.query_one(owner, &[&ticket]).await.unwrap().get(0));
    }
    for (customer, stays) in customers.iter().zip([true, false]) {
        let path_of_erasure = format!("/staff/customers/{customer}/erase");
        let (status, receipt) =
            post(&served.base, TOKEN, &path_of_erasure, &json!({"confirm": customer})).await;
        assert_eq!((status, &receipt["counts"]["files"]), (200, &json!(i64::from(!stays))), "{receipt}");
        assert_eq!(path.exists(), stays);
    }
}

#[tokio::test]
async fn whoever_wants_no_messages_still_wants_none_after_an_erasure() {
    let url = fresh_database().await;
    let served = Served::start(&url, &[("AGENT_POOL_SIZE", "0")]).await;
    let database = client(&url).await;
    let ann = Customer::of(&served.base);
    ann.submit("ann@example.com", "1", FORGOTTEN).await;
    ann.submit("bob@example.com", "1", FORGOTTEN).await;
    let stop = "update customer_identifiers set opted_out_at = '2026-01-01' where value = 'ann@example.com'";
    database.batch_execute(stop).await.unwrap();
    for row in database.query("select id::text from customers", &[]).await.unwrap() {
        let customer: String = row.get(0);
        run(&url, &["customer", "erase", &customer, "--yes", "--json"]).await;
    }
    assert_eq!(count(&database, "select count(*) from customer_identifiers").await, 0);
    ann.submit("ann@example.com", "2", FORGOTTEN).await;
    ann.submit("bob@example.com", "2", FORGOTTEN).await;
    let out = "select value from customer_identifiers where opted_out_at = '2026-01-01'";
    let rows = database.query(out, &[]).await.unwrap();
    assert_eq!(rows.iter().map(|row| row.get::<_, String>(0)).collect::<Vec<_>>(), ["ann@example.com"]);
}

#[tokio::test]
async fn a_customer_with_ten_thousand_messages_is_erased() {
    let url = fresh_database().await;
    let served = Served::start(&url, &[("AGENT_POOL_SIZE", "0")]).await;
    let ticket = Customer::of(&served.base).submit("ann@example.com", "1", FORGOTTEN).await.ticket();
    let database = client(&url).await;
    let more = "insert into messages select (jsonb_populate_record(m, jsonb_build_object(
                    'id', gen_random_uuid(), 'seq', m.seq + n, 'external_id', gen_random_uuid()))).*
                from messages m, generate_series(1, 9999) n";
    database.batch_execute(more).await.unwrap();
    let owner = "select customer_id::text from conversations c join tickets t on t.conversation_id = c.id
                 where t.id::text = $1";
    let customer: String = database.query_one(owner, &[&ticket]).await.unwrap().get(0);
    let path = format!("/staff/customers/{customer}/erase");
    let (status, receipt) = post(&served.base, TOKEN, &path, &json!({"confirm": customer})).await;
    assert_eq!((status, &receipt["counts"]["messages"]), (200, &json!(10_000)), "{receipt}");
    assert_eq!(count(&database, "select count(*) from messages where content <> '[erased]'").await, 0);
}

#[tokio::test]
async fn an_erasure_waits_for_the_proof_of_an_address_without_a_deadlock() {
    let url = fresh_database().await;
    let served = Served::start(&url, &[("AGENT_POOL_SIZE", "0")]).await;
    Customer::of(&served.base).submit("ann@example.com", "1", FORGOTTEN).await;
    let (database, proof) = (client(&url).await, client(&url).await);
    let ask = "insert into link_challenges (id, conversation_id, customer_id, email, state, expires_at)
               select gen_random_uuid(), id, customer_id, 'ann@example.com', 'proved', now() + interval '1 hour'
               from conversations";
    // The test does what the program would do with it.
    database.batch_execute(&format!("{ask}; update link_challenges set due_at = null")).await.unwrap();
    let customer: String = database.query_one("select id::text from customers", &[]).await.unwrap().get(0);
    proof.batch_execute("begin; update link_challenges set state = 'used'").await.unwrap();
    let path = format!("/staff/customers/{customer}/erase");
    let body = json!({"confirm": customer});
    let waits = "select (not exists (select from pg_stat_activity
                 where datname = current_database() and wait_event_type = 'Lock'))::int::bigint";
    let goes_on = async {
        none_left(&url, waits, LIMIT).await;
        proof.batch_execute("update customer_identifiers set attested = true; commit").await.unwrap();
    };
    let (erased, ()) = tokio::join!(post(&served.base, TOKEN, &path, &body), goes_on);
    assert_eq!(erased.0, 200, "{}", erased.1);
    assert_eq!(count(&database, "select count(*) from link_challenges").await, 0);
}
