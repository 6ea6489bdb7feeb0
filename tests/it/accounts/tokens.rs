//! Tokens of programs: what each scope opens, and when a token ends.

use serde_json::{Value, json};

use super::client::{Browser, account, run};
use crate::operations::commands::fte_with;
use crate::support::customers::{Customer, FORGOTTEN};
use crate::support::postgres::{client, fresh_database};
use crate::support::served::Served;
use crate::support::verdict::count;

async fn status(base: &str, token: &str, method: &str, path: &str) -> u16 {
    let http = fte::http_client::builder().no_proxy().build().unwrap();
    let method = reqwest::Method::from_bytes(method.as_bytes()).unwrap();
    let request = http.request(method, format!("{base}{path}")).bearer_auth(token).json(&json!({}));
    request.send().await.unwrap().status().as_u16()
}

fn text(document: &Value, member: &str) -> String {
    document[member].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn a_scope_opens_its_endpoints_and_no_others() {
    let url = fresh_database().await;
    let served = Served::start(&url, &[]).await;
    let lookup = "/customers/lookup?email=nobody@example.com";
    for (scope, expected) in [
        ("read", [404, 403, 403]),
        ("staff", [404, 403, 403]),
        ("ops", [403, 200, 422]),
        ("ingest", [403, 403, 403]),
        ("read,ops", [404, 200, 422]),
    ] {
        let created = run(&url, &["token", "create", "program", "--scope", scope, "--json"]).await;
        let token = text(&created, "token");
        assert!(token.len() == 47 && token.starts_with("fte_"), "{token}");
        assert_eq!(text(&created, "prefix"), token[..12]);
        let asked = [("GET", lookup), ("GET", "/metrics"), ("PUT", "/ops/pool?size=x")];
        for ((method, path), expected) in asked.into_iter().zip(expected) {
            let found = status(&served.base, &token, method, path).await;
            assert!(
                found == expected || (expected == 422 && [200, 400, 422].contains(&found)),
                "{scope} {path}: {found}"
            );
        }
        assert_eq!(status(&served.base, &token, "GET", "/staff/session").await, 403, "a token is no session");
    }
    for bad in [&["--scope", "write"][..], &["--scope", ""], &[], &["--scope", "read", "--expires", "0d"]] {
        let arguments = [&["token", "create", "program"], bad].concat();
        assert_eq!(fte_with(&url, &arguments, "", &[]).await.status.code(), Some(2), "{bad:?}");
    }
}

#[tokio::test]
async fn a_token_ends_when_it_expires_is_revoked_or_its_account_is_disabled() {
    let url = fresh_database().await;
    let served = Served::start(&url, &[]).await;
    account(&url, "ann@example.com", "agent").await;
    let database = client(&url).await;
    let create = ["token", "create", "program", "--scope", "read", "--as", "ann@example.com", "--json"];
    let path = "/customers/lookup?email=nobody@example.com";
    let mut ends = vec![];
    for _ in 0..3 {
        let created = run(&url, &create).await;
        assert_eq!(created["as"], "ann@example.com");
        let (id, token) = (text(&created, "id"), text(&created, "token"));
        assert_eq!(status(&served.base, &token, "GET", path).await, 404);
        ends.push((id, token));
    }
    run(&url, &["token", "revoke", &ends[0].0, "--json"]).await;
    let expire =
        format!("update api_tokens set expires_at = now() - interval '1 second' where id = '{}'", ends[1].0);
    database.batch_execute(&expire).await.unwrap();
    for (_, token) in &ends[..2] {
        assert_eq!(status(&served.base, token, "GET", path).await, 401);
    }
    assert_eq!(status(&served.base, &ends[2].1, "GET", path).await, 404);
    run(&url, &["staff", "disable", "ann@example.com", "--json"]).await;
    assert_eq!(status(&served.base, &ends[2].1, "GET", path).await, 401);
    for wrong in ["fte_", "fte_x", "x", &ends[2].1.to_uppercase()] {
        assert_eq!(status(&served.base, wrong, "GET", path).await, 401, "{wrong}");
    }

    let list = run(&url, &["token", "list", "--json"]).await;
    assert_eq!(list.as_array().unwrap().len(), 3);
    assert!(list.as_array().unwrap().iter().all(|line| line["revoked_at"].is_string()), "{list}");
    assert!(ends.iter().all(|(_, token)| !list.to_string().contains(token)), "{list}");
    let shown = format!("select count(*) from api_tokens t where t::text like '%{}%'", &ends[2].1[4..]);
    assert_eq!(count(&database, &shown).await, 0, "the token itself is not stored");
    let audited = "select count(*) from audit_log where action in ('token.created', 'token.revoked')";
    assert_eq!(count(&database, audited).await, 6, "three of each, one of which was asked for");

    account(&url, "ann@example.com", "agent").await;
    for (_, token) in &ends {
        assert_eq!(status(&served.base, token, "GET", path).await, 401, "its account was brought back");
    }
}

#[tokio::test]
async fn a_token_beats_a_cookie_and_a_customers_token_opens_nothing_here() {
    let url = fresh_database().await;
    let served = Served::start(&url, &[]).await;
    let ann = account(&url, "ann@example.com", "agent").await;
    let mut browser = Browser::new(&served.base);
    browser.sign_in(&ann, None).await;
    let http = fte::http_client::builder().no_proxy().build().unwrap();
    let cookie = format!("fte_session={}", browser.cookie.clone().unwrap());
    let request =
        http.get(format!("{}/staff/session", served.base)).header("Cookie", cookie).bearer_auth("wrong");
    assert_eq!(request.send().await.unwrap().status(), 401, "a wrong token is not saved by a cookie");

    Customer::of(&served.base).submit("cat@example.com", "1", FORGOTTEN).await;
    let row = client(&url).await.query_one("select id::text from customers", &[]).await.unwrap();
    let customer: String = row.get(0);
    let create = ["token", "create", "shop", "--scope", "read,staff", "--customer", &customer, "--json"];
    let token = text(&run(&url, &create).await, "token");
    for path in ["/customers/lookup?email=cat@example.com", "/staff/members", "/metrics"] {
        assert_eq!(status(&served.base, &token, "GET", path).await, 403, "{path}");
    }
}
