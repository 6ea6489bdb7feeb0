//! Streams of the console and of customers: how many an account may have, and that none outlives what it was opened with.

use std::net::IpAddr;

use reqwest::{Client, RequestBuilder};
use serde_json::json;

use super::rig::Team;
use crate::accounts::client::{Account, Browser, COOKIE, account, run};
use crate::support::customers::FORGOTTEN;
use crate::support::postgres::{client, fresh_database};
use crate::support::served::{Served, TOKEN};
use crate::support::sse::Events;
use crate::support::wait::{LIMIT, eventually};

/// A request for a stream, from an address of this machine.
fn stream(base: &str, from: [u8; 4]) -> RequestBuilder {
    let client: Client =
        fte::http_client::builder().no_proxy().local_address(IpAddr::from(from)).build().unwrap();
    client.get(format!("{base}/staff/events"))
}

/// Of each account (API-STAFF.md says as many of each address).
const MAX_STREAMS: u8 = 20;
const HOME: [u8; 4] = [127, 0, 0, 1];

async fn signed_in(base: &str, account: &Account) -> (Browser, Events) {
    let mut browser = Browser::new(base);
    assert_eq!(browser.sign_in(account, None).await.0, 201);
    let cookie = format!("{COOKIE}={}", browser.cookie.as_ref().unwrap());
    let mut events = Events::of(stream(base, HOME).header("Cookie", cookie)).await.unwrap();
    events.named("hello").await;
    (browser, events)
}

/// Reads to the end of a stream.
async fn ends(events: &mut Events) {
    while events.next().await.is_some() {}
}

#[tokio::test]
async fn a_stream_ends_with_its_session_its_token_and_its_account() {
    let url = fresh_database().await;
    let team = Team::serving(&url, Served::start(&url, &[("AGENT_POOL_SIZE", "0")]).await).await;
    let base = team.served.base.clone();
    let mut opened = Vec::new();
    for name in ["ann", "bob", "carla", "dora"] {
        let account = account(&url, &format!("{name}@example.com"), "agent").await;
        opened.push(signed_in(&base, &account).await);
    }
    let [(ann, mut of_ann), (_, mut of_bob), (_, mut of_carla), (_, mut of_dora)] =
        <[_; 4]>::try_from(opened).ok().unwrap();
    let token = run(&url, &["token", "create", "reader", "--scope", "read", "--json"]).await;
    let bearer = token["token"].as_str().unwrap();
    let mut of_program = Events::of(stream(&base, HOME).bearer_auth(bearer)).await.unwrap();

    assert_eq!(ann.send("DELETE", "/staff/session", None).await.status(), 204);
    run(&url, &["staff", "disable", "bob@example.com", "--json"]).await;
    let idle = "update staff_sessions s set last_seen_at = now() - interval '1 day'
                from staff a where a.id = s.staff_id and a.email = 'carla@example.com'";
    client(&url).await.batch_execute(idle).await.unwrap();
    run(&url, &["token", "revoke", token["id"].as_str().unwrap(), "--json"]).await;
    for events in [&mut of_ann, &mut of_bob, &mut of_carla, &mut of_program] {
        ends(events).await;
    }

    // Another account's stream goes on.
    let (_, conversation) = team.submit(FORGOTTEN).await;
    let message = of_dora.named("message").await;
    assert!(message.data.contains(&conversation));
}

#[tokio::test]
async fn a_customers_stream_ends_when_the_link_is_revoked_or_another_customer_proves_the_ticket() {
    let url = fresh_database().await;
    let team = Team::serving(&url, Served::start(&url, &[("AGENT_POOL_SIZE", "0")]).await).await;
    let mut open = Vec::new();
    for _ in 0..3 {
        let (ticket, conversation) = team.submit(FORGOTTEN).await;
        let path = format!("{}/support/ticket/{ticket}/events", team.served.base);
        let mut events = Events::open(&path, None).await;
        events.named("hello").await;
        open.push((conversation, events));
    }
    let [(revoked, mut of_revoked), (locked, mut of_locked), (_, mut of_shown)] =
        <[_; 3]>::try_from(open).ok().unwrap();
    let ann = team.agent(&url, "ann@example.com", "agent").await;
    assert_eq!(ann.act(&revoked, "revoke_link", json!({})).await.0, 204);
    let lock = format!("update conversations set proved = true where id = '{locked}'");
    team.database.batch_execute(&lock).await.unwrap();
    ends(&mut of_revoked).await;
    ends(&mut of_locked).await;

    // The stream of a page that can still be seen goes on.
    team.database.batch_execute("update tickets set status = 'in_progress'").await.unwrap();
    assert!(of_shown.named("ticket").await.data.contains("in_progress"));
}

#[tokio::test]
async fn an_account_has_twenty_streams_from_wherever() {
    let url = fresh_database().await;
    let served = Served::start(&url, &[("AGENT_POOL_SIZE", "0")]).await;
    let mut open = Vec::new();
    for number in 0..MAX_STREAMS {
        let from = [127, 0, 0, 2 + number % 2];
        open.push(Events::of(stream(&served.base, from).bearer_auth(TOKEN)).await.unwrap());
    }
    let elsewhere = [127, 0, 0, 4];
    let refused = Events::of(stream(&served.base, elsewhere).bearer_auth(TOKEN)).await;
    assert_eq!(refused.err(), Some(429));
    let ann = account(&url, "ann@example.com", "agent").await;
    let (_browser, _events) = signed_in(&served.base, &ann).await;
    // A place that is given back is another stream's.
    drop(open.pop());
    let again = async || Events::of(stream(&served.base, elsewhere).bearer_auth(TOKEN)).await.map(|_| ());
    eventually("a place is free", LIMIT, again).await;
}
