//! Paging of a ticket's messages, and ratings.

use fte::crm::port::{PageState, Rating, TicketPages};
use fte::crm::postgres::PgStore;
use fte::domain::ids::{MessageId, TicketId};
use fte::domain::views::{PageFound, PageRequest, TicketView};
use serde_json::Value;
use uuid::Uuid;

use crate::support::customers::Customer;
use crate::support::postgres::{client, fresh_database};
use crate::support::records::{accept, answer, begin, finish, follow_up, page, process, store, submission};
use crate::support::served::Served;

async fn paged(store: &PgStore, ticket: TicketId, before: Option<MessageId>, limit: u8) -> TicketView {
    match store.page(ticket, None, PageRequest { before, limit, max_bytes: i64::MAX }).await.unwrap() {
        PageFound::Page(page) => *page,
        other
        @ (PageFound::NoTicket | PageFound::Expired | PageFound::Locked | PageFound::UnknownMessage) => {
            panic!("{other:?}")
        }
    }
}

fn texts(page: &TicketView) -> Vec<&str> {
    page.messages.iter().map(|message| message.message.content.as_str()).collect()
}

#[tokio::test]
async fn pages_go_back_from_the_newest_message_and_hide_what_customers_must_not_see() {
    let url = fresh_database().await;
    let store = store(&url);
    let opened = accept(&store, submission("ann@example.com", "0")).await;
    for n in 1..5 {
        accept(&store, follow_up(opened.ticket, &n.to_string())).await;
    }
    let database = client(&url).await;
    let rename = "update messages set content = seq::text;
                  insert into messages (id, conversation_id, seq, channel, direction, role, kind, content)
                  select gen_random_uuid(), conversation_id, 6, 'web_form', 'outbound', 'staff', 'note', 'note'
                  from messages limit 1;
                  insert into messages (id, conversation_id, seq, channel, direction, role, content)
                  select gen_random_uuid(), conversation_id, 7, 'web_form', 'outbound', 'agent', 'pending'
                  from messages limit 1;
                  insert into deliveries (id, message_id, conversation_id, channel)
                  select id, id, conversation_id, channel from messages where content = 'pending'";
    database.batch_execute(rename).await.unwrap();

    let first = paged(&store, opened.ticket, None, 2).await;
    assert_eq!((texts(&first), first.has_older), (vec!["4", "5"], true));
    let second = paged(&store, opened.ticket, Some(first.messages[0].message.id), 2).await;
    assert_eq!((texts(&second), second.has_older), (vec!["2", "3"], true));
    let third = paged(&store, opened.ticket, Some(second.messages[0].message.id), 2).await;
    assert_eq!((texts(&third), third.has_older), (vec!["1"], false));
    let none = paged(&store, opened.ticket, Some(third.messages[0].message.id), 2).await;
    assert_eq!((texts(&none), none.has_older), (vec![], false));

    let request = |before| PageRequest { before: Some(before), limit: 2, max_bytes: i64::MAX };
    let other = accept(&store, submission("bob@example.com", "other")).await;
    for foreign in [MessageId(Uuid::from_u128(7)), other.message] {
        assert_eq!(store.page(opened.ticket, None, request(foreign)).await, Ok(PageFound::UnknownMessage));
    }
}

#[tokio::test]
async fn a_page_has_at_most_512_kib_and_its_pages_together_show_every_message() {
    let url = fresh_database().await;
    let served = Served::start(&url, &[("AGENT_POOL_SIZE", "0")]).await;
    let ann = Customer::of(&served.base);
    let ticket = ann.submit("ann@example.com", "1", "A question about the product.").await.ticket();
    // Quotation marks and control characters take more in JSON than in the database.
    let database = client(&url).await;
    let fill = "insert into messages (id, conversation_id, seq, channel, direction, role, external_id, content)
                select gen_random_uuid(), conversation_id, 1 + n, channel, 'inbound', 'customer', 'fill-' || n,
                       repeat(case n % 3 when 0 then 'ä' when 1 then E'\\x01' else '\"' end, 99000)
                from messages cross join generate_series(1, 30) n;
                update conversations set last_seq = 31, last_inbound = 31, status = 'escalated'";
    database.batch_execute(fill).await.unwrap();

    let (mut before, mut seen) = (String::new(), 0);
    for _ in 0..40 {
        let response = ann.get(&format!("/support/ticket/{ticket}{before}")).await.unwrap();
        assert_eq!(response.status(), 200);
        let body = response.bytes().await.unwrap();
        assert!(body.len() <= 512 * 1024, "{} bytes", body.len());
        let page: Value = serde_json::from_slice(&body).unwrap();
        let messages = page["messages"].as_array().unwrap();
        assert!(!messages.is_empty());
        seen += messages.len();
        let Some(older) = page["older"].as_str() else {
            break;
        };
        assert_eq!(messages[0]["id"], older);
        before = format!("?before={older}");
    }
    assert_eq!(seen, 31);
}

#[tokio::test]
async fn an_answered_ticket_is_rated_and_rated_again() {
    let url = fresh_database().await;
    let store = store(&url);
    let opened = accept(&store, submission("ann@example.com", "one")).await;
    let rate = |score, comment: Option<&str>| {
        store.rate(opened.ticket, Rating { score, comment: comment.map(str::to_owned) })
    };
    assert_eq!(rate(5, None).await, Ok(None), "there is no answer");
    let context = begin(&store, opened.conversation, process()).await.unwrap();
    finish(&store, answer(&context, "Use the link.")).await;
    assert_eq!(page(&store, opened.ticket).await.rating, None);
    let first = rate(2, Some("slow")).await.unwrap().unwrap();
    assert_eq!((first.score, first.comment.as_deref()), (2, Some("slow")));
    let second = rate(5, None).await.unwrap().unwrap();
    assert_eq!((second.score, &second.comment), (5, &None));
    assert_eq!(page(&store, opened.ticket).await.rating, Some(second));
}

#[tokio::test]
async fn a_page_expires_30_days_after_its_ticket_was_closed() {
    let url = fresh_database().await;
    let store = store(&url);
    let opened = accept(&store, submission("ann@example.com", "one")).await;
    let database = client(&url).await;
    for (age, state) in [("29 days", PageState::Shown), ("31 days", PageState::Expired)] {
        let close = format!("update tickets set status = 'closed', updated_at = now() - interval '{age}'");
        database.batch_execute(&close).await.unwrap();
        assert_eq!(store.page_state(opened.ticket, None).await, Ok(state), "{age}");
    }
    let request = PageRequest { before: None, limit: 1, max_bytes: i64::MAX };
    assert_eq!(store.page(opened.ticket, None, request).await, Ok(PageFound::Expired));
}
