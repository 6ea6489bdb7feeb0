//! Tests of codes, address assertions and their notices.

use proptest::prelude::*;
use time::{Duration, OffsetDateTime};
use uuid::Uuid;

use super::*;
use crate::agent::samples::{context, said_by};
use crate::domain::customers::linking::{ASKED_AN_HOUR, Linking};

const CODE: &str = "204816";
const NOW: OffsetDateTime = time::macros::datetime!(2026-01-02 12:00 UTC);

fn challenge() -> Challenge {
    Challenge {
        id: ChallengeId(Uuid::from_u128(9)),
        is_open: true,
        code: Some(code::hash(Uuid::from_u128(3), CODE)),
        tries: 0,
        created_at: NOW - Duration::minutes(2),
        expires_at: NOW + Duration::minutes(8),
    }
}

fn chat(messages: &[&str], challenge: Option<Challenge>) -> TurnContext {
    let mut context = context(messages);
    context.linking = Linking { is_possible: true, offer: Offer::Mailed, challenge, ..Linking::default() };
    for said in &mut context.unanswered {
        said.at = NOW;
    }
    context
}

fn tried(tries: i16, is_right: bool) -> Option<Change> {
    Some(Change::Try { challenge: ChallengeId(Uuid::from_u128(9)), tries, is_right })
}

fn texts(context: &TurnContext) -> Vec<&str> {
    context.unanswered.iter().map(|said| said.text.as_str()).collect()
}

#[test]
fn an_address_is_asserted_alone_or_as_ones_own() {
    let asserted = [
        "ann@example.com",
        "Ann@Example.com.",
        "My e-mail is ann@example.com",
        "my email address: ann@example.com",
        "Hi, I'm ann@example.com",
        "I am registered with ann@example.com. How do I export a board?",
        "E-mail: ann@example.com",
        "Meine E-Mail-Adresse lautet ann@example.com, danke",
        "Mon adresse e-mail est ann@example.com",
        "mi correo es ann@example.com",
        "My account is ann@example.com\nWhere is my invoice?",
    ];
    for text in asserted {
        let email = assertion(text, &[]).email;
        assert_eq!(email, Email::parse("ann@example.com").ok(), "{text}");
        assert_eq!(
            assertion(text, &[Email::parse("ann@example.com").unwrap()]).email,
            None,
            "it is theirs: {text}"
        );
    }
    let mentioned = [
        "Please invite bob@example.com to my board",
        "My account manager bob@example.com does not answer",
        "How do I remove bob@example.com?",
        "Is bob@example.com registered, and since when?",
        "Can you send it to bob@example.com",
        "I wrote to support@example.com yesterday and nobody answered",
        "ann@example.com or bob@example.com",
        "my e-mail is broken",
        "",
    ];
    for text in mentioned {
        assert_eq!(assertion(text, &[]).email, None, "{text}");
    }
}

#[test]
fn an_address_alone_is_asked_about_and_one_beside_a_question_leaves_the_question() {
    let mut alone = chat(&["Hi", "my e-mail is ann@example.com"], None);
    let taken = take(&mut alone);
    let ask =
        Change::Ask { challenge: ChallengeId(alone.turn.0), email: Email::parse("ann@example.com").unwrap() };
    assert_eq!(taken.step, Some(LinkStep { said: LinkingNotice::Asked, change: Some(ask), codes: vec![] }));
    assert!(taken.is_all);

    let text = "My e-mail is ann@example.com. How do I reset my password?";
    let mut beside = chat(&[text], None);
    let taken = take(&mut beside);
    assert_eq!((taken.step.map(|step| step.said), taken.is_all), (Some(LinkingNotice::Asked), false));
    assert_eq!(texts(&beside), [text]);
}

#[test]
fn a_code_is_right_once_and_wrong_ones_are_counted() {
    let spent = Challenge { tries: 4, ..challenge() };
    let closed = Challenge { is_open: false, ..challenge() };
    let over = Challenge { expires_at: NOW - Duration::seconds(1), ..challenge() };
    let unsent = Challenge { code: None, ..challenge() };
    let cases: Vec<(&[&str], Challenge, LinkingNotice, Option<Change>)> = vec![
        (&[CODE], challenge(), LinkingNotice::Proved, tried(1, true)),
        (&["204 816"], challenge(), LinkingNotice::Proved, tried(1, true)),
        (&["The code is 204816, thanks"], challenge(), LinkingNotice::Proved, tried(1, true)),
        (&["111111"], challenge(), LinkingNotice::Wrong, tried(1, false)),
        (&["111111", "222222", CODE], challenge(), LinkingNotice::Proved, tried(3, true)),
        (&["111111", CODE], spent.clone(), LinkingNotice::Spent, tried(5, false)),
        (
            &["1 2 3 111111 222222 333333 444444 555555 204816"],
            challenge(),
            LinkingNotice::Spent,
            tried(5, false),
        ),
        (&[CODE], spent, LinkingNotice::Proved, tried(5, true)),
        (&[CODE], closed, LinkingNotice::Over, None),
        (&[CODE], over, LinkingNotice::Over, None),
        (&[CODE], unsent, LinkingNotice::Wrong, tried(1, false)),
    ];
    for (messages, challenge, said, change) in cases {
        let mut context = chat(messages, Some(challenge.clone()));
        let taken = take(&mut context);
        let step = taken.step.unwrap_or_else(|| panic!("{messages:?} {challenge:?}"));
        assert_eq!((step.said, step.change), (said, change), "{messages:?} {challenge:?}");
        assert!(!step.codes.is_empty());
        let seen = texts(&context).concat();
        assert!(!seen.contains(CODE) && !seen.contains("204 816") && !seen.contains("111111"), "{seen}");
    }
}

#[test]
fn a_code_beside_a_question_is_taken_and_the_question_stays() {
    for messages in [&["204816", "How do I export a board?"][..], &["204816. How do I export a board?"]] {
        let mut context = chat(messages, Some(challenge()));
        let taken = take(&mut context);
        assert_eq!((taken.step.map(|step| step.said), taken.is_all), (Some(LinkingNotice::Proved), false));
        assert_eq!(texts(&context).len(), 1, "{messages:?}");
        assert!(texts(&context)[0].ends_with("How do I export a board?"), "{:?}", texts(&context));
    }
}

#[test]
fn numbers_are_words_like_others_where_no_code_was_asked_for() {
    let old = Challenge { is_open: false, created_at: NOW - Duration::hours(2), ..challenge() };
    for challenge in [None, Some(old)] {
        let mut context = chat(&["204816"], challenge);
        assert_eq!(take(&mut context), ExtractedCodes::default());
        assert_eq!(texts(&context), ["204816"]);
    }
    let late = Challenge { is_open: false, ..challenge() };
    let mut order = chat(&["Order 204816 has not arrived, where is it?"], Some(late));
    assert_eq!(take(&mut order), ExtractedCodes::default());
    let mut elsewhere = context(&["ann@example.com"]);
    assert_eq!(take(&mut elsewhere), ExtractedCodes::default());
}

#[test]
fn who_asked_too_often_and_who_can_t_be_mailed_is_told_so() {
    let mut limited = chat(&["ann@example.com"], None);
    limited.linking.asked_an_hour = ASKED_AN_HOUR;
    let step = take(&mut limited).step.unwrap();
    assert_eq!((step.said, step.change), (LinkingNotice::Limited, None));

    let mut unavailable = chat(&["ann@example.com"], None);
    unavailable.linking.offer = Offer::Unavailable;
    let taken = take(&mut unavailable);
    assert_eq!((taken.step.map(|step| step.said), taken.is_all), (Some(LinkingNotice::Unavailable), true));
    let mut asks = chat(&["I'm ann@example.com. How do I export a board?"], None);
    asks.linking.offer = Offer::Unavailable;
    assert_eq!(take(&mut asks), ExtractedCodes::default(), "the question is answered, and nothing else said");
}

#[test]
fn what_was_a_code_is_not_shown_again() {
    let mut context = chat(&["How do I export a board?"], Some(challenge()));
    let mut old = said_by(Role::Customer, "here: 204816");
    old.at = NOW - Duration::minutes(1);
    let masked = said_by(Role::Customer, "******");
    context.history = vec![old, masked, said_by(Role::Agent, "Order 123456 is on its way.")];
    take(&mut context);
    let seen: Vec<&str> = context.history.iter().map(|said| said.text.as_str()).collect();
    assert_eq!(seen, ["here:", "", "Order 123456 is on its way."]);
}

#[test]
fn a_turn_that_has_been_says_the_same_again_and_changes_nothing() {
    let mut context = chat(&["******", "How do I export a board?"], None);
    context.linking.past = Some(LinkingNotice::Proved);
    let taken = take(&mut context);
    assert_eq!(taken.step, Some(LinkStep { said: LinkingNotice::Proved, change: None, codes: vec![] }));
    assert_eq!((taken.is_all, texts(&context)), (false, vec!["How do I export a board?"]));
}

proptest! {
    #[test]
    fn no_live_code_is_left_in_any_text(
        before in "\\PC{0,20}", between in "[ -]?", after in "[^0-9]{0,20}", at in 0usize..3
    ) {
        let typed = format!("{}{between}{}", &CODE[..3], &CODE[3..]);
        let text = format!("{before} {typed}{after}");
        let mut messages = vec!["Hello there"; 3];
        messages[at] = &text;
        let mut context = chat(&messages, Some(challenge()));
        let taken = take(&mut context);
        let before_digits = before.ends_with(|c: char| c.is_ascii_digit());
        prop_assume!(!before_digits);
        prop_assert!(taken.step.is_some());
        prop_assert!(!texts(&context).concat().contains(&typed));
    }
}
