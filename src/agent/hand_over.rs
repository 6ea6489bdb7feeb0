//! What staff and the customer are told when a person must take over. It promises nothing that nobody keeps.

use crate::domain::turn::{Briefing, Decision, HandOver, Provenance};
use crate::domain::words::{Channel, Reason, Severity};

use super::tools::ToolName;
use super::transcript::shorten;
use super::turn::{Speaker, Verdict};

/// Messages quoted to staff, the newest.
const QUOTES_AT_MOST: usize = 3;
/// Characters quoted of one message.
const QUOTE_MAX_CHARS: usize = 400;

/// What a turn comes to that must not be run: the messages of a `Suspicion::Condemned` briefing.
pub fn parked(briefing: &Briefing) -> Verdict {
    let why = "Answering this message failed several times; it was parked.";
    let rules = Speaker::rules();
    Verdict {
        decision: Decision::Escalate(hand_over(briefing, Reason::Failure, why)),
        provenance: Provenance {
            model: rules.model,
            prompt_version: rules.prompt_version,
            tools: vec![ToolName::EscalateToHuman.as_str().to_owned()],
            ..Provenance::default()
        },
    }
}

/// A hand-over with the severity that its reason usually has; `why` is for staff.
pub(super) fn hand_over(briefing: &Briefing, reason: Reason, why: &str) -> HandOver {
    HandOver {
        reason,
        severity: usual_severity(reason),
        summary: summary(briefing, why),
        acknowledgement: acknowledgement(briefing, reason),
    }
}

fn usual_severity(reason: Reason) -> Severity {
    match reason {
        Reason::Security => Severity::Urgent,
        Reason::Legal | Reason::Abuse | Reason::Sentiment | Reason::Failure => Severity::High,
        Reason::Pricing | Reason::Refund | Reason::HumanRequest | Reason::NoAnswer | Reason::Budget => {
            Severity::Normal
        }
    }
}

fn summary(briefing: &Briefing, why: &str) -> String {
    let left_out = briefing.unsettled.len().saturating_sub(QUOTES_AT_MOST);
    let quotes = briefing
        .unsettled
        .iter()
        .skip(left_out)
        .map(|said| format!("> {}", shorten(&said.shown(), QUOTE_MAX_CHARS)));
    let head =
        [why.trim().to_owned(), format!("Subject: {}", shorten(&briefing.ticket.subject, QUOTE_MAX_CHARS))];
    head.into_iter().chain(quotes).collect::<Vec<_>>().join("\n")
}

fn acknowledgement(briefing: &Briefing, reason: Reason) -> String {
    let opening = match reason {
        Reason::Pricing => "Questions about prices, discounts and contracts are answered by a person.",
        Reason::Refund => "Refunds and cancellations are looked after by a person.",
        Reason::Legal => "Legal and compliance matters are looked after by a person.",
        Reason::HumanRequest => "Of course, a person will take over from here.",
        Reason::Abuse | Reason::Sentiment => "I am sorry that this has been a bad experience.",
        Reason::Security => "Thank you for reporting this. I have marked it as urgent.",
        Reason::NoAnswer => "I have no reliable answer to this, and I do not want to guess.",
        Reason::Budget | Reason::Failure => "I am sorry, I could not work out a reliable answer myself.",
    };
    let place = match briefing.channel {
        Channel::Email => "by e-mail",
        Channel::Whatsapp => "in this chat",
        Channel::WebForm => "on your ticket's page",
    };
    format!(
        "{opening} I have passed your message on to our support team as ticket {}. They will reply {place}; \
         I cannot tell you exactly when, but you do not need to write again.",
        briefing.ticket.number
    )
}
