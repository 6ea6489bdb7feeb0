//! Parsers of the bodies of the console's tools.

use serde_json::Value;

use super::action_forms::{emails, id, or_empty, tags};
use crate::channels::fields::{FieldMessage, FormFields, flag, is_blank, line, number, text, word};
use crate::domain::console::actions::DraftChange;
use crate::domain::console::macros::{MacroActions, MacroChange};
use crate::domain::enums::FeedbackVerdict;
use crate::domain::ids::ConversationId;
use crate::domain::validation::InvalidForm;

/// Maximum revision of a draft, as the document says.
const MAX_REVISION: u64 = 2_147_483_647;

/// Parses a draft; its text may be empty.
pub fn draft(body: &[u8], conversation: ConversationId) -> Result<DraftChange, InvalidForm> {
    let mut fields = FormFields::parse(body)?;
    let content = fields.required("text", draft_text);
    let channel = fields.optional("channel", |value| word(&value));
    let cc = fields.optional_value("cc", emails);
    let bcc = fields.optional_value("bcc", emails);
    let revision = fields.required_value("revision", |value| {
        number(&value, 0..=MAX_REVISION).map(|revision| i64::try_from(revision).unwrap_or(i64::MAX))
    });
    let read = content.zip(revision);
    fields.finish(read).map(|(text, revision)| DraftChange { conversation, text, channel, cc, bcc, revision })
}

fn draft_text(value: String) -> Result<String, FieldMessage> {
    if is_blank(&value) { Ok(String::new()) } else { text(value, 1..=10_000) }
}

pub fn feedback(body: &[u8]) -> Result<(FeedbackVerdict, Option<String>), InvalidForm> {
    let mut fields = FormFields::parse(body)?;
    let verdict = fields.required("verdict", |value| word(&value));
    let comment = fields.optional_unless_blank("comment", |value| text(value, 1..=2_000));
    fields.finish(verdict.map(|verdict| (verdict, comment)))
}

/// Parses `{to?}`; no body is the same as an empty object.
pub fn resend(body: &[u8]) -> Result<Option<String>, InvalidForm> {
    let mut fields = FormFields::parse(or_empty(body))?;
    let to = fields.optional("to", |value| line(value, 3..=254));
    fields.finish(Some(to))
}

/// Parses `{name?, plan?}`.
pub fn customer(body: &[u8]) -> Result<(Option<String>, Option<String>), InvalidForm> {
    let mut fields = FormFields::parse(body)?;
    let name = fields.optional("name", |value| line(value, 1..=200));
    let plan = fields.optional("plan", |value| line(value, 1..=100));
    fields.finish(Some((name, plan)))
}

pub fn macro_change(body: &[u8]) -> Result<MacroChange, InvalidForm> {
    let mut fields = FormFields::parse(body)?;
    let name = fields.required("name", |value| line(value, 1..=100));
    let content = fields.required("text", draft_text);
    let shared = fields.optional_value("shared", flag).unwrap_or_default();
    let actions = fields.optional_value("actions", actions).unwrap_or_default();
    let read = name.zip(content);
    fields.finish(read).map(|(name, text)| MacroChange { name, text, shared, actions })
}

/// The members are those of a change of a conversation, and `then`.
fn actions(value: Value) -> Result<MacroActions, FieldMessage> {
    members(&value, |fields| MacroActions {
        add_tags: fields.optional_value("add_tags", tags).unwrap_or_default(),
        remove_tags: fields.optional_value("remove_tags", tags).unwrap_or_default(),
        priority: fields.optional("priority", |value| word(&value)),
        severity: fields.optional("severity", |value| word(&value)),
        then: fields.optional("then", |value| {
            if value == "resolve" { Ok(value) } else { Err("must be resolve".into()) }
        }),
    })
}

/// Reads the members of an object inside of a body; what is wrong with them is one message.
pub fn members<T>(value: &Value, read: impl FnOnce(&mut FormFields) -> T) -> Result<T, FieldMessage> {
    let mut fields = FormFields::parse(value.to_string().as_bytes()).map_err(|_| "must be an object")?;
    let read = read(&mut fields);
    fields.finish(Some(read)).map_err(|invalid| match invalid {
        InvalidForm::Malformed(reason) => reason.into(),
        InvalidForm::Invalid(errors) => {
            let errors = errors.iter().map(|error| format!("{} {}", error.field, error.message));
            errors.collect::<Vec<_>>().join("; ").into()
        }
    })
}

pub fn render(body: &[u8]) -> Result<ConversationId, InvalidForm> {
    let mut fields = FormFields::parse(body)?;
    let conversation = fields.required("conversation_id", id);
    fields.finish(conversation.map(ConversationId))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::enums::Priority;

    fn wrong(parsed: Result<impl std::fmt::Debug, InvalidForm>) -> Vec<String> {
        match parsed {
            Err(InvalidForm::Invalid(errors)) => {
                errors.into_iter().map(|error| error.field.into_owned()).collect()
            }
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn a_draft_may_be_empty_and_names_its_revision() {
        let conversation = ConversationId(uuid::Uuid::nil());
        let draft = |body: &str| draft(body.as_bytes(), conversation);
        assert_eq!(draft(r#"{"text": " ", "revision": 0}"#).map(|draft| draft.text), Ok(String::new()));
        assert_eq!(wrong(draft("{}")), ["text", "revision"]);
        assert_eq!(wrong(draft(r#"{"text": "x", "revision": -1, "cc": [1]}"#)), ["cc", "revision"]);
    }

    #[test]
    fn a_macro_has_known_actions_only() {
        let full = br#"{"name": "Hi", "text": "Hello", "shared": true, "actions": {"priority": "high", "then": "resolve"}}"#;
        let change = macro_change(full).unwrap();
        assert_eq!((change.shared, change.actions.priority), (true, Some(Priority::High)));
        for actions in [r#"{"x": 1}"#, r#"{"then": "close"}"#, "[]", r#"{"add_tags": ["A"]}"#] {
            let body = format!(r#"{{"name": "Hi", "text": "", "actions": {actions}}}"#);
            assert_eq!(wrong(macro_change(body.as_bytes())), ["actions"], "{actions}");
        }
    }
}
