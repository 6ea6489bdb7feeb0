//! Removal of a model's reasoning from what it says: tags, channels and control tokens that a server left in the text.
//! When in doubt text is removed: a reply that is empty is corrected, one that shows reasoning is not.

/// Names of tags around reasoning, in lower case and without a prefix such as `seed:`.
const NAMES: &[&str] = &[
    "think",
    "thinking",
    "thinks",
    "thought",
    "thoughts",
    "reasoning",
    "reflection",
    "analysis",
    "scratchpad",
    "scratch_pad",
    "inner_monologue",
    "internal_monologue",
    "chain_of_thought",
    "begin_of_thought",
    "end_of_thought",
    "start_thinking",
    "end_thinking",
];
/// Pairs of brackets around the name of a tag.
const BRACKETS: &[(&str, &str)] =
    &[("<|", "|>"), ("<", ">"), ("[", "]"), ("◁", "▷"), ("&lt;", "&gt;"), ("<｜", "｜>")];
/// Tags around the answer proper, which some models write after their reasoning.
const WRAPPERS: &[&str] = &[
    "answer",
    "final_answer",
    "final",
    "response",
    "output",
    "begin_of_solution",
    "end_of_solution",
    "solution",
];
/// Maximum characters of a tag, its attributes included.
const TAG_MAX_CHARS: usize = 80;

/// The text without reasoning.
pub fn strip(text: &str) -> String {
    if !text.contains(['<', '[', '◁', '&']) && !text.contains("assistantfinal") {
        return text.to_owned();
    }
    let text = final_channel(text);
    let (text, had_reasoning) = without_tags(&text);
    let text = without_tokens(&text);
    if had_reasoning { unwrapped(&text).trim().to_owned() } else { text }
}

/// The last message of the channel `final`, if the text has channels (as gpt-oss writes them).
fn final_channel(text: &str) -> String {
    let has_channels = ["<|channel|>", "<|channel>", "<|message|>"].iter().any(|mark| text.contains(mark));
    if !has_channels {
        let plain = text.trim_start().to_lowercase().starts_with("analysis");
        return match text.rsplit_once("assistantfinal") {
            Some((_, last)) if plain => last.to_owned(),
            Some(_) | None => text.to_owned(),
        };
    }
    let after = |mark: &str| text.rsplit_once(mark).map(|(_, rest)| rest);
    let last = after("<|channel|>final").or_else(|| after("<|channel>final"));
    match last {
        Some(rest) => {
            let message = rest.split_once("<|message|>").map_or(rest, |(_, message)| message);
            message.split("<|").next().unwrap_or_default().to_owned()
        }
        // Everything else is meant for tools or for the model itself; before the first mark it may be the answer.
        None => text.split("<|").next().unwrap_or_default().to_owned(),
    }
}

/// The text outside of reasoning tags, and whether there were any. A tag that is not closed hides the rest; one that
/// was not opened hides the text before it, since a chat template may open it.
fn without_tags(text: &str) -> (String, bool) {
    let mut out = String::new();
    let mut depth = 0_usize;
    let mut found = false;
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        match tag(rest) {
            Some(ReasoningTag { name, closes, length }) if NAMES.contains(&name.as_str()) => {
                found = true;
                if !closes {
                    depth += 1;
                } else if depth > 0 {
                    depth -= 1;
                } else {
                    out.clear();
                }
                rest = rest.get(length..).unwrap_or_default();
            }
            Some(_) | None => {
                if depth == 0 {
                    out.push(c);
                }
                rest = rest.get(c.len_utf8()..).unwrap_or_default();
            }
        }
    }
    (out, found)
}

struct ReasoningTag {
    name: String,
    closes: bool,
    /// In bytes.
    length: usize,
}

/// The tag at the beginning of a text.
fn tag(text: &str) -> Option<ReasoningTag> {
    BRACKETS.iter().find_map(|(open, close)| {
        let inside = text.strip_prefix(open)?;
        let limit = inside.char_indices().nth(TAG_MAX_CHARS).map_or(inside.len(), |(place, _)| place);
        let end = inside.get(..limit)?.find(close)?;
        let written = inside.get(..end)?.trim();
        let name = written.trim_start_matches('/').trim().to_lowercase();
        let word = name.split(|c: char| c.is_whitespace() || c == '/').next()?;
        let name = word.rsplit(':').next()?.to_owned();
        let is_name = !name.is_empty() && name.chars().all(|c| c.is_ascii_lowercase() || c == '_');
        // In square brackets, plain words are links and buttons.
        let is_name = is_name && (*open != "[" || !written.contains(|c: char| c.is_lowercase() || c == ' '));
        let closes = written.starts_with('/') || name.starts_with("end_");
        is_name.then_some(ReasoningTag { name, closes, length: open.len() + end + close.len() })
    })
}

/// The text without control tokens such as `<|im_end|>`, `<｜end▁of▁sentence｜>` and `</s>`.
fn without_tokens(text: &str) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        let length = token(rest).unwrap_or_else(|| {
            out.push(c);
            c.len_utf8()
        });
        rest = rest.get(length..).unwrap_or_default();
    }
    out
}

/// The length of the control token at the beginning of a text.
fn token(text: &str) -> Option<usize> {
    let plain =
        ["</s>", "<end_of_turn>", "<eos>", "[/INST]"].into_iter().find(|token| text.starts_with(token));
    let marked = || {
        [("<|", "|>"), ("<｜", "｜>")].into_iter().find_map(|(open, close)| {
            let inside = text.strip_prefix(open)?;
            let limit = inside.char_indices().nth(TAG_MAX_CHARS).map_or(inside.len(), |(place, _)| place);
            let end = inside.get(..limit)?.find(close)?;
            let name = inside.get(..end)?;
            let is_name = !name.is_empty() && name.chars().all(|c| c.is_alphanumeric() || "_▁/-".contains(c));
            is_name.then_some(open.len() + end + close.len())
        })
    };
    plain.map(str::len).or_else(marked)
}

/// The text inside of a tag around the whole answer.
fn unwrapped(text: &str) -> String {
    let trimmed = text.trim();
    let Some(first) = tag(trimmed).filter(|tag| !tag.closes && WRAPPERS.contains(&tag.name.as_str())) else {
        return text.to_owned();
    };
    let inside = trimmed.get(first.length..).unwrap_or_default();
    let end =
        inside.rfind(['<']).filter(|place| inside.get(*place..).and_then(tag).is_some_and(|tag| tag.closes));
    inside.get(..end.unwrap_or(inside.len())).unwrap_or_default().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reasoning_is_removed_wherever_it_is() {
        let cases = [
            ("Hello", "Hello"),
            ("<think>The customer is angry.</think>Hello", "Hello"),
            ("<think>\nOne\n</think>\n\nHello", "Hello"),
            ("Hello <think>is that right?</think>there", "Hello there"),
            ("The customer is angry.</think>Hello", "Hello"),
            ("<think>The customer is", ""),
            ("Hello<think>The customer is", "Hello"),
            ("<think>a<think>b</think>c</think>Hello", "Hello"),
            ("<THINK>a</Think >Hello", "Hello"),
            ("< think >a< /think >Hello", "Hello"),
            ("<think reason=\"x\">a</think>Hello", "Hello"),
            ("&lt;think&gt;a&lt;/think&gt;Hello", "Hello"),
            ("<thinking>a</thinking>Hello", "Hello"),
            ("<thought>a</thought>Hello", "Hello"),
            ("<reasoning>a</reasoning><answer>Hello</answer>", "Hello"),
            ("<seed:think>a</seed:think>Hello", "Hello"),
            ("[THINK]a[/THINK]Hello", "Hello"),
            ("◁think▷a◁/think▷Hello", "Hello"),
            ("<|START_THINKING|>a<|END_THINKING|>Hello", "Hello"),
            ("<|begin_of_thought|>a<|end_of_thought|><|begin_of_solution|>Hello<|end_of_solution|>", "Hello"),
            (
                "<|channel|>analysis<|message|>a<|end|><|start|>assistant<|channel|>final<|message|>Hello<|return|>",
                "Hello",
            ),
            ("<|channel|>analysis<|message|>only thoughts<|end|>", ""),
            ("<|channel|>commentary to=functions.x <|constrain|>json<|message|>{}<|call|>", ""),
            ("analysisWe must help.assistantfinalHello", "Hello"),
            ("Hello<|im_end|>", "Hello"),
            ("Hello<｜end▁of▁sentence｜>", "Hello"),
        ];
        for (text, expected) in cases {
            assert_eq!(strip(text), expected, "{text}");
        }
    }

    #[test]
    fn other_text_stays_as_it_is() {
        for text in [
            "Use `<b>` for bold, a < b > c, and [think twice](https://example.com).",
            "Click <Settings> → [Thinking cap].",
            "if a <| b |> c",
            "1 < 2 & 3 &lt; 4",
            "The final analysis: assistants finalise it.",
            "<div class=\"answer\">x</div>",
        ] {
            assert_eq!(strip(text), text);
        }
    }
}
