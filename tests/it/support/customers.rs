//! Customers who write until they are heard: every post has an Idempotency-Key, so that a repetition is safe.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use reqwest::StatusCode;
use serde_json::{Value, json};
use tokio::sync::watch;

use super::served::TOKEN;
use super::wait::{LIMIT, becomes, eventually};

/// A question that the documents answer.
pub const FORGOTTEN: &str = "I forgot my password, how do I get back into my account?";
/// What people must answer.
pub const PRICING: &str = "How much does the Enterprise plan cost for 50 people?";
/// What needs no answer.
pub const THANKS: &str = "Thank you very much!";
/// A request may hang as long as a stopped database lets it.
const REQUEST_WITHIN: Duration = Duration::from_secs(30);

/// Where customers find the program: it moves when the program is started again.
pub struct Door {
    base: watch::Sender<String>,
    in_flight: InFlight,
}

impl Door {
    pub fn at(base: &str) -> Self {
        Self { base: watch::Sender::new(base.to_owned()), in_flight: InFlight::default() }
    }

    pub fn move_to(&self, base: &str) {
        self.base.send_replace(base.to_owned());
    }

    /// Waits until no post is in flight to `base`, from where the endpoint has moved.
    pub async fn left(&self, base: &str) {
        becomes(base, 0, async || self.in_flight.count(base)).await;
    }

    pub fn customer(&self) -> Customer {
        let http = fte::http_client::builder().timeout(REQUEST_WITHIN).build().unwrap();
        Customer { http, endpoint: self.base.subscribe(), in_flight: self.in_flight.clone() }
    }
}

/// How many posts are in flight to each place.
#[derive(Clone, Default)]
struct InFlight(Arc<Mutex<HashMap<String, usize>>>);

impl InFlight {
    fn count(&self, base: &str) -> usize {
        self.0.lock().unwrap().get(base).copied().unwrap_or(0)
    }

    /// Counts a post until the returned guard is dropped. Where it goes is read under the lock: whoever moves the endpoint
    /// first and counts then misses nobody.
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

/// A post that was accepted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Accepted {
    /// The body of the 201, byte by byte.
    pub body: String,
    /// Posts it took.
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
    /// A customer of a program that stays where it is.
    pub fn of(base: &str) -> Self {
        Door::at(base).customer()
    }

    /// Whether the program was started again since this customer came.
    pub fn has_moved(&self) -> bool {
        self.endpoint.has_changed().unwrap()
    }

    pub async fn submit(&self, email: &str, key: &str, message: &str) -> Accepted {
        self.post("/support/submit", key, &form(email, message)).await
    }

    pub async fn follow_up(&self, ticket: &str, key: &str, message: &str) -> Accepted {
        self.post(&format!("/support/ticket/{ticket}/messages"), key, &json!({ "message": message })).await
    }

    /// Posts until there is a 201. Anything but a refusal for now, or a lost connection, is a failure.
    async fn post(&self, path: &str, key: &str, body: &Value) -> Accepted {
        let mut tries = 0;
        let accepted = async || {
            tries += 1;
            let sent = self.try_post(path, key, body).await;
            match sent {
                Ok((StatusCode::CREATED, body)) => Ok(Accepted { body, tries }),
                Ok((StatusCode::SERVICE_UNAVAILABLE, _)) | Err(_) => Err(sent),
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

    /// One post of a submission, whatever comes of it.
    pub async fn submit_once(
        &self,
        email: &str,
        key: &str,
        message: &str,
    ) -> reqwest::Result<reqwest::Response> {
        let request = self.http.post(self.url("/support/submit")).header("Idempotency-Key", key);
        request.json(&form(email, message)).send().await
    }

    /// Gets something, with the staff's token.
    pub async fn get(&self, path: &str) -> reqwest::Result<reqwest::Response> {
        self.http.get(self.url(path)).bearer_auth(TOKEN).send().await
    }

    /// Puts JSON, with the staff's token.
    pub async fn put(&self, path: &str, body: &Value) -> reqwest::Result<reqwest::Response> {
        self.http.put(self.url(path)).bearer_auth(TOKEN).json(body).send().await
    }

    pub async fn json(&self, path: &str) -> Value {
        let response = self.get(path).await.unwrap();
        assert_eq!(response.status(), StatusCode::OK, "{path}");
        response.json().await.unwrap()
    }

    /// A sample of `/metrics`, such as `fte_pool_size` or `fte_actor_panics_total{actor="crm"}`; `None` until the program
    /// has counted it once.
    pub async fn metric(&self, name: &str) -> Option<u64> {
        let text = self.get("/metrics").await.unwrap().text().await.unwrap();
        let line = text.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(' '))?;
        Some(line.trim().parse().unwrap())
    }

    /// The state of a part of the program in its health report.
    pub async fn check(&self, name: &str) -> String {
        let report = self.json("/health").await;
        let checks = report["checks"].as_array().unwrap();
        let check = checks.iter().find(|check| check["name"] == name).unwrap();
        check["status"].as_str().unwrap().to_owned()
    }

    pub async fn ticket(&self, ticket: &str) -> Value {
        self.json(&format!("/support/ticket/{ticket}")).await
    }

    /// The ticket as soon as it shows `count` messages that are not the customer's.
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
