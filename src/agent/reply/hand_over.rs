//! Hand-off texts: the summary for staff and the acknowledgement for the customer when a person takes over. They
//! promise only what is kept.

use time::{OffsetDateTime, Weekday};

use crate::agent::handbook::{Handbook, Rule};
use crate::agent::models::tools::ToolName;
use crate::agent::models::transcript::shorten;
use crate::agent::turn::verdict::{Speaker, Verdict};
use crate::domain::conversations::escalation::{HandOverWish, PersonRequest};
use crate::domain::conversations::turn::{Decision, HandOver, Provenance, TurnContext, Utterance};
use crate::domain::enums::{Channel, Reason, Severity};
use crate::domain::messages::inquiry::TicketNumber;
use crate::domain::wording::hours::{Back, SupportHours, clock};
use crate::domain::wording::response_time::ResponseTime;
use crate::domain::wording::texts::{TextKey, Texts};

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
        corrected: Vec::new(),
    }
}

/// How to escalate for a reason that no trigger of the rules matched; `why` is for staff.
pub(in crate::agent) fn rule_for(handbook: &Handbook, reason: Reason, why: &str) -> Rule {
    let usual = handbook.rules.usual(reason);
    Rule {
        reason,
        severity: usual.map_or_else(|| usual_severity(reason), |rule| rule.severity),
        team: usual.map_or_else(|| "Support specialist on duty".to_owned(), |rule| rule.team.clone()),
        note: why.to_owned(),
        text: None,
    }
}

pub(in crate::agent) fn hand_over(context: &TurnContext, handbook: &Handbook, rule: &Rule) -> HandOver {
    HandOver {
        reason: rule.reason,
        severity: rule.severity,
        summary: summary(context, rule),
        acknowledgement: match rule.text {
            Some(text) => handbook.texts.get(text, context.language.as_deref()).to_owned(),
            None => acknowledgement(
                Told { channel: context.channel, ticket: context.ticket.number, at: written_at(context) },
                handbook,
                rule.reason,
                rule.severity,
            ),
        },
    }
}

/// The hand-over of a ticket that is asked for without a turn: by its customer on its page, or by a program.
pub fn on_request(request: &PersonRequest, wish: &HandOverWish, handbook: &Handbook) -> HandOver {
    let rule = match wish {
        HandOverWish::OnPage => {
            rule_for(handbook, Reason::HumanRequest, "The customer asked for a person on the ticket's page.")
        }
        HandOverWish::Program { reason, severity, summary } => {
            let said = rule_for(handbook, *reason, &format!("A program asked for a person: {summary}"));
            Rule { severity: severity.unwrap_or(said.severity), ..said }
        }
    };
    let told = Told { channel: request.channel, ticket: request.ticket_number, at: request.at };
    HandOver {
        reason: rule.reason,
        severity: rule.severity,
        summary: summarized(&rule, &request.subject, request.quotes.iter().map(String::as_str)),
        acknowledgement: acknowledgement(told, handbook, rule.reason, rule.severity),
    }
}

/// The time by which a person answers an escalation that began at `at`, as its acknowledgement promises.
pub fn expected_by(
    handbook: &Handbook,
    reason: Reason,
    severity: Severity,
    at: OffsetDateTime,
) -> OffsetDateTime {
    let voice = &handbook.voice;
    let wording = voice.response_times.of(reason, severity).unwrap_or_default();
    ResponseTime::of_wording(wording).due(&voice.hours, at)
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
    let left_out = context.unanswered.len().saturating_sub(MAX_QUOTES);
    let quotes: Vec<_> = context.unanswered.iter().skip(left_out).map(Utterance::shown).collect();
    summarized(rule, &context.ticket.subject, quotes.iter().map(|quote| &**quote))
}

fn summarized<'a>(rule: &Rule, subject: &str, quotes: impl Iterator<Item = &'a str>) -> String {
    let quotes = quotes.map(|quote| format!("> {}", shorten(quote, QUOTE_MAX_CHARS)));
    let head = [
        rule.note.trim().to_owned(),
        format!("For: {}", rule.team),
        format!("Subject: {}", shorten(subject, QUOTE_MAX_CHARS)),
    ];
    head.into_iter().chain(quotes).collect::<Vec<_>>().join("\n")
}

/// Whom an acknowledgement is for.
#[derive(Clone, Copy)]
struct Told {
    channel: Channel,
    ticket: TicketNumber,
    at: OffsetDateTime,
}

/// The one message that the customer gets: what happens, where and when the answer comes, and nothing else to do. In
/// the language of the brand voice.
fn acknowledgement(told: Told, handbook: &Handbook, reason: Reason, severity: Severity) -> String {
    let Handbook { voice, texts, .. } = handbook;
    let place = match told.channel {
        Channel::Email => TextKey::PlaceEmail,
        Channel::Whatsapp => TextKey::PlaceWhatsapp,
        Channel::WebForm => TextKey::PlaceWebForm,
    };
    // The handbook's reader refuses a voice without an opening for each reason or a time for each severity.
    let opening = voice.openings.get(&reason).map(String::as_str).unwrap_or_default();
    let time = voice.response_times.of(reason, severity).unwrap_or_default();
    let values = [
        ("opening", opening),
        ("ticket", &told.ticket.to_string()),
        ("place", texts.get(place, None)),
        ("time", time),
        ("hours", &support_hours(&voice.hours, texts, told.at)),
    ];
    texts.fill(TextKey::Acknowledgement, None, &values)
}

/// The support hours, and outside of them when support opens next.
fn support_hours(hours: &SupportHours, texts: &Texts, at: OffsetDateTime) -> String {
    let days = match hours.range() {
        Some((first, last)) => {
            let (first, last) = (first.to_string(), last.to_string());
            texts.fill(TextKey::DayRange, None, &[("first", &first), ("last", &last)])
        }
        None => hours.days.iter().map(Weekday::to_string).collect::<Vec<_>>().join(", "),
    };
    let (time, to) = (clock(hours.from), clock(hours.to));
    let values = [("days", days.as_str()), ("from", &time), ("to", &to), ("zone", &hours.zone_name)];
    let shown = texts.fill(TextKey::Hours, None, &values);
    let Some(back) = hours.back(at) else {
        return texts.fill(TextKey::HoursOpen, None, &[("hours", &shown)]);
    };
    let back = match back {
        Back::Today => texts.fill(TextKey::BackToday, None, &[("time", &time)]),
        Back::Tomorrow => texts.fill(TextKey::BackTomorrow, None, &[("time", &time)]),
        Back::Weekday(day) => {
            texts.fill(TextKey::BackWeekday, None, &[("weekday", &day.to_string()), ("time", &time)])
        }
        Back::Date(date) => {
            let (weekday, day) = (date.weekday().to_string(), format!("{} {}", date.day(), date.month()));
            texts.fill(TextKey::BackDate, None, &[("weekday", &weekday), ("date", &day), ("time", &time)])
        }
    };
    texts.fill(TextKey::HoursClosed, None, &[("hours", &shown), ("back", &back)])
}

/// The time of the turn, by the database's clock.
fn written_at(context: &TurnContext) -> OffsetDateTime {
    let oldest = context.unanswered.first().map_or(OffsetDateTime::UNIX_EPOCH, |said| said.at);
    oldest.saturating_add(time::Duration::try_from(context.waited).unwrap_or(time::Duration::ZERO))
}

#[cfg(test)]
mod tests {
    use time::macros::{date, datetime};

    use super::*;
    use crate::agent::samples::handbook;

    #[test]
    fn the_hours_and_the_next_opening_are_told_in_the_words_of_the_catalogue() {
        let handbook = handbook();
        let week = SupportHours {
            holidays: [date!(2026 - 12 - 24), date!(2026 - 12 - 25)].into_iter().collect(),
            ..handbook.voice.hours.clone()
        };
        let days = vec![Weekday::Monday, Weekday::Saturday];
        let part = SupportHours { days, ..week.clone() };
        let rare = SupportHours { days: vec![Weekday::Friday], ..week.clone() };
        let cases = [
            (&week, datetime!(2026-11-25 13:00 UTC), "Monday to Friday, 9:00–17:00, Frankfurt time."),
            (&week, datetime!(2026-11-25 07:00 UTC), "Frankfurt time; we are back today at 9:00."),
            (&week, datetime!(2026-11-25 16:00 UTC), "Frankfurt time; we are back tomorrow at 9:00."),
            (
                &part,
                datetime!(2026-11-26 13:00 UTC),
                "Monday, Saturday, 9:00–17:00, Frankfurt time; we are back on Saturday at 9:00.",
            ),
            (
                &rare,
                datetime!(2026-12-24 13:00 UTC),
                "Friday, 9:00–17:00, Frankfurt time; we are back on Friday 1 January at 9:00.",
            ),
        ];
        for (hours, at, expected) in cases {
            let told = support_hours(hours, &handbook.texts, at);
            assert!(told.starts_with("Our support hours are ") && told.ends_with(expected), "{told}");
        }
    }
}
