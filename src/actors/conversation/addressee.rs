//! What a customer gets of a decision: its text, framed for them and their channel.

use crate::agent::handbook::Handbook;
use crate::channels::format::{Occasion, dress};
use crate::domain::inquiry::TicketNumber;
use crate::domain::turn::{Briefing, Decision, HandOver};
use crate::domain::words::{Channel, MessageKind};

/// Whom a reply goes to, and how it must look.
pub struct Addressee {
    channel: Channel,
    name: String,
    ticket: TicketNumber,
}

impl Addressee {
    pub fn of(briefing: &Briefing) -> Self {
        Self {
            channel: briefing.channel,
            name: briefing.customer_name.clone(),
            ticket: briefing.ticket.number,
        }
    }

    /// The decision with its text as the customer gets it.
    pub fn dress(&self, decision: Decision, handbook: &Handbook) -> Decision {
        let dressed = |text: &str, kind| {
            let occasion = Occasion { customer_name: &self.name, ticket: self.ticket, kind };
            dress(self.channel, text, &occasion, &handbook.voice)
        };
        match decision {
            Decision::Answer { text, sources } => {
                Decision::Answer { text: dressed(&text, MessageKind::Message), sources }
            }
            Decision::Escalate(hand_over) => Decision::Escalate(HandOver {
                acknowledgement: dressed(&hand_over.acknowledgement, MessageKind::Acknowledgement),
                ..hand_over
            }),
            Decision::Silent => Decision::Silent,
        }
    }
}
