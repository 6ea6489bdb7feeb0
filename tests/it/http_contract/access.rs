//! Access control tests: tokens, signatures, CORS and rate limits.

use serde_json::{Value, json};
use uuid::Uuid;

use super::rig::{FULL, Front, KNOWN, Plan, TOKEN, form, header, problem, send};

#[actix_web::test]
async fn staff_routes_need_the_token() {
    let routes = [
        format!("/conversations/{KNOWN}"),
        "/customers/lookup".to_owned(),
        "/metrics/channels".to_owned(),
        "/metrics".to_owned(),
    ];
    let wrong = [
        None,
        Some("Bearer wrong"),
        Some("Bearer"),
        Some("Bearer "),
        Some("Basic czNjcmV0LXRva2Vu"),
        Some(TOKEN),
    ];
    let right = format!("Bearer {TOKEN}");
    for token in [Some(TOKEN), None] {
        let front = Front::with(Plan { token, ..Plan::default() });
        for route in &routes {
            for shown in wrong.iter().copied().chain(token.is_none().then_some(Some(right.as_str()))) {
                let request = front.get(route);
                let request =
                    shown.into_iter().fold(request, |request, shown| request.header("authorization", shown));
                let response = send(request).await;
                assert_eq!(header(&response, "www-authenticate"), "Bearer", "{route} {shown:?}");
                problem(response, 401, route).await;
            }
        }
    }
    let front = Front::new();
    let response = send(front.get("/metrics").header("authorization", format!("bearer {TOKEN}"))).await;
    assert_eq!(response.status(), 200);
}

/// The endpoints that need no credentials, and those that verify a provider's signature. A new endpoint is neither
/// unless it is listed here.
const PUBLIC: &[&str] = &[
    "delete /support/identity",
    "get /health",
    "get /health/live",
    "get /health/ready",
    "get /help/articles",
    "get /help/articles/{id}",
    "get /help/search",
    "get /openapi.json",
    "get /support/identity",
    "get /support/ticket/{id}",
    "get /support/ticket/{id}/events",
    "post /help/articles/{id}/helpful",
    "post /staff/session",
    "post /support/identity",
    "post /support/identity/{id}/code",
    "post /support/submit",
    "post /support/ticket/{id}/human",
    "post /support/ticket/{id}/messages",
    "post /support/ticket/{id}/rating",
];
/// For people who have signed in: a token does not do.
const SESSION: &[&str] = &[
    "delete /staff/session",
    "delete /staff/totp",
    "get /staff/session",
    "get /staff/totp",
    "post /staff/totp",
    "put /staff/password",
    "put /staff/totp",
];
/// Signed by a provider, or asked for by a browser that has proved an address.
const SIGNED: &[&str] =
    &["get /support/tickets", "post /webhooks/whatsapp", "post /webhooks/whatsapp/status"];
/// No mailbox is configured; `channels/mailbox/gmail.rs` tries their tokens.
const SWITCHED_OFF: &[&str] = &["post /webhooks/gmail"];

/// Every endpoint of the OpenAPI document, in alphabetical order.
fn endpoints() -> Vec<(String, String)> {
    let document = serde_json::to_value(fte::http::openapi()).unwrap();
    let paths = document["paths"].as_object().unwrap().iter();
    let of_path = |(path, item): (&String, &Value)| {
        item.as_object().unwrap().keys().map(|method| (method.clone(), path.clone())).collect::<Vec<_>>()
    };
    let mut endpoints: Vec<_> = paths.flat_map(of_path).collect();
    endpoints.sort();
    endpoints
}

#[actix_web::test]
async fn every_endpoint_but_the_public_ones_needs_a_token_or_a_signature() {
    let named: Vec<String> = endpoints().iter().map(|(method, path)| format!("{method} {path}")).collect();
    for name in PUBLIC.iter().chain(SIGNED).chain(SESSION).chain(SWITCHED_OFF) {
        assert!(named.iter().any(|other| other == name), "there is no endpoint {name}");
    }
    let front = Front::new();
    for ((method, template), name) in endpoints().iter().zip(&named) {
        let path = template.replace("{id}", &KNOWN.to_string());
        assert!(!path.contains('{'), "{path}");
        let request = |token: Option<&str>| {
            let request = front.request(&method.to_uppercase(), &path);
            token.into_iter().fold(request, reqwest::RequestBuilder::bearer_auth)
        };
        if PUBLIC.contains(&name.as_str()) {
            let status = send(request(None)).await.status().as_u16();
            assert!(![401, 403, 404, 405].contains(&status), "{name}: {status}");
        } else if SIGNED.contains(&name.as_str()) {
            problem(send(request(None)).await, 403, &path).await;
        } else if SWITCHED_OFF.contains(&name.as_str()) {
            problem(send(request(None)).await, 503, &path).await;
        } else {
            for token in [None, Some("wrong")] {
                let response = send(request(token)).await;
                assert_eq!(header(&response, "www-authenticate"), "Bearer", "{name}");
                problem(response, 401, &path).await;
            }
            let status = send(request(Some(TOKEN))).await.status().as_u16();
            if SESSION.contains(&name.as_str()) {
                assert_eq!(status, 403, "{name}");
            } else {
                assert!(![401, 403, 405].contains(&status), "{name}: {status}");
            }
            if method == "get" {
                assert_eq!(send(front.request("HEAD", &path)).await.status(), 401, "{name}");
            }
        }
    }
}

#[actix_web::test]
async fn public_routes_need_no_token() {
    let front = Front::with(Plan { token: None, ..Plan::default() });
    let ticket = format!("/support/ticket/{KNOWN}");
    for path in [ticket.as_str(), "/health", "/health/live", "/health/ready"] {
        assert_eq!(send(front.get(path)).await.status(), 200, "{path}");
    }
}

const SHOP: &str = "https://shop.example.com";

#[actix_web::test]
async fn pages_of_an_allowed_origin_may_submit_and_read_the_location() {
    let front = Front::with(Plan { origins: &[SHOP], ..Plan::default() });
    let preflight = send(
        front
            .request("OPTIONS", "/support/submit")
            .header("origin", SHOP)
            .header("access-control-request-method", "POST")
            .header("access-control-request-headers", "content-type, idempotency-key"),
    )
    .await;
    assert_eq!(preflight.status(), 200);
    assert_eq!(header(&preflight, "access-control-allow-origin"), SHOP);
    for (name, words) in [
        ("access-control-allow-methods", ["GET", "POST"]),
        ("access-control-allow-headers", ["content-type", "idempotency-key"]),
    ] {
        let value = header(&preflight, name);
        assert!(words.iter().all(|word| value.contains(word)), "{name}: {value}");
    }
    let mut wrong = form();
    wrong["email"] = "ann".into();
    for (form, status) in [(form(), 201), (wrong, 422)] {
        let response = send(front.submit(&form).header("origin", SHOP)).await;
        assert_eq!(response.status(), status);
        assert_eq!(header(&response, "access-control-allow-origin"), SHOP);
        let exposed = header(&response, "access-control-expose-headers");
        assert!(["location", "retry-after"].iter().all(|name| exposed.contains(name)), "{exposed}");
    }
}

#[actix_web::test]
async fn pages_of_other_origins_may_not() {
    for origins in [&[SHOP][..], &[]] {
        let front = Front::with(Plan { origins, ..Plan::default() });
        let preflight = send(
            front
                .request("OPTIONS", "/support/submit")
                .header("origin", "https://evil.example.com")
                .header("access-control-request-method", "POST"),
        )
        .await;
        assert_eq!(header(&preflight, "access-control-allow-origin"), "");
        problem(preflight, if origins.is_empty() { 405 } else { 400 }, "/support/submit").await;
        let response = send(front.submit(&form()).header("origin", "https://evil.example.com")).await;
        assert_eq!(header(&response, "access-control-allow-origin"), "");
    }
}

#[actix_web::test]
async fn submissions_of_an_address_are_limited_per_minute() {
    let front = Front::with(Plan { per_minute: 2, ..Plan::default() });
    for _ in 0..2 {
        assert_eq!(send(front.submit(&form())).await.status(), 201);
    }
    let refused = send(front.submit(&form()).header("x-forwarded-for", "198.51.100.1")).await;
    let wait: u64 = header(&refused, "retry-after").parse().unwrap();
    assert!((1..=30).contains(&wait), "{wait}");
    problem(refused, 429, "/support/submit").await;
    assert_eq!(send(front.follow_up(KNOWN, "Hello")).await.status(), 201);
    assert_eq!(front.seen().len(), 3);
}

#[actix_web::test]
async fn follow_ups_are_limited_by_address_and_by_ticket() {
    let front = Front::with(Plan { per_minute: 2, trusts: |_| true, ..Plan::default() });
    let follow_up = async |from: &str, ticket| {
        send(front.follow_up(ticket, "Hello").header("x-forwarded-for", from)).await
    };
    let tickets = [KNOWN, Uuid::from_u128(7), Uuid::from_u128(8)];
    for (from, ticket, status) in [
        ("198.51.100.1", tickets[0], 201),
        ("198.51.100.1", tickets[1], 201),
        ("198.51.100.1", tickets[2], 429),
        ("198.51.100.2", tickets[0], 201),
        ("198.51.100.3", tickets[0], 429),
        ("198.51.100.3", tickets[2], 201),
    ] {
        let response = follow_up(from, ticket).await;
        assert_eq!(response.status(), status, "{from} {ticket}");
        if status == 429 {
            assert!((1..=30).contains(&header(&response, "retry-after").parse::<u64>().unwrap()));
            problem(response, 429, "/support/ticket").await;
        }
    }
}

#[actix_web::test]
async fn ratings_and_opinions_are_limited_by_address() {
    let front = Front::with(Plan { per_minute: 2, ..Plan::default() });
    let rating = format!("/support/ticket/{KNOWN}/rating");
    let opinion = format!("/help/articles/{KNOWN}/helpful");
    for (path, body, status, instance) in [
        (&rating, json!({"score": 5}), 200, "/support/ticket"),
        (&opinion, json!({"helpful": true}), 204, opinion.as_str()),
    ] {
        let post = async || send(front.request("POST", path).json(&body)).await;
        for _ in 0..2 {
            assert_eq!(post().await.status(), status, "{path}");
        }
        let refused = post().await;
        assert!((1..=30).contains(&header(&refused, "retry-after").parse::<u64>().unwrap()), "{path}");
        problem(refused, 429, instance).await;
    }
}

#[actix_web::test]
async fn a_ticket_with_many_unanswered_messages_takes_no_more() {
    let front = Front::new();
    let refused = send(front.follow_up(FULL, "Hello?")).await;
    assert!(header(&refused, "retry-after").parse::<u64>().unwrap() > 0);
    problem(refused, 429, "/support/ticket").await;
}

#[actix_web::test]
async fn behind_a_trusted_proxy_each_client_is_limited_separately() {
    let front = Front::with(Plan {
        per_minute: 1,
        trusts: |address| ["127.0.0.1", "10.0.0.1"].contains(&address.to_string().as_str()),
        ..Plan::default()
    });
    let cases = [
        ("198.51.100.1", 201),
        ("198.51.100.1", 429),
        ("198.51.100.2, 10.0.0.1", 201),
        ("1.1.1.1, 198.51.100.2", 429),
        ("198.51.100.3", 201),
    ];
    for (forwarded, status) in cases {
        let response = send(front.submit(&form()).header("x-forwarded-for", forwarded)).await;
        assert_eq!(response.status(), status, "{forwarded}");
    }
}
