//! Load generator: many customers, each with one message after the other and a new ticket for every few of them.
//! Environment variables set the sizes.

use std::time::Duration;

use futures_util::future::join_all;

use super::customers::{CurrentUrl, QUESTIONS};
use super::load::Post;
use super::process::argument;
use super::wait::pause;

/// The pause between two messages of a customer.
const PAUSE: Duration = Duration::from_millis(100);

/// A test size: `name` from the environment, otherwise the small default.
pub fn size(name: &str, every_day: usize) -> usize {
    argument(name).map_or(every_day, |number| number.parse().unwrap())
}

/// All customers write `each` messages, and further ones while `goes_on` returns true.
pub async fn crowd(
    endpoint: &CurrentUrl,
    customers: usize,
    each: usize,
    goes_on: impl Fn() -> bool,
) -> Vec<Post> {
    let sent = join_all((0..customers).map(|number| writes(endpoint, number, each, &goes_on))).await;
    sent.into_iter().flatten().collect()
}

async fn writes(endpoint: &CurrentUrl, number: usize, each: usize, goes_on: &impl Fn() -> bool) -> Vec<Post> {
    let customer = endpoint.customer();
    let email = format!("customer-{number}@example.com");
    let mut posts: Vec<Post> = Vec::new();
    let mut ticket = String::new();
    while posts.len() < each || goes_on() {
        let key = format!("{number}-{}", posts.len());
        let nth = posts.len() % QUESTIONS.len();
        let opens = nth == 0;
        let accepted = if opens {
            customer.submit(&email, &key, QUESTIONS[nth]).await
        } else {
            customer.follow_up(&ticket, &key, QUESTIONS[nth]).await
        };
        if opens {
            ticket = accepted.ticket();
        }
        posts.push(Post { accepted, opens });
        pause("the pace of a customer", PAUSE).await;
    }
    posts
}
