//! Parsers of tool arguments. Unknown arguments are refused, and every error names its argument.

use rmcp::model::JsonObject;
use serde_json::Value;
use uuid::Uuid;

use super::errors::ToolError;
use super::tools::{
    ID_MAX_CHARS, MAX_CITATIONS, MAX_RESULTS, QUERY_MAX_CHARS, REPLY_MAX_CHARS, SUMMARY_MAX_CHARS,
};
use crate::channels::fields::{FieldMessage, FormFields, line, list, text, word};
use crate::domain::conversations::escalation::HandOverWish;
use crate::domain::ids::{ConversationId, MessageId};

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SearchArguments {
    pub query: String,
    pub limit: u8,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EscalationArguments {
    pub conversation: ConversationId,
    pub wish: HandOverWish,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReplyArguments {
    pub conversation: ConversationId,
    pub text: String,
    pub citations: Vec<String>,
    pub seen: MessageId,
}

/// The arguments as bytes of JSON, for parsers of bodies.
pub fn bytes(arguments: Option<JsonObject>) -> Vec<u8> {
    Value::Object(arguments.unwrap_or_default()).to_string().into_bytes()
}

pub fn search(arguments: Option<JsonObject>) -> Result<SearchArguments, ToolError> {
    let mut fields = FormFields::parse(&bytes(arguments))?;
    let query = fields.required("query", |value| line(value, 2..=QUERY_MAX_CHARS));
    let limit = fields.optional_value("max_results", |value| {
        let limit = value.as_u64().and_then(|limit| u8::try_from(limit).ok());
        let limit = limit.filter(|limit| (1..=MAX_RESULTS).contains(limit));
        limit.ok_or_else(|| format!("must be a whole number from 1 to {MAX_RESULTS}").into())
    });
    let query = fields.finish(query)?;
    Ok(SearchArguments { query, limit: limit.unwrap_or(MAX_RESULTS) })
}

/// Of a customer, who may name one of their conversations.
pub fn any_conversation(arguments: Option<JsonObject>) -> Result<Option<ConversationId>, ToolError> {
    let mut fields = FormFields::parse(&bytes(arguments))?;
    let conversation = fields.optional("conversation_id", conversation_id);
    Ok(fields.finish(Some(conversation))?)
}

/// Of staff, who must name one.
pub fn conversation(arguments: Option<JsonObject>) -> Result<ConversationId, ToolError> {
    let mut fields = FormFields::parse(&bytes(arguments))?;
    let conversation = fields.required("conversation_id", conversation_id);
    Ok(fields.finish(conversation)?)
}

pub fn escalation(arguments: Option<JsonObject>) -> Result<EscalationArguments, ToolError> {
    let mut fields = FormFields::parse(&bytes(arguments))?;
    let conversation = fields.required("conversation_id", conversation_id);
    let reason = fields.required("reason", |value| word(&value));
    let severity = fields.optional("severity", |value| word(&value));
    let summary = fields.required("summary", |value| text(value, 10..=SUMMARY_MAX_CHARS));
    let (conversation, (reason, summary)) = fields.finish(conversation.zip(reason.zip(summary)))?;
    let wish = HandOverWish::Program { reason, severity, summary };
    Ok(EscalationArguments { conversation, wish })
}

pub fn reply(arguments: Option<JsonObject>) -> Result<ReplyArguments, ToolError> {
    let mut fields = FormFields::parse(&bytes(arguments))?;
    let conversation = fields.required("conversation_id", conversation_id);
    let text = fields.required("message", |value| text(value, 1..=REPLY_MAX_CHARS));
    let citations = fields
        .required_value("citations", |value| list(value, MAX_CITATIONS, |id| line(id, 1..=ID_MAX_CHARS)));
    let seen = fields.required("seen_through", |value| conversation_id(value).map(|id| MessageId(id.0)));
    let (conversation, (text, (citations, seen))) =
        fields.finish(conversation.zip(text.zip(citations.zip(seen))))?;
    Ok(ReplyArguments { conversation, text, citations, seen })
}

#[expect(clippy::needless_pass_by_value, reason = "the signature of a field's reader")]
fn conversation_id(value: String) -> Result<ConversationId, FieldMessage> {
    Uuid::try_parse(&value).map(ConversationId).map_err(|_| "must be a UUID".into())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::domain::enums::{Reason, Severity};

    fn object(value: Value) -> Option<JsonObject> {
        value.as_object().cloned()
    }

    fn detail<T: std::fmt::Debug>(read: Result<T, ToolError>) -> String {
        let error = read.unwrap_err();
        assert_eq!(error.code, "invalid_arguments");
        error.detail
    }

    #[test]
    fn a_search_has_a_query_and_at_most_five_results() {
        let read = search(object(json!({"query": " passwords "})));
        assert_eq!(read, Ok(SearchArguments { query: "passwords".to_owned(), limit: 5 }));
        let limit = search(object(json!({"query": "passwords", "max_results": 2}))).map(|read| read.limit);
        assert_eq!(limit, Ok(2));
        for wrong in [json!(0), json!(6), json!("3"), json!(2.5)] {
            let read = search(object(json!({"query": "passwords", "max_results": wrong})));
            assert_eq!(detail(read), "max_results must be a whole number from 1 to 5");
        }
        assert_eq!(detail(search(None)), "query is required");
    }

    #[test]
    fn an_escalation_names_every_wrong_argument() {
        let arguments =
            json!({"conversation_id": "7", "reason": "bored", "summary": "short", "customer_id": "1"});
        let said = detail(escalation(object(arguments)));
        for field in
            ["conversation_id must be a UUID", "reason must be one of", "summary must have 10", "customer_id"]
        {
            assert!(said.contains(field), "{said}");
        }
        let id = Uuid::from_u128(7);
        let summary = "The customer wants to cancel.";
        let arguments =
            json!({"conversation_id": id, "reason": "legal", "severity": "high", "summary": summary});
        let read = escalation(object(arguments)).unwrap();
        let severity = Some(Severity::High);
        let wish = HandOverWish::Program { reason: Reason::Legal, severity, summary: summary.to_owned() };
        assert_eq!(read, EscalationArguments { conversation: ConversationId(id), wish });
    }

    #[test]
    fn staff_must_name_a_conversation_and_a_customer_may() {
        assert_eq!(any_conversation(None), Ok(None));
        assert_eq!(detail(conversation(None)), "conversation_id is required");
        assert_eq!(detail(any_conversation(object(json!({"email": "a@b.c"})))), "email is not a known field");
    }
}
