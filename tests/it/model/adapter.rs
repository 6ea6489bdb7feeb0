//! Adapter tests of the OpenAI client: the requests it sends, and how it parses the responses.

use fte::agent::port::{Exchange, LanguageModel, ModelError, ToolResult};
use fte::domain::conversations::answer_fault::AnswerFault;
use fte::domain::conversations::turn::{ModelTurn, ToolCall, Usage};
use fte::fakes::openai::{Act, FakeReply, What};
use serde_json::{Value, json};

use super::rig::{adapter, ask, in_turn, request};

fn two_calls() -> FakeReply {
    FakeReply { text: Some("Let me look.\nThen answer.".to_owned()), ..FakeReply::default() }
        .and_call("search_knowledge_base", "{\"query\": \"lost password\", \"max_results\": null}")
        .and_call(
            "send_response",
            "{\"message\": \"Select Forgot password. ✓\", \"citations\": [\"docs.md#reset\"]}",
        )
}

fn heard(said: &ModelTurn) -> (Vec<(&str, &str)>, u32, u32, u64) {
    let calls = said.calls.iter().map(|call| (call.name.as_str(), call.arguments.as_str()));
    let Usage { tokens_in, tokens_out, cost_micros, .. } = said.usage;
    (calls.collect(), tokens_in, tokens_out, cost_micros)
}

#[tokio::test]
async fn streamed_and_whole_answers_are_equal_and_cost_the_listed_price() {
    let said = two_calls();
    let fake = in_turn(vec![said.clone().into(), What::Whole(said.clone()).into()]);
    let model = adapter(&fake, None);
    let (streamed, whole) = (ask(&model).await.unwrap(), ask(&model).await.unwrap());
    let calls: Vec<(&str, &str)> =
        said.calls.iter().map(|(name, input)| (name.as_str(), input.as_str())).collect();
    assert_eq!(heard(&streamed), (calls, 1_200, 80, 3_800));
    assert_eq!(heard(&whole), heard(&streamed));
    assert_eq!((&streamed.model, &streamed.text), (&Some("gpt-4o".to_owned()), &whole.text));
    assert_ne!(streamed.calls[0].id, streamed.calls[1].id);
}

#[tokio::test]
async fn the_request_is_strict_parallel_and_streamed_and_carries_the_key() {
    let fake = in_turn(vec![two_calls().into()]);
    ask(&adapter(&fake, None)).await.unwrap();
    let seen = &fake.ledger().chats()[0];
    assert_eq!(seen.authorization.as_deref(), Some("Bearer sk-secret"));
    let body = &seen.body;
    assert_eq!((&body["model"], &body["stream"]), (&json!("gpt-4o"), &json!(true)));
    assert_eq!((&body["parallel_tool_calls"], &body["tool_choice"]), (&json!(true), &json!("required")));
    assert_eq!(body["stream_options"]["include_usage"], true);
    let tools = body["tools"].as_array().unwrap();
    assert_eq!(tools.len(), 5);
    for tool in tools {
        let function = &tool["function"];
        assert_eq!((&tool["type"], &function["strict"]), (&json!("function"), &json!(true)));
        assert_eq!(function["parameters"]["additionalProperties"], false, "{function}");
        assert!(function["description"].as_str().unwrap().len() > 20, "{function}");
    }
    let roles: Vec<&Value> = body["messages"].as_array().unwrap().iter().map(|said| &said["role"]).collect();
    assert_eq!(roles, ["system", "user"]);
}

#[tokio::test]
async fn the_request_includes_earlier_calls_of_the_turn_with_their_results() {
    let fake = in_turn(vec![two_calls().into()]);
    let call = ToolCall { id: "c1".to_owned(), name: "create_ticket".to_owned(), arguments: "{}".to_owned() };
    let result =
        ToolResult { call_id: "c1".to_owned(), name: call.name.clone(), text: "T-1042 <open>".to_owned() };
    let exchange = Exchange {
        said: ModelTurn { calls: vec![call], ..ModelTurn::default() },
        results: vec![result],
        correction: None,
    };
    adapter(&fake, None).answer(request(vec![exchange])).await.unwrap();
    let messages = fake.ledger().chats()[0].body["messages"].clone();
    assert_eq!(
        messages[2],
        json!({ "role": "assistant", "tool_calls": [
            { "id": "c1", "type": "function", "function": { "name": "create_ticket", "arguments": "{}" } }
        ] })
    );
    assert_eq!(
        messages[3],
        json!({ "role": "tool", "tool_call_id": "c1", "content": "<result>\nT-1042 &lt;open&gt;\n</result>" })
    );
}

#[tokio::test]
async fn a_service_that_refuses_streams_gets_no_more_stream_requests() {
    let fake = fte::fakes::openai::FakeOpenai::start(|asked: &fte::fakes::openai::Asked| -> Act {
        if asked.streams() {
            return What::error(400, "unsupported_value", "streams are not supported").into();
        }
        two_calls().into()
    })
    .unwrap();
    let model = adapter(&fake, None);
    ask(&model).await.unwrap();
    ask(&model).await.unwrap();
    let streams: Vec<Value> = fake.ledger().chats().iter().map(|seen| seen.body["stream"].clone()).collect();
    assert_eq!(streams, [true, false, false]);
}

#[tokio::test]
async fn a_filtered_answer_is_refused_and_a_truncated_one_is_returned() {
    let filtered = FakeReply { finish_reason: Some("content_filter".to_owned()), ..FakeReply::words("I") };
    let short = FakeReply { finish_reason: Some("length".to_owned()), ..FakeReply::default() }
        .and_call("send_response", "{\"message\": \"Sel");
    let fake = in_turn(vec![filtered.into(), short.into()]);
    let model = adapter(&fake, None);
    assert!(matches!(ask(&model).await, Err(ModelError::Refused(_))));
    assert_eq!(ask(&model).await.unwrap().calls[0].arguments, "{\"message\": \"Sel");
}

#[tokio::test]
async fn what_the_database_cannot_store_is_replaced() {
    let said = FakeReply::words("a\0b").and_call("send_\0response", "{\0}");
    let heard = ask(&adapter(&in_turn(vec![said.into()]), None)).await.unwrap();
    assert_eq!(
        (heard.calls[0].name.as_str(), heard.calls[0].arguments.as_str()),
        ("send_\u{fffd}response", "{\u{fffd}}")
    );
}

#[tokio::test]
async fn an_endless_answer_is_aborted_and_is_a_fault_of_the_model_with_its_cost() {
    let long = FakeReply::words(&"for ever ".repeat(60_000));
    let fake = in_turn(vec![long.into()]);
    let said = ask(&adapter(&fake, None)).await.unwrap();
    assert_eq!((said.fault, said.text.as_deref(), said.calls.len()), (Some(AnswerFault::TooLong), None, 0));
    assert!(said.usage.tokens_out > 10_000 && said.usage.cost_micros > 0, "{:?}", said.usage);
    assert_eq!(fake.ledger().chats().len(), 1);
}
