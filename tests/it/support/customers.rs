//! Customers who write until they are heard: every post has an Idempotency-Key, so that a repetition is safe.

use std::time::Duration;

use fte::clock;
use reqwest::StatusCode;
use serde_json::{Value, json};
use tokio::sync::watch;

use super::served::TOKEN;

/// A question that the documents answer.
pub const FORGOTTEN: &str = "I forgot my password, how do I get back into my account?";
/// What people must answer.
pub const PRICING: &str = "How much does the Enterprise plan cost for 50 people?";
/// What needs no answer.
pub const THANKS: &str = "Thank you very much!";
/// The pause before a request is repeated.
const PAUSE: Duration = Duration::from_millis(50);
/// A request may hang as long as a stopped database lets it.
const REQUEST_TIMEOUT: Duration = Duration::from_secs(30);
/// After this a customer has not been heard, and the test has failed.
const HEARD_TIMEOUT: Duration = Duration::from_secs(90);

/// Where customers find the program: it moves when the program is started again.
pub struct Door(watch::Sender<String>);

impl Door {
    pub fn at(base: &str) -> Self {
        Self(watch::Sender::new(base.to_owned()))
    }

    pub fn move_to(&self, base: &str) {
        self.0.send_replace(base.to_owned());
    }

    pub fn customer(&self) -> Customer {
        let http = fte::http_client::builder().timeout(REQUEST_TIMEOUT).build().unwrap();
        Customer { http, endpoint: self.0.subscribe() }
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
        let began = clock::monotonic();
        let mut tries = 0;
        loop {
            tries += 1;
            let sent = self.try_post(path, key, body).await;
            match sent {
                Ok((StatusCode::CREATED, body)) => return Accepted { body, tries },
                Ok((StatusCode::SERVICE_UNAVAILABLE, _)) | Err(_) => {}
                Ok((status, body)) => panic!("{path} answers {status}: {body}"),
            }
            assert!(
                clock::monotonic().duration_since(began) < HEARD_TIMEOUT,
                "{path}: never heard: {sent:?}"
            );
            tokio::time::sleep(PAUSE).await;
        }
    }

    async fn try_post(&self, path: &str, key: &str, body: &Value) -> reqwest::Result<(StatusCode, String)> {
        let request = self.http.post(self.url(path)).header("Idempotency-Key", key).json(body);
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

    pub async fn ticket(&self, ticket: &str) -> Value {
        self.json(&format!("/support/ticket/{ticket}")).await
    }

    /// The ticket as soon as it shows `count` messages that are not the customer's.
    pub async fn replied(&self, ticket: &str, count: usize, within: Duration) -> Value {
        let began = clock::monotonic();
        loop {
            let view = self.ticket(ticket).await;
            if replies(&view).len() >= count {
                return view;
            }
            assert!(clock::monotonic().duration_since(began) < within, "no reply within {within:?}: {view}");
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
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
