//! Read models of the console beside its queues: parked messages, search results, drafts, macros, a customer's file.

use serde::Deserialize;
use time::OffsetDateTime;
use uuid::Uuid;

use super::detail::PersonRef;
use crate::domain::enums::{Channel, SearchKind};
use crate::domain::ids::{ConversationId, CustomerId, DeadLetterId, MergeId};
use crate::domain::views::CustomerView;

/// A message that was parked and waits for staff.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ParkedView {
    pub id: DeadLetterId,
    pub conversation: ConversationId,
    pub ticket_number: String,
    pub customer: PersonRef,
    pub reason: String,
    pub parked_at: OffsetDateTime,
}

/// Something that a search has found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SearchHit {
    pub kind: SearchKind,
    pub id: String,
    pub conversation: Option<ConversationId>,
    pub title: String,
    pub snippet: String,
}

/// What an account is about to write; the empty one has revision 0.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DraftView {
    pub text: String,
    pub channel: Option<Channel>,
    pub cc: Option<Vec<String>>,
    pub bcc: Option<Vec<String>>,
    pub revision: i64,
}

/// A customer's file, as staff see it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CustomerFile {
    pub customer: CustomerView,
    pub plan: Option<String>,
    pub merges: Vec<MergeView>,
}

/// Customers that have become this one.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct MergeView {
    pub id: MergeId,
    pub from: CustomerId,
    #[serde(with = "time::serde::rfc3339")]
    pub at: OffsetDateTime,
}

/// What a macro's placeholders are filled with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MacroValues {
    pub customer_name: String,
    pub ticket_number: String,
    pub subject: String,
    /// The ticket's id, which its page's address names.
    pub ticket: Uuid,
    pub agent_name: String,
}

/// Fills the placeholders of a text, such as `{{customer.name}}`; the names of those that are not known are returned, and
/// stay in the text.
pub fn render(text: &str, value: impl Fn(&str) -> Option<String>) -> (String, Vec<String>) {
    let (mut rendered, mut missing, mut rest) = (String::with_capacity(text.len()), Vec::new(), text);
    while let Some((before, after)) = rest.split_once("{{") {
        let Some((name, behind)) = after.split_once("}}") else {
            break;
        };
        rendered.push_str(before);
        let known = name.trim();
        match value(known).filter(|value| !value.is_empty()) {
            Some(value) => rendered.push_str(&value),
            None => {
                if !missing.iter().any(|listed| listed == known) {
                    missing.push(known.to_owned());
                }
                rendered.push_str("{{");
                rendered.push_str(name);
                rendered.push_str("}}");
            }
        }
        rest = behind;
    }
    rendered.push_str(rest);
    (rendered, missing)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn known_placeholders_are_filled_and_the_others_are_named_once() {
        let value = |name: &str| match name {
            "customer.name" => Some("Ann".to_owned()),
            "ticket.subject" => Some(String::new()),
            _ => None,
        };
        let text = "Hello {{customer.name}} and {{ customer.name }}, {{x}} {{x}} {{ticket.subject}} {{open";
        let expected = "Hello Ann and Ann, {{x}} {{x}} {{ticket.subject}} {{open";
        let missing = vec!["x".to_owned(), "ticket.subject".to_owned()];
        assert_eq!(render(text, value), (expected.to_owned(), missing));
        assert_eq!(render("{{}} }} {{", value).1, [""]);
    }
}
