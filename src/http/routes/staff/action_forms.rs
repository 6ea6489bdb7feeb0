//! Parsers of the bodies of staff's actions in conversations.

use std::time::Duration;

use serde_json::Value;
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;
use uuid::Uuid;

use crate::channels::fields::{FieldMessage, FormFields, email, flag, list, number, text, word};
use crate::domain::console::actions::{MAX_DELAY_SECONDS, MAX_TAGS};
use crate::domain::console::summaries::SummaryWish;
use crate::domain::customers::contact::Email;
use crate::domain::enums::{Channel, PresenceState, Priority, Severity};
use crate::domain::ids::{ConversationId, MessageId, StaffId, SuggestionId};
use crate::domain::validation::InvalidForm;
use crate::http::routes::path_id;

/// Characters of a reply or a note.
pub const TEXT_CHARS: std::ops::RangeInclusive<usize> = 1..=10_000;
const INSTRUCTION_CHARS: std::ops::RangeInclusive<usize> = 1..=1_000;
/// Recipients of a mail in each of its fields.
const MAX_COPIES: usize = 20;
const MAX_MENTIONS: usize = 20;
const TAG_CHARS: std::ops::RangeInclusive<usize> = 1..=40;

/// A reply as its author sent it.
#[derive(Debug, PartialEq, Eq)]
pub struct ReplyForm {
    pub text: String,
    pub seen: MessageId,
    pub channel: Option<Channel>,
    pub cc: Option<Vec<Email>>,
    pub bcc: Option<Vec<Email>>,
    pub delay: Option<Duration>,
    pub resolves: bool,
    pub suggestion: Option<SuggestionId>,
    pub force: bool,
}

#[derive(Debug, PartialEq, Eq)]
pub struct NoteForm {
    pub text: String,
    pub mentions: Vec<StaffId>,
}

#[derive(Debug, PartialEq, Eq)]
pub struct PatchForm {
    pub priority: Option<Priority>,
    pub severity: Option<Severity>,
    pub add_tags: Vec<String>,
    pub remove_tags: Vec<String>,
}

/// Parses `{force?}`; no body is the same as an empty object.
pub fn claim(body: &[u8]) -> Result<bool, InvalidForm> {
    let mut fields = FormFields::parse(or_empty(body))?;
    let force = fields.optional_value("force", flag);
    fields.finish(Some(force.unwrap_or_default()))
}

pub fn assign(body: &[u8]) -> Result<(StaffId, bool), InvalidForm> {
    let mut fields = FormFields::parse(body)?;
    let staff = fields.required("staff_id", id);
    let force = fields.optional_value("force", flag);
    fields.finish(staff.map(|staff| (StaffId(staff), force.unwrap_or_default())))
}

/// Parses `{}`; no body is the same.
pub fn nothing(body: &[u8]) -> Result<(), InvalidForm> {
    FormFields::parse(or_empty(body))?.finish(Some(()))
}

pub fn reply(body: &[u8]) -> Result<ReplyForm, InvalidForm> {
    let mut fields = FormFields::parse(body)?;
    let text = fields.required("text", |value| text(value, TEXT_CHARS));
    let seen = fields.required("seen_through", id);
    let channel = fields.optional("channel", |value| word(&value));
    let cc = fields.optional_value("cc", emails);
    let bcc = fields.optional_value("bcc", emails);
    let delay = fields.optional_value("send_after_seconds", |value| number(&value, 0..=MAX_DELAY_SECONDS));
    let then = fields.optional("then", resolves);
    let suggestion = fields.optional("suggestion_id", id);
    let force = fields.optional_value("force", flag).unwrap_or_default();
    let read = text.zip(seen).map(|(text, seen)| ReplyForm {
        text,
        seen: MessageId(seen),
        channel,
        cc,
        bcc,
        delay: delay.map(Duration::from_secs),
        resolves: then.is_some(),
        suggestion: suggestion.map(SuggestionId),
        force,
    });
    fields.finish(read)
}

/// Parses what follows a reply.
pub fn resolves(value: String) -> Result<(), FieldMessage> {
    if value == "resolve" { Ok(()) } else { Err("must be resolve".into()) }
}

pub fn note(body: &[u8]) -> Result<NoteForm, InvalidForm> {
    let mut fields = FormFields::parse(body)?;
    let text = fields.required("text", |value| text(value, TEXT_CHARS));
    let mentions =
        fields.optional_value("mentions", |value| list(value, MAX_MENTIONS, |value| id(value).map(StaffId)));
    fields.finish(text.map(|text| NoteForm { text, mentions: mentions.unwrap_or_default() }))
}

/// Parses `{instruction?}`; an empty instruction is none.
pub fn hand_back(body: &[u8]) -> Result<Option<String>, InvalidForm> {
    let mut fields = FormFields::parse(or_empty(body))?;
    let instruction = fields.optional_unless_blank("instruction", |value| text(value, INSTRUCTION_CHARS));
    fields.finish(Some(instruction))
}

/// Parses `{renew?}`.
pub fn summary(body: &[u8]) -> Result<SummaryWish, InvalidForm> {
    let mut fields = FormFields::parse(or_empty(body))?;
    let renew = fields.optional_value("renew", flag).unwrap_or_default();
    fields.finish(Some(if renew { SummaryWish::UpToDate } else { SummaryWish::Any }))
}

pub fn resolve(body: &[u8]) -> Result<MessageId, InvalidForm> {
    let mut fields = FormFields::parse(body)?;
    let seen = fields.required("seen_through", id);
    fields.finish(seen.map(MessageId))
}

pub fn snooze(body: &[u8]) -> Result<OffsetDateTime, InvalidForm> {
    let mut fields = FormFields::parse(body)?;
    let until = fields.required("until", |value| {
        OffsetDateTime::parse(&value, &Rfc3339).map_err(|_| "must be a time (RFC 3339)".into())
    });
    fields.finish(until)
}

pub fn patch(body: &[u8]) -> Result<PatchForm, InvalidForm> {
    let mut fields = FormFields::parse(body)?;
    let priority = fields.optional("priority", |value| word(&value));
    let severity = fields.optional("severity", |value| word(&value));
    let add_tags = fields.optional_value("add_tags", tags).unwrap_or_default();
    let remove_tags = fields.optional_value("remove_tags", tags).unwrap_or_default();
    fields.finish(Some(PatchForm { priority, severity, add_tags, remove_tags }))
}

/// Parses `{conversation_id, state}`; `None` for an account that has left.
pub fn presence(body: &[u8]) -> Result<(ConversationId, Option<PresenceState>), InvalidForm> {
    let mut fields = FormFields::parse(body)?;
    let conversation = fields.required("conversation_id", id);
    let state = fields.required("state", |value| match value.as_str() {
        "left" => Ok(None),
        other => other.parse().map(Some).map_err(|_| "must be one of viewing, typing, left".into()),
    });
    fields.finish(conversation.zip(state)).map(|(conversation, state)| (ConversationId(conversation), state))
}

/// A tag in its one spelling.
pub fn tag(value: String) -> Result<String, FieldMessage> {
    let is_fit = TAG_CHARS.contains(&value.len())
        && value.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-');
    if is_fit { Ok(value) } else { Err("must be tags of 1 to 40 characters out of a-z, 0-9 and -".into()) }
}

pub fn tags(value: Value) -> Result<Vec<String>, FieldMessage> {
    list(value, MAX_TAGS, tag)
}

pub fn emails(value: Value) -> Result<Vec<Email>, FieldMessage> {
    list(value, MAX_COPIES, |value| email(&value))
}

pub fn id(value: String) -> Result<Uuid, FieldMessage> {
    path_id::parse(&value).ok_or_else(|| "must be an id".into())
}

pub fn or_empty(body: &[u8]) -> &[u8] {
    if body.iter().all(u8::is_ascii_whitespace) { b"{}" } else { body }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ID: &str = "11111111-1111-4111-8111-111111111111";

    fn wrong(parsed: Result<impl std::fmt::Debug, InvalidForm>) -> Vec<String> {
        match parsed {
            Err(InvalidForm::Invalid(errors)) => {
                errors.into_iter().map(|error| error.field.into_owned()).collect()
            }
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn a_reply_names_every_wrong_field() {
        let full = format!(
            r#"{{"text": " Hello ", "seen_through": "{ID}", "channel": "email", "cc": ["ann@example.com"], "bcc": [],
                "send_after_seconds": 120, "then": "resolve", "suggestion_id": "{ID}", "force": true}}"#
        );
        let id = Uuid::try_parse(ID).unwrap();
        let expected = ReplyForm {
            text: "Hello".to_owned(),
            seen: MessageId(id),
            channel: Some(Channel::Email),
            cc: Some(vec![Email::parse("ann@example.com").unwrap()]),
            bcc: Some(vec![]),
            delay: Some(Duration::from_secs(120)),
            resolves: true,
            suggestion: Some(SuggestionId(id)),
            force: true,
        };
        assert_eq!(reply(full.as_bytes()), Ok(expected));
        assert_eq!(wrong(reply(b"{}")), ["text", "seen_through"]);
        let all = br#"{"text": "", "seen_through": "7", "channel": "fax", "cc": ["x"], "bcc": "x",
                       "send_after_seconds": 121, "then": "close", "suggestion_id": 1, "force": "yes", "x": 1}"#;
        let fields = [
            "text",
            "seen_through",
            "channel",
            "cc",
            "bcc",
            "send_after_seconds",
            "then",
            "suggestion_id",
            "force",
            "x",
        ];
        assert_eq!(wrong(reply(all)), fields);
    }

    #[test]
    fn tags_have_one_spelling_and_a_time_is_one() {
        assert_eq!(tag("vip-2".to_owned()), Ok("vip-2".to_owned()));
        for text in ["", "VIP", "a b", "ä", &"x".repeat(41)] {
            assert_eq!(
                wrong(patch(format!("{{\"add_tags\": [\"{text}\"]}}").as_bytes())),
                ["add_tags"],
                "{text}"
            );
        }
        let many = vec!["\"x\""; 21].join(",");
        assert_eq!(wrong(patch(format!("{{\"remove_tags\": [{many}]}}").as_bytes())), ["remove_tags"]);
        assert!(snooze(br#"{"until": "2026-11-30T10:00:00Z"}"#).is_ok());
        for text in ["2026-11-30", "tomorrow", ""] {
            assert_eq!(wrong(snooze(format!("{{\"until\": \"{text}\"}}").as_bytes())), ["until"], "{text}");
        }
    }

    #[test]
    fn a_body_without_fields_may_be_left_out() {
        assert_eq!((claim(b""), nothing(b" ")), (Ok(false), Ok(())));
        assert_eq!(hand_back(br#"{"instruction": "  "}"#), Ok(None));
        assert_eq!(summary(b""), Ok(SummaryWish::Any));
        assert_eq!(summary(br#"{"renew": true}"#), Ok(SummaryWish::UpToDate));
        assert_eq!(wrong(nothing(br#"{"why": 1}"#)), ["why"]);
    }
}
