//! Messages that need no answer: thanks, emoji, nothing at all.

/// Words of a message that may still be thanks and nothing else, at most.
const THANKS_MAX_WORDS: usize = 15;

/// Any of these makes a message of known words a thanks or a goodbye.
const CORE: &[&str] = &[
    "thanks",
    "thank",
    "thankyou",
    "thx",
    "ty",
    "tysm",
    "cheers",
    "ok",
    "okay",
    "k",
    "great",
    "perfect",
    "awesome",
    "cool",
    "super",
    "excellent",
    "wonderful",
    "fantastic",
    "brilliant",
    "lovely",
    "appreciated",
    "appreciate",
    "bye",
    "goodbye",
    "welcome",
    "danke",
    "merci",
    "gracias",
    "solved",
    "resolved",
    "worked",
    "works",
    "noted",
];

const AROUND: &[&str] = &[
    "you",
    "u",
    "so",
    "very",
    "much",
    "many",
    "a",
    "lot",
    "lots",
    "ton",
    "again",
    "all",
    "good",
    "nice",
    "got",
    "it",
    "that",
    "that's",
    "this",
    "is",
    "was",
    "were",
    "it's",
    "now",
    "for",
    "your",
    "the",
    "help",
    "helping",
    "helped",
    "support",
    "reply",
    "response",
    "answer",
    "quick",
    "fast",
    "prompt",
    "me",
    "i",
    "we",
    "my",
    "our",
    "problem",
    "issue",
    "have",
    "and",
    "will",
    "day",
    "one",
    "everything",
    "fine",
    "well",
    "really",
    "to",
    "team",
    "guys",
    "no",
    "worries",
    "understood",
    "best",
    "regards",
    "kind",
    "hi",
    "hello",
    "hey",
    "there",
    "dear",
    "sir",
    "madam",
    "be",
    "vielen",
    "dank",
    "schön",
    "beaucoup",
    "muchas",
    "just",
    "wanted",
    "say",
    "been",
    "has",
    "of",
    "with",
    "also",
    "weekend",
    "evening",
    "morning",
    "man",
    "mate",
    "indeed",
    "amazing",
    "job",
    "work",
    "great",
    "immediately",
    "right",
    "away",
    "sorted",
];

/// What a subject may hold beside thanks and still ask for nothing.
const SUBJECT: &[&str] = &[
    "re",
    "fwd",
    "feedback",
    "hello",
    "hi",
    "hey",
    "note",
    "message",
    "support",
    "team",
    "ticket",
    "thank-you",
    "big",
    "small",
    "quick",
    "question",
    "praise",
    "compliment",
    "note",
    "whatsapp",
    "general",
    "inquiry",
    "subject",
    "no",
];

/// Whether a message asks for nothing.
pub(super) fn is_enough(text: &str) -> bool {
    if text.contains(['?', '？', '¿']) {
        return false;
    }
    let words = words(text);
    words.is_empty()
        || (words.len() <= THANKS_MAX_WORDS
            && words.iter().any(|word| CORE.contains(&word.as_str()))
            && words.iter().all(|word| is_known(word)))
}

/// Whether a subject adds nothing to thanks.
pub(super) fn says_nothing(subject: &str) -> bool {
    let known = |word: &String| is_known(word) || SUBJECT.contains(&word.as_str());
    !subject.contains(['?', '？', '¿']) && words(subject).iter().all(known)
}

fn is_known(word: &str) -> bool {
    CORE.contains(&word) || AROUND.contains(&word)
}

fn words(text: &str) -> Vec<String> {
    let text = text.to_lowercase().replace('’', "'");
    text.split(|c: char| !(c.is_alphanumeric() || c == '\'' || c == '-'))
        .map(|word| word.trim_matches(['\'', '-']).to_owned())
        .filter(|word| !word.is_empty())
        .collect()
}
