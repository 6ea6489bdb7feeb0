//! Batching of a feed's messages: those that are stored in one transaction. Pure.
//!
//! A message that answers another one goes into a later part: what it belongs to is looked up before its part is
//! stored.

use std::collections::HashSet;

use crate::domain::messages::inquiry::Inquiry;

/// Messages of one part, at most: a transaction holds their rows until it commits.
const MAX_MESSAGES: usize = 32;
/// The texts of one part have no more bytes, unless one message has.
const MAX_BYTES: usize = 1024 * 1024;

#[derive(Debug, Default)]
pub struct FeedPart {
    pub messages: Vec<Inquiry>,
    bytes: usize,
    /// By which later messages may name those of this part.
    names: HashSet<String>,
}

impl FeedPart {
    /// Whether a message may be stored together with those before it.
    pub fn takes(&self, message: &Inquiry) -> bool {
        let is_reply = message.replies_to().iter().any(|id| self.names.contains(id));
        let has_room =
            self.messages.len() < MAX_MESSAGES && self.bytes.saturating_add(bytes(message)) <= MAX_BYTES;
        self.messages.is_empty() || has_room && !is_reply
    }

    pub fn push(&mut self, message: Inquiry) {
        self.bytes = self.bytes.saturating_add(bytes(&message));
        self.names.insert(message.external_id.clone());
        if let Some(mail) = &message.extras.email {
            self.names.extend(mail.rfc_message_id.clone());
            let thread = mail.thread_id.as_ref();
            self.names.extend(thread.map(|thread| format!("thread:{}/{thread}", mail.mailbox)));
        }
        self.messages.push(message);
    }
}

fn bytes(message: &Inquiry) -> usize {
    let mail = message.extras.email.as_ref();
    let full = mail.and_then(|mail| mail.full_text.as_ref()).map_or(0, String::len);
    message.text.len().saturating_add(full)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::channels::port::fresh_ids;
    use crate::domain::customers::contact::{Address, Email};
    use crate::domain::enums::{Category, Channel, Priority};
    use crate::domain::messages::inquiry::{Attestation, Extras, Opening, Sender, Thread};

    fn message(id: &str, to: &[&str]) -> Inquiry {
        let ids = fresh_ids();
        let opening = Box::new(Opening {
            conversation: ids.conversation,
            ticket: ids.ticket,
            customer: ids.customer,
            sender: Sender {
                address: Address::Email(Email::parse("ann@example.com").unwrap()),
                attestation: Attestation::Attested,
                name: "Ann".to_owned(),
            },
            subject: "Export".to_owned(),
            category: Category::General,
            priority: Priority::Medium,
            contact_phone: None,
        });
        Inquiry {
            message: ids.message,
            channel: Channel::Email,
            external_id: id.to_owned(),
            fingerprint: [0; 32],
            text: "How?".to_owned(),
            thread: Thread::Replies { to: to.iter().map(|id| (*id).to_owned()).collect(), opening },
            extras: Extras::default(),
        }
    }

    #[test]
    fn a_reply_to_a_message_of_the_part_waits_for_the_next_one() {
        let mut part = FeedPart::default();
        part.push(message("1", &[]));
        assert!(part.takes(&message("2", &["other"])));
        assert!(!part.takes(&message("3", &["other", "1"])));
        assert!(FeedPart::default().takes(&message("3", &["1"])));
    }

    #[test]
    fn a_part_is_bounded_and_takes_one_message_of_any_size() {
        let mut part = FeedPart::default();
        let long = Inquiry { text: "x".repeat(MAX_BYTES + 1), ..message("1", &[]) };
        assert!(part.takes(&long));
        part.push(long);
        assert!(!part.takes(&message("2", &[])));
        let mut part = FeedPart::default();
        for n in 0..MAX_MESSAGES {
            assert!(part.takes(&message("1", &[])));
            part.push(message(&n.to_string(), &[]));
        }
        assert!(!part.takes(&message("1", &[])));
    }
}
