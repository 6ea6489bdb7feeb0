//! What the records do with a batch in which one row is bad, and with addresses of every kind.

use std::time::Duration;

use fte::channels::port::fresh_ids;
use fte::crm::port::{Cursor, Deliveries, Feeds, LeaseRequest};
use fte::crm::postgres::PgStore;
use fte::domain::customers::contact::{Address, ProviderUser};
use fte::domain::enums::{Channel, DeliveryState, FailureCause, IdentifierKind};
use fte::domain::messages::delivery::{Failure, Known, StatusUpdate};
use fte::domain::messages::inquiry::{Attestation, Inquiry, Receipt, Stored, Thread};
use futures_util::future::join;

use super::mail::mail;
use crate::support::postgres::{client, fresh_database};
use crate::support::records::{accept, answer, begin, finish, process, store};
use crate::support::verdict::{count, none_left};
use crate::support::wait::LIMIT;
use crate::support::whatsapp::{chat, form};

const REQUEST: LeaseRequest =
    LeaseRequest { channel: Channel::Whatsapp, limit: 96, lease: Duration::from_secs(20) };

/// Stores and answers messages, so that each has a reply to send.
async fn answered(url: &str, inquiries: Vec<Inquiry>) {
    let store = store(url);
    for inquiry in inquiries {
        let receipt = accept(&store, inquiry).await;
        let context = begin(&store, receipt.conversation, process()).await.unwrap();
        finish(&store, answer(&context, "Open the sign-in page.")).await;
    }
}

fn chats(count: usize) -> Vec<Inquiry> {
    (0..count).map(|n| chat(&form(&format!("+49151000000{n:02}"), &format!("SM{n}"), "Hello"))).collect()
}

#[tokio::test]
async fn an_address_that_cannot_be_read_costs_no_other_reply_of_its_batch() {
    let url = fresh_database().await;
    answered(&url, chats(3)).await;
    let database = client(&url).await;
    let mixed = [
        "update messages set identifier_kind = 'email', identifier_value = 'ann@example.com' where external_id = 'SM1'",
        "update messages set identifier_value = 'not a number' where external_id = 'SM2'",
    ];
    for statement in mixed {
        assert_eq!(database.execute(statement, &[]).await.unwrap(), 1);
    }
    let leased = store(&url).lease_deliveries(REQUEST, 100.0).await.unwrap();
    let mut kinds: Vec<Option<IdentifierKind>> =
        leased.iter().map(|leased| leased.to.as_ref().map(Address::kind)).collect();
    kinds.sort();
    assert_eq!(kinds, [None, Some(IdentifierKind::Email), Some(IdentifierKind::Phone)]);

    let expire = "update deliveries set lease_until = now() - interval '1 s'";
    database.execute(expire, &[]).await.unwrap();
    assert_eq!(store(&url).lease_in_doubt(REQUEST).await.unwrap().len(), 3);
}

#[tokio::test]
async fn a_status_that_is_refused_costs_no_other_of_its_batch() {
    let url = fresh_database().await;
    answered(&url, chats(2)).await;
    let leased = store(&url).lease_deliveries(REQUEST, 100.0).await.unwrap();
    let sent = |n: usize, provider: &str| StatusUpdate {
        channel: Channel::Whatsapp,
        delivery: Some(leased[n].delivery),
        provider_id: Some(provider.to_owned()),
        state: DeliveryState::Sent,
        failure: None,
        refused: Vec::new(),
    };
    let bad = StatusUpdate {
        state: DeliveryState::Failed,
        failure: Some(Failure::new(FailureCause::Rejected, "a zero byte: \0")),
        ..sent(1, "SM11")
    };
    let unknown = StatusUpdate {
        delivery: Some(uuid::Uuid::from_u128(1).into()),
        provider_id: None,
        ..sent(0, "SM10")
    };
    let recorded = store(&url).record_statuses(vec![sent(0, "SM10"), bad, unknown]).await;
    assert_eq!(recorded[0], Ok(Known::Yes));
    assert!(recorded[1].is_err(), "{recorded:?}");
    assert_eq!(recorded[2], Ok(Known::No));
    let states = "select count(*) from deliveries where state = 'sent' and provider_id = 'SM10'";
    assert_eq!(count(&client(&url).await, states).await, 1);
}

#[tokio::test]
async fn a_user_without_a_number_is_a_customer_who_can_be_answered_and_can_opt_out() {
    let url = fresh_database().await;
    let user = "US.13491208655302741918";
    answered(&url, vec![chat(&form(user, "SM1", "How do I reset my password?"))]).await;
    let leased = store(&url).lease_deliveries(REQUEST, 100.0).await.unwrap();
    let expected = ProviderUser::parse(&format!("whatsapp:{user}")).map(Address::ProviderUser).ok();
    assert_eq!(leased[0].to, expected);
    assert!(leased[0].silent_for.is_some_and(|silent| silent < Duration::from_secs(60)));

    let out = StatusUpdate {
        channel: Channel::Whatsapp,
        delivery: Some(leased[0].delivery),
        provider_id: None,
        state: DeliveryState::Failed,
        failure: Some(Failure::new(FailureCause::OptedOut, "21610: no messages")),
        refused: Vec::new(),
    };
    assert_eq!(store(&url).record_statuses(vec![out]).await, [Ok(Known::Yes)]);
    let known = "select count(*) from customer_identifiers
                 where kind = 'provider_user' and value = 'whatsapp:US.13491208655302741918'
                   and attested and opted_out_at is not null";
    assert_eq!(count(&client(&url).await, known).await, 1);
}

#[tokio::test]
async fn a_cursor_moves_on_from_the_position_that_was_read_alone() {
    let url = fresh_database().await;
    let store = store(&url);
    let moved = |from: Option<&str>, position: &str| Cursor {
        channel: Channel::Email,
        account: "a".to_owned(),
        from: from.map(str::to_owned),
        position: position.to_owned(),
    };
    store.write_cursor(moved(None, "one")).await.unwrap();
    store.write_cursor(moved(Some("one"), "two")).await.unwrap();
    store.write_cursor(moved(Some("one"), "late")).await.unwrap();
    store.write_cursor(moved(None, "first")).await.unwrap();
    let read = store.read_cursor(Channel::Email, "a".to_owned()).await.unwrap();
    assert_eq!(read.as_deref(), Some("two"));
    assert_eq!(store.read_cursor(Channel::Whatsapp, "a".to_owned()).await.unwrap(), None);
}

#[tokio::test]
async fn a_repeated_reply_and_one_to_a_closed_conversation_find_their_places() {
    let url = fresh_database().await;
    let store = store(&url);
    let first = accept(&store, mail("ann@example.com", "<1@x>", &[])).await;
    let reply = mail("ann@example.com", "<2@x>", &["<1@x>".to_owned()]);
    let stored = accept(&store, reply.clone()).await;
    assert_eq!((stored.conversation, stored.ticket), (first.conversation, first.ticket));
    let Thread::Replies { to, opening } = reply.thread.clone() else {
        panic!("it is no reply");
    };
    let ids = fresh_ids();
    let again = Inquiry { message: ids.message, thread: Thread::Replies { to, opening }, ..reply };
    assert_eq!(accept(&store, again).await.message, stored.message);

    let close = "update conversations set status = 'closed'; update tickets set status = 'closed'";
    client(&url).await.batch_execute(close).await.unwrap();
    let late = accept(&store, mail("ann@example.com", "<3@x>", &["<1@x>".to_owned()])).await;
    assert_ne!(late.conversation, first.conversation);
}

/// A mail whose sender is proved.
fn proved(id: &str, replies_to: &[&str]) -> Inquiry {
    let names: Vec<String> = replies_to.iter().map(|&id| id.to_owned()).collect();
    let mut inquiry = mail("ann@example.com", id, &names);
    match &mut inquiry.thread {
        Thread::Opens(opening) | Thread::Replies { opening, .. } => {
            opening.sender.attestation = Attestation::Attested;
        }
        other @ (Thread::Continues(_) | Thread::ByStaff { .. }) => panic!("{other:?}"),
    }
    inquiry
}

/// A proved customer's conversation that was answered two days ago.
async fn answered_long_ago(url: &str, store: &PgStore) -> Receipt {
    let first = accept(store, proved("<1@x>", &[])).await;
    let context = begin(store, first.conversation, process()).await.unwrap();
    finish(store, answer(&context, "Open the sign-in page.")).await;
    let age = "update conversations set last_message_at = now() - interval '2 days'";
    client(url).await.batch_execute(age).await.unwrap();
    first
}

fn receipts(stored: Vec<Result<Stored, fte::crm::port::CrmError>>) -> Vec<Receipt> {
    let receipt = |stored| match stored {
        Ok(Stored::Accepted(receipt)) => receipt,
        refused => panic!("{refused:?}"),
    };
    stored.into_iter().map(receipt).collect()
}

#[tokio::test]
async fn a_reply_in_an_old_conversation_is_stored_beside_a_new_thread_of_its_sender() {
    let url = fresh_database().await;
    let store = store(&url);
    let first = answered_long_ago(&url, &store).await;
    let part = vec![proved("<2@x>", &[]), proved("<3@x>", &["<1@x>"])];
    let both = receipts(store.store_messages(part, None).await);
    assert!(both.iter().all(|receipt| receipt.conversation == first.conversation), "{both:?}");
    // Without such a reply, the next new thread is a new conversation.
    let context = begin(&store, first.conversation, process()).await.unwrap();
    finish(&store, answer(&context, "Open the sign-in page.")).await;
    let age = "update conversations set last_message_at = now() - interval '2 days'";
    client(&url).await.batch_execute(age).await.unwrap();
    assert_ne!(accept(&store, proved("<4@x>", &[])).await.conversation, first.conversation);
}

#[tokio::test]
async fn a_reply_whose_conversation_closes_before_it_is_locked_opens_another_one() {
    let url = fresh_database().await;
    let store = store(&url);
    let first = answered_long_ago(&url, &store).await;
    let closing = client(&url).await;
    closing
        .batch_execute("begin; select close_conversations(array_agg(id)) from conversations")
        .await
        .unwrap();
    let storing = store.store_messages(vec![proved("<2@x>", &["<1@x>"])], None);
    let waits = "select (not exists (select from pg_stat_activity
                 where datname = current_database() and wait_event_type = 'Lock'))::int::bigint";
    let close = async {
        none_left(&url, waits, LIMIT).await;
        closing.batch_execute("commit").await.unwrap();
    };
    let (stored, ()) = join(storing, close).await;
    assert_ne!(receipts(stored)[0].conversation, first.conversation);
    assert_eq!(
        count(&client(&url).await, "select count(*) from messages where external_id = '<2@x>'").await,
        1
    );
}
