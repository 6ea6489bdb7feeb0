//! Settings of how long data is kept.

use std::time::Duration;

use super::reader::Reader;
use crate::domain::customers::rights::{METRICS_KEPT, Retention};

/// A hundred years.
const MAX_DAYS: u64 = 36_500;
const DAY_SECONDS: u64 = 24 * 60 * 60;

pub(super) fn read(reader: &mut Reader<'_>) -> Retention {
    let mut days = |variable| {
        let days =
            reader.parse(variable, "a whole number of days up to 36500, 0 to keep everything", |value| {
                value.parse::<u64>().ok().filter(|days| *days <= MAX_DAYS)
            });
        days.filter(|days| *days > 0).map(|days| Duration::from_secs(days * DAY_SECONDS))
    };
    Retention {
        messages: days("RETENTION_MESSAGES_DAYS"),
        attachments: days("RETENTION_ATTACHMENTS_DAYS"),
        raw_mail: days("RETENTION_RAW_MAIL_DAYS"),
        steps: days("RETENTION_STEPS_DAYS"),
        audit: days("RETENTION_AUDIT_DAYS"),
        metrics: Some(METRICS_KEPT),
    }
}
