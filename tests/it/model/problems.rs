//! Retry tests of the model client: which failures are retried and when, and which are final.

use std::time::Duration;

use fte::agent::models::openai::OpenaiModel;
use fte::agent::port::{LanguageModel, ModelError, ModelHealth};
use fte::clock;
use fte::fakes::openai::{Act, FakeOpenai, FakeReply, What};
use fte::provider::FIRST_REST;

use super::rig::{SHORT, adapter, adapter_with, ask, in_turn};
use crate::support::wait::{LIMIT, eventually};

fn well() -> FakeReply {
    FakeReply::response("Select Forgot password.", &["docs.md#reset"])
}

fn calls(fake: &FakeOpenai) -> usize {
    fake.ledger().chats().len()
}

fn models(fake: &FakeOpenai) -> Vec<String> {
    fake.ledger().chats().iter().map(|seen| seen.body["model"].as_str().unwrap().to_owned()).collect()
}

#[tokio::test]
async fn transient_failures_are_retried() {
    let problems: Vec<Act> = vec![
        What::broken().into(),
        What::error(503, "overloaded", "busy").into(),
        What::error(408, "timeout", "slow").into(),
        What::error(409, "conflict", "again").into(),
        What::busy("0.1").into(),
        What::Garbage.into(),
        What::Cut(well()).into(),
        What::error(400, "odd", "try again").with_header("x-should-retry", "true").into(),
    ];
    for problem in problems {
        let fake = in_turn(vec![problem.clone(), well().into()]);
        let model = adapter_with(&fake, None, LIMIT);
        let said = ask(&model).await;
        assert!(said.is_ok(), "{problem:?}: {said:?}");
        assert_eq!(model.health(), ModelHealth::Healthy);
    }
}

#[tokio::test]
async fn permanent_failures_are_not_retried_and_ops_can_see_them() {
    let problems = [
        What::error(401, "invalid_api_key", "no such key sk-secret"),
        What::error(403, "forbidden", "no"),
        What::error(404, "model_not_found", "no such model"),
        What::error(429, "insufficient_quota", "pay first").with_header("x-should-retry", "true"),
        What::broken().with_header("x-should-retry", "false"),
    ];
    for problem in problems {
        let fake = in_turn(vec![problem.clone().into()]);
        let model = adapter(&fake, None);
        assert!(matches!(ask(&model).await, Err(ModelError::Refused(_))), "{problem:?}");
        assert_eq!(calls(&fake), 1, "{problem:?}");
        let ModelHealth::Degraded(detail) = model.health() else {
            panic!("{problem:?} does not degrade health")
        };
        assert!(detail.starts_with("gpt-4o fails: status ") && !detail.contains("sk-secret"), "{detail}");
    }
}

async fn asked_again_after(busy: What) -> Duration {
    let fake = in_turn(vec![busy.into(), well().into()]);
    ask(&adapter(&fake, None)).await.unwrap();
    let seen = fake.ledger().chats();
    seen[1].at.duration_since(seen[0].at)
}

#[tokio::test]
async fn the_providers_retry_after_is_respected() {
    // `retry-after-ms` takes precedence over the half hour.
    let of_a_second = What::error(429, "rate", "slow down").with_header("retry-after-ms", "900");
    let pause = asked_again_after(of_a_second.with_header("Retry-After", "1800")).await;
    assert!((Duration::from_millis(900)..LIMIT).contains(&pause), "{pause:?}");
    let pause = asked_again_after(What::busy("2")).await;
    assert!((Duration::from_secs(2)..LIMIT).contains(&pause), "{pause:?}");
}

#[tokio::test]
async fn a_long_retry_after_fails_the_call_and_blocks_further_ones() {
    let fake = in_turn(vec![What::busy("60").into(), well().into()]);
    let model = adapter(&fake, None);
    for _ in 0..3 {
        let Err(ModelError::Unavailable { retry_after: Some(left), .. }) = ask(&model).await else {
            panic!("the circuit breaker is not open");
        };
        assert!(left <= Duration::from_secs(60) && left > Duration::from_secs(8), "{left:?}");
    }
    assert_eq!(calls(&fake), 1);
}

#[tokio::test]
async fn a_service_that_hangs_fails_after_one_time_out() {
    let fake = in_turn(vec![What::Hang.into()]);
    let said = ask(&adapter_with(&fake, None, SHORT)).await;
    assert!(matches!(said, Err(ModelError::Unavailable { .. })), "{said:?}");
    assert_eq!(calls(&fake), 1);
}

#[tokio::test]
async fn a_service_that_is_down_opens_the_circuit_breaker_which_probes_it_later() {
    let fake = in_turn(vec![What::broken().into()]);
    let model = adapter(&fake, None);
    let before = clock::monotonic();
    while_it_fails(&model, 3).await;
    let tried = calls(&fake);
    assert_eq!(tried, 5, "five failures in a row open the breaker");
    while_it_fails(&model, 20).await;
    // After each open period of the circuit breaker one trial call is made, and the first period is the shortest.
    let rests = clock::monotonic().duration_since(before).as_secs() / FIRST_REST.as_secs();
    assert!(calls(&fake) - tried <= usize::try_from(rests).unwrap());
    fake.play(|_: &fte::fakes::openai::Asked| -> Act { well().into() });
    eventually("an answer after the circuit breaker closed", LIMIT, async || ask(&model).await).await;
}

async fn while_it_fails(model: &OpenaiModel, times: usize) {
    for _ in 0..times {
        assert!(matches!(ask(model).await, Err(ModelError::Unavailable { .. })));
    }
}

#[tokio::test]
async fn the_fallback_answers_where_the_first_model_fails_and_is_named() {
    for problem in [What::broken(), What::error(404, "model_not_found", "no such model"), What::Hang] {
        let hangs = problem == What::Hang;
        let fake = FakeOpenai::start(move |asked: &fte::fakes::openai::Asked| -> Act {
            if asked.model() == "gpt-4o" { problem.clone().into() } else { well().into() }
        })
        .unwrap();
        let call = if hangs { SHORT } else { LIMIT };
        let model = adapter_with(&fake, Some("gpt-4o-mini"), call);
        let said = ask(&model).await.unwrap();
        assert_eq!((said.model.as_deref(), said.usage.cost_micros), (Some("gpt-4o-mini"), 0));
        assert_eq!(models(&fake).last().unwrap(), "gpt-4o-mini");
    }
}
