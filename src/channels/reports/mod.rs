//! Port for mails that bring a report to staff, and the forms of a report: Markdown, which is also the mail's text, and
//! HTML. It never decides what is reported, or to whom.

mod html;
mod markdown;
mod wording;

pub use html::html;
pub use markdown::markdown;
pub use wording::subject;

use uuid::Uuid;

use super::port::{ChannelFuture, SendError};
use crate::domain::customers::contact::Email;

/// A mail with a report. Its id names it at the provider, so that a mail in doubt can be looked up.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReportMail {
    pub id: Uuid,
    pub to: Email,
    pub subject: String,
    pub text: String,
    pub html: String,
}

/// A sender of reports. The e-mail channel is one, where it is configured.
pub trait SendReport: Send + Sync {
    /// `Ok` once a mail server has accepted the mail.
    fn send_report(&self, mail: ReportMail) -> ChannelFuture<Result<(), SendError>>;
    /// Whether the mailbox shows that the mail was sent.
    fn was_report_sent(&self, id: Uuid) -> ChannelFuture<Result<bool, SendError>>;
}
