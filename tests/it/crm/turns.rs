//! PostgreSQL integration tests of turns: begin, record and finish, fencing of writers, and recovery after a crash.

use std::time::Duration;

use fte::crm::port::{Deliveries, Held, Outbox, RecordSteps, Sweep, Turns};
use fte::crm::postgres::PgStore;
use fte::domain::conversations::turn::{
    Finish, Finished, ModelTurn, PoisonState, Refusal, Rest, Step, SupersedePolicy, TurnContext,
};
use fte::domain::enums::{DeliveryState, MessageKind, Role, TicketStatus};
use fte::domain::messages::inquiry::Inquiry;

use crate::support::postgres::{client, fresh_database};
use crate::support::records::{
    accept, answer, begin, escalate, finish, follow_up, page, process, store, submission,
};
use crate::support::verdict::{count, none_left};
use crate::support::wait::LIMIT;

const COMMITTED: Finished = Finished::Committed(Rest::Nothing);

async fn step(store: &PgStore, context: &TurnContext, number: i32) -> Held {
    let steps =
        vec![Step::Modelled { said: ModelTurn { text: Some(number.to_string()), ..ModelTurn::default() } }];
    let order = RecordSteps {
        conversation: context.conversation,
        turn: context.turn,
        epoch: context.epoch,
        first: number,
        steps,
    };
    store.record_steps(vec![order]).await.remove(0).unwrap()
}

#[tokio::test]
async fn a_finished_turn_sends_its_answer_once_and_marks_its_messages_answered() {
    let url = fresh_database().await;
    let store = store(&url);
    let opened = accept(&store, submission("ann@example.com", "one")).await;
    let context = begin(&store, opened.conversation, process()).await.unwrap();
    assert_eq!((context.epoch, context.covers, context.unanswered.len()), (1, 1, 1));
    assert_eq!(finish(&store, answer(&context, "Use the link.")).await, COMMITTED);
    assert_eq!(begin(&store, opened.conversation, process()).await, None);

    assert_eq!(store.publish_web_replies(10).await, Ok(0), "the commit has published it");
    let after = page(&store, opened.ticket).await;
    assert_eq!(after.ticket.status, TicketStatus::WaitingCustomer);
    let shown: Vec<_> =
        after.messages.iter().map(|m| &m.message).map(|m| (m.role, m.kind, m.delivery_status)).collect();
    let delivered = Some(DeliveryState::Delivered);
    let expected =
        [(Role::Customer, MessageKind::Message, None), (Role::Agent, MessageKind::Message, delivered)];
    assert_eq!(shown, expected);
}

/// What a batch of turns changes, whichever statement did it.
#[tokio::test]
async fn consoles_are_told_of_every_turn_of_a_batch_and_of_what_it_wrote() {
    let url = fresh_database().await;
    let store = store(&url);
    let mut contexts = Vec::new();
    for sender in ["ann@example.com", "bob@example.com"] {
        let opened = accept(&store, submission(sender, sender)).await;
        contexts.push(begin(&store, opened.conversation, process()).await.unwrap());
    }
    let batch: Vec<Finish> = contexts.iter().map(|context| answer(context, "Use the link.")).collect();
    for finished in store.finish_turns(batch).await {
        assert_eq!(finished, Ok(COMMITTED));
    }
    let told = "select string_agg(t.kind || ' ' || t.times, ', ' order by t.kind collate \"C\")
                from (select kind, count(*) as times from staff_events group by kind) t";
    let told: String = client(&url).await.query_one(told, &[]).await.unwrap().get(0);
    assert_eq!(told, "conversation 2, message 4, turn 4");
    let subjects = "select count(*) from tickets t join ticket_subjects s on s.ticket_id = t.id and s.subject = t.subject";
    let database = client(&url).await;
    database.batch_execute("update tickets set subject = 'Renamed' where number = 1001").await.unwrap();
    let same: i64 = database.query_one(subjects, &[]).await.unwrap().get(0);
    assert_eq!(same, 2, "the subjects that are searched are those of the tickets");
}

#[tokio::test]
async fn a_repeated_finish_reports_the_earlier_commit() {
    let url = fresh_database().await;
    let store = store(&url);
    let opened = accept(&store, submission("ann@example.com", "one")).await;
    let context = begin(&store, opened.conversation, process()).await.unwrap();
    let order = answer(&context, "Use the link.");
    assert_eq!(finish(&store, order.clone()).await, COMMITTED);
    assert_eq!(finish(&store, order).await, COMMITTED);
    let replies = "select count(*) from messages where direction = 'outbound'";
    let count: i64 = client(&url).await.query_one(replies, &[]).await.unwrap().get(0);
    assert_eq!(count, 1);
}

#[tokio::test]
async fn an_older_owner_writes_nothing() {
    let url = fresh_database().await;
    let store = store(&url);
    let opened = accept(&store, submission("ann@example.com", "one")).await;
    let old = begin(&store, opened.conversation, process()).await.unwrap();
    let new = begin(&store, opened.conversation, process()).await.unwrap();
    assert_eq!(new.epoch, old.epoch + 1);
    assert_eq!(step(&store, &old, 0).await, Held::Lost);
    assert_eq!(store.renew_lease(old.conversation, old.epoch).await, Ok(Held::Lost));
    assert_eq!(finish(&store, answer(&old, "old")).await, Finished::Refused(Refusal::Fenced));
    assert_eq!(finish(&store, answer(&new, "new")).await, COMMITTED);
}

#[tokio::test]
async fn a_newer_message_restarts_a_turn_unless_its_policy_is_commit() {
    let url = fresh_database().await;
    let store = store(&url);
    let opened = accept(&store, submission("ann@example.com", "one")).await;
    let context = begin(&store, opened.conversation, process()).await.unwrap();
    accept(&store, follow_up(opened.ticket, "two")).await;
    let order = answer(&context, "Use the link.");
    assert_eq!(finish(&store, order.clone()).await, Finished::Refused(Refusal::Newer));
    let insisting = Finish { supersede: SupersedePolicy::Commit, ..order };
    assert_eq!(finish(&store, insisting).await, Finished::Committed(Rest::Waiting));
    let rest = begin(&store, opened.conversation, process()).await.unwrap();
    assert_eq!((rest.unanswered.len(), rest.covers), (1, 2));
    assert_eq!(rest.history.len(), 2);
}

#[tokio::test]
async fn the_bot_does_not_answer_in_a_conversation_owned_by_staff() {
    let url = fresh_database().await;
    let store = store(&url);
    let opened = accept(&store, submission("ann@example.com", "one")).await;
    let context = begin(&store, opened.conversation, process()).await.unwrap();
    assert_eq!(finish(&store, escalate(&context)).await, COMMITTED);
    store.publish_web_replies(10).await.unwrap();
    let ticket = page(&store, opened.ticket).await;
    assert_eq!(ticket.ticket.status, TicketStatus::Escalated);
    assert_eq!(ticket.messages.last().unwrap().message.kind, MessageKind::Acknowledgement);

    let later = accept(&store, follow_up(opened.ticket, "two")).await;
    assert_eq!(later.status, TicketStatus::Escalated);
    assert_eq!(begin(&store, opened.conversation, process()).await, None);
    let pending = Sweep { idle_for: Duration::ZERO, again_after: Duration::ZERO, limit: 10 };
    assert_eq!(store.lease_outbox(vec![], 10).await.unwrap().len(), 1);
    assert_eq!(store.sweep(pending).await, Ok(0));
}

#[tokio::test]
async fn a_takeover_during_a_turn_drops_its_draft() {
    let url = fresh_database().await;
    let store = store(&url);
    let opened = accept(&store, submission("ann@example.com", "one")).await;
    let context = begin(&store, opened.conversation, process()).await.unwrap();
    client(&url).await.batch_execute("update conversations set status = 'escalated'").await.unwrap();
    assert_eq!(step(&store, &context, 0).await, Held::Lost);
    assert_eq!(finish(&store, answer(&context, "late")).await, Finished::Refused(Refusal::TakenOver));
}

#[tokio::test]
async fn a_crashed_turn_resumes_from_its_steps() {
    let url = fresh_database().await;
    let store = store(&url);
    let opened = accept(&store, submission("ann@example.com", "one")).await;
    let crashed = begin(&store, opened.conversation, process()).await.unwrap();
    assert_eq!(step(&store, &crashed, 0).await, Held::Yes);
    assert_eq!(step(&store, &crashed, 1).await, Held::Yes);
    let resumed = begin(&store, opened.conversation, process()).await.unwrap();
    assert_eq!((resumed.turn, resumed.steps.len()), (crashed.turn, 2));
    assert_eq!(step(&store, &resumed, 2).await, Held::Yes);
}

#[tokio::test]
async fn a_turn_with_a_new_message_starts_clean() {
    let url = fresh_database().await;
    let store = store(&url);
    let opened = accept(&store, submission("ann@example.com", "one")).await;
    let first = begin(&store, opened.conversation, process()).await.unwrap();
    assert_eq!(step(&store, &first, 0).await, Held::Yes);
    accept(&store, follow_up(opened.ticket, "two")).await;
    let second = begin(&store, opened.conversation, process()).await.unwrap();
    assert_ne!(second.turn, first.turn);
    assert_eq!((second.steps.len(), second.unanswered.len(), second.covers), (0, 2, 2));
    let sql = "select count(*) from turns where ended_at is not null and outcome is null";
    let superseded: i64 = client(&url).await.query_one(sql, &[]).await.unwrap().get(0);
    assert_eq!(superseded, 1);
}

/// Expires the lease of a process that crashed; the server must have been running for the lease's whole term.
async fn die(url: &str) {
    let sql = "update conversations set lease_until = clock_timestamp() - interval '1 ms'";
    client(url).await.batch_execute(sql).await.unwrap();
}

#[tokio::test]
async fn three_crashes_quarantine_a_message_and_a_fourth_dead_letters_it() {
    let url = fresh_database().await;
    let store = store(&url);
    let opened = accept(&store, submission("ann@example.com", "one")).await;
    // A lease that began before the server started is no evidence of a crash.
    let too_young = "select (pg_postmaster_start_time() > now() - interval '6 seconds')::int::bigint";
    none_left(&url, too_young, LIMIT).await;
    let mut verdicts = vec![];
    for _ in 0..5 {
        verdicts.push(begin(&store, opened.conversation, process()).await.unwrap().poison);
        die(&url).await;
    }
    use PoisonState::{DeadLetter, Healthy, Quarantined};
    assert_eq!(verdicts, [Healthy, Healthy, Healthy, Quarantined, DeadLetter]);
}

#[tokio::test]
async fn a_process_that_was_only_stopped_has_not_crashed() {
    let url = fresh_database().await;
    let store = store(&url);
    let opened = accept(&store, submission("ann@example.com", "one")).await;
    none_left(&url, "select (pg_postmaster_start_time() > now() - interval '6 seconds')::int::bigint", LIMIT)
        .await;
    let crashed = "select cardinality(crashed_owners)::bigint from conversations";
    let counted = async || count(&client(&url).await, crashed).await;
    let dead = process();
    begin(&store, opened.conversation, dead).await.unwrap();
    die(&url).await;
    for _ in 0..5 {
        let stopped = process();
        let own = begin(&store, opened.conversation, stopped).await.unwrap();
        assert_eq!((own.poison, counted().await), (PoisonState::Healthy, 1), "the dead one");
        die(&url).await;
        let other = begin(&store, opened.conversation, process()).await.unwrap();
        assert_eq!(counted().await, 2, "until it goes on, no one knows that it lives");
        // It goes on, and finds its turn fenced. The lease of the other one stays.
        store.leave_turn(own.conversation, own.epoch, stopped).await.unwrap();
        assert_eq!(counted().await, 1);
        assert_eq!(step(&store, &other, 0).await, Held::Yes);
        assert_eq!(store.renew_lease(other.conversation, other.epoch).await, Ok(Held::Yes));
        // The other one ends without a decision, as when the provider of the model is down.
        store.leave_turn(other.conversation, other.epoch, process()).await.unwrap();
        assert_eq!(store.renew_lease(other.conversation, other.epoch).await, Ok(Held::Lost));
    }
}

#[tokio::test]
async fn neither_a_released_lease_nor_the_same_process_counts_as_a_crash() {
    let url = fresh_database().await;
    let store = store(&url);
    let opened = accept(&store, submission("ann@example.com", "one")).await;
    let owner = process();
    for _ in 0..5 {
        begin(&store, opened.conversation, owner).await.unwrap();
        die(&url).await;
    }
    for _ in 0..5 {
        let owner = process();
        begin(&store, opened.conversation, owner).await.unwrap();
        store.release_leases(vec![opened.conversation], owner).await.unwrap();
    }
    let context = begin(&store, opened.conversation, process()).await.unwrap();
    assert_eq!(context.poison, PoisonState::Healthy);
}

#[tokio::test]
async fn a_parked_message_leaves_a_dead_letter_an_escalation_and_one_acknowledgement() {
    let url = fresh_database().await;
    let store = store(&url);
    let opened = accept(&store, submission("ann@example.com", "one")).await;
    for _ in 0..3 {
        let context = begin(&store, opened.conversation, process()).await.unwrap();
        assert_ne!(context.poison, PoisonState::DeadLetter);
        store.record_fault(context.conversation, context.epoch).await.unwrap();
    }
    let condemned = begin(&store, opened.conversation, process()).await.unwrap();
    assert_eq!(condemned.poison, PoisonState::DeadLetter);
    let order = Finish { dead_letter: Some("panic".to_owned()), ..escalate(&condemned) };
    assert_eq!(finish(&store, order).await, COMMITTED);
    let sql = "select (select count(*) from dead_letters) + (select count(*) from escalations) \
               + (select count(*) from messages where kind = 'acknowledgement')";
    let rows: i64 = client(&url).await.query_one(sql, &[]).await.unwrap().get(0);
    assert_eq!(rows, 3);
}

#[tokio::test]
async fn the_sweeper_requeues_only_work_without_a_live_lease() {
    let url = fresh_database().await;
    let store = store(&url);
    let abandoned = accept(&store, submission("ann@example.com", "one")).await;
    let running = accept(&store, submission("bob@example.com", "two")).await;
    let rows = store.lease_outbox(vec![], 10).await.unwrap();
    let done = rows.iter().map(|row| row.id).collect();
    assert_eq!(store.lease_outbox(done, 10).await, Ok(vec![]));
    begin(&store, running.conversation, process()).await.unwrap();

    let sweep = Sweep { idle_for: Duration::ZERO, again_after: Duration::ZERO, limit: 10 };
    assert_eq!(store.sweep(sweep).await, Ok(1));
    assert_eq!(store.sweep(sweep).await, Ok(0), "its row is in the outbox already");
    let rows = store.lease_outbox(vec![], 10).await.unwrap();
    let found: Vec<_> = rows.iter().map(|row| row.pointer.unwrap().conversation).collect();
    assert_eq!(found, [abandoned.conversation]);
}

#[tokio::test]
async fn an_unreadable_row_is_dead_lettered_and_blocks_no_other() {
    let url = fresh_database().await;
    let store = store(&url);
    let sql =
        "insert into outbox (topic, key, payload) values ('fte.tickets.incoming', gen_random_uuid(), '{}')";
    client(&url).await.batch_execute(sql).await.unwrap();
    accept(&store, submission("ann@example.com", "one")).await;
    let rows = store.lease_outbox(vec![], 10).await.unwrap();
    assert_eq!((rows[0].pointer, rows.len()), (None, 2));
    store.park_outbox(rows[0].id, "unreadable".to_owned()).await.unwrap();
    client(&url).await.batch_execute("update outbox set lease_until = null").await.unwrap();
    assert_eq!(store.lease_outbox(vec![], 10).await.unwrap().len(), 1);
}

#[tokio::test]
async fn a_turn_records_the_sentiment_of_its_messages_and_a_conversation_the_trend() {
    let url = fresh_database().await;
    let store = store(&url);
    let opened = accept(&store, submission("ann@example.com", "one")).await;
    let felt = |context: &TurnContext, sentiment| Finish { sentiment, ..answer(context, "Select Export.") };
    let first = begin(&store, opened.conversation, process()).await.unwrap();
    assert_eq!(finish(&store, felt(&first, Some(0.5))).await, COMMITTED);
    let moods = async || {
        let sql = "select (select array_agg(sentiment order by seq) from messages where direction = 'inbound'), \
                   (select sentiment from conversations)";
        let row = client(&url).await.query_one(sql, &[]).await.unwrap();
        (row.get::<_, Vec<Option<f32>>>(0), row.get::<_, Option<f32>>(1))
    };
    assert_eq!(moods().await, (vec![Some(0.5)], Some(0.5)));

    accept(&store, follow_up(opened.ticket, "two")).await;
    let second = begin(&store, opened.conversation, process()).await.unwrap();
    assert_eq!(finish(&store, felt(&second, Some(1.0))).await, COMMITTED);
    let (messages, trend) = moods().await;
    assert_eq!(messages, [Some(0.5), Some(1.0)]);
    assert!((trend.unwrap() - 0.7).abs() < 0.001, "{trend:?}");

    accept(&store, follow_up(opened.ticket, "three")).await;
    let third = begin(&store, opened.conversation, process()).await.unwrap();
    assert_eq!(finish(&store, felt(&third, None)).await, COMMITTED);
    let (messages, after) = moods().await;
    assert_eq!((messages[2], after), (None, trend));
}

#[tokio::test]
async fn a_message_to_a_conversation_owned_by_staff_is_scored_and_updates_the_trend() {
    let url = fresh_database().await;
    let store = store(&url);
    let weighed = |mut inquiry: Inquiry, percent| {
        inquiry.extras.sentiment_percent = percent;
        inquiry
    };
    let opened = accept(&store, submission("ann@example.com", "one")).await;
    let first = begin(&store, opened.conversation, process()).await.unwrap();
    // The trend uses the scores of turns as long as there are any.
    accept(&store, weighed(follow_up(opened.ticket, "two"), Some(90))).await;
    let insisting = Finish { sentiment: Some(0.5), supersede: SupersedePolicy::Commit, ..escalate(&first) };
    assert!(matches!(finish(&store, insisting).await, Finished::Committed(_)));
    accept(&store, weighed(follow_up(opened.ticket, "three"), Some(10))).await;
    accept(&store, follow_up(opened.ticket, "four")).await;

    let sql = "select (select array_agg(round(sentiment::numeric, 2)::text order by seq) from messages
                        where direction = 'inbound'),
                      (select round(sentiment::numeric, 2)::text from conversations)";
    let row = client(&url).await.query_one(sql, &[]).await.unwrap();
    let messages: Vec<Option<String>> = row.get(0);
    let messages: Vec<Option<&str>> = messages.iter().map(Option::as_deref).collect();
    assert_eq!(messages, [Some("0.50"), Some("0.90"), Some("0.10"), None]);
    assert_eq!(row.get::<_, String>(1), "0.34");
}
