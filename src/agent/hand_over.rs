//! Hand-off texts: what staff and the customer are told when a person takes over. They promise nothing that is not
//! kept.

use time::OffsetDateTime;

use crate::domain::enums::{Channel, Reason, Severity};
use crate::domain::turn::{Decision, HandOver, Provenance, TurnContext};
use crate::domain::voice::BrandVoice;

use super::handbook::{Handbook, Rule};
use super::tools::ToolName;
use super::transcript::shorten;
use super::turn::{Speaker, Verdict};

/// The newest messages quoted to staff.
const MAX_QUOTES: usize = 3;
/// Characters quoted of one message.
const QUOTE_MAX_CHARS: usize = 400;

/// The decision of a turn that must not be run: its messages are poison (`PoisonState::DeadLetter`).
pub fn parked(context: &TurnContext, handbook: &Handbook) -> Verdict {
    let why = "Answering this message failed several times; it was parked.";
    let rules = Speaker::rules(&handbook.rules);
    Verdict {
        decision: Decision::Escalate(hand_over(context, handbook, &rule_for(handbook, Reason::Failure, why))),
        link: None,
        provenance: Provenance {
            model: rules.model,
            prompt_version: rules.prompt_version,
            tools: vec![ToolName::EscalateToHuman.as_str().to_owned()],
            ..Provenance::default()
        },
    }
}

/// How to escalate for a reason that no trigger of the rules matched; `why` is for staff.
pub(super) fn rule_for(handbook: &Handbook, reason: Reason, why: &str) -> Rule {
    let usual = handbook.rules.usual(reason);
    Rule {
        reason,
        severity: usual.map_or_else(|| usual_severity(reason), |rule| rule.severity),
        team: usual.map_or_else(|| "Support specialist on duty".to_owned(), |rule| rule.team.clone()),
        note: why.to_owned(),
    }
}

pub(super) fn hand_over(context: &TurnContext, handbook: &Handbook, rule: &Rule) -> HandOver {
    HandOver {
        reason: rule.reason,
        severity: rule.severity,
        summary: summary(context, rule),
        acknowledgement: acknowledgement(context, &handbook.voice, rule.reason, rule.severity),
    }
}

/// Severity of a reason that the rules do not mention.
fn usual_severity(reason: Reason) -> Severity {
    match reason {
        Reason::Security => Severity::Urgent,
        Reason::Legal | Reason::Abuse | Reason::Sentiment | Reason::Failure => Severity::High,
        Reason::Pricing | Reason::Refund | Reason::HumanRequest | Reason::NoAnswer | Reason::Budget => {
            Severity::Normal
        }
    }
}

fn summary(context: &TurnContext, rule: &Rule) -> String {
    let left_out = context.unsettled.len().saturating_sub(MAX_QUOTES);
    let quotes = context
        .unsettled
        .iter()
        .skip(left_out)
        .map(|said| format!("> {}", shorten(&said.shown(), QUOTE_MAX_CHARS)));
    let head = [
        rule.note.trim().to_owned(),
        format!("For: {}", rule.team),
        format!("Subject: {}", shorten(&context.ticket.subject, QUOTE_MAX_CHARS)),
    ];
    head.into_iter().chain(quotes).collect::<Vec<_>>().join("\n")
}

/// The acknowledgement for the customer: what happens next, and where and when the answer comes.
fn acknowledgement(context: &TurnContext, voice: &BrandVoice, reason: Reason, severity: Severity) -> String {
    let opening = voice.openings.get(&reason).map_or("A person will take over from here.", String::as_str);
    let place = match context.channel {
        Channel::Email => "by e-mail",
        Channel::Whatsapp => "in this chat",
        Channel::WebForm => "on your ticket's page",
    };
    let time = voice.response_times.of(reason, severity);
    let answer = time.map_or_else(
        || format!("They will reply {place}."),
        |time| format!("They will reply {place} {time}."),
    );
    format!(
        "{opening} I have passed your message on as ticket {}. {answer} {} You do not need to write again.",
        context.ticket.number,
        at_work(voice, written_at(context))
    )
}

/// When support is open, and when it opens again.
fn at_work(voice: &BrandVoice, at: OffsetDateTime) -> String {
    match voice.hours.back(at) {
        None => format!("Our team is at work {}.", voice.hours),
        Some(back) => format!("Our team is at work {}, and back {back}.", voice.hours),
    }
}

/// The time of the turn, by the database's clock.
fn written_at(context: &TurnContext) -> OffsetDateTime {
    let oldest = context.unsettled.first().map_or(OffsetDateTime::UNIX_EPOCH, |said| said.at);
    oldest.saturating_add(time::Duration::try_from(context.waited).unwrap_or(time::Duration::ZERO))
}
