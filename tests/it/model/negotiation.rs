//! Negotiation tests: a parameter that a service refuses is dropped or replaced once, and not sent again.

use fte::agent::port::{LanguageModel, ModelError};
use fte::fakes::openai::{Act, Asked, FakeOpenai, FakeReply, What};
use serde_json::Value;

use super::rig::{adapter, ask};
use crate::operations::commands::fte_with;
use crate::support::postgres::fresh_database;

fn well() -> Act {
    FakeReply::response("Select Forgot password.", &["docs.md#reset"]).into()
}

fn has(body: &Value, parameter: &str) -> bool {
    match parameter {
        "required" => body["tool_choice"] == "required",
        "strict" => body["tools"].to_string().contains("\"strict\""),
        "additionalProperties" => body["tools"].to_string().contains("additionalProperties"),
        "stream" => body["stream"] == true,
        "system" => body["messages"][0]["role"] == "system",
        "developer" => body["messages"][0]["role"] == "developer",
        parameter => !body[parameter].is_null(),
    }
}

/// A parameter, and the status and the words in which a service refuses it.
type RefusedParameter = (&'static str, u16, &'static str);

/// A service that refuses requests with these parameters.
fn refusing(refused: &'static [RefusedParameter]) -> FakeOpenai {
    FakeOpenai::start(move |asked: &Asked| -> Act {
        match refused.iter().find(|(parameter, _, _)| has(&asked.body, parameter)) {
            Some((_, status, message)) => What::error(*status, "invalid_request_error", message).into(),
            None => well(),
        }
    })
    .unwrap()
}

/// What services refuse, and what remains visible to operators.
const SERVICES: &[(&[RefusedParameter], &str)] = &[
    (
        &[("max_completion_tokens", 400, "Unrecognized request argument supplied: max_completion_tokens")],
        "max_tokens",
    ),
    (
        &[
            ("max_completion_tokens", 422, "body.max_completion_tokens: Extra inputs are not permitted"),
            ("max_tokens", 422, "body.max_tokens: Extra inputs are not permitted"),
        ],
        "no max_tokens",
    ),
    (&[("required", 400, "tool_choice = \"required\" is not supported!")], "tool_choice auto"),
    (&[("required", 422, "tool_choice: Input should be 'auto', 'none' or 'any'")], "tool_choice any"),
    (
        &[
            ("required", 404, "No endpoints found that support the provided 'tool_choice' value."),
            ("tool_choice", 404, "No endpoints found that support the provided 'tool_choice' value."),
        ],
        "no tool_choice",
    ),
    (&[("strict", 400, "tools.0.function.strict: Extra inputs are not permitted")], "schemas without strict"),
    (
        &[(
            "additionalProperties",
            400,
            "Unknown name \"additionalProperties\" at 'tools[0].function_declarations[0]'",
        )],
        "plain schemas",
    ),
    (
        &[("parallel_tool_calls", 400, "Unsupported parameter: 'parallel_tool_calls'")],
        "no parallel_tool_calls",
    ),
    (&[("stream_options", 400, "Unknown parameter: stream_options")], "stream without stream_options"),
    (&[("stream", 400, "streaming is not supported with tools")], "no stream"),
    (&[("stream", 500, "Cannot use tools with stream")], "no stream"),
    (&[("system", 400, "'messages[0].role' does not support 'system' with this model.")], "role developer"),
    (
        &[
            ("system", 500, "System role not supported"),
            ("developer", 500, "Unexpected role: developer role unsupported"),
        ],
        "role user",
    ),
    (
        &[
            ("max_completion_tokens", 422, "body.max_completion_tokens: Extra inputs are not permitted"),
            ("stream_options", 422, "body.stream_options: Extra inputs are not permitted"),
            ("parallel_tool_calls", 422, "body.parallel_tool_calls: Extra inputs are not permitted"),
            ("strict", 422, "body.tools.0.function.strict: Extra inputs are not permitted"),
            ("required", 422, "body.tool_choice: Input should be 'auto' or 'none'"),
        ],
        "stream without stream_options, tool_choice auto, schemas without strict, no parallel_tool_calls, max_tokens",
    ),
    (
        &[("stream_options", 400, "Bad Request"), ("required", 400, "Bad Request")],
        "no stream, tool_choice auto, plain schemas",
    ),
];

#[tokio::test]
async fn what_a_service_refuses_is_left_out_once_and_for_all() {
    for (refused, found) in SERVICES {
        let fake = refusing(refused);
        let model = adapter(&fake, None);
        assert!(model.capabilities().unwrap().starts_with("gpt-4o (no tool call yet; stream with usage"));
        ask(&model).await.unwrap_or_else(|error| panic!("{refused:?}: {error}"));
        let asked = fake.ledger().chats().len();
        ask(&model).await.unwrap();
        let chats = fake.ledger().chats();
        assert_eq!(chats.len(), asked + 1, "{refused:?}: the second answer takes one request");
        for (parameter, _, _) in *refused {
            assert!(!has(&chats.last().unwrap().body, parameter), "{parameter}");
        }
        let capabilities = model.capabilities().unwrap();
        assert!(capabilities.contains(found), "{refused:?}: {capabilities}");
    }
}

#[tokio::test]
async fn a_limit_that_was_too_large_for_one_conversation_is_sent_again() {
    let fake = refusing(&[
        (
            "max_completion_tokens",
            400,
            "the maximum context length is 8192 tokens, you requested 4096 in the completion",
        ),
        ("strict", 400, "tools.0.function.strict: Extra inputs are not permitted"),
    ]);
    let model = adapter(&fake, None);
    ask(&model).await.unwrap();
    let capabilities = model.capabilities().unwrap();
    assert!(capabilities.contains("max_completion_tokens"), "{capabilities}");
}

#[tokio::test]
async fn an_empty_answer_means_that_a_call_can_not_be_demanded_or_not_be_streamed() {
    for (parameter, requests, found) in [
        ("required", 2, "stream with usage, tool_choice auto"),
        ("stream", 3, "no stream, tool_choice required"),
    ] {
        let fake = FakeOpenai::start(move |asked: &Asked| -> Act {
            let empty = FakeReply { tokens_in: 1_200, ..FakeReply::default() };
            if has(&asked.body, parameter) { empty.into() } else { well() }
        })
        .unwrap();
        let model = adapter(&fake, None);
        let first = ask(&model).await.unwrap();
        assert_eq!(first.calls.len(), 1, "{parameter}");
        let asked = u32::try_from(requests).unwrap();
        let counted = (first.usage.tokens_in, first.usage.tokens_out, first.usage.cost_micros);
        assert_eq!(
            counted,
            (1_200 * asked, 80, 3_000 * u64::from(asked) + 800),
            "each empty answer is paid for"
        );
        assert_eq!(ask(&model).await.unwrap().calls.len(), 1, "{parameter}");
        assert_eq!(fake.ledger().chats().len(), requests + 1, "{parameter}");
        let capabilities = model.capabilities().unwrap();
        assert!(capabilities.contains(found), "{capabilities}");
    }
}

#[tokio::test]
async fn a_request_that_is_refused_for_its_content_changes_nothing() {
    let fake = FakeOpenai::start(|asked: &Asked| -> Act {
        if asked.nth == 1 { What::error(400, "invalid_request_error", "Bad Request").into() } else { well() }
    })
    .unwrap();
    let model = adapter(&fake, None);
    ask(&model).await.unwrap();
    assert!(matches!(ask(&model).await, Err(ModelError::Refused(_))));
    ask(&model).await.unwrap();
    let bodies: Vec<Value> = fake.ledger().chats().iter().map(|seen| seen.body.clone()).collect();
    assert_eq!(bodies.len(), 3);
    assert_eq!(bodies[0], bodies[2]);
}

#[tokio::test]
async fn the_doctor_makes_a_real_tool_call_and_prints_what_the_service_supports() {
    let fake = refusing(&[("stream_options", 400, "Unknown parameter: stream_options")]);
    let (url, base) = (fresh_database().await, fake.base_url());
    let variables = [("OPENAI_API_KEY", "sk-test"), ("OPENAI_BASE_URL", base.as_str()), ("EMBEDDER", "none")];
    let report = fte_with(&url, &["doctor"], "", &variables).await;
    let said = String::from_utf8_lossy(&report.stdout).into_owned();
    assert!(said.contains("answers with a tool call"), "{said}");
    assert!(said.contains("stream without stream_options, tool_choice required, strict schemas"), "{said}");
    assert!(
        fake.ledger().chats().last().unwrap().body["tools"].as_array().is_some_and(|tools| tools.len() == 5)
    );

    fake.play(|_: &Asked| -> Act {
        What::error(401, "invalid_api_key", "Incorrect API key: sk-test").into()
    });
    let report = fte_with(&url, &["doctor"], "", &variables).await;
    let said = String::from_utf8_lossy(&report.stdout).into_owned();
    assert!(said.contains("FAILED    language model   gpt-4o"), "{said}");
    assert!(said.contains("status 401 invalid_api_key: Incorrect API key: …"), "{said}");
    assert!(said.contains("→ check OPENAI_API_KEY"), "{said}");
    assert_eq!(report.status.code(), Some(1));

    fake.play(|_: &Asked| -> Act { FakeReply::words("I can't call tools.").into() });
    let report = fte_with(&url, &["doctor"], "", &variables).await;
    let said = String::from_utf8_lossy(&report.stdout).into_owned();
    assert!(said.contains("called no tool"), "{said}");
}
