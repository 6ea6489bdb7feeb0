//! PostgreSQL integration tests of chat messages from attested senders: which conversation a message continues, and
//! which metadata is stored with it.

use fte::crm::port::{Held, Inquiries, Turns};
use fte::crm::postgres::PgStore;
use fte::domain::conversations::turn::{Consent, Decision};
use fte::domain::customers::consent::OptOutCommand;
use fte::domain::enums::{AttachmentState, Channel, TicketStatus};
use fte::domain::messages::attachment::Attachment;
use fte::domain::messages::inquiry::{Freshness, Inquiry, Receipt, Stored};

use crate::support::postgres::{client, fresh_database};
use crate::support::records::{accept, answer, begin, decide, escalate, finish, process, store, submission};
use crate::support::verdict::count;
use crate::support::whatsapp::{chat, form, photo};

const ANN: &str = "+4915112345678";

fn text(from: &str, sid: &str) -> Inquiry {
    chat(&form(from, sid, "How do I reset my password?"))
}

async fn number(url: &str, query: &str) -> i64 {
    count(&client(url).await, query).await
}

async fn run(url: &str, sql: &str) {
    client(url).await.batch_execute(sql).await.unwrap();
}

async fn accept_all(store: &PgStore, batch: Vec<Inquiry>) -> Vec<Receipt> {
    let stored = store.store_inquiries(batch).await.into_iter();
    stored
        .map(|stored| match stored {
            Ok(Stored::Accepted(receipt)) => receipt,
            other => panic!("not accepted: {other:?}"),
        })
        .collect()
}

/// Answers the unanswered messages of a conversation.
async fn settle(store: &PgStore, receipt: &Receipt) {
    let context = begin(store, receipt.conversation, process()).await.unwrap();
    finish(store, answer(&context, "Open the sign-in page.")).await;
}

#[tokio::test]
async fn an_album_from_a_new_number_in_one_batch_is_one_conversation_in_order() {
    let url = fresh_database().await;
    let store = store(&url);
    let album = (0..10)
        .map(|n| chat(&photo(ANN, &format!("MM{n}"), &format!("https://media.example/{n}"))))
        .collect();
    let receipts = accept_all(&store, album).await;
    assert!(receipts.iter().all(|receipt| receipt.conversation == receipts[0].conversation
        && receipt.ticket == receipts[0].ticket
        && receipt.status == TicketStatus::Open
        && receipt.freshness == Freshness::New));
    for (table, rows) in
        [("customers", 1), ("conversations", 1), ("tickets", 1), ("attachments", 10), ("outbox", 1)]
    {
        assert_eq!(number(&url, &format!("select count(*) from {table}")).await, rows, "{table}");
    }
    let in_order = "select count(*) from messages where external_id = 'MM' || (seq - 1) and attested";
    assert_eq!(number(&url, in_order).await, 10);
    assert_eq!(number(&url, "select last_inbound from conversations").await, 10);

    let context = begin(&store, receipts[0].conversation, process()).await.unwrap();
    assert_eq!((context.channel, context.unanswered.len()), (Channel::Whatsapp, 10));
    let waiting = Attachment {
        content_type: "image/jpeg".to_owned(),
        size_bytes: None,
        state: AttachmentState::Pending,
    };
    assert!(context.unanswered.iter().all(|said| said.attachments == std::slice::from_ref(&waiting)));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn albums_through_two_processes_at_once_are_one_conversation_each() {
    let url = fresh_database().await;
    let (left, right) = (store(&url), store(&url));
    for round in 0..20 {
        let half = |odd: usize| {
            let sids = (0..10).filter(move |n| n % 2 == odd);
            sids.map(|n| {
                chat(&photo(&format!("+491511{round:07}"), &format!("MM{round}x{n}"), "https://m.example/1"))
            })
            .collect::<Vec<_>>()
        };
        let (one, other) = tokio::join!(accept_all(&left, half(0)), accept_all(&right, half(1)));
        assert!(
            one.iter().chain(&other).all(|receipt| receipt.conversation == one[0].conversation),
            "{round}"
        );
    }
    assert_eq!(number(&url, "select count(*) from conversations").await, 20);
    assert_eq!(number(&url, "select count(*) from tickets").await, 20);
    let gaps = "select count(*) from (select from messages group by conversation_id
                    having count(*) <> 10 or max(seq) <> 10 or count(distinct seq) <> 10) broken";
    assert_eq!(number(&url, gaps).await, 0);
}

#[tokio::test]
async fn a_repetition_and_mixed_batches_keep_to_themselves() {
    let url = fresh_database().await;
    let store = store(&url);
    let first = accept(&store, text(ANN, "SM1")).await;
    let batch = vec![
        text("+4915100000002", "SM2"),
        submission("ann@example.com", "one"),
        text(ANN, "SM1"),
        text(ANN, "SM3"),
    ];
    let receipts = accept_all(&store, batch).await;
    assert_eq!((receipts[2].message, receipts[2].freshness), (first.message, Freshness::Repeated));
    assert_eq!((receipts[3].conversation, receipts[3].ticket), (first.conversation, first.ticket));
    assert_eq!(number(&url, "select count(distinct conversation_id) from messages").await, 3);
    assert_eq!(number(&url, "select count(*) from conversations").await, 3);
}

#[tokio::test]
async fn a_conversation_idle_for_a_day_is_closed_and_a_new_one_opened() {
    let url = fresh_database().await;
    let store = store(&url);
    let first = accept(&store, text(ANN, "SM1")).await;
    settle(&store, &first).await;
    let second = accept(&store, text(ANN, "SM2")).await;
    assert_eq!((second.conversation, second.status), (first.conversation, TicketStatus::Open));
    settle(&store, &second).await;
    run(&url, "update conversations set last_message_at = now() - interval '25 hours'").await;
    let third = accept(&store, text(ANN, "SM3")).await;
    assert_ne!(third.conversation, first.conversation);
    let closed = "select count(*) from conversations c join tickets t on t.conversation_id = c.id
                  where c.status = 'closed' and t.status = 'closed' and t.resolved_at is not null";
    assert_eq!(number(&url, closed).await, 1);
    assert_eq!(number(&url, "select count(*) from customers").await, 1);
}

#[tokio::test]
async fn a_conversation_owned_by_staff_or_with_an_open_question_is_never_too_old() {
    let url = fresh_database().await;
    let store = store(&url);
    let waits = accept(&store, text(ANN, "SM1")).await;
    let other = accept(&store, text("+4915100000002", "SM2")).await;
    let context = begin(&store, other.conversation, process()).await.unwrap();
    finish(&store, escalate(&context)).await;
    run(&url, "update conversations set last_message_at = now() - interval '30 days'").await;
    let again = accept_all(&store, vec![text(ANN, "SM3"), text("+4915100000002", "SM4")]).await;
    assert_eq!((again[0].conversation, again[1].conversation), (waits.conversation, other.conversation));
    assert_eq!(again[1].status, TicketStatus::Escalated);
    let events = format!("select count(*) from outbox where key = '{}'", other.conversation);
    assert_eq!(number(&url, &events).await, 1, "a message in a conversation owned by staff gets no turn");
}

#[tokio::test]
async fn a_typed_address_merges_nothing_and_its_conversation_is_not_reused() {
    let url = fresh_database().await;
    let store = store(&url);
    let chat = accept(&store, text(ANN, "SM1")).await;
    let one = accept(&store, submission("ann@example.com", "1")).await;
    let two = accept(&store, submission("ann@example.com", "2")).await;
    assert!(one.conversation != two.conversation && chat.conversation != one.conversation);
}

#[tokio::test]
async fn stop_and_start_change_the_opt_out_state_once_and_are_confirmed() {
    let url = fresh_database().await;
    let store = store(&url);
    let opted_out = "select count(*) from customer_identifiers where opted_out_at is not null";
    let first = accept(&store, chat(&form(ANN, "SM1", "STOP"))).await;
    assert_eq!(number(&url, opted_out).await, 1);
    let context = begin(&store, first.conversation, process()).await.unwrap();
    assert_eq!(
        (context.consent, context.unanswered[0].opt_out),
        (Consent::Withdrawn, Some(OptOutCommand::Stop))
    );
    finish(&store, decide(&context, Decision::Silent)).await;

    accept(&store, chat(&form(ANN, "SM2", "stop!"))).await;
    let context = begin(&store, first.conversation, process()).await.unwrap();
    assert_eq!(
        (context.consent, context.unanswered[0].opt_out),
        (Consent::Withdrawn, None),
        "it changed nothing"
    );
    finish(&store, decide(&context, Decision::Silent)).await;

    accept(&store, chat(&form(ANN, "SM3", "Start"))).await;
    assert_eq!(number(&url, opted_out).await, 0);
    let context = begin(&store, first.conversation, process()).await.unwrap();
    assert_eq!(
        (context.consent, context.unanswered[0].opt_out),
        (Consent::Given, Some(OptOutCommand::Start))
    );
}

#[tokio::test]
async fn the_language_is_kept_until_another_is_detected_with_certainty() {
    let url = fresh_database().await;
    let store = store(&url);
    let german =
        form(ANN, "SM1", "Wie kann ich mein Passwort zurücksetzen? Ich komme nicht mehr in mein Konto.");
    let receipt = accept(&store, chat(&german)).await;
    accept(&store, chat(&form(ANN, "SM2", "ok"))).await;
    let context = begin(&store, receipt.conversation, process()).await.unwrap();
    assert_eq!(context.language.as_deref(), Some("de"));
}

#[tokio::test]
async fn channel_metadata_is_stored_with_the_message() {
    let url = fresh_database().await;
    let store = store(&url);
    let mut with_place = form(ANN, "SM1", "");
    with_place.push("Latitude", "52.52");
    with_place.push("Longitude", "13.4");
    accept(&store, chat(&with_place)).await;
    let kept = "select count(*) from messages where metadata -> 'location' ->> 'latitude' = '52.52'
                    and metadata ->> 'profile_name' = 'Ann' and content = 'Location: 52.52, 13.4'";
    assert_eq!(number(&url, kept).await, 1);
}

#[tokio::test]
async fn closing_an_idle_conversation_fences_its_lease_holder() {
    let url = fresh_database().await;
    let store = store(&url);
    let first = accept(&store, text(ANN, "SM1")).await;
    let briefing = begin(&store, first.conversation, process()).await.unwrap();
    // Another process answered a day ago; this turn does not know it.
    run(
        &url,
        "update conversations set answered_through = last_inbound, last_message_at = now() - interval '25 hours'",
    )
    .await;
    let second = accept(&store, text(ANN, "SM2")).await;
    assert_ne!(second.conversation, first.conversation);
    let row = client(&url)
        .await
        .query_one(
            "select c.status, c.epoch, c.current_turn is null and c.lease_owner is null and c.lease_until is null,
                    t.ended_at is not null and t.outcome is null
             from conversations c join turns t on t.conversation_id = c.id where c.id = $1",
            &[&first.conversation.0],
        )
        .await
        .unwrap();
    let found: (String, i64, bool, bool) = (row.get(0), row.get(1), row.get(2), row.get(3));
    assert_eq!(found, ("closed".to_owned(), briefing.epoch + 1, true, true), "fenced, released, ended");
    let held = store.renew_lease(first.conversation, briefing.epoch).await.unwrap();
    assert_eq!(held, Held::Lost);
}
