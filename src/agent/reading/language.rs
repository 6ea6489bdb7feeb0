//! Language check: whether a message is in the language of the documents.

use whatlang::{Detector, Lang, Script};

use crate::domain::wording::language::{TONGUES, frequent_words};

/// Minimum letters for statistical detection; shorter texts are judged by stop words alone.
const DETECTED_MIN_LETTERS: usize = 40;
/// How many more stop words of a language than of English a text must contain to be in it.
const COMMON_MIN_WORDS: usize = 2;

/// A language as far as answers depend on it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Language {
    /// The language of the documents; a text too short to tell counts as such.
    English,
    /// Another one, by its English name.
    Other(&'static str),
}

/// The language of a text.
pub(in crate::agent) fn language(text: &str) -> Language {
    if let Some(language) = by_script(text) {
        return language;
    }
    let [english, others @ ..] = frequent_words(text);
    let other = others
        .into_iter()
        .zip(TONGUES.iter().skip(1))
        .map(|(count, tongue)| (count, tongue.name))
        .max_by_key(|(count, _)| *count);
    match other {
        Some((count, name)) if count >= english + COMMON_MIN_WORDS => Language::Other(name),
        Some(_) | None if english > 0 => Language::English,
        Some(_) | None => by_letters(text),
    }
}

/// Scripts that English does not use.
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

/// Detects a longer text without English stop words by its letter statistics.
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
