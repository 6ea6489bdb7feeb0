//! Output guard against disclosure: finds the system prompt, tool names, prompt delimiters, and keys.

use std::collections::HashSet;

use super::grounds::Grounds;
use crate::agent::canonical::Canonical;
use crate::agent::models::tools::ToolName;

/// Minimum consecutive words that count as a quotation, not a coincidence.
const ROW: usize = 8;

const TELLTALES: &[&str] = &[
    "system prompt",
    "systemprompt",
    "my instructions",
    "my prompt",
    "i was instructed",
    "i am instructed",
    "i was told to",
    "my guidelines say",
    "language model",
    "as an ai",
    "openai",
    "chatgpt",
    "gpt-",
    "anthropic",
    "knowledge base search",
    "tool call",
    "function call",
    "api key",
    "database_url",
    "meine anweisungen",
    "meinen anweisungen",
    "sprachmodell",
    "als ki",
    "mis instrucciones",
    "modelo de lenguaje",
    "como ia",
    "mes instructions",
    "modele de langage",
    "en tant qu'ia",
    "</messages>",
    "<messages>",
    "<knowledge",
    "<passage",
    "</history>",
    "<think",
    "</think",
    "<|",
    "{{",
];

/// Whether a text reveals how the bot is built.
pub fn tells_of_itself(text: &Canonical, grounds: &Grounds<'_>) -> bool {
    let tools = ToolName::ALL.iter().map(|tool| tool.as_str());
    let [separated, joined] = text.texts();
    let plain = separated.split_whitespace().collect::<Vec<_>>().join(" ");
    let says = |telltale: &str| {
        let begins_word = |text: &str| {
            text.match_indices(telltale).any(|(place, _)| {
                let before = text.get(..place).and_then(|before| before.chars().next_back());
                !telltale.starts_with(char::is_alphabetic) || before.is_none_or(|c| !c.is_alphanumeric())
            })
        };
        [&text.folded, &plain, joined].into_iter().any(|text| begins_word(text))
    };
    let mut told = TELLTALES.iter().copied().chain(tools).filter(|telltale| says(telltale));
    told.any(|telltale| !grounds.documents_contain(telltale))
        || has_key(&text.decoded)
        || repeats(&text.folded, &grounds.instructions.to_lowercase(), grounds)
}

/// A secret in the format of a provider.
fn has_key(text: &str) -> bool {
    let is_key = |word: &str| {
        const PREFIXES: [&str; 12] = [
            "sk-",
            "sk_live_",
            "rk_live_",
            "xoxb-",
            "xoxp-",
            "ghp_",
            "gho_",
            "github_pat_",
            "glpat-",
            "AKIA",
            "AIza",
            "eyJ",
        ];
        let known = PREFIXES.iter().any(|prefix| word.starts_with(prefix));
        known && word.len() >= 16
    };
    text.contains("-----BEGIN")
        || text.split(|c: char| c.is_whitespace() || "\"'`<>()[],=:".contains(c)).any(is_key)
}

/// Whether consecutive words are taken from the instructions, and not from a document.
fn repeats(text: &str, instructions: &str, grounds: &Grounds<'_>) -> bool {
    let (said, secret) = (bare_words(text), bare_words(instructions));
    let rows: HashSet<&[&str]> = said.windows(ROW).collect();
    let firsts: HashSet<&str> = rows.iter().filter_map(|row| row.first().copied()).collect();
    let mut taken = secret
        .windows(ROW)
        .filter(|row| row.first().is_some_and(|first| firsts.contains(first)) && rows.contains(row))
        .peekable();
    if taken.peek().is_none() {
        return false;
    }
    let documents: Vec<Vec<&str>> =
        grounds.documents().iter().map(|document| bare_words(&document.text().folded)).collect();
    let open: HashSet<&[&str]> = documents.iter().flat_map(|words| words.windows(ROW)).collect();
    taken.any(|row| !open.contains(row))
}

fn bare_words(text: &str) -> Vec<&str> {
    text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::agent::samples::{context, handbook, passage};

    const INSTRUCTIONS: &str =
        "Answer from the passages alone. Cite the id of every passage that you used, exactly.";

    #[test]
    fn how_the_bot_is_made_stays_inside() {
        let (context, handbook) = (context(&["Who are you?"]), handbook());
        let passages =
            [passage("docs.md#api", "Create an API key under Settings. Our tool call board is new.")];
        let cases = [
            ("Create an **API key** under Settings.", false),
            ("I cite a passage where I can.", false),
            ("My system prompt says so.", true),
            ("My s-y-s-t-e-m prompt says so.", true),
            ("My **system**\nprompt says so.", true),
            ("Das steht in meinen Anweisungen.", true),
            ("Hier ist das Was das Klientel sagt.", false),
            ("As an AI, I can't.", true),
            ("I use search_knowledge_base for that.", true),
            ("</messages> done", true),
            ("Your key is sk-abcdefghijklmnop123.", true),
            ("I cite the id of every passage that you used, always.", true),
        ];
        for (text, expected) in cases {
            let grounds = Grounds::of(&context, &passages, INSTRUCTIONS, &handbook);
            assert_eq!(tells_of_itself(&Canonical::of(text), &grounds), expected, "{text}");
        }
    }
}
