//! What ends a ticket and reopens it: time, and the customer's messages.

use fte::crm::port::Inquiries;
use fte::crm::port::{Deliveries, TicketPages};
use fte::crm::postgres::PgStore;
use fte::domain::conversations::idle::IdleLimits;
use fte::domain::conversations::turn::{Decision, Finished, Rest};
use fte::domain::enums::TicketStatus;
use fte::domain::messages::inquiry::{Receipt, Stored};
use tokio_postgres::Client;

use crate::support::postgres::{client, fresh_database};
use crate::support::records::{
    accept, answer, begin, decide, escalate, finish, follow_up, page, process, store, submission,
};

async fn answered(store: &PgStore) -> Receipt {
    let opened = accept(store, submission("ann@example.com", "one")).await;
    let context = begin(store, opened.conversation, process()).await.unwrap();
    finish(store, answer(&context, "Use the link.")).await;
    store.publish_web_replies(10).await.unwrap();
    opened
}

async fn run(database: &Client, statement: &str) {
    database.batch_execute(statement).await.unwrap();
}

async fn status(store: &PgStore, opened: &Receipt) -> TicketStatus {
    page(store, opened.ticket).await.ticket.status
}

#[tokio::test]
async fn a_ticket_that_waits_for_its_customer_is_resolved_and_later_closed() {
    let url = fresh_database().await;
    let (store, database) = (store(&url), client(&url).await);
    let opened = answered(&store).await;
    let limits = IdleLimits::default();
    for (age, expected) in [("71 hours", TicketStatus::WaitingCustomer), ("73 hours", TicketStatus::Resolved)]
    {
        run(&database, &format!("update tickets set updated_at = now() - interval '{age}'")).await;
        store.end_idle_tickets(limits, 10).await.unwrap();
        assert_eq!(status(&store, &opened).await, expected, "{age}");
    }
    assert!(page(&store, opened.ticket).await.ticket.resolved_at.is_some());
    for (age, expected) in [("6 days", TicketStatus::Resolved), ("8 days", TicketStatus::Closed)] {
        run(&database, &format!("update tickets set resolved_at = now() - interval '{age}'")).await;
        store.end_idle_tickets(limits, 10).await.unwrap();
        assert_eq!(status(&store, &opened).await, expected, "{age}");
    }
    let late = store.store_inquiries(vec![follow_up(opened.ticket, "late")]).await.remove(0);
    assert_eq!(late, Ok(Stored::TicketClosed));
}

#[tokio::test]
async fn nothing_ends_while_something_waits_or_time_is_off() {
    let url = fresh_database().await;
    let (store, database) = (store(&url), client(&url).await);
    let opened = answered(&store).await;
    let old = "update tickets set updated_at = now() - interval '1000 hours'";
    run(&database, old).await;
    assert_eq!(store.end_idle_tickets(IdleLimits::new(0, 7), 10).await, Ok(0), "never");
    run(&database, "update deliveries set state = 'sending'").await;
    run(&database, old).await;
    assert_eq!(store.end_idle_tickets(IdleLimits::default(), 10).await, Ok(0), "a reply is under way");
    run(&database, "update deliveries set state = 'sent'").await;
    accept(&store, follow_up(opened.ticket, "two")).await;
    run(&database, &format!("{old}; update tickets set status = 'waiting_customer'")).await;
    assert_eq!(store.end_idle_tickets(IdleLimits::default(), 10).await, Ok(0), "a message waits");
}

#[tokio::test]
async fn a_conversation_of_staff_that_waits_for_its_customer_goes_back_to_the_bot() {
    let url = fresh_database().await;
    let (store, database) = (store(&url), client(&url).await);
    let opened = accept(&store, submission("ann@example.com", "one")).await;
    let context = begin(&store, opened.conversation, process()).await.unwrap();
    finish(&store, escalate(&context)).await;
    store.publish_web_replies(10).await.unwrap();
    let answered = "update tickets set status = 'waiting_customer', updated_at = now() - interval '73 hours'";
    run(&database, answered).await;
    assert_eq!(store.end_idle_tickets(IdleLimits::default(), 10).await, Ok(1));
    accept(&store, follow_up(opened.ticket, "two")).await;
    assert!(begin(&store, opened.conversation, process()).await.is_some(), "the bot's turn");
}

#[tokio::test]
async fn a_message_reopens_a_resolved_ticket_and_a_silent_turn_restores_it() {
    let url = fresh_database().await;
    let (store, database) = (store(&url), client(&url).await);
    let opened = answered(&store).await;
    run(&database, "update tickets set status = 'resolved', resolved_at = now() - interval '1 day'").await;
    let resolved_at = page(&store, opened.ticket).await.ticket.resolved_at;
    assert!(resolved_at.is_some());

    for thanks in ["two", "three"] {
        let receipt = accept(&store, follow_up(opened.ticket, thanks)).await;
        assert_eq!(receipt.status, TicketStatus::Open);
        assert_eq!(page(&store, opened.ticket).await.ticket.resolved_at, None);
    }
    let context = begin(&store, opened.conversation, process()).await.unwrap();
    assert_eq!(finish(&store, decide(&context, Decision::Silent)).await, Finished::Committed(Rest::Nothing));
    let restored = page(&store, opened.ticket).await.ticket;
    assert_eq!((restored.status, restored.resolved_at), (TicketStatus::Resolved, resolved_at));

    accept(&store, follow_up(opened.ticket, "four")).await;
    let context = begin(&store, opened.conversation, process()).await.unwrap();
    finish(&store, answer(&context, "Use the other link.")).await;
    store.publish_web_replies(10).await.unwrap();
    assert_eq!(status(&store, &opened).await, TicketStatus::WaitingCustomer);
    accept(&store, follow_up(opened.ticket, "five")).await;
    let context = begin(&store, opened.conversation, process()).await.unwrap();
    finish(&store, decide(&context, Decision::Silent)).await;
    assert_eq!(status(&store, &opened).await, TicketStatus::WaitingCustomer, "it was not resolved before");
}
