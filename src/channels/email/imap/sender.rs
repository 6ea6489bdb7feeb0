//! Replies of an IMAP mailbox: sent by SMTP, copied to the Sent folder, and looked up there where the answer was lost.

use std::time::Duration;

use super::{Imap, SentCopies};
use crate::channels::email::reply::RawReply;
use crate::channels::email::smtp;
use crate::channels::email::thread::message_id;
use crate::channels::port::{
    ChannelFuture, DoubtFinding, MessageSender, NOT_LISTED, Outgoing, SendError, SendReceipt, SentMessage,
};
use crate::channels::reports::{ReportMail, SendReport};
use crate::channels::verification::{MailError, SendVerificationCode, VerificationMail};
use crate::clock;
use crate::domain::enums::DeliveryState;
use crate::domain::messages::delivery::{ClaimedDelivery, InDoubt, Route};
use crate::domain::runtime::timing::{DELIVERY_QUIET, DELIVERY_REQUEST_TIMEOUT};
use crate::failpoint::{Failpoint, reach};

/// Longest time until a mail is accepted; with those for the copy and for the end of the connection it is within the
/// limit of a delivery's request.
const SMTP_TIMEOUT: Duration = Duration::from_secs(10);
const COPY_TIMEOUT: Duration = Duration::from_secs(4);
/// Between two looks into the Sent folder.
const LOOK_AGAIN: Duration = Duration::from_secs(5);

const _: () = assert!(
    SMTP_TIMEOUT.as_millis() + COPY_TIMEOUT.as_millis() + smtp::QUIT_TIMEOUT.as_millis()
        <= DELIVERY_REQUEST_TIMEOUT.as_millis()
);

impl MessageSender for Imap {
    fn route(&self, delivery: &ClaimedDelivery) -> Route {
        match delivery.recipient() {
            Ok(_) => Route::Text,
            Err(failure) => Route::Nowhere(failure),
        }
    }

    fn send(&self, message: Outgoing) -> ChannelFuture<Result<SendReceipt, SendError>> {
        let imap = self.clone();
        Box::pin(async move {
            let reply = imap.settings().writer.write(&message, clock::now()).map_err(SendError::Refused)?;
            let mut accepted = smtp::deliver(&imap.settings().smtp, &reply, SMTP_TIMEOUT).await?;
            reach(Failpoint::MailAccepted);
            // At once: without the copy, the look-up after a crash does not find the mail.
            imap.copy(&reply).await;
            let refused = std::mem::take(&mut accepted.refused);
            accepted.quit().await;
            Ok(SendReceipt { provider_id: reply.message_id, refused })
        })
    }

    fn resolve(&self, in_doubt: InDoubt) -> ChannelFuture<Result<DoubtFinding, SendError>> {
        let imap = self.clone();
        Box::pin(async move {
            let id = message_id(in_doubt.delivery, imap.settings().reader.own().domain());
            let candidates = if imap.was_sent(&id).await? {
                vec![SentMessage { provider_id: id, state: DeliveryState::Sent }]
            } else {
                Vec::new()
            };
            let otherwise = in_doubt.unlisted(DELIVERY_QUIET);
            Ok(DoubtFinding { candidates, otherwise, look_again: LOOK_AGAIN, given_up: NOT_LISTED })
        })
    }

    fn parts(&self, text: &str) -> Vec<String> {
        vec![text.to_owned()]
    }
}

impl Imap {
    /// A mail that was accepted is sent, whether or not its copy can be kept.
    async fn copy(&self, reply: &RawReply) {
        if self.settings().copies == SentCopies::ByProvider {
            return;
        }
        let kept = tokio::time::timeout(COPY_TIMEOUT, self.keep_copy(&reply.message_id, &reply.bytes));
        match kept.await {
            Ok(Ok(())) => {}
            Ok(Err(error)) => {
                tracing::warn!(id = reply.message_id, %error, "could not keep the copy of a reply");
            }
            Err(_elapsed) => {
                tracing::warn!(id = reply.message_id, "could not keep the copy of a reply in time");
            }
        }
    }
}

impl SendVerificationCode for Imap {
    fn mail(&self, mail: VerificationMail) -> ChannelFuture<Result<(), MailError>> {
        let imap = self.clone();
        Box::pin(async move {
            let id = format!("code.{}", clock::new_v4());
            let mail = imap.settings().writer.write_verification(&mail, &id, clock::now());
            match smtp::deliver(&imap.settings().smtp, &mail, SMTP_TIMEOUT).await {
                Ok(accepted) => {
                    accepted.quit().await;
                    Ok(())
                }
                Err(SendError::Refused(failure)) => Err(MailError::Refused(failure.detail)),
                Err(error @ (SendError::Later { .. } | SendError::Account(_) | SendError::Unknown(_))) => {
                    Err(MailError::Unavailable(error.to_string()))
                }
            }
        })
    }
}

impl SendReport for Imap {
    fn send_report(&self, mail: ReportMail) -> ChannelFuture<Result<(), SendError>> {
        let imap = self.clone();
        Box::pin(async move {
            let mail = imap.settings().writer.write_report(&mail, clock::now());
            let accepted = smtp::deliver(&imap.settings().smtp, &mail, SMTP_TIMEOUT).await?;
            imap.copy(&mail).await;
            accepted.quit().await;
            Ok(())
        })
    }

    fn was_report_sent(&self, id: uuid::Uuid) -> ChannelFuture<Result<bool, SendError>> {
        let imap = self.clone();
        Box::pin(async move { imap.was_sent(&imap.settings().writer.report_id(id)).await })
    }
}
