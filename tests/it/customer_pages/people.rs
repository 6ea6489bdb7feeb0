//! Asking for a person on a ticket's page.

use fte::clock;
use serde_json::{Value, json};
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

use crate::support::customers::{Customer, FORGOTTEN, PRICING};
use crate::support::postgres::{client, fresh_database};
use crate::support::served::Served;
use crate::support::verdict::count;
use crate::support::wait::LIMIT;

async fn ask(base: &str, ticket: &str) -> (u16, Value) {
    let http = fte::http_client::builder().no_proxy().build().unwrap();
    let url = format!("{base}/support/ticket/{ticket}/human");
    let response = http.post(url).json(&json!({})).send().await.unwrap();
    (response.status().as_u16(), response.json().await.unwrap())
}

fn time_of(value: &Value) -> OffsetDateTime {
    OffsetDateTime::parse(value.as_str().unwrap(), &Rfc3339).unwrap()
}

#[tokio::test]
async fn a_person_is_asked_for_once_however_often_the_button_is_pressed() {
    let url = fresh_database().await;
    let served = Served::start(&url, &[]).await;
    let ann = Customer::of(&served.base);
    let ticket = ann.submit("ann@example.com", "1", FORGOTTEN).await.ticket();
    ann.replied(&ticket, 1, LIMIT).await;

    let presses = (0..5).map(|_| ask(&served.base, &ticket));
    let answers = futures_util::future::join_all(presses).await;
    assert!(answers.iter().all(|answer| *answer == answers[0]), "{answers:?}");
    let (status, answer) = &answers[0];
    assert_eq!((*status, &answer["status"]), (200, &json!("escalated")));
    assert!(time_of(&answer["expected_by"]) > clock::now());
    assert_eq!(ask(&served.base, &ticket).await, answers[0]);

    let view = ann.ticket(&ticket).await;
    assert_eq!(view["status"], "escalated");
    let messages = view["messages"].as_array().unwrap();
    let last = messages.last().unwrap();
    assert_eq!((&last["id"], &last["kind"]), (&answer["message_id"], &json!("acknowledgement")));
    assert_eq!(messages.len(), 3, "{view}");
    assert!(last["content"].as_str().unwrap().contains("a person will take over"), "{last}");
    let database = client(&url).await;
    let escalations = "select count(*) from escalations where reason = 'human_request'";
    assert_eq!(count(&database, escalations).await, 1);
    ann.follow_up(&ticket, "2", FORGOTTEN).await;
    let unanswered = "select count(*) from messages where direction = 'inbound' and answered_by is null";
    assert_eq!(count(&database, unanswered).await, 1, "the bot is silent");
}

#[tokio::test]
async fn an_escalated_ticket_gives_its_own_acknowledgement_and_a_closed_one_refuses() {
    let url = fresh_database().await;
    let served = Served::start(&url, &[]).await;
    let ann = Customer::of(&served.base);
    let ticket = ann.submit("ann@example.com", "1", PRICING).await.ticket();
    let view = ann.replied(&ticket, 1, LIMIT).await;
    let (status, answer) = ask(&served.base, &ticket).await;
    assert_eq!(status, 200);
    assert_eq!(answer["message_id"], view["messages"][1]["id"]);
    let after = ann.ticket(&ticket).await;
    let said = |view: &Value| {
        let messages = view["messages"].as_array().unwrap();
        (view["status"].clone(), messages.iter().map(|message| message["id"].clone()).collect::<Vec<_>>())
    };
    assert_eq!(said(&after), said(&view), "nothing has changed");
    let database = client(&url).await;
    assert_eq!(count(&database, "select count(*) from escalations").await, 1);

    // Staff have claimed one that was never escalated: the customer is told, and staff keep it.
    let taken = ann.submit("bob@example.com", "1", FORGOTTEN).await.ticket();
    ann.replied(&taken, 1, LIMIT).await;
    let claim = format!(
        "update conversations set status = 'escalated', epoch = epoch + 1
         where id = (select conversation_id from tickets where id = '{taken}');
         update tickets set status = 'in_progress' where id = '{taken}'"
    );
    database.batch_execute(&claim).await.unwrap();
    let (status, answer) = ask(&served.base, &taken).await;
    assert_eq!((status, &answer["status"]), (200, &json!("in_progress")));
    assert_eq!(ask(&served.base, &taken).await, (200, answer));

    let close = format!("update tickets set status = 'closed' where id = '{ticket}'");
    database.batch_execute(&close).await.unwrap();
    let (status, problem) = ask(&served.base, &ticket).await;
    assert_eq!((status, &problem["code"]), (409, &json!("ticket_closed")));
}
