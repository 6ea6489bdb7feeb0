//! Tests of the read endpoints: tickets, conversations, customers, metrics, health.

use fte::actors::messages::Readiness;
use fte::actors::runtime::ask::CallError;
use fte::domain::console::detail::DeskFacts;
use fte::domain::enums::{
    Category, Channel, ConversationStatus, DeliveryState, IdentifierKind, MessageKind, Priority, Role,
    TicketStatus,
};
use fte::domain::ids::{ConversationId, CustomerId, MessageId, TicketId};
use fte::domain::knowledge::Source;
use fte::domain::views::{
    ChannelMetrics, ConversationLine, ConversationView, CustomerView, IdentifierView, MessageView,
    StaffMessageView, TicketFacts, TicketMessageView, TicketView, ToolView,
};
use serde_json::{Value, json};
use time::OffsetDateTime;
use time::macros::datetime;

use super::rig::{Front, KNOWN, Mood, Plan, TOKEN, UNKNOWN, fields, header, problem, send};

const NOON: OffsetDateTime = datetime!(2026-03-01 12:00:00 UTC);

fn ticket_facts() -> TicketFacts {
    TicketFacts {
        ticket_id: TicketId(KNOWN),
        ticket_number: "T-1042".to_owned(),
        status: TicketStatus::WaitingCustomer,
        subject: "Cannot sign in".to_owned(),
        category: Category::Technical,
        priority: Priority::Medium,
        channel: Channel::WebForm,
        created_at: NOON,
        updated_at: NOON,
        resolved_at: None,
    }
}

fn message() -> MessageView {
    MessageView {
        id: MessageId(KNOWN),
        role: Role::Agent,
        kind: MessageKind::Message,
        content: "Use Forgot password.".to_owned(),
        channel: Channel::WebForm,
        created_at: NOON,
        delivery_status: Some(DeliveryState::Delivered),
    }
}

pub fn ticket_view() -> TicketView {
    let source = Source { id: "docs.md#passwords".to_owned(), title: "Passwords".to_owned(), score: 0.5 };
    TicketView {
        continues_as: None,
        ticket: ticket_facts(),
        messages: vec![TicketMessageView { message: message(), sources: vec![source] }],
        has_older: false,
        rating: None,
    }
}

pub fn conversation_view() -> ConversationView {
    let source = Source { id: "docs.md#passwords".to_owned(), title: "Passwords".to_owned(), score: 0.5 };
    ConversationView {
        conversation_id: ConversationId(KNOWN),
        customer_id: CustomerId(KNOWN),
        channel: Channel::WebForm,
        status: ConversationStatus::Active,
        sentiment: Some(0.5),
        ticket: ticket_facts(),
        desk: DeskFacts::default(),
        hand_off: None,
        turns: Vec::new(),
        participants: Vec::new(),
        has_older: true,
        messages: vec![StaffMessageView {
            message: message(),
            author: None,
            mentions: vec![],
            turn: None,
            sources: vec![source],
            tool_calls: vec![ToolView { name: "search_knowledge_base".to_owned() }],
            tokens: Some(12),
            latency_ms: Some(40),
            model: Some("scripted".to_owned()),
            attachments: vec![],
            delivery_error: None,
            deliveries: vec![],
            mail: None,
        }],
    }
}

pub fn customer_view() -> CustomerView {
    let identifier =
        IdentifierView { kind: IdentifierKind::Email, value: "ann@example.com".to_owned(), attested: false };
    CustomerView {
        customer_id: CustomerId(KNOWN),
        name: "Ann Lee".to_owned(),
        identifiers: vec![identifier],
        conversations: vec![ConversationLine {
            conversation_id: ConversationId(KNOWN),
            channel: Channel::WebForm,
            status: ConversationStatus::Active,
            last_message_at: NOON,
        }],
    }
}

pub fn metrics() -> ChannelMetrics {
    ChannelMetrics { conversations: 1, inbound: 2, avg_latency_ms: Some(1.5), ..ChannelMetrics::default() }
}

fn ticket_json() -> Value {
    json!({
        "ticket_id": KNOWN, "ticket_number": "T-1042", "status": "waiting_customer", "subject": "Cannot sign in",
        "category": "technical", "priority": "medium", "channel": "web_form",
        "created_at": "2026-03-01T12:00:00Z", "updated_at": "2026-03-01T12:00:00Z", "resolved_at": null,
    })
}

fn message_json() -> Value {
    json!({
        "id": KNOWN, "role": "agent", "kind": "message", "content": "Use Forgot password.",
        "channel": "web_form", "created_at": "2026-03-01T12:00:00Z", "delivery_status": "delivered",
    })
}

async fn staff_json(front: &Front, path: &str) -> Value {
    let response = send(front.get(path).bearer_auth(TOKEN)).await;
    assert_eq!(response.status(), 200, "{path}");
    assert_eq!(header(&response, "cache-control"), "no-store", "{path}");
    response.json().await.unwrap()
}

#[actix_web::test]
async fn a_ticket_is_shown_to_anyone_with_its_id_and_kept_from_caches_and_referrers() {
    let front = Front::new();
    let response = send(front.get(&format!("/support/ticket/{KNOWN}"))).await;
    assert_eq!(response.status(), 200);
    for (name, value) in [
        ("content-type", "application/json"),
        ("referrer-policy", "no-referrer"),
        ("cache-control", "no-store"),
        ("x-content-type-options", "nosniff"),
        ("content-security-policy", "default-src 'none'; frame-ancestors 'none'"),
    ] {
        assert_eq!(header(&response, name), value, "{name}");
    }
    let mut expected = ticket_json();
    let mut message = message_json();
    message["sources"] = json!([{"id": "docs.md#passwords", "title": "Passwords"}]);
    expected["messages"] = json!([message]);
    expected["older"] = json!(null);
    expected["rating"] = json!(null);
    expected["continues_as"] = json!(null);
    assert_eq!(response.json::<Value>().await.unwrap(), expected);
}

#[actix_web::test]
async fn an_unknown_and_a_malformed_ticket_id_get_the_same_bytes() {
    let front = Front::new();
    let unknown = UNKNOWN.to_string();
    let simple = KNOWN.simple().to_string();
    let ids = [&unknown, "7", "%00", "%FF", "a%20b", "' or 1=1", &simple, &"x".repeat(2000)];
    let mut answers = Vec::new();
    for id in ids {
        let read = send(front.get(&format!("/support/ticket/{id}"))).await;
        let write = send(
            front
                .request("POST", &format!("/support/ticket/{id}/messages"))
                .json(&json!({"message": "Hello"})),
        )
        .await;
        for response in [read, write] {
            assert_eq!(response.status(), 404, "{id}");
            assert_eq!(header(&response, "referrer-policy"), "no-referrer", "{id}");
            answers.push(response.text().await.unwrap());
        }
    }
    for path in ["/support/ticket/", "/support/ticket/7/8", "/support/ticket/7/messages/"] {
        answers.push(send(front.get(path)).await.text().await.unwrap());
    }
    assert!(answers.iter().all(|answer| *answer == answers[0]), "{answers:?}");
    let response = send(front.get(&format!("/support/ticket/{unknown}"))).await;
    problem(response, 404, "/support/ticket").await;
}

#[actix_web::test]
async fn head_is_answered_like_get_without_a_body() {
    let front = Front::new();
    let response = send(front.request("HEAD", "/health/live")).await;
    assert_eq!(response.status(), 200);
    assert_eq!(response.text().await.unwrap(), "");
}

#[actix_web::test]
async fn staff_see_a_conversation_with_the_origin_of_its_answers() {
    let front = Front::new();
    let mut message = message_json();
    message["sources"] = json!([{"id": "docs.md#passwords", "title": "Passwords", "score": 0.5}]);
    message["tool_calls"] = json!([{"name": "search_knowledge_base"}]);
    message["deliveries"] = json!([]);
    message["tokens"] = json!(12);
    message["latency_ms"] = json!(40);
    message["model"] = json!("scripted");
    message["author"] = json!(null);
    message["turn_id"] = json!(null);
    let expected = json!({
        "conversation_id": KNOWN, "customer_id": KNOWN, "channel": "web_form", "status": "active",
        "sentiment": 0.5, "ticket": ticket_json(), "messages": [message], "older": KNOWN,
        "assignee": null, "tags": [], "severity": null, "reason": null, "snoozed_until": null, "parked": [],
        "side": [], "merged_into": null, "hand_off": null, "turns": [], "watchers": [], "participants": [],
        "sla": {"first_response_due": null, "next_response_due": null, "resolution_due": null, "breached": false,
                "paused": false},
    });
    assert_eq!(staff_json(&front, &format!("/conversations/{KNOWN}")).await, expected);
    for id in [UNKNOWN.to_string(), "7".to_owned()] {
        let path = format!("/conversations/{id}");
        problem(send(front.get(&path).bearer_auth(TOKEN)).await, 404, &path).await;
    }
}

#[actix_web::test]
async fn a_customer_is_found_by_exactly_one_identifier() {
    let front = Front::new();
    let expected = json!({
        "customer_id": KNOWN, "name": "Ann Lee",
        "identifiers": [{"kind": "email", "value": "ann@example.com", "attested": false}],
        "conversations": [{
            "conversation_id": KNOWN, "channel": "web_form", "status": "active",
            "last_message_at": "2026-03-01T12:00:00Z",
        }],
    });
    for query in ["email=Ann@Example.com", "phone=%2B4915112345678", "phone=+4915112345678"] {
        assert_eq!(staff_json(&front, &format!("/customers/lookup?{query}")).await, expected, "{query}");
    }
    let refusals: [(&str, u16, &[&str]); 6] = [
        ("email=bob@example.com", 404, &[]),
        ("", 422, &["email", "phone"]),
        ("email=ann@example.com&phone=%2B4915112345678", 422, &["email", "phone"]),
        ("email=ann", 422, &["email"]),
        ("phone=0151", 422, &["phone"]),
        ("email=ann@example.com&page=2", 422, &["page"]),
    ];
    for (query, status, expected) in refusals {
        let response = send(front.get(&format!("/customers/lookup?{query}")).bearer_auth(TOKEN)).await;
        let document = problem(response, status, "/customers/lookup").await;
        if status == 422 {
            assert_eq!(fields(&document), expected, "{query}");
        }
    }
}

#[actix_web::test]
async fn metrics_list_all_channels_and_accept_a_window() {
    let front = Front::new();
    let silent = json!({
        "conversations": 0, "inbound": 0, "outbound": 0, "escalations": 0, "avg_latency_ms": null,
        "avg_sentiment": null,
    });
    let mut busy = silent.clone();
    busy["conversations"] = json!(1);
    busy["inbound"] = json!(2);
    busy["avg_latency_ms"] = json!(1.5);
    for (query, window_hours) in [("", 24), ("?hours=1", 1), ("?hours=8760", 8760)] {
        let expected = json!({
            "window_hours": window_hours,
            "channels": {"email": silent, "whatsapp": silent, "web_form": busy},
        });
        assert_eq!(staff_json(&front, &format!("/metrics/channels{query}")).await, expected, "{query}");
    }
    for (query, field) in
        [("hours=0", "hours"), ("hours=8761", "hours"), ("hours=x", "hours"), ("day=1", "day")]
    {
        let response = send(front.get(&format!("/metrics/channels?{query}")).bearer_auth(TOKEN)).await;
        assert_eq!(fields(&problem(response, 422, "/metrics/channels").await), [field], "{query}");
    }
}

#[actix_web::test]
async fn requests_are_counted_by_route_and_status() {
    let front = Front::new();
    for path in
        [format!("/support/ticket/{KNOWN}"), format!("/support/ticket/{UNKNOWN}"), "/nowhere".to_owned()]
    {
        send(front.get(&path)).await;
    }
    let response = send(front.get("/metrics").bearer_auth(TOKEN)).await;
    assert!(header(&response, "content-type").starts_with("text/plain; version=0.0.4"));
    let text = response.text().await.unwrap();
    for (route, status) in [("/support/ticket/{id}", 200), ("/support/ticket/{id}", 404), ("unknown", 404)] {
        let line = format!(r#"http_requests_total{{route="{route}",status="{status}"}}"#);
        assert!(text.contains(&line), "{line} in {text}");
    }
    assert!(text.contains(r#"http_request_duration_seconds_count{route="/support/ticket/{id}"}"#));
    assert!(!text.contains(&KNOWN.to_string()));
}

#[actix_web::test]
async fn health_reports_liveness_and_readiness() {
    let database = json!({"name": "database", "status": "ok", "detail": "answers"});
    let silent = json!({"name": "supervisor", "status": "failed", "detail": "the question was lost"});
    let cases = [
        (Mood::Answering, Readiness::Ready, 200, "ready", &database),
        (Mood::Answering, Readiness::NotReady, 503, "not_ready", &database),
        (Mood::Losing(9), Readiness::Ready, 503, "not_ready", &silent),
    ];
    for (mood, readiness, status, word, check) in cases {
        let front = Front::with(Plan { mood, readiness, ..Plan::default() });
        let ready = send(front.get("/health/ready")).await;
        assert_eq!(ready.status(), status);
        assert_eq!(ready.json::<Value>().await.unwrap(), json!({"status": word, "checks": [check]}));
        let health = send(front.get("/health")).await;
        assert_eq!(health.status(), 200);
        let health: Value = health.json().await.unwrap();
        let uptime = health["uptime_seconds"].as_u64().unwrap();
        let expected =
            json!({"status": word, "checks": [check], "version": "1.2.3", "uptime_seconds": uptime});
        assert_eq!(health, expected);
        let live = send(front.get("/health/live")).await;
        assert_eq!(live.status(), 200);
        assert_eq!(live.text().await.unwrap(), r#"{"status":"ok"}"#);
    }
}

#[actix_web::test]
async fn a_process_whose_actors_do_not_answer_is_not_alive() {
    for (error, status, word) in [
        (CallError::TimedOut, 503, "blocked"),
        (CallError::Busy, 503, "blocked"),
        (CallError::Closed, 200, "ok"),
    ] {
        let front = Front::with(Plan { mood: Mood::Refusing(error), ..Plan::default() });
        let live = send(front.get("/health/live")).await;
        assert_eq!(
            (live.status().as_u16(), live.json::<Value>().await.unwrap()),
            (status, json!({"status": word}))
        );
    }
}
