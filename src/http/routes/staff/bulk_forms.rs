//! Parser of the body of a bulk action: which action, with the fields of the single one, and which conversations.

use std::time::Duration;

use serde_json::{Map, Value};
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

use super::action_forms::{self, PatchForm, TEXT_CHARS, id};
use super::queue::bulk_filter;
use crate::channels::fields::{FieldMessage, FormFields, flag, list, number, text, word};
use crate::domain::console::actions::MAX_DELAY_SECONDS;
use crate::domain::console::bulk::{BulkTargets, BulkWork, MAX_CONVERSATIONS};
use crate::domain::enums::BulkAction;
use crate::domain::ids::{ConversationId, StaffId};
use crate::domain::validation::{FieldError, InvalidForm};

/// A bulk action as its author sent it.
#[derive(Debug, PartialEq)]
pub struct BulkForm {
    pub work: BulkWork,
    pub targets: BulkTargets,
    pub as_of: OffsetDateTime,
}

/// `viewer` is who `me` means in a filter.
pub fn bulk(body: &[u8], viewer: StaffId) -> Result<BulkForm, InvalidForm> {
    let mut fields = FormFields::parse(body)?;
    let action: Option<BulkAction> = fields.required("action", |value| word(&value));
    let params = fields.optional_value("params", object).unwrap_or_default();
    let ids = fields.optional_value("ids", conversations);
    let filter = fields.optional_value("filter", |value| filter(value, viewer));
    let as_of = fields.required("as_of", |value| {
        OffsetDateTime::parse(&value, &Rfc3339).map_err(|_| "must be a time (RFC 3339)".into())
    });
    let (action, as_of) = fields.finish(action.zip(as_of))?;
    let targets = match (ids, filter) {
        (Some(ids), None) => BulkTargets::Ids(ids),
        (None, Some(filter)) => BulkTargets::Filter(Box::new(filter)),
        (Some(_), Some(_)) | (None, None) => {
            let error = FieldError::new("ids", "must be given, or else filter");
            return Err(InvalidForm::Invalid(vec![error]));
        }
    };
    let work = work(action, &params).map_err(|invalid| match invalid {
        malformed @ InvalidForm::Malformed(_) => malformed,
        InvalidForm::Invalid(errors) => {
            InvalidForm::Invalid(vec![FieldError::new("params", joined(&errors))])
        }
    })?;
    Ok(BulkForm { work, targets, as_of })
}

fn work(action: BulkAction, params: &Map<String, Value>) -> Result<BulkWork, InvalidForm> {
    let body = Value::from(params.clone()).to_string();
    let body = body.as_bytes();
    Ok(match action {
        BulkAction::Assign => {
            let (to, force) = action_forms::assign(body)?;
            BulkWork::Assign { to, force }
        }
        BulkAction::Release => {
            action_forms::nothing(body)?;
            BulkWork::Release
        }
        BulkAction::Snooze => BulkWork::Snooze { until: action_forms::snooze(body)? },
        BulkAction::Patch => {
            let PatchForm { priority, severity, add_tags, remove_tags } = action_forms::patch(body)?;
            BulkWork::Patch { priority, severity, add_tags, remove_tags }
        }
        BulkAction::Resolve => {
            action_forms::nothing(body)?;
            BulkWork::Resolve
        }
        BulkAction::HandBack => BulkWork::HandBack { instruction: action_forms::hand_back(body)? },
        BulkAction::Reply => reply(body)?,
    })
}

fn reply(body: &[u8]) -> Result<BulkWork, InvalidForm> {
    let mut fields = FormFields::parse(body)?;
    let content = fields.required("text", |value| text(value, TEXT_CHARS));
    let delay = fields.optional_value("send_after_seconds", |value| number(&value, 0..=MAX_DELAY_SECONDS));
    let then = fields.optional("then", action_forms::resolves);
    let force = fields.optional_value("force", flag).unwrap_or_default();
    let delay = delay.map(Duration::from_secs);
    fields.finish(content.map(|text| BulkWork::Reply { text, delay, resolves: then.is_some(), force }))
}

fn object(value: Value) -> Result<Map<String, Value>, FieldMessage> {
    match value {
        Value::Object(members) => Ok(members),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) | Value::Array(_) => {
            Err("must be an object".into())
        }
    }
}

/// Each conversation once, in the order given.
fn conversations(value: Value) -> Result<Vec<ConversationId>, FieldMessage> {
    let mut seen = std::collections::HashSet::new();
    let ids = list(value, MAX_CONVERSATIONS, id)?;
    let ids: Vec<_> = ids.into_iter().map(ConversationId).filter(|id| seen.insert(*id)).collect();
    if ids.is_empty() { Err("must not be empty".into()) } else { Ok(ids) }
}

fn filter(
    value: Value,
    viewer: StaffId,
) -> Result<crate::domain::console::queue::QueueRequest, FieldMessage> {
    let pairs = object(value)?.into_iter().map(|(name, value)| match value {
        Value::String(text) => Ok((name, text)),
        Value::Bool(flag) => Ok((name, flag.to_string())),
        Value::Null | Value::Number(_) | Value::Array(_) | Value::Object(_) => {
            Err("must have texts and true or false as values")
        }
    });
    let pairs: Vec<(String, String)> = pairs.collect::<Result<_, _>>()?;
    bulk_filter(&pairs, viewer).map_err(|errors| joined(&errors).into())
}

fn joined(errors: &[FieldError]) -> String {
    let errors = errors.iter().map(|error| format!("{} {}", error.field, error.message));
    errors.collect::<Vec<_>>().join("; ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::enums::DeskQueue;

    const ID: &str = "11111111-1111-4111-8111-111111111111";
    const ME: StaffId = StaffId(uuid::Uuid::from_u128(7));

    fn wrong(body: &str) -> Vec<String> {
        match bulk(body.as_bytes(), ME) {
            Err(InvalidForm::Invalid(errors)) => {
                errors.into_iter().map(|error| error.field.into_owned()).collect()
            }
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn a_bulk_action_names_its_conversations_once_or_by_a_filter() {
        let rest = r#""as_of": "2026-11-30T10:00:00.123456Z""#;
        let form =
            bulk(format!(r#"{{"action": "resolve", "ids": ["{ID}", "{ID}"], {rest}}}"#).as_bytes(), ME);
        let form = form.unwrap();
        assert_eq!(form.work, BulkWork::Resolve);
        assert_eq!(form.targets, BulkTargets::Ids(vec![ConversationId(ID.parse().unwrap())]));
        let filter = r#"{"assignee": "me", "breached": false}"#;
        let form =
            bulk(format!(r#"{{"action": "release", "filter": {filter}, {rest}}}"#).as_bytes(), ME).unwrap();
        let BulkTargets::Filter(request) = form.targets else { panic!("{form:?}") };
        assert_eq!((request.queue, request.filter.breached), (DeskQueue::All, Some(false)));
        for filter in [r#"{"limit": "5"}"#, r#"{"channel": "fax"}"#, r#"{"tag": 1}"#, "[]"] {
            let body = format!(r#"{{"action": "release", "filter": {filter}, {rest}}}"#);
            assert_eq!(wrong(&body), ["filter"], "{filter}");
        }
        assert_eq!(wrong(&format!(r#"{{"action": "release", {rest}}}"#)), ["ids"]);
        let both = format!(r#"{{"action": "release", "ids": ["{ID}"], "filter": {{}}, {rest}}}"#);
        assert_eq!(wrong(&both), ["ids"]);
        assert_eq!(wrong("{}"), ["action", "as_of"]);
        assert_eq!(wrong(&format!(r#"{{"action": "claim", "ids": [], {rest}}}"#)), ["action", "ids"]);
    }

    #[test]
    fn the_fields_of_the_single_action_are_checked() {
        for (action, params) in [
            ("assign", "{}"),
            ("release", r#"{"x": 1}"#),
            ("snooze", r#"{"until": "tomorrow"}"#),
            ("patch", r#"{"add_tags": ["A"]}"#),
            ("resolve", r#"{"seen_through": 1}"#),
            ("hand_back", r#"{"instruction": 1}"#),
            ("reply", r#"{"text": ""}"#),
            ("reply", r#"{"text": "x", "cc": []}"#),
        ] {
            let body = format!(
                r#"{{"action": "{action}", "params": {params}, "ids": ["{ID}"], "as_of": "2026-11-30T10:00:00Z"}}"#
            );
            assert_eq!(wrong(&body), ["params"], "{action} {params}");
        }
    }
}
