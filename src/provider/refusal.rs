//! Parser of a provider's error body: services wrap code and text in many ways. Pure.

use serde_json::{Map, Value};

use super::cause::FailureReason;
use super::failure::{CallFailure, Hints};

/// Maximum characters of a provider's error code.
const CODE_MAX_CHARS: usize = 60;
/// Maximum characters of its text that are kept; it is cut further when it is redacted.
const MESSAGE_MAX_CHARS: usize = 2_000;

/// Statuses by the names of types and codes, in lower case.
const STATUSES: &[(&str, u16)] = &[
    ("invalid_request", 400),
    ("invalid_argument", 400),
    ("bad_request", 400),
    ("badrequest", 400),
    ("authentication", 401),
    ("unauthenticated", 401),
    ("unauthorized", 401),
    ("permission", 403),
    ("forbidden", 403),
    ("not_found", 404),
    ("notfound", 404),
    ("resource_exhausted", 429),
    ("resourceexhausted", 429),
    ("internal", 500),
    ("server_error", 500),
    ("timeout", 504),
];

/// The failure in an answer without a status of its own; `None` if it is no error.
pub fn refusal(body: &Value) -> Option<CallFailure> {
    let body = body.as_array().and_then(|list| list.first()).unwrap_or(body);
    is_error(body.as_object()?).then(|| failure(None, body, Hints::default()))
}

/// The failure that an error body describes, with the status of its answer if it had one.
pub fn failure(status: Option<u16>, body: &Value, hints: Hints) -> CallFailure {
    let body = body.as_array().and_then(|list| list.first()).unwrap_or(body);
    let errors = body.get("errors").and_then(Value::as_array);
    let error = body.get("error").filter(|error| says_something(error));
    let error = error.or_else(|| errors.and_then(|list| list.first())).unwrap_or(body);
    let message = message(error, body);
    let (code, number) = code(error, body);
    let status = status.or(number).unwrap_or_else(|| status_of(&code, &message));
    CallFailure::Status { status, code, message, hints }
}

fn is_error(body: &Map<String, Value>) -> bool {
    let is_named = ["object", "type"].iter().any(|key| body.get(*key).is_some_and(|kind| kind == "error"));
    if is_named || body.get("error").is_some_and(says_something) {
        return true;
    }
    let is_answer = ["choices", "delta", "usage", "done"].iter().any(|key| body.contains_key(*key))
        || body.get("message").is_some_and(Value::is_object);
    let has_text = ["detail", "message", "msg", "error_code", "error_msg", "errors"]
        .iter()
        .any(|key| body.get(*key).is_some_and(says_something));
    let base = body.get("base_resp").and_then(|base| base.get("status_code")).and_then(Value::as_i64);
    (!is_answer && has_text) || base.is_some_and(|code| code != 0)
}

fn says_something(value: &Value) -> bool {
    match value {
        Value::Null | Value::Bool(false) => false,
        Value::String(text) => !text.trim().is_empty(),
        Value::Object(object) => !object.is_empty(),
        Value::Array(list) => !list.is_empty(),
        Value::Number(number) => number.as_f64() != Some(0.0),
        Value::Bool(true) => true,
    }
}

fn message(error: &Value, body: &Value) -> String {
    let direct = error.as_str().map(str::to_owned);
    let keys = ["message", "msg", "detail", "error", "error_msg", "description", "status_msg", "title"];
    let of =
        |value: &Value| keys.iter().find_map(|key| value.get(*key).filter(|v| says_something(v)).map(text));
    let base = body.get("base_resp").and_then(of);
    let mut message = direct.or_else(|| of(error)).or_else(|| of(body)).or(base).unwrap_or_default();
    // OpenRouter wraps the upstream's own words; OpenAI names the parameter beside the text.
    let upstream = error.get("metadata").and_then(|metadata| metadata.get("raw")).map(text);
    let param = error.get("param").and_then(Value::as_str).map(str::to_owned);
    for more in [upstream, param].into_iter().flatten().filter(|more| !more.is_empty()) {
        if !message.contains(&more) {
            message = format!("{message} ({more})");
        }
    }
    message.chars().take(MESSAGE_MAX_CHARS).collect()
}

/// A text, or the texts of a list of complaints such as FastAPI's `[{"loc": ["body", "stream"], "msg": "…"}]`.
fn text(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Array(list) => list.iter().map(text).collect::<Vec<_>>().join("; "),
        Value::Object(object) => {
            let place = object.get("loc").and_then(Value::as_array);
            let place = place.map(|path| path.iter().map(text).collect::<Vec<_>>().join("."));
            let inside =
                ["msg", "message", "detail", "error"].iter().find_map(|key| object.get(*key)).map(text);
            let parts: Vec<String> = place.into_iter().chain(inside).collect();
            if parts.is_empty() { value.to_string() } else { parts.join(": ") }
        }
        Value::Null | Value::Bool(_) | Value::Number(_) => value.to_string(),
    }
}

/// The code, and the status if the body names one.
fn code(error: &Value, body: &Value) -> (String, Option<u16>) {
    let keys = ["code", "type", "status", "error_type", "error_code"];
    let named = |value: &Value| -> Option<String> {
        let names = keys.iter().filter_map(|key| value.get(*key)?.as_str().map(str::to_owned));
        // Some services name the quota in the type alone.
        let names: Vec<String> = names.filter(|name| !name.is_empty() && name != "error").collect();
        let quota = names.iter().find(|name| *name == "insufficient_quota");
        quota.or_else(|| names.first()).cloned()
    };
    let keys = ["status_code", "status", "http_status", "code"];
    let number = |value: &Value| keys.iter().find_map(|key| status_in(value.get(*key)?));
    let code = named(error).or_else(|| named(body)).unwrap_or_default();
    let number = number(error).or_else(|| number(body));
    let code = if status_in(&Value::String(code.clone())).is_some() { String::new() } else { code };
    (identifier(&code), number)
}

fn status_in(value: &Value) -> Option<u16> {
    let number = value.as_u64().or_else(|| value.as_str()?.parse().ok())?;
    u16::try_from(number).ok().filter(|status| (400..600).contains(status))
}

/// Only identifier characters are kept.
fn identifier(code: &str) -> String {
    code.chars().filter(|c| c.is_ascii_alphanumeric() || "_.-".contains(*c)).take(CODE_MAX_CHARS).collect()
}

fn status_of(code: &str, message: &str) -> u16 {
    let text = format!("{code} {message}").to_lowercase();
    let named = FailureReason::named(&text).map(FailureReason::usual_status);
    let code = code.to_lowercase();
    let by_type = || STATUSES.iter().find(|(name, _)| code.contains(name)).map(|(_, status)| *status);
    named.or_else(by_type).unwrap_or_else(|| FailureReason::Other.usual_status())
}

/// The text of a page without its markup, for operators.
pub fn page_text(page: &str) -> String {
    let title =
        page.split_once("<title>").and_then(|(_, rest)| rest.split_once("</title>")).map(|(title, _)| title);
    let mut text = String::new();
    let mut depth = 0_usize;
    for c in title.unwrap_or(page).chars().take(MESSAGE_MAX_CHARS) {
        match c {
            '<' => depth += 1,
            '>' if depth > 0 => depth -= 1,
            _ if depth == 0 => text.push(c),
            _ => {}
        }
    }
    text.split_whitespace().take(20).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn read(body: &Value) -> (u16, String, String) {
        match refusal(body) {
            Some(CallFailure::Status { status, code, message, .. }) => (status, code, message),
            other => panic!("{body}: {other:?}"),
        }
    }

    /// A body, and the status and the code that it means.
    const BODIES: &[(&str, u16, &str)] = &[
        (r#"{"error": {"message": "Rate limit exceeded", "code": 429}}"#, 429, ""),
        (
            r#"{"error": {"code": 429, "status": "RESOURCE_EXHAUSTED", "message": "Quota"}}"#,
            429,
            "RESOURCE_EXHAUSTED",
        ),
        (
            r#"[{"error": {"code": 400, "message": "Invalid", "status": "INVALID_ARGUMENT"}}]"#,
            400,
            "INVALID_ARGUMENT",
        ),
        (
            r#"{"error": {"message": "Quota", "type": "insufficient_quota", "code": "x"}}"#,
            402,
            "insufficient_quota",
        ),
        (r#"{"error": {"message": "maximum context length", "type": "invalid"}}"#, 400, "invalid"),
        (r#"{"error": "model \"x\" not found, try pulling it first"}"#, 404, ""),
        (
            r#"{"object": "error", "message": "Bad", "type": "BadRequestError", "code": 400}"#,
            400,
            "BadRequestError",
        ),
        (
            r#"{"type": "error", "error": {"type": "overloaded_error", "message": "Overloaded"}}"#,
            503,
            "overloaded_error",
        ),
        (r#"{"detail": "Not authenticated"}"#, 502, ""),
        (r#"{"message": "Insufficient Balance"}"#, 402, ""),
        (r#"{"errors": [{"code": 7009, "message": "Upstream service unavailable"}]}"#, 503, ""),
        (r#"{"base_resp": {"status_code": 1004, "status_msg": "login fail"}, "choices": null}"#, 502, ""),
        (
            r#"{"error": {"message": "boom", "type": "server_error", "status_code": 500}}"#,
            500,
            "server_error",
        ),
        (r#"{"choices": [], "error": {"code": "502", "message": "Bad Gateway"}}"#, 502, ""),
    ];

    #[test]
    fn an_error_in_place_of_an_answer_has_the_status_that_it_means() {
        for (body, status, code) in BODIES {
            let found = read(&serde_json::from_str(body).unwrap());
            assert_eq!((found.0, found.1.as_str()), (*status, *code), "{body}");
            assert!(!found.2.is_empty(), "{body}");
        }
    }

    #[test]
    fn an_answer_is_no_error() {
        for body in [
            json!({"choices": [{"delta": {"content": "error"}}]}),
            json!({"choices": [], "error": null}),
            json!({"choices": null, "usage": null}),
            json!({"message": {"role": "assistant", "content": "x"}, "done": false}),
            json!({"type": "ping"}),
            json!({"id": "1", "object": "chat.completion.chunk", "error": {}}),
        ] {
            assert_eq!(refusal(&body), None, "{body}");
        }
    }

    #[test]
    fn complaints_name_the_parameter() {
        let body = json!({"object": "error", "message": {"detail": [
            {"type": "extra_forbidden", "loc": ["body", "max_completion_tokens"],
             "msg": "Extra inputs are not permitted", "input": 32000}]}, "type": "invalid_request_error"});
        assert_eq!(read(&body).2, "body.max_completion_tokens: Extra inputs are not permitted");
        let body = json!({"error": {"message": "Unsupported parameter", "param": "parallel_tool_calls", "code": null}});
        assert_eq!(read(&body).2, "Unsupported parameter (parallel_tool_calls)");
        let body = json!({"error": {"message": "Provider returned error", "code": 400, "metadata": {"raw": "{\"error\":\"bad strict\"}"}}});
        assert!(read(&body).2.contains("bad strict"));
    }

    #[test]
    fn a_code_holds_no_free_text() {
        let body =
            json!({"error": {"message": "m", "code": format!("bad key sk-123 <script>{}", "x".repeat(200))}});
        let (_, code, _) = read(&body);
        assert!(code.len() <= CODE_MAX_CHARS && !code.contains([' ', '<']), "{code}");
    }

    #[test]
    fn a_page_is_known_by_its_title() {
        assert_eq!(
            page_text("<!DOCTYPE html><html><title>502 Bad Gateway</title><body>x"),
            "502 Bad Gateway"
        );
        assert_eq!(page_text("<html><h1>It works!</h1></html>"), "It works!");
        assert_eq!(page_text("404 page not found"), "404 page not found");
    }
}
