//! Renders a decision for its customer and channel.

use crate::agent::handbook::Handbook;
use crate::channels::format::{Occasion, render_reply};
use crate::domain::conversations::turn::{Decision, HandOver, TurnContext};
use crate::domain::enums::{Channel, MessageKind};
use crate::domain::messages::inquiry::TicketNumber;

/// The recipient of a reply.
pub struct Addressee {
    channel: Channel,
    name: String,
    ticket: TicketNumber,
}

impl Addressee {
    pub fn of(context: &TurnContext) -> Self {
        Self { channel: context.channel, name: context.customer_name.clone(), ticket: context.ticket.number }
    }

    /// Whether the commit of this decision is also its delivery: the web form's page shows it from then on.
    pub fn is_shown_by_commit(&self, decision: &Decision) -> bool {
        let has_text = match decision {
            Decision::Answer { .. } => true,
            Decision::Escalate(hand_over) => !hand_over.acknowledgement.is_empty(),
            Decision::Silent => false,
        };
        self.channel == Channel::WebForm && has_text
    }

    /// The decision with its text as the customer gets it.
    pub fn render_reply(&self, decision: Decision, handbook: &Handbook) -> Decision {
        let rendered = |text: &str, kind| {
            let occasion = Occasion { customer_name: &self.name, ticket: self.ticket, kind };
            render_reply(self.channel, text, &occasion, &handbook.voice)
        };
        match decision {
            Decision::Answer { text, sources } => {
                Decision::Answer { text: rendered(&text, MessageKind::Message), sources }
            }
            // Nobody gets an acknowledgement that is none.
            Decision::Escalate(hand_over) if hand_over.acknowledgement.is_empty() => {
                Decision::Escalate(hand_over)
            }
            Decision::Escalate(hand_over) => Decision::Escalate(HandOver {
                acknowledgement: rendered(&hand_over.acknowledgement, MessageKind::Acknowledgement),
                ..hand_over
            }),
            Decision::Silent => Decision::Silent,
        }
    }
}
