//! Parser of Twilio's inbound webhook into an [`Inquiry`] (Twilio, "Request to your webhook URL").
//!
//! The sender's number, or user id where WhatsApp shows no number, is attested: Twilio signed it. Pure: reading the
//! same form again with the same ids gives the same inquiry.

use std::borrow::Cow;

use super::flow;
use super::form::Form;
use crate::channels::digest::digest;
use crate::channels::language;
use crate::domain::customers::consent::opt_out;
use crate::domain::customers::contact::{Address, Phone, ProviderUser};
use crate::domain::enums::{Category, Channel, Priority};
use crate::domain::messages::attachment::{AttachmentRef, AttachmentSource};
use crate::domain::messages::inquiry::{
    Attestation, Button, ChannelMetadata, Extras, FreshIds, Inquiry, Location, Opening, Sender, Thread,
};
use crate::domain::validation::{FieldError, InvalidForm};

/// Prefix of every address of the channel.
const PREFIX: &str = "whatsapp:";
/// Maximum characters of a message: the database's limit, far above the 4,096 that WhatsApp allows.
const TEXT_MAX_CHARS: usize = 20_000;
/// Maximum files of one message; Twilio documents ten.
const MAX_ATTACHMENTS: usize = 20;
const URL_MAX_CHARS: usize = 2_000;
const TYPE_MAX_CHARS: usize = 200;
const NAME_MAX_CHARS: usize = 200;
const SHORT_MAX_CHARS: usize = 500;
const SUBJECT_MAX_CHARS: usize = 80;
/// The subject of a message without text.
const NO_SUBJECT: &str = "WhatsApp message";

/// Parses a form whose signature has been verified.
pub fn inbound(form: &Form, ids: FreshIds) -> Result<Inquiry, InvalidForm> {
    let external_id = form.get("MessageSid").or_else(|| form.get("SmsSid")).and_then(sid);
    let sender = form.get("From").and_then(address);
    let (Some(external_id), Some(sender)) = (external_id, sender) else {
        let missing = if external_id.is_none() {
            FieldError::new("MessageSid", "must be the id of a message")
        } else {
            FieldError::new("From", "must be a WhatsApp address such as whatsapp:+4915112345678")
        };
        return Err(InvalidForm::Invalid(vec![missing]));
    };
    let mut metadata = metadata(form);
    let attachments = attachments(form);
    let text = text(form, &metadata);
    if text.is_empty() && attachments.is_empty() {
        metadata.unsupported = unsupported(form);
    }
    Ok(Inquiry {
        message: ids.message,
        channel: Channel::Whatsapp,
        external_id: external_id.to_owned(),
        fingerprint: fingerprint(&sender, &text, &attachments),
        thread: Thread::Opens(Box::new(opening(sender, &text, &metadata, ids))),
        extras: Extras {
            attachments,
            language: language::detect(&text),
            opt_out: opt_out(&text),
            metadata: Some(metadata).filter(|found| *found != ChannelMetadata::default()),
            sentiment_percent: None,
            email: None,
            proved: false,
        },
        text,
    })
}

/// An address of the channel: a number, or the id of a user who shows none (business-scoped, as `US.1349…`).
pub fn address(text: &str) -> Option<Address> {
    let id = text.strip_prefix(PREFIX)?;
    // A plus that was not escaped is decoded as a blank.
    let id = id.strip_prefix(' ').map_or(Cow::Borrowed(id), |digits| format!("+{digits}").into());
    match Phone::parse(&id) {
        Ok(phone) => Some(Address::Phone(phone)),
        // A number without its plus is a mistake and no user.
        Err(_) if id.bytes().all(|byte| byte.is_ascii_digit()) => None,
        Err(_) => ProviderUser::parse(text).map(Address::ProviderUser).ok(),
    }
}

/// The address in Twilio's form; `None` for one of another channel.
pub fn written(address: &Address) -> Option<String> {
    match address {
        Address::Phone(phone) => Some(format!("{PREFIX}{phone}")),
        Address::ProviderUser(user) => user.as_str().starts_with(PREFIX).then(|| user.to_string()),
        Address::Email(_) => None,
    }
}

fn sid(text: &str) -> Option<&str> {
    (text.len() <= 64 && text.bytes().all(|byte| byte.is_ascii_alphanumeric())).then_some(text)
}

fn opening(address: Address, text: &str, metadata: &ChannelMetadata, ids: FreshIds) -> Opening {
    let name = metadata.profile_name.clone().unwrap_or_else(|| address.value().to_owned());
    Opening {
        conversation: ids.conversation,
        ticket: ids.ticket,
        customer: ids.customer,
        sender: Sender { address, attestation: Attestation::Attested, name },
        subject: line(text, SUBJECT_MAX_CHARS).unwrap_or_else(|| NO_SUBJECT.to_owned()),
        category: Category::General,
        priority: Priority::Medium,
        contact_phone: None,
    }
}

/// The kind of a message without anything that can be read. A reaction is no message, and a text may be blank.
fn unsupported(form: &Form) -> Option<String> {
    let kind = form.get("MessageType").and_then(|kind| line(kind, SHORT_MAX_CHARS))?;
    (!["text", "reaction"].contains(&kind.to_ascii_lowercase().as_str())).then_some(kind)
}

/// What the customer wrote; the answers of a form, and a shared location without text, are described in words.
fn text(form: &Form, metadata: &ChannelMetadata) -> String {
    let body = form.get("Body").or_else(|| form.get("ButtonText")).or_else(|| form.get("ListTitle"));
    let answers = flow::answers(form);
    if !answers.is_empty() {
        let body = body.filter(|body| !flow::is_placeholder(body)).map(str::to_owned);
        let lines: Vec<String> = body.into_iter().chain(answers).collect();
        return lines.join("\n").chars().filter(|c| *c != '\0').take(TEXT_MAX_CHARS).collect();
    }
    let body: String = body.unwrap_or_default().chars().filter(|c| *c != '\0').take(TEXT_MAX_CHARS).collect();
    match (&metadata.location, body.trim().is_empty()) {
        (Some(place), true) => describe(place),
        (Some(_) | None, _) => body.trim().to_owned(),
    }
}

fn describe(place: &Location) -> String {
    let named = [place.label.as_deref(), place.address.as_deref()];
    let named = named.into_iter().flatten().collect::<Vec<_>>().join(", ");
    let point = format!("{}, {}", place.latitude, place.longitude);
    if named.is_empty() { format!("Location: {point}") } else { format!("Location: {named} ({point})") }
}

fn metadata(form: &Form) -> ChannelMetadata {
    let short = |name: &str| form.get(name).and_then(|value| line(value, SHORT_MAX_CHARS));
    let button = |text: &str, payload: &str| {
        let (text, payload) = (short(text), short(payload));
        (text.is_some() || payload.is_some())
            .then(|| Button { text: text.unwrap_or_default(), payload: payload.unwrap_or_default() })
    };
    let degrees = |name: &str| short(name).filter(|value| value.parse::<f64>().is_ok_and(f64::is_finite));
    ChannelMetadata {
        profile_name: form.get("ProfileName").and_then(|name| line(name, NAME_MAX_CHARS)),
        button: button("ButtonText", "ButtonPayload").or_else(|| button("ListTitle", "ListId")),
        location: degrees("Latitude").zip(degrees("Longitude")).map(|(latitude, longitude)| Location {
            latitude,
            longitude,
            label: short("Label"),
            address: short("Address"),
        }),
        reply_to: form.get("OriginalRepliedMessageSid").and_then(sid).map(str::to_owned),
        unsupported: None,
        mail: None,
    }
}

fn attachments(form: &Form) -> Vec<AttachmentRef> {
    let count: usize = form.get("NumMedia").and_then(|count| count.parse().ok()).unwrap_or(0);
    (0..count.min(MAX_ATTACHMENTS))
        .filter_map(|n| {
            let url = form.get(&format!("MediaUrl{n}"))?;
            let content_type = form.get(&format!("MediaContentType{n}")).unwrap_or_default();
            let content_type = line(content_type, TYPE_MAX_CHARS).unwrap_or_default();
            let fits = url.chars().count() <= URL_MAX_CHARS && !url.contains(char::is_control);
            let source = AttachmentSource::Url(url.to_owned());
            fits.then_some(AttachmentRef { source, content_type })
        })
        .collect()
}

fn fingerprint(sender: &Address, text: &str, attachments: &[AttachmentRef]) -> [u8; 32] {
    let urls = attachments.iter().map(|attachment| match &attachment.source {
        AttachmentSource::Url(url) => url.as_str(),
        AttachmentSource::Stored(content) => content.sha256.as_str(),
    });
    digest(&["whatsapp", sender.value(), text].into_iter().chain(urls).collect::<Vec<_>>())
}

/// A text on one line, truncated at `max_chars`; `None` if it is blank.
fn line(text: &str, max_chars: usize) -> Option<String> {
    let plain: String = text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
    let joined = plain.split_whitespace().collect::<Vec<_>>().join(" ");
    let cut: String = joined.chars().take(max_chars).collect();
    (!cut.is_empty()).then_some(cut)
}

#[cfg(test)]
mod tests;
