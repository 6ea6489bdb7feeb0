//! Sessions: opened, shown, ended by whoever has them, by the command line, and by time.

use serde_json::{Value, json};

use super::client::{Account, Browser, account, run};
use crate::support::postgres::{client, fresh_database};
use crate::support::served::Served;
use crate::support::verdict::count;

#[tokio::test]
async fn a_session_is_opened_shown_and_ended() {
    let url = fresh_database().await;
    let served = Served::start(&url, &[]).await;
    let ann = account(&url, "Ann@Example.com", "admin").await;
    let mut browser = Browser::new(&served.base);
    assert_eq!(browser.sign_in(&ann, None).await.0, 201);
    let shown: Value = browser.send("GET", "/staff/session", None).await.json().await.unwrap();
    assert_eq!(
        (&shown["staff"]["email"], &shown["staff"]["role"]),
        (&json!("ann@example.com"), &json!("admin"))
    );
    assert_eq!(shown["csrf_token"].as_str(), browser.csrf.as_deref());

    // A session is worth what its account may do.
    assert_eq!(browser.send("GET", "/metrics/channels", None).await.status(), 200);
    let members: Value = browser.send("GET", "/staff/members", None).await.json().await.unwrap();
    let emails: Vec<_> = members["items"].as_array().unwrap().iter().map(|item| &item["email"]).collect();
    assert_eq!(emails, ["admin@localhost", "ann@example.com"]);

    let out = browser.send("DELETE", "/staff/session", None).await;
    assert_eq!(out.status(), 204);
    assert!(out.headers()["set-cookie"].to_str().unwrap().starts_with("fte_session=; "));
    assert!(!browser.is_signed_in().await, "the cookie is worth nothing any more");
    let database = client(&url).await;
    let audited =
        "select count(*) from audit_log where action in ('staff.added', 'session.opened', 'session.ended')";
    assert_eq!(count(&database, audited).await, 4, "two accounts, a login and a logout");
}

#[tokio::test]
async fn an_agent_may_not_operate_the_process() {
    let url = fresh_database().await;
    let served = Served::start(&url, &[]).await;
    let bob = account(&url, "bob@example.com", "agent").await;
    let mut browser = Browser::new(&served.base);
    browser.sign_in(&bob, None).await;
    assert_eq!(browser.send("GET", "/customers/lookup?email=a@example.com", None).await.status(), 404);
    for (method, path) in [("GET", "/metrics"), ("PUT", "/ops/pool")] {
        assert_eq!(browser.send(method, path, Some(json!({}))).await.status(), 403, "{path}");
    }
}

#[tokio::test]
async fn a_request_that_may_be_forged_changes_nothing() {
    let url = fresh_database().await;
    let served = Served::start(&url, &[]).await;
    let ann = account(&url, "ann@example.com", "agent").await;
    let mut browser = Browser::new(&served.base);
    browser.sign_in(&ann, None).await;
    let mut other = Browser::new(&served.base);
    other.sign_in(&ann, None).await;
    let own = browser.csrf.clone();
    for token in [None, Some(String::new()), Some("guessed".to_owned()), other.csrf.clone()] {
        browser.csrf = token;
        let refused = (403, "csrf".to_owned());
        assert_eq!(browser.outcome("POST", "/staff/totp", Some(json!({}))).await, refused);
        assert_eq!(browser.outcome("DELETE", "/staff/session", None).await, refused);
        let change = json!({"current": ann.password, "new": "a longer password"});
        assert_eq!(browser.outcome("PUT", "/staff/password", Some(change)).await, refused);
    }
    browser.csrf = own;
    assert!(browser.is_signed_in().await);
    assert_eq!(browser.outcome("POST", "/staff/totp", Some(json!({}))).await.0, 201);
}

#[tokio::test]
async fn a_session_that_was_there_before_the_login_is_worth_nothing_after_it() {
    let url = fresh_database().await;
    let served = Served::start(&url, &[]).await;
    let (mallory, ann) = (
        account(&url, "mallory@example.com", "agent").await,
        account(&url, "ann@example.com", "agent").await,
    );
    let mut attacker = Browser::new(&served.base);
    attacker.sign_in(&mallory, None).await;
    let made_up = Some("made-up-by-an-attacker".to_owned());
    for planted in [attacker.cookie.clone(), made_up] {
        let mut victim = Browser::with_cookie(&served.base, planted.clone());
        assert_eq!(victim.sign_in(&ann, None).await.0, 201);
        assert_ne!(victim.cookie, planted);
        let replay = Browser::with_cookie(&served.base, planted);
        assert!(!replay.is_signed_in().await);
        assert!(victim.is_signed_in().await);
    }
}

#[tokio::test]
async fn disabling_an_account_ends_what_it_has_and_a_reset_gives_a_new_password() {
    let url = fresh_database().await;
    let served = Served::start(&url, &[]).await;
    let ann = account(&url, "ann@example.com", "agent").await;
    let mut browser = Browser::new(&served.base);
    browser.sign_in(&ann, None).await;
    let reset = run(&url, &["staff", "reset", "ann@example.com", "--json"]).await;
    assert!(!browser.is_signed_in().await, "a reset ends sessions");
    assert_eq!(browser.sign_in(&ann, None).await.0, 401, "the old password");
    let ann = Account { password: reset["password"].as_str().unwrap().to_owned(), ..ann };
    assert_eq!(browser.sign_in(&ann, None).await.0, 201);

    run(&url, &["staff", "disable", "ann@example.com", "--json"]).await;
    assert!(!browser.is_signed_in().await);
    let (status, _) = browser.sign_in(&ann, None).await;
    assert_eq!(status, 401);
    let list = run(&url, &["staff", "list", "--json"]).await;
    let line = list.as_array().unwrap().iter().find(|line| line["email"] == "ann@example.com").unwrap();
    assert_eq!(line["active"], false);
    let ann = account(&url, "ann@example.com", "agent").await;
    assert_eq!(browser.sign_in(&ann, None).await.0, 201, "it was brought back");
}

#[tokio::test]
async fn a_new_password_ends_every_session() {
    let url = fresh_database().await;
    let served = Served::start(&url, &[]).await;
    let ann = account(&url, "ann@example.com", "agent").await;
    let (mut here, mut there) = (Browser::new(&served.base), Browser::new(&served.base));
    for browser in [&mut here, &mut there] {
        browser.sign_in(&ann, None).await;
    }
    let change = |current: &str, new: &str| Some(json!({"current": current, "new": new}));
    assert_eq!(here.outcome("PUT", "/staff/password", change("wrong", "a longer password")).await.0, 422);
    assert_eq!(here.outcome("PUT", "/staff/password", change(&ann.password, "too short")).await.0, 422);
    assert!(here.is_signed_in().await && there.is_signed_in().await);
    assert_eq!(
        here.outcome("PUT", "/staff/password", change(&ann.password, "a longer password")).await.0,
        204
    );
    assert!(!here.is_signed_in().await && !there.is_signed_in().await);
    let mut browser = Browser::new(&served.base);
    assert_eq!(browser.sign_in(&ann, None).await.0, 401);
    let ann = Account { password: "a longer password".to_owned(), ..ann };
    assert_eq!(browser.sign_in(&ann, None).await.0, 201);
}

#[tokio::test]
async fn a_session_ends_after_half_a_day_of_silence_and_after_a_week() {
    let url = fresh_database().await;
    let served = Served::start(&url, &[]).await;
    let ann = account(&url, "ann@example.com", "agent").await;
    let database = client(&url).await;
    for (column, within, beyond) in
        [("last_seen_at", "11 hours", "13 hours"), ("created_at", "6 days", "8 days")]
    {
        let mut browser = Browser::new(&served.base);
        browser.sign_in(&ann, None).await;
        for (age, lives) in [(within, true), (beyond, false)] {
            let set = format!("update staff_sessions set {column} = now() - interval '{age}'");
            database.batch_execute(&set).await.unwrap();
            assert_eq!(browser.is_signed_in().await, lives, "{column} {age}");
        }
    }
}

#[tokio::test]
async fn the_first_start_prints_the_password_of_the_first_account_once() {
    let url = fresh_database().await;
    let served = Served::start(&url, &[("LOG_LEVEL", "off")]).await;
    let log = served.log();
    let line = log.lines().find(|line| line.contains("admin@localhost")).unwrap();
    let password = line.rsplit(' ').next().unwrap().to_owned();
    let admin = Account { email: "admin@localhost".to_owned(), password };
    let mut browser = Browser::new(&served.base);
    assert_eq!(browser.sign_in(&admin, None).await.0, 201);
    let (_, _, place) = served.terminated().await;
    let served = Served::start_with(place, &url, &[], &[]).await;
    assert!(!served.log().contains("admin@localhost"), "{}", served.log());
}

#[tokio::test]
async fn a_secure_cookie_is_bound_to_its_host_in_production() {
    let url = fresh_database().await;
    let production = [("ENVIRONMENT", "production"), ("API_HOST", "127.0.0.1")];
    let served = Served::start(&url, &production).await;
    let ann = account(&url, "ann@example.com", "agent").await;
    let browser = Browser::new(&served.base);
    let body = json!({"email": ann.email, "password": ann.password});
    let response = browser.send("POST", "/staff/session", Some(body)).await;
    let set = response.headers()["set-cookie"].to_str().unwrap();
    assert!(
        set.starts_with("__Host-fte_session=") && set.contains("; HttpOnly; Secure; SameSite=Strict"),
        "{set}"
    );
}
