//! Number words in several languages, compounds such as "neunundzwanzig" included.

use std::collections::HashSet;
use std::sync::LazyLock;

/// What number words are made of, after folding.
const PARTS: &str = "one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen \
    nineteen twenty thirty forty fourty fifty sixty seventy eighty ninety hundred thousand million dozen half few couple several hundreds \
    ein eins eine einen zwei zwo drei vier funf sechs sieben acht neun zehn elf zwolf dreizehn sechzehn siebzehn zwanzig dreissig vierzig \
    funfzig sechzig siebzig achtzig neunzig hundert tausend und \
    uno una dos tres cuatro cinco seis siete ocho nueve diez once doce trece catorce quince dieci veinte veinti treinta cuarenta cincuenta \
    sesenta setenta ochenta noventa cien ciento cientos mil \
    un deux trois quatre cinq sept huit neuf dix onze douze treize quatorze quinze seize vingt vingts trente quarante cinquante soixante \
    cent cents mille \
    due tre quattro cinque sette otto nove undici dodici tredici quattordici quindici sedici venti vent trenta quaranta cinquanta sessanta \
    settanta ottanta novanta cento mila \
    dois duas quatro oito dez vinte trinta quarenta cinquenta noventa cem \
    twee drie vijf zes zeven acht negen tien twaalf twintig dertig veertig vijftig zestig zeventig tachtig negentig honderd duizend en \
    jeden dwa trzy cztery piec szesc siedem osiem dziewiec dziesiec dwadziescia trzydziesci czterdziesci piecdziesiat sto tysiac";
/// Parts that are no number by themselves.
const JOINTS: &[&str] = &["und", "en"];
/// The longest number words are shorter.
const MAX_CHARS: usize = 48;

/// Whether a word is made of number words alone.
pub(super) fn is_number_word(word: &str) -> bool {
    static KNOWN: LazyLock<HashSet<&str>> = LazyLock::new(|| PARTS.split_ascii_whitespace().collect());
    if word.is_empty() || word.len() > MAX_CHARS || !word.is_ascii() || JOINTS.contains(&word) {
        return false;
    }
    // The places up to which the word is made of number words.
    let mut reached = vec![0];
    for end in 1..=word.len() {
        if reached.iter().any(|&start| KNOWN.contains(&word[start..end])) {
            reached.push(end);
        }
    }
    reached.last() == Some(&word.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn compounds_are_number_words_and_other_words_are_not() {
        for word in
            ["twenty", "neunundzwanzig", "zweihundertdreissig", "veintinueve", "ventinove", "negenentwintig"]
        {
            assert!(is_number_word(word), "{word}");
        }
        for word in ["", "und", "tenant", "undo", "seat", "oneself", "entire"] {
            assert!(!is_number_word(word), "{word}");
        }
    }
}
