//! Tests of the catalogue's parser: what it accepts, its error messages, and that every shipped text can be sent.

use std::collections::BTreeSet;

use super::*;
use crate::agent::handbook::Handbook;
use crate::agent::reply::hand_over::{hand_over, rule_for};
use crate::agent::samples::{context, handbook};
use crate::domain::customers::consent::{OptOutCommand, START_WORD, opt_out};
use crate::domain::enums::{Channel, Reason, Severity};
use crate::domain::wording::texts::TextForm;

const LANGUAGES: [&str; 7] = ["en", "de", "es", "fr", "it", "nl", "pt"];
/// Maximum UTF-16 units of one WhatsApp message (Twilio, error 21617).
const WHATSAPP_MAX_UNITS: usize = 1_600;
/// Maximum characters of a variable of a WhatsApp template.
const TEMPLATE_MAX_CHARS: usize = 900;

/// Parses the shipped files with one change to one of them.
fn read_with(language: &str, from: &str, to: &str) -> Result<Texts, ContextErrors> {
    let mut files = Handbook::own_texts();
    let file = files.iter_mut().find(|file| file.language == language).unwrap();
    let text = file.source.text.replacen(from, to, 1);
    assert_ne!(text, file.source.text, "{from}");
    file.source.text = &text;
    read(&files)
}

#[test]
fn every_language_has_every_text_with_its_placeholders() {
    let texts = handbook().texts.clone();
    assert_eq!(texts.languages(), LANGUAGES);
    for language in LANGUAGES {
        for key in TextKey::ALL {
            let (text, spec) = (texts.get(*key, Some(language)), key.spec());
            assert!(!text.trim().is_empty(), "{language} {}", spec.name);
            let held: BTreeSet<&str> = placeholders(text).collect();
            assert_eq!(held, spec.placeholders.iter().copied().collect(), "{language} {}", spec.name);
            let is_english = text == texts.get(*key, None);
            let may_be = language == ENGLISH || spec.scope == Scope::EnglishOnly;
            assert_eq!(is_english, may_be, "{language} {} is not translated", spec.name);
        }
        let all: BTreeSet<&str> = TextKey::ALL.iter().map(|key| texts.get(*key, Some(language))).collect();
        assert_eq!(all.len(), TextKey::ALL.len(), "two texts are the same in {language}");
    }
}

#[test]
fn every_text_fits_where_it_is_put() {
    let texts = handbook().texts.clone();
    for language in LANGUAGES {
        for key in TextKey::ALL {
            let (text, spec) = (texts.get(*key, Some(language)), key.spec());
            assert!(text.chars().count() <= spec.form.max_chars(), "{language} {}", spec.name);
            match spec.form {
                TextForm::Chat => assert!(text.encode_utf16().count() <= WHATSAPP_MAX_UNITS, "{text}"),
                TextForm::Subject => assert!(!text.contains(char::is_control), "{text}"),
                TextForm::Mail | TextForm::Sentence | TextForm::Phrase => {}
            }
        }
        let body = texts.fill(TextKey::VerificationBody, Some(language), &[("code", "012345")]);
        let digits: String = body.chars().filter(char::is_ascii_digit).collect();
        assert_eq!(digits, "012345", "the code is the only number of the {language} mail");
        assert!(body.split("\n\n").any(|paragraph| paragraph == "012345"), "{body}");
    }
}

#[test]
fn an_opt_out_names_a_word_that_ends_it_and_an_opt_in_asks_nothing() {
    assert_eq!(opt_out(START_WORD), Some(OptOutCommand::Start));
    let texts = handbook().texts.clone();
    for language in LANGUAGES {
        assert!(!texts.get(TextKey::OptedIn, Some(language)).contains('?'), "{language}");
    }
}

#[test]
fn every_acknowledgement_fits_into_a_template() {
    for (reason, severity) in
        Reason::ALL.iter().flat_map(|reason| Severity::ALL.iter().map(move |s| (reason, s)))
    {
        for channel in Channel::ALL {
            let mut context = context(&["Please help"]);
            context.channel = *channel;
            let mut rule = rule_for(&handbook(), *reason, "why");
            rule.severity = *severity;
            let text = hand_over(&context, &handbook(), &rule).acknowledgement;
            assert!(text.chars().count() <= TEMPLATE_MAX_CHARS, "{text}");
            assert!(!text.contains(['{', '}', '\n']) && !text.contains("  "), "{text}");
        }
    }
}

#[test]
fn a_text_that_says_so_is_taken_from_the_english_file() {
    let subject = "Ihr Code für unseren Support-Chat";
    let texts = read_with("de", subject, FALLBACK).unwrap();
    assert_eq!(texts.get(TextKey::VerificationSubject, Some("de")), "Your code for our support chat");
    assert_ne!(texts.get(TextKey::OptedIn, Some("de")), texts.get(TextKey::OptedIn, None));
}

#[test]
fn lines_are_joined_and_paragraphs_kept() {
    let file = "# Texts\n\nFor people.\n\n## Some\n\n### a\n\nOne\ntwo.\n\n\nThree.\n\n### b ###\nFour.\n## More\nProse.\n";
    let entry = |key: &str, line, text: &str| Entry { key: key.to_owned(), line, text: text.to_owned() };
    assert_eq!(entries_of(file), [entry("a", 7, "One two.\n\nThree."), entry("b", 15, "Four.")]);
}

const IN: &str = "### consent.opted_in";
const OUT: &str = "### consent.opted_out";

/// A language, the change to its file, the line of the error (`None`: the whole file), and its message.
#[rustfmt::skip]
const MISTAKES: [(&str, &str, &str, Option<&str>, &str); 12] = [
    ("de", IN, "### consent.in", Some(IN), "unknown text `consent.in`, expected one of linking.code_sent,"),
    ("de", IN, "### consent.in", None, "the text `consent.opted_in` is missing; write `(English)`"),
    ("en", IN, "## consent.opted_in", None, "the text `consent.opted_in` is missing"),
    ("fr", IN, OUT, Some(IN), "the text `consent.opted_out` is in line"),
    ("es", "{start}", "{star}", Some(OUT), "`consent.opted_out` must hold `{start}`"),
    ("es", "{start}", "{star}", Some(OUT), "`consent.opted_out` has the unknown placeholder `{star}`"),
    ("nl", "{start}", "{start", Some(OUT), "`consent.opted_out` has a `{` or `}`"),
    ("nl", "{start}", "{start}}", Some(OUT), "`consent.opted_out` has a `{` or `}`"),
    ("it", IN, "### consent.opted_in\n## More", Some(IN), "`consent.opted_in` has no text"),
    ("en", "You will receive our messages again.", FALLBACK, Some(IN), "`consent.opted_in` has no text"),
    ("de", "Ihr Code", "Ihr\n\nCode", Some("### verification_mail.subject"), "`verification_mail.subject` must be one paragraph"),
    ("de", IN, "### files.question\n\nWas?\n\n### consent.opted_in", Some(IN), "`files.question` belongs into en.md alone"),
];

#[test]
fn every_mistake_is_named_with_file_line_and_text() {
    for (language, from, to, heading, what) in MISTAKES {
        let said = read_with(language, from, to).unwrap_err().to_string();
        let line = heading.map(|heading| format!(":{}", line_of(language, heading)));
        let expected = format!("texts/{language}.md{}: {what}", line.unwrap_or_default());
        assert!(said.lines().any(|line| line.starts_with(&expected)), "{expected}\n{said}");
    }
}

#[test]
fn a_text_that_is_too_long_for_its_channel_is_refused() {
    let long = format!("{IN}\n\n{}", "long ".repeat(70));
    let said = read_with("pt", IN, &long).unwrap_err().to_string();
    let expected = format!("texts/pt.md:{}: `consent.opted_in` must have at most 300", line_of("pt", IN));
    assert!(said.starts_with(&expected), "{said}");
}

fn line_of(language: &str, what: &str) -> usize {
    let files = Handbook::own_texts();
    let file = files.iter().find(|file| file.language == language).unwrap();
    1 + file.source.text.lines().position(|line| line == what).unwrap_or_else(|| panic!("{what}"))
}

#[test]
fn without_english_there_are_no_texts() {
    let faults = read(&Handbook::own_texts()[1..]).unwrap_err();
    assert_eq!(faults.to_string(), "en.md: the English texts are missing");
}
