//! Whether a mail may be answered (RFC 3834; FACTS.md, loop prevention). When in doubt it is kept and not answered: an
//! answer to a machine may start a loop.

use super::message::{ParsedMail, Remark};
use super::own::OwnMailbox;
use super::sender::{Author, Origin};
use crate::domain::enums::Unanswered;
use crate::domain::messages::email::DeliveryReport;

/// What is to be done with a mail.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// A customer's mail, for the agent.
    Answer,
    /// A customer's mail that only a person can deal with.
    HandOver(Unanswered),
    /// Kept, and never answered.
    StoreOnly(Unanswered),
    /// What a mail server says about mails of ours; kept, and never answered.
    Report(Vec<DeliveryReport>),
}

impl Verdict {
    /// Why it gets no automatic answer.
    pub fn unanswered(&self) -> Option<Unanswered> {
        match self {
            Self::Answer => None,
            Self::HandOver(reason) | Self::StoreOnly(reason) => Some(*reason),
            Self::Report(_) => Some(Unanswered::Report),
        }
    }
}

/// `words` is the text that its author wrote, without quotes.
pub fn classify(mail: &ParsedMail, author: &Author, own: &OwnMailbox, words: &str) -> Verdict {
    let _ = (own, words);
    if author.address.is_none() {
        return Verdict::StoreOnly(Unanswered::NoSender);
    }
    match author.origin {
        Origin::Form => return Verdict::HandOver(Unanswered::FormMail),
        Origin::Ourselves => return Verdict::StoreOnly(Unanswered::OwnAddress),
        Origin::Author | Origin::Group => {}
    }
    let is_encrypted = [Remark::SmimeEncrypted, Remark::SmimeOpaque, Remark::PgpEncrypted]
        .iter()
        .any(|remark| mail.remarks.contains(remark));
    if is_encrypted { Verdict::HandOver(Unanswered::Encrypted) } else { Verdict::Answer }
}
