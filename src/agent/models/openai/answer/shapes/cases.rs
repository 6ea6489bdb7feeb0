//! Bodies as servers send them. `«said»` is an event with one call of `send_response`, `«call»` for its delta,
//! `«args»` for the arguments inside of a JSON string, `«object»` for them as an object, `«done»` for the last event.

/// What is odd, and the body of a stream.
pub const STREAMS: &[(&str, &str)] = &[
    (
        "as documented",
        "data: {\"choices\":[{\"index\":0,\"delta\":{\"role\":\"assistant\",\"content\":null},\"finish_reason\":null}]}\n\n«said»data: {\"choices\":[{\"index\":0,\"delta\":{},\"finish_reason\":\"tool_calls\"}]}\n\n«done»",
    ),
    ("usage null", "«said»data: {\"choices\":[],\"usage\":null}\n\n«done»"),
    (
        "usage with floats",
        "«said»data: {\"choices\":[],\"usage\":{\"prompt_tokens\":12.0,\"completion_tokens\":3.5}}\n\n«done»",
    ),
    ("usage with null counts", "«said»data: {\"choices\":[],\"usage\":{\"prompt_tokens\":null}}\n\n«done»"),
    ("choices null in a chunk", "data: {\"choices\":null}\n\n«said»«done»"),
    ("choices missing in a chunk", "data: {\"id\":\"x\"}\n\n«said»«done»"),
    (
        "choices empty in the first chunk (Azure)",
        "data: {\"choices\":[],\"prompt_filter_results\":[]}\n\n«said»«done»",
    ),
    ("delta null", "data: {\"choices\":[{\"delta\":null}]}\n\n«said»«done»"),
    (
        "delta beside message",
        "data: {\"choices\":[{\"delta\":«call»,\"message\":«call»,\"finish_reason\":\"stop\"}]}\n\n«done»",
    ),
    (
        "an empty delta beside message",
        "data: {\"choices\":[{\"delta\":{},\"message\":«call»,\"finish_reason\":\"stop\"}]}\n\n«done»",
    ),
    (
        "message instead of delta",
        "data: {\"choices\":[{\"message\":«call»,\"finish_reason\":\"stop\"}]}\n\n«done»",
    ),
    ("no finish_reason before [DONE]", "«said»«done»"),
    ("no finish_reason before the end", "«said»"),
    ("comments", ": OPENROUTER PROCESSING\n\n: ping\n\n«said»: keep-alive\n\n«done»"),
    ("comments as data", "data: : OPENROUTER PROCESSING\n\ndata: : keepalive\n\n«said»«done»"),
    ("events with names and ids", "event: message\nid: 1\nretry: 3000\n«said»«done»"),
    ("a ping event", "event: ping\ndata: {\"type\":\"ping\"}\n\n«said»«done»"),
    ("data that is no JSON", "data: ping\n\n«said»«done»"),
    ("empty data", "data:\n\n«said»data:\n\n«done»"),
    ("a byte order mark", "\u{feff}«said»«done»"),
    ("blank lines first", "\n\n\n«said»«done»"),
    ("[DONE] in quotes", "«said»data: \"[DONE]\"\n\n"),
    ("[DONE] without data", "«said»[DONE]\n"),
    ("an error that is null", "data: {\"error\":null,\"choices\":[]}\n\n«said»«done»"),
    (
        "a last chunk with the whole message",
        "«said»data: {\"choices\":[{\"delta\":{},\"message\":«call»,\"finish_reason\":\"stop\"}]}\n\n«done»",
    ),
    (
        "a last delta with the whole message",
        "«said»data: {\"choices\":[{\"delta\":«call»,\"finish_reason\":\"stop\"}]}\n\n«done»",
    ),
    ("half an event before a whole one", "data: {\"choices\":[{\"delta\":{\"role\":\"a\n«said»«done»"),
    (
        "arguments as an object, streamed",
        "data: {\"choices\":[{\"delta\":{\"tool_calls\":[{\"index\":0,\"id\":\"c1\",\"function\":{\"name\":\"send_response\",\"arguments\":«object»}}]}}]}\n\n«done»",
    ),
    (
        "reasoning in the text, streamed",
        "data: {\"choices\":[{\"delta\":{\"content\":\"<think>The customer is angry.</think>\"}}]}\n\n«said»«done»",
    ),
    (
        "reasoning_content, streamed",
        "data: {\"choices\":[{\"delta\":{\"reasoning_content\":\"The customer is angry.\"}}]}\n\n«said»«done»",
    ),
    (
        "reasoning that is not closed, streamed",
        "data: {\"choices\":[{\"delta\":{\"content\":\"<think>The customer is angry.\"}}]}\n\n«said»«done»",
    ),
];

/// What is odd, and how its lines differ from those of a usual stream.
pub const LINES: &[(&str, &str, &str)] = &[
    ("no blank after data:", "data: ", "data:"),
    ("data twice", "data: ", "data: data: "),
    ("data on the next line", "data: ", "data:\n "),
    ("CRLF", "\n", "\r\n"),
    ("CR", "\n", "\r"),
    ("one line end between events", "\n\n", "\n"),
    ("no blank line at the end", "data: [DONE]\n\n", "data: [DONE]"),
];

/// What is odd, and an answer in one piece.
pub const WHOLE: &[(&str, &str)] = &[
    (
        "arguments as an object",
        "{\"choices\":[{\"message\":{\"content\":null,\"tool_calls\":[{\"id\":\"c1\",\"function\":{\"name\":\"send_response\",\"arguments\":«object»}}]}}]}",
    ),
    (
        "arguments encoded twice",
        "{\"choices\":[{\"message\":{\"tool_calls\":[{\"id\":\"c1\",\"function\":{\"name\":\"send_response\",\"arguments\":«twice»}}]}}]}",
    ),
    ("lines of JSON", "{\"choices\":[{\"delta\":«call»}]}\n{\"choices\":[],\"usage\":null}\n"),
    ("a list of chunks", "[{\"choices\":[{\"delta\":«call»}]}]"),
    ("pretty-printed JSON", "{\n  \"choices\": [\n    {\n      \"message\": «call»\n    }\n  ]\n}\n"),
    (
        "tool_calls as one object",
        "{\"choices\":[{\"message\":{\"tool_calls\":{\"id\":\"c1\",\"function\":{\"name\":\"send_response\",\"arguments\":\"«args»\"}}}}]}",
    ),
    (
        "the older function_call",
        "{\"choices\":[{\"message\":{\"content\":null,\"function_call\":{\"name\":\"send_response\",\"arguments\":\"«args»\"}}}]}",
    ),
    (
        "a call without function",
        "{\"choices\":[{\"message\":{\"tool_calls\":[{\"name\":\"send_response\",\"arguments\":\"«args»\"}]}}]}",
    ),
    ("choices as an object", "{\"choices\":{\"message\":«call»}}"),
    ("Ollama's own form", "{\"message\":«call»,\"done\":true,\"prompt_eval_count\":12,\"eval_count\":3}"),
    (
        "content of a wrong type beside a call",
        "{\"choices\":[{\"message\":{\"content\":5,\"function_call\":{\"name\":\"send_response\",\"arguments\":«object»}}}]}",
    ),
    (
        "fields too many",
        "{\"choices\":[{\"message\":{\"annotations\":[],\"audio\":null,\"x\":{\"y\":[1]},\"function_call\":{\"name\":\"send_response\",\"arguments\":«object»,\"z\":1}},\"logprobs\":{}}],\"service_tier\":\"x\"}",
    ),
    (
        "a prefix of the name",
        "{\"choices\":[{\"message\":{\"function_call\":{\"name\":\"functions.send_response\",\"arguments\":«object»}}}]}",
    ),
    (
        "a number after the name",
        "{\"choices\":[{\"message\":{\"function_call\":{\"name\":\"send_response:0\",\"arguments\":«object»}}}]}",
    ),
    (
        "a channel after the name",
        "{\"choices\":[{\"message\":{\"function_call\":{\"name\":\"send_response<|channel|>commentary\",\"arguments\":«object»}}}]}",
    ),
    (
        "a call in the text",
        "{\"choices\":[{\"message\":{\"content\":\"<tool_call>{\\\"name\\\": \\\"send_response\\\", \\\"arguments\\\": «args»}</tool_call>\"}}]}",
    ),
    (
        "reasoning in the text",
        "{\"choices\":[{\"message\":{\"content\":\"<think>The customer is angry.</think>\",\"function_call\":{\"name\":\"send_response\",\"arguments\":«object»}}}]}",
    ),
    (
        "reasoning in fields",
        "{\"choices\":[{\"message\":{\"reasoning\":\"The customer is angry.\",\"reasoning_details\":[{\"text\":\"angry\"}],\"thinking\":\"angry\",\"function_call\":{\"name\":\"send_response\",\"arguments\":«object»}}}]}",
    ),
    (
        "reasoning in parts (Mistral)",
        "{\"choices\":[{\"message\":{\"content\":[{\"type\":\"thinking\",\"thinking\":[{\"type\":\"text\",\"text\":\"angry\"}]}],\"function_call\":{\"name\":\"send_response\",\"arguments\":«object»}}}]}",
    ),
    (
        "reasoning before the arguments",
        "{\"choices\":[{\"message\":{\"function_call\":{\"name\":\"send_response\",\"arguments\":\"<think>The customer is angry.</think>«args»\"}}}]}",
    ),
    (
        "reasoning in an argument",
        "{\"choices\":[{\"message\":{\"function_call\":{\"name\":\"send_response\",\"arguments\":{\"message\":\"<think>The customer is angry.</think>Select Forgot password.\",\"citations\":[\"docs.md#reset\"]}}}}]}",
    ),
    (
        "channels in an argument",
        "{\"choices\":[{\"message\":{\"function_call\":{\"name\":\"send_response\",\"arguments\":{\"message\":\"<|channel|>analysis<|message|>angry<|end|><|channel|>final<|message|>Select Forgot password.\",\"citations\":[\"docs.md#reset\"]}}}}]}",
    ),
    (
        "a call in the channel for tools",
        "{\"choices\":[{\"message\":{\"content\":\"<|channel|>analysis<|message|>angry<|end|><|start|>assistant<|channel|>commentary to=functions.send_response <|constrain|>json<|message|>«args»<|call|>\"}}]}",
    ),
];

/// What is odd, and the fields before `function` of the two pieces of a call.
pub const PIECES: &[(&str, &str, &str)] = &[
    ("pieces without index", "\"id\":\"c1\",", ""),
    ("pieces with id and name", "\"index\":0,\"id\":\"c1\",", "\"index\":0,\"id\":\"c1\","),
    ("pieces with the name", "\"index\":0,", "\"index\":0,"),
    ("pieces with another id each", "\"index\":0,\"id\":\"c1\",", "\"index\":0,\"id\":\"c2\","),
];

/// What a provider says in place of an answer, and the status that it means.
pub const ERRORS: &[(&str, u16)] = &[
    ("{\"error\":{\"message\":\"You exceeded your current quota\",\"code\":\"insufficient_quota\"}}", 402),
    ("data: {\"error\":{\"message\":\"Rate limit exceeded\",\"code\":429}}\n\n", 429),
    ("data: {\"error\":{\"message\":\"maximum context length is 4096\"}}\n\n", 400),
    ("event: error\ndata: {\"message\":\"Overloaded\",\"type\":\"overloaded_error\"}\n\n", 503),
    (
        "{\"choices\":[{\"error\":{\"code\":502,\"message\":\"Provider returned error\"},\"finish_reason\":\"error\"}]}",
        502,
    ),
    ("{\"choices\":[{\"message\":{\"content\":\"par\"},\"finish_reason\":\"error\"}]}", 502),
    ("{\"object\":\"error\",\"message\":\"Insufficient Balance\",\"code\":40000}", 402),
    ("{\"detail\":\"Incorrect API key provided\"}", 401),
];
