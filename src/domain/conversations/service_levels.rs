//! Service level agreement (SLA): how soon people answer and resolve, by plan and severity, within which support hours,
//! and whom an escalation goes to. It computes when a target is over, and the calendar by which the database does the
//! same for all conversations.

use std::collections::BTreeMap;
use std::sync::Arc;

use time::{Duration, OffsetDateTime};

use crate::domain::conversations::escalation::Notice;
use crate::domain::enums::{Reason, Severity};
use crate::domain::wording::hours::{SupportHours, SupportOpening};

/// How long before an answer is due staff are warned.
pub const WARN_BEFORE: Duration = Duration::minutes(30);
/// How far the calendar reaches back: a clock that has run for longer is overdue by any target.
const CALENDAR_BACK: Duration = Duration::days(120);
/// How far the calendar reaches ahead; beyond it nights count too.
const CALENDAR_AHEAD: Duration = Duration::days(400);

/// What is promised to customers, as `company-profile.md` says it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ServiceLevels {
    /// In the order of the columns; the first holds for a customer whose plan is not known. At least one.
    pub plans: Vec<PlanLevels>,
    pub contacts: BTreeMap<Reason, EscalationContacts>,
}

/// What the clocks of a program go by.
#[derive(Clone, Debug)]
pub struct SlaPlan {
    pub levels: Arc<ServiceLevels>,
    /// After how much time without an assignee staff are reminded of an escalation; `None` for never.
    pub remind_after: Option<Duration>,
}

/// What a look at the clocks has marked.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Alarms {
    pub due_soon: u64,
    /// Overdue, by the clock.
    pub first_response: u64,
    pub next_response: u64,
    pub resolution: u64,
}

impl Alarms {
    /// What is overdue, by the name of its clock.
    pub fn overdue(self) -> [(&'static str, u64); 3] {
        let Self { due_soon: _, first_response, next_response, resolution } = self;
        [("first_response", first_response), ("next_response", next_response), ("resolution", resolution)]
    }
}

/// What is promised to the customers of one plan.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PlanLevels {
    pub plan: String,
    /// `None`: support is open at all times.
    pub hours: Option<SupportHours>,
    /// Of every severity.
    pub targets: BTreeMap<Severity, SeverityTargets>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SeverityTargets {
    /// Of the first answer of a person, and of each later one.
    pub response: SlaTarget,
    pub resolution: Option<SlaTarget>,
}

/// A time within which something is done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SlaTarget {
    pub length: Duration,
    pub counts: CountedTime,
}

/// What counts of the time that passes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CountedTime {
    SupportHours,
    DayAndNight,
}

/// The on-call order of a reason, by role.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EscalationContacts {
    pub first: String,
    pub second: Option<String>,
}

impl SlaTarget {
    /// When the time is over that begins at `since`.
    pub fn due(self, hours: Option<&SupportHours>, since: OffsetDateTime) -> OffsetDateTime {
        match (self.counts, hours) {
            (CountedTime::SupportHours, Some(hours)) => hours.after(since, self.length),
            (CountedTime::SupportHours, None) | (CountedTime::DayAndNight, _) => {
                since.saturating_add(self.length)
            }
        }
    }
}

impl PlanLevels {
    /// The support hours around `today`, for counting them without knowing days and zones; none where support is open at
    /// all times.
    pub fn calendar(&self, today: OffsetDateTime) -> Vec<SupportOpening> {
        let Some(hours) = &self.hours else { return Vec::new() };
        let end = today.saturating_add(CALENDAR_AHEAD);
        let openings = hours.openings(today.saturating_sub(CALENDAR_BACK));
        openings.take_while(|opening| opening.opens < end).collect()
    }
}

impl ServiceLevels {
    /// Whom an escalation is for after so many reminders: the second contact where the first one has not taken it.
    pub fn contact(&self, reason: Reason, reminders: u16) -> Option<&str> {
        let contacts = self.contacts.get(&reason)?;
        let second = contacts.second.as_deref().filter(|_| reminders > 1);
        Some(second.unwrap_or(&contacts.first))
    }

    /// A reminder with the contact that it is for; the first notice of an escalation is for everybody.
    pub fn addressed(&self, notice: Notice) -> Notice {
        let contact = self.contact(notice.reason, notice.reminders).filter(|_| notice.reminders > 0);
        Notice { contact: contact.map(str::to_owned), ..notice }
    }

    /// In a few words, for the log.
    pub fn summary(&self) -> String {
        let plans: Vec<&str> = self.plans.iter().map(|plan| plan.plan.as_str()).collect();
        format!("targets for {}, contacts for {} reasons", plans.join(", "), self.contacts.len())
    }
}

#[cfg(test)]
mod tests;
