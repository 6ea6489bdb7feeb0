//! Fixture with the fake Twilio: a program whose WhatsApp channel uses a fake in this process, and customers who write
//! to it.

use std::time::Duration;

use fte::channels::whatsapp::sandbox::{Sandbox, SandboxFaults, SandboxSettings};
use fte::channels::whatsapp::{Form, SIGNATURE, sign};
use fte::domain::customers::contact::Phone;
use futures_util::stream::{self, StreamExt};
use reqwest::StatusCode;
use secrecy::SecretString;

use super::served::Served;
use super::wait::{LIMIT, eventually};

pub const ACCOUNT: &str = "AC0123456789abcdef0123456789abcdef";
pub const TWILIO_TOKEN: &str = "twilio-token";
pub const NUMBER: &str = "+14155238886";
/// Concurrent webhooks.
const AT_ONCE: usize = 32;

/// The fake, and the settings that connect a program to it.
pub struct FakeTwilio {
    pub sandbox: Sandbox,
    http: reqwest::Client,
}

impl FakeTwilio {
    pub fn open() -> Self {
        let sandbox = Sandbox::start(SandboxSettings {
            port: 0,
            account_sid: ACCOUNT.to_owned(),
            token: SecretString::from(TWILIO_TOKEN),
            number: Phone::parse(NUMBER).unwrap(),
        });
        let http = fte::http_client::builder().no_proxy().timeout(LIMIT).build().unwrap();
        Self { sandbox: sandbox.unwrap(), http }
    }

    pub fn with(faults: SandboxFaults) -> Self {
        let twilio = Self::open();
        twilio.sandbox.set_faults(faults);
        twilio
    }

    /// Serves a database with this fake for its WhatsApp channel, and additional `variables`.
    pub async fn serve(&self, url: &str, variables: &[(&str, &str)]) -> Served {
        let origins = self.sandbox.origins().join(",");
        let mut all = self.variables(&origins);
        all.extend_from_slice(variables);
        Served::start(url, &all).await
    }

    /// The variables that connect a program to the fake; `origins` are those of the fake's media.
    pub fn variables<'a>(&'a self, origins: &'a str) -> Vec<(&'a str, &'a str)> {
        vec![
            ("TWILIO_ACCOUNT_SID", ACCOUNT),
            ("TWILIO_AUTH_TOKEN", TWILIO_TOKEN),
            ("TWILIO_WHATSAPP_NUMBER", NUMBER),
            ("TWILIO_API_BASE_URL", self.sandbox.url()),
            ("TWILIO_MESSAGES_PER_SECOND", "1000"),
            ("MEDIA_ALLOWED_ORIGINS", origins),
        ]
    }

    /// Posts one signed webhook, once; returns the status.
    pub async fn post(&self, base: &str, path: &str, form: &Form) -> reqwest::Result<StatusCode> {
        let url = format!("{base}{path}");
        let signature = sign(&SecretString::from(TWILIO_TOKEN), &url, form);
        let request = self
            .http
            .post(url)
            .header(SIGNATURE, signature)
            .header("content-type", "application/x-www-form-urlencoded")
            .body(form.encode());
        Ok(request.send().await?.status())
    }

    /// Posts a message that must be accepted.
    pub async fn write(&self, base: &str, form: &Form) {
        self.hand_in(base, "/webhooks/whatsapp", form, StatusCode::OK).await;
    }

    /// Posts many at once; retries when the program is overloaded, as Twilio does with `rp=5xx`.
    pub async fn write_all(&self, base: &str, forms: Vec<Form>) {
        stream::iter(forms).for_each_concurrent(AT_ONCE, async |form| self.write(base, &form).await).await;
    }

    pub async fn report_all(&self, base: &str, reports: Vec<(String, Form)>) {
        let report = async |(query, form): (String, Form)| {
            let path = format!("/webhooks/whatsapp/status?{query}");
            self.hand_in(base, &path, &form, StatusCode::NO_CONTENT).await;
        };
        stream::iter(reports).for_each_concurrent(AT_ONCE, report).await;
    }

    async fn hand_in(&self, base: &str, path: &str, form: &Form, expected: StatusCode) {
        let taken = async || match self.post(base, path, form).await {
            Ok(status) if status == expected => Ok(()),
            Ok(status @ StatusCode::SERVICE_UNAVAILABLE) => Err(status),
            other => panic!("{path} answers {other:?}"),
        };
        eventually(path, LIMIT, taken).await;
    }

    /// The texts sent to a number, oldest first.
    pub fn texts_to(&self, number: &str) -> Vec<String> {
        let to = format!("whatsapp:{number}");
        self.sandbox.ledger().sent().filter(|entry| entry.to == to).map(|entry| entry.body.clone()).collect()
    }

    /// Waits until `count` messages were sent to a number, and returns them.
    pub async fn replied(&self, number: &str, count: usize, limit: Duration) -> Vec<String> {
        let texts = async || {
            let texts = self.texts_to(number);
            if texts.len() >= count { Ok(texts) } else { Err(texts) }
        };
        eventually(&format!("{count} messages to {number}"), limit, texts).await.0
    }
}
