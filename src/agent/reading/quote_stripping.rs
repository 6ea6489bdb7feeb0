//! Quote stripping: a message without the quoted mail, the signature and the mail program's footer.

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
    let text = without_quotes(&without_markup(text));
    let mut kept: Vec<&str> = Vec::new();
    let lines: Vec<&str> = text.lines().collect();
    let mut place = 0;
    while let Some(line) = lines.get(place) {
        let folded = bare(line);
        if line.trim_end() == "--" || line.trim() == "—" {
            break;
        }
        if DISCLAIMERS.iter().any(|start| folded.starts_with(start)) {
            place += paragraph(&lines, place);
            continue;
        }
        if is_farewell(&folded)
            && is_signature(lines.get(place + 1..).unwrap_or_default())
            && !kept.is_empty()
        {
            place += 1 + signature(lines.get(place + 1..).unwrap_or_default());
            continue;
        }
        if !FOOTERS.iter().any(|footer| folded.contains(footer)) {
            kept.push(line);
        }
        place += 1;
    }
    kept.join("\n").trim().to_owned()
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
fn without_quotes(text: &str) -> String {
    let mut kept = Vec::new();
    let lines: Vec<&str> = text.lines().collect();
    for (place, line) in lines.iter().enumerate() {
        if line.trim_start().starts_with('>') {
            continue;
        }
        let folded = bare(line);
        if introduces_the_rest(&folded, lines.get(place + 1..).unwrap_or_default()) {
            break;
        }
        if introduces_marked_lines(&folded, lines.get(place + 1..).unwrap_or_default()) {
            continue;
        }
        kept.push(*line);
    }
    kept.join("\n")
}

fn introduces_the_rest(folded: &str, rest: &[&str]) -> bool {
    let is_ruled = folded.starts_with("---") || folded.starts_with("___") || folded.starts_with("***");
    let is_named = QUOTE_INTRODUCTIONS.iter().any(|introduction| folded.contains(introduction));
    let is_header = ["from:", "von:", "de:"].iter().any(|start| folded.starts_with(start))
        && rest.iter().take(4).any(|line| {
            ["sent:", "gesendet:", "to:", "date:", "subject:", "betreff:", "envoye:", "enviado:", "an:"]
                .iter()
                .any(|start| bare(line).starts_with(start))
        });
    let is_unmarked = is_attribution(folded) && !rest.iter().any(|line| line.trim_start().starts_with('>'));
    (is_named && (is_ruled || folded.split_whitespace().count() < 6)) || is_header || is_unmarked
}

fn introduces_marked_lines(folded: &str, rest: &[&str]) -> bool {
    let next = rest.iter().find(|line| !line.trim().is_empty());
    is_attribution(folded) && next.is_some_and(|line| line.trim_start().starts_with('>'))
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

/// Whether the lines after a closing phrase are a signature: few, short, and without a question.
fn is_signature(lines: &[&str]) -> bool {
    signature(lines) == lines.iter().take_while(|line| !is_afterthought(line)).count() || signature(lines) > 0
}

/// How many of the lines belong to a signature.
fn signature(lines: &[&str]) -> usize {
    let belongs = |line: &&&str| {
        !is_afterthought(line)
            && line.split_whitespace().count() <= SIGNATURE_LINE_MAX_WORDS
            && !line.contains('?')
            || line.contains('|')
    };
    lines.iter().take(SIGNATURE_MAX_LINES).take_while(belongs).count()
}

fn is_afterthought(line: &str) -> bool {
    let folded = bare(line);
    ["ps", "p.s", "p.s.", "pps"]
        .iter()
        .any(|start| folded.strip_prefix(start).is_some_and(|rest| rest.starts_with([' ', ':', '.', ','])))
}

/// The number of lines up to the end of a paragraph.
fn paragraph(lines: &[&str], start: usize) -> usize {
    let rest = lines.get(start..).unwrap_or_default();
    rest.iter().take_while(|line| !line.trim().is_empty()).count().max(1)
}

fn bare(line: &str) -> String {
    super::patterns::fold(line.trim())
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
