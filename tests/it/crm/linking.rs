//! PostgreSQL integration tests of identity linking: merging a chat's customer into that of a verified address leaves
//! one open conversation, loses nothing and causes no deadlock.

use fte::crm::port::{Inquiries, Joined, Verification};
use fte::crm::postgres::PgStore;
use fte::domain::conversations::turn::{Finished, Refusal};
use fte::domain::customers::contact::{Address, Email};
use fte::domain::enums::Channel;
use fte::domain::ids::ConversationId;
use fte::domain::messages::inquiry::{Inquiry, Stored, Thread};

use crate::support::postgres::{client, fresh_database};
use crate::support::records::{accept, answer, begin, escalate, finish, process, store, submission};
use crate::support::verdict::count;
use crate::support::whatsapp::{chat, form};

const ANN: &str = "+4915112345678";
const MAIL: &str = "ann@example.com";

fn text(from: &str, sid: &str) -> Inquiry {
    chat(&form(from, sid, "How do I reset my password?"))
}

/// A mail whose sender is verified.
fn mail(from: &str, id: &str) -> Inquiry {
    let mut inquiry = text(ANN, id);
    inquiry.channel = Channel::Email;
    if let Thread::Opens(opening) = &mut inquiry.thread {
        opening.sender.address = Address::Email(Email::parse(from).unwrap());
    }
    inquiry
}

async fn number(url: &str, query: &str) -> i64 {
    count(&client(url).await, query).await
}

async fn run(url: &str, sql: &str) {
    client(url).await.batch_execute(sql).await.unwrap();
}

/// The state after a turn that received the right code.
async fn prove(url: &str, conversation: ConversationId, email: &str) {
    let sql =
        "insert into link_challenges (id, conversation_id, customer_id, email, state, tries, expires_at)
               select gen_random_uuid(), c.id, c.customer_id, $2, 'proved', 1, now() from conversations c
               where c.id = $1";
    client(url).await.execute(sql, &[&conversation.0, &email]).await.unwrap();
}

async fn join(store: &PgStore) -> Joined {
    store.join_customers().await.unwrap()
}

async fn settle(store: &PgStore, conversation: ConversationId) {
    let context = begin(store, conversation, process()).await.unwrap();
    finish(store, answer(&context, "Open the sign-in page.")).await;
}

/// A mail conversation that was escalated to staff.
async fn in_human_hands(store: &PgStore) -> ConversationId {
    let theirs = accept(store, mail(MAIL, "M1")).await;
    let context = begin(store, theirs.conversation, process()).await.unwrap();
    finish(store, escalate(&context)).await;
    theirs.conversation
}

async fn open_attested(url: &str) -> Vec<(String, String)> {
    let rows = client(url)
        .await
        .query("select id::text, channel from conversations where attested and status <> 'closed'", &[])
        .await
        .unwrap();
    rows.iter().map(|row| (row.get(0), row.get(1))).collect()
}

#[tokio::test]
async fn an_idle_conversation_of_the_customer_is_closed_and_the_chat_continues() {
    let url = fresh_database().await;
    let store = store(&url);
    let theirs = accept(&store, mail(MAIL, "M1")).await;
    let form = accept(&store, submission(MAIL, "one")).await;
    let ours = accept(&store, text(ANN, "SM1")).await;
    settle(&store, theirs.conversation).await;
    prove(&url, ours.conversation, MAIL).await;
    assert_eq!(join(&store).await, Joined::Joined);
    assert_eq!(join(&store).await, Joined::Nothing);

    assert_eq!(open_attested(&url).await, [(ours.conversation.to_string(), "whatsapp".to_owned())]);
    let closed = format!("select count(*) from tickets where id = '{}' and status = 'closed'", theirs.ticket);
    assert_eq!(number(&url, &closed).await, 1);
    // A ticket that was opened by an address assertion alone is unchanged.
    let open = format!("select count(*) from tickets where id = '{}' and status = 'open'", form.ticket);
    assert_eq!(number(&url, &open).await, 1);
    let one = "select count(distinct customer_id) from conversations";
    assert_eq!(number(&url, one).await, 1);
    // Their next mail continues the chat's conversation, and so does their next chat message.
    let mailed = accept(&store, mail(MAIL, "M2")).await;
    let chatted = accept(&store, text(ANN, "SM2")).await;
    assert_eq!((mailed.conversation, chatted.conversation), (ours.conversation, ours.conversation));
}

#[tokio::test]
async fn a_conversation_owned_by_staff_stays_open_and_the_chat_continues_there() {
    let url = fresh_database().await;
    let store = store(&url);
    let theirs = in_human_hands(&store).await;
    let ours = accept(&store, text(ANN, "SM1")).await;
    settle(&store, ours.conversation).await;
    prove(&url, ours.conversation, MAIL).await;
    assert_eq!(join(&store).await, Joined::Joined);
    assert_eq!(open_attested(&url).await, [(theirs.to_string(), "email".to_owned())]);
    let chatted = accept(&store, text(ANN, "SM2")).await;
    assert_eq!(chatted.conversation, theirs, "the chat continues in the conversation that staff own");
    // Pending deliveries of the closed conversation are still sent.
    assert_eq!(number(&url, "select count(*) from deliveries where state = 'withdrawn'").await, 0);
    let told = format!(
        "select count(*) from customer_joins where closed_conversation = '{}' and into_customer <> from_customer",
        ours.conversation
    );
    assert_eq!(number(&url, &told).await, 1);
}

#[tokio::test]
async fn linking_waits_while_both_conversations_are_in_use() {
    let url = fresh_database().await;
    let store = store(&url);
    in_human_hands(&store).await;
    let ours = accept(&store, text(ANN, "SM1")).await;
    prove(&url, ours.conversation, MAIL).await;
    assert_eq!(join(&store).await, Joined::Waits);
    assert_eq!(join(&store).await, Joined::Nothing, "it was retried at once");
    assert_eq!(open_attested(&url).await.len(), 2);
    assert_eq!(number(&url, "select count(*) from customer_joins").await, 0);

    settle(&store, ours.conversation).await;
    run(&url, "update link_challenges set due_at = now()").await;
    assert_eq!(join(&store).await, Joined::Joined);
    assert_eq!(open_attested(&url).await.len(), 1);
}

#[tokio::test]
async fn a_running_turn_is_fenced_and_its_message_waits_for_the_next_one() {
    let url = fresh_database().await;
    let store = store(&url);
    accept(&store, submission(MAIL, "one")).await;
    let ours = accept(&store, text(ANN, "SM1")).await;
    let context = begin(&store, ours.conversation, process()).await.unwrap();
    run(&url, "delete from outbox").await;
    prove(&url, ours.conversation, MAIL).await;
    assert_eq!(join(&store).await, Joined::Joined);
    let late = finish(&store, answer(&context, "Too late.")).await;
    assert_eq!(late, Finished::Refused(Refusal::Fenced));
    let waits = format!("select count(*) from outbox where key = '{}'", ours.conversation);
    assert_eq!(number(&url, &waits).await, 1);
    settle(&store, ours.conversation).await;
    assert_eq!(number(&url, "select count(*) from messages where direction = 'outbound'").await, 1);
}

#[tokio::test]
async fn an_address_that_is_unknown_or_already_linked_merges_nothing() {
    let url = fresh_database().await;
    let store = store(&url);
    let ours = accept(&store, text(ANN, "SM1")).await;
    prove(&url, ours.conversation, "gone@example.com").await;
    assert_eq!(join(&store).await, Joined::Already);
    assert_eq!(number(&url, "select count(*) from customer_joins").await, 0);
    assert_eq!(number(&url, "select count(*) from link_challenges where state = 'used'").await, 1);
    assert_eq!(number(&url, "select count(*) from customer_identifiers").await, 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn linking_while_both_write_loses_nothing_and_causes_no_deadlock() {
    const CHATS: usize = 20;
    let url = fresh_database().await;
    let (left, right, third) = (store(&url), store(&url), store(&url));
    for n in 0..CHATS {
        let (phone, address) = (format!("+4915100000{n:03}"), format!("c{n}@example.com"));
        let theirs = accept(&left, mail(&address, &format!("M{n}"))).await;
        settle(&left, theirs.conversation).await;
        let ours = accept(&left, text(&phone, &format!("SM{n}"))).await;
        prove(&url, ours.conversation, &address).await;
        let chats = (0..5).map(|k| text(&phone, &format!("SM{n}x{k}"))).collect::<Vec<_>>();
        let mails = (0..5).map(|k| mail(&address, &format!("M{n}x{k}"))).collect::<Vec<_>>();
        let (chats, mails, joined) =
            tokio::join!(left.store_inquiries(chats), right.store_inquiries(mails), third.join_customers());
        joined.unwrap();
        for stored in chats.into_iter().chain(mails) {
            assert!(matches!(stored, Ok(Stored::Accepted(_))), "{n}: {stored:?}");
        }
    }
    // Linking that was postponed because both conversations were in use, or that lost a race.
    for _ in 0..CHATS {
        run(
            &url,
            "update link_challenges set due_at = now() where state = 'proved';
                   update conversations set answered_through = last_inbound where channel = 'email'",
        )
        .await;
        join(&left).await;
    }
    assert_eq!(number(&url, "select count(*) from link_challenges where state <> 'used'").await, 0);
    let twice = "select count(*) from (select from conversations where attested and status <> 'closed'
                     group by customer_id having count(*) > 1) twice";
    assert_eq!(number(&url, twice).await, 0);
    let messages = "select count(*) from messages where direction = 'inbound'";
    assert_eq!(usize::try_from(number(&url, messages).await), Ok(CHATS * 12));
    let gaps = "select count(*) from (select from messages group by conversation_id
                    having count(*) <> max(seq) or count(distinct seq) <> count(*) or min(seq) <> 1) broken";
    assert_eq!(number(&url, gaps).await, 0);
    let customers = "select count(distinct customer_id) from customer_identifiers";
    assert_eq!(usize::try_from(number(&url, customers).await), Ok(CHATS));
}
