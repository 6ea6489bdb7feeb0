//! A browser of staff, as far as the tests need one, and the accounts that it signs in to.

use reqwest::{Client, Method, Response};
use serde_json::{Value, json};

use crate::operations::commands::fte_with;

pub const COOKIE: &str = "fte_session";

/// An account with its password.
pub struct Account {
    pub email: String,
    pub password: String,
}

/// Creates an account by the command line.
pub async fn account(url: &str, email: &str, role: &str) -> Account {
    let created = run(url, &["staff", "add", email, "--name", "Ann Lee", "--role", role, "--json"]).await;
    Account { email: email.to_owned(), password: created["password"].as_str().unwrap().to_owned() }
}

/// The JSON that a command prints; it must succeed.
pub async fn run(url: &str, arguments: &[&str]) -> Value {
    let output = fte_with(url, arguments, "", &[]).await;
    assert!(output.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_slice(&output.stdout).unwrap()
}

/// A browser that keeps its session's cookie and token.
pub struct Browser {
    base: String,
    http: Client,
    pub cookie: Option<String>,
    pub csrf: Option<String>,
}

impl Browser {
    pub fn new(base: &str) -> Self {
        let http = fte::http_client::builder().no_proxy().build().unwrap();
        Self { base: base.to_owned(), http, cookie: None, csrf: None }
    }

    /// One in which somebody has planted a cookie.
    pub fn with_cookie(base: &str, cookie: Option<String>) -> Self {
        Self { cookie, ..Self::new(base) }
    }

    pub fn base(&self) -> &str {
        &self.base
    }

    pub async fn send(&self, method: &str, path: &str, body: Option<Value>) -> Response {
        let method = Method::from_bytes(method.as_bytes()).unwrap();
        let mut request = self.http.request(method, format!("{}{path}", self.base));
        if let Some(cookie) = &self.cookie {
            request = request.header("Cookie", format!("other=1; {COOKIE}={cookie}"));
        }
        if let Some(csrf) = &self.csrf {
            request = request.header("X-CSRF-Token", csrf);
        }
        if let Some(body) = body {
            request = request.json(&body);
        }
        request.send().await.unwrap()
    }

    /// Sends a file as the body of a POST.
    pub async fn upload(&self, path: &str, content_type: &str, bytes: &[u8]) -> Response {
        let request = self.http.post(format!("{}{path}", self.base)).header("Content-Type", content_type);
        let request = request.header("Cookie", format!("{COOKIE}={}", self.cookie.as_deref().unwrap()));
        let request = request.header("X-CSRF-Token", self.csrf.as_deref().unwrap());
        request.body(bytes.to_vec()).send().await.unwrap()
    }

    /// The status and the code of a refusal, or an empty code.
    pub async fn outcome(&self, method: &str, path: &str, body: Option<Value>) -> (u16, String) {
        let response = self.send(method, path, body).await;
        let status = response.status().as_u16();
        let document: Value = response.json().await.unwrap_or_default();
        (status, document["code"].as_str().unwrap_or_default().to_owned())
    }

    /// Tries to sign in; a session is kept.
    pub async fn sign_in(&mut self, account: &Account, code: Option<&str>) -> (u16, String) {
        let mut body = json!({"email": account.email, "password": account.password});
        if let Some(code) = code {
            body["code"] = json!(code);
        }
        let response = self.send("POST", "/staff/session", Some(body)).await;
        let status = response.status().as_u16();
        let set = response.headers().get("set-cookie").map(|cookie| cookie.to_str().unwrap().to_owned());
        let document: Value = response.json().await.unwrap_or_default();
        if status == 201 {
            let set = set.unwrap();
            let (pair, attributes) = set.split_once(';').unwrap();
            assert_eq!(attributes, " Path=/; HttpOnly; SameSite=Strict; Max-Age=604800");
            self.cookie = Some(pair.strip_prefix("fte_session=").unwrap().to_owned());
            self.csrf = Some(document["csrf_token"].as_str().unwrap().to_owned());
        }
        (status, document["code"].as_str().unwrap_or_default().to_owned())
    }

    pub async fn is_signed_in(&self) -> bool {
        match self.send("GET", "/staff/session", None).await.status().as_u16() {
            200 => true,
            401 => false,
            other => panic!("{other}"),
        }
    }
}
