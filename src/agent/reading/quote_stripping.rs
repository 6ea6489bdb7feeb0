//! Quote stripping: a message without the quoted mail, the signature and the mail program's footer.

use super::step_count;

/// Maximum lines of a message that are read, blank ones aside; a letter has fewer, and a pasted log says no more after
/// them.
const READ_MAX_LINES: usize = 1_000;
/// Maximum blank lines in a row that are kept: more mean no more.
const GAP_MAX_LINES: usize = 2;
/// Maximum lines between the sender and the rest of a quoted mail's header.
const HEADER_MAX_LINES: usize = 4;
/// Maximum lines of a signature after a closing phrase: a name, a position and an address.
const SIGNATURE_MAX_LINES: usize = 12;
/// Maximum words of a closing phrase.
const FAREWELL_MAX_WORDS: usize = 6;
/// Maximum words of a line of a signature; a longer one is a sentence.
const SIGNATURE_LINE_MAX_WORDS: usize = 9;

/// Beginnings of closing phrases, folded.
const FAREWELLS: &[&str] = &[
    "regards",
    "best regards",
    "kind regards",
    "warm regards",
    "with kind regards",
    "with best regards",
    "kindest regards",
    "many thanks",
    "thanks",
    "thank you",
    "thx",
    "best",
    "best wishes",
    "all the best",
    "cheers",
    "sincerely",
    "yours sincerely",
    "yours faithfully",
    "yours truly",
    "yours",
    "respectfully",
    "cordially",
    "mit freundlichen grussen",
    "freundliche grusse",
    "viele grusse",
    "beste grusse",
    "liebe grusse",
    "herzliche grusse",
    "mfg",
    "lg",
    "vg",
    "gruss",
    "danke",
    "vielen dank",
    "cordialement",
    "bien cordialement",
    "sinceres salutations",
    "bien a vous",
    "merci",
    "merci d'avance",
    "saludos",
    "un saludo",
    "saludos cordiales",
    "atentamente",
    "gracias",
    "muchas gracias",
    "groeten",
    "met vriendelijke groet",
    "cordiali saluti",
    "grazie",
    "grazie mille",
    "atenciosamente",
    "obrigado",
    "obrigada",
    "saludo",
];

/// Phrases in a line that introduces quoted mail, folded.
const QUOTE_INTRODUCTIONS: &[&str] = &[
    "original message",
    "forwarded message",
    "begin forwarded message",
    "ursprungliche nachricht",
    "weitergeleitete nachricht",
    "message d'origine",
    "message transfere",
    "mensaje original",
    "mensaje reenviado",
    "reply above this line",
];

/// Phrases in footers that mail programs add, folded.
const FOOTERS: &[&str] = &[
    "sent from my ",
    "sent from outlook",
    "sent from mail for",
    "sent from yahoo",
    "sent via ",
    "get outlook for",
    "von meinem iphone gesendet",
    "gesendet von ",
    "gesendet mit ",
    "envoye de mon ",
    "envoye depuis ",
    "enviado desde mi ",
    "enviado desde ",
    "consider the environment before printing",
];

/// Beginnings of legal disclaimers, folded.
const DISCLAIMERS: &[&str] = &[
    "this email and any",
    "this e-mail and any",
    "this message and any",
    "this email is confidential",
    "this e-mail is confidential",
    "this message is confidential",
    "the information contained in this",
    "the information in this email",
    "the contents of this",
    "confidentiality notice",
    "disclaimer",
    "if you are not the intended recipient",
    "this communication is intended",
    "this email may contain",
    "this e-mail may contain",
    "this message may contain",
    "this message contains confidential",
    "diese e-mail enthalt",
    "diese nachricht enthalt",
    "ce message et",
    "ce courriel",
    "este mensaje y",
    "este correo",
];

/// The customer's own words, with their line breaks.
pub(in crate::agent) fn own_words(text: &str) -> String {
    let text = without_markup(text);
    let lines = without_quotes(lines_of(&text));
    let mut kept: Vec<&str> = Vec::new();
    let (mut place, mut blank) = (0, 0);
    while let Some(line) = lines.get(place) {
        step_count::add(1);
        if line.is_blank() {
            blank += 1;
            if blank <= GAP_MAX_LINES {
                kept.push("");
            }
            place += 1;
            continue;
        }
        blank = 0;
        if line.raw.trim_end() == "--" || line.raw.trim() == "—" {
            break;
        }
        if DISCLAIMERS.iter().any(|start| line.folded.starts_with(start)) {
            place += paragraph(&lines, place);
            continue;
        }
        let below = lines.get(place + 1..).unwrap_or_default();
        if is_farewell(&line.folded) && is_signature(below) && !kept.is_empty() {
            place += 1 + signature(below);
            continue;
        }
        if !FOOTERS.iter().any(|footer| line.folded.contains(footer)) {
            kept.push(line.raw);
        }
        place += 1;
    }
    kept.join("\n").trim().to_owned()
}

/// A line as written, and normalised.
struct MessageLine<'a> {
    raw: &'a str,
    folded: String,
}

impl MessageLine<'_> {
    fn is_marked(&self) -> bool {
        self.raw.trim_start().starts_with('>')
    }

    fn is_blank(&self) -> bool {
        self.raw.trim().is_empty()
    }
}

/// The lines of a text, up to the maximum.
fn lines_of(text: &str) -> Vec<MessageLine<'_>> {
    let mut read = 0;
    let lines = text.lines().map(|raw| MessageLine { raw, folded: bare(raw) });
    lines
        .take_while(|line| {
            step_count::add(1);
            read += usize::from(!line.is_blank());
            read <= READ_MAX_LINES
        })
        .collect()
}

/// Whether a line is a greeting and nothing else.
pub(in crate::agent) fn is_greeting(line: &str) -> bool {
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

/// Removes quoted lines, and everything below a line that introduces unmarked quoted mail.
fn without_quotes(lines: Vec<MessageLine<'_>>) -> Vec<MessageLine<'_>> {
    let last_marked = lines.iter().rposition(MessageLine::is_marked);
    let before_marked = before_marked(&lines);
    let ends = |(place, line): (usize, &MessageLine<'_>)| {
        step_count::add(1);
        !line.is_blank()
            && !line.is_marked()
            && introduces_the_rest(
                &line.folded,
                lines.get(place + 1..).unwrap_or_default(),
                last_marked > Some(place),
            )
    };
    let end = lines.iter().enumerate().position(ends).unwrap_or(lines.len());
    let kept = lines.into_iter().zip(before_marked).take(end);
    kept.filter(|(line, introduces)| !(line.is_marked() || *introduces && is_attribution(&line.folded)))
        .map(|(line, _)| line)
        .collect()
}

/// For each line, whether the next one that is not blank is quoted.
fn before_marked(lines: &[MessageLine<'_>]) -> Vec<bool> {
    let mut next_is_marked = false;
    let mut found: Vec<bool> = lines
        .iter()
        .rev()
        .map(|line| {
            step_count::add(1);
            let below = next_is_marked;
            if !line.is_blank() {
                next_is_marked = line.is_marked();
            }
            below
        })
        .collect();
    found.reverse();
    found
}

fn introduces_the_rest(folded: &str, rest: &[MessageLine<'_>], marked_follow: bool) -> bool {
    let is_ruled = folded.starts_with("---") || folded.starts_with("___") || folded.starts_with("***");
    let is_named = QUOTE_INTRODUCTIONS.iter().any(|introduction| folded.contains(introduction));
    let is_header = ["from:", "von:", "de:"].iter().any(|start| folded.starts_with(start))
        && rest.iter().take(HEADER_MAX_LINES).any(|line| {
            ["sent:", "gesendet:", "to:", "date:", "subject:", "betreff:", "envoye:", "enviado:", "an:"]
                .iter()
                .any(|start| line.folded.starts_with(start))
        });
    let is_unmarked = !marked_follow && is_attribution(folded);
    (is_named && (is_ruled || folded.split_whitespace().count() < 6)) || is_header || is_unmarked
}

/// Attribution lines of mail programs: `On Tuesday Ann wrote:`.
fn is_attribution(folded: &str) -> bool {
    let wrote =
        ["wrote:", "schrieb:", "a ecrit :", "a ecrit:", "escribio:", "ha scritto:", "escreveu:", "schreef:"];
    let schrieb = folded.contains(" schrieb ") && folded.ends_with(':') && folded.starts_with("am ");
    wrote.iter().any(|end| folded.ends_with(end)) || schrieb
}

fn is_farewell(folded: &str) -> bool {
    let bare = folded.trim_matches(|c: char| !c.is_alphanumeric());
    // Some closings are bilingual: `S pozdravem / Best`.
    bare.split('/').map(str::trim).any(|part| {
        let words = part.split_whitespace().count();
        words <= FAREWELL_MAX_WORDS
            && FAREWELLS.iter().any(|farewell| {
                part.strip_prefix(farewell)
                    .is_some_and(|rest| rest.is_empty() || (rest.starts_with(',') && words <= 4))
            })
    })
}

/// Whether the lines after a closing phrase are a signature: few, short, and without a question. Nothing at all, or an
/// afterthought, may also follow it.
fn is_signature(lines: &[MessageLine<'_>]) -> bool {
    signature(lines) > 0 || lines.first().is_none_or(|line| is_afterthought(&line.folded))
}

/// How many of the lines belong to a signature.
fn signature(lines: &[MessageLine<'_>]) -> usize {
    let belongs = |line: &&MessageLine<'_>| {
        step_count::add(1);
        !is_afterthought(&line.folded)
            && line.raw.split_whitespace().count() <= SIGNATURE_LINE_MAX_WORDS
            && !line.raw.contains('?')
            || line.raw.contains('|')
    };
    lines.iter().take(SIGNATURE_MAX_LINES).take_while(belongs).count()
}

fn is_afterthought(folded: &str) -> bool {
    ["ps", "p.s", "p.s.", "pps"]
        .iter()
        .any(|start| folded.strip_prefix(start).is_some_and(|rest| rest.starts_with([' ', ':', '.', ','])))
}

/// The number of lines up to the end of a paragraph.
fn paragraph(lines: &[MessageLine<'_>], start: usize) -> usize {
    let rest = lines.get(start..).unwrap_or_default();
    rest.iter().take_while(|line| !line.is_blank()).count().max(1)
}

fn bare(line: &str) -> String {
    super::patterns::fold(line.trim())
}

#[cfg(test)]
mod tests;
