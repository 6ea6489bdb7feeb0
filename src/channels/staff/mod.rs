//! Port for staff notifications of escalations, and the text of a notice in the markup that Slack-compatible receivers
//! share. It never decides whether to escalate.

pub mod webhook;

use std::future::Future;
use std::pin::Pin;
use std::time::Duration;

use crate::domain::conversations::escalation::Notice;

/// Maximum characters of a notice: far below Slack's 40,000, and what a person reads at a glance.
const LONGEST: usize = 1500;

/// A sender of staff notifications.
pub trait TellStaff: Send + Sync {
    /// Notifies staff of one escalation. `Ok` only after the receiver has confirmed it.
    fn tell(&self, notice: &Notice) -> Pin<Box<dyn Future<Output = Result<(), TellError>> + Send>>;
}

/// Why a notification was not confirmed. It may have been delivered all the same.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TellError {
    #[error("the receiver can't be reached: {0}")]
    Unreachable(String),
    #[error("the receiver answered with status {status}")]
    Refused {
        status: u16,
        /// The pause that the receiver asks for.
        retry_after: Option<Duration>,
    },
}

impl TellError {
    /// The pause that the receiver asks for.
    pub fn retry_after(&self) -> Option<Duration> {
        match self {
            Self::Unreachable(_) => None,
            Self::Refused { retry_after, .. } => *retry_after,
        }
    }
}

/// The notice as one message. What customers wrote is escaped, so that it can neither mention people nor make links
/// (Slack, "Formatting text for app surfaces").
fn text(notice: &Notice) -> String {
    let escaped = |text: &str| {
        let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
        let line = line.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
        line.replace(['*', '_', '~', '`'], " ")
    };
    let head = format!(
        "*{number}* needs a person: *{reason}* ({severity}), {channel}\nFrom: {name}\n",
        number = notice.ticket_number,
        reason = notice.reason.as_str().replace('_', " "),
        severity = notice.severity,
        channel = notice.channel.as_str().replace('_', " "),
        name = escaped(&notice.customer_name),
    );
    let foot = format!("\nConversation {}", notice.conversation);
    let room = LONGEST.saturating_sub(head.chars().count() + foot.chars().count());
    let summary = escaped(&notice.summary);
    let summary = match summary.char_indices().nth(room) {
        // An HTML entity cut in two would be displayed as text; that is ugly but safe.
        Some((end, _)) => format!("{}…", summary[..end].trim_end()),
        None => summary,
    };
    format!("{head}{summary}{foot}")
}

#[cfg(test)]
mod tests {
    use time::macros::datetime;
    use uuid::Uuid;

    use super::*;
    use crate::domain::enums::{Channel, Reason, Severity};
    use crate::domain::messages::inquiry::TicketNumber;

    fn notice(name: &str, summary: &str) -> Notice {
        Notice {
            escalation: Uuid::nil().into(),
            conversation: Uuid::nil().into(),
            ticket_number: TicketNumber(1042),
            channel: Channel::WebForm,
            customer_name: name.to_owned(),
            reason: Reason::HumanRequest,
            severity: Severity::High,
            summary: summary.to_owned(),
            created_at: datetime!(2026-01-02 03:04:05 UTC),
            attempt: 1,
        }
    }

    #[test]
    fn a_notice_says_who_why_and_where() {
        let expected = "*T-1042* needs a person: *human request* (high), web form\nFrom: Ann Example\n\
                        She wants to speak to somebody.\nConversation 00000000-0000-0000-0000-000000000000";
        assert_eq!(text(&notice("Ann Example", "She wants to speak to somebody.")), expected);
    }

    #[test]
    fn customers_can_t_mention_people_make_links_or_fake_lines() {
        let said =
            text(&notice("<!channel>\n*T-1*", "see <http://evil.example|our site> & `run` this\r\n*T-7*"));
        assert!(said.contains("From: &lt;!channel&gt;  T-1"), "{said}");
        assert!(said.contains("see &lt;http://evil.example|our site&gt; &amp;  run  this  T-7"), "{said}");
        assert_eq!(said.lines().count(), 4, "{said}");
    }

    #[test]
    fn a_long_summary_is_cut() {
        let said = text(&notice("Ann", &"ä".repeat(5000)));
        assert_eq!(said.chars().count(), LONGEST + 1);
        assert!(said.contains("ä…\nConversation"), "{said}");
    }
}
