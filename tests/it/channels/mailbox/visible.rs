//! What staff are shown of mails: whom a reply did not reach, what came beside the words of the sender, and the mail as
//! it came.

use serde_json::{Value, json};

use super::gmail_faults::delivery;
use super::rig::{Mailbox, first_id, question};
use crate::support::customers::Customer;
use crate::support::gmail::FakeGmail;
use crate::support::postgres::{client, fresh_database};
use crate::support::served::{Served, TOKEN};
use crate::support::smtp::{SmtpFault, SmtpSink};
use crate::support::verdict::{count, none_left};
use crate::support::wait::{LIMIT, becomes, eventually};

const ANN: &str = "ann@example.com";
const CAROL: &str = "carol@example.com";
const DAVE: &str = "dave@example.org";
/// The HTML part of a mail that tries to run, load, send and cover things.
const HOSTILE: &str = "<html><head><meta http-equiv=refresh content='0;url=https://evil.example'>\
    <base href=https://evil.example/><style>@import url(https://evil.example/a.css);</style></head>\
    <body onload=alert(1)><script>alert(1)</script><img src=https://evil.example/pixel.gif>\
    <p style='color:red;position:fixed;background:url(https://evil.example/b.png)' onclick=alert(1)>\
    How do I reset my <b>password</b>?</p><form action=https://evil.example><input></form>\
    <svg onload=alert(1)></svg><iframe src=https://evil.example></iframe></body></html>";

/// A question with a recipient in copy.
fn copied() -> String {
    question(ANN, &first_id(ANN), &[]).replace("Subject:", &format!("Cc: Carol <{CAROL}>\r\nSubject:"))
}

async fn conversation(url: &str, served: &Served) -> Value {
    let read = "select id::text from conversations order by created_at limit 1";
    let id: String = client(url).await.query_one(read, &[]).await.unwrap().get(0);
    Customer::of(&served.base).json(&format!("/conversations/{id}")).await
}

#[tokio::test]
async fn a_recipient_in_copy_who_is_refused_is_listed_and_the_customer_is_answered() {
    let url = fresh_database().await;
    let mailbox = Mailbox::open(SmtpSink::start(&[SmtpFault::OnCopy("550 5.1.1 no such user")])).await;
    let served = mailbox.serve(&url, &[]).await;
    mailbox.dovecot.deliver(ANN, &copied());
    none_left(&url, "select 1 - count(*) from deliveries where state = 'sent'", LIMIT).await;
    let shown = delivery(&url, &served).await;
    assert_eq!((&shown["to"], &shown["cc"], &shown["bcc"]), (&json!([ANN]), &json!([CAROL]), &json!([])));
    assert_eq!((&shown["state"], &shown["in_doubt"]), (&json!("sent"), &json!(false)));
    let failed = &shown["failed"];
    assert_eq!(failed.as_array().unwrap().len(), 1, "{failed}");
    assert_eq!((&failed[0]["address"], &failed[0]["cause"]), (&json!(CAROL), &json!("invalid_address")));
    assert!(failed[0]["detail"].as_str().unwrap().contains("no such user"), "{failed}");
    assert_eq!(mailbox.smtp.mails()[0].to, [ANN]);
    served.kill9().await;
}

#[tokio::test]
async fn a_bounce_names_the_recipient_whom_the_reply_did_not_reach() {
    let url = fresh_database().await;
    let mailbox = Mailbox::open(SmtpSink::start(&[])).await;
    let served = mailbox.serve(&url, &[]).await;
    mailbox.dovecot.deliver(ANN, &copied());
    none_left(&url, "select 1 - count(*) from deliveries where state = 'sent'", LIMIT).await;
    let ours = mailbox.smtp.mails()[0].field("Message-ID").unwrap();
    for (id, recipient) in [("b1", CAROL), ("b2", ANN)] {
        let bounce = format!(
            "From: MAILER-DAEMON@mx.example.com\r\nTo: support@acme.example\r\nSubject: Undelivered Mail\r\n\
             Message-ID: <{id}@mx.example.com>\r\nContent-Type: multipart/report; boundary=b\r\n\r\n--b\r\n\r\nSorry.\r\n\
             --b\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx\r\n\r\n\
             Final-Recipient: rfc822; {recipient}\r\nAction: failed\r\nStatus: 5.1.1\r\n\
             Diagnostic-Code: smtp; 550 no such user\r\n\r\n--b\r\nContent-Type: text/rfc822-headers\r\n\r\n\
             Message-ID: {ours}\r\n--b--\r\n"
        );
        mailbox.dovecot.deliver("", &bounce);
    }
    let listed = async || {
        let shown = delivery(&url, &served).await;
        let failed = shown["failed"].as_array().unwrap().clone();
        let addresses: Vec<&str> = failed.iter().map(|one| one["address"].as_str().unwrap()).collect();
        if addresses == [ANN, CAROL] { Ok(shown) } else { Err(shown) }
    };
    let (shown, _) = eventually("both recipients", LIMIT, listed).await;
    assert_eq!(shown["state"], "failed");
    assert!(shown["failed"].as_array().unwrap().iter().all(|one| one["cause"] == "bounced"), "{shown}");
    let told = "select count(*) from escalations where reason = 'failure'";
    assert_eq!(count(&client(&url).await, told).await, 1, "one failed reply is one escalation");
    served.kill9().await;
}

#[tokio::test]
async fn staff_see_quotes_remarks_and_the_mail_as_it_came() {
    let url = fresh_database().await;
    let mailbox = Mailbox::open(SmtpSink::start(&[])).await;
    let served = mailbox.serve(&url, &[]).await;
    let history =
        "On Mon, 30 Nov 2026 at 08:00, Support <support@acme.example> wrote:\r\n> Please say more.\r\n";
    let plain = format!("{}\r\n{history}", question(ANN, &first_id(ANN), &[]));
    let text_type = "Content-Type: text/plain; charset=utf-8\r\n\r\n";
    let (head, body) = plain.split_once(text_type).unwrap();
    let raw = format!(
        "{head}Content-Type: multipart/alternative; boundary=alt\r\n\r\n--alt\r\n{text_type}{body}\r\n--alt\r\n\
         Content-Type: text/html; charset=utf-8\r\n\r\n{HOSTILE}\r\n--alt--\r\n"
    );
    mailbox.dovecot.deliver(ANN, &raw);
    none_left(&url, "select 1 - count(*) from deliveries where state = 'sent'", LIMIT).await;
    let shown = conversation(&url, &served).await;
    let asked = &shown["messages"][0];
    assert_eq!(asked["content"], "How do I reset my password?");
    let mail = &asked["mail"];
    assert!(mail["full_text"].as_str().unwrap().contains("> Please say more."), "{mail}");
    assert_eq!((&mail["authentication"], &mail["unanswered"]), (&json!("pass"), &Value::Null));
    assert_eq!((&mail["remarks"], &mail["has_source"]), (&json!([]), &json!(true)));

    let path = format!("/messages/{}/source", asked["id"].as_str().unwrap());
    let source = Customer::of(&served.base).get(&path).await.unwrap();
    assert_eq!(source.headers()["content-type"], "message/rfc822");
    assert!(source.headers()["content-disposition"].to_str().unwrap().starts_with("attachment"));
    let source = source.text().await.unwrap();
    assert!(source.contains("> Please say more.") && source.contains("Subject: Password"), "{source}");
    let reply = shown["messages"][1]["id"].as_str().unwrap();
    let none = Customer::of(&served.base).get(&format!("/messages/{reply}/source")).await.unwrap();
    assert_eq!(none.status(), 404);
    shows_html_and_source_safely(&served, asked["id"].as_str().unwrap(), reply).await;
    answers_with_copies(&mailbox, &served, &shown).await;
    served.kill9().await;
}

/// The HTML of the mail, its source as text, and neither for a message that is no mail.
async fn shows_html_and_source_safely(served: &Served, mail: &str, reply: &str) {
    let get = async |id: &str, part: &str| {
        Customer::of(&served.base).get(&format!("/staff/messages/{id}/{part}")).await.unwrap()
    };
    let html = get(mail, "html").await;
    let header = |name: &str| html.headers()[name].to_str().unwrap().to_owned();
    assert_eq!(header("content-type"), "text/html; charset=utf-8");
    assert_eq!(header("x-content-type-options"), "nosniff");
    let policy =
        "default-src 'none'; img-src data:; style-src 'unsafe-inline'; sandbox; frame-ancestors 'self'";
    assert_eq!(header("content-security-policy"), policy);
    let document = html.text().await.unwrap();
    assert!(document.contains("<p style=\"color:red\">How do I reset my <b>password</b>?</p>"), "{document}");
    for bad in
        ["script", "evil.example", "onclick", "<form", "refresh", "<svg", "<base", "<iframe", "position"]
    {
        assert!(!document.contains(bad), "{bad} in {document}");
    }
    let raw = get(mail, "raw").await;
    assert_eq!(raw.headers()["content-type"], "text/plain; charset=utf-8");
    assert_eq!(raw.headers()["x-content-type-options"], "nosniff");
    assert!(raw.headers()["content-disposition"].to_str().unwrap().starts_with("attachment"));
    let source = raw.text().await.unwrap();
    assert!(source.contains("Subject: Password") && source.contains("<script>alert(1)</script>"), "{source}");
    for part in ["html", "raw"] {
        assert_eq!(get(reply, part).await.status(), 404, "{part}");
    }
}

/// A reply of staff goes to the customer and to all copies, and no recipient learns of the blind ones.
async fn answers_with_copies(mailbox: &Mailbox, served: &Served, shown: &Value) {
    let conversation = shown["conversation_id"].as_str().unwrap();
    let seen = shown["messages"].as_array().unwrap().last().unwrap()["id"].clone();
    let body = json!({"text": "A colleague answers.", "seen_through": seen, "send_after_seconds": 0, "cc": [CAROL],
                      "bcc": [DAVE]});
    let http = fte::http_client::builder().no_proxy().build().unwrap();
    let url = format!("{}/staff/conversations/{conversation}/reply", served.base);
    let sent = http.post(url).bearer_auth(TOKEN).json(&body).send().await.unwrap();
    assert_eq!(sent.status(), 201, "{}", sent.text().await.unwrap());
    becomes("mails", 2, async || mailbox.smtp.mails().len()).await;
    let mail = mailbox.smtp.mails()[1].clone();
    let mut recipients = mail.to.clone();
    recipients.sort();
    assert_eq!(recipients, [ANN, CAROL, DAVE]);
    assert!(mail.text.contains("A colleague answers."));
    assert!(mail.field("Cc").unwrap().contains(CAROL) && mail.field("Bcc").is_none());
    assert!(!mail.text.contains(DAVE), "{}", mail.text);
    let shown = Customer::of(&served.base).json(&format!("/conversations/{conversation}")).await;
    let delivery = &shown["messages"].as_array().unwrap().last().unwrap()["deliveries"][0];
    assert_eq!(
        (&delivery["to"], &delivery["cc"], &delivery["bcc"]),
        (&json!([ANN]), &json!([CAROL]), &json!([DAVE]))
    );
}

#[tokio::test]
async fn a_colleagues_reply_from_another_program_takes_the_ticket_over_as_a_reply_of_staff_does() {
    let url = fresh_database().await;
    let mailbox = Mailbox::open(SmtpSink::start(&[])).await;
    let served = mailbox.serve(&url, &[]).await;
    mailbox.ask(&[ANN.to_owned()]);
    mailbox.answered(&[ANN.to_owned()]).await;
    none_left(&url, "select 1 - count(*) from deliveries where state = 'sent'", LIMIT).await;
    let resolve = "update tickets set status = 'resolved', resolved_at = now()";
    client(&url).await.batch_execute(resolve).await.unwrap();
    let ours = mailbox.smtp.mails()[0].field("Message-ID").unwrap();
    let colleague = question("support@acme.example", "<colleague@acme.example>", &[&ours])
        .replace("header.d=example.com", "header.d=acme.example")
        .replace("header.from=example.com", "header.from=acme.example")
        .replace("To: support@acme.example", &format!("To: {ANN}\r\nCc: support@acme.example"))
        .replace("How do I reset my password?", "I have reset it for you.");
    mailbox.dovecot.deliver("support@acme.example", &colleague);
    let taken = "select 1 - count(*) from tickets t join conversations c on c.id = t.conversation_id
                 where t.status = 'waiting_customer' and t.resolved_at is null and c.status = 'escalated'";
    none_left(&url, taken, LIMIT).await;
    let shown = conversation(&url, &served).await;
    let last = shown["messages"].as_array().unwrap().last().unwrap().clone();
    assert_eq!((&last["role"], &last["content"]), (&json!("staff"), &json!("I have reset it for you.")));
    assert_eq!(mailbox.smtp.mails().len(), 1, "the bot adds nothing");
    served.kill9().await;
}

/// A colleague's reply in the program's own mailbox, as mail programs and Gmail's pages keep it.
fn colleagues(answers: &str, text: &str) -> String {
    format!(
        "From: Support <support@acme.example>\r\nTo: {ANN}\r\nSubject: Re: Password\r\nMessage-ID: <by.hand@acme.example>\r\n\
         In-Reply-To: {answers}\r\nDate: {}\r\nContent-Type: text/plain\r\n\r\n{text}\r\n",
        fte::clock::now().format(&time::format_description::well_known::Rfc2822).unwrap()
    )
}

const TAKEN: &str = "select 1 - count(*) from messages m join conversations c on c.id = m.conversation_id
     join tickets t on t.conversation_id = c.id
     where m.role = 'staff' and m.content = 'I have done it for you.' and c.status = 'escalated'
       and t.status = 'waiting_customer'";

#[tokio::test]
async fn a_colleagues_reply_in_the_sent_folder_is_a_reply_of_staff() {
    let url = fresh_database().await;
    let mailbox = Mailbox::open(SmtpSink::start(&[])).await;
    let served = mailbox.serve(&url, &[("EMAIL_POLL_SECONDS", "1")]).await;
    mailbox.ask(&[ANN.to_owned()]);
    mailbox.answered(&[ANN.to_owned()]).await;
    none_left(&url, "select 1 - count(*) from deliveries where state = 'sent'", LIMIT).await;
    mailbox.dovecot.keep(&colleagues("<unknown@example.com>", "To somebody else."));
    mailbox.dovecot.keep(&colleagues(&first_id(ANN), "I have done it for you."));
    none_left(&url, TAKEN, LIMIT).await;
    let all = "select count(*) from messages";
    assert_eq!(count(&client(&url).await, all).await, 3, "our own copies and other mails are left alone");
    assert_eq!(mailbox.smtp.mails().len(), 1);
    served.kill9().await;
}

#[tokio::test]
async fn a_colleagues_reply_by_gmail_is_a_reply_of_staff() {
    let url = fresh_database().await;
    let gmail = FakeGmail::start();
    let served = gmail.serve(&url, &[]).await;
    none_left(&url, "select 1 - count(*) from channel_cursors where channel = 'email'", LIMIT).await;
    gmail.arrive(&question(ANN, &first_id(ANN), &[]), &["INBOX"]);
    none_left(&url, "select 1 - count(*) from deliveries where state = 'sent'", LIMIT).await;
    gmail.arrive(&colleagues("<unknown@example.com>", "To somebody else."), &["SENT"]);
    gmail.arrive(&colleagues(&first_id(ANN), "I have done it for you."), &["SENT"]);
    none_left(&url, TAKEN, LIMIT).await;
    assert_eq!(count(&client(&url).await, "select count(*) from messages").await, 3);
    assert_eq!(gmail.state().sent().len(), 3, "the bot's one and two of colleagues");
    served.kill9().await;
}
