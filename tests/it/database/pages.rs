//! The cost of a turn in pages read: it must not grow with the number of customers.

use fte::clock;
use serde_json::Value;
use tokio_postgres::Client;
use uuid::Uuid;

use crate::support::postgres::{client, fresh_database};
use crate::support::records::{accept, store, submission};

const CUSTOMERS: i64 = 20_000;
const CONVERSATIONS: usize = 32;
/// About 35 are read; one scan of the addresses would add 200.
const PAGES_A_CONVERSATION: u64 = 80;

#[tokio::test]
async fn beginning_a_turn_reads_few_pages_however_many_customers_there_are() {
    let url = fresh_database().await;
    let (store, client) = (store(&url), client(&url).await);
    client
        .execute(
            "with added as (
                 insert into customers (id, name) select gen_random_uuid(), 'Ann' from generate_series(1, $1::bigint)
                 returning id)
             insert into customer_identifiers (kind, value, customer_id)
             select 'email', id || '@load.example', id from added",
            &[&CUSTOMERS],
        )
        .await
        .unwrap();
    let mut conversations: Vec<Uuid> = Vec::new();
    for number in 0..CONVERSATIONS {
        let email = format!("customer.{number}@example.com");
        conversations.push(accept(&store, submission(&email, &email)).await.conversation.0);
    }
    let turns: Vec<Uuid> = conversations.iter().map(|_| clock::new_v7()).collect();
    let owners = vec![clock::new_v7(); conversations.len()];

    // The first call of a connection also reads the catalogue.
    let (first, rest) = (1, CONVERSATIONS - 1);
    pages(&client, &conversations[..first], &turns[..first], &owners[..first]).await;
    let pages = pages(&client, &conversations[first..], &turns[first..], &owners[first..]).await;
    assert!(pages < PAGES_A_CONVERSATION * rest as u64, "{pages} pages for {rest} conversations");
}

/// Begins the turns and returns the pages that were read.
async fn pages(client: &Client, conversations: &[Uuid], turns: &[Uuid], owners: &[Uuid]) -> u64 {
    let explained: Value = client
        .query_one(
            "explain (analyze, buffers, format json)
             select * from begin_turns($1, $2, $3, interval '30 seconds', 20)",
            &[&conversations, &turns, &owners],
        )
        .await
        .unwrap()
        .get(0);
    let plan = &explained[0]["Plan"];
    assert_eq!(plan["Actual Rows"].as_f64(), Some(conversations.len() as f64), "every turn begins");
    plan["Shared Hit Blocks"].as_u64().unwrap() + plan["Shared Read Blocks"].as_u64().unwrap()
}
