//! Output guard against promises: finds commitments of the company that no document makes, in several languages.

use std::collections::BTreeSet;
use std::sync::LazyLock;

use super::grounds::Grounds;
use super::phrases::PhraseTable;
use crate::agent::canonical::{Canonical, SentenceWords};

static PROMISES: LazyLock<PhraseTable> =
    LazyLock::new(|| PhraseTable::read(include_str!("phrases/promises.txt")));

/// Parts of the words of promises; enough in a word whose letters were written apart.
const STEMS: &[&str] = &[
    "refund",
    "guarantee",
    "promise",
    "discount",
    "forfree",
    "freeofcharge",
    "compensat",
    "reimburse",
    "garantier",
    "erstatt",
    "rabatt",
    "kostenlos",
    "reembols",
    "descuento",
    "garantiz",
    "rembours",
    "gratuit",
    "garanti",
];
/// Minimum letters of a word that was written letter by letter.
const SPELLED_MIN_CHARS: usize = 10;

/// Units of time by their first letters, with one name for each.
const UNITS: [(&str, &[&str]); 6] = [
    ("minute", &["minut", "minuut", "min", "mins"]),
    ("hour", &["hour", "hr", "hrs", "stunde", "std", "hora", "heure", "ore", "ora", "uur", "uren", "godzin"]),
    ("day", &["day", "tag", "dia", "jour", "giorn", "dag", "dni", "werktag", "arbeitstag"]),
    ("week", &["week", "woche", "semana", "semaine", "settiman", "weken", "tydzien", "tygodni"]),
    ("month", &["month", "monat", "mes", "mois", "mese", "mesi", "maand", "miesiac"]),
    ("year", &["year", "jahr", "ano", "anos", "annee", "jaar", "rok"]),
];
/// Words before a deadline.
const LEADS: &[&str] = &[
    "within",
    "in",
    "under",
    "innerhalb",
    "binnen",
    "innert",
    "en",
    "dentro",
    "dans",
    "sous",
    "ici",
    "entro",
    "tra",
    "fra",
    "over",
    "ciagu",
    "za",
    "maximal",
    "menos",
    "moins",
    "weniger",
    "als",
    "max",
    "plus",
    "after",
    "nach",
    "despues",
];
/// Words between them.
const FILLERS: &[&str] = &[
    "the",
    "next",
    "of",
    "von",
    "de",
    "les",
    "los",
    "las",
    "proximas",
    "prochaines",
    "nachsten",
    "den",
    "about",
    "around",
    "only",
    "just",
    "than",
    "at",
    "most",
    "a",
    "maximum",
    "w",
    "business",
    "working",
    "ca",
    "etwa",
    "unos",
    "environ",
    "dei",
    "das",
    "less",
];
const NUMBERS: &[(&str, u32)] = &[
    ("one", 1),
    ("two", 2),
    ("three", 3),
    ("four", 4),
    ("five", 5),
    ("six", 6),
    ("seven", 7),
    ("eight", 8),
    ("nine", 9),
    ("ten", 10),
    ("twelve", 12),
    ("fourteen", 14),
    ("fifteen", 15),
    ("twenty", 20),
    ("thirty", 30),
    ("sixty", 60),
    ("ninety", 90),
    ("einem", 1),
    ("einer", 1),
    ("zwei", 2),
    ("drei", 3),
    ("vier", 4),
    ("funf", 5),
    ("sechs", 6),
    ("sieben", 7),
    ("acht", 8),
    ("zehn", 10),
    ("zwolf", 12),
    ("vierzehn", 14),
    ("zwanzig", 20),
    ("dreissig", 30),
    ("una", 1),
    ("un", 1),
    ("dos", 2),
    ("tres", 3),
    ("cuatro", 4),
    ("cinco", 5),
    ("siete", 7),
    ("ocho", 8),
    ("diez", 10),
    ("doce", 12),
    ("quince", 15),
    ("une", 1),
    ("deux", 2),
    ("trois", 3),
    ("quatre", 4),
    ("cinq", 5),
    ("sept", 7),
    ("huit", 8),
    ("dix", 10),
    ("douze", 12),
    ("quinze", 15),
    ("due", 2),
    ("tre", 3),
    ("twee", 2),
    ("drie", 3),
    ("vingt", 20),
    ("trente", 30),
    ("veinte", 20),
    ("treinta", 30),
    ("fortyeight", 48),
    ("twentyfour", 24),
];

/// Whether a text promises something that no passage says.
pub fn promises(text: &Canonical, grounds: &Grounds<'_>) -> bool {
    let readings = text.readings();
    PROMISES.find(readings, grounds).is_some()
        || is_spelled(text, readings)
        || has_new_deadline(readings, grounds)
}

/// Whether a word that was written letter by letter holds one of the stems.
fn is_spelled(text: &Canonical, readings: &[Vec<SentenceWords>]) -> bool {
    let long = readings
        .iter()
        .flatten()
        .flat_map(SentenceWords::words)
        .filter(|word| word.len() >= SPELLED_MIN_CHARS);
    long.filter(|word| !text.folded.contains(word)).any(|word| STEMS.iter().any(|stem| word.contains(stem)))
}

/// Whether a number and a unit of time after "within" and the like are in no passage.
fn has_new_deadline(readings: &[Vec<SentenceWords>], grounds: &Grounds<'_>) -> bool {
    let mut said = readings.iter().flatten().flat_map(|sentence| {
        let words: Vec<&str> = sentence.words().collect();
        (0..words.len()).filter_map(move |place| deadline(&words, place)).collect::<Vec<_>>()
    });
    let Some(first) = said.next() else { return false };
    let known: BTreeSet<(u32, &str)> =
        grounds.documents().iter().flat_map(|document| periods(document.text())).collect();
    std::iter::once(first).chain(said).any(|period| !known.contains(&period))
}

fn deadline(words: &[&str], place: usize) -> Option<(u32, &'static str)> {
    let period = period(words, place)?;
    let before = words.get(..place).unwrap_or_default();
    let lead = before.iter().rev().take(4).find(|word| !FILLERS.contains(word))?;
    (LEADS.contains(lead)).then_some(period)
}

/// All numbers with a unit of time in a text.
fn periods(text: &Canonical) -> Vec<(u32, &'static str)> {
    let [sentences, _] = text.readings();
    let found = sentences.iter().flat_map(|sentence| {
        let words: Vec<&str> = sentence.words().collect();
        (0..words.len()).filter_map(|place| period(&words, place)).collect::<Vec<_>>()
    });
    found.collect()
}

/// `2 working days`, `48h`.
fn period(words: &[&str], place: usize) -> Option<(u32, &'static str)> {
    let word = words.get(place)?;
    let attached = word.strip_suffix('h').and_then(|hours| hours.parse().ok()).map(|hours| (hours, "hour"));
    if attached.is_some() {
        return attached;
    }
    let number = number(word)?;
    let mut next = words.get(place + 1..)?.iter();
    let unit = next.next()?;
    let unit =
        if ["business", "working", "support", "full", "clock"].contains(unit) { next.next()? } else { unit };
    let named = |starts: &[&str]| {
        starts
            .iter()
            .any(|start| unit.starts_with(start) && (start.len() > 3 || unit.len() <= start.len() + 3))
    };
    UNITS
        .iter()
        .find(|(_, starts)| named(starts) || *unit == "h" && starts.contains(&"hour"))
        .map(|(name, _)| (number, *name))
}

fn number(word: &str) -> Option<u32> {
    word.parse().ok().or_else(|| NUMBERS.iter().find(|(name, _)| *name == word).map(|(_, value)| *value))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::agent::reply::phrases::faults;
    use crate::agent::samples::{context, handbook, passage};

    fn promises(text: &str) -> bool {
        let (context, handbook) = (context(&["When?"]), handbook());
        let passages = [passage(
            "docs.md#a",
            "The link works for 60 minutes. Exports arrive within 24 hours, free of charge.",
        )];
        super::promises(&Canonical::of(text), &Grounds::of(&context, &passages, "", &handbook))
    }

    #[test]
    fn every_line_of_the_table_is_a_pattern() {
        assert_eq!(faults(include_str!("phrases/promises.txt")), Vec::<String>::new());
    }

    #[rustfmt::skip]
    const PROMISING: &[&str] = &[
            "We’ll refund you.",
            "I guarantee that it works.",
            "It will be fixed by tomorrow.",
            "You get 20% off.",
            "Someone answers within 2 hours.",
            "It is ready in 3 days.",
            "It is ready in three days.",
            "This feature is coming soon.",
            "Don't worry, we guarantee it.",
            "No problem, we will refund you.",
            "You will not be charged.",
            "Your refund has been approved.",
            "I have cancelled your subscription.",
            "The next month is on the house.",
            "Wir erstatten Ihnen den Betrag.",
            "Das garantieren wir Ihnen.",
            "Sie erhalten 20 % Rabatt.",
            "Das ist bis morgen behoben.",
            "Der nächste Monat ist kostenlos.",
            "Le reembolsaremos el dinero.",
            "Tiene un descuento del 20 %.",
            "Se lo garantizamos.",
            "Estará arreglado mañana.",
            "Nous vous rembourserons.",
            "Vous bénéficiez d'une remise de 20 %.",
            "Ce sera corrigé d'ici demain.",
            "Je vous le promets.",
            "We will r-e-f-u-n-d you.",
            "w e w i l l r e f u n d y o u",
            "We will re\u{200b}fund you.",
            "We will rеfund yоu.",
            "We will **re**fund you.",
            "We gua.ran.tee it.",
            "Ti rimborseremo.",
            "Gwarantujemy to.",
        ];

    #[test]
    fn a_promise_needs_a_passage_that_makes_it() {
        let wrong: Vec<&str> = PROMISING.iter().copied().filter(|text| !promises(text)).collect();
        assert!(wrong.is_empty(), "{wrong:#?}");
    }

    #[test]
    fn what_promises_nothing_or_is_in_a_passage_is_none() {
        let wrong: Vec<&str> = [
            "Select Forgot password and open the mail.",
            "The export arrives within 24 hours.",
            "The export is **free of charge**.",
            "Open the page in 2 browsers.",
            "I cannot promise a date.",
            "We cannot give you a discount.",
            "Neither the app nor the help pages can carry out a refund.",
            "Refunds are decided by people in our billing team, case by case.",
            "There is no guarantee for that.",
            "Once your subscription has been cancelled, you can export your data.",
            "Feel free to reply. You can archive as well as delete the project.",
            "Change the credit card of your account under Billing.",
            "If you have deleted the project, open the trash.",
            "The file will be available under Downloads.",
            "The link expires in 60 minutes.",
            "Das kann ich nicht garantieren.",
            "No podemos garantizar una fecha.",
            "Nous ne garantissons pas de date.",
        ]
        .into_iter()
        .filter(|text| promises(text))
        .collect();
        assert!(wrong.is_empty(), "{wrong:#?}");
    }
}
