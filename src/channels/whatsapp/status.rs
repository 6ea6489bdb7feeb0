//! Parser of Twilio's delivery statuses: its states, its error codes, and how each maps to ours.

use std::time::Duration;

use super::form::Form;
use crate::channels::port::SendError;
use crate::domain::enums::{Channel, DeliveryState, FailureCause};
use crate::domain::ids::DeliveryId;
use crate::domain::messages::delivery::{Failure, StatusUpdate};
use crate::domain::validation::{FieldError, InvalidForm};

/// The query parameter of a status callback that names our delivery.
pub const DELIVERY: &str = "delivery";

/// Parses a status callback whose signature has been verified; `query` is that of its URL.
pub fn status(form: &Form, query: &str) -> Result<StatusUpdate, InvalidForm> {
    let sid = form.get("MessageSid").or_else(|| form.get("SmsSid"));
    let word = form.get("MessageStatus").or_else(|| form.get("SmsStatus"));
    let (Some(sid), Some(state)) = (sid, word.and_then(state_of)) else {
        return Err(InvalidForm::Invalid(vec![FieldError::new(
            "MessageStatus",
            "must be a state of a message",
        )]));
    };
    let delivery = Form::decode(query.as_bytes()).get(DELIVERY).and_then(|id| uuid::Uuid::try_parse(id).ok());
    let code = form.get("ErrorCode").and_then(|code| code.parse().ok());
    let is_failed = state == DeliveryState::Failed;
    let failure = is_failed.then(|| failure(code, form.get("ErrorMessage").unwrap_or_default()));
    Ok(StatusUpdate {
        channel: Channel::Whatsapp,
        delivery: delivery.map(DeliveryId),
        provider_id: Some(sid.chars().take(64).filter(char::is_ascii_alphanumeric).collect()),
        state,
        failure,
        refused: Vec::new(),
    })
}

/// Maps one of Twilio's states; `None` for those that no outbound message has. A message that Twilio has accepted
/// counts as sent.
pub fn state_of(word: &str) -> Option<DeliveryState> {
    match word {
        "accepted" | "scheduled" | "queued" | "sending" | "sent" => Some(DeliveryState::Sent),
        "delivered" => Some(DeliveryState::Delivered),
        "read" => Some(DeliveryState::Read),
        "undelivered" | "failed" | "canceled" => Some(DeliveryState::Failed),
        _ => None,
    }
}

/// Classifies a refusal. Twilio accepts or refuses a message by one answer, so only an answer that does neither, or one
/// from an intermediary, leaves the delivery in doubt.
pub fn refusal(status: u16, code: Option<u32>, message: &str, retry_after: Option<Duration>) -> SendError {
    let Failure { cause, detail: why } = failure(code, message);
    match (status, code) {
        // 20429 too many requests, 63018 and 14107 rate limit of the sender: with 429 and 503 the message was not
        // accepted.
        (429 | 503, _) | (_, Some(20429 | 63018 | 14107)) => SendError::Later { why, retry_after },
        // 20003 authentication, 20404 no such account, 63007 no such sender, 21212 and 21606 a wrong From.
        (401 | 403 | 404, _) | (_, Some(20003 | 20404 | 63007 | 21212 | 21606)) => SendError::Account(why),
        (408 | 500..=599, _) => SendError::Unknown(format!("status {status}: {why}")),
        (_, _) => SendError::Refused(Failure { cause, detail: why }),
    }
}

/// A failure by Twilio's error code (Twilio, "Error and warning dictionary").
fn failure(code: Option<u32>, message: &str) -> Failure {
    let cause = match code {
        Some(21610) => FailureCause::OptedOut,
        Some(63024 | 63003 | 21211 | 21614) => FailureCause::InvalidAddress,
        Some(63016 | 63032 | 63013 | 63049) => FailureCause::Policy,
        Some(_) | None => FailureCause::Rejected,
    };
    Failure { cause, detail: explain(code, message) }
}

/// A reason for staff: the code, and what to know about it.
fn explain(code: Option<u32>, message: &str) -> String {
    let Some(code) = code else {
        return if message.is_empty() { "Twilio gave no reason".to_owned() } else { short(message) };
    };
    let known = match code {
        63016 => "the customer has not written for 24 hours, and free text is refused until they do",
        21610 => "the customer wants no messages from this number",
        63024 | 63003 | 21211 => "the number is not reachable by WhatsApp",
        21617 | 21658 => "the message is too long",
        63018 | 20429 => "too many messages at once",
        63032 => "WhatsApp limits messages to this customer",
        63051 | 63020 => "the WhatsApp sender is blocked or not registered",
        63013 | 63049 => "WhatsApp refuses the message by its policy",
        _ => "",
    };
    if known.is_empty() { format!("{code}: {}", short(message)) } else { format!("{code}: {known}") }
}

fn short(message: &str) -> String {
    let line = message.split_whitespace().collect::<Vec<_>>().join(" ");
    line.chars().filter(|c| !c.is_control()).take(300).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_callback_names_our_delivery_and_what_became_of_it() {
        let id = uuid::Uuid::from_u128(7);
        let form =
            Form::from([("MessageSid", "SM1"), ("MessageStatus", "undelivered"), ("ErrorCode", "63016")]);
        let update = status(&form, &format!("x=1&delivery={id}")).unwrap();
        assert_eq!((update.delivery, update.provider_id.as_deref()), (Some(DeliveryId(id)), Some("SM1")));
        assert_eq!(update.state, DeliveryState::Failed);
        let failure = update.failure.unwrap();
        assert_eq!((update.channel, failure.cause), (Channel::Whatsapp, FailureCause::Policy));
        assert!(failure.detail.starts_with("63016: the customer has not written"));
        let form = Form::from([("MessageSid", "SM1"), ("MessageStatus", "read")]);
        assert_eq!(status(&form, "delivery=nonsense").unwrap().delivery, None);
        for (name, word) in [("MessageStatus", "received"), ("MessageStatus", ""), ("Other", "sent")] {
            assert!(status(&Form::from([("MessageSid", "SM1"), (name, word)]), "").is_err(), "{name} {word}");
        }
    }

    #[test]
    fn a_code_says_why_a_message_failed() {
        for (code, cause) in [
            (Some(21610), FailureCause::OptedOut),
            (Some(63024), FailureCause::InvalidAddress),
            (Some(63049), FailureCause::Policy),
            (Some(63020), FailureCause::Rejected),
            (None, FailureCause::Rejected),
        ] {
            assert_eq!(failure(code, "x").cause, cause, "{code:?}");
        }
    }

    #[test]
    fn only_what_was_certainly_not_taken_is_tried_again() {
        let later = |status, code| matches!(refusal(status, code, "x", None), SendError::Later { .. });
        let refused = |status, code| matches!(refusal(status, code, "x", None), SendError::Refused(_));
        let unknown = |status, code| matches!(refusal(status, code, "x", None), SendError::Unknown(_));
        let account = |status, code| matches!(refusal(status, code, "x", None), SendError::Account(_));
        assert!(later(429, Some(20429)) && later(429, None) && later(503, None) && later(400, Some(63018)));
        assert!(refused(400, Some(63016)) && refused(400, Some(21610)) && refused(400, Some(21617)));
        assert!(refused(400, None) && refused(413, None));
        assert!(unknown(500, None) && unknown(502, None) && unknown(504, None) && unknown(408, None));
        assert!(account(401, Some(20003)) && account(404, Some(20404)) && account(400, Some(63007)));
    }
}
