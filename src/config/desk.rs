//! Settings of staff notifications.

use actix_web::http::Uri;
use secrecy::{ExposeSecret, SecretString};

use super::http::is_web_authority;
use super::reader::Reader;
use crate::domain::conversations::notice_format::NoticeFormat;

#[derive(Clone, Debug)]
pub struct DeskConfig {
    /// `ESCALATION_WEBHOOK_URL`; a secret, because whoever knows it can post to the staff's channel.
    pub webhook_url: Option<SecretString>,
    /// `ESCALATION_WEBHOOK_FORMAT`, else as the URL tells.
    pub webhook_format: NoticeFormat,
}

pub(super) fn read(reader: &mut Reader<'_>) -> DeskConfig {
    let webhook_url = reader.secret("ESCALATION_WEBHOOK_URL");
    let is_wrong =
        |url: &SecretString| !url.expose_secret().parse::<Uri>().is_ok_and(|uri| is_web_authority(&uri));
    if webhook_url.as_ref().is_some_and(is_wrong) {
        reader.wrong(
            "ESCALATION_WEBHOOK_URL",
            None,
            "an http or https URL such as https://hooks.slack.com/services/…",
        );
    }
    let expects = format!("one of {}", NoticeFormat::NAMES);
    let given = reader.parse("ESCALATION_WEBHOOK_FORMAT", &expects, |value| value.parse().ok());
    let by_url = || webhook_url.as_ref().map(|url| NoticeFormat::of_url(url.expose_secret()));
    let webhook_format = given.or_else(by_url).unwrap_or_default();
    DeskConfig { webhook_url, webhook_format }
}
