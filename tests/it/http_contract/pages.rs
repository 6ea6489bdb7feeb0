//! Tests of the endpoints of tickets' pages and of the help centre: shapes, limits and refusals.

use serde_json::{Value, json};

use super::rig::{CLOSED, Front, KNOWN, UNKNOWN, fields, header, problem, send};

async fn body(front: &Front, path: &str) -> Value {
    let response = send(front.get(path)).await;
    assert_eq!(response.status(), 200, "{path}");
    response.json().await.unwrap()
}

#[actix_web::test]
async fn a_page_of_a_ticket_has_a_limit_and_begins_before_a_message() {
    let front = Front::new();
    body(&front, &format!("/support/ticket/{KNOWN}?limit=1")).await;
    for (query, field) in [
        ("limit=0", "limit"),
        ("limit=101", "limit"),
        ("limit=1&limit=2", "limit"),
        ("before=x", "before"),
        (&format!("before={UNKNOWN}"), "before"),
        ("page=2", "page"),
    ] {
        let response = send(front.get(&format!("/support/ticket/{KNOWN}?{query}"))).await;
        assert_eq!(fields(&problem(response, 422, "/support/ticket").await), [field], "{query}");
    }
    let response = send(front.get(&format!("/support/ticket/{CLOSED}"))).await;
    assert_eq!(problem(response, 404, "/support/ticket").await["code"], "ticket_expired");
}

#[actix_web::test]
async fn a_rating_is_returned_and_refused_without_an_answer() {
    let front = Front::new();
    let rate =
        |ticket, body: Value| front.request("POST", &format!("/support/ticket/{ticket}/rating")).json(&body);
    let response = send(rate(KNOWN, json!({"score": 5, "comment": "Great"}))).await;
    assert_eq!(response.status(), 200);
    let expected = json!({"score": 5, "comment": "Great", "rated_at": "1970-01-01T00:00:00Z"});
    assert_eq!(response.json::<Value>().await.unwrap(), expected);
    let document = problem(send(rate(KNOWN, json!({"score": 1}))).await, 409, "/support/ticket").await;
    assert_eq!(document["code"], "not_answered");
    for (body, field) in
        [(json!({}), "score"), (json!({"score": 6}), "score"), (json!({"score": 2, "x": 1}), "x")]
    {
        let document = problem(send(rate(KNOWN, body)).await, 422, "/support/ticket").await;
        assert_eq!(fields(&document), [field]);
    }
    problem(send(rate(UNKNOWN, json!({"score": 5}))).await, 404, "/support/ticket").await;
}

#[actix_web::test]
async fn a_person_comes_with_a_message_and_a_time() {
    let front = Front::new();
    let path = format!("/support/ticket/{KNOWN}/human");
    let response = send(front.request("POST", &path).json(&json!({}))).await;
    assert_eq!(response.status(), 200);
    let expected = json!({"status": "escalated", "message_id": KNOWN, "expected_by": "1970-01-01T00:00:00Z"});
    assert_eq!(response.json::<Value>().await.unwrap(), expected);
    let document =
        problem(send(front.request("POST", &path).json(&json!({"why": 1}))).await, 422, "/support/ticket");
    assert_eq!(fields(&document.await), ["why"]);
    let path = format!("/support/ticket/{UNKNOWN}/human");
    problem(send(front.request("POST", &path).json(&json!({}))).await, 404, "/support/ticket").await;
}

#[actix_web::test]
async fn a_stream_of_events_begins_with_hello_and_is_kept_from_caches() {
    let front = Front::new();
    let path = format!("/support/ticket/{KNOWN}/events");
    let response = send(front.get(&path)).await;
    assert_eq!(response.status(), 200);
    assert_eq!(header(&response, "content-type"), "text/event-stream");
    assert_eq!(header(&response, "cache-control"), "no-store");
    assert_eq!(response.text().await.unwrap(), "id: 0.1:1:\nevent: hello\ndata: {}\n\n");
    let response = send(front.get(&path).header("Last-Event-ID", "nonsense")).await;
    assert_eq!(response.text().await.unwrap(), "id: 0.1:1:\nevent: reset\ndata: {}\n\n");
    problem(send(front.get(&format!("/support/ticket/{UNKNOWN}/events"))).await, 404, "/support/ticket")
        .await;
}

#[actix_web::test]
async fn the_help_centre_shows_articles_and_finds_the_relevant_ones() {
    let front = Front::new();
    let found = json!({"id": "docs.md#passwords", "title": "Passwords", "section": "Docs > Passwords",
                       "snippet": "Use the link."});
    assert_eq!(body(&front, "/help/search?q=+login+").await, json!({"query": "login", "results": [found]}));
    assert_eq!(
        body(&front, "/help/search?q=warp+drive").await,
        json!({"query": "warp drive", "results": []})
    );
    let line = json!({"id": "docs.md#passwords", "title": "Passwords", "section": "Docs > Passwords"});
    assert_eq!(body(&front, "/help/articles").await, json!({"items": [line], "next_cursor": null}));
    let article = json!({
        "id": "docs.md#passwords", "title": "Passwords", "section": "Docs > Passwords", "text": "Use the link.",
        "html": "<p>Use the link.</p>", "updated_at": "1970-01-01T00:00:00Z",
    });
    assert_eq!(body(&front, "/help/articles/docs.md%23passwords").await, article);
    for id in ["docs.md%23other", "docs.md", "%00"] {
        let path = format!("/help/articles/{id}");
        assert_eq!(send(front.get(&path)).await.status(), 404, "{id}");
    }
    for query in ["", "q=a", &format!("q={}", "x".repeat(201))] {
        let response = send(front.get(&format!("/help/search?{query}"))).await;
        assert_eq!(fields(&problem(response, 422, "/help/search").await), ["q"], "{query}");
    }
}
