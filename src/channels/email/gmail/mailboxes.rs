//! Several mailboxes of Gmail behind one sender: a reply leaves from the mailbox that the customer wrote to.

use super::Gmail;
use crate::channels::port::{ChannelFuture, DoubtFinding, MessageSender, Outgoing, SendError, SendReceipt};
use crate::channels::reports::{ReportMail, SendReport};
use crate::channels::verification::{MailError, SendVerificationCode, VerificationMail};
use crate::domain::messages::delivery::{ClaimedDelivery, InDoubt, Route};

/// All mailboxes; the first one sends what belongs to none of them.
#[derive(Clone)]
pub struct GmailMailboxes {
    first: Gmail,
    further: Vec<Gmail>,
}

impl GmailMailboxes {
    pub fn new(first: Gmail, further: Vec<Gmail>) -> Self {
        Self { first, further }
    }

    pub fn all(&self) -> impl Iterator<Item = &Gmail> {
        std::iter::once(&self.first).chain(&self.further)
    }

    fn of(&self, mailbox: Option<&str>) -> &Gmail {
        let is_it = |gmail: &&Gmail| Some(gmail.address().as_str()) == mailbox;
        self.further.iter().find(is_it).unwrap_or(&self.first)
    }

    fn of_message(&self, message: &Outgoing) -> &Gmail {
        self.of(message.mail.as_ref().and_then(|mail| mail.mailbox.as_deref()))
    }
}

impl MessageSender for GmailMailboxes {
    fn route(&self, delivery: &ClaimedDelivery) -> Route {
        self.first.route(delivery)
    }

    fn draft(&self, message: &Outgoing) -> Option<ChannelFuture<Result<String, SendError>>> {
        self.of_message(message).draft(message)
    }

    fn send(&self, message: Outgoing) -> ChannelFuture<Result<SendReceipt, SendError>> {
        self.of_message(&message).send(message)
    }

    fn resolve(&self, in_doubt: InDoubt) -> ChannelFuture<Result<DoubtFinding, SendError>> {
        self.of(in_doubt.mailbox.as_deref()).resolve(in_doubt)
    }

    fn parts(&self, text: &str) -> Vec<String> {
        self.first.parts(text)
    }
}

impl SendReport for GmailMailboxes {
    fn send_report(&self, mail: ReportMail) -> ChannelFuture<Result<(), SendError>> {
        self.first.send_report(mail)
    }

    fn was_report_sent(&self, id: uuid::Uuid) -> ChannelFuture<Result<bool, SendError>> {
        self.first.was_report_sent(id)
    }
}

impl SendVerificationCode for GmailMailboxes {
    fn mail(&self, mail: VerificationMail) -> ChannelFuture<Result<(), MailError>> {
        self.first.mail(mail)
    }
}
