//! Tests of the negotiation, with refusals as services word them.

use super::*;
use crate::provider::Hints;

fn refused(status: u16, code: &str, message: &str) -> CallFailure {
    CallFailure::Status {
        status,
        code: code.to_owned(),
        message: message.to_owned(),
        hints: Hints::default(),
    }
}

/// Refusals as services word them, and the parameter that each means.
const WORDED: &[(u16, &str, &str)] = &[
    (422, "body.max_completion_tokens: Extra inputs are not permitted", "max_completion_tokens"),
    (400, "Unrecognized request argument supplied: max_completion_tokens", "max_completion_tokens"),
    (
        400,
        "max_tokens is too large: 4096. This model supports at most 2048 completion tokens",
        "max_completion_tokens",
    ),
    (400, "body.tool_choice: Input should be 'auto', 'none' or 'any'", "tool_choice"),
    (404, "No endpoints found that support the provided 'tool_choice' value.", "tool_choice"),
    (400, "tool_choice = \"required\" is not supported!", "tool_choice"),
    (400, "deepseek-reasoner does not support this tool_choice", "tool_choice"),
    (
        400,
        "Invalid JSON payload received. Unknown name \"strict\" at 'tools[0].function_declarations[0]'",
        "strict",
    ),
    (400, "tools.0.function.strict: Extra inputs are not permitted", "strict"),
    (
        400,
        "Unsupported parameter: 'parallel_tool_calls' is not supported with this model.",
        "parallel_tool_calls",
    ),
    (400, "This model does not support parallel tool calls", "parallel_tool_calls"),
    (422, "body.stream_options: Extra inputs are not permitted", "stream_options"),
    (400, "The 'stream_options' parameter is only allowed when 'stream' is enabled.", "stream_options"),
    (400, "streams are not supported", "stream"),
    (500, "Cannot use tools with stream", "stream"),
    (400, "Unsupported value: 'messages[0].role' does not support 'system' with this model.", "role"),
    (500, "Jinja Exception: System role not supported", "role"),
    (400, "Conversation roles must alternate user/assistant/user/assistant/...", "role"),
    (400, "Bad Request", "everything optional"),
    (422, "", "everything optional"),
];

#[test]
fn a_refusal_names_or_implies_a_parameter() {
    for (status, message, parameter) in WORDED {
        let concession = Capabilities::default().without(&refused(*status, "", message), false);
        assert_eq!(concession.map(|concession| concession.parameter), Some(*parameter), "{status} {message}");
    }
}

#[test]
fn each_parameter_is_conceded_until_nothing_is_left_of_it() {
    for (status, message, _) in WORDED {
        let mut now = Capabilities::default();
        let mut steps = 0;
        while let Some(Concession { next, .. }) = now.without(&refused(*status, "", message), false) {
            assert_ne!(next, now, "{message}");
            now = next;
            steps += 1;
            assert!(steps < 20, "{message}");
        }
    }
}

#[test]
fn what_is_no_refusal_of_a_parameter_changes_nothing() {
    for failure in [
        refused(401, "invalid_api_key", "bad stream"),
        refused(429, "rate_limit_exceeded", "slow down"),
        refused(404, "model_not_found", "The model `x` does not exist"),
        refused(404, "", "404 page not found"),
        refused(402, "", "Insufficient Balance"),
        refused(503, "", "overloaded"),
        refused(500, "", "Internal error"),
        refused(400, "context_length_exceeded", "the prompt is too long"),
        refused(400, "tool_use_failed", "Failed to call a function."),
        CallFailure::TimedOut,
    ] {
        assert_eq!(Capabilities::default().without(&failure, false), None, "{failure}");
    }
    assert_eq!(Capabilities::default().without(&refused(400, "", "Bad Request"), true), None);
}

#[test]
fn a_promise_that_is_too_long_for_one_conversation_is_not_remembered() {
    let message = "This model's maximum context length is 8192 tokens. However, you requested 9000 tokens (4904 in \
                   the messages, 4096 in the completion).";
    let concession =
        Capabilities::default().without(&refused(400, "context_length_exceeded", message), true).unwrap();
    assert_eq!((concession.next.limit, concession.is_lasting), (TokenLimit::Absent, false));
}
