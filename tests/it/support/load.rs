//! Load generator: customers who all write at the same time, and a check that the records contain every acknowledged
//! message.

use std::time::Duration;

use futures_util::future::join_all;

use super::customers::{Accepted, CurrentUrl, Customer, FORGOTTEN, PRICING, QUESTIONS, THANKS};
use super::postgres::client;
use super::verdict::count;
use super::wait::pause;

/// Concurrent customers, each writing one message after the other.
const CUSTOMERS: usize = 16;
/// The pause between two messages of a customer.
const PAUSE: Duration = Duration::from_millis(30);

#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Load {
    Mixed,
    /// Every turn has steps to record and no newer message arrives, so that a crashed turn must be resumed.
    Questions,
}

/// A message that the program has acknowledged.
pub struct Post {
    pub accepted: Accepted,
    pub opens: bool,
}

pub async fn load(endpoint: &CurrentUrl, messages: usize, load: Load) -> Vec<Post> {
    let each = messages.div_ceil(CUSTOMERS);
    let sent = join_all((0..CUSTOMERS).map(|n| writes(endpoint.customer(), n, each, load))).await;
    sent.into_iter().flatten().collect()
}

/// One customer's messages: questions for the documents and for staff, and follow-ups to the first of them. At least
/// `messages` of them, and further ones until the program has crashed and restarted.
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
                let text = if n % 2 == 0 { QUESTIONS[1 + n / 6 % (QUESTIONS.len() - 1)] } else { THANKS };
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

/// Fails unless the records contain each acknowledged message once, and no others except those the test stored before.
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
    // A conversation goes to staff when the customer asks the same again; its later messages wait for them.
    let waiting = "select count(*) from messages m join conversations c on c.id = m.conversation_id
                   where m.direction = 'inbound' and m.answered_by is null and c.status = 'active'";
    assert_eq!(count(&database, waiting).await, 0, "{name}: not answered");
}
