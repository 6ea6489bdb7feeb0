//! Address assertion parser: e-mail addresses that a customer names as their own, alone in a message, or after "my
//! e-mail is", "I am" and the like. An address that is merely mentioned ("please invite bob@example.com") is not an
//! assertion.

use crate::agent::reading::patterns::words_of;
use crate::agent::reading::triage::is_silent;
use crate::domain::customers::contact::Email;
use crate::domain::wording::quotes::is_greeting;

/// The address that a message asserts, and the rest of the message.
pub(super) struct AddressAssertion {
    pub email: Option<Email>,
    /// The message without the assertion.
    pub rest: String,
}

/// Phrases that mark the following address as the customer's own.
const OWN: &[&str] = &[
    "my",
    "i am",
    "im",
    "registered",
    "meine",
    "mein",
    "ich bin",
    "registriert",
    "mon",
    "ma",
    "je suis",
    "inscrit",
    "inscrite",
    "mi",
    "soy",
    "registrado",
    "registrada",
    "meu",
    "minha",
    "sou",
    "mio",
    "mia",
    "sono",
    "registrato",
    "registrata",
    "mijn",
    "ik ben",
    "geregistreerd",
];

/// Words for an e-mail address.
const ADDRESS: &[&str] = &[
    "e-mail",
    "email",
    "mail",
    "address",
    "adresse",
    "e-mail-adresse",
    "emailadresse",
    "mailadresse",
    "e-mailadresse",
    "email-adresse",
    "mail-adresse",
    "courriel",
    "correo",
    "direccion",
    "endereco",
    "indirizzo",
    "adres",
    "e-mailadres",
    "emailadres",
    "mailadres",
];

/// Filler words around an address or a code.
const AROUND: &[&str] = &[
    "account",
    "konto",
    "compte",
    "cuenta",
    "conta",
    "is",
    "its",
    "ist",
    "est",
    "cest",
    "es",
    "e",
    "lautet",
    "with",
    "mit",
    "avec",
    "con",
    "com",
    "under",
    "unter",
    "sous",
    "as",
    "als",
    "the",
    "der",
    "die",
    "das",
    "le",
    "la",
    "el",
    "o",
    "a",
    "il",
    "de",
    "het",
    "this",
    "dies",
    "here",
    "hier",
    "voici",
    "aqui",
    "ecco",
    "ja",
    "yes",
    "oui",
    "si",
    "sim",
    "at",
    "electronico",
    "electronica",
    "and",
    "und",
    "please",
    "bitte",
    "user",
    "login",
    "name",
];

const CODE: &[&str] = &["code", "pin", "codigo", "codice", "kode", "zahl", "number", "nummer"];

/// Punctuation around an address in a sentence.
const MARKS: &[char] =
    &['.', ',', ';', ':', '!', '?', '(', ')', '<', '>', '[', ']', '"', '\'', '„', '“', '”', '*', '_'];

pub(super) fn assertion(text: &str, own: &[Email]) -> AddressAssertion {
    let whole = || AddressAssertion { email: None, rest: text.to_owned() };
    let mut addresses = text.split_whitespace().map(|chunk| chunk.trim_matches(MARKS)).filter_map(|piece| {
        let piece = piece.strip_prefix("mailto:").unwrap_or(piece);
        Email::parse(piece).ok().map(|email| (piece, email))
    });
    let (Some((piece, email)), None) = (addresses.next(), addresses.next()) else {
        return whole();
    };
    let Some((before, after)) = text.split_once(piece) else {
        return whole();
    };
    let is_alone = says_nothing(before) && says_nothing(after.trim_start_matches(MARKS));
    if own.contains(&email) || !(is_alone || is_own(before)) {
        return whole();
    }
    let rest = match before.rfind(['.', '!', '?', '\n']) {
        Some(end) => format!("{} {after}", before.get(..=end).unwrap_or_default()),
        None => after.trim_start_matches(MARKS).to_owned(),
    };
    AddressAssertion { email: Some(email), rest }
}

/// Whether the words before an address mark it as the customer's own.
fn is_own(before: &str) -> bool {
    let sentence = before.rsplit(['.', '!', '?', '\n']).next().unwrap_or_default();
    let mut words = words_of(sentence);
    let is_label = words.iter().any(|word| ADDRESS.contains(&word.as_str()));
    while words.last().is_some_and(|word| [ADDRESS, AROUND].iter().any(|list| list.contains(&word.as_str())))
    {
        words.pop();
    }
    let said = words.join(" ");
    words.is_empty() && is_label || OWN.iter().any(|own| said == *own || said.ends_with(&format!(" {own}")))
}

/// Whether the rest of a message asks for nothing.
pub(super) fn says_nothing(rest: &str) -> bool {
    let words = words_of(rest);
    let known = |word: &String| {
        [ADDRESS, AROUND, CODE, OWN].iter().any(|list| list.contains(&word.as_str()))
            || ["i", "am", "ich", "bin", "je", "suis", "ik", "ben", "dear", "hi", "hello", "hallo"]
                .contains(&word.as_str())
    };
    !rest.contains('?') && words.iter().all(known) || is_silent(rest) || is_greeting(rest)
}

/// Whether a message consists of its number and words that call it a code.
pub(super) fn is_code_alone(rest: &str) -> bool {
    let words = words_of(rest);
    words.is_empty() || says_nothing(rest) && words.iter().any(|word| CODE.contains(&word.as_str()))
}
