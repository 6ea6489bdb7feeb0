//! Replies by Gmail: a draft first, whose id is stored by the caller, then the draft is sent. Sending removes the draft,
//! so that a repetition fails instead of doubling the mail; an attempt in doubt is resolved by whether its draft is left,
//! and if it is not, by what was sent.

use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::Deserialize;
use serde_json::{Value, json};

use super::Gmail;
use super::api::ApiError;
use crate::channels::email::inbound::CLOCKS_DIFFER;
use crate::channels::email::thread::message_id;
use crate::channels::port::{
    ChannelFuture, DoubtFinding, MessageSender, NOT_LISTED, Outgoing, SendError, SendReceipt, SentMessage,
};
use crate::channels::reports::{ReportMail, SendReport};
use crate::channels::verification::{MailError, SendVerificationCode, VerificationMail};
use crate::clock;
use crate::domain::enums::DeliveryState;
use crate::domain::messages::delivery::{ClaimedDelivery, InDoubt, Resolution, Route};
use crate::domain::runtime::timing::{DELIVERY_LEASE, DELIVERY_QUIET};
use crate::failpoint::{Failpoint, reach};

/// Between two looks at an attempt in doubt.
const LOOK_AGAIN: Duration = Duration::from_secs(5);
/// How often a draft is sent again that Gmail neither sends nor refuses; with the pauses, it takes about three minutes.
const MAX_RESENDS: u32 = 3;
/// What staff are told of it then.
const NOT_SENT: &str = "Gmail did not send its draft, which is left in the mailbox, in four attempts";

#[derive(Deserialize)]
struct Created {
    id: String,
}

#[derive(Deserialize)]
struct FoundMessages {
    #[serde(default)]
    messages: Vec<Created>,
}

/// What an attempt comes to whose draft is left. A request that Gmail still works on removes the draft, or finds it
/// removed, so that sending it again is safe; each further attempt waits twice as long.
fn unsent(quiet: Duration, unresolved_attempts: i16) -> Resolution {
    let earlier = u32::try_from(unresolved_attempts).unwrap_or_default();
    if earlier >= MAX_RESENDS {
        return if quiet < DELIVERY_LEASE { Resolution::Wait } else { Resolution::GiveUp };
    }
    let pause = DELIVERY_LEASE.saturating_mul(2_u32.saturating_pow(earlier));
    if quiet < pause { Resolution::Wait } else { Resolution::Resend }
}

impl MessageSender for Gmail {
    fn route(&self, delivery: &ClaimedDelivery) -> Route {
        match delivery.recipient() {
            Ok(_) => Route::Text,
            Err(failure) => Route::Nowhere(failure),
        }
    }

    fn draft(&self, message: &Outgoing) -> Option<ChannelFuture<Result<String, SendError>>> {
        let (gmail, message) = (self.clone(), message.clone());
        Some(Box::pin(async move {
            let reply = gmail.settings().writer.write(&message, clock::now()).map_err(SendError::Refused)?;
            let thread = message.mail.as_ref().and_then(|mail| mail.thread_id.clone());
            let raw = reply.with_bcc_field();
            match gmail.create_draft(&raw, thread.as_deref()).await {
                Ok(id) => Ok(id),
                // The thread was deleted: the reply still belongs to it by its fields.
                Err(ApiError::NotFound) if thread.is_some() => Ok(gmail.create_draft(&raw, None).await?),
                // A draft that was perhaps created is never sent: it can be created again.
                Err(ApiError::Other(SendError::Unknown(why))) => {
                    Err(SendError::Later { why, retry_after: None })
                }
                Err(error) => Err(error.into()),
            }
        }))
    }

    fn send(&self, message: Outgoing) -> ChannelFuture<Result<SendReceipt, SendError>> {
        let gmail = self.clone();
        Box::pin(async move {
            let Some(draft) = message.draft else {
                return Err(SendError::Later { why: "the reply has no draft".to_owned(), retry_after: None });
            };
            let sent: Result<Created, ApiError> =
                gmail.api.post("drafts/send", &json!({ "id": draft })).await;
            reach(Failpoint::MailAccepted);
            let sent = match sent {
                Ok(sent) => sent.id,
                // It was sent before, or deleted by a person: what is found decides.
                Err(ApiError::NotFound) => {
                    return Err(SendError::Unknown("the draft is gone".to_owned()));
                }
                Err(ApiError::Other(error)) => return Err(error),
            };
            if let Some(thread) = message.mail.and_then(|mail| mail.thread_id) {
                gmail.mark(&thread).await;
            }
            Ok(SendReceipt::new(sent))
        })
    }

    fn resolve(&self, in_doubt: InDoubt) -> ChannelFuture<Result<DoubtFinding, SendError>> {
        let gmail = self.clone();
        Box::pin(async move { gmail.look_for(in_doubt).await })
    }

    fn parts(&self, text: &str) -> Vec<String> {
        vec![text.to_owned()]
    }
}

impl Gmail {
    async fn create_draft(&self, raw: &[u8], thread: Option<&str>) -> Result<String, ApiError> {
        let mut message = json!({ "raw": URL_SAFE_NO_PAD.encode(raw) });
        if let (Some(thread), Some(fields)) = (thread, message.as_object_mut()) {
            fields.insert("threadId".to_owned(), thread.into());
        }
        let created: Created = self.api.post("drafts", &json!({ "message": message })).await?;
        Ok(created.id)
    }

    async fn look_for(&self, in_doubt: InDoubt) -> Result<DoubtFinding, SendError> {
        let finding = |candidates, otherwise| DoubtFinding {
            candidates,
            otherwise,
            look_again: LOOK_AGAIN,
            given_up: NOT_LISTED,
        };
        let Some(draft) = &in_doubt.draft else {
            // Without a stored draft nothing was ever sent.
            return Ok(finding(Vec::new(), Resolution::Resend));
        };
        match self.api.get::<Value>(&format!("drafts/{draft}"), &[]).await {
            Ok(_) => {
                let unsent = finding(Vec::new(), unsent(in_doubt.quiet, in_doubt.unresolved_attempts));
                Ok(DoubtFinding { given_up: NOT_SENT, ..unsent })
            }
            // It was sent, or a person has deleted it (PROTOCOL.md 6.2).
            Err(ApiError::NotFound) => {
                Ok(finding(self.sent(&in_doubt).await?, in_doubt.unlisted(DELIVERY_QUIET)))
            }
            Err(ApiError::Other(error)) => Err(error),
        }
    }

    /// The sent mail with our Message-ID; Gmail may have given it another one, so else what was sent to the customer
    /// since the attempt.
    async fn sent(&self, in_doubt: &InDoubt) -> Result<Vec<SentMessage>, SendError> {
        let id = message_id(in_doubt.delivery, self.settings().reader.own().domain());
        let by_id = format!("rfc822msgid:{} in:sent", id.trim_matches(['<', '>']));
        let since = (in_doubt.requested_at - CLOCKS_DIFFER).unix_timestamp();
        let to = in_doubt.to.as_ref();
        let by_recipient = to.map(|to| format!("in:sent to:{} after:{since}", to.value()));
        for query in std::iter::once(by_id).chain(by_recipient) {
            let found: FoundMessages = self.api.get("messages", &[("q", query)]).await?;
            if !found.messages.is_empty() {
                let sent = |found: Created| SentMessage { provider_id: found.id, state: DeliveryState::Sent };
                // Gmail lists the newest first.
                return Ok(found.messages.into_iter().rev().map(sent).collect());
            }
        }
        Ok(Vec::new())
    }

    async fn mark(&self, thread: &str) {
        if let Err(error) = self.shared.labels.mark(&self.api, thread).await {
            tracing::warn!(thread, ?error, "could not label a thread that was answered");
        }
    }
}

impl SendVerificationCode for Gmail {
    fn mail(&self, mail: VerificationMail) -> ChannelFuture<Result<(), MailError>> {
        let gmail = self.clone();
        Box::pin(async move {
            let id = format!("code.{}", clock::new_v4());
            let mail = gmail.settings().writer.write_verification(&mail, &id, clock::now());
            let body = json!({ "raw": URL_SAFE_NO_PAD.encode(&mail.bytes) });
            match gmail.api.post::<Value>("messages/send", &body).await {
                Ok(_) => Ok(()),
                Err(ApiError::Other(SendError::Refused(failure))) => Err(MailError::Refused(failure.detail)),
                Err(error) => Err(MailError::Unavailable(SendError::from(error).to_string())),
            }
        })
    }
}

impl SendReport for Gmail {
    fn send_report(&self, mail: ReportMail) -> ChannelFuture<Result<(), SendError>> {
        let gmail = self.clone();
        Box::pin(async move {
            let mail = gmail.settings().writer.write_report(&mail, clock::now());
            let body = json!({ "raw": URL_SAFE_NO_PAD.encode(&mail.bytes) });
            let sent = gmail.api.post::<Value>("messages/send", &body).await;
            sent.map(|_| ()).map_err(SendError::from)
        })
    }

    fn was_report_sent(&self, id: uuid::Uuid) -> ChannelFuture<Result<bool, SendError>> {
        let gmail = self.clone();
        Box::pin(async move {
            let id = gmail.settings().writer.report_id(id);
            let query = format!("rfc822msgid:{} in:sent", id.trim_matches(['<', '>']));
            let found: FoundMessages = gmail.api.get("messages", &[("q", query)]).await?;
            Ok(!found.messages.is_empty())
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_draft_that_is_left_is_sent_again_with_growing_pauses_and_then_left_to_staff() {
        let after = |seconds, earlier| unsent(Duration::from_secs(seconds), earlier);
        assert_eq!((after(19, 0), after(20, 0)), (Resolution::Wait, Resolution::Resend));
        assert_eq!((after(39, 1), after(40, 1)), (Resolution::Wait, Resolution::Resend));
        assert_eq!((after(79, 2), after(80, 2)), (Resolution::Wait, Resolution::Resend));
        assert_eq!((after(19, 3), after(20, 3)), (Resolution::Wait, Resolution::GiveUp));
        assert_eq!(after(20, i16::MAX), Resolution::GiveUp);
    }
}
