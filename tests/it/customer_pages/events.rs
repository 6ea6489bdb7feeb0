//! The record of live events: nothing is missed, whatever the order of commits.

use fte::crm::port::{Deliveries, LiveEvents, TicketPages};
use fte::crm::postgres::PgStore;
use fte::domain::conversations::idle::IdleLimits;
use fte::domain::conversations::live::{ChangeBatch, ChangeKind, EventPosition};
use fte::domain::enums::{DeliveryState, TicketStatus};
use fte::domain::ids::TicketId;

use crate::support::postgres::{client, fresh_database};
use crate::support::records::{accept, answer, begin, finish, follow_up, process, store, submission};

async fn since(store: &PgStore, ticket: TicketId, position: &EventPosition) -> Option<ChangeBatch> {
    store.changes(vec![(ticket, position.clone())]).await.unwrap()
}

fn messages(batch: &ChangeBatch) -> Vec<Option<DeliveryState>> {
    let changes = batch.changes.iter().filter_map(|change| match change.kind {
        ChangeKind::Message { delivery_status, .. } => Some(delivery_status),
        ChangeKind::Ticket { .. } => None,
    });
    changes.collect()
}

fn statuses(batch: &ChangeBatch) -> Vec<TicketStatus> {
    let changes = batch.changes.iter().filter_map(|change| match change.kind {
        ChangeKind::Ticket { status, .. } => Some(status),
        ChangeKind::Message { .. } => None,
    });
    changes.collect()
}

#[tokio::test]
async fn a_turn_is_told_of_when_its_answer_shows() {
    let url = fresh_database().await;
    let store = store(&url);
    let opened = accept(&store, submission("ann@example.com", "one")).await;
    let other = accept(&store, submission("bob@example.com", "other")).await;
    let mut position = store.position().await.unwrap();

    let context = begin(&store, opened.conversation, process()).await.unwrap();
    finish(&store, answer(&context, "Use the link.")).await;
    let shown = since(&store, opened.ticket, &position).await.unwrap();
    assert_eq!(messages(&shown), [Some(DeliveryState::Delivered)]);
    assert_eq!(statuses(&shown), [TicketStatus::WaitingCustomer]);
    position = shown.position;

    accept(&store, follow_up(opened.ticket, "two")).await;
    let asked = since(&store, opened.ticket, &position).await.unwrap();
    assert_eq!((messages(&asked), statuses(&asked)), (vec![None], vec![TicketStatus::Open]));
    assert_eq!(since(&store, opened.ticket, &asked.position).await.unwrap().changes, []);
    assert_eq!(since(&store, other.ticket, &position).await.unwrap().changes, [], "another's ticket");
}

/// The commits come in another order than the numbers of their transactions.
#[tokio::test]
async fn a_change_that_commits_late_is_not_missed() {
    let url = fresh_database().await;
    let store = store(&url);
    let opened = accept(&store, submission("ann@example.com", "one")).await;
    let (mut slow, fast) = (client(&url).await, client(&url).await);
    let start = store.position().await.unwrap();

    let late = slow.transaction().await.unwrap();
    let event = "insert into live_events (conversation_id) select conversation_id from tickets";
    late.execute(event, &[]).await.unwrap();
    fast.execute("update tickets set status = 'in_progress'", &[]).await.unwrap();
    let first = since(&store, opened.ticket, &start).await.unwrap();
    assert_eq!(statuses(&first), [TicketStatus::InProgress]);
    assert_eq!(since(&store, opened.ticket, &first.position).await.unwrap().changes, []);

    late.commit().await.unwrap();
    let second = since(&store, opened.ticket, &first.position).await.unwrap();
    assert_eq!(statuses(&second), [TicketStatus::InProgress], "the late change");
    assert_eq!(since(&store, opened.ticket, &second.position).await.unwrap().changes, []);
}

#[tokio::test]
async fn a_position_that_is_old_foreign_or_no_snapshot_is_refused() {
    let url = fresh_database().await;
    let store = store(&url);
    let opened = accept(&store, submission("ann@example.com", "one")).await;
    let now = store.position().await.unwrap();
    assert!(since(&store, opened.ticket, &now).await.is_some());
    let day = 24 * 60 * 60;
    for (at, snapshot) in [
        (now.at - day - 60, now.snapshot.as_str()),
        (now.at, "9000000000:9000000000:"),
        (now.at, "7:3:"),
        (now.at, "3:7:9"),
        (now.at, "9999999999999999999:9999999999999999999:"),
    ] {
        let position = EventPosition { at, snapshot: snapshot.to_owned() };
        assert_eq!(since(&store, opened.ticket, &position).await, None, "{position}");
    }
}

#[tokio::test]
async fn events_are_kept_for_a_day_and_a_little() {
    let url = fresh_database().await;
    let store = store(&url);
    accept(&store, submission("ann@example.com", "one")).await;
    let database = client(&url).await;
    let age = "insert into live_events (conversation_id, created_at)
               select conversation_id, now() - make_interval(hours => h) from tickets, unnest(array[1, 24, 26, 27]) h";
    database.batch_execute(age).await.unwrap();
    assert_eq!(store.forget_events(1).await, Ok(1));
    assert_eq!(store.forget_events(10).await, Ok(1));
    assert_eq!(store.forget_events(10).await, Ok(0));
}

#[tokio::test]
async fn the_end_of_a_ticket_is_told() {
    let url = fresh_database().await;
    let store = store(&url);
    let opened = accept(&store, submission("ann@example.com", "one")).await;
    let context = begin(&store, opened.conversation, process()).await.unwrap();
    finish(&store, answer(&context, "Use the link.")).await;
    store.publish_web_replies(10).await.unwrap();
    let position = store.position().await.unwrap();
    client(&url)
        .await
        .execute("update tickets set updated_at = now() - interval '73 hours'", &[])
        .await
        .unwrap();
    assert_eq!(store.end_idle_tickets(IdleLimits::default(), 10).await, Ok(1));
    let ended = since(&store, opened.ticket, &position).await.unwrap();
    assert_eq!(statuses(&ended), [TicketStatus::Resolved]);
}
