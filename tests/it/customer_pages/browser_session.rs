//! A browser on the customers' pages, as far as identity by proof needs one: it keeps its cookie.

use std::path::Path;

use reqwest::{Method, RequestBuilder};
use serde_json::{Value, json};

use crate::support::wait::{LIMIT, eventually};

pub struct CustomerBrowser {
    base: String,
    http: reqwest::Client,
    cookie: Option<String>,
}

impl CustomerBrowser {
    pub fn new(base: &str) -> Self {
        let http = fte::http_client::builder().no_proxy().build().unwrap();
        Self { base: base.to_owned(), http, cookie: None }
    }

    pub fn request(&self, method: &str, path: &str) -> RequestBuilder {
        let method = Method::from_bytes(method.as_bytes()).unwrap();
        let request = self.http.request(method, format!("{}{path}", self.base));
        match &self.cookie {
            Some(cookie) => request.header("Cookie", cookie),
            None => request,
        }
    }

    /// The status and the document of an answer.
    pub async fn call(&self, method: &str, path: &str, body: Option<Value>) -> (u16, Value) {
        let request = self.request(method, path);
        let request = if let Some(body) = body { request.json(&body) } else { request };
        let response = request.send().await.unwrap();
        let status = response.status().as_u16();
        let text = response.text().await.unwrap();
        (status, serde_json::from_str(&text).unwrap_or_default())
    }

    /// Asks for a code; returns the name of the request.
    pub async fn ask(&self, email: &str) -> String {
        let (status, asked) = self.call("POST", "/support/identity", Some(json!({"email": email}))).await;
        assert_eq!(status, 202, "{asked}");
        let members: Vec<&String> = asked.as_object().unwrap().keys().collect();
        assert_eq!(members, ["proof_id"], "it tells nothing");
        asked["proof_id"].as_str().unwrap().to_owned()
    }

    /// Types a code; keeps the cookie if it is right.
    pub async fn type_code(&mut self, proof: &str, code: &str, ticket: Option<&str>) -> (u16, Value) {
        let path = format!("/support/identity/{proof}/code");
        let mut body = json!({"code": code});
        if let Some(ticket) = ticket {
            body["ticket_id"] = json!(ticket);
        }
        let response = self.request("POST", &path).json(&body).send().await.unwrap();
        let status = response.status().as_u16();
        if let Some(set) = response.headers().get("set-cookie") {
            let set = set.to_str().unwrap().to_owned();
            assert!(set.contains("HttpOnly") && set.contains("SameSite=Strict"), "{set}");
            self.cookie = set.split(';').next().map(str::to_owned);
        }
        let mut answer: Value = response.json().await.unwrap();
        if let Some(members) = answer.as_object_mut() {
            members.remove("instance");
        }
        (status, answer)
    }

    /// The numbers of the listed tickets, or the code of the refusal.
    pub async fn tickets(&self) -> Result<Vec<String>, String> {
        let (status, document) = self.call("GET", "/support/tickets", None).await;
        if status != 200 {
            return Err(document["code"].as_str().unwrap().to_owned());
        }
        let items = document["items"].as_array().unwrap().iter();
        Ok(items.map(|item| item["ticket_number"].as_str().unwrap().to_owned()).collect())
    }
}

/// The mails with codes to an address, oldest first.
pub fn mails(data: &Path, address: &str) -> Vec<String> {
    let Ok(folder) = std::fs::read_dir(data.join("mail")) else {
        return Vec::new();
    };
    let mut paths: Vec<_> = folder.map(|file| file.unwrap().path()).collect();
    paths.retain(|path| path.extension().is_some_and(|extension| extension == "eml"));
    paths.sort();
    let mut mails: Vec<_> = paths.iter().map(|path| std::fs::read_to_string(path).unwrap()).collect();
    mails.retain(|mail| mail.starts_with(&format!("To: {address}\n")));
    mails
}

/// The code of the first mail after the first `before` ones.
pub async fn code(data: &Path, address: &str, before: usize) -> String {
    let mail = async || mails(data, address).get(before).cloned().ok_or(());
    let (mail, _) = eventually(&format!("a mail to {address}"), LIMIT, mail).await;
    mail.split_once("\n\n").unwrap().1.chars().filter(char::is_ascii_digit).collect()
}

/// A code that differs from `code`.
pub fn wrong(code: &str, by: u32) -> String {
    format!("{:06}", (code.parse::<u32>().unwrap() + by) % 1_000_000)
}
