//! Reports about mails of ours: bounces and delays (RFC 3464, and the plain texts of servers that do not know it), read
//! receipts (RFC 8098), complaints (RFC 5965). A report differs by its sender from a person's mail that quotes
//! one.
//!
//! A report is believed only as far as it names a Message-ID of ours, which cannot be guessed.

mod text;

use super::message::{ParsedMail, ReportParts};
use super::mime::Fields;
use super::own::OwnMailbox;
use super::thread::delivery_of;
use crate::domain::customers::contact::Email;
use crate::domain::messages::email::{DeliveryReport, MailFate};

/// Recipients that are read of one report.
const MAX_RECIPIENTS: usize = 50;
/// Longest words of a server that are kept.
const DETAIL_MAX_CHARS: usize = 500;

/// What a mail reports; `None` where it is no report.
pub fn reports(mail: &ParsedMail, own: &OwnMailbox) -> Option<Vec<DeliveryReport>> {
    if let Some(parts) = &mail.report {
        return Some(machine_readable(mail, parts, own));
    }
    text::reports(mail, own)
}

fn machine_readable(mail: &ParsedMail, parts: &ReportParts, own: &OwnMailbox) -> Vec<DeliveryReport> {
    let subject = ReportSubject::of(mail, parts.original.as_ref());
    match parts.kind.as_str() {
        "feedback-report" => vec![complaint(parts, &subject)],
        "disposition-notification" => vec![disposition(parts, &subject)],
        _ => {
            let blocks = parts.blocks.iter().filter(|block| recipient(block).is_some());
            let found: Vec<_> =
                blocks.take(MAX_RECIPIENTS).map(|block| delivery_status(block, &subject)).collect();
            if !found.is_empty() {
                return found;
            }
            // Some servers leave the recipients to the text.
            let fate = parts.blocks.iter().find_map(action).unwrap_or(MailFate::Failed);
            text::recipients(mail, own)
                .into_iter()
                .map(|to| subject.report(Some(to), fate, &mail.subject()))
                .collect()
        }
    }
}

/// The mail that a report is about.
pub(super) struct ReportSubject {
    ids: Vec<String>,
}

impl ReportSubject {
    /// The fields of the returned mail are the best evidence; then what the report answers.
    fn of(mail: &ParsedMail, original: Option<&Fields>) -> Self {
        let mut ids: Vec<String> = original.map(|fields| fields.ids("message-id")).unwrap_or_default();
        ids.extend(mail.nested.iter().flat_map(|fields| fields.ids("message-id")));
        ids.extend(mail.fields.ids("original-message-id"));
        ids.extend(mail.in_reply_to());
        ids.extend(mail.references().into_iter().rev());
        Self { ids }
    }

    fn with_text(mail: &ParsedMail) -> Self {
        let mut ids = text::message_ids(&mail.text);
        ids.extend(Self::of(mail, None).ids);
        Self { ids }
    }

    fn report(&self, recipient: Option<Email>, fate: MailFate, detail: &str) -> DeliveryReport {
        let ours = self.ids.iter().find_map(|id| delivery_of(id).map(|delivery| (delivery, id)));
        DeliveryReport {
            delivery: ours.map(|(delivery, _)| delivery),
            rfc_message_id: ours.map(|(_, id)| id).or_else(|| self.ids.first()).cloned(),
            recipient,
            fate,
            detail: detail.chars().take(DETAIL_MAX_CHARS).collect(),
        }
    }
}

fn delivery_status(block: &Fields, subject: &ReportSubject) -> DeliveryReport {
    let fate = action(block).unwrap_or(MailFate::Failed);
    let status = block.value("status").unwrap_or_default();
    let diagnostic = block.value("diagnostic-code").unwrap_or_default();
    let words = diagnostic.split_once(';').map_or(diagnostic, |(_, words)| words).trim();
    let detail = if words.is_empty() { status.to_owned() } else { format!("{status} {words}") };
    subject.report(recipient(block), fate, detail.trim())
}

/// What an Action or Status field says (RFC 3464, 2.3.3 and 2.3.4).
fn action(block: &Fields) -> Option<MailFate> {
    let action = block
        .value("action")
        .map(|value| value.split(['(', ';', ' ']).next().unwrap_or_default().trim().to_ascii_lowercase());
    let status = block.value("status").and_then(|status| status.trim().chars().next());
    match (action.as_deref(), status) {
        (Some("failed" | "failure"), _) => Some(MailFate::Failed),
        (Some("delayed"), _) => Some(MailFate::Delayed),
        (Some("delivered" | "relayed" | "expanded"), _) => Some(MailFate::Delivered),
        (_, Some('5')) => Some(MailFate::Failed),
        (_, Some('4')) => Some(MailFate::Delayed),
        (_, Some('2')) => Some(MailFate::Delivered),
        _ => None,
    }
}

/// The address that was written to: the one before aliases, where the server knows it.
fn recipient(block: &Fields) -> Option<Email> {
    ["original-recipient", "final-recipient", "x-actual-recipient"].iter().find_map(|name| {
        let value = block.value(name)?;
        let address = value.rsplit_once(';').map_or(value, |(_, address)| address);
        text::addresses(address).into_iter().next()
    })
}

fn complaint(parts: &ReportParts, subject: &ReportSubject) -> DeliveryReport {
    let value = |name: &str| parts.blocks.iter().find_map(|block| block.value(name));
    let to = value("original-rcpt-to").and_then(|address| text::addresses(address).into_iter().next());
    let to = to.or_else(|| {
        parts.original.as_ref().and_then(|fields| text::addresses(fields.value("to")?).into_iter().next())
    });
    subject.report(to, MailFate::Complaint, value("feedback-type").unwrap_or("complaint"))
}

fn disposition(parts: &ReportParts, subject: &ReportSubject) -> DeliveryReport {
    let value = |name: &str| parts.blocks.iter().find_map(|block| block.value(name));
    let to = parts.blocks.iter().find_map(recipient);
    let words = value("disposition").unwrap_or_default();
    let mut report = subject.report(to, MailFate::Delivered, words);
    if report.delivery.is_none()
        && let Some(id) = parts.blocks.iter().flat_map(|block| block.ids("original-message-id")).next()
    {
        report.delivery = delivery_of(&id);
        report.rfc_message_id = Some(id);
    }
    report
}
