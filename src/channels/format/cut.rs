//! Text splitter and truncation: it cuts at the ends of paragraphs, lines and sentences, else between words; never
//! inside a word, a URL, code or an emoji as long as there is any other cut point.

use unicode_segmentation::UnicodeSegmentation;

/// Quality of a cut point, in ascending order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Rank {
    /// Between two graphemes: only for a word that exceeds the limit by itself.
    Character,
    /// Between words or lines of code.
    Code,
    Word,
    Sentence,
    Line,
    Paragraph,
}

/// Look-ahead beyond the limit, as a factor of it: enough to see where a piece of code ends.
const OUTLOOK: usize = 4;
/// The share of the limit that must be used before a better cut point is preferred to a later one, as a divisor.
const WORTHWHILE: usize = 3;

/// The longest prefix of a text that fits and ends with a sentence, a line or a paragraph; if not even one sentence
/// fits, a prefix that ends with a word and an ellipsis. The rest is dropped.
pub fn shorten(text: &str, fits: impl Fn(&str) -> bool) -> String {
    let text = text.trim();
    if fits(text) {
        return text.to_owned();
    }
    let beginning = |place: &CutPoint| text.get(..place.end).unwrap_or_default().trim_end();
    let places = places(text);
    let whole = places.iter().rev().filter(|place| place.rank >= Rank::Sentence);
    if let Some(kept) =
        whole.map(beginning).find(|kept| !kept.ends_with(':') && !kept.is_empty() && fits(kept))
    {
        return kept.to_owned();
    }
    let broken = |least: Rank| {
        let places = places.iter().rev().filter(|place| place.rank >= least);
        places
            .map(|place| format!("{}…", beginning(place)))
            .find(|kept| kept.chars().count() > 1 && fits(kept))
    };
    broken(Rank::Word).or_else(|| broken(Rank::Code)).or_else(|| broken(Rank::Character)).unwrap_or_default()
}

/// Splits a text into parts of at most `most` as `measure` counts, in order; an empty text gives one empty part. The
/// end of a paragraph is preferred to that of a line, and that of a line to that of a sentence, unless the part would
/// be too short. Every part fits as long as a single `char` does. `measure` must count every `char` and must be
/// monotonic.
pub fn split(text: &str, most: usize, measure: impl Fn(&str) -> usize) -> Vec<String> {
    let mut parts = Vec::new();
    let mut rest = text.trim();
    while measure(outlook(rest, most)) > most {
        let end = best_place(rest, most, &measure);
        let (part, after) = rest.split_at(end);
        parts.push(part.trim_end().to_owned());
        rest = after.trim_start();
    }
    if !rest.is_empty() || parts.is_empty() {
        parts.push(rest.to_owned());
    }
    parts
}

fn best_place(text: &str, most: usize, measure: impl Fn(&str) -> usize) -> usize {
    let size = |place: &CutPoint| measure(text.get(..place.end).unwrap_or_default().trim_end());
    let mut fitting = places(outlook(text, most));
    fitting.truncate(fitting.partition_point(|place| size(place) <= most));
    fitting.drain(..fitting.partition_point(|place| size(place) == 0));
    let last_of = |rank: Rank| fitting.iter().rev().find(|place| place.rank >= rank);
    let good = [Rank::Paragraph, Rank::Line, Rank::Sentence]
        .into_iter()
        .find_map(|rank| last_of(rank).filter(|place| size(place) > most / WORTHWHILE));
    let place = good
        .or_else(|| last_of(Rank::Word))
        .or_else(|| last_of(Rank::Code))
        .or_else(|| last_of(Rank::Character));
    place.map_or_else(|| forced(text, most, measure), |place| place.end)
}

/// The prefix of a text that can matter for its first part.
fn outlook(text: &str, most: usize) -> &str {
    let end = text.char_indices().nth(most.saturating_mul(OUTLOOK)).map_or(text.len(), |(end, _)| end);
    text.get(..end).unwrap_or(text)
}

/// Cuts inside a grapheme that does not fit by itself: as many of its `char`s as fit, and at least one.
fn forced(text: &str, most: usize, measure: impl Fn(&str) -> usize) -> usize {
    let ends = text.char_indices().map(|(place, sign)| place + sign.len_utf8());
    let fits = |end: &usize| measure(text.get(..*end).unwrap_or_default()) <= most;
    ends.clone().take_while(fits).last().or(ends.clone().next()).unwrap_or(text.len())
}

/// A cut point, as the number of bytes before it.
#[derive(Clone, Copy, Debug)]
struct CutPoint {
    end: usize,
    rank: Rank,
}

/// Every cut point within a text, in order; its end is not one.
fn places(text: &str) -> Vec<CutPoint> {
    let mut places = Vec::new();
    let mut in_block = false;
    let mut end = 0;
    for line in text.split_inclusive('\n') {
        let start = end;
        end += line.len();
        let is_fence = line.trim_start().starts_with("```");
        places_in_line(line, in_block || is_fence, &mut |place, rank| {
            places.push(CutPoint { end: start + place, rank });
        });
        in_block ^= is_fence;
        if end < text.len() {
            let next_is_empty = text.get(end..).is_some_and(|rest| rest.starts_with('\n'));
            let rank = match (in_block, next_is_empty) {
                (true, _) => Rank::Code,
                (false, true) => Rank::Paragraph,
                (false, false) => Rank::Line,
            };
            places.push(CutPoint { end, rank });
        }
    }
    places
}

fn places_in_line(line: &str, is_code: bool, found: &mut impl FnMut(usize, Rank)) {
    let closes = line.matches('`').count().is_multiple_of(2);
    let (mut in_code, mut before) = (is_code, "");
    let item = is_list_item(line);
    for (place, grapheme) in line.grapheme_indices(true) {
        if grapheme == "`" && closes && !is_code {
            in_code = !in_code;
        }
        if place > 0 && place + grapheme.len() < line.len() + usize::from(!line.ends_with('\n')) {
            let rank = if grapheme.trim().is_empty() && !grapheme.contains('\n') {
                let head = line.get(..place).unwrap_or_default();
                match (in_code, ends_sentence(head) && !item) {
                    (true, _) => Rank::Code,
                    (false, true) => Rank::Sentence,
                    (false, false) => Rank::Word,
                }
            } else if ends_wide_sentence(before) {
                Rank::Sentence
            } else {
                Rank::Character
            };
            found(place, rank);
        }
        before = grapheme;
    }
}

/// Whether a text ends with the end of a sentence; `e.g.` and `1.` do not count.
fn ends_sentence(text: &str) -> bool {
    const SHORT: &[&str] = &[
        "e.g.", "i.e.", "etc.", "z.b.", "p.ej.", "mr.", "mrs.", "ms.", "dr.", "no.", "nr.", "vs.", "approx.",
        "min.", "max.", "st.",
    ];
    let text = text.trim_end_matches(['"', '\'', ')', '”', '’', '*', '»']);
    let word = text.rsplit(char::is_whitespace).next().unwrap_or_default().to_lowercase();
    let word = word.trim_start_matches(['(', '"', '“', '*']);
    let is_number = word.len() > 1
        && word.trim_end_matches('.').chars().all(|c| c.is_ascii_digit())
        && word.ends_with('.');
    text.ends_with(['.', '!', '?', '…']) && !SHORT.contains(&word) && !is_number
}

/// Scripts without spaces between words have their own sentence-ending punctuation.
fn ends_wide_sentence(grapheme: &str) -> bool {
    ["。", "！", "？", "।"].contains(&grapheme)
}

fn is_list_item(line: &str) -> bool {
    let line = line.trim_start();
    let after_digits = line.trim_start_matches(|c: char| c.is_ascii_digit());
    line.starts_with("- ")
        || line.starts_with("* ")
        || (after_digits.len() < line.len() && after_digits.starts_with(". "))
}
