//! Redaction of a provider's free text before operators read it: it may repeat a key, or what a customer wrote.

use std::collections::BTreeSet;

/// Maximum characters of a provider's text that anybody reads.
const MAX_CHARS: usize = 200;
/// Replaces what was removed.
const GAP: &str = "…";
/// Words of this length identify no person.
const SHORT_WORD: usize = 3;

/// Words of the protocol and of plain English that stay, although a customer may have used them too.
const PROTOCOL: &str = "about account again allowed api already and any are argument arguments array authentication auto \
    available bad balance because been before billing body cannot chat check choice client code completion completions \
    connection content context could credit credits currently details developer does doesn't due error errors exceed \
    exceeded exceeds exist expected extra failed field fields find for format found from function functions has have \
    host http however id in incorrect index input inputs insufficient internal invalid is item its json key length \
    less level limit limited limits list loading load many max maximum message messages method missing model models \
    more must name need needs not null number object one only options or out output over overloaded page parameter \
    parameters parse parsing path payment permission permitted plan please prompt property provided provider quota \
    rate reached received request requests required requires resource response role roles schema see seconds server \
    service should size some status stream streaming string such support supported supports system than that the there \
    this through time timeout token tokens too tool tools true try type unavailable unexpected unknown unsupported \
    upgrade upstream usage use user using valid value values was when while with you your";

/// The text on one line, cut to 200 characters. A word that `customer` wrote is removed unless it belongs to the
/// protocol; so is `secret`, and whatever looks like a key, a number of a person, or an address.
pub fn redact(text: &str, secret: Option<&str>, customer: &str) -> String {
    let text =
        secret.filter(|key| key.len() > 3).map_or_else(|| text.to_owned(), |key| text.replace(key, GAP));
    let protocol: BTreeSet<&str> = PROTOCOL.split_whitespace().collect();
    let customer: BTreeSet<String> = words(customer).map(str::to_lowercase).collect();
    let mut kept: Vec<String> = Vec::new();
    for token in text.split_whitespace() {
        let token = if is_personal(token) { GAP.to_owned() } else { without(token, &customer, &protocol) };
        if token != GAP || kept.last().is_none_or(|last| last != GAP) {
            kept.push(token);
        }
    }
    let line: String = kept.join(" ").chars().filter(|c| !c.is_control()).collect();
    match line.char_indices().nth(MAX_CHARS) {
        Some((end, _)) => format!("{}{GAP}", line.get(..end).unwrap_or_default()),
        None => line,
    }
}

fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty())
}

/// A token of the text without the words of the customer in it.
fn without(token: &str, customer: &BTreeSet<String>, protocol: &BTreeSet<&str>) -> String {
    let is_customers = |word: &str| {
        let word = word.to_lowercase();
        (word.chars().count() > SHORT_WORD || word.chars().any(|c| c.is_ascii_digit()))
            && customer.contains(&word)
            && !protocol.contains(word.as_str())
    };
    if words(token).any(is_customers) { GAP.to_owned() } else { token.to_owned() }
}

/// Keys, mail addresses, long numbers, and long mixtures of letters and digits.
fn is_personal(token: &str) -> bool {
    let bare = token.trim_matches(|c: char| !c.is_alphanumeric());
    let digits = bare.chars().filter(char::is_ascii_digit).count();
    let letters = bare.chars().filter(|c| c.is_alphabetic()).count();
    let is_key = ["sk-", "sk_", "pk-", "key-", "gsk_", "hf_", "AIza", "eyJ", "ghp_", "xai-", "r8_", "Bearer"]
        .iter()
        .any(|prefix| bare.starts_with(prefix));
    let is_mixture = bare.len() >= 24 && digits >= 4 && letters >= 4 && !bare.contains(['/', '.', ':']);
    is_key || bare.contains('@') || digits >= 9 || is_mixture || bare.contains("****")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_server_says_stays_and_keys_and_customers_words_go() {
        let customer = "My zebra password is lost; the model says invalid. Mail ann@example.com, ticket 4711";
        let cases = [
            ("The model `gpt-9` does not exist", "The model `gpt-9` does not exist"),
            ("Incorrect API key provided: sk-abc123.", "Incorrect API key provided: …"),
            ("Incorrect API key: secret-key", "Incorrect API key: …"),
            ("invalid input: My zebra password is lost", "invalid input: My … is …"),
            ("bad token 'zebra'", "bad token …"),
            ("no user ann@example.com", "no user …"),
            ("no user bob@example.com", "no user …"),
            ("about ticket 4711", "about …"),
            ("a\n\tb\u{7}", "a b"),
        ];
        for (text, expected) in cases {
            assert_eq!(redact(text, Some("secret-key"), customer), expected, "{text}");
        }
    }

    #[test]
    fn a_long_text_is_cut() {
        let cut = redact(&"ab ".repeat(300), None, "");
        assert_eq!(cut.chars().count(), MAX_CHARS + 1);
    }
}
