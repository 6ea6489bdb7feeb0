//! In which language a customer writes, as far as it matters: whether the documents can be expected to fit.

use std::collections::HashMap;
use std::sync::LazyLock;

use whatlang::{Detector, Lang, Script};

use super::patterns::words_of;

/// Letters below which nothing but common words is trusted.
const DETECTED_MIN_LETTERS: usize = 40;
/// Common words of a language that a text must hold beyond those of English to be in it.
const COMMON_MIN_WORDS: usize = 2;

/// A language as far as answers depend on it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Language {
    /// That of the documents; a text too short to tell counts as such.
    English,
    /// Another one, by its English name.
    Other(&'static str),
}

const ENGLISH: &[&str] = &[
    "the", "is", "are", "i", "you", "my", "how", "do", "can", "to", "it", "and", "of", "in", "for", "we",
    "what", "not", "with", "please", "does", "a", "on", "have", "this", "that", "cant", "dont", "when",
    "where", "why", "your", "our", "get", "want", "need", "be", "or", "but", "hi", "hello", "thanks", "was",
    "from", "there", "if", "an", "at", "me",
];

const OTHERS: &[(&str, &[&str])] = &[
    (
        "German",
        &[
            "ich", "nicht", "und", "der", "die", "das", "wie", "kann", "ist", "ein", "eine", "mein", "meine",
            "wir", "sie", "fur", "mit", "auf", "bitte", "habe", "zu", "den", "dem", "von", "es", "man", "wo",
            "hallo", "guten", "einen", "mich", "mir", "uns", "unser", "unsere", "aber", "auch", "wenn",
            "oder", "geht", "keine", "kein", "noch",
        ],
    ),
    (
        "Spanish",
        &[
            "el", "la", "los", "las", "que", "como", "puedo", "mi", "un", "una", "por", "para", "con", "en",
            "no", "es", "hola", "quiero", "del", "se", "mis", "esta", "tengo", "cuando", "donde", "buenas",
            "buenos", "sin", "su", "pero", "favor", "puede", "hacer", "nuestro", "nuestra", "todos",
        ],
    ),
    (
        "French",
        &[
            "je", "le", "la", "les", "des", "et", "est", "un", "une", "comment", "pour", "que", "mon", "ma",
            "mes", "nous", "vous", "pas", "ne", "dans", "sur", "avec", "bonjour", "puis", "peux", "du", "au",
            "ce", "qui", "votre", "faire", "j", "ai", "l", "d", "c", "notre", "plus", "il", "elle",
        ],
    ),
    (
        "Portuguese",
        &[
            "o", "os", "um", "uma", "como", "posso", "meu", "minha", "nao", "para", "com", "em", "por",
            "que", "de", "do", "da", "oi", "ola", "tem", "preciso", "usar", "voces", "eu", "esta", "sem",
            "no", "na", "mas", "tarefas", "la",
        ],
    ),
    (
        "Italian",
        &[
            "il",
            "lo",
            "gli",
            "che",
            "come",
            "posso",
            "mio",
            "mia",
            "non",
            "per",
            "con",
            "di",
            "un",
            "una",
            "sono",
            "ho",
            "ciao",
            "buongiorno",
            "vorrei",
            "del",
            "della",
            "nel",
            "si",
            "mi",
            "questo",
            "dove",
            "perche",
            "anche",
        ],
    ),
    (
        "Dutch",
        &[
            "ik", "het", "een", "de", "niet", "en", "van", "hoe", "kan", "mijn", "wij", "voor", "met", "op",
            "is", "zijn", "hallo", "graag", "maar", "dat", "er", "te", "naar", "wat", "waar", "onze", "geen",
            "ook",
        ],
    ),
    (
        "Polish",
        &[
            "nie", "jak", "jest", "sie", "na", "czy", "moge", "prosze", "do", "ze", "dzien", "dobry", "mam",
            "gdzie", "moj",
        ],
    ),
    (
        "Turkish",
        &["nasil", "bir", "ve", "icin", "merhaba", "bu", "var", "yok", "ben", "mi", "ile", "nerede", "degil"],
    ),
];

/// In which languages a word is common: 0 is English, then the others in their order.
static COMMON: LazyLock<HashMap<&'static str, Vec<usize>>> = LazyLock::new(|| {
    let mut common: HashMap<&'static str, Vec<usize>> = HashMap::new();
    for (place, words) in [ENGLISH].into_iter().chain(OTHERS.iter().map(|(_, words)| *words)).enumerate() {
        for word in words {
            common.entry(word).or_default().push(place);
        }
    }
    common
});

/// The language of a text.
pub(super) fn language(text: &str) -> Language {
    if let Some(language) = by_script(text) {
        return language;
    }
    let mut counts = [0; OTHERS.len() + 1];
    for word in words_of(text) {
        for language in COMMON.get(word.as_str()).into_iter().flatten() {
            if let Some(count) = counts.get_mut(*language) {
                *count += 1;
            }
        }
    }
    let [english, others @ ..] = counts;
    let other = others
        .into_iter()
        .zip(OTHERS)
        .map(|(count, (name, _))| (count, *name))
        .max_by_key(|(count, _)| *count);
    match other {
        Some((count, name)) if count >= english + COMMON_MIN_WORDS => Language::Other(name),
        Some(_) | None if english > 0 => Language::English,
        Some(_) | None => by_letters(text),
    }
}

/// Scripts that English is not written in.
fn by_script(text: &str) -> Option<Language> {
    if text.is_ascii() {
        return None;
    }
    match whatlang::detect_script(text)? {
        Script::Latin => None,
        Script::Cyrillic => Some(Language::Other("a language in Cyrillic script")),
        Script::Arabic => Some(Language::Other("Arabic")),
        Script::Greek => Some(Language::Other("Greek")),
        Script::Hebrew => Some(Language::Other("Hebrew")),
        Script::Mandarin => Some(Language::Other("Chinese")),
        Script::Hangul => Some(Language::Other("Korean")),
        Script::Hiragana | Script::Katakana => Some(Language::Other("Japanese")),
        Script::Thai => Some(Language::Other("Thai")),
        Script::Devanagari => Some(Language::Other("Hindi")),
        Script::Armenian
        | Script::Bengali
        | Script::Ethiopic
        | Script::Georgian
        | Script::Gujarati
        | Script::Gurmukhi
        | Script::Kannada
        | Script::Khmer
        | Script::Malayalam
        | Script::Myanmar
        | Script::Oriya
        | Script::Sinhala
        | Script::Tamil
        | Script::Telugu => Some(Language::Other("another language")),
    }
}

/// A longer text without any common word of English, by the letters that stand together in it.
fn by_letters(text: &str) -> Language {
    if text.chars().filter(|c| c.is_alphabetic()).count() < DETECTED_MIN_LETTERS {
        return Language::English;
    }
    match Detector::new().detect(text) {
        Some(info) if info.is_reliable() && info.lang() != Lang::Eng => {
            Language::Other(info.lang().eng_name())
        }
        Some(_) | None => Language::English,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn short_texts_are_told_by_their_common_words() {
        let cases = [
            ("pasword rest pls", Language::English),
            ("gantt?", Language::English),
            ("export csv utf-8 umlauts", Language::English),
            ("", Language::English),
            ("🎉", Language::English),
            ("HTTP 429 from nightly job", Language::English),
            ("hola, well in english better :) my reminders come at 3 in the nigth", Language::English),
            ("Our project is called Die Zukunft und das Meer", Language::English),
            ("wie exportiere ich ein projekt?", Language::Other("German")),
            ("Hallo, wie richte ich die Anmeldung ein?", Language::Other("German")),
            ("cómo puedo recuperar una tarea que borré", Language::Other("Spanish")),
            ("Je voudrais que ma cliente puisse voir l'avancement", Language::Other("French")),
            ("oi, tem como usar o app sem internet na obra?", Language::Other("Portuguese")),
            ("Come posso esportare un progetto?", Language::Other("Italian")),
            ("Hoe kan ik een project exporteren?", Language::Other("Dutch")),
            ("как экспортировать проект", Language::Other("a language in Cyrillic script")),
            ("如何导出项目", Language::Other("Chinese")),
            (
                "Miten voin viedä kaikki projektin tehtävät taulukkolaskentaan helposti",
                Language::Other("Finnish"),
            ),
        ];
        for (text, expected) in cases {
            assert_eq!(language(text), expected, "{text}");
        }
    }
}
