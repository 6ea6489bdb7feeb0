//! Quote stripping: a message without quoted mails, its signature and the footers of mail programs.

mod attribution;
mod header_block;
mod signature;

use super::step_count;
use super::text::fold;
use attribution::attribution;
use header_block::{FieldKind, field_kind, header_block};
use signature::without_signature;

/// A line of a text.
#[derive(Clone)]
struct TextLine<'a> {
    raw: &'a str,
    /// Trimmed, in lower case, without accents.
    folded: String,
    /// The field of a mail that it is, if it looks like one.
    field: Option<FieldKind>,
}

impl<'a> TextLine<'a> {
    fn new(raw: &'a str) -> Self {
        let folded = bare(raw);
        let field = field_kind(&folded);
        Self { raw, folded, field }
    }

    fn is_blank(&self) -> bool {
        self.folded.is_empty()
    }

    /// Marked by `>`, or by the initials of who is quoted and `>`.
    fn is_quoted(&self) -> bool {
        let text = self.raw.trim_start();
        let initials = text.trim_start_matches(|c: char| c.is_ascii_uppercase());
        text.starts_with(['>', '＞', '»']) || text.len() - initials.len() <= 3 && initials.starts_with('>')
    }

    fn is_barred(&self) -> bool {
        self.folded.starts_with('|')
    }
}

/// The customer's own words, with their line breaks. A message that only forwards another one is that other one.
pub fn own_words(text: &str) -> String {
    let text = without_markup(text);
    let lines = lines_of(&text);
    let split = split(&lines);
    let own = join(&without_signature(&split.own));
    if !own.is_empty() || split.below.is_empty() {
        return own;
    }
    let forwarded = self::split(&split.below);
    join(&without_signature(&forwarded.own))
}

/// Maximum lines of a message that are read, blank ones aside; a letter has fewer, and a pasted log says no more after
/// them.
const READ_MAX_LINES: usize = 1_000;
/// Maximum blank lines in a row that are kept: more mean no more.
const GAP_MAX_LINES: usize = 2;

/// The lines of a text, up to the maxima: what follows looks ahead over blank lines, and must stay linear.
fn lines_of(text: &str) -> Vec<TextLine<'_>> {
    let (mut read, mut blank) = (0, 0);
    let mut lines = Vec::new();
    for line in text.lines().map(TextLine::new) {
        step_count::add(1);
        if line.is_blank() {
            blank += 1;
        } else {
            (read, blank) = (read + 1, 0);
        }
        if read > READ_MAX_LINES {
            break;
        }
        if blank <= GAP_MAX_LINES {
            lines.push(line);
        }
    }
    lines
}

fn join(lines: &[&str]) -> String {
    lines.join("\n").trim().to_owned()
}

/// Whether a line is a greeting and nothing else.
pub fn is_greeting(line: &str) -> bool {
    const GREETINGS: &[&str] = &[
        "hi",
        "hello",
        "hey",
        "dear",
        "greetings",
        "good",
        "hallo",
        "guten",
        "sehr",
        "liebe",
        "lieber",
        "bonjour",
        "bonsoir",
        "salut",
        "madame",
        "hola",
        "buenos",
        "buenas",
        "estimado",
        "estimada",
        "estimados",
        "ciao",
        "moin",
        "servus",
        "ola",
        "kia",
        "howzit",
        "evening",
        "morning",
    ];
    const MAX_WORDS: usize = 6;
    let folded = bare(line);
    let mut words = folded.split_whitespace();
    let first = words.next().unwrap_or_default().trim_matches(|c: char| !c.is_alphanumeric());
    let ends_like_one = line.trim_end().ends_with([',', '!', '.', ':']) || words.clone().count() < 2;
    GREETINGS.contains(&first) && words.count() < MAX_WORDS && ends_like_one && !line.contains('?')
}

/// A comment in markup is hidden from people, but the message contains it: its text is kept, only the markup is
/// removed.
fn without_markup(text: &str) -> String {
    text.replace("<!--", " ").replace("-->", " ")
}

/// A text, divided.
struct SplitText<'a> {
    own: Vec<TextLine<'a>>,
    /// What an unmarked mail below the first fields of one says.
    below: Vec<TextLine<'a>>,
}

/// Divides a text into the lines that are no quote, and an unmarked mail below them.
fn split<'a>(lines: &[TextLine<'a>]) -> SplitText<'a> {
    let mut split = SplitText { own: Vec::new(), below: Vec::new() };
    let mut is_code = false;
    let mut place = 0;
    while let Some(line) = lines.get(place) {
        step_count::add(1);
        is_code ^= line.raw.trim_start().starts_with("```");
        if is_code {
            split.own.push(line.clone());
            place += 1;
            continue;
        }
        if line.is_quoted() || is_broken_quote(lines, place) || is_barred_quote(lines, place) {
            place += 1;
            continue;
        }
        let fields = header_block(lines, place);
        let spanned = if fields > 0 { fields } else { attribution(lines, place) };
        if spanned == 0 {
            split.own.push(line.clone());
            place += 1;
            continue;
        }
        place += spanned;
        let below = lines.get(place..).unwrap_or_default();
        // Below it is a marked quote, which the loop leaves out, or an unmarked one up to the end.
        let is_marked = |line: &TextLine<'_>| line.is_quoted() || line.is_barred();
        if !below.iter().find(|line| !line.is_blank()).is_some_and(is_marked) {
            split.below = below.to_vec();
            break;
        }
    }
    split
}

/// Quoted lines longer than this are broken by programs that forget to mark the rest.
const BREAKS_FROM: usize = 60;

/// The unmarked rest of a quoted line, between two marked ones.
fn is_broken_quote(lines: &[TextLine<'_>], place: usize) -> bool {
    let (Some(before), Some(line), Some(after)) =
        (place.checked_sub(1).and_then(|before| lines.get(before)), lines.get(place), lines.get(place + 1))
    else {
        return false;
    };
    before.is_quoted()
        && after.is_quoted()
        && before.raw.trim_end().len() >= BREAKS_FROM
        && line.raw.starts_with(char::is_lowercase)
}

/// Lines in a row with a bar that are a quote and no table.
const BARRED_MIN: usize = 3;

fn is_barred_quote(lines: &[TextLine<'_>], place: usize) -> bool {
    let is_open =
        |line: &&TextLine<'_>| line.is_barred() && !(line.folded.len() > 1 && line.folded.ends_with('|'));
    let after = lines.iter().skip(place).take(BARRED_MIN).take_while(is_open).count();
    let before =
        lines.get(..place).unwrap_or_default().iter().rev().take(BARRED_MIN).take_while(is_open).count();
    after > 0 && after + before >= BARRED_MIN
}

fn bare(line: &str) -> String {
    fold(line.trim())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn what_the_customer_did_not_write_is_left_out() {
        let cases = [
            ("How do I export?\n\nBest regards,\nAnn\nHead of Legal\nTel 0123", "How do I export?"),
            ("How do I export?\nSent from my iPhone", "How do I export?"),
            (
                "Thanks, that helped\n\nOn Tue, 9 Sept, Support wrote:\n> Refund\n> Cancel",
                "Thanks, that helped",
            ),
            ("On Tue Ann wrote:\n> Which view?\n\nThe board", "The board"),
            ("See below\n\n-----Original Message-----\nFrom: Ann\nI want a refund", "See below"),
            ("Help\n\nFrom: Ann\nSent: Monday\nTo: Support\nSubject: refund\n\nrefund", "Help"),
            ("Am 3. Mai 2030 schrieb Ann <a@b.example>:\n> alt\nNeu", "Neu"),
            ("How?\n-- \nAnn\nLegal department", "How?"),
            (
                "How?\n\nThis email and any attachments are confidential and\nmay be legally privileged.\n\nmore",
                "How?\n\n\nmore",
            ),
            ("Why?\n\nKind regards\nAnn\n\nPS: cancel my plan", "Why?\n\nPS: cancel my plan"),
            ("Thanks", "Thanks"),
            ("S'il vous plaît\n\nCordialement,\nAnaïs", "S'il vous plaît"),
            ("How?\n\nS pozdravem / Best\nRadka, PM", "How?"),
            ("<!-- do this --> now", "do this   now"),
        ];
        for (text, expected) in cases {
            assert_eq!(own_words(text), expected, "{text:?}");
        }
    }

    #[test]
    fn a_long_message_is_read_up_to_a_maximum_of_lines() {
        let blank = format!("a{}b", "\n".repeat(9_000));
        assert_eq!(own_words(&blank), "a\n\n\nb");
        assert_eq!(own_words(&"x\n".repeat(9_000)).lines().count(), READ_MAX_LINES);
    }

    #[test]
    fn a_message_that_goes_on_after_thanks_is_kept() {
        let text =
            "Thanks,\nbut I still want to know how to export all the tasks of a project into one file.";
        assert_eq!(own_words(text), text);
    }

    #[test]
    fn a_greeting_is_a_short_line_without_a_question() {
        for line in ["Hi", "Hello there,", "Dear Sir or Madam,", "Sehr geehrte Damen und Herren,", "Kia ora,"]
        {
            assert!(is_greeting(line), "{line}");
        }
        for line in ["Hi, how do I export?", "hello can you help me", "Good idea to export the tasks now"] {
            assert!(!is_greeting(line), "{line}");
        }
    }

    proptest! {
        #[test]
        fn no_text_breaks_it(text in "([a-zA-Z>:,?\\-]{0,8}[ \n]{1,2}|thanks,\n|-- \n|PS: |On a wrote:\n){0,40}") {
            let words = own_words(&text);
            prop_assert!(words.len() <= text.len());
        }
    }
}
