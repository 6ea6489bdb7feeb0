//! Parser of the web form's two bodies, a submission and a follow-up, into an [`Inquiry`] (API.md, HTTP, public).
//!
//! Pure: the caller creates the ids, and parsing the same body again with the same ids gives the same inquiry. It
//! reports all errors at once and does not guess what a field meant.

mod identity;
mod programs;
mod requests;

use uuid::Uuid;

pub use self::identity::{CodeForm, CodeRequestForm, code_request, typed_code};
pub use self::programs::{Requester, program_request};
pub use self::requests::{RatingForm, helpful, person_wish, rating};

use super::digest::{digest, keyed_id};
use super::fields::{FormFields, email, line, phone, text, visible_ascii, word};
use crate::domain::customers::contact::{Address, Email, Phone};
use crate::domain::enums::{Category, Channel, Priority};
use crate::domain::ids::{MessageId, TicketId};
use crate::domain::messages::inquiry::{Attestation, Extras, FreshIds, Inquiry, Opening, Sender, Thread};
use crate::domain::validation::InvalidForm;

/// The header by which a client marks retries of one request.
pub const IDEMPOTENCY_KEY: &str = "Idempotency-Key";

/// Parses the body of a submission. `key` is the raw value of the `Idempotency-Key` header.
pub fn submission(body: &[u8], key: Option<&[u8]>, ids: FreshIds) -> Result<Inquiry, InvalidForm> {
    let mut fields = FormFields::parse(body)?;
    let form = Submission::read(&mut fields);
    let key = fields.header(IDEMPOTENCY_KEY, key, |value| visible_ascii(value, 1..=255));
    fields.finish(form).map(|form| form.into_inquiry(key, ids))
}

/// Parses the body of a follow-up to `ticket`. A single word is a valid answer to a question, so the minimum length is
/// one character here.
pub fn follow_up(
    body: &[u8],
    key: Option<&[u8]>,
    ticket: TicketId,
    id: MessageId,
) -> Result<Inquiry, InvalidForm> {
    let mut fields = FormFields::parse(body)?;
    let message = fields.required("message", |value| text(value, 1..=10_000));
    let key = fields.header(IDEMPOTENCY_KEY, key, |value| visible_ascii(value, 1..=255));
    let message = fields.finish(message)?;
    Ok(Inquiry {
        message: id,
        channel: Channel::WebForm,
        external_id: external_id("follow-up", &ticket.to_string(), key, id.0),
        fingerprint: digest(&["follow-up", &message]),
        text: message,
        thread: Thread::Continues(ticket),
        extras: Extras::default(),
    })
}

struct Submission {
    name: String,
    email: Email,
    subject: String,
    category: Category,
    priority: Priority,
    message: String,
    phone: Option<Phone>,
}

impl Submission {
    /// Reads every field before returning, so that all errors are reported together.
    fn read(fields: &mut FormFields) -> Option<Self> {
        let name = fields.required("name", |value| line(value, 1..=100));
        let email = fields.required("email", |value| email(&value));
        let subject = fields.required("subject", |value| line(value, 5..=200));
        let category = fields.required("category", |value| word(&value));
        let priority = fields.optional("priority", |value| word(&value));
        let message = fields.required("message", |value| text(value, 10..=10_000));
        let phone = fields.optional("phone", |value| match value.trim() {
            "" => Ok(None),
            number => phone(number).map(Some),
        });
        Some(Self {
            name: name?,
            email: email?,
            subject: subject?,
            category: category?,
            priority: priority.unwrap_or(Priority::Medium),
            message: message?,
            phone: phone.flatten(),
        })
    }

    fn into_inquiry(self, key: Option<&str>, ids: FreshIds) -> Inquiry {
        Inquiry {
            message: ids.message,
            channel: Channel::WebForm,
            external_id: external_id("submit", self.email.as_str(), key, ids.message.0),
            fingerprint: self.fingerprint(),
            text: self.message,
            thread: Thread::Opens(Box::new(Opening {
                conversation: ids.conversation,
                ticket: ids.ticket,
                customer: ids.customer,
                sender: Sender {
                    address: Address::Email(self.email),
                    attestation: Attestation::Unverified,
                    name: self.name,
                },
                subject: self.subject,
                category: self.category,
                priority: self.priority,
                contact_phone: self.phone,
            })),
            extras: Extras::default(),
        }
    }

    /// Covers the parsed values, not the bytes of the body: field order, surrounding white space and explicit defaults
    /// do not make a different request.
    fn fingerprint(&self) -> [u8; 32] {
        digest(&[
            "submit",
            &self.name,
            self.email.as_str(),
            &self.subject,
            self.category.as_str(),
            self.priority.as_str(),
            &self.message,
            self.phone.as_ref().map_or("", Phone::as_str),
        ])
    }
}

/// PROTOCOL.md 2.1: a key counts within its scope only; without one, every request is a message of its own.
fn external_id(kind: &str, scope: &str, key: Option<&str>, unkeyed: Uuid) -> String {
    match key {
        Some(key) => keyed_id(&[kind, scope, key]),
        None => unkeyed.to_string(),
    }
}

#[cfg(test)]
mod tests;
