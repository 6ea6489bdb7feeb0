//! Language detection by stop words, in one table. Its users draw different conclusions: see `agent::reading::language`
//! (do the documents fit?) and `channels::language` (which language does a customer write?).

use std::collections::HashMap;
use std::sync::LazyLock;

use super::text::words_of;

/// A language and its stop words, normalised.
#[derive(Debug)]
pub struct Tongue {
    /// ISO 639-1.
    pub code: &'static str,
    /// English name.
    pub name: &'static str,
    pub words: &'static [&'static str],
}

/// English first.
#[rustfmt::skip]
pub const TONGUES: [Tongue; 11] = [
    Tongue {
        code: "en",
        name: "English",
        words: &[
            "the", "is", "are", "i", "you", "my", "how", "do", "can", "to", "it", "and", "of", "in", "for",
            "we", "what", "not", "with", "please", "does", "a", "on", "have", "this", "that", "cant", "dont",
            "when", "where", "why", "your", "our", "get", "want", "need", "be", "or", "but", "hi", "hello",
            "thanks", "was", "from", "there", "if", "an", "at", "me", "would", "doesnt", "im",
        ],
    },
    Tongue {
        code: "de",
        name: "German",
        words: &[
            "ich", "nicht", "und", "der", "die", "das", "wie", "kann", "ist", "ein", "eine", "mein", "meine",
            "wir", "sie", "fur", "mit", "auf", "bitte", "habe", "zu", "den", "dem", "von", "es", "man", "wo",
            "hallo", "guten", "einen", "mich", "mir", "uns", "unser", "unsere", "aber", "auch", "wenn", "oder",
            "geht", "keine", "kein", "noch", "meinen", "warum",
        ],
    },
    Tongue {
        code: "es",
        name: "Spanish",
        words: &[
            "el", "la", "los", "las", "que", "como", "puedo", "mi", "un", "una", "por", "para", "con", "en",
            "no", "es", "hola", "quiero", "del", "se", "mis", "esta", "tengo", "cuando", "donde", "buenas",
            "buenos", "sin", "su", "pero", "favor", "puede", "hacer", "nuestro", "nuestra", "todos", "y",
        ],
    },
    Tongue {
        code: "fr",
        name: "French",
        words: &[
            "je", "le", "la", "les", "des", "et", "est", "un", "une", "comment", "pour", "que", "mon", "ma",
            "mes", "nous", "vous", "pas", "ne", "dans", "sur", "avec", "bonjour", "puis", "peux", "du", "au",
            "ce", "qui", "votre", "faire", "j", "ai", "l", "d", "c", "notre", "plus", "il", "elle", "pourquoi",
        ],
    },
    Tongue {
        code: "pt",
        name: "Portuguese",
        words: &[
            "o", "os", "um", "uma", "como", "posso", "meu", "minha", "nao", "para", "com", "em", "por", "que",
            "de", "do", "da", "oi", "ola", "tem", "preciso", "usar", "voces", "eu", "esta", "sem", "no", "na",
            "mas", "tarefas", "la", "a", "e",
        ],
    },
    Tongue {
        code: "it",
        name: "Italian",
        words: &[
            "il", "lo", "gli", "che", "come", "posso", "mio", "mia", "non", "per", "con", "di", "un", "una",
            "sono", "ho", "ciao", "buongiorno", "vorrei", "del", "della", "nel", "si", "mi", "questo", "dove",
            "perche", "anche", "la", "e",
        ],
    },
    Tongue {
        code: "nl",
        name: "Dutch",
        words: &[
            "ik", "het", "een", "de", "niet", "en", "van", "hoe", "kan", "mijn", "wij", "voor", "met", "op",
            "is", "zijn", "hallo", "graag", "maar", "dat", "er", "te", "naar", "wat", "waar", "onze", "geen",
            "ook", "waarom",
        ],
    },
    Tongue {
        code: "pl",
        name: "Polish",
        words: &[
            "nie", "jak", "jest", "sie", "na", "czy", "moge", "prosze", "do", "ze", "dzien", "dobry", "mam",
            "gdzie", "moj", "moje", "dlaczego",
        ],
    },
    Tongue {
        code: "tr",
        name: "Turkish",
        words: &[
            "nasil", "bir", "ve", "icin", "merhaba", "bu", "var", "yok", "ben", "mi", "ile", "nerede", "degil",
            "nasıl", "değil", "neden", "benim",
        ],
    },
    Tongue {
        code: "ru",
        name: "Russian",
        words: &[
            "я", "что", "как", "мне", "мой", "не", "и", "у", "меня",
        ],
    },
    Tongue {
        code: "uk",
        name: "Ukrainian",
        words: &[
            "я", "що", "як", "мені", "мій", "не", "і", "у", "мене",
        ],
    },
];

/// The languages in which a word is frequent, by their index in [`TONGUES`].
static FREQUENT: LazyLock<HashMap<&'static str, Vec<usize>>> = LazyLock::new(|| {
    let mut frequent: HashMap<&'static str, Vec<usize>> = HashMap::new();
    for (place, tongue) in TONGUES.iter().enumerate() {
        for word in tongue.words {
            frequent.entry(word).or_default().push(place);
        }
    }
    frequent
});

/// How many words of a text are frequent in each language, in the order of [`TONGUES`].
pub fn frequent_words(text: &str) -> [usize; TONGUES.len()] {
    let mut counts = [0; TONGUES.len()];
    for word in words_of(text) {
        for place in FREQUENT.get(word.as_str()).into_iter().flatten() {
            if let Some(count) = counts.get_mut(*place) {
                *count += 1;
            }
        }
    }
    counts
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_word_is_one_word_as_texts_are_read_and_stands_once_in_its_language() {
        for tongue in &TONGUES {
            for word in tongue.words {
                assert_eq!(words_of(word), [*word], "{}", tongue.name);
                let times = tongue.words.iter().filter(|other| *other == word).count();
                assert_eq!(times, 1, "{word} in {}", tongue.name);
            }
        }
        assert_eq!(TONGUES[0].code, "en");
    }

    #[test]
    fn words_are_counted_for_each_language_that_has_them() {
        let counts = frequent_words("Wie kann ich das? Do it!");
        let of =
            |code: &str| TONGUES.iter().position(|tongue| tongue.code == code).map(|place| counts[place]);
        assert_eq!((of("de"), of("en"), of("pl")), (Some(4), Some(2), Some(1)));
    }
}
