//! Error response tests: which requests are refused, and that every refusal is a problem document (RFC 9457).

use fte::actors::runtime::ask::CallError;
use fte::crm::port::CrmError;
use serde_json::{Value, json};

use super::rig::{Front, KNOWN, Mood, Plan, fields, form, header, problem, send};

#[actix_web::test]
async fn every_wrong_field_is_named() {
    let front = Front::new();
    let cases: [(&str, Value); 11] = [
        ("name", json!("\u{200b}")),
        ("name", json!("Ann\r\nBcc: all@example.com")),
        ("name", json!(["Ann"])),
        ("email", json!("ann")),
        ("subject", json!("Hi")),
        ("category", json!("sales")),
        ("priority", json!("urgent")),
        ("priority", json!(1)),
        ("message", json!("a NUL \u{0} inside")),
        ("phone", json!("015112345678")),
        ("is_admin", json!(true)),
    ];
    for (field, value) in cases {
        let mut form = form();
        form[field] = value;
        let document = problem(send(front.submit(&form)).await, 422, "/support/submit").await;
        assert_eq!(fields(&document), [field], "{document}");
    }
    let nothing = problem(send(front.submit(&json!({}))).await, 422, "/support/submit").await;
    assert_eq!(fields(&nothing), ["name", "email", "subject", "category", "message"]);
    let no_object = problem(send(front.submit(&json!([]))).await, 422, "/support/submit").await;
    assert_eq!(fields(&no_object), ["body"]);
    let follow_up = problem(send(front.follow_up(KNOWN, " ")).await, 422, "/support/ticket").await;
    assert_eq!(fields(&follow_up), ["message"]);
    assert!(front.seen().is_empty());
}

#[actix_web::test]
async fn a_key_is_visible_ascii() {
    let front = Front::new();
    for key in ["", "a b", "k\u{e9}", &"k".repeat(256)] {
        let response = send(front.submit(&form()).header("Idempotency-Key", key)).await;
        let document = problem(response, 422, "/support/submit").await;
        assert_eq!(fields(&document), ["Idempotency-Key"], "{key}");
    }
    let twice = front.submit(&form()).header("Idempotency-Key", "a").header("Idempotency-Key", "b");
    problem(send(twice).await, 422, "/support/submit").await;
}

#[actix_web::test]
async fn a_body_that_is_not_json_is_refused() {
    let front = Front::new();
    let post = |media_type: &'static str, body: &'static [u8]| {
        send(front.request("POST", "/support/submit").header("content-type", media_type).body(body))
    };
    let malformed: [&[u8]; 5] = [b"", b"{", b"name=Ann", b"{\"name\": \xff}", b"{} {}"];
    for body in malformed {
        problem(post("application/json", body).await, 400, "/support/submit").await;
    }
    for media_type in ["text/plain", "application/x-www-form-urlencoded", "application/jsonp", "json"] {
        problem(post(media_type, b"{}").await, 415, "/support/submit").await;
    }
    let untyped = front.request("POST", "/support/submit").body("{}");
    problem(send(untyped).await, 415, "/support/submit").await;
    let packed = front.submit(&form()).header("content-encoding", "gzip");
    problem(send(packed).await, 415, "/support/submit").await;
}

#[actix_web::test]
async fn every_valid_body_fits_and_larger_ones_are_refused() {
    let front = Front::new();
    let mut form = form();
    form["message"] = json!("m");
    let escaped = form.to_string().replace("\"m\"", &format!("\"{}\"", "\\ud83d\\ude00".repeat(10_000)));
    let post = |body: String| {
        send(front.request("POST", "/support/submit").header("content-type", "application/json").body(body))
    };
    assert_eq!(post(escaped).await.status(), 201);
    for bytes in [128 * 1024 + 1, 5_000_000] {
        problem(post(" ".repeat(bytes)).await, 413, "/support/submit").await;
    }
}

#[actix_web::test]
async fn other_addresses_and_methods_are_refused() {
    let front = Front::new();
    for path in ["/nowhere", "/support", "/support/submit/", "/metrics/", "/staff", "/health/deep"] {
        problem(send(front.get(path)).await, 404, path).await;
    }
    let ticket = format!("/support/ticket/{KNOWN}");
    let messages = format!("{ticket}/messages");
    let cases = [
        ("GET", "/support/submit", "/support/submit", "POST"),
        ("OPTIONS", "/support/submit", "/support/submit", "POST"),
        ("DELETE", ticket.as_str(), "/support/ticket", "GET, HEAD"),
        ("GET", messages.as_str(), "/support/ticket", "POST"),
        ("POST", "/health", "/health", "GET, HEAD"),
        ("BREW", "/metrics", "/metrics", "GET, HEAD"),
    ];
    for (method, path, instance, allow) in cases {
        let response = send(front.request(method, path)).await;
        assert_eq!(header(&response, "allow"), allow, "{method} {path}");
        problem(response, 405, instance).await;
    }
}

#[actix_web::test]
async fn an_internal_error_is_only_logged() {
    let failed = CrmError::Failed("relation \"tickets\" does not exist".to_owned());
    let invalid = CrmError::Invalid("relation \"tickets\" has too few columns".to_owned());
    for error in [failed, invalid] {
        let front = Front::with(Plan { mood: Mood::Refusing(CallError::Crm(error)), ..Plan::default() });
        let ticket = send(front.get(&format!("/support/ticket/{KNOWN}"))).await;
        let submit = send(front.submit(&form())).await;
        for (response, instance) in [(ticket, "/support/ticket"), (submit, "/support/submit")] {
            let document = problem(response, 500, instance).await;
            assert!(!document.to_string().contains("relation"), "{document}");
        }
    }
}

#[actix_web::test]
async fn a_panic_in_a_handler_is_an_internal_error() {
    let front = Front::with(Plan { per_minute: 1, trusts: |_| panic!("customer data"), ..Plan::default() });
    for _ in 0..2 {
        let document = problem(send(front.submit(&form())).await, 500, "/support/submit").await;
        assert!(!document.to_string().contains("customer data"), "{document}");
    }
    assert_eq!(send(front.get("/health/live")).await.status(), 200);
}
