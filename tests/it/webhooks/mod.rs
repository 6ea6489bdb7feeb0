//! Tests of outgoing webhooks and of the audit list through the running program, with a receiver that verifies signatures
//! by an implementation of its own.

mod audit;
mod delivering;
mod managing;
mod receiver;

use fte::http_client;
use serde_json::{Value, json};

use crate::support::served::{Served, TOKEN};

/// An admin's program: it acts as the account `service`.
pub struct Program {
    base: String,
    http: reqwest::Client,
}

impl Program {
    pub fn of(served: &Served) -> Self {
        let http = http_client::builder().no_proxy().build().unwrap();
        Self { base: served.base.clone(), http }
    }

    pub async fn ask(&self, method: &str, path: &str, body: Option<Value>) -> (u16, Value) {
        self.ask_with_key(method, path, body, None).await
    }

    /// A request with an `Idempotency-Key`.
    pub async fn ask_with_key(
        &self,
        method: &str,
        path: &str,
        body: Option<Value>,
        key: Option<&str>,
    ) -> (u16, Value) {
        let method = reqwest::Method::from_bytes(method.as_bytes()).unwrap();
        let mut request = self.http.request(method, format!("{}{path}", self.base)).bearer_auth(TOKEN);
        if let Some(body) = body {
            request = request.json(&body);
        }
        if let Some(key) = key {
            request = request.header("Idempotency-Key", key);
        }
        let response = request.send().await.unwrap();
        (response.status().as_u16(), response.json().await.unwrap_or_default())
    }

    pub async fn get(&self, path: &str) -> Value {
        let (status, body) = self.ask("GET", path, None).await;
        assert_eq!(status, 200, "{path}: {body}");
        body
    }

    /// Adds an endpoint: its id and its secret.
    pub async fn add(&self, url: &str, types: &[&str]) -> (String, String) {
        let (status, body) =
            self.ask("POST", "/staff/webhooks", Some(json!({"url": url, "types": types}))).await;
        assert_eq!(status, 201, "{body}");
        (text(&body, "id"), text(&body, "secret"))
    }

    /// The newest event of an endpoint.
    pub async fn newest(&self, webhook: &str) -> Value {
        self.get(&format!("/staff/webhooks/{webhook}/deliveries?limit=1")).await["items"][0].clone()
    }
}

pub fn text(value: &Value, member: &str) -> String {
    value[member].as_str().unwrap_or_else(|| panic!("no {member}: {value}")).to_owned()
}

/// Serves a database; webhooks may be sent to the receiver at `origin`.
pub async fn serve(url: &str, origin: &str, more: &[(&str, &str)]) -> Served {
    let mut variables = vec![("WEBHOOK_ALLOWED_ORIGINS", origin)];
    variables.extend(more);
    Served::start(url, &variables).await
}
