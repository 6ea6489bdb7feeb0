//! Language detection of a customer's message. It returns no language rather than a guess for a word or two or for
//! mixed text.
//!
//! Chat messages are too short for letter statistics, so stop words decide first. If they are inconclusive, the
//! statistics count only where they are reliable, as for every language with its own script.

use whatlang::Info;

use crate::domain::wording::language::{TONGUES, frequent_words};

/// Minimum stop words in a text to detect its language by them.
const WORDS_AT_LEAST: usize = 2;
/// Minimum letters for statistical detection; below this it would be a guess.
const LETTERS_AT_LEAST: usize = 6;

/// ISO 639-3 codes that have an ISO 639-1 equivalent.
const SHORT: &[(&str, &str)] = &[
    ("ara", "ar"),
    ("ces", "cs"),
    ("cmn", "zh"),
    ("deu", "de"),
    ("ell", "el"),
    ("eng", "en"),
    ("fra", "fr"),
    ("heb", "he"),
    ("hin", "hi"),
    ("ita", "it"),
    ("jpn", "ja"),
    ("kor", "ko"),
    ("nld", "nl"),
    ("pol", "pl"),
    ("por", "pt"),
    ("rus", "ru"),
    ("spa", "es"),
    ("tur", "tr"),
    ("ukr", "uk"),
];

/// The language of a text, as its ISO 639-1 code where there is one, else its ISO 639-3 code.
pub fn detect(text: &str) -> Option<String> {
    by_words(text).map(str::to_owned).or_else(|| by_letters(text))
}

fn by_words(text: &str) -> Option<&'static str> {
    let counts = frequent_words(text);
    let most = counts.into_iter().max().filter(|count| *count >= WORDS_AT_LEAST)?;
    let mut best = counts.into_iter().zip(&TONGUES).filter(|(count, _)| *count == most);
    match (best.next(), best.next()) {
        (Some((_, tongue)), None) => Some(tongue.code),
        (Some(_) | None, _) => None,
    }
}

fn by_letters(text: &str) -> Option<String> {
    if text.chars().filter(|c| c.is_alphabetic()).count() < LETTERS_AT_LEAST {
        return None;
    }
    let found = whatlang::detect(text).filter(Info::is_reliable)?;
    let code = found.lang().code();
    Some(SHORT.iter().find(|(long, _)| *long == code).map_or(code, |(_, short)| short).to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sentence_has_its_language_and_a_word_has_none() {
        let cases = [
            ("How do I invite a colleague to my workspace?", Some("en")),
            ("I forgot my password", Some("en")),
            ("Wie kann ich mein Passwort zurücksetzen?", Some("de")),
            ("J’ai oublié mon mot de passe, comment faire ?", Some("fr")),
            ("¿Cómo puedo restablecer mi contraseña?", Some("es")),
            ("Esqueci a minha senha, o que faço?", Some("pt")),
            ("Ho dimenticato la password", Some("it")),
            ("Ik ben mijn wachtwoord vergeten", Some("nl")),
            ("パスワードを忘れました。どうすればいいですか？", Some("ja")),
            ("Я забыл пароль, что мне делать?", Some("ru")),
            ("board is broken", None),
            ("csv import error 500", None),
            ("ok", None),
            ("👍👍👍", None),
            ("", None),
        ];
        for (text, language) in cases {
            assert_eq!(detect(text).as_deref(), language, "{text}");
        }
    }
}
