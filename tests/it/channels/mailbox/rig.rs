//! A program whose mailbox is on a Dovecot of the test, and customers who write to it.

use std::sync::Arc;
use std::time::Duration;

use time::format_description::well_known::Rfc2822;

use crate::support::dovecot::{Dovecot, SUPPORT};
use crate::support::postgres::client;
use crate::support::served::Served;
use crate::support::smtp::{SinkAccess, SmtpSink};
use crate::support::tls_proxy::Authority;
use crate::support::wait::{LIMIT, eventually};

/// Who vouches for senders.
const AUTHSERV: &str = "mx.acme.example";

/// The servers of one mailbox.
pub struct Mailbox {
    pub dovecot: Dovecot,
    pub smtp: SmtpSink,
}

impl Mailbox {
    pub async fn open(smtp: SmtpSink) -> Self {
        Self { dovecot: Dovecot::start().await, smtp }
    }

    /// Both servers have certificates of an authority.
    pub async fn open_encrypted(authority: &Authority, is_implicit: bool) -> Self {
        let tls = Some(Arc::new(authority.server("localhost")));
        let access = SinkAccess { tls, is_implicit, ..SinkAccess::default() };
        Self { dovecot: Dovecot::start_with(Some(authority)).await, smtp: SmtpSink::start_with(&[], access) }
    }

    /// Serves a database with this mailbox, which is polled so seldom that only IDLE can tell of a mail.
    pub async fn serve(&self, url: &str, variables: &[(&str, &str)]) -> Served {
        let (imap, smtp) = (self.dovecot.url(), self.smtp.url());
        let mut all = vec![
            ("IMAP_URL", imap.as_str()),
            ("SMTP_URL", smtp.as_str()),
            ("EMAIL_AUTHSERV_ID", AUTHSERV),
            ("EMAIL_POLL_SECONDS", "3600"),
            ("EMAIL_MESSAGES_PER_SECOND", "1000"),
        ];
        all.retain(|(name, _)| !variables.iter().any(|(given, _)| given == name));
        all.extend_from_slice(variables);
        Served::start(url, &all).await
    }

    /// A question of each customer arrives, in a thread of its own.
    pub fn ask(&self, customers: &[String]) {
        for customer in customers {
            self.dovecot.deliver(customer, &question(customer, &first_id(customer), &[]));
        }
    }

    /// Waits until each customer has got at least one mail.
    pub async fn answered(&self, customers: &[String]) {
        let missing = async || {
            let counts = self.smtp.counts(customers);
            let missing = counts.iter().filter(|count| **count == 0).count();
            if missing == 0 { Ok(()) } else { Err(format!("{missing} without an answer")) }
        };
        eventually("answers by mail", LIMIT, missing).await;
    }
}

pub fn customers(range: std::ops::Range<usize>) -> Vec<String> {
    range.map(|n| format!("customer{n}@example.com")).collect()
}

/// The Message-ID of the first mail of a customer.
pub fn first_id(customer: &str) -> String {
    format!("<first.{customer}>")
}

/// A mail whose sender is attested.
pub fn question(from: &str, id: &str, references: &[&str]) -> String {
    let thread = match references.last() {
        Some(last) => format!("In-Reply-To: {last}\r\nReferences: {}\r\n", references.join(" ")),
        None => String::new(),
    };
    let date = fte::clock::now().format(&Rfc2822).unwrap();
    format!(
        "Authentication-Results: {AUTHSERV}; spf=pass smtp.mailfrom={from}; dkim=pass header.d=example.com; \
         dmarc=pass header.from=example.com\r\nFrom: Ann <{from}>\r\nTo: {SUPPORT}\r\nSubject: Password\r\n\
         Message-ID: {id}\r\nDate: {date}\r\n{thread}MIME-Version: 1.0\r\n\
         Content-Type: text/plain; charset=utf-8\r\n\r\nHow do I reset my password?\r\n"
    )
}

/// Simulates that the time has passed in which an attempt in doubt is only looked for.
pub async fn quiet_time_passes(url: &str, quiet: Duration) {
    let pass = format!(
        "update deliveries set requested_at = requested_at - interval '{0} seconds',
                               lease_until = lease_until - interval '{0} seconds' where state = 'sending'",
        quiet.as_secs()
    );
    client(url).await.batch_execute(&pass).await.unwrap();
}
