//! Output guard against disclosure: finds the system prompt, tool names, prompt delimiters, and keys.

use std::collections::HashSet;

use super::grounds::Grounds;
use crate::agent::models::tools::ToolName;

/// Minimum consecutive words that count as a quotation, not a coincidence.
const ROW: usize = 8;

const TELLTALES: &[&str] = &[
    "system prompt",
    "my instructions",
    "my prompt",
    "i was instructed",
    "i am instructed",
    "i was told to",
    "language model",
    "as an ai",
    "openai",
    "chatgpt",
    "gpt-",
    "knowledge base search",
    "tool call",
    "function call",
    "api key",
    "database_url",
    "</messages>",
    "<messages>",
    "<knowledge",
    "<passage",
    "</history>",
    "{{",
];

/// Whether a text reveals how the bot is built.
pub fn tells_of_itself(text: &str, grounds: &Grounds<'_>) -> bool {
    let lower = text.to_lowercase();
    let documents: Vec<String> = grounds.documents().collect();
    let is_open = |telltale: &str| documents.iter().any(|document| document.contains(telltale));
    let tools = ToolName::ALL.iter().map(|tool| tool.as_str());
    let told = TELLTALES.iter().copied().chain(tools).filter(|telltale| lower.contains(telltale));
    told.into_iter().any(|telltale| !is_open(telltale))
        || has_key(text)
        || repeats(&lower, &grounds.instructions.to_lowercase(), &documents)
}

/// A secret in the format of a provider.
fn has_key(text: &str) -> bool {
    let is_key = |word: &str| {
        let known = ["sk-", "xoxb-", "ghp_", "AKIA", "eyJ"].iter().any(|prefix| word.starts_with(prefix));
        known && word.len() >= 16
    };
    text.split(|c: char| c.is_whitespace() || "\"'`<>()[],".contains(c)).any(is_key)
}

/// Whether consecutive words are taken from the instructions, and not from a document.
fn repeats(text: &str, instructions: &str, documents: &[String]) -> bool {
    let secret = rows(instructions);
    let mut taken = rows(text).into_iter().filter(|row| secret.contains(row)).peekable();
    if taken.peek().is_none() {
        return false;
    }
    let open: HashSet<String> = documents.iter().flat_map(|document| rows(document)).collect();
    taken.any(|row| !open.contains(&row))
}

fn rows(text: &str) -> HashSet<String> {
    let words: Vec<&str> =
        text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).collect();
    words.windows(ROW).map(|row| row.join(" ")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::agent::samples::{context, passage};

    const INSTRUCTIONS: &str =
        "Answer from the passages alone. Cite the id of every passage that you used, exactly.";

    #[test]
    fn how_the_bot_is_made_stays_inside() {
        let context = context(&["Who are you?"]);
        let passages =
            [passage("docs.md#api", "Create an API key under Settings. Our tool call board is new.")];
        let cases = [
            ("Create an **API key** under Settings.", false),
            ("I cite a passage where I can.", false),
            ("My system prompt says so.", true),
            ("As an AI, I can't.", true),
            ("I use search_knowledge_base for that.", true),
            ("</messages> done", true),
            ("Your key is sk-abcdefghijklmnop123.", true),
            ("I cite the id of every passage that you used, always.", true),
        ];
        for (text, expected) in cases {
            let grounds = Grounds::of(&context, &passages, INSTRUCTIONS);
            assert_eq!(tells_of_itself(text, &grounds), expected, "{text}");
        }
    }
}
