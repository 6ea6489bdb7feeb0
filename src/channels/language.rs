//! Which language a customer writes. It refuses to guess: a short or mixed text has none.

/// Letters below which a detection is a guess.
const LETTERS_AT_LEAST: usize = 12;

/// The language of a text, as its ISO 639-1 code where there is one, else that of ISO 639-3.
pub fn detect(text: &str) -> Option<String> {
    if text.chars().filter(|c| c.is_alphabetic()).count() < LETTERS_AT_LEAST {
        return None;
    }
    let found = whatlang::detect(text).filter(whatlang::Info::is_reliable)?;
    Some(short(found.lang().code()).to_owned())
}

fn short(code: &str) -> &str {
    const SHORT: &[(&str, &str)] = &[
        ("ara", "ar"),
        ("ces", "cs"),
        ("cmn", "zh"),
        ("dan", "da"),
        ("deu", "de"),
        ("ell", "el"),
        ("eng", "en"),
        ("fin", "fi"),
        ("fra", "fr"),
        ("heb", "he"),
        ("hin", "hi"),
        ("hun", "hu"),
        ("ind", "id"),
        ("ita", "it"),
        ("jpn", "ja"),
        ("kor", "ko"),
        ("nld", "nl"),
        ("nob", "nb"),
        ("pol", "pl"),
        ("por", "pt"),
        ("ron", "ro"),
        ("rus", "ru"),
        ("spa", "es"),
        ("swe", "sv"),
        ("tur", "tr"),
        ("ukr", "uk"),
        ("urd", "ur"),
        ("vie", "vi"),
    ];
    SHORT.iter().find(|(long, _)| *long == code).map_or(code, |(_, short)| short)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sentence_has_its_language_and_a_word_has_none() {
        let cases = [
            ("How do I invite a colleague to my workspace?", Some("en")),
            ("Wie kann ich mein Passwort zurücksetzen? Ich komme nicht mehr in mein Konto.", Some("de")),
            ("¿Cómo puedo restablecer mi contraseña? No puedo entrar en mi cuenta.", Some("es")),
            ("パスワードを忘れました。どうすればいいですか？", Some("ja")),
            ("ok", None),
            ("👍👍👍", None),
            ("", None),
        ];
        for (text, language) in cases {
            assert_eq!(detect(text).as_deref(), language, "{text}");
        }
    }
}
