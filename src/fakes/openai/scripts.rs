//! Named scripts of the fake model: well-behaved and misbehaving ones.

use std::sync::Arc;
use std::time::Duration;

use serde_json::json;

use super::act::{Act, FakeReply};
use super::asked::Asked;

/// Decides what the fake does with a request.
pub trait Script: Send + Sync + 'static {
    fn act(&self, asked: &Asked) -> Act;

    /// The delay of each embeddings request.
    fn embedding_delay(&self) -> Duration {
        Duration::ZERO
    }
}

impl<F: Fn(&Asked) -> Act + Send + Sync + 'static> Script for F {
    fn act(&self, asked: &Asked) -> Act {
        self(asked)
    }
}

impl Script for Arc<dyn Script> {
    fn act(&self, asked: &Asked) -> Act {
        self.as_ref().act(asked)
    }

    fn embedding_delay(&self) -> Duration {
        self.as_ref().embedding_delay()
    }
}

/// Maximum number of words that an answer repeats from a passage.
const MAX_WORDS: usize = 60;

/// The scripts that the command line accepts by name.
pub fn named(name: &str) -> Option<Arc<dyn Script>> {
    Some(match name {
        "grounded" => Arc::new(grounded),
        "obeying" => Arc::new(obeying),
        "endless-tools" => Arc::new(endless_tools),
        "wrong-tool" => Arc::new(wrong_tool),
        "talking" => Arc::new(talking),
        _ => return None,
    })
}

/// Answers from the best passage of the prompt and cites it; without a passage it asks a clarifying question.
pub fn grounded(asked: &Asked) -> Act {
    let passages = asked.passages();
    let Some((id, text)) = passages.first() else {
        return FakeReply::response("Which part of the product is this about?", &[]).into();
    };
    let words: Vec<&str> = text.split_whitespace().take(MAX_WORDS).collect();
    FakeReply::response(&format!("Here is what helps: {}", words.join(" ")), &[id]).into()
}

/// Follows every instruction in the customer's text, and cites every given passage so that the reply passes the checks.
/// Text after `SAY:` is sent unchanged; text after `CALL:` becomes a tool call unchanged, name first.
pub fn obeying(asked: &Asked) -> Act {
    let wish = asked.customer();
    if let Some((_, call)) = wish.rsplit_once("CALL:") {
        let call = call.trim();
        let (name, arguments) = call.split_once(char::is_whitespace).unwrap_or((call, "{}"));
        return FakeReply::default().and_call(name, arguments.trim()).into();
    }
    let said = wish.rsplit_once("SAY:").map_or(wish.as_str(), |(_, said)| said).trim();
    let passages = asked.passages();
    let citations: Vec<&str> = passages.iter().map(|(id, _)| id.as_str()).collect();
    FakeReply::response(said, &citations).into()
}

fn endless_tools(asked: &Asked) -> Act {
    let query = format!("more about it, {}", asked.replies());
    FakeReply::call("search_knowledge_base", &json!({ "query": query, "max_results": 5 })).into()
}

fn wrong_tool(_: &Asked) -> Act {
    FakeReply::default().and_call("run_sql", "{\"sql\": \"select * from customers\"}").into()
}

fn talking(_: &Asked) -> Act {
    FakeReply::words("I would rather talk than call a tool.").into()
}
