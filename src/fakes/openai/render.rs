//! Renders a model reply in the API's format: one JSON body, or server-sent events.

use serde_json::{Value, json};

use super::act::FakeReply;

/// Characters in one streamed chunk.
const PIECE_CHARS: usize = 24;

pub fn whole(model: &str, nth: u64, said: &FakeReply) -> Value {
    let calls: Vec<Value> = said
        .calls
        .iter()
        .enumerate()
        .map(|(place, (name, arguments))| {
            json!({
                "id": call_id(nth, place), "type": "function",
                "function": { "name": name, "arguments": arguments },
            })
        })
        .collect();
    let mut message = json!({ "role": "assistant", "content": said.text, "refusal": null });
    if !calls.is_empty() {
        message["tool_calls"] = calls.into();
    }
    json!({
        "id": format!("chatcmpl-{nth}"), "object": "chat.completion", "created": 1_764_000_000, "model": model,
        "choices": [{ "index": 0, "message": message, "logprobs": null, "finish_reason": said.finish_reason() }],
        "usage": usage(said),
    })
}

/// Server-sent events, including the final `[DONE]`.
pub fn events(model: &str, nth: u64, said: &FakeReply) -> Vec<String> {
    let mut deltas = vec![json!({ "role": "assistant", "content": null })];
    deltas.extend(said.text.iter().flat_map(|text| pieces(text)).map(|piece| json!({ "content": piece })));
    for (place, (name, arguments)) in said.calls.iter().enumerate() {
        deltas.push(json!({ "tool_calls": [{
            "index": place, "id": call_id(nth, place), "type": "function",
            "function": { "name": name, "arguments": "" },
        }] }));
        let parts = pieces(arguments);
        deltas
            .extend(parts.map(
                |part| json!({ "tool_calls": [{ "index": place, "function": { "arguments": part } }] }),
            ));
    }
    let chunk = |choices: Value, usage: Value| {
        let chunk = json!({
            "id": format!("chatcmpl-{nth}"), "object": "chat.completion.chunk", "created": 1_764_000_000,
            "model": model, "choices": choices, "usage": usage,
        });
        format!("data: {chunk}\n\n")
    };
    let choice =
        |delta: &Value, finish: Value| json!([{ "index": 0, "delta": delta, "finish_reason": finish }]);
    let mut events: Vec<String> =
        deltas.iter().map(|delta| chunk(choice(delta, Value::Null), Value::Null)).collect();
    events.push(chunk(choice(&json!({}), said.finish_reason().into()), Value::Null));
    events.push(chunk(json!([]), usage(said)));
    events.push("data: [DONE]\n\n".to_owned());
    events
}

fn pieces(text: &str) -> impl Iterator<Item = String> {
    let chars: Vec<char> = text.chars().collect();
    chars.chunks(PIECE_CHARS).map(|piece| piece.iter().collect()).collect::<Vec<String>>().into_iter()
}

fn usage(said: &FakeReply) -> Value {
    json!({
        "prompt_tokens": said.tokens_in, "completion_tokens": said.tokens_out,
        "total_tokens": said.tokens_in + said.tokens_out,
    })
}

fn call_id(nth: u64, place: usize) -> String {
    format!("call_{nth}_{place}")
}
