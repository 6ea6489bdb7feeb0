//! Parser of what the company's profile promises: the tables of support hours, response and resolution times, and contacts.
//! Support hours and response times are required for every plan and severity, so that nothing is promised by accident.

use std::collections::BTreeMap;

use time::{Duration, Time};

use super::document::ErrorCollector;
use super::tables::{SectionTable, TableRow};
use super::voice;
use super::{ContextErrors, ContextSource};
use crate::domain::conversations::service_levels::{
    CountedTime, EscalationContacts, PlanLevels, ServiceLevels, SeverityTargets, SlaTarget,
};
use crate::domain::enums::{Reason, Severity};
use crate::domain::wording::hours::{SupportHours, Zone};

const HOURS: &str = "Support hours";
const RESPONSE: &str = "Response times (SLA)";
const RESOLUTION: &str = "Resolution times";
const CONTACTS: &str = "Whom escalations go to";
const ALWAYS: &str = "at all times";
const TIMES: &str = "such as `30 minutes`, `8 hours`, `2 working days`, `1 clock hour` or `3 clock days`";
/// No target may be longer: the calendar of support hours has an end.
const MAX_LENGTH: Duration = Duration::days(180);

/// When people work for one plan.
#[derive(Clone)]
struct PlanHours {
    /// `None`: at all times.
    hours: Option<SupportHours>,
    is_always_open_for_urgent: bool,
}

pub(super) fn read(source: ContextSource<'_>, voice: &SupportHours) -> Result<ServiceLevels, ContextErrors> {
    let mut reader = ProfileReader { source, findings: ErrorCollector::new(source) };
    let plans = reader.plans(voice);
    let contacts = reader.contacts();
    let mut faults = reader.findings.faults;
    if faults.is_empty() {
        Ok(ServiceLevels { plans, contacts })
    } else {
        faults.sort_by_key(|fault| fault.line);
        Err(ContextErrors(faults))
    }
}

struct ProfileReader<'a> {
    source: ContextSource<'a>,
    findings: ErrorCollector<'a>,
}

impl ProfileReader<'_> {
    fn plans(&mut self, voice: &SupportHours) -> Vec<PlanLevels> {
        let (Some(hours), Some(response)) = (self.required(HOURS), self.required(RESPONSE)) else {
            return Vec::new();
        };
        let resolution = SectionTable::find(self.source.text, RESOLUTION);
        let Some((head, _)) = response.rows.split_first() else { return Vec::new() };
        let names: Vec<String> = head.cells.iter().skip(1).cloned().collect();
        if names.is_empty() {
            self.findings.note(head.line, "there must be a column for each plan");
        }
        let mut plans: Vec<PlanLevels> = Vec::new();
        for plan in names {
            if plan.is_empty() || plans.iter().any(|other| other.plan.eq_ignore_ascii_case(&plan)) {
                self.findings
                    .note(head.line, format!("each column must have a name of its own, not `{plan}`"));
                continue;
            }
            let Some(open) = self.plan_hours(&hours, &plan, voice) else { continue };
            let answers = self.targets(&response, &plan, &open);
            let resolutions =
                resolution.as_ref().map(|table| self.targets(table, &plan, &open)).unwrap_or_default();
            let targets = answers.into_iter().map(|(severity, response)| {
                (severity, SeverityTargets { response, resolution: resolutions.get(&severity).copied() })
            });
            plans.push(PlanLevels { plan, targets: targets.collect(), hours: open.hours });
        }
        plans
    }

    fn required(&mut self, title: &str) -> Option<SectionTable> {
        let found = SectionTable::find(self.source.text, title);
        match &found {
            None => self.findings.note(0, format!("the section `{title}` is missing")),
            Some(table) if table.rows.len() < 2 => {
                self.findings.note(table.line, format!("the section `{title}` has no table"));
            }
            Some(_) => {}
        }
        found.filter(|table| table.rows.len() >= 2)
    }

    /// The row `People, <plan>`, such as `Monday to Friday, 9:00–17:00; for urgent matters at all times`.
    fn plan_hours(&mut self, table: &SectionTable, plan: &str, voice: &SupportHours) -> Option<PlanHours> {
        let is_of_plan = |row: &&TableRow| {
            let who = row.cells.first().map_or("", String::as_str);
            let named = who.strip_prefix("People,").unwrap_or(who).trim();
            named.eq_ignore_ascii_case(plan)
        };
        let Some(row) = table.rows.iter().find(is_of_plan) else {
            self.findings.note(table.line, format!("the row `People, {plan}` is missing"));
            return None;
        };
        let text = row.cells.get(1).map_or("", String::as_str);
        let zone = zone(&table.prose);
        let read = plan_hours(text, &SupportHours { zone: zone.unwrap_or(voice.zone), ..voice.clone() });
        let expected = "`Monday to Friday, 9:00–17:00` or `at all times`";
        self.findings.keep(row.line, read.ok_or_else(|| format!("expected {expected}, not `{text}`")))
    }

    /// A plan's column of a table of times, one for each severity.
    fn targets(
        &mut self,
        table: &SectionTable,
        plan: &str,
        open: &PlanHours,
    ) -> BTreeMap<Severity, SlaTarget> {
        let head = table.rows.first().map(|row| row.cells.as_slice()).unwrap_or_default();
        let Some(column) = head.iter().position(|name| name.eq_ignore_ascii_case(plan)) else {
            self.findings.note(table.line, format!("the column `{plan}` is missing"));
            return BTreeMap::new();
        };
        let mut targets = BTreeMap::new();
        for severity in Severity::ALL {
            let is_of_severity = |row: &&TableRow| {
                row.cells.first().is_some_and(|cell| cell.eq_ignore_ascii_case(severity.as_str()))
            };
            let Some(row) = table.rows.iter().skip(1).find(is_of_severity) else {
                self.findings.note(table.line, format!("the row `{severity}` is missing"));
                continue;
            };
            let text = row.cells.get(column).map_or("", String::as_str);
            let target = target(text, *severity, open);
            let target = target.ok_or_else(|| format!("expected a time {TIMES}, not `{text}`"));
            if let Some(target) = self.findings.keep(row.line, target) {
                targets.insert(*severity, target);
            }
        }
        targets
    }

    fn contacts(&mut self) -> BTreeMap<Reason, EscalationContacts> {
        let table = SectionTable::find(self.source.text, CONTACTS).unwrap_or_default();
        let mut contacts = BTreeMap::new();
        for row in table.rows.iter().skip(1) {
            let [reasons, first, more @ ..] = row.cells.as_slice() else { continue };
            let second = more.first().filter(|second| !second.is_empty()).cloned();
            for reason in reasons.split(',').map(|name| name.trim().trim_matches('`')) {
                if let Some(reason) = self.findings.keep(row.line, reason.parse::<Reason>()) {
                    contacts
                        .insert(reason, EscalationContacts { first: first.clone(), second: second.clone() });
                }
            }
        }
        contacts
    }
}

/// The first time zone that a text names: `UTC`, `UTC+1`, or `CET`, `WET`, `EET`, with or without their summer times.
fn zone(prose: &str) -> Option<Zone> {
    let words = prose.split(|c: char| !(c.is_ascii_alphanumeric() || matches!(c, '+' | '-' | ':' | '/')));
    words.into_iter().find_map(|word| match word.trim_end_matches(':') {
        "CET" => Zone::named("CET/CEST"),
        "WET" => Zone::named("WET/WEST"),
        "EET" => Zone::named("EET/EEST"),
        word => Zone::named(word),
    })
}

fn plan_hours(text: &str, hours: &SupportHours) -> Option<PlanHours> {
    let (usual, more) = text.split_once(';').unwrap_or((text, ""));
    let is_always_open_for_urgent = match more.trim() {
        "" => false,
        more if more.contains("urgent") && more.ends_with(ALWAYS) => true,
        _ => return None,
    };
    if usual.trim() == ALWAYS {
        return Some(PlanHours { hours: None, is_always_open_for_urgent: true });
    }
    let (days, times) = usual.rsplit_once(',')?;
    let (from, to) = times.split_once('–').or_else(|| times.split_once('-'))?;
    let (from, to) = (voice::clock(from.trim())?, voice::clock(to.trim())?);
    let days = voice::days(days.trim())?;
    let hours = SupportHours { days, from, to, ..hours.clone() };
    (from < to && from != Time::MAX).then_some(PlanHours { hours: Some(hours), is_always_open_for_urgent })
}

/// Hours and working days count while support is open, clock hours and clock days at all times.
fn target(text: &str, severity: Severity, open: &PlanHours) -> Option<SlaTarget> {
    let words: Vec<&str> = text.split_whitespace().collect();
    let (count, unit) = words.split_first()?;
    let count = count.parse::<i32>().ok().filter(|count| (1..=10_000).contains(count))?;
    let day = open.hours.as_ref().map_or(Duration::DAY, SupportHours::day_length);
    let (length, counts) = match unit {
        ["minute" | "minutes"] => (Duration::MINUTE, CountedTime::SupportHours),
        ["hour" | "hours"] => (Duration::HOUR, CountedTime::SupportHours),
        ["working", "day" | "days"] => (day, CountedTime::SupportHours),
        ["clock", "minute" | "minutes"] => (Duration::MINUTE, CountedTime::DayAndNight),
        ["clock", "hour" | "hours"] => (Duration::HOUR, CountedTime::DayAndNight),
        ["clock", "day" | "days"] => (Duration::DAY, CountedTime::DayAndNight),
        _ => return None,
    };
    let is_always = open.hours.is_none() || open.is_always_open_for_urgent && severity == Severity::Urgent;
    let counts = if is_always { CountedTime::DayAndNight } else { counts };
    let length = length.saturating_mul(count);
    (length <= MAX_LENGTH).then_some(SlaTarget { length, counts })
}

#[cfg(test)]
mod tests;
