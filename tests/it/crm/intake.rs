//! PostgreSQL integration tests of storing inquiries.

use fte::crm::port::{CrmError, Inquiries};
use fte::domain::enums::TicketStatus;
use fte::domain::messages::inquiry::{Freshness, MAX_UNSETTLED, Stored};

use crate::support::postgres::{client, fresh_database};
use crate::support::records::{accept, follow_up, store, submission};

async fn count(url: &str, sql: &str) -> i64 {
    client(url).await.query_one(sql, &[]).await.unwrap().get(0)
}

#[tokio::test]
async fn a_submission_makes_one_row_of_each_kind() {
    let url = fresh_database().await;
    let receipt = accept(&store(&url), submission("ann@example.com", "one")).await;
    assert_eq!((receipt.freshness, receipt.status), (Freshness::New, TicketStatus::Open));
    assert_eq!(receipt.ticket_number.to_string(), "T-1001");
    for table in ["customers", "customer_identifiers", "conversations", "tickets", "messages", "outbox"] {
        assert_eq!(count(&url, &format!("select count(*) from {table}")).await, 1, "{table}");
    }
}

#[tokio::test]
async fn a_repetition_gets_the_same_answer_and_does_nothing() {
    let url = fresh_database().await;
    let store = store(&url);
    let first = accept(&store, submission("ann@example.com", "one")).await;
    let again = accept(&store, submission("ann@example.com", "one")).await;
    assert_eq!(again.freshness, Freshness::Repeated);
    assert_eq!((again.ticket, again.message), (first.ticket, first.message));
    assert_eq!(count(&url, "select count(*) from conversations").await, 1);
    assert_eq!(count(&url, "select count(*) from outbox").await, 1);
}

#[tokio::test]
async fn the_same_external_id_with_another_text_is_a_conflict() {
    let url = fresh_database().await;
    let store = store(&url);
    accept(&store, submission("ann@example.com", "one")).await;
    let mut other = submission("ann@example.com", "one");
    other.fingerprint = [8; 32];
    assert_eq!(store.store_inquiries(vec![other]).await, [Ok(Stored::Conflict)]);
}

#[tokio::test]
async fn follow_ups_are_numbered_in_order_and_reopen_an_answered_ticket() {
    let url = fresh_database().await;
    let store = store(&url);
    let opened = accept(&store, submission("ann@example.com", "one")).await;
    let sql = format!("update tickets set status = 'waiting_customer' where id = '{}'", opened.ticket);
    client(&url).await.batch_execute(&sql).await.unwrap();
    let batch = (0..20).map(|n| follow_up(opened.ticket, &format!("more-{n}"))).collect();
    for (n, stored) in store.store_inquiries(batch).await.into_iter().enumerate() {
        let Ok(Stored::Accepted(receipt)) = stored else { panic!("follow-up {n}: {stored:?}") };
        assert_eq!((receipt.status, receipt.conversation), (TicketStatus::Open, opened.conversation));
    }
    let rows =
        client(&url).await.query("select external_id, seq from messages order by seq", &[]).await.unwrap();
    let order: Vec<(String, i64)> = rows.iter().map(|row| (row.get(0), row.get(1))).collect();
    let mut expected = vec![("one".to_owned(), 1)];
    expected.extend((0..20).map(|n| (format!("more-{n}"), n + 2)));
    assert_eq!(order, expected);
    assert_eq!(count(&url, "select last_inbound from conversations").await, 21);
    assert_eq!(
        count(&url, "select count(*) from messages where identifier_value = 'ann@example.com'").await,
        21
    );
}

#[tokio::test]
async fn an_unknown_ticket_and_a_closed_one_take_nothing() {
    let url = fresh_database().await;
    let store = store(&url);
    let opened = accept(&store, submission("ann@example.com", "one")).await;
    let sql = "update tickets set status = 'closed'; update conversations set status = 'closed'";
    client(&url).await.batch_execute(sql).await.unwrap();
    let unknown = follow_up(fte::clock::new_v4().into(), "two");
    let answers = store.store_inquiries(vec![unknown, follow_up(opened.ticket, "three")]).await;
    assert_eq!(answers, [Ok(Stored::NoTicket), Ok(Stored::TicketClosed)]);
    assert_eq!(count(&url, "select count(*) from messages").await, 1);
}

#[tokio::test]
async fn a_ticket_takes_so_many_messages_without_an_answer_and_more_after_it() {
    let url = fresh_database().await;
    let store = store(&url);
    let opened = accept(&store, submission("ann@example.com", "one")).await;
    let other = accept(&store, submission("bob@example.com", "two")).await;
    let room = usize::try_from(MAX_UNSETTLED).unwrap() - 1;
    let batch = |name: &str, count| -> Vec<_> {
        (0..count).map(|n| follow_up(opened.ticket, &format!("{name}-{n}"))).collect()
    };
    let refused = |answers: Vec<Result<Stored, CrmError>>| {
        answers.iter().filter(|answer| **answer == Ok(Stored::TicketFull)).count()
    };
    // In one batch and in several, the limit is the same.
    assert_eq!(refused(store.store_inquiries(batch("a", room + 5)).await), 5);
    let mut mixed = batch("b", 3);
    mixed.push(follow_up(other.ticket, "c"));
    let answers = store.store_inquiries(mixed).await;
    assert!(matches!(answers[3], Ok(Stored::Accepted(_))), "{:?}", answers[3]);
    assert_eq!(refused(answers), 3);
    // A repetition of an accepted one is answered as before.
    let again = store.store_inquiries(batch("a", 1)).await.pop();
    assert!(matches!(again, Some(Ok(Stored::Accepted(_)))), "{again:?}");
    let total = count(&url, "select count(*) from messages").await;
    assert_eq!(total, i64::from(MAX_UNSETTLED) + 2);
    // Answered messages leave room.
    let sql = format!("update conversations set answered_through = 10 where id = '{}'", opened.conversation);
    client(&url).await.batch_execute(&sql).await.unwrap();
    assert_eq!(refused(store.store_inquiries(batch("d", 12)).await), 2);
    let gaps = "select count(*) from (select seq, row_number() over (order by seq) as place from messages \
                where conversation_id = (select conversation_id from messages where external_id = 'one')) m \
                where seq <> place";
    assert_eq!(count(&url, gaps).await, 0);
}

#[tokio::test]
async fn an_invalid_row_fails_alone() {
    let url = fresh_database().await;
    let mut bad = submission("bad@example.com", "bad");
    bad.text = "x".repeat(100_001);
    let batch = vec![submission("a@example.com", "a"), bad, submission("b@example.com", "b")];
    let answers = store(&url).store_inquiries(batch).await;
    assert!(matches!(answers[0], Ok(Stored::Accepted(_))), "{:?}", answers[0]);
    assert!(matches!(answers[1], Err(CrmError::Invalid(_))), "{:?}", answers[1]);
    assert!(matches!(answers[2], Ok(Stored::Accepted(_))), "{:?}", answers[2]);
    assert_eq!(count(&url, "select count(*) from customers").await, 2);
}

#[tokio::test]
async fn a_batch_is_one_round_trip_whatever_its_size() {
    let url = fresh_database().await;
    let store = store(&url);
    accept(&store, submission("first@example.com", "first")).await;
    let admin = client(&url).await;
    admin.batch_execute("create extension if not exists pg_stat_statements").await.unwrap();
    let calls = "select coalesce(sum(calls), 0)::bigint from pg_stat_statements s join pg_database d on d.oid = s.dbid \
                 where d.datname = current_database() and s.query like '%from store_inquiries(%'";
    let before = count(&url, calls).await;
    let batch = (0..200).map(|n| submission(&format!("c{n}@example.com"), &format!("m{n}"))).collect();
    for stored in store.store_inquiries(batch).await {
        assert!(matches!(stored, Ok(Stored::Accepted(_))), "{stored:?}");
    }
    assert_eq!(count(&url, calls).await - before, 1);
    assert_eq!(count(&url, "select count(*) from tickets").await, 201);
}

/// Two processes, each with its own batch queues, receive the same 50 new customers at the same time.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn fifty_customers_posting_twice_through_two_processes_are_fifty_customers() {
    let url = fresh_database().await;
    let (left, right) = (store(&url), store(&url));
    for round in 0..10 {
        let batch = |side: &str| {
            (0..5)
                .map(|n| submission(&format!("c{round}-{n}@example.com"), &format!("{side}-{round}-{n}")))
                .collect::<Vec<_>>()
        };
        let mut backwards = batch("right");
        backwards.reverse();
        let (one, other) =
            tokio::join!(left.store_inquiries(batch("left")), right.store_inquiries(backwards));
        for stored in one.into_iter().chain(other) {
            assert!(matches!(stored, Ok(Stored::Accepted(_))), "{stored:?}");
        }
    }
    assert_eq!(count(&url, "select count(*) from customers").await, 50);
    assert_eq!(count(&url, "select count(*) from customer_identifiers").await, 50);
    assert_eq!(count(&url, "select count(*) from tickets").await, 100);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_same_message_through_two_processes_is_stored_once() {
    let url = fresh_database().await;
    let (left, right) = (store(&url), store(&url));
    for n in 0..50 {
        let one = vec![submission("ann@example.com", &format!("m{n}"))];
        let other = vec![submission("ann@example.com", &format!("m{n}"))];
        let (one, other) = tokio::join!(left.store_inquiries(one), right.store_inquiries(other));
        let (Ok(Stored::Accepted(one)), Ok(Stored::Accepted(other))) = (&one[0], &other[0]) else {
            panic!("{one:?} {other:?}");
        };
        assert_eq!((one.ticket, one.message), (other.ticket, other.message));
        assert_ne!(one.freshness, other.freshness);
    }
    assert_eq!(count(&url, "select count(*) from conversations").await, 50);
}
