//! Tests of submissions and follow-ups, and of their idempotent repetition.

use fte::actors::runtime::ask::CallError;
use fte::domain::messages::inquiry::Thread;
use reqwest::header::HeaderMap;
use serde_json::{Value, json};

use super::rig::{CLOSED, Front, KNOWN, Mood, Plan, UNKNOWN, fields, form, header, problem, send};

#[actix_web::test]
async fn a_submission_gets_a_ticket_and_its_location() {
    let front = Front::new();
    let response = send(front.submit(&form())).await;
    assert_eq!(response.status(), 201);
    let location = header(&response, "location");
    let body: Value = response.json().await.unwrap();
    let Thread::Opens(opening) = &front.seen()[0].thread else {
        panic!("a submission opens a conversation");
    };
    assert_eq!(location, format!("/support/ticket/{}", opening.ticket));
    assert_eq!(opening.ticket.0.get_version_num(), 4);
    let texts = ["message", "estimated_response_time"];
    assert!(texts.iter().all(|field| body[field].as_str().is_some_and(|text| !text.is_empty())), "{body}");
    let expected = json!({
        "ticket_id": opening.ticket, "ticket_number": "T-1042", "status": "open",
        "message": body["message"], "estimated_response_time": body["estimated_response_time"],
    });
    assert_eq!(body, expected);
}

/// The headers without those that contain the time.
fn timeless(mut headers: HeaderMap) -> HeaderMap {
    headers.remove("date");
    headers
}

#[actix_web::test]
async fn the_same_request_under_one_key_gets_the_same_bytes() {
    let front = Front::new();
    let spelt_otherwise = r#"{ "priority":null, "message":"I forgot my password. What now?", "category":"technical",
        "subject":"Cannot sign in", "email":"Ann@example.com", "name":"Ann Lee" }"#;
    let post = || front.request("POST", "/support/submit").header("Idempotency-Key", "k-1");
    let first = send(post().json(&form())).await;
    let head = timeless(first.headers().clone());
    let body = first.bytes().await.unwrap();
    let again = [
        send(post().json(&form())).await,
        send(post().header("content-type", "application/json; charset=utf-8").body(spelt_otherwise)).await,
    ];
    for response in again {
        assert_eq!(response.status(), 201);
        assert_eq!(timeless(response.headers().clone()), head);
        assert_eq!(response.bytes().await.unwrap(), body);
    }
}

#[actix_web::test]
async fn another_request_under_the_same_key_is_refused() {
    let front = Front::new();
    let mut other = form();
    other["priority"] = json!("high");
    let post = |form: &Value| send(front.submit(form).header("Idempotency-Key", "k-1"));
    assert_eq!(post(&form()).await.status(), 201);
    assert_eq!(fields(&problem(post(&other).await, 422, "/support/submit").await), ["Idempotency-Key"]);
    other["email"] = json!("bob@example.com");
    assert_eq!(post(&other).await.status(), 201, "another sender's key is another key");
}

#[actix_web::test]
async fn without_a_key_every_post_is_a_ticket() {
    let front = Front::new();
    let mut tickets = Vec::new();
    for _ in 0..2 {
        let body: Value = send(front.submit(&form())).await.json().await.unwrap();
        tickets.push(body["ticket_id"].clone());
    }
    assert_ne!(tickets[0], tickets[1]);
}

#[actix_web::test]
async fn a_follow_up_is_accepted_while_its_ticket_is_not_closed() {
    let front = Front::new();
    let send_keyed = |ticket, text| send(front.follow_up(ticket, text).header("Idempotency-Key", "k-1"));
    let response = send_keyed(KNOWN, "Yes").await;
    assert_eq!(response.status(), 201);
    let body: Value = response.json().await.unwrap();
    assert_eq!(body, json!({"message_id": front.seen()[0].message, "status": "in_progress"}));
    assert_eq!(send_keyed(KNOWN, "Yes").await.json::<Value>().await.unwrap(), body);
    let conflict = problem(send_keyed(KNOWN, "No").await, 422, "/support/ticket").await;
    assert_eq!(fields(&conflict), ["Idempotency-Key"]);
    problem(send_keyed(CLOSED, "Yes").await, 409, "/support/ticket").await;
    problem(send_keyed(UNKNOWN, "Yes").await, 404, "/support/ticket").await;
}

#[actix_web::test]
async fn a_dropped_request_is_retried_once_with_the_same_ids() {
    let front = Front::with(Plan { mood: Mood::Losing(1), ..Plan::default() });
    assert_eq!(send(front.submit(&form())).await.status(), 201);
    let seen = front.seen();
    assert_eq!(seen.len(), 2);
    assert_eq!(seen[0], seen[1]);
}

#[actix_web::test]
async fn a_dropped_look_up_is_retried_once() {
    for (lost, status) in [(1, 200), (2, 503)] {
        let front = Front::with(Plan { mood: Mood::Losing(lost), ..Plan::default() });
        assert_eq!(send(front.get(&format!("/support/ticket/{KNOWN}"))).await.status(), status, "{lost}");
    }
}

#[actix_web::test]
async fn a_submission_that_cannot_be_stored_now_gets_a_retry_after() {
    let cases = [
        (Mood::Refusing(CallError::Busy), 1, "1"),
        (Mood::Refusing(CallError::TimedOut), 1, "1"),
        (Mood::Refusing(super::rig::unavailable()), 1, "5"),
        (Mood::Losing(9), 2, "1"),
    ];
    for (mood, asked, retry_after) in cases {
        let front = Front::with(Plan { mood, ..Plan::default() });
        let response = send(front.submit(&form())).await;
        assert_eq!(header(&response, "retry-after"), retry_after);
        let document = problem(response, 503, "/support/submit").await;
        assert!(!document.to_string().contains("10.0.0.7"), "{document}");
        assert_eq!(front.seen().len(), asked);
    }
}
