//! Attribution lines: what mail programs write above a quote, as `On Tuesday Ann wrote:`. They may be broken into
//! several lines, and in some languages say when and who without a verb.

use super::TextLine;
use crate::domain::wording::phrases::PhraseList;
use crate::domain::wording::step_count;

/// Lines that an attribution is broken into at most.
const MAX_LINES: usize = 5;
/// Longest attribution.
const MAX_BYTES: usize = 500;
/// An attribution that says neither when nor from which address is shorter than this, in words.
const VAGUE_MAX_WORDS: usize = 10;

/// Verbs, folded: one of them ends an attribution, or is inside of it.
static VERBS: PhraseList = PhraseList::new(
    "wrote / writes / schrieb / schrieben / geschrieben / ecrit / ecrivait / escribio / escribia / escrigue / \
     va escriure / scritto / scrive / escreveu / schreef / geschreven / skrev / skreiv / skrifadi / kirjoitti \
     / kirjutas / napisal / napisał / napisala / napisała / napisao / napísal / napisal(a) / napisał(a) / \
     napsal / napsala / napsal(a) / pisze / pise / yazdi / yazdı / sunlari yazdi / написал / написала / \
     написал(а) / написав / написала(а) / пишет / пише / писал / писал(а) / έγραψε / εγραψε / írta / irta / \
     scris / rašė / rase / rakstija / viet / viết / menulis / tulis / 写道 / 寫道 / 写到 / のメール / 書きました / 작성 / 작성함 / \
     쓴 / כתב / כתבה / مكتب / كتب / เขียน",
);

/// What an attribution begins with, folded, if it begins with neither a date nor an address.
static STARTS: PhraseList = PhraseList::new(
    "on / at / am / le / el / il / in / em / no / op / den / dne / dna / w / dnia / pada / vao / vào / στις / \
     на / в / во / u / pe / ha / sul / ma / ke / ti / to / la / su / mon / tue / wed / thu / fri / sat / sun / \
     av / fra / från / citando / quoting / zitat / citat / selon / 从 / 在",
);

/// The number of lines of the attribution that begins at a line; 0 where none does.
pub(super) fn attribution(lines: &[TextLine<'_>], at: usize) -> usize {
    let Some(first) = lines.get(at).filter(|line| !line.is_blank() && may_begin(&line.folded)) else {
        return 0;
    };
    let mut joined = String::new();
    let mut spanned = 0;
    for (n, line) in lines.iter().skip(at).enumerate() {
        step_count::add(1);
        // Programs that turn markup into text leave an empty line before an address.
        if line.is_blank() {
            if ends_openly(&joined) || next_is_address(lines, at + n) {
                continue;
            }
            break;
        }
        if spanned >= MAX_LINES || joined.len() + line.folded.len() > MAX_BYTES {
            break;
        }
        let text = if n == 0 { first.folded.as_str() } else { line.folded.trim_start_matches(['>', ' ']) };
        if !joined.is_empty() {
            joined.push(' ');
        }
        joined.push_str(text);
        spanned += 1;
        if n > 0 && !goes_on(&first.folded) {
            return 0;
        }
        if is_whole(&joined, is_marked_after(lines, at + n + 1)) {
            return n + 1 + verb_below(lines, at + n + 1);
        }
    }
    0
}

/// Whether the next line with text is a quoted one.
fn is_marked_after(lines: &[TextLine<'_>], at: usize) -> bool {
    lines
        .iter()
        .skip(at)
        .find(|line| !line.is_blank())
        .is_some_and(|line| line.is_quoted() || line.is_barred())
}

/// An address or a name whose bracket is still open, as before a line break.
fn ends_openly(joined: &str) -> bool {
    joined.ends_with(['<', ',', '(']) || joined.ends_with('>')
}

/// Whether a first line may be one of several: it says when or who, or is too short to be a sentence.
fn goes_on(first: &str) -> bool {
    is_dated(first)
        || has_address(first)
        || begins_dated(first)
        || first.split_whitespace().count() <= VAGUE_MAX_WORDS / 2
}

/// `> wrote:` on a line of its own, below an address that was broken: it is no quote.
fn verb_below(lines: &[TextLine<'_>], at: usize) -> usize {
    let below = lines.iter().skip(at).position(|line| !line.is_blank());
    let text =
        below.and_then(|below| lines.get(at + below)).map(|line| line.folded.trim_start_matches(['>', ' ']));
    let is_verb = text
        .is_some_and(|text| text.ends_with(':') && has_verb(text) && text.split_whitespace().count() <= 2);
    below.filter(|_| is_verb).map_or(0, |below| below + 1)
}

fn next_is_address(lines: &[TextLine<'_>], at: usize) -> bool {
    lines.iter().skip(at).find(|line| !line.is_blank()).is_some_and(|line| line.folded.starts_with('<'))
}

fn may_begin(folded: &str) -> bool {
    let text = folded.trim_start_matches(['*', '-', '_', ' ', '"', '“', '\'']);
    let first = text.split([' ', ',', '.', ':']).next().unwrap_or_default();
    STARTS.is_one(first)
        || has_address(folded)
        || text.starts_with(|c: char| c.is_ascii_digit())
        || first.chars().any(|c| matches!(c, '年' | '于' | '在') || ('\u{ac00}'..='\u{d7a3}').contains(&c))
        || has_verb(folded)
        || is_weekday(first)
}

/// Days that begin an attribution in programs which write nothing before them.
fn is_weekday(word: &str) -> bool {
    static DAYS: PhraseList = PhraseList::new(
        "monday / tuesday / wednesday / thursday / friday / saturday / sunday / montag / dienstag / mittwoch / \
     donnerstag / freitag / samstag / sonntag / lundi / mardi / mercredi / jeudi / vendredi / samedi / \
     dimanche / lunes / martes / miercoles / jueves / viernes / sabado / domingo / mandag / tirsdag / onsdag / \
     torsdag / fredag / lordag / sondag / man / tir / tirs / ons / tor / tors / fre / lor / son / mån / tis / \
     пн / вт / ср / чт / пт / сб / вс / нд / понедельник / вторник / среда / четверг / пятница / суббота / \
     воскресенье / pon / wt / sr / śr / czw / pt / sob / niedz / po / ut / út / st / ct / čt / pa / pá / so / \
     ne / dom / seg / ter / qua / qui / sex / lun / mar / mer / gio / ven / sab / za / zo / wo / di / do / vr",
    );
    DAYS.is_one(word)
}

/// Whether a text is a whole attribution.
fn is_whole(joined: &str, is_marked: bool) -> bool {
    let text = joined.trim_matches(['*', ' ', '_']);
    if let Some(zoho) = text.strip_suffix("----") {
        return text.starts_with("---") && has_verb(zoho) && (has_address(zoho) || is_dated(zoho));
    }
    let Some(text) = text.strip_suffix([':', '：']).map(str::trim_end) else {
        return is_without_colon(text, is_marked);
    };
    if text.contains('?') || text.contains(": ") && !has_address(text) && !is_dated(text) {
        return false;
    }
    let text = text.trim_end_matches(['>', ')', ']', ' ', '*']);
    if has_verb(text) {
        let is_vague = text.split_whitespace().count() <= VAGUE_MAX_WORDS && ends_with_verb(text);
        return has_address(joined) || is_dated(text) || (is_vague && (is_marked || begins_dated(text)));
    }
    // No verb: when, and from which address.
    has_address(joined) && is_timed(text)
}

/// Some programs forget the colon.
fn is_without_colon(text: &str, is_marked: bool) -> bool {
    let is_written = has_address(text) && is_timed(text) && ends_with_verb(text);
    is_written || (is_marked && has_address(text) && numbers(text).len() >= 3 && text.ends_with('>'))
}

/// `on tue ann`: a vague date.
fn begins_dated(text: &str) -> bool {
    let mut words = text.split([' ', ',']);
    words.next().is_some_and(|first| STARTS.is_one(first))
        && words.next().is_some_and(|second| {
            is_weekday(second) || ["mon", "tue", "wed", "thu", "fri", "sat", "sun"].contains(&second)
        })
}

fn has_verb(text: &str) -> bool {
    // A search prepares its needle, which costs more than a look at its length.
    VERBS.iter().filter(|verb| verb.len() <= text.len()).any(|verb| {
        text.match_indices(verb).any(|(start, _)| {
            let (before, from) = text.split_at(start);
            let after = from.get(verb.len()..).unwrap_or_default();
            is_wide(verb) || (ends_word(before) && begins_word(after))
        })
    })
}

fn ends_with_verb(text: &str) -> bool {
    VERBS.iter().any(|verb| text.strip_suffix(verb).is_some_and(|before| is_wide(verb) || ends_word(before)))
}

/// Scripts that put no spaces between words.
fn is_wide(verb: &str) -> bool {
    verb.chars().next().is_some_and(|c| c >= '\u{0e00}')
}

fn ends_word(before: &str) -> bool {
    !before.ends_with(|c: char| c.is_alphanumeric())
}

fn begins_word(after: &str) -> bool {
    !after.starts_with(|c: char| c.is_alphanumeric() || c == '(')
}

fn has_address(text: &str) -> bool {
    text.split(|c: char| c.is_whitespace() || "<>()[]\",;".contains(c))
        .any(|word| word.split_once('@').is_some_and(|(local, host)| !local.is_empty() && host.contains('.')))
}

/// A year, a time, or a day with a month.
fn is_dated(text: &str) -> bool {
    let numbers = numbers(text);
    numbers.iter().any(|number| number.len() == 4 && (number.starts_with("19") || number.starts_with("20")))
        || has_time(text)
        || text.contains('年')
        || numbers.len() >= 3
}

/// A date and a time.
fn is_timed(text: &str) -> bool {
    has_time(text) && numbers(text).len() >= 3
}

fn has_time(text: &str) -> bool {
    let bytes = text.as_bytes();
    bytes.windows(4).any(|window| match window {
        [hour, b':' | b'.' | b'h', ten, one] => {
            hour.is_ascii_digit() && (b'0'..=b'5').contains(ten) && one.is_ascii_digit()
        }
        _ => false,
    })
}

fn numbers(text: &str) -> Vec<&str> {
    text.split(|c: char| !c.is_ascii_digit()).filter(|number| !number.is_empty()).collect()
}
