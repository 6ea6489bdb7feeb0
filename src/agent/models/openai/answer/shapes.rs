//! Answers as servers were seen to send them, in public reports: each is read whole, however its bytes are cut.

mod cases;

use super::*;
use crate::provider::FailureReason;
use cases::{ERRORS, LINES, PIECES, STREAMS, WHOLE};

const EVENTS: &str = "data: {\"choices\":[{\"index\":0,\"delta\":{\"role\":\"assistant\",\"content\":null},\"finish_reason\":null}]}\n\n";

/// The arguments of `send_response` as they are inside of a JSON string.
const ARGUMENTS: &str = r#"{\"message\": \"Select Forgot password.\", \"citations\": [\"docs.md#reset\"]}"#;
const EXPECTED: &str = r#"{"message":"Select Forgot password.","citations":["docs.md#reset"]}"#;

fn read(body: &str) -> Result<ModelTurn, CallFailure> {
    read_in_pieces(body.as_bytes(), body.len().max(1))
}

fn read_in_pieces(body: &[u8], size: usize) -> Result<ModelTurn, CallFailure> {
    let mut reader = BodyReader::default();
    for piece in body.chunks(size) {
        if reader.push(piece)? == BodyDemand::NoMore {
            break;
        }
    }
    reader.finish().map(|said| said.into_turn(&[]))
}

/// A chunk with this delta and the rest of its choice.
fn chunk(delta: &str, rest: &str) -> String {
    format!("data: {{\"choices\":[{{\"index\":0,\"delta\":{delta}{rest}}}]}}\n\n")
}

fn call(fields: &str, arguments: &str) -> String {
    format!(
        "{{\"tool_calls\":[{{{fields}\"function\":{{\"name\":\"send_response\",\"arguments\":{arguments}}}}}]}}"
    )
}

fn usual_call() -> String {
    call("\"index\":0,\"id\":\"c1\",\"type\":\"function\",", &format!("\"{ARGUMENTS}\""))
}

fn message(inside: &str) -> String {
    format!("{{\"choices\":[{{\"index\":0,\"message\":{inside},\"finish_reason\":\"tool_calls\"}}]}}")
}

fn whole_call(arguments: &str) -> String {
    message(&format!(
        "{{\"content\":null,\"tool_calls\":[{{\"id\":\"c1\",\"type\":\"function\",\"function\":{{\"name\":\"send_response\",\"arguments\":{arguments}}}}}]}}"
    ))
}

const DONE: &str = "data: [DONE]\n\n";
const STOP: &str = ",\"finish_reason\":\"tool_calls\"";

/// The body that a template of the cases describes.
fn filled(template: &str) -> String {
    let twice = serde_json::to_string(&serde_json::to_string(EXPECTED).unwrap()).unwrap();
    template
        .replace("«said»", &chunk(&usual_call(), ""))
        .replace("«call»", &usual_call())
        .replace("«args»", ARGUMENTS)
        .replace("«object»", EXPECTED)
        .replace("«twice»", &twice)
        .replace("«done»", DONE)
}

/// What is odd, and a body that calls `send_response` once.
fn lenient() -> Vec<(&'static str, String)> {
    let first = "{\\\"message\\\": \\\"Select Forgot password.\\\", ";
    let second = "\\\"citations\\\": [\\\"docs.md#reset\\\"]}";
    let pieces = PIECES.iter().map(|(odd, one, two)| {
        let first = chunk(&call(one, &format!("\"{first}\"")), "");
        (*odd, first + &chunk(&call(two, &format!("\"{second}\"")), STOP) + DONE)
    });
    let lines = LINES.iter().map(|(odd, from, to)| (*odd, filled("«said»«done»").replace(from, to)));
    let filled = STREAMS.iter().chain(WHOLE).map(|(odd, template)| (*odd, filled(template)));
    filled.chain(lines).chain(pieces).collect()
}

#[test]
fn every_lenient_shape_is_read_whole_and_shows_no_reasoning() {
    for (odd, body) in lenient() {
        for size in [body.len(), 1, 7] {
            let said = read_in_pieces(body.as_bytes(), size)
                .unwrap_or_else(|failure| panic!("{odd}: {failure}\n{body}"));
            let calls = said.calls.iter().map(|call| (call.name.as_str(), json::parse(&call.arguments)));
            let calls: Vec<_> = calls.collect();
            assert_eq!(
                (calls, said.fault),
                (vec![("send_response", json::parse(EXPECTED))], None),
                "{odd}: {body}"
            );
            assert!(!format!("{said:?}").contains("angry"), "{odd}: {said:?}");
        }
    }
}

#[test]
fn tokens_are_counted_wherever_they_are_and_estimated_otherwise() {
    let text = "data: {\"choices\":[{\"delta\":{\"content\":\"four four four.\"}}]}\n\n";
    for (usage, expected) in [
        ("{\"usage\":{\"prompt_tokens\":12,\"completion_tokens\":3}}", (12, 3)),
        ("{\"usage\":{\"prompt_tokens\":12.4,\"completion_tokens\":3.0}}", (12, 3)),
        ("{\"usage\":{\"prompt_tokens\":\"12\",\"completion_tokens\":\"3\"}}", (12, 3)),
        ("{\"usage\":{\"input_tokens\":12,\"output_tokens\":3}}", (12, 3)),
        ("{\"x_groq\":{\"usage\":{\"prompt_tokens\":12,\"completion_tokens\":3}}}", (12, 3)),
        ("{\"usage\":{\"prompt_tokens\":12}}", (12, 4)),
        ("{\"usage\":null}", (0, 4)),
        ("{\"usage\":{\"prompt_tokens\":-1,\"completion_tokens\":0}}", (0, 4)),
    ] {
        let usage_in = read(&format!("{text}data: {usage}\n\n{DONE}")).unwrap().usage;
        assert_eq!((usage_in.tokens_in, usage_in.tokens_out), expected, "{usage}");
    }
}

#[test]
fn text_is_read_from_parts_and_joined_across_chunks() {
    for (body, expected) in [
        (
            message(
                "{\"content\":[{\"type\":\"text\",\"text\":\"Hi \"},{\"type\":\"text\",\"text\":\"there\"}]}",
            ),
            "Hi there",
        ),
        (message("{\"content\":[\"Hi \",\"there\"]}"), "Hi there"),
        (message("{\"content\":{\"type\":\"text\",\"text\":{\"value\":\"Hi there\"}}}"), "Hi there"),
        (message("{\"content\":null,\"refusal\":\"Hi there\"}"), "Hi there"),
        ("{\"choices\":[{\"text\":\"Hi there\"}]}".to_owned(), "Hi there"),
        (chunk("{\"content\":\"Hi \\ud83d\"}", "") + &chunk("{\"content\":\"\\ude00\"}", "") + DONE, "Hi 😀"),
        (
            chunk("{\"content\":\"A long beginning \"}", "")
                + &chunk("{\"content\":\"A long beginning and end\"}", "")
                + DONE,
            "A long beginning and end",
        ),
    ] {
        assert_eq!(read(&body).unwrap().text.as_deref(), Some(expected), "{body}");
    }
}

#[test]
fn an_error_in_place_of_an_answer_is_that_error() {
    for (body, expected) in ERRORS {
        let failure = read(body).unwrap_err();
        let CallFailure::Status { status, .. } = &failure else { panic!("{body}: {failure}") };
        assert_eq!(status, expected, "{body}");
    }
    assert_eq!(read(ERRORS[0].0).unwrap_err().cause(), FailureReason::NoCredit);
    assert_eq!(read(ERRORS[2].0).unwrap_err().cause(), FailureReason::ContextTooLong);
}

#[test]
fn a_web_page_is_no_api() {
    for page in [
        "<!DOCTYPE html><html><title>Welcome to nginx!</title></html>",
        "\n <html><body>It works</body>",
        "<?xml version=\"1.0\"?><Error/>",
    ] {
        let failure = read(page).unwrap_err();
        assert!(failure.to_string().contains("not an API: check OPENAI_BASE_URL"), "{failure}");
    }
}

#[test]
fn what_can_not_be_used_is_a_fault_of_the_answer_with_its_tokens() {
    let half = serde_json::to_string(r#"{"message": "Hi \ud83d", "citations": []}"#).unwrap();
    let many: String =
        (0..40).map(|n| chunk(&call(&format!("\"index\":{n},\"id\":\"c{n}\","), "\"{}\""), "")).collect();
    let long = chunk(&format!("{{\"content\":\"{}\"}}", "a".repeat(300 << 10)), "");
    let cases = [
        (whole_call("\"{\\\"message\\\": \\\"\\ud83d\\\"}\""), AnswerFault::Unreadable),
        (whole_call(&half), AnswerFault::Unreadable),
        ("{\"choices\":[{\"mess".to_owned(), AnswerFault::Unreadable),
        ("upstream connect error or disconnect".to_owned(), AnswerFault::Unreadable),
        ("data: {\"choices\":[{\"delta\":{\"con\n\ndata: [DONE]\n\n".to_owned(), AnswerFault::Unreadable),
        (many, AnswerFault::TooManyCalls),
        (long, AnswerFault::TooLong),
        (message("{\"content\":42}"), AnswerFault::WrongTypes),
        (message("{\"content\":\"\"}").replace("tool_calls", "length"), AnswerFault::TooLong),
        (message("{\"content\":null,\"tool_calls\":\"send_response\"}"), AnswerFault::WrongTypes),
    ];
    for (body, fault) in cases {
        let said =
            read(&body).unwrap_or_else(|failure| panic!("{failure}: {}", body.get(..200).unwrap_or(&body)));
        assert_eq!((said.fault, said.calls.len(), said.text), (Some(fault), 0, None), "{fault:?}");
    }
    let counted = message("{\"content\":42}")
        .replace("}]}", "}],\"usage\":{\"prompt_tokens\":7,\"completion_tokens\":2}}");
    assert_eq!(read(&counted).unwrap().usage.tokens(), 9);
}

#[test]
fn an_answer_that_breaks_off_is_no_answer() {
    let begun = chunk(&call("\"index\":0,\"id\":\"c1\",", "\"{\\\"message\\\": \\\"Sel\""), "");
    for body in ["", "\n", EVENTS, ": ping\n\n", &begun] {
        assert!(matches!(read(body), Err(CallFailure::Broken(_))), "{body}");
    }
}

#[test]
fn two_calls_stay_two() {
    let other = |fields: &str| {
        format!(
            "{{\"tool_calls\":[{{{fields}\"function\":{{\"name\":\"create_ticket\",\"arguments\":\"{{}}\"}}}}]}}"
        )
    };
    for [one, two] in [
        ["\"index\":0,\"id\":\"a\",", "\"index\":1,\"id\":\"b\","],
        ["\"index\":0,\"id\":\"a\",", "\"index\":0,\"id\":\"b\","],
        ["\"id\":\"a\",", "\"id\":\"b\","],
        ["", ""],
    ] {
        let body = chunk(&other(one), "") + &chunk(&call(two, &format!("\"{ARGUMENTS}\"")), STOP) + DONE;
        let said = read(&body).unwrap();
        let names: Vec<_> = said.calls.iter().map(|call| call.name.as_str()).collect();
        assert_eq!(names, ["create_ticket", "send_response"], "{body}");
        assert_ne!(said.calls[0].id, said.calls[1].id, "{body}");
    }
}
