//! Two-factor authentication: set up, asked for, used once each, turned off.

use fte::clock;
use serde_json::{Value, json};
use totp_rs::{Builder, Secret};

use super::client::{Account, Browser, account};
use crate::support::postgres::{client, fresh_database};
use crate::support::served::Served;

/// The code that an app shows `steps` of 30 seconds from now.
fn code(secret: &str, steps: i64) -> String {
    let totp = Builder::new().with_secret(Secret::try_from_base32(secret).unwrap()).build().unwrap();
    let at = clock::now().unix_timestamp() + 30 * steps;
    totp.generate(u64::try_from(at).unwrap()).to_string()
}

struct Rig {
    served: Served,
    url: String,
    ann: Account,
    browser: Browser,
    secret: String,
    recovery: Vec<String>,
}

/// An account whose second factor is on.
async fn with_second_factor() -> Rig {
    let url = fresh_database().await;
    let served = Served::start(&url, &[]).await;
    let ann = account(&url, "ann@example.com", "agent").await;
    let mut browser = Browser::new(&served.base);
    browser.sign_in(&ann, None).await;
    let response = browser.send("POST", "/staff/totp", Some(json!({}))).await;
    assert_eq!(response.status(), 201);
    let shown: Value = response.json().await.unwrap();
    let secret = shown["secret"].as_str().unwrap().to_owned();
    assert!(shown["otpauth_url"].as_str().unwrap().starts_with("otpauth://totp/"), "{shown}");
    let codes = shown["recovery_codes"].as_array().unwrap();
    let recovery = codes.iter().map(|code| code.as_str().unwrap().to_owned()).collect();

    assert_eq!(Browser::new(&served.base).sign_in(&ann, None).await.0, 201, "it is not on yet");
    assert_eq!(browser.outcome("PUT", "/staff/totp", Some(json!({"code": "000000"}))).await.0, 422);
    let confirmed = json!({"code": code(&secret, -1)});
    assert_eq!(browser.outcome("PUT", "/staff/totp", Some(confirmed)).await.0, 204);
    Rig { served, url, ann, browser, secret, recovery }
}

async fn state(browser: &Browser) -> Value {
    browser.send("GET", "/staff/totp", None).await.json().await.unwrap()
}

#[tokio::test]
async fn the_account_shows_whether_it_is_on_and_how_many_recovery_codes_are_left() {
    let Rig { served: _served, url: _url, ann, mut browser, secret: _, recovery } =
        with_second_factor().await;
    assert_eq!(state(&browser).await, json!({"enabled": true, "recovery_codes_left": 10}));
    assert_eq!(browser.sign_in(&ann, Some(&recovery[0])).await.0, 201);
    assert_eq!(state(&browser).await, json!({"enabled": true, "recovery_codes_left": 9}));
    let off = json!({"code": recovery[1]});
    assert_eq!(browser.outcome("DELETE", "/staff/totp", Some(off)).await.0, 204);
    assert_eq!(state(&browser).await, json!({"enabled": false, "recovery_codes_left": 0}));
    browser.send("POST", "/staff/totp", Some(json!({}))).await;
    assert_eq!(
        state(&browser).await,
        json!({"enabled": false, "recovery_codes_left": 0}),
        "it is only shown"
    );
}

#[tokio::test]
async fn a_code_is_asked_for_and_works_once() {
    let Rig { served, url, ann, browser, secret, recovery } = with_second_factor().await;
    let again = browser.outcome("POST", "/staff/totp", Some(json!({}))).await;
    assert_eq!(again, (409, "totp_on".to_owned()));

    let mut browser = Browser::new(&served.base);
    // A password without a code is no failure, however often.
    for _ in 0..6 {
        assert_eq!(browser.sign_in(&ann, None).await, (401, "totp_required".to_owned()));
    }
    assert_eq!(browser.sign_in(&ann, Some("000000")).await, (401, "totp_invalid".to_owned()));
    let shown = code(&secret, 0);
    assert_eq!(browser.sign_in(&ann, Some(&shown)).await.0, 201);
    assert_eq!(browser.sign_in(&ann, Some(&shown)).await, (401, "totp_invalid".to_owned()), "it was used");
    assert_eq!(browser.sign_in(&ann, Some(&recovery[0].to_uppercase())).await.0, 201);
    assert_eq!(browser.sign_in(&ann, Some(&recovery[0])).await, (401, "totp_invalid".to_owned()));
    let wrong = Account { password: "wrong".to_owned(), email: ann.email.clone() };
    assert_eq!(
        browser.sign_in(&wrong, Some(&recovery[1])).await,
        (401, String::new()),
        "a code alone is nothing"
    );
    assert_eq!(browser.sign_in(&ann, Some(&recovery[1])).await.0, 429, "five failures");

    let stored = "select encode(code_hash, 'hex') from staff_recovery_codes";
    let rows = client(&url).await.query(stored, &[]).await.unwrap();
    assert_eq!(rows.len(), 10);
    assert!(rows.iter().all(|row| !recovery.contains(&row.get(0))));
}

#[tokio::test]
async fn only_the_secret_that_was_shown_last_can_be_turned_on() {
    let url = fresh_database().await;
    let served = Served::start(&url, &[]).await;
    let ann = account(&url, "ann@example.com", "agent").await;
    let mut browser = Browser::new(&served.base);
    browser.sign_in(&ann, None).await;
    let mut secrets = Vec::new();
    for _ in 0..2 {
        let shown: Value = browser.send("POST", "/staff/totp", Some(json!({}))).await.json().await.unwrap();
        secrets.push(shown["secret"].as_str().unwrap().to_owned());
    }
    for (secret, status) in secrets.iter().zip([422, 204]) {
        let proof = Some(json!({"code": code(secret, 0)}));
        assert_eq!(browser.outcome("PUT", "/staff/totp", proof).await.0, status);
    }
}

#[tokio::test]
async fn a_code_turns_it_off() {
    let Rig { served, url: _url, ann, browser, secret, recovery } = with_second_factor().await;
    assert_eq!(browser.outcome("DELETE", "/staff/totp", Some(json!({"code": "000000"}))).await.0, 422);
    let used = json!({"code": code(&secret, -1)});
    assert_eq!(browser.outcome("DELETE", "/staff/totp", Some(used)).await.0, 422, "it was used");
    let off = json!({"code": recovery[3]});
    assert_eq!(browser.outcome("DELETE", "/staff/totp", Some(off)).await.0, 204);
    assert_eq!(Browser::new(&served.base).sign_in(&ann, None).await.0, 201);
    let off = json!({"code": code(&secret, 1)});
    assert_eq!(browser.outcome("DELETE", "/staff/totp", Some(off)).await.0, 422, "it is off");
}
