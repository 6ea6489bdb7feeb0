//! What the offline model says.

use proptest::prelude::*;
use serde_json::Value;

use super::*;
use crate::agent::port::{Exchange, Notices};
use crate::agent::samples::{briefing, passage, relevant, said_by};
use crate::domain::knowledge::Findings;

const RESET: &str = "You can set a new password by email.\n\n1. Open the sign-in page.\n2. Select Forgot password.\n\n\
                     The link is valid for an hour.";

fn request(findings: Findings) -> Request {
    let briefing = briefing(&["I forgot my password"]);
    Request {
        channel: briefing.channel,
        ticket: briefing.ticket,
        customer_name: briefing.customer_name,
        notices: Notices::default(),
        unsettled: briefing.unsettled,
        history: briefing.history,
        findings,
        exchanges: Vec::new(),
        tools: ToolName::ALL,
    }
}

/// The one call that a reply consists of.
fn only_call(request: &Request) -> (String, Value) {
    let said = reply(request);
    let [call] = said.calls.as_slice() else {
        panic!("one call, not {:?}", said.calls);
    };
    (call.name.clone(), serde_json::from_str(&call.arguments).unwrap())
}

#[test]
fn a_relevant_section_is_answered_with_its_steps_and_cited() {
    let (tool, input) = only_call(&request(relevant(vec![passage("docs.md#reset", RESET)])));
    assert_eq!(tool, "send_response");
    assert_eq!(input["citations"], json!(["docs.md#reset"]));
    assert_eq!(input["message"], json!(format!("Reset a forgotten password\n\n{RESET}\n\n{CLOSING}")));
}

#[test]
fn without_a_relevant_section_it_asks_one_question_and_then_hands_over() {
    let mut request =
        request(Findings { relevant: false, ..relevant(vec![passage("docs.md#reset", RESET)]) });
    let (tool, input) = only_call(&request);
    assert_eq!((tool.as_str(), &input["message"]), ("send_response", &json!(QUESTION)));
    assert_eq!(input["citations"], json!([]));

    request.history = vec![
        said_by(Role::Customer, "It is broken"),
        said_by(Role::Agent, &format!("Hello Ann,\n\n{QUESTION}\n\nYour support team")),
    ];
    let (tool, input) = only_call(&request);
    assert_eq!((tool.as_str(), &input["reason"]), ("escalate_to_human", &json!("no_answer")));
}

#[test]
fn a_refused_answer_is_handed_over_instead_of_being_repeated() {
    let mut request = request(relevant(vec![passage("docs.md#reset", RESET)]));
    request.exchanges = vec![Exchange { said: reply(&request), results: Vec::new(), correction: None }];
    assert_eq!(only_call(&request).0, "escalate_to_human");
}

#[test]
fn a_long_section_is_cut_after_a_step_or_a_sentence_never_inside_code() {
    let cases = [
        ("One two. Three four.", 3, "One two."),
        ("Do this:\n1. One two. Three\n2. Four", 6, "Do this:\n1. One two. Three"),
        ("Intro. Do this:\n1. One two three four", 5, "Intro."),
        ("Call:\n```\na b\nc d\n```\nEnd.", 3, "Call: ``` a…"),
        ("Call. Now:\n```\na b\nc d\n```\nEnd.", 8, "Call. Now:\n```\na b\nc d\n```"),
        ("one two three four", 2, "one two…"),
        ("Use e.g. this one. Then that", 4, "Use e.g. this one."),
    ];
    for (text, words, expected) in cases {
        assert_eq!(excerpt(text, words), expected, "{text:?} in {words} words");
    }
}

proptest! {
    /// Whatever stands in the section: the answer is short enough, and says what the section says, word for word.
    #[test]
    fn an_answer_states_only_what_its_section_states(text in "([a-zA-Z]{1,9}[ .:\n]{1,2}|1\\. |```\n|- |ü){1,500}") {
        let text = text.trim();
        for channel in Channel::ALL {
            let kept = excerpt(text, words_at_most(*channel));
            let plain = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
            prop_assert!(plain(text).starts_with(plain(&kept).trim_end_matches('…')), "{kept}");
            prop_assert!(kept.split_whitespace().count() <= words_at_most(*channel));
            prop_assert!(kept.chars().count() <= EXCERPT_MAX_CHARS + 1);
        }
    }
}

#[test]
fn files_without_words_are_asked_about_once_whatever_was_said_before() {
    let mut request = request(relevant(vec![passage("docs.md#reset", RESET)]));
    request.unsettled = vec![said_by(Role::Customer, "")];
    request.unsettled[0].attachments = vec![Attachment {
        content_type: "image/jpeg".to_owned(),
        size_bytes: Some(1_234_567),
        state: AttachmentState::Stored,
    }];
    let (tool, input) = only_call(&request);
    let asked = format!("Thank you, I have got your file (photo, 1.2 MB). {FILE_QUESTION}");
    assert_eq!((tool.as_str(), &input["message"]), ("send_response", &json!(asked)));
    request.history = vec![said_by(Role::Agent, &asked)];
    assert_eq!(only_call(&request).0, "escalate_to_human");
}
