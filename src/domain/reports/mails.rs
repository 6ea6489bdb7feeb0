//! Mails of scheduled reports: what is leased of one, and how an attempt ends.

use std::time::Duration;

use time::Date;
use uuid::Uuid;

use crate::domain::customers::contact::Email;
use crate::domain::enums::ReportKind;
use crate::domain::runtime::backoff::Backoff;

/// Attempts, within about two days.
const MAX_ATTEMPTS: i32 = 24;
const BACKOFF: Backoff =
    Backoff { first: Duration::from_secs(30), factor: 2, longest: Duration::from_secs(2 * 60 * 60) };

/// A mail that this process is to send.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LeasedReportMail {
    pub id: Uuid,
    pub kind: ReportKind,
    pub first_day: Date,
    pub to: Email,
    pub attempt: i32,
    /// An earlier attempt may have been accepted: the mailbox is asked first.
    pub is_in_doubt: bool,
}

/// How an attempt ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ReportMailEnd {
    Sent,
    /// Never accepted: it is given up.
    Failed,
    /// It is tried again after the pause; `is_in_doubt` if this attempt may have been accepted.
    Later {
        pause: Duration,
        is_in_doubt: bool,
    },
}

impl ReportMailEnd {
    /// After an attempt that was not confirmed.
    pub fn unconfirmed(attempt: i32, is_in_doubt: bool) -> Self {
        if attempt >= MAX_ATTEMPTS {
            return Self::Failed;
        }
        Self::Later { pause: BACKOFF.pause(u32::try_from(attempt).unwrap_or(0)), is_in_doubt }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mail_is_tried_for_a_day_and_then_given_up() {
        let ends: Vec<ReportMailEnd> =
            (1..=24).map(|attempt| ReportMailEnd::unconfirmed(attempt, false)).collect();
        let pause = |end: &ReportMailEnd| match end {
            ReportMailEnd::Later { pause, .. } => pause.as_secs(),
            ReportMailEnd::Sent | ReportMailEnd::Failed => 0,
        };
        assert_eq!(ends.iter().take(3).map(pause).collect::<Vec<_>>(), [30, 60, 120]);
        assert_eq!(ends.last(), Some(&ReportMailEnd::Failed));
        let total: u64 = ends.iter().map(pause).sum();
        assert!((24 * 3600..72 * 3600).contains(&total), "{total}");
    }
}
