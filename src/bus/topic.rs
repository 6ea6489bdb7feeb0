//! Topic names, as other teams know them.

use crate::domain::enums::Channel;

/// The topic of an event.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Topic {
    /// Pointers to conversations with unanswered messages: the work queue of the agents.
    TicketsIncoming,
    /// A customer's message was stored.
    Inbound(Channel),
    /// A message to a customer was stored.
    Outbound(Channel),
    /// A conversation was escalated to staff.
    Escalations,
    /// A turn of the bot has ended.
    Metrics,
    /// A message was parked because its turns failed.
    DeadLetters,
}

impl Topic {
    pub const ALL: [Self; 10] = [
        Self::TicketsIncoming,
        Self::Inbound(Channel::Email),
        Self::Inbound(Channel::Whatsapp),
        Self::Inbound(Channel::WebForm),
        Self::Outbound(Channel::Email),
        Self::Outbound(Channel::Whatsapp),
        Self::Outbound(Channel::WebForm),
        Self::Escalations,
        Self::Metrics,
        Self::DeadLetters,
    ];

    pub const fn name(self) -> &'static str {
        match self {
            Self::TicketsIncoming => "fte.tickets.incoming",
            Self::Inbound(Channel::Email) => "fte.channels.email.inbound",
            Self::Inbound(Channel::Whatsapp) => "fte.channels.whatsapp.inbound",
            Self::Inbound(Channel::WebForm) => "fte.channels.web_form.inbound",
            Self::Outbound(Channel::Email) => "fte.channels.email.outbound",
            Self::Outbound(Channel::Whatsapp) => "fte.channels.whatsapp.outbound",
            Self::Outbound(Channel::WebForm) => "fte.channels.web_form.outbound",
            Self::Escalations => "fte.escalations",
            Self::Metrics => "fte.metrics",
            Self::DeadLetters => "fte.dlq",
        }
    }

    pub fn by_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|topic| topic.name() == name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_topic_is_found_by_its_name() {
        for topic in Topic::ALL {
            assert_eq!(Topic::by_name(topic.name()), Some(topic));
        }
        assert_eq!(Topic::by_name("fte.unknown"), None);
    }
}
