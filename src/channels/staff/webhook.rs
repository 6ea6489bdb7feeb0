//! Webhook adapter for staff notifications: posts a notice in the format of its chat service, which answers with a 2xx.

use std::future::Future;
use std::pin::Pin;
use std::time::Duration;

use secrecy::{ExposeSecret, SecretString};

use super::format::body;
use super::{TellError, TellStaff};
use crate::domain::conversations::escalation::Notice;
use crate::domain::conversations::notice_format::NoticeFormat;

/// Timeout of a request; shorter than the lease on a notice.
const TIMEOUT: Duration = Duration::from_secs(5);

/// A webhook. Its URL grants write access to the staff channel, so it is kept out of logs and errors.
pub struct Webhook {
    http: reqwest::Client,
    url: SecretString,
    format: NoticeFormat,
}

impl Webhook {
    /// Sends nothing.
    pub fn new(url: SecretString, format: NoticeFormat) -> Result<Self, reqwest::Error> {
        let http = crate::http_client::builder()
            .timeout(TIMEOUT)
            .redirect(reqwest::redirect::Policy::none())
            .build()?;
        Ok(Self { http, url, format })
    }
}

impl TellStaff for Webhook {
    fn tell(&self, notice: &Notice) -> Pin<Box<dyn Future<Output = Result<(), TellError>> + Send>> {
        let request = self
            .http
            .post(self.url.expose_secret())
            // Lets a receiver that supports the header deduplicate a repetition after a crash between its answer and
            // our commit.
            .header("Idempotency-Key", notice.key.to_string())
            .json(&body(self.format, notice));
        Box::pin(async move {
            let response = request
                .send()
                .await
                .map_err(|error| TellError::Unreachable(error.without_url().to_string()))?;
            if response.status().is_success() {
                return Ok(());
            }
            Err(TellError::Refused {
                status: response.status().as_u16(),
                retry_after: crate::http_client::retry_after(&response),
            })
        })
    }
}
