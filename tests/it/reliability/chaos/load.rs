//! Load of the chat and mail channels for the chaos test: each message is repeated until it is accepted, as providers do.

use std::cell::RefCell;
use std::time::Duration;

use fte::clock;
use futures_util::future::join_all;
use reqwest::StatusCode;
use time::format_description::well_known::Rfc2822;

use super::Scene;
use crate::support::customers::QUESTIONS;
use crate::support::dovecot::SUPPORT;
use crate::support::wait::{LIMIT, eventually, pause};
use crate::support::whatsapp::form;

/// Who vouches for senders of mails.
pub const AUTHSERV: &str = "mx.acme.example";
const CHAT_PAUSE: Duration = Duration::from_millis(700);
const MAIL_PAUSE: Duration = Duration::from_secs(1);

/// What was accepted.
#[derive(Default)]
pub struct Sent {
    /// The provider's ids of chat messages.
    pub chats: RefCell<Vec<String>>,
    /// The addresses of those who sent one mail.
    pub mails: RefCell<Vec<String>>,
}

/// Customers who chat: a number writes each question once, then another number goes on.
pub async fn chats(scene: &Scene, sent: &Sent, customers: usize, goes_on: impl Fn() -> bool) {
    join_all((0..customers).map(|number| chat(scene, sent, number, &goes_on))).await;
}

async fn chat(scene: &Scene, sent: &Sent, customer: usize, goes_on: &impl Fn() -> bool) {
    for nth in 0.. {
        if !goes_on() {
            return;
        }
        let number = format!("+49151{:08}", customer * 10_000 + nth / QUESTIONS.len());
        let sid = format!("SM{customer}x{nth}");
        let form = form(&number, &sid, QUESTIONS[nth % QUESTIONS.len()]);
        let mut turn = customer;
        let accepted = async || {
            turn += 1;
            let Some(base) = scene.base(turn) else { return Err("no process runs".to_owned()) };
            match scene.twilio.post(&base, "/webhooks/whatsapp", &form).await {
                Ok(StatusCode::OK) => Ok(()),
                other => Err(format!("{other:?}")),
            }
        };
        eventually(&sid, LIMIT, accepted).await;
        sent.chats.borrow_mut().push(sid);
        pause("the pace of a customer", CHAT_PAUSE).await;
    }
}

/// Mails arrive in the mailbox, each of another customer.
pub async fn mails(scene: &Scene, sent: &Sent, goes_on: impl Fn() -> bool) {
    for nth in 0.. {
        if !goes_on() {
            return;
        }
        let from = format!("mail-{nth}@example.com");
        scene.dovecot.deliver(&from, &mail(&from, QUESTIONS[nth % QUESTIONS.len()]));
        sent.mails.borrow_mut().push(from);
        pause("the pace of mails", MAIL_PAUSE).await;
    }
}

fn mail(from: &str, text: &str) -> String {
    let date = clock::now().format(&Rfc2822).unwrap();
    format!(
        "Authentication-Results: {AUTHSERV}; dkim=pass header.d=example.com; dmarc=pass header.from=example.com\r\n\
         From: Ann <{from}>\r\nTo: {SUPPORT}\r\nSubject: A question\r\nMessage-ID: <first.{from}>\r\nDate: {date}\r\n\
         MIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n{text}\r\n"
    )
}
