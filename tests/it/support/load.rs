//! Customers who all write at the same time, and whether the records hold what was acknowledged to them.

use std::time::Duration;

use futures_util::future::join_all;

use super::customers::{Accepted, Customer, Door, FORGOTTEN, PRICING, THANKS};
use super::postgres::client;
use super::verdict::count;
use super::wait::pause;

/// Customers writing at the same time, each one message after the other.
const CUSTOMERS: usize = 16;
/// Between two messages of a customer.
const PAUSE: Duration = Duration::from_millis(30);

#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Load {
    Mixed,
    /// Every turn has steps to record and nothing newer comes, so that a turn that died must be gone on with.
    Questions,
}

/// A message that the program has acknowledged.
pub struct Post {
    pub accepted: Accepted,
    pub opens: bool,
}

pub async fn load(endpoint: &Door, messages: usize, load: Load) -> Vec<Post> {
    let each = messages.div_ceil(CUSTOMERS);
    let sent = join_all((0..CUSTOMERS).map(|n| writes(endpoint.customer(), n, each, load))).await;
    sent.into_iter().flatten().collect()
}

/// One customer's messages: questions for the documents and for people, and more to the first of them. As many as
/// were asked for, and on until the program has died and come back.
async fn writes(customer: Customer, number: usize, messages: usize, load: Load) -> Vec<Post> {
    let email = format!("customer-{number}@example.com");
    let mut posts: Vec<Post> = Vec::new();
    for n in 0.. {
        if n >= messages && customer.has_moved() {
            break;
        }
        let key = format!("{number}-{n}");
        let first = posts.first().map(|post| post.accepted.ticket());
        let post = match (n % 3, first) {
            (2, Some(ticket)) if load == Load::Mixed => {
                let text = if n % 2 == 0 { FORGOTTEN } else { THANKS };
                Post { accepted: customer.follow_up(&ticket, &key, text).await, opens: false }
            }
            (nth, _) => {
                let text = if nth == 1 && load == Load::Mixed { PRICING } else { FORGOTTEN };
                Post { accepted: customer.submit(&email, &key, text).await, opens: true }
            }
        };
        posts.push(post);
        pause("the pace of a customer", PAUSE).await;
    }
    posts
}

/// The records hold what was acknowledged, each once, and nothing else beside what the test left before.
pub async fn assert_all_stored(url: &str, posts: &[Post], name: &str) {
    let database = client(url).await;
    let opened = posts.iter().filter(|post| post.opens);
    let tickets: Vec<String> = opened.map(|post| post.accepted.ticket()).collect();
    let followed = posts.iter().filter(|post| !post.opens);
    let messages: Vec<String> = followed.map(|post| post.accepted.get("message_id")).collect();
    for (acknowledged, query) in [
        (&tickets, "select count(*) from tickets where id::text = any ($1)"),
        (&messages, "select count(*) from messages where id::text = any ($1)"),
    ] {
        let stored: i64 = database.query_one(query, &[acknowledged]).await.unwrap().get(0);
        assert_eq!(usize::try_from(stored), Ok(acknowledged.len()), "{name}: {query}");
    }
    let inbound = "select count(*) from messages m join conversations c on c.id = m.conversation_id
                   join customers u on u.id = c.customer_id
                   join customer_identifiers i on i.customer_id = u.id
                   where m.direction = 'inbound' and i.value <> 'ann@example.com'";
    assert_eq!(usize::try_from(count(&database, inbound).await), Ok(posts.len()), "{name}: stored twice");
    let waiting = "select count(*) from messages where direction = 'inbound' and answered_by is null";
    assert_eq!(count(&database, waiting).await, 0, "{name}: never settled");
}
