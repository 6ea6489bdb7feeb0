//! Which language a customer writes. It refuses to guess: a word or two, or a mixture, has none.
//!
//! Chat messages are short, and statistics of letters tell too little of them; little words tell more. Where those say
//! nothing, statistics count if they are sure, as they are of every language with a script of its own.

use whatlang::Info;

/// Little words in a text from which its language is told.
const WORDS_AT_LEAST: usize = 2;
/// Letters below which statistics are a guess.
const LETTERS_AT_LEAST: usize = 6;

/// Words that are frequent in a language, and not in most of the others.
#[rustfmt::skip]
const WORDS: &[(&str, &[&str])] = &[
    (
        "en",
        &[
            "i", "my", "the", "how", "do", "does", "is", "what", "can", "you", "and", "with", "this", "not", "please",
            "would", "when", "why", "where", "your", "it", "to", "of", "can't", "doesn't", "i'm",
        ],
    ),
    (
        "de",
        &[
            "ich", "mein", "meine", "meinen", "wie", "kann", "nicht", "und", "der", "die", "das", "ist", "bitte",
            "habe", "zu", "ein", "eine", "mit", "warum", "wo", "es", "mir", "auf", "sie", "wir",
        ],
    ),
    (
        "fr",
        &[
            "je", "mon", "ma", "mes", "comment", "est", "pas", "le", "la", "les", "et", "un", "une", "vous", "pour",
            "bonjour", "dans", "pourquoi", "j'ai", "ne", "sur",
        ],
    ),
    (
        "es",
        &[
            "el", "la", "mi", "mis", "cómo", "como", "no", "puedo", "y", "un", "una", "por", "para", "qué", "que",
            "hola", "es", "en", "está", "he", "los",
        ],
    ),
    (
        "pt",
        &[
            "o", "a", "meu", "minha", "como", "não", "posso", "e", "um", "uma", "por", "para", "que", "olá", "é", "os",
            "em", "está", "eu",
        ],
    ),
    (
        "it",
        &[
            "il", "la", "mio", "mia", "come", "non", "posso", "e", "un", "una", "per", "che", "ciao", "è", "ho",
            "sono", "di",
        ],
    ),
    ("ru", &["я", "что", "как", "мне", "мой", "не", "и", "у", "меня"]),
    ("uk", &["я", "що", "як", "мені", "мій", "не", "і", "у", "мене"]),
    ("nl", &["ik", "mijn", "hoe", "kan", "niet", "en", "de", "het", "een", "met", "voor", "wat", "waarom", "van"]),
    ("pl", &["jak", "nie", "mam", "moje", "się", "jest", "na", "czy", "dlaczego", "mogę"]),
    ("tr", &["nasıl", "ben", "bir", "ve", "için", "değil", "bu", "neden", "benim"]),
];

/// Codes of ISO 639-3 that have a shorter one.
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

/// The language of a text, as its ISO 639-1 code where it has one, else that of ISO 639-3.
pub fn detect(text: &str) -> Option<String> {
    by_words(text).map(str::to_owned).or_else(|| by_letters(text))
}

fn by_words(text: &str) -> Option<&'static str> {
    let text = text.to_lowercase().replace('’', "'");
    let words: Vec<&str> =
        text.split(|c: char| !c.is_alphanumeric() && c != '\'').filter(|word| !word.is_empty()).collect();
    let mut best = (0, None);
    let mut is_tied = false;
    for (language, frequent) in WORDS {
        let hits = words.iter().filter(|word| frequent.contains(word)).count();
        if hits > best.0 {
            (best, is_tied) = ((hits, Some(*language)), false);
        } else if hits == best.0 {
            is_tied = true;
        }
    }
    best.1.filter(|_| best.0 >= WORDS_AT_LEAST && !is_tied)
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
