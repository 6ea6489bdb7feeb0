//! Guessing passwords: throttled, also in parallel, and without telling which accounts exist.

use futures_util::future::join_all;
use serde_json::json;

use super::client::{Account, Browser, account, run};
use crate::support::postgres::{client, fresh_database};
use crate::support::served::Served;

fn with_password(account: &Account, password: &str) -> Account {
    Account { email: account.email.clone(), password: password.to_owned() }
}

#[tokio::test]
async fn five_failures_stop_an_account_from_one_address_also_with_the_right_password() {
    let url = fresh_database().await;
    let served = Served::start(&url, &[("TRUSTED_PROXIES", "127.0.0.1")]).await;
    let (ann, bob) =
        (account(&url, "ann@example.com", "agent").await, account(&url, "bob@example.com", "agent").await);
    let mut browser = Browser::new(&served.base);
    for n in 0..5 {
        assert_eq!(browser.sign_in(&with_password(&ann, &n.to_string()), None).await.0, 401, "{n}");
    }
    let body = json!({"email": ann.email, "password": ann.password});
    let refused = browser.send("POST", "/staff/session", Some(body)).await;
    assert_eq!(refused.status(), 429);
    let wait: u64 = refused.headers()["retry-after"].to_str().unwrap().parse().unwrap();
    assert!((1..=900).contains(&wait), "{wait}");
    assert_eq!(browser.sign_in(&bob, None).await.0, 201, "another account");

    let database = client(&url).await;
    database.batch_execute("update login_attempts set at = at - interval '16 minutes'").await.unwrap();
    assert_eq!(browser.sign_in(&ann, None).await.0, 201, "the window is over");
}

#[tokio::test]
async fn attempts_at_the_same_time_count_as_well() {
    let url = fresh_database().await;
    let served = Served::start(&url, &[]).await;
    let ann = account(&url, "ann@example.com", "agent").await;
    let wrong = with_password(&ann, "wrong");
    let attempts = (0..20).map(|_| async {
        let mut browser = Browser::new(&served.base);
        browser.sign_in(&wrong, None).await.0
    });
    let statuses = join_all(attempts).await;
    let refused = statuses.iter().filter(|status| **status == 401).count();
    assert_eq!(refused, 5, "{statuses:?}");
    assert!(statuses.iter().all(|status| [401, 429].contains(status)), "{statuses:?}");
}

#[tokio::test]
async fn fifty_failures_of_an_account_or_from_an_address_stop_both() {
    let url = fresh_database().await;
    let served = Served::start(&url, &[]).await;
    let ann = account(&url, "ann@example.com", "agent").await;
    let database = client(&url).await;
    for (account, address, count, status) in [
        ("ann@example.com", "203.0.113.7", 49, 201),
        ("ann@example.com", "203.0.113.7", 50, 429),
        ("somebody@example.com", "127.0.0.1", 49, 201),
        ("somebody@example.com", "127.0.0.1", 50, 429),
    ] {
        let fill = format!(
            "delete from login_attempts;
             insert into login_attempts (account, address) select '{account}', '{address}' from generate_series(1, {count})"
        );
        database.batch_execute(&fill).await.unwrap();
        let mut browser = Browser::new(&served.base);
        assert_eq!(browser.sign_in(&ann, None).await.0, status, "{account} {address} {count}");
    }
}

#[tokio::test]
async fn nobody_learns_which_accounts_exist() {
    let url = fresh_database().await;
    let served = Served::start(&url, &[]).await;
    let ann = account(&url, "ann@example.com", "agent").await;
    let disabled = account(&url, "gone@example.com", "agent").await;
    run(&url, &["staff", "disable", "gone@example.com", "--json"]).await;
    let unknown = Account { email: "nobody@example.com".to_owned(), password: "whatever it is".to_owned() };
    let service = Account { email: "service@localhost".to_owned(), password: String::from("x") };
    let browser = Browser::new(&served.base);
    let mut answers = Vec::new();
    for tried in [with_password(&ann, "wrong"), unknown, disabled, service] {
        let body = json!({"email": tried.email, "password": tried.password});
        let response = browser.send("POST", "/staff/session", Some(body)).await;
        assert_eq!(response.status(), 401, "{}", tried.email);
        assert!(!response.headers().contains_key("set-cookie"));
        answers.push(response.text().await.unwrap());
    }
    assert!(answers.iter().all(|answer| *answer == answers[0]), "{answers:?}");
}
