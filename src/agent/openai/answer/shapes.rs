//! Answers as servers were seen to send them, in public reports: each is read whole, however its bytes are cut.

use super::*;
use crate::provider::FailureReason;

const EVENTS: &str = "data: {\"choices\":[{\"index\":0,\"delta\":{\"role\":\"assistant\",\"content\":null},\"finish_reason\":null}]}\n\n";

/// The arguments of `send_response` as they stand inside of a JSON string.
const ARGUMENTS: &str = r#"{\"message\": \"Select Forgot password.\", \"citations\": [\"docs.md#reset\"]}"#;
const EXPECTED: &str = r#"{"message":"Select Forgot password.","citations":["docs.md#reset"]}"#;

fn read(body: &str) -> Result<ModelTurn, CallFailure> {
    read_in_pieces(body.as_bytes(), body.len().max(1))
}

fn read_in_pieces(body: &[u8], size: usize) -> Result<ModelTurn, CallFailure> {
    let mut reader = BodyReader::default();
    for piece in body.chunks(size) {
        if reader.push(piece)? == Wanted::NoMore {
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

/// What is odd, and a body that calls `send_response` once.
fn lenient() -> Vec<(&'static str, String)> {
    let said = chunk(&usual_call(), "");
    let object = r#"{"message": "Select Forgot password.", "citations": ["docs.md#reset"]}"#;
    let twice = serde_json::to_string(&serde_json::to_string(object).unwrap()).unwrap();
    let mut cases = vec![
        ("as documented", format!("{EVENTS}{said}{}{DONE}", chunk("{}", STOP))),
        ("arguments as an object", whole_call(object)),
        (
            "arguments as an object, streamed",
            format!("{}{DONE}", chunk(&call("\"index\":0,\"id\":\"c1\",", object), STOP)),
        ),
        ("arguments encoded twice", whole_call(&twice)),
        ("usage null", format!("{said}data: {{\"choices\":[],\"usage\":null}}\n\n{DONE}")),
        (
            "usage with floats",
            format!(
                "{said}data: {{\"choices\":[],\"usage\":{{\"prompt_tokens\":12.0,\"completion_tokens\":3.5}}}}\n\n{DONE}"
            ),
        ),
        (
            "usage with null counts",
            format!("{said}data: {{\"choices\":[],\"usage\":{{\"prompt_tokens\":null}}}}\n\n{DONE}"),
        ),
        ("choices null in a chunk", format!("data: {{\"choices\":null}}\n\n{said}{DONE}")),
        ("choices missing in a chunk", format!("data: {{\"id\":\"x\"}}\n\n{said}{DONE}")),
        (
            "choices empty in the first chunk (Azure)",
            format!("data: {{\"choices\":[],\"prompt_filter_results\":[]}}\n\n{said}{DONE}"),
        ),
        ("delta null", format!("{}{said}{DONE}", chunk("null", ""))),
        (
            "delta beside message",
            format!("{}{DONE}", chunk(&usual_call(), &format!(",\"message\":{}{STOP}", usual_call()))),
        ),
        ("message instead of delta", format!("data: {}\n\n{DONE}", whole_call(&format!("\"{ARGUMENTS}\"")))),
        (
            "an empty delta beside message",
            format!("{}{DONE}", chunk("{}", &format!(",\"message\":{}{STOP}", usual_call()))),
        ),
        ("no finish_reason before [DONE]", format!("{said}{DONE}")),
        ("no finish_reason before the end", said.clone()),
        ("no blank line at the end", said.trim_end().to_owned()),
        ("no blank after data:", format!("{said}{DONE}").replace("data: ", "data:")),
        ("CRLF", format!("{said}{DONE}").replace('\n', "\r\n")),
        ("CR", format!("{said}{DONE}").replace('\n', "\r")),
        ("one line end between events", format!("{said}{DONE}").replace("\n\n", "\n")),
        ("comments", format!(": OPENROUTER PROCESSING\n\n: ping\n\n{said}: keep-alive\n\n{DONE}")),
        ("comments as data", format!("data: : OPENROUTER PROCESSING\n\ndata: : keepalive\n\n{said}{DONE}")),
        ("data twice", format!("{said}{DONE}").replace("data: ", "data: data: ")),
        ("data on the next line", format!("{said}{DONE}").replace("data: ", "data:\n ")),
        ("events with names and ids", format!("event: message\nid: 1\nretry: 3000\n{said}{DONE}")),
        ("a ping event", format!("event: ping\ndata: {{\"type\":\"ping\"}}\n\n{said}{DONE}")),
        ("data that is no JSON", format!("data: ping\n\n{said}{DONE}")),
        ("a byte order mark", format!("\u{feff}{said}{DONE}")),
        ("blank lines first", format!("\n\n\n{said}{DONE}")),
        ("[DONE] in quotes", format!("{said}data: \"[DONE]\"\n\n")),
        ("lines of JSON", format!("{}\n{}\n", &said.trim()[6..], "{\"choices\":[],\"usage\":null}")),
        ("a list of chunks", format!("[{}]", &said.trim()[6..])),
        (
            "pretty-printed JSON",
            serde_json::to_string_pretty(&serde_json::from_str::<Value>(&whole_call(object)).unwrap())
                .unwrap(),
        ),
        ("an error that is null", format!("data: {{\"error\":null,\"choices\":[]}}\n\n{said}{DONE}")),
        (
            "a last chunk with the whole message",
            format!("{said}{}{DONE}", chunk("{}", &format!(",\"message\":{}{STOP}", usual_call()))),
        ),
        ("a last delta with the whole message", format!("{said}{}{DONE}", chunk(&usual_call(), STOP))),
        (
            "tool_calls as one object",
            message(&format!(
                "{{\"tool_calls\":{{\"id\":\"c1\",\"function\":{{\"name\":\"send_response\",\"arguments\":\"{ARGUMENTS}\"}}}}}}"
            )),
        ),
        (
            "the older function_call",
            message(&format!(
                "{{\"content\":null,\"function_call\":{{\"name\":\"send_response\",\"arguments\":\"{ARGUMENTS}\"}}}}"
            )),
        ),
        (
            "a call without function",
            message(&format!(
                "{{\"tool_calls\":[{{\"name\":\"send_response\",\"arguments\":\"{ARGUMENTS}\"}}]}}"
            )),
        ),
        ("choices as an object", format!("{{\"choices\":{{\"message\":{}}}}}", usual_call())),
        (
            "Ollama's own form",
            format!(
                "{{\"message\":{},\"done\":true,\"prompt_eval_count\":12,\"eval_count\":3}}",
                usual_call()
            ),
        ),
        (
            "content of a wrong type beside a call",
            whole_call(object).replace("\"content\":null", "\"content\":5"),
        ),
        (
            "a field too many",
            whole_call(object).replace(
                "\"content\":null",
                "\"content\":null,\"annotations\":[],\"audio\":null,\"x\":{\"y\":[1]}",
            ),
        ),
        (
            "half an event before a whole one",
            format!("data: {{\"choices\":[{{\"delta\":{{\"role\":\"a\n{said}{DONE}"),
        ),
    ];
    for name in [
        "functions.send_response",
        "send_response:0",
        "functions.send_response:0",
        "send_response<|channel|>commentary",
    ] {
        cases.push((
            "another spelling of the name",
            whole_call(object).replace("\"send_response\"", &format!("\"{name}\"")),
        ));
    }
    let first = "{\\\"message\\\": \\\"Select Forgot password.\\\", ";
    let second = "\\\"citations\\\": [\\\"docs.md#reset\\\"]}";
    let pieces = [
        ("without index", ["\"id\":\"c1\",", ""]),
        ("with id and name in each piece", ["\"index\":0,\"id\":\"c1\",", "\"index\":0,\"id\":\"c1\","]),
        ("with the name in each piece", ["\"index\":0,", "\"index\":0,"]),
        ("with another id in each piece", ["\"index\":0,\"id\":\"c1\",", "\"index\":0,\"id\":\"c2\","]),
    ];
    for (odd, [one, two]) in pieces {
        let body = chunk(&call(one, &format!("\"{first}\"")), "")
            + &chunk(&call(two, &format!("\"{second}\"")), STOP);
        cases.push((odd, body + DONE));
    }
    for thought in [
        "\"content\":\"<think>The customer is angry.</think>\",",
        "\"reasoning_content\":\"The customer is angry.\",",
        "\"reasoning\":\"The customer is angry.\",\"reasoning_details\":[{\"text\":\"angry\"}],",
        "\"content\":[{\"type\":\"thinking\",\"thinking\":[{\"type\":\"text\",\"text\":\"The customer is angry.\"}]}],",
    ] {
        cases.push(("reasoning", whole_call(object).replace("\"content\":null,", thought)));
        cases.push((
            "reasoning, streamed",
            format!("{}{said}{DONE}", chunk(&format!("{{{}\"x\":1}}", thought), "")),
        ));
    }
    let angry = object.replace("Select", "<think>The customer is angry.</think>Select");
    cases.push(("reasoning in an argument", whole_call(&angry)));
    cases.push((
        "reasoning before the arguments",
        whole_call(&format!("\"<think>The customer is angry.</think>{ARGUMENTS}\"")),
    ));
    cases.push(("a call in the text", message(&serde_json::json!({"content": format!("<tool_call>{{\"name\": \"send_response\", \"arguments\": {object}}}</tool_call>")}).to_string())));
    cases
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
fn tokens_are_counted_wherever_they_stand_and_estimated_otherwise() {
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
    for (body, status, cause) in [
        (
            "{\"error\":{\"message\":\"You exceeded your current quota\",\"code\":\"insufficient_quota\"}}",
            402,
            FailureReason::NoCredit,
        ),
        (
            "data: {\"error\":{\"message\":\"Rate limit exceeded\",\"code\":429}}\n\n",
            429,
            FailureReason::RateLimited,
        ),
        (
            "data: {\"error\":{\"message\":\"maximum context length is 4096\"}}\n\n",
            400,
            FailureReason::ContextTooLong,
        ),
        (
            "event: error\ndata: {\"message\":\"Overloaded\",\"type\":\"overloaded_error\"}\n\n",
            503,
            FailureReason::Overloaded,
        ),
        (
            "{\"choices\":[{\"error\":{\"code\":502,\"message\":\"Provider returned error\"},\"finish_reason\":\"error\"}]}",
            502,
            FailureReason::Overloaded,
        ),
        (
            "{\"choices\":[{\"message\":{\"content\":\"par\"},\"finish_reason\":\"error\"}]}",
            502,
            FailureReason::Overloaded,
        ),
        (
            "{\"object\":\"error\",\"message\":\"Insufficient Balance\",\"code\":40000}",
            402,
            FailureReason::NoCredit,
        ),
        ("{\"detail\":\"Incorrect API key provided\"}", 401, FailureReason::BadKey),
    ] {
        let failure = read(body).unwrap_err();
        assert!(
            matches!(&failure, CallFailure::Status { status: found, .. } if *found == status),
            "{body}: {failure}"
        );
        assert_eq!(failure.cause(), cause, "{body}");
    }
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
