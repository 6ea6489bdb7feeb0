//! JSON shapes of tool results, the same as those of the HTTP API and the command line.

use serde_json::{Value, json};
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

use crate::domain::history::{ConversationHistory, History};
use crate::domain::knowledge::Findings;
use crate::domain::views::MessageView;

/// Characters of a section in a search result; the whole section is a resource.
const SECTION_MAX_CHARS: usize = 4_000;

/// As `fte kb search --json` prints it.
pub fn findings(query: &str, findings: &Findings) -> Value {
    let results = findings.passages.iter().enumerate().map(|(place, passage)| {
        json!({
            "rank": place + 1,
            "id": passage.id,
            "title": passage.title,
            "section": passage.section,
            "text": cut(&passage.text, SECTION_MAX_CHARS),
            "score": passage.score,
        })
    });
    json!({
        "query": query,
        "mode": findings.mode,
        "relevant": findings.relevant,
        "results": results.collect::<Vec<_>>(),
    })
}

pub fn history(history: &History) -> Value {
    let conversations: Vec<Value> = history.conversations.iter().map(conversation).collect();
    json!({"conversations": conversations, "truncated": history.is_truncated})
}

fn conversation(conversation: &ConversationHistory) -> Value {
    let messages: Vec<Value> = conversation.messages.iter().map(message).collect();
    json!({
        "conversation_id": conversation.conversation_id,
        "channel": conversation.channel,
        "status": conversation.status,
        "messages": messages,
    })
}

fn message(message: &MessageView) -> Value {
    json!({
        "id": message.id,
        "role": message.role,
        "kind": message.kind,
        "content": message.content,
        "channel": message.channel,
        "created_at": rfc3339(message.created_at),
        "delivery_status": message.delivery_status,
    })
}

pub fn rfc3339(at: OffsetDateTime) -> String {
    at.format(&Rfc3339).unwrap_or_default()
}

/// The beginning of a text; what is left out is marked.
pub fn cut(text: &str, max_chars: usize) -> String {
    match text.char_indices().nth(max_chars) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_text_is_cut_at_a_character() {
        assert_eq!(cut("äöü", 3), "äöü");
        assert_eq!(cut("äöü", 2), "äö…");
    }
}
