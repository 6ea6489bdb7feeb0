//! HTTP client for tests: customers who retry until a post is accepted, with an Idempotency-Key on every post.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use reqwest::StatusCode;
use serde_json::{Value, json};
use tokio::sync::watch;

use super::served::TOKEN;
use super::wait::{LIMIT, becomes, eventually};

/// A question that the documents can answer.
pub const FORGOTTEN: &str = "I forgot my password, how do I get back into my account?";
/// Different questions that the documents can answer. One that is asked again goes to staff.
pub const QUESTIONS: [&str; 6] = [
    FORGOTTEN,
    "How do I enable 2FA?",
    "Can I have the menus in French instead of English?",
    "How do I put a picture of myself there instead of the initials?",
    "Does the search also read inside PDFs?",
    "Can I get one digest per day instead of single messages?",
];
/// A question that is escalated to staff.
pub const PRICING: &str = "How much does the Enterprise plan cost for 50 people?";
/// A message that needs no answer.
pub const THANKS: &str = "Thank you very much!";
/// A request may take as long as a stopped database delays it.
const REQUEST_WITHIN: Duration = Duration::from_secs(30);

/// The current base URL of the program: it changes when the program is restarted.
pub struct CurrentUrl {
    base: watch::Sender<String>,
    in_flight: InFlight,
}

impl CurrentUrl {
    pub fn at(base: &str) -> Self {
        Self { base: watch::Sender::new(base.to_owned()), in_flight: InFlight::default() }
    }

    pub fn move_to(&self, base: &str) {
        self.base.send_replace(base.to_owned());
    }

    /// Waits until no post is in flight to `base`, the URL before the move.
    pub async fn left(&self, base: &str) {
        becomes(base, 0, async || self.in_flight.count(base)).await;
    }

    pub fn customer(&self) -> Customer {
        let http = fte::http_client::builder().timeout(REQUEST_WITHIN).build().unwrap();
        Customer { http, endpoint: self.base.subscribe(), in_flight: self.in_flight.clone() }
    }
}

/// The number of posts in flight to each base URL.
#[derive(Clone, Default)]
struct InFlight(Arc<Mutex<HashMap<String, usize>>>);

impl InFlight {
    fn count(&self, base: &str) -> usize {
        self.0.lock().unwrap().get(base).copied().unwrap_or(0)
    }

    /// Counts a post until the returned guard is dropped. The URL is read under the lock: a caller who moves the
    /// endpoint first and then counts misses no post.
    fn begin(&self, endpoint: &watch::Receiver<String>) -> Flight {
        let mut counts = self.0.lock().unwrap();
        let base = endpoint.borrow().clone();
        *counts.entry(base.clone()).or_default() += 1;
        Flight { base, all: self.clone() }
    }
}

struct Flight {
    base: String,
    all: InFlight,
}

impl Drop for Flight {
    fn drop(&mut self) {
        *self.all.0.lock().unwrap().get_mut(&self.base).unwrap() -= 1;
    }
}

/// An accepted post.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Accepted {
    /// The raw body of the 201.
    pub body: String,
    /// The number of posts until it was accepted.
    pub tries: u32,
}

impl Accepted {
    /// A member of the body.
    pub fn get(&self, member: &str) -> String {
        let body: Value = serde_json::from_str(&self.body).unwrap();
        body[member].as_str().unwrap().to_owned()
    }

    pub fn ticket(&self) -> String {
        self.get("ticket_id")
    }
}

/// One HTTP client; clones share its connections.
#[derive(Clone)]
pub struct Customer {
    http: reqwest::Client,
    endpoint: watch::Receiver<String>,
    in_flight: InFlight,
}

impl Customer {
    /// A customer of a program at a fixed base URL.
    pub fn of(base: &str) -> Self {
        CurrentUrl::at(base).customer()
    }

    /// Whether the program was restarted since this customer was created.
    pub fn has_moved(&self) -> bool {
        self.endpoint.has_changed().unwrap()
    }

    pub async fn submit(&self, email: &str, key: &str, message: &str) -> Accepted {
        self.post("/support/submit", key, &form(email, message)).await
    }

    pub async fn follow_up(&self, ticket: &str, key: &str, message: &str) -> Accepted {
        self.post(&format!("/support/ticket/{ticket}/messages"), key, &json!({ "message": message })).await
    }

    /// Posts until there is a 201. Fails on any other response, except a temporary refusal or a lost connection.
    async fn post(&self, path: &str, key: &str, body: &Value) -> Accepted {
        let mut tries = 0;
        let accepted = async || {
            tries += 1;
            let sent = self.try_post(path, key, body).await;
            match sent {
                Ok((StatusCode::CREATED, body)) => Ok(Accepted { body, tries }),
                Ok((StatusCode::SERVICE_UNAVAILABLE | StatusCode::TOO_MANY_REQUESTS, _)) | Err(_) => {
                    Err(sent)
                }
                Ok((status, body)) => panic!("{path} answers {status}: {body}"),
            }
        };
        eventually(path, LIMIT, accepted).await.0
    }

    async fn try_post(&self, path: &str, key: &str, body: &Value) -> reqwest::Result<(StatusCode, String)> {
        let flight = self.in_flight.begin(&self.endpoint);
        let url = format!("{}{path}", flight.base);
        let request = self.http.post(url).header("Idempotency-Key", key).json(body);
        let response = request.send().await?;
        Ok((response.status(), response.text().await?))
    }

    /// Posts a submission once, without retries.
    pub async fn submit_once(
        &self,
        email: &str,
        key: &str,
        message: &str,
    ) -> reqwest::Result<reqwest::Response> {
        let request = self.http.post(self.url("/support/submit")).header("Idempotency-Key", key);
        request.json(&form(email, message)).send().await
    }

    /// Sends a GET request with the staff token.
    pub async fn get(&self, path: &str) -> reqwest::Result<reqwest::Response> {
        self.http.get(self.url(path)).bearer_auth(TOKEN).send().await
    }

    /// Sends a PUT request with JSON and the staff token.
    pub async fn put(&self, path: &str, body: &Value) -> reqwest::Result<reqwest::Response> {
        self.http.put(self.url(path)).bearer_auth(TOKEN).json(body).send().await
    }

    pub async fn json(&self, path: &str) -> Value {
        let response = self.get(path).await.unwrap();
        assert_eq!(response.status(), StatusCode::OK, "{path}");
        response.json().await.unwrap()
    }

    /// A sample of `/metrics`, such as `fte_pool_size` or `fte_actor_panics_total{actor="crm"}`; `None` until the
    /// program has counted it for the first time.
    pub async fn metric(&self, name: &str) -> Option<u64> {
        let text = self.get("/metrics").await.unwrap().text().await.unwrap();
        let line = text.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(' '))?;
        Some(line.trim().parse().unwrap())
    }

    /// The status of a component in the health report.
    pub async fn check(&self, name: &str) -> String {
        let report = self.json("/health").await;
        let checks = report["checks"].as_array().unwrap();
        let check = checks.iter().find(|check| check["name"] == name).unwrap();
        check["status"].as_str().unwrap().to_owned()
    }

    pub async fn ticket(&self, ticket: &str) -> Value {
        self.json(&format!("/support/ticket/{ticket}")).await
    }

    /// Waits until the ticket shows `count` messages that are not the customer's; returns the ticket.
    pub async fn replied(&self, ticket: &str, count: usize, limit: Duration) -> Value {
        let replied = async || {
            let view = self.ticket(ticket).await;
            if replies(&view).len() >= count { Ok(view) } else { Err(view) }
        };
        eventually(&format!("{count} replies"), limit, replied).await.0
    }

    fn url(&self, path: &str) -> String {
        format!("{}{path}", self.endpoint.borrow().as_str())
    }
}

fn form(email: &str, message: &str) -> Value {
    json!({
        "name": "Ann Example",
        "email": email,
        "subject": "A question about the product",
        "category": "technical",
        "message": message,
    })
}

/// The messages of a ticket that are not the customer's: their kind and text.
pub fn replies(ticket: &Value) -> Vec<(String, String)> {
    let messages = ticket["messages"].as_array().unwrap().iter();
    let ours = messages.filter(|message| message["role"] != "customer");
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    ours.map(|message| (text(&message["kind"]), text(&message["content"]))).collect()
}
