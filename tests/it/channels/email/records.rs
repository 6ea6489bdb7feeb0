//! What the records make of mails: copies, threads, new subjects, bounces, colleagues' replies, machines.

use fte::channels::email::inbound::{KeptFiles, MailLocation, inquiry, interpret};
use fte::channels::email::message::MailLimits;
use fte::channels::email::own::OwnMailbox;
use fte::channels::email::thread::message_id;
use fte::channels::port::fresh_ids;
use fte::crm::port::{Deliveries, Feeds, Inquiries, LeaseRequest};
use fte::crm::postgres::PgStore;
use fte::domain::conversations::turn::{Decision, REPLIES_PER_HOUR};
use fte::domain::customers::contact::Email;
use fte::domain::enums::{Channel, Unanswered};
use fte::domain::ids::DeliveryId;
use fte::domain::messages::delivery::ClaimedDelivery;
use fte::domain::messages::inquiry::{Freshness, Inquiry, Receipt};
use std::time::Duration;

use super::fixtures::mailbox;
use crate::support::postgres::{client, fresh_database};
use crate::support::records::{accept, answer, begin, decide, finish, process, store};
use crate::support::verdict::count;

/// A mail in the making.
struct Draft<'a> {
    own: OwnMailbox,
    id: &'a str,
    from: &'a str,
    subject: &'a str,
    text: &'a str,
    fields: Vec<String>,
    attested: bool,
    thread: Option<&'a str>,
}

impl<'a> Draft<'a> {
    fn new(id: &'a str) -> Self {
        Self {
            own: mailbox(),
            id,
            from: "ann@example.com",
            subject: "Export",
            text: "How do I export?",
            fields: Vec::new(),
            attested: true,
            thread: None,
        }
    }

    fn replies_to(mut self, id: &str) -> Self {
        self.fields.push(format!("In-Reply-To: {id}"));
        self
    }

    fn mail(&self) -> Inquiry {
        let host = self.from.rsplit_once('@').unwrap().1;
        let result = if self.attested { "pass" } else { "none" };
        let fields: String = self.fields.iter().map(|field| format!("{field}\r\n")).collect();
        let raw = format!(
            "Authentication-Results: mx.acme.example; dmarc={result} header.from={host}\r\nFrom: Ann <{from}>\r\n\
             To: support@acme.example, help@acme.example\r\nSubject: {subject}\r\nDate: Tue, 9 Sep 2030 10:00:00 +0200\r\n\
             Message-ID: <{id}@example.com>\r\n{fields}\r\n{text}\r\n",
            from = self.from,
            subject = self.subject,
            id = self.id.split('#').next().unwrap(),
            text = self.text,
        );
        let reading = interpret(raw.as_bytes(), &self.own, &MailLimits::default());
        let location =
            MailLocation { provider_id: self.id.to_owned(), thread_id: self.thread.map(str::to_owned) };
        inquiry(&reading, &location, &self.own, KeptFiles::default(), fresh_ids()).unwrap()
    }
}

async fn receive(store: &PgStore, draft: &Draft<'_>) -> Receipt {
    accept(store, draft.mail()).await
}

/// Answers what waits in a conversation, and claims the reply.
async fn answered(store: &PgStore, receipt: &Receipt) -> ClaimedDelivery {
    let context = begin(store, receipt.conversation, process()).await.unwrap();
    finish(store, answer(&context, "Open the export page.")).await;
    claimed(store).await
}

async fn claimed(store: &PgStore) -> ClaimedDelivery {
    let request = LeaseRequest { channel: Channel::Email, limit: 8, lease: Duration::from_secs(20) };
    let mut claimed = store.lease_deliveries(request, 100.0).await.unwrap();
    assert_eq!(claimed.len(), 1);
    claimed.remove(0)
}

fn ours(delivery: DeliveryId) -> String {
    message_id(delivery, "acme.example")
}

#[tokio::test]
async fn a_mail_is_recorded_with_what_came_beside_its_text() {
    let url = fresh_database().await;
    let store = store(&url);
    let draft = Draft { text: "How?\r\n\r\n-- \r\nAnn", thread: Some("t1"), ..Draft::new("1") };
    let receipt = receive(&store, &draft).await;
    let database = client(&url).await;
    let columns = "select mailbox, provider_id, rfc_message_id, thread_id, authentication, automatic::text, reason, full_text
                   from message_emails where message_id = $1";
    let row = database.query_one(columns, &[&receipt.message.0]).await.unwrap();
    let found: Vec<Option<String>> = (0..8).map(|n| row.get(n)).collect();
    let expected = [
        Some("support@acme.example"),
        Some("1"),
        Some("<1@example.com>"),
        Some("t1"),
        Some("pass"),
        Some("false"),
        None,
        Some("How?\n\n--\nAnn"),
    ];
    assert_eq!(found, expected.map(|value| value.map(str::to_owned)));
    assert_eq!(
        count(&database, "select count(*) from messages where content = 'How?' and attested").await,
        1
    );
    let reply = answered(&store, &receipt).await;
    let thread = reply.mail.unwrap();
    assert_eq!((thread.subject.as_str(), thread.in_reply_to.as_deref()), ("Export", Some("<1@example.com>")));
    assert_eq!(
        (thread.thread_id.as_deref(), thread.mailbox.as_deref()),
        (Some("t1"), Some("support@acme.example"))
    );
    assert!(!thread.by_staff);
}

#[tokio::test]
async fn copies_of_one_mail_are_one_message_and_a_reused_message_id_is_none() {
    let url = fresh_database().await;
    let store = store(&url);
    let first = receive(&store, &Draft::new("1")).await;
    let help = OwnMailbox { address: Email::parse("help@acme.example").unwrap(), ..mailbox() };
    let copy = Draft { own: help.clone(), ..Draft::new("1") };
    let again = receive(&store, &copy).await;
    assert_eq!((again.message, again.freshness), (first.message, Freshness::Repeated));
    let renumbered = receive(&store, &Draft::new("1#9")).await;
    assert_eq!(renumbered.message, first.message, "the provider gave the mail another id");
    let other = receive(&store, &Draft { text: "Another question", ..Draft::new("1#2") }).await;
    assert_ne!(other.message, first.message);

    // Both in one batch.
    let batch = vec![Draft::new("3").mail(), Draft { own: help, ..Draft::new("3") }.mail()];
    let stored = store.store_inquiries(batch).await;
    assert!(stored.iter().all(Result::is_ok), "{stored:?}");
    let database = client(&url).await;
    let messages = "select count(*) from messages where direction = 'inbound'";
    assert_eq!(count(&database, messages).await, 3);
    assert_eq!(count(&database, "select count(*) from message_emails").await, 6);
    let ids = vec!["help@acme.example/1".to_owned(), "support@acme.example/7".to_owned()];
    let unknown = store.unknown_messages(Channel::Email, ids).await.unwrap();
    assert_eq!(unknown, ["support@acme.example/7"], "a copy is known");
}

#[tokio::test]
async fn a_reply_goes_on_in_its_conversation_for_its_attested_sender_alone() {
    let url = fresh_database().await;
    let store = store(&url);
    let first = receive(&store, &Draft { thread: Some("t1"), ..Draft::new("1") }).await;
    let delivery = answered(&store, &first).await.delivery;
    let by_delivery = receive(&store, &Draft::new("2").replies_to(&ours(delivery))).await;
    let by_message = receive(&store, &Draft::new("3").replies_to("<1@example.com>")).await;
    let by_thread = receive(&store, &Draft { thread: Some("t1"), ..Draft::new("4") }).await;
    for reply in [&by_delivery, &by_message, &by_thread] {
        assert_eq!(reply.conversation, first.conversation);
    }
    let stranger = Draft { from: "eve@evil.example", ..Draft::new("5") }.replies_to(&ours(delivery));
    assert_ne!(receive(&store, &stranger).await.conversation, first.conversation);
    let forged = Draft { attested: false, ..Draft::new("6") }.replies_to(&ours(delivery));
    assert_ne!(receive(&store, &forged).await.conversation, first.conversation);
}

#[tokio::test]
async fn a_new_subject_opens_a_conversation_that_knows_the_old_one() {
    let url = fresh_database().await;
    let store = store(&url);
    let first = receive(&store, &Draft::new("1")).await;
    let delivery = answered(&store, &first).await.delivery;
    let same =
        receive(&store, &Draft { subject: "AW: Export", ..Draft::new("2") }.replies_to(&ours(delivery)))
            .await;
    assert_eq!(same.conversation, first.conversation);
    let waiting = Draft { subject: "Invoice", ..Draft::new("3") }.replies_to(&ours(delivery));
    assert_eq!(receive(&store, &waiting).await.conversation, first.conversation, "a question waits in it");
    let context = begin(&store, first.conversation, process()).await.unwrap();
    finish(&store, answer(&context, "Both.")).await;

    let other =
        receive(&store, &Draft { subject: "Seats", ..Draft::new("4") }.replies_to(&ours(delivery))).await;
    assert_ne!(other.conversation, first.conversation);
    let linked =
        "select count(*) from conversations c join conversations o on o.id::text = c.metadata ->> 'continues'
                  where o.status = 'closed' and c.status = 'active'";
    assert_eq!(count(&client(&url).await, linked).await, 1);
}

fn bounce(id: &str, delivery: DeliveryId, action: &str) -> Inquiry {
    let raw = format!(
        "From: MAILER-DAEMON@mx.example.com\r\nTo: support@acme.example\r\nSubject: Undelivered Mail\r\nReturn-Path: <>\r\n\
         Message-ID: <{id}@mx.example.com>\r\nContent-Type: multipart/report; boundary=b\r\n\r\n--b\r\n\r\nSorry.\r\n--b\r\n\
         Content-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx\r\n\r\nFinal-Recipient: rfc822; ann@example.com\r\n\
         Action: {action}\r\nStatus: 5.1.1\r\nDiagnostic-Code: smtp; 550 no such user\r\n\r\n--b\r\n\
         Content-Type: text/rfc822-headers\r\n\r\nMessage-ID: {ours}\r\n--b--\r\n",
        ours = ours(delivery)
    );
    let reading = interpret(raw.as_bytes(), &mailbox(), &MailLimits::default());
    let location = MailLocation { provider_id: id.to_owned(), thread_id: None };
    inquiry(&reading, &location, &mailbox(), KeptFiles::default(), fresh_ids()).unwrap()
}

#[tokio::test]
async fn a_bounce_marks_its_delivery_and_tells_staff_and_a_delay_does_neither() {
    let url = fresh_database().await;
    let store = store(&url);
    let first = receive(&store, &Draft::new("1")).await;
    let delivery = answered(&store, &first).await.delivery;
    let database = client(&url).await;
    accept(&store, bounce("b1", delivery, "delayed")).await;
    assert_eq!(count(&database, "select count(*) from deliveries where state = 'failed'").await, 0);
    accept(&store, bounce("b2", DeliveryId(uuid::Uuid::from_u128(1)), "failed")).await;
    let report = accept(&store, bounce("b3", delivery, "failed")).await;
    accept(&store, bounce("b4", delivery, "failed")).await;
    let failed = "select count(*) from deliveries where state = 'failed' and cause = 'bounced'
                  and error = 'ann@example.com: 5.1.1 550 no such user'";
    assert_eq!(count(&database, failed).await, 1);
    assert_eq!(count(&database, "select count(*) from escalations where reason = 'failure'").await, 1);
    let kept = "select count(*) from message_emails where automatic and reason = 'report'";
    assert_eq!(count(&database, kept).await, 4);
    let context = begin(&store, report.conversation, process()).await.unwrap();
    assert_eq!(context.unanswered[0].unanswered, Some(Unanswered::Report));
}

#[tokio::test]
async fn a_colleagues_reply_from_another_program_is_a_reply_of_staff() {
    let url = fresh_database().await;
    let store = store(&url);
    let first = receive(&store, &Draft::new("1")).await;
    let context = begin(&store, first.conversation, process()).await.unwrap();
    let colleague = Draft {
        from: "help@acme.example",
        subject: "Re: Export",
        text: "I did it for you.",
        ..Draft::new("2")
    };
    let colleague = colleague.replies_to("<1@example.com>");
    accept(&store, colleague.mail()).await;
    accept(&store, colleague.mail()).await;
    let late = finish(&store, answer(&context, "Open the export page.")).await;
    assert!(!matches!(late, fte::domain::conversations::turn::Finished::Committed(_)), "{late:?}");
    assert_eq!(begin(&store, first.conversation, process()).await, None);

    let database = client(&url).await;
    let reply = "select count(*) from messages r join messages m on m.answered_by = r.id
                 where r.role = 'staff' and r.direction = 'outbound' and r.seq = 2 and r.content = 'I did it for you.'
                   and m.direction = 'inbound'";
    assert_eq!(count(&database, reply).await, 1);
    let state = "select count(*) from conversations c join tickets t on t.conversation_id = c.id
                 where c.status = 'escalated' and t.status = 'waiting_customer'";
    assert_eq!(count(&database, state).await, 1);
    assert_eq!(count(&database, "select count(*) from customers").await, 1, "a colleague is no customer");
    let back = receive(&store, &Draft::new("3").replies_to("<2@example.com>")).await;
    assert_eq!(back.conversation, first.conversation);
}

#[tokio::test]
async fn automatic_replies_to_one_sender_are_counted_across_subjects() {
    let url = fresh_database().await;
    let store = store(&url);
    for n in 0..REPLIES_PER_HOUR {
        let (id, subject) = (n.to_string(), format!("Ticket {n}"));
        let draft = Draft { attested: false, subject: &subject, ..Draft::new(&id) };
        let receipt = receive(&store, &draft).await;
        let context = begin(&store, receipt.conversation, process()).await.unwrap();
        assert_eq!(context.recent_replies, n);
        finish(&store, answer(&context, "Open the export page.")).await;
    }
    let other = receive(&store, &Draft { attested: false, from: "bob@example.com", ..Draft::new("x") }).await;
    assert_eq!(begin(&store, other.conversation, process()).await.unwrap().recent_replies, 0);
    let next = receive(&store, &Draft { attested: false, subject: "Again", ..Draft::new("y") }).await;
    assert_eq!(begin(&store, next.conversation, process()).await.unwrap().recent_replies, REPLIES_PER_HOUR);
}

#[tokio::test]
async fn machines_hear_neither_of_a_delay_nor_anything_else() {
    let url = fresh_database().await;
    let store = store(&url);
    let mut machine = Draft { attested: false, ..Draft::new("1") };
    machine.fields.push("Auto-Submitted: auto-replied".to_owned());
    let receipt = receive(&store, &machine).await;
    let person =
        receive(&store, &Draft { attested: false, from: "bob@example.com", ..Draft::new("2") }).await;
    let late = store.find_delays(Duration::ZERO, 10).await.unwrap();
    let late: Vec<_> = late.iter().map(|delay| delay.conversation).collect();
    assert_eq!(late, [person.conversation]);
    let context = begin(&store, receipt.conversation, process()).await.unwrap();
    assert_eq!(context.unanswered[0].unanswered, Some(Unanswered::Automatic));
    finish(&store, decide(&context, Decision::Silent)).await;
    assert_eq!(count(&client(&url).await, "select count(*) from deliveries").await, 0);
}
