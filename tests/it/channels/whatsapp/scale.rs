//! Volume tests of WhatsApp: repeated webhooks, albums, and status reports in any order. `FTE_TEST_WHATSAPP_PERCENT`
//! scales the documented numbers; 100 if unset.

use std::collections::HashMap;

use fte::channels::whatsapp::Form;
use fte::clock;
use futures_util::future::join_all;

use super::seed;
use crate::support::customers::FORGOTTEN;
use crate::support::postgres::{client, fresh_database};
use crate::support::process::argument;
use crate::support::twilio::FakeTwilio;
use crate::support::verdict::{count, none_left};
use crate::support::wait::LIMIT;
use crate::support::whatsapp::{form, photo};

/// A documented number, scaled for this run.
pub fn scaled(promised: usize) -> usize {
    let percent = argument("FTE_TEST_WHATSAPP_PERCENT").map_or(100, |percent| percent.parse().unwrap());
    (promised * percent / 100).max(10)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn each_webhook_five_times_at_once_is_one_row() {
    let ids = scaled(2000);
    let url = fresh_database().await;
    let twilio = FakeTwilio::open();
    let served = twilio.serve(&url, &[("AGENT_POOL_SIZE", "0")]).await;

    let forms: Vec<Form> =
        (0..ids).map(|n| form(&format!("+49151{:08}", n % 500), &format!("SM{n}"), FORGOTTEN)).collect();
    let began = clock::monotonic();
    for some in forms.chunks(20) {
        let five = some.iter().flat_map(|form| std::iter::repeat_n(form, 5));
        join_all(five.map(|form| twilio.write(&served.base, form))).await;
    }

    println!("{} webhooks for {ids} ids in {:.1?}", ids * 5, clock::monotonic() - began);
    let database = client(&url).await;
    let rows = count(&database, "select count(*) from messages").await;
    assert_eq!(usize::try_from(rows), Ok(ids), "{}", served.log());
    let once = "select count(distinct external_id) from messages";
    assert_eq!(usize::try_from(count(&database, once).await), Ok(ids));
    let conversations = count(&database, "select count(*) from conversations").await;
    assert_eq!(usize::try_from(conversations), Ok(ids.min(500)));
    let gaps = "select count(*) from (select from messages group by conversation_id
                    having count(*) <> max(seq) or count(distinct seq) <> count(*) or min(seq) <> 1) broken";
    assert_eq!(count(&database, gaps).await, 0);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn albums_of_ten_are_one_conversation_and_one_answer_each() {
    let albums = scaled(200);
    let url = fresh_database().await;
    let twilio = FakeTwilio::open();
    let served = twilio.serve(&url, &[]).await;

    let album = |a: usize| {
        (0..10).map(move |n| photo(&format!("+49151{a:08}"), &format!("MM{a}x{n}"), "https://127.0.0.1/none"))
    };
    let began = clock::monotonic();
    for some in (0..albums).collect::<Vec<_>>().chunks(5) {
        twilio.write_all(&served.base, some.iter().flat_map(|a| album(*a)).collect()).await;
    }

    let waiting = "select (select count(*) from messages where direction = 'inbound' and answered_by is null)
                        + (select count(*) from deliveries where state in ('pending', 'sending'))";
    none_left(&url, waiting, LIMIT).await;
    println!("{albums} albums of ten answered in {:.1?}", clock::monotonic() - began);
    let database = client(&url).await;
    let exactly = usize::try_from(count(&database, "select count(*) from conversations").await);
    assert_eq!(exactly, Ok(albums));
    let mut answers: HashMap<String, usize> = HashMap::new();
    for entry in twilio.sandbox.ledger().sent() {
        *answers.entry(entry.to.clone()).or_default() += 1;
    }
    assert_eq!(answers.len(), albums);
    let twice: Vec<_> = answers.iter().filter(|(_, answers)| **answers != 1).collect();
    assert!(twice.is_empty(), "{twice:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn reports_in_any_order_never_move_a_state_back() {
    let deliveries = scaled(1000);
    let url = fresh_database().await;
    seed::replies(&url, i64::try_from(deliveries).unwrap()).await;
    let database = client(&url).await;
    database.batch_execute(LEDGER_OF_STATES).await.unwrap();
    database
        .batch_execute("update deliveries set state = 'sending', lease_until = now() + interval '1 hour'")
        .await
        .unwrap();
    let twilio = FakeTwilio::open();
    let served = twilio.serve(&url, &[("AGENT_POOL_SIZE", "0")]).await;

    let began = clock::monotonic();
    twilio.report_all(&served.base, shuffled_reports(deliveries)).await;
    println!("{} reports in {:.1?}", deliveries * 10, clock::monotonic() - began);

    let back = "select count(*) from state_changes where array_position(
                    array['pending', 'sending', 'sent', 'failed', 'delivered', 'read'], was)
                    >= array_position(array['pending', 'sending', 'sent', 'failed', 'delivered', 'read'], is_now)";
    assert_eq!(count(&database, back).await, 0);
    let unread =
        "select count(*) from deliveries where state <> 'read' or read_at is null or delivered_at is null";
    assert_eq!(count(&database, unread).await, 0);
    let bound = "select count(distinct provider_id) from deliveries";
    assert_eq!(usize::try_from(count(&database, bound).await), Ok(deliveries));
    assert!(count(&database, "select count(*) from state_changes").await > 0, "no state change was logged");
}

/// A trigger that logs each change of a state.
const LEDGER_OF_STATES: &str = "
    create table state_changes (id uuid, was text, is_now text);
    create function remember_state() returns trigger language plpgsql as $$
    begin insert into state_changes values (new.id, old.state, new.state); return new; end $$;
    create trigger remember_state after update on deliveries
    for each row when (old.state is distinct from new.state) execute function remember_state()";

/// Ten status reports for each delivery, shuffled; the same order on every run.
fn shuffled_reports(deliveries: usize) -> Vec<(String, Form)> {
    const WORDS: [&str; 10] =
        ["queued", "sending", "sent", "delivered", "read", "sent", "delivered", "read", "queued", "sent"];
    let total = deliveries * WORDS.len();
    // A step without a common divisor with the total visits every index once.
    let step = (total / 2 + 1..).find(|step| gcd(*step, total) == 1).unwrap();
    (0..total)
        .map(|n| {
            let place = n * step % total;
            let (delivery, word) = (place / WORDS.len(), WORDS[place % WORDS.len()]);
            let id = seed::delivery(i64::try_from(delivery).unwrap());
            let sid = format!("SMreport{delivery}");
            let form =
                Form::from([("MessageSid", sid.as_str()), ("MessageStatus", word), ("To", "whatsapp:+1")]);
            (format!("delivery={id}"), form)
        })
        .collect()
}

fn gcd(a: usize, b: usize) -> usize {
    if b == 0 { a } else { gcd(b, a % b) }
}
