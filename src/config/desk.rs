//! Settings of staff notifications, and of when tickets end by themselves.

use actix_web::http::Uri;
use secrecy::{ExposeSecret, SecretString};
use time::Duration;

use super::Environment;
use super::http::{is_web_authority, private_origins};
use super::reader::Reader;
use crate::domain::conversations::idle::IdleLimits;
use crate::domain::conversations::notice_format::NoticeFormat;

/// As [`IdleLimits::default`].
const REOPEN_DAYS: u32 = 7;
const AUTO_RESOLVE_HOURS: u32 = 72;
const ESCALATION_REMIND_MINUTES: u32 = 15;

#[derive(Clone, Debug)]
pub struct DeskConfig {
    /// `AUTO_RESOLVE_HOURS` and `REOPEN_DAYS`.
    pub idle: IdleLimits,
    /// `ESCALATION_REMIND_MINUTES`; `None` for 0: never.
    pub remind_after: Option<Duration>,
    /// `ESCALATION_WEBHOOK_URL`; a secret, because whoever knows it can post to the staff's channel.
    pub webhook_url: Option<SecretString>,
    /// `ESCALATION_WEBHOOK_FORMAT`, else as the URL tells.
    pub webhook_format: NoticeFormat,
    /// `WEBHOOK_ALLOWED_ORIGINS`: exact origins of outgoing webhooks that are exempt from the ban on private addresses.
    pub webhook_allowed_origins: Vec<String>,
}

pub(super) fn read(reader: &mut Reader<'_>, environment: Environment) -> DeskConfig {
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
    let days =
        reader.parse("REOPEN_DAYS", "a whole number of days from 0 to 3650", |value| up_to(value, 3_650));
    let hours =
        reader.parse("AUTO_RESOLVE_HOURS", "a whole number of hours up to 87600, 0 for never", |value| {
            up_to(value, 87_600)
        });
    let minutes = reader.parse(
        "ESCALATION_REMIND_MINUTES",
        "a whole number of minutes up to 10080, 0 for never",
        |value| up_to(value, 10_080),
    );
    let minutes = i64::from(minutes.unwrap_or(ESCALATION_REMIND_MINUTES));
    DeskConfig {
        idle: IdleLimits::new(hours.unwrap_or(AUTO_RESOLVE_HOURS), days.unwrap_or(REOPEN_DAYS)),
        remind_after: (minutes > 0).then(|| Duration::minutes(minutes)),
        webhook_url,
        webhook_format,
        webhook_allowed_origins: private_origins(reader, "WEBHOOK_ALLOWED_ORIGINS", environment),
    }
}

fn up_to(value: &str, max: u32) -> Option<u32> {
    value.parse().ok().filter(|number| *number <= max)
}
