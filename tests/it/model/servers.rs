//! Odd servers at the HTTP level: what their headers claim, how long they take, and errors in place of answers.

use std::time::Duration;

use fte::agent::port::{LanguageModel, ModelError, ModelHealth};
use fte::clock;
use fte::fakes::openai::{Act, FakeReply, What};

use super::rig::{adapter, ask, in_turn};
use crate::support::wait::LIMIT;

/// Longer than the silence that is allowed between tokens.
const LONG_WAIT: Duration = Duration::from_secs(22);

const CHUNK: &str = "data: {\"choices\":[{\"delta\":{\"tool_calls\":[{\"index\":0,\"id\":\"a\",\"function\":\
                     {\"name\":\"create_ticket\",\"arguments\":\"{}\"}}]},\"finish_reason\":null}]}\n\n";
const BEGUN: &str = "data: {\"choices\":[{\"delta\":{\"tool_calls\":[{\"index\":0,\"id\":\"a\",\"function\":\
                     {\"name\":\"create_ticket\",\"arguments\":\"{\"}}]},\"finish_reason\":null}]}\n\n";
const DONE: &str = "data: [DONE]\n\n";

fn well() -> FakeReply {
    FakeReply::response("Select Forgot password.", &["docs.md#reset"])
}

fn parts(parts: &[(Duration, &str)]) -> Act {
    let parts = parts.iter().map(|(after, text)| (*after, (*text).to_owned())).collect();
    What::Raw { content_type: "text/event-stream", parts }.into()
}

#[tokio::test]
async fn the_content_decides_what_an_answer_is_whatever_its_type_says() {
    for content_type in ["text/event-stream", "text/plain", "application/json", "application/octet-stream"] {
        let whole =
            "{\"choices\":[{\"message\":{\"tool_calls\":[{\"function\":{\"name\":\"create_ticket\"}}]}}]}";
        for body in [format!("{CHUNK}{DONE}"), whole.to_owned()] {
            let fake = in_turn(vec![What::raw(content_type, &body).into()]);
            let said = ask(&adapter(&fake, None)).await.unwrap();
            assert_eq!(said.calls[0].name, "create_ticket", "{content_type} {body}");
            assert_eq!(fake.ledger().chats().len(), 1, "{content_type} {body}");
        }
    }
}

#[tokio::test]
async fn the_first_token_may_take_long_in_silence_or_with_comments() {
    let none = Duration::ZERO;
    let silent = parts(&[(LONG_WAIT, CHUNK), (none, DONE)]);
    let commented =
        parts(&[(none, ": processing\n\n"), (LONG_WAIT, ": processing\n\n"), (none, CHUNK), (none, DONE)]);
    let late = Act { after: LONG_WAIT, ..well().into() };
    let asked = [silent, commented, late].map(|act| async move {
        let fake = in_turn(vec![act]);
        let said = ask(&adapter(&fake, None)).await;
        (said.is_ok(), fake.ledger().chats().len())
    });
    assert_eq!(futures_util::future::join_all(asked).await, [(true, 1); 3]);
}

#[tokio::test]
async fn silence_between_tokens_ends_an_answer_and_comments_do_not() {
    let none = Duration::ZERO;
    let half = LONG_WAIT / 2;
    let stalled = parts(&[(none, BEGUN), (LIMIT * 2, CHUNK)]);
    let alive = parts(&[(none, CHUNK), (half, ": ping\n\n"), (half, "data: : ping\n\n"), (half, DONE)]);
    let hangs = async {
        // The turn asks again later: a server that hangs is not asked twice in a row.
        let fake = in_turn(vec![stalled, well().into()]);
        let began = clock::monotonic();
        let said = ask(&adapter(&fake, None)).await;
        (said.is_ok(), fake.ledger().chats().len(), clock::monotonic().duration_since(began) < LIMIT)
    };
    let lives = async {
        let fake = in_turn(vec![alive]);
        let said = ask(&adapter(&fake, None)).await;
        (said.is_ok(), fake.ledger().chats().len(), true)
    };
    assert_eq!(futures_util::future::join(hangs, lives).await, ((false, 1, true), (true, 1, true)));
}

#[tokio::test]
async fn an_error_inside_of_a_success_counts_like_the_same_error_with_a_status() {
    let final_ones = [
        (
            "{\"error\":{\"message\":\"You exceeded your current quota\",\"code\":\"insufficient_quota\"}}",
            "no credit left",
        ),
        (
            "data: {\"error\":{\"message\":\"maximum context length is 9 tokens\"}}\n\n",
            "maximum context length",
        ),
        (
            "{\"error\":{\"message\":\"Incorrect API key provided: sk-secret\",\"code\":401}}",
            "check OPENAI_API_KEY",
        ),
    ];
    for (body, shown) in final_ones {
        let fake = in_turn(vec![What::raw("application/json", body).into()]);
        let model = adapter(&fake, None);
        let Err(ModelError::Refused(message)) = ask(&model).await else { panic!("{body} is not final") };
        let ModelHealth::Degraded(health) = model.health() else {
            assert!(message.contains(shown), "{message}");
            continue;
        };
        assert!(format!("{message} {health}").contains(shown), "{message} {health}");
        assert!(!health.contains("sk-secret"), "{health}");
        assert_eq!(fake.ledger().chats().len(), 1, "{body}");
    }
    for body in [
        "data: {\"error\":{\"message\":\"Rate limit exceeded\",\"code\":429}}\n\n",
        "{\"choices\":[{\"error\":{\"code\":502,\"message\":\"Provider returned error\"}}]}",
        "data: {\"choices\":[{\"delta\":{},\"finish_reason\":\"error\"}]}\n\ndata: [DONE]\n\n",
    ] {
        let fake = in_turn(vec![What::raw("text/event-stream", body).into(), well().into()]);
        assert!(ask(&adapter(&fake, None)).await.is_ok(), "{body}");
        assert_eq!(fake.ledger().chats().len(), 2, "{body}");
    }
}

#[tokio::test]
async fn a_web_page_is_reported_with_what_to_check_and_handed_over() {
    let fake = in_turn(vec![What::Garbage.into()]);
    let model = adapter(&fake, None);
    assert!(matches!(ask(&model).await, Err(ModelError::Refused(_))));
    let ModelHealth::Degraded(detail) = model.health() else { panic!("health does not show it") };
    assert!(detail.contains("not an API: check OPENAI_BASE_URL"), "{detail}");
}

#[tokio::test]
async fn health_shows_status_code_message_and_what_to_do_and_no_customers_words() {
    let refusal = What::error(404, "model_not_found", "The model `gpt-4o` does not exist. You asked: forgot");
    let fake = in_turn(vec![refusal.into()]);
    let model = adapter(&fake, None);
    assert!(ask(&model).await.is_err());
    let ModelHealth::Degraded(detail) = model.health() else { panic!("health does not show it") };
    assert_eq!(
        detail,
        "gpt-4o fails: status 404 model_not_found: The model `gpt-4o` does not exist. You asked: … → check \
         OPENAI_MODEL: the service does not know this model"
    );
}

#[tokio::test]
async fn an_open_circuit_breaker_does_not_hide_the_first_cause() {
    let fake = in_turn(vec![What::error(503, "overloaded", "the GPU is on fire").into()]);
    let model = adapter(&fake, None);
    for _ in 0..4 {
        let Err(ModelError::Unavailable { message, .. }) = ask(&model).await else { panic!("it answers") };
        assert!(message.contains("503 overloaded: the GPU is on fire"), "{message}");
        let ModelHealth::Degraded(detail) = model.health() else { panic!("health does not show it") };
        assert!(detail.contains("503 overloaded: the GPU is on fire"), "{detail}");
    }
    assert_eq!(fake.ledger().chats().len(), 5);
}
