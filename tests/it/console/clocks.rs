//! SLA clocks through the real server: every row of the table of transitions, targets by plan and severity, breaches, and
//! reminders once in the whole system.

mod marks;
mod scene;

use serde_json::json;
use time::{Duration, OffsetDateTime};

use crate::support::customers::{Customer, FORGOTTEN, PRICING, THANKS};
use crate::support::gmail::FakeGmail;
use crate::support::postgres::fresh_database;
use crate::support::receiver::Receiver;
use crate::support::served::Served;
use crate::support::wait::{LIMIT, becomes, eventually};
use scene::{Clocks, PAUSED, STOPPED, Scene, context, conversation_of_next};

#[tokio::test]
async fn clocks_start_run_pause_and_stop_as_the_table_of_transitions_says() {
    let (url, folder) = (fresh_database().await, tempfile::tempdir().unwrap());
    let served = Served::start(&url, &[("CONTEXT_PATH", &context(folder.path()))]).await;
    let scene = Scene::serving(&url, served).await;

    answers_of_the_bot_start_no_clock(&scene).await;

    let (ticket, conversation) = scene.asked(PRICING, "escalated").await;
    let started = escalation_starts_clocks_and_claims_let_them_run(&scene, &conversation).await;
    reply_pauses_clocks_until_it_is_cancelled(&scene, &conversation, &started).await;
    message_to_staff_starts_the_next_answer(&scene, &ticket, &conversation).await;
    resolving_stops_clocks_and_reopening_lets_them_run(&scene, &conversation).await;

    let asked = request_for_a_person_starts_clocks_and_a_resolving_reply_stops_them(&scene).await;
    retry_of_a_parked_message_stops_clocks(&scene, &asked).await;
    erasure_stops_clocks(&scene).await;
}

/// The bot answers, its customer writes again, and the bot has nothing to say to it.
async fn answers_of_the_bot_start_no_clock(scene: &Scene) {
    let (ticket, answered) = scene.asked(FORGOTTEN, "waiting_customer").await;
    assert_eq!(scene.clocks(&answered).await, STOPPED);
    scene.writes(&ticket, THANKS).await;
    assert_eq!(scene.clocks(&answered).await, STOPPED);
    scene.becomes(&answered, "waiting_customer").await;
    assert_eq!(scene.clocks(&answered).await, STOPPED);
}

/// Returns the clocks that the bot's escalation started.
async fn escalation_starts_clocks_and_claims_let_them_run(scene: &Scene, conversation: &str) -> Clocks {
    let since = scene.since(conversation).await;
    let started = Clocks {
        first: Some(since + Duration::hours(4)),
        resolution: Some(since + Duration::days(2)),
        ..STOPPED
    };
    assert_eq!(scene.clocks(conversation).await, started);
    for action in ["claim", "release", "claim"] {
        scene.does(conversation, action, json!({})).await;
        assert_eq!(scene.clocks(conversation).await, started, "{action}");
    }
    scene.does(conversation, "assign", json!({"staff_id": scene.me.id})).await;
    assert_eq!(scene.clocks(conversation).await, started, "assign");
    started
}

/// After the cancellation the clocks go on as if the reply had not been.
async fn reply_pauses_clocks_until_it_is_cancelled(scene: &Scene, conversation: &str, started: &Clocks) {
    let (status, reply) = scene.me.reply(&scene.team, conversation, "Which plan do you have?").await;
    assert_eq!(status, 201, "{reply}");
    assert_eq!(scene.clocks(conversation).await, PAUSED);
    scene.cancel(&reply).await;
    assert_eq!(scene.clocks(conversation).await, *started, "cancel");
}

/// The customer writes to people: the next answer counts, and of the resolution only what is left.
async fn message_to_staff_starts_the_next_answer(scene: &Scene, ticket: &str, conversation: &str) {
    scene.age(conversation, "resolution_since", 60).await;
    scene.me.reply(&scene.team, conversation, "Which plan do you have?").await;
    assert_eq!(scene.clocks(conversation).await, PAUSED);
    scene.writes(ticket, "And another thing.").await;
    let since = scene.since(conversation).await;
    let goes_on = scene.clocks(conversation).await;
    assert_eq!((goes_on.first, goes_on.next), (None, Some(since + Duration::hours(4))));
    let left = goes_on.resolution.unwrap() - since;
    assert!((Duration::hours(46)..=Duration::hours(47)).contains(&left), "{left}");
    scene.writes(ticket, "And another thing.").await;
    assert_eq!(scene.clocks(conversation).await, goes_on, "a second message");
}

async fn resolving_stops_clocks_and_reopening_lets_them_run(scene: &Scene, conversation: &str) {
    scene.resolve(conversation).await;
    assert_eq!(scene.clocks(conversation).await, STOPPED, "resolve");
    scene.does(conversation, "reopen", json!({})).await;
    let reopened = scene.clocks(conversation).await;
    assert_eq!(reopened.next, Some(scene.since(conversation).await + Duration::hours(4)), "{reopened:?}");
    scene.does(conversation, "hand_back", json!({})).await;
    assert_eq!(scene.clocks(conversation).await, STOPPED, "hand_back");
}

/// Returns the conversation; its clocks run again, as the reply is cancelled in the end.
async fn request_for_a_person_starts_clocks_and_a_resolving_reply_stops_them(scene: &Scene) -> String {
    let (ticket, asked) = scene.asked(FORGOTTEN, "waiting_customer").await;
    assert_eq!(scene.me.post(&format!("/support/ticket/{ticket}/human"), json!({})).await.0, 200);
    let clocks = scene.clocks(&asked).await;
    assert_eq!(clocks.first, Some(scene.since(&asked).await + Duration::hours(4)), "{clocks:?}");
    let seen = scene.team.newest(&asked).await;
    let body = json!({"text": "Done.", "seen_through": seen, "then": "resolve"});
    let reply = scene.does(&asked, "reply", body).await;
    assert_eq!(scene.clocks(&asked).await, STOPPED, "reply and resolve");
    scene.cancel(&reply).await;
    assert_eq!(scene.clocks(&asked).await, clocks, "cancel of a reply that resolved");
    asked
}

/// A parked message that is tried again is the bot's.
async fn retry_of_a_parked_message_stops_clocks(scene: &Scene, asked: &str) {
    let park = format!(
        "insert into dead_letters (id, conversation_id, reason) values ('{asked}', '{asked}', 'failure')"
    );
    scene.team.database.batch_execute(&park).await.unwrap();
    assert_eq!(scene.me.post(&format!("/staff/parked/{asked}/retry"), json!({})).await.0, 202);
    assert_eq!(scene.clocks(asked).await, STOPPED, "retry");
}

async fn erasure_stops_clocks(scene: &Scene) {
    let (_, erased) = scene.asked(PRICING, "escalated").await;
    let customer = scene.customer_of(&erased).await;
    let (status, answer) =
        scene.boss.post(&format!("/staff/customers/{customer}/erase"), json!({"confirm": customer})).await;
    assert_eq!(status, 200, "{answer}");
    assert_eq!(scene.clocks(&erased).await, STOPPED, "close");
}

#[tokio::test]
async fn targets_follow_plan_and_severity_and_a_breach_is_marked_listed_and_told_once() {
    let (url, folder) = (fresh_database().await, tempfile::tempdir().unwrap());
    let variables = [("CONTEXT_PATH", &*context(folder.path())), ("AGENT_POOL_SIZE", "0")];
    let gmail = FakeGmail::start();
    let scene = Scene::serving(&url, gmail.serve(&url, &variables).await).await;
    let (_, conversation) = scene.team.submit(FORGOTTEN).await;
    scene.does(&conversation, "claim", json!({})).await;
    let since = scene.since(&conversation).await;
    targets_follow_severity(&scene, &conversation, since).await;
    targets_follow_plan(&scene, &conversation, since).await;

    let (_, other) = scene.team.submit(FORGOTTEN).await;
    scene.does(&other, "claim", json!({})).await;
    let mut events = scene.events().await;
    scene.age(&other, "response_since", 241).await;
    assert_eq!(conversation_of_next(&mut events, "conversation").await, json!(other));
    assert!(scene.clocks(&other).await.breached);
    breach_is_listed_first_and_can_be_filtered(&scene, &other, &conversation).await;
    let marks = "select count(*) from conversation_clocks where answer_breached_at is not null and resolution_breached_at is null";
    assert_eq!(scene.team.database.query_one(marks, &[]).await.unwrap().get::<_, i64>(0), 1);
    let counted = async || counted(&scene.team.served.base, "fte_sla_breaches_total{").await;
    let expected = ["first_response", "next_response", "resolution"]
        .map(|clock| format!("clock=\"{clock}\"}} {}", u8::from(clock == "first_response")));
    becomes("breaches are counted", expected.to_vec(), counted).await;
    scene.me.reply(&scene.team, &other, "Sorry for the delay.").await;
    assert!(!scene.clocks(&other).await.breached, "it was answered");

    each_member_of_staff_is_mailed_one_reminder(&scene, &gmail, &conversation).await;
}

/// Without a severity the priority counts.
async fn targets_follow_severity(scene: &Scene, conversation: &str, since: OffsetDateTime) {
    let path = format!("/staff/conversations/{conversation}");
    assert_eq!(scene.clocks(conversation).await.first, Some(since + Duration::hours(4)), "as its priority");
    for (body, hours) in [
        (json!({"priority": "high"}), 2),
        (json!({"severity": "low"}), 8),
        (json!({"priority": "medium", "severity": "urgent"}), 1),
        (json!({"severity": "normal"}), 4),
    ] {
        let clocks = scene.change(conversation, &path, body.clone()).await;
        assert_eq!((clocks.first, clocks.paused), (Some(since + Duration::hours(hours)), false), "{body}");
    }
}

/// The support hours of the plan count too; an unknown plan has the targets of the first one.
async fn targets_follow_plan(scene: &Scene, conversation: &str, since: OffsetDateTime) {
    let customer = format!("/staff/customers/{}", scene.customer_of(conversation).await);
    let closed = scene.change(conversation, &customer, json!({"plan": "enterprise"})).await;
    let due = closed.first.unwrap();
    assert_eq!((due.time().as_hms(), closed.paused), ((11, 0, 0), true), "two hours after nine: {due}");
    let day = since + Duration::days(3);
    assert!(due.weekday() == day.weekday() && due > since && due - since < Duration::days(8), "{due}");
    assert_eq!(closed.resolution.map(|due| due.time().as_hms()), Some((17, 0, 0)), "its working day ends");
    let unknown = scene.change(conversation, &customer, json!({"plan": "Gold"})).await;
    assert_eq!(unknown.first, Some(since + Duration::hours(4)), "an unknown plan");
}

async fn breach_is_listed_first_and_can_be_filtered(scene: &Scene, breached: &str, in_time: &str) {
    for (filter, expected) in [("true", breached), ("false", in_time)] {
        let page = scene.me.get(&format!("/staff/conversations?queue=mine&breached={filter}")).await;
        let items = page["items"].as_array().unwrap();
        let ids: Vec<&str> = items.iter().map(|item| item["conversation_id"].as_str().unwrap()).collect();
        assert_eq!(ids, [expected], "{filter}");
        assert_eq!(page["counts"]["mine"], json!(1), "{filter}");
    }
    let page = scene.me.get("/staff/conversations?queue=mine").await;
    assert_eq!(page["items"][0]["conversation_id"], json!(breached), "what is due first comes first");
}

/// Where there is a mailbox, reminders of an escalation that nobody takes are mailed.
async fn each_member_of_staff_is_mailed_one_reminder(scene: &Scene, gmail: &FakeGmail, conversation: &str) {
    let escalate = format!(
        "insert into escalations (id, conversation_id, reason, severity, summary)
         values (gen_random_uuid(), '{conversation}', 'pricing', 'high', 'x')"
    );
    scene.team.database.batch_execute(&escalate).await.unwrap();
    scene.does(conversation, "release", json!({})).await;
    scene.age(conversation, "unclaimed_since", 15).await;
    let staff = ["me@example.com", "boss@example.com"].map(str::to_owned);
    becomes("mails to staff", vec![1, 1], async || gmail.state().counts(&staff)).await;
    let mails = gmail.state().sent();
    let mail = mails.iter().find(|mail| mail.contains("To: <me@example.com>")).unwrap();
    let link = format!("{}/console?c={conversation}", scene.team.served.base);
    for part in ["still needs a person: pricing (high)", "For: Sales desk", &link] {
        assert!(mail.replace("=\r\n", "").replace("=3D", "=").contains(part), "{part}: {mail}");
    }
}

#[tokio::test]
async fn staff_are_reminded_once_of_what_nobody_takes_by_two_processes() {
    let (url, folder) = (fresh_database().await, tempfile::tempdir().unwrap());
    let receiver = Receiver::start(&[]);
    let (one, other) = Served::start_two(
        &url,
        &[
            ("CONTEXT_PATH", &context(folder.path())),
            ("ESCALATION_WEBHOOK_URL", &receiver.url),
            ("ESCALATION_REMIND_MINUTES", "10"),
        ],
    )
    .await;
    let scene = Scene::serving(&url, one).await;
    let (_, claimed) = scene.asked(PRICING, "escalated").await;
    scene.does(&claimed, "claim", json!({})).await;
    let (_, conversation) = scene.asked(PRICING, "escalated").await;
    notices(&receiver, 2).await;
    let mut events = scene.events().await;

    scene.age(&claimed, "response_since", 30).await;
    scene.age(&conversation, "unclaimed_since", 10).await;
    assert_eq!(conversation_of_next(&mut events, "escalation").await, json!(conversation));
    reminders_go_to_the_first_contact_then_the_second(&scene, &receiver, &conversation).await;
    let bases = [&*scene.team.served.base, &*other.base];
    there_is_no_third_reminder(&scene, &receiver, &conversation, &claimed, bases).await;
    let mut keys: Vec<String> = receiver.ledger().into_iter().map(|post| post.idempotency_key).collect();
    keys.sort();
    keys.dedup();
    assert_eq!(keys.len(), 5, "a receiver that removes repetitions shows every reminder");
}

/// What follows this beginning in the lines of the metrics.
async fn counted(base: &str, beginning: &str) -> Vec<String> {
    let text = Customer::of(base).get("/metrics").await.unwrap().text().await.unwrap();
    text.lines().filter_map(|line| line.strip_prefix(beginning)).map(str::to_owned).collect()
}

/// The texts of all notices, once there are at least so many.
async fn notices(receiver: &Receiver, count: usize) -> Vec<String> {
    let found = async || {
        let posts: Vec<String> = receiver.ledger().into_iter().map(|post| post.text).collect();
        if posts.len() >= count { Ok(posts) } else { Err(posts) }
    };
    eventually("notices", LIMIT, found).await.0
}

/// The first reminder is due already.
async fn reminders_go_to_the_first_contact_then_the_second(
    scene: &Scene,
    receiver: &Receiver,
    conversation: &str,
) {
    let first = notices(receiver, 3).await.pop().unwrap();
    assert!(first.contains("still needs a person (reminder 1): *pricing* (normal)"), "{first}");
    assert!(first.contains("\nFor: Sales desk\n"), "{first}");
    scene.age(conversation, "unclaimed_since", 10).await;
    let second = notices(receiver, 4).await.pop().unwrap();
    assert!(second.contains("still needs a person (reminder 2): *pricing* (high)"), "{second}");
    assert!(second.contains("\nFor: Head of Sales\n"), "{second}");
    assert_eq!(scene.detail(conversation).await["severity"], "high");
}

/// A reminder of another conversation, due after it, shows that there is none.
async fn there_is_no_third_reminder(
    scene: &Scene,
    receiver: &Receiver,
    conversation: &str,
    other: &str,
    bases: [&str; 2],
) {
    scene.age(conversation, "unclaimed_since", 600).await;
    scene.does(other, "release", json!({})).await;
    scene.age(other, "unclaimed_since", 10).await;
    notices(receiver, 5).await;
    let rows = "select array_agg(number || ' ' || severity || ' ' || (conversation_id::text = $1)
                                 order by created_at) from escalation_reminders";
    let rows: Vec<String> = scene.team.database.query_one(rows, &[&conversation]).await.unwrap().get(0);
    assert_eq!(rows, ["1 normal true", "2 high true", "1 normal false"]);
    let reminders = async || {
        let mut total = 0;
        for base in bases {
            let lines = counted(base, "fte_escalation_reminders_total ").await;
            total += lines.iter().map(|count| count.parse::<u64>().unwrap()).sum::<u64>();
        }
        total
    };
    becomes("each reminder counts once in the whole system", 3, reminders).await;
}
