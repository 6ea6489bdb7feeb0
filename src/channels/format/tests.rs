//! Snapshot and property tests of the reply formatter, channel by channel.

use std::collections::BTreeMap;

use proptest::prelude::*;
use time::macros::time;

use super::cut::{shorten, split};
use super::*;
use crate::domain::wording::hours::{SupportHours, Zone};
use crate::domain::wording::voice::{EmailFrame, Greeting, Phrases, ResponseTimes, WebFrame, WhatsappFrame};

fn voice() -> BrandVoice {
    let greeting = || Greeting { with_name: "Hello {name},".to_owned(), without_name: "Hello,".to_owned() };
    BrandVoice {
        company: "TechCorp".to_owned(),
        tone: Vec::new(),
        help_link: "https://help.techcorp.example".to_owned(),
        email: EmailFrame {
            greeting: greeting(),
            signature: vec!["Kind regards,".to_owned(), "TechCorp Support".to_owned()],
            reference: "Ticket {ticket}".to_owned(),
        },
        whatsapp: WhatsappFrame { footer: "💬 Reply here.".to_owned() },
        web_form: WebFrame { greeting: greeting(), footer: "More: {help}".to_owned() },
        phrases: Phrases {
            next_step: String::new(),
            clarifying_question: String::new(),
            other_language: String::new(),
            delay: String::new(),
        },
        hours: SupportHours {
            days: vec![time::Weekday::Monday],
            from: time!(9:00),
            to: time!(17:00),
            zone: Zone::Fixed(time::UtcOffset::UTC),
            zone_name: "UTC".to_owned(),
            holidays: Vec::new(),
        },
        response_times: ResponseTimes { by_severity: BTreeMap::new(), by_reason: BTreeMap::new() },
        openings: BTreeMap::new(),
    }
}

fn rendered(channel: Channel, text: &str, kind: MessageKind) -> String {
    let occasion = Occasion { customer_name: "Ann", ticket: TicketNumber(1042), kind };
    render_reply(channel, text, &occasion, &voice())
}

#[test]
fn each_channel_has_its_frame() {
    let text = "Open **My account**.";
    let answer = |channel| rendered(channel, text, MessageKind::Message);
    assert_eq!(
        answer(Channel::Email),
        "Hello Ann,\n\nOpen My account.\n\nKind regards,\nTechCorp Support\n\nTicket T-1042"
    );
    assert_eq!(answer(Channel::Whatsapp), "Open *My account*.\n\n💬 Reply here.");
    assert_eq!(
        answer(Channel::WebForm),
        "Hello Ann,\n\nOpen **My account**.\n\nMore: https://help.techcorp.example"
    );
}

#[test]
fn an_acknowledgement_points_to_nothing_else_to_do() {
    let acknowledged = |channel| rendered(channel, "They will reply.", MessageKind::Acknowledgement);
    assert_eq!(acknowledged(Channel::Whatsapp), "They will reply.");
    assert_eq!(acknowledged(Channel::WebForm), "Hello Ann,\n\nThey will reply.");
}

#[test]
fn a_long_answer_loses_its_end_never_its_frame() {
    let text = "Select the button and wait for the page to open. ".repeat(100);
    let mail = rendered(Channel::Email, &text, MessageKind::Message);
    assert!(mail.chars().count() <= 2_000 && mail.split_whitespace().count() <= 500, "{mail}");
    assert!(mail.contains("page to open.\n\nKind regards,") && mail.ends_with("Ticket T-1042"), "{mail}");
    let page = rendered(Channel::WebForm, &text, MessageKind::Message);
    assert!(page.split_whitespace().count() <= 300, "{page}");
    assert!(page.ends_with("page to open.\n\nMore: https://help.techcorp.example"), "{page}");
}

#[test]
fn a_text_is_shortened_after_a_sentence_a_step_or_a_paragraph() {
    let cases = [
        ("One two. Three four.", 12, "One two."),
        ("Do this:\n1. One two. Three\n2. Four", 26, "Do this:\n1. One two. Three"),
        ("Intro. Do this:\n1. One two three four", 20, "Intro."),
        ("Call. Now:\n```\na b\nc d\n```\nEnd.", 24, "Call."),
        ("Call. Now:\n```\na b\nc d\n```\nEnd.", 28, "Call. Now:\n```\na b\nc d\n```"),
        ("one two three four", 9, "one two…"),
        ("Use e.g. this one. Then that", 20, "Use e.g. this one."),
        ("Run `a. b c` now. Then that.", 17, "Run `a. b c` now."),
        ("See https://a.example/b.c?d=e. Then", 31, "See https://a.example/b.c?d=e."),
        ("abcdefgh", 5, "abcd…"),
        ("👨‍👩‍👧👨‍👩‍👧", 6, "👨‍👩‍👧…"),
    ];
    for (text, most, expected) in cases {
        assert_eq!(shorten(text, |part| part.chars().count() <= most), expected, "{text:?} in {most}");
    }
}

#[test]
fn parts_end_at_paragraphs_before_sentences_and_at_sentences_before_words() {
    let count = |text: &str| text.encode_utf16().count();
    let cases: [(&str, usize, &[&str]); 7] = [
        ("", 10, &[""]),
        (" Hello. ", 10, &["Hello."]),
        ("One. Two.\n\nThree. Four.", 14, &["One. Two.", "Three. Four."]),
        (
            "The first is here. The second follows! A third?",
            40,
            &["The first is here. The second follows!", "A third?"],
        ),
        ("abcdef ghijkl", 8, &["abcdef", "ghijkl"]),
        ("abcdefghij", 4, &["abcd", "efgh", "ij"]),
        ("一つ目の文です。二つ目の文です。", 10, &["一つ目の文です。", "二つ目の文です。"]),
    ];
    for (text, most, expected) in cases {
        assert_eq!(split(text, most, count), expected, "{text:?} in {most}");
    }
}

#[test]
fn a_joined_emoji_a_link_and_code_stay_whole_at_the_limit_of_whatsapp() {
    let count = |text: &str| text.encode_utf16().count();
    for whole in ["👨‍👩‍👧", "🇩🇪", "https://help.techcorp.example/a/b?c=d", "`fte kb search`"]
    {
        for before in 1_600 - 40..1_600 {
            let text = format!("{}. {whole} and so on", "a".repeat(before));
            let parts = split(&text, 1_600, count);
            assert!(parts.iter().all(|part| count(part) <= 1_600));
            assert!(parts.iter().any(|part| part.contains(whole)), "{whole} after {before}");
        }
    }
    // A character with so many accents that it exceeds any message is split inside the grapheme.
    let parts = split(&format!("e{}", "\u{301}".repeat(2_000)), 1_600, count);
    assert_eq!(parts.iter().map(|part| count(part)).collect::<Vec<_>>(), [1_600, 401]);
}

#[test]
fn splitting_measures_a_bounded_number_of_bytes_for_each_byte_of_the_text() {
    let text = "This is a sentence of some length about the product. ".repeat(1_900);
    let measured = std::cell::Cell::new(0);
    let parts = split(&text, 1_600, |part| {
        measured.set(measured.get() + part.len());
        part.encode_utf16().count()
    });
    assert_eq!(parts.join(" "), text.trim());
    assert!(measured.get() < 60 * text.len(), "{} bytes measured of {}", measured.get(), text.len());
}

/// Texts with sentences, steps, links, code and emoji.
fn texts() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        "[a-zA-Zé]{1,9}",
        "[a-z]{1,6}[.!?]",
        Just("https://help.techcorp.example/a/b?c=d".to_owned()),
        Just("`fte kb search`".to_owned()),
        Just("👨‍👩‍👧".to_owned()),
        Just("🇩🇪".to_owned()),
        Just("e\u{301}".to_owned()),
    ];
    prop::collection::vec(
        (piece, prop_oneof![4 => Just(" "), 1 => Just("\n"), 1 => Just("\n\n"), 1 => Just("\n1. ")]),
        1..120,
    )
    .prop_map(|pieces| pieces.into_iter().map(|(piece, gap)| format!("{piece}{gap}")).collect())
}

fn squeezed(text: &str) -> String {
    text.split_whitespace().collect()
}

/// The pieces between spaces, with code kept whole.
fn pieces(text: &str) -> Vec<String> {
    let text = text.replace("`fte kb search`", "`fte\u{1}kb\u{1}search`");
    text.split_whitespace().map(|piece| piece.replace('\u{1}', " ")).collect()
}

proptest! {
    #[test]
    fn splitting_loses_nothing_and_breaks_nothing(text in texts(), most in 60usize..400) {
        let count = |text: &str| text.encode_utf16().count();
        let parts = split(&text, most, count);
        prop_assert!(parts.iter().all(|part| count(part) <= most), "{parts:?}");
        prop_assert_eq!(squeezed(&parts.concat()), squeezed(&text));
        let joined: Vec<String> = parts.iter().flat_map(|part| pieces(part)).collect();
        prop_assert_eq!(joined, pieces(&text));
    }

    #[test]
    fn any_text_at_all_is_kept_and_every_part_fits(text in "\\PC{0,300}", most in 2usize..40) {
        let count = |text: &str| text.encode_utf16().count();
        let parts = split(&text, most, count);
        prop_assert!(parts.iter().all(|part| count(part) <= most), "{parts:?}");
        prop_assert!(parts.len() == 1 || parts.iter().all(|part| !part.is_empty()), "{parts:?}");
        prop_assert_eq!(squeezed(&parts.concat()), squeezed(&text));
    }

    #[test]
    fn shortening_keeps_whole_words_of_the_beginning(text in texts(), most in 45usize..300) {
        let short = shorten(&text, |part| part.chars().count() <= most);
        prop_assert!(short.chars().count() <= most);
        let kept = pieces(short.trim_end_matches('…'));
        prop_assert_eq!(kept.as_slice(), &pieces(&text)[..kept.len()]);
    }

    #[test]
    fn no_text_breaks_the_frames(text in "\\PC{0,300}", name in "\\PC{0,40}") {
        for channel in Channel::ALL {
            let occasion = Occasion { customer_name: &name, ticket: TicketNumber(1), kind: MessageKind::Message };
            let whole = render_reply(*channel, &text, &occasion, &voice());
            prop_assert!(whole.chars().count() <= 2_000);
        }
    }
}
