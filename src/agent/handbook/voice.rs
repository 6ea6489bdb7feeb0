//! Parser of the voice file: every field is required, so that the agent says nothing that the company did not write.

use std::collections::{BTreeMap, HashMap};

use time::{Date, Month, Time, Weekday};

use super::document::{self, ErrorCollector, RuleSection};
use super::{ContextErrors, ContextSource};
use crate::domain::enums::{Reason, Severity};
use crate::domain::wording::hours::{SupportHours, Zone};
use crate::domain::wording::voice::{
    BrandVoice, EmailFrame, Greeting, Phrases, ResponseTimes, WebFrame, WhatsappFrame,
};

const WEEK: [Weekday; 7] = [
    Weekday::Monday,
    Weekday::Tuesday,
    Weekday::Wednesday,
    Weekday::Thursday,
    Weekday::Friday,
    Weekday::Saturday,
    Weekday::Sunday,
];

pub(super) fn read(source: ContextSource<'_>) -> Result<BrandVoice, ContextErrors> {
    let file = document::read(source.text);
    let mut reader = VoiceReader::new(&file, ErrorCollector::new(source));
    let voice = reader.voice();
    let mut faults = reader.findings.faults;
    match voice {
        Some(voice) if faults.is_empty() => Ok(voice),
        Some(_) | None => {
            faults.sort_by_key(|fault| fault.line);
            Err(ContextErrors(faults))
        }
    }
}

struct VoiceReader<'a> {
    sections: HashMap<String, &'a RuleSection>,
    findings: ErrorCollector<'a>,
}

impl<'a> VoiceReader<'a> {
    fn new(file: &'a RuleSection, mut findings: ErrorCollector<'a>) -> Self {
        const KNOWN: &[&str] = &[
            "about this file",
            "tone",
            "company",
            "e-mail",
            "whatsapp",
            "web form",
            "phrases",
            "support hours",
            "response times",
            "acknowledgements",
        ];
        let mut sections = HashMap::new();
        for part in file.parts.iter().flat_map(|title| &title.parts) {
            let name = part.title.to_lowercase();
            if !KNOWN.contains(&name.as_str()) {
                findings.note(
                    part.line,
                    format!("unknown section `{}`, expected one of {}", part.title, KNOWN.join(", ")),
                );
            } else if sections.insert(name, part).is_some() {
                findings.note(part.line, format!("the section `{}` occurs twice", part.title));
            }
        }
        Self { sections, findings }
    }

    fn voice(&mut self) -> Option<BrandVoice> {
        let tone = self.sections.get("tone").map_or(&[][..], |section| &section.items);
        let tone = tone.iter().map(|item| item.text.clone()).collect();
        let company = self.text("company", "name");
        let help_link = self.text("company", "help link");
        let (email, whatsapp, web_form) = (self.email(), self.whatsapp(), self.web_form());
        let phrases = self.phrases();
        let hours = self.hours();
        let response_times = self.response_times();
        let openings = self.openings();
        Some(BrandVoice {
            company: company?,
            tone,
            help_link: help_link?,
            email: email?,
            whatsapp: whatsapp?,
            web_form: web_form?,
            phrases: phrases?,
            hours: hours?,
            response_times: response_times?,
            openings: openings?,
        })
    }

    fn email(&mut self) -> Option<EmailFrame> {
        let greeting = self.greeting("e-mail");
        let signature = self.text("e-mail", "signature");
        let reference = self.holding("e-mail", "reference", "{ticket}");
        let signature = signature?.split('/').map(|line| line.trim().to_owned()).collect();
        Some(EmailFrame { greeting: greeting?, signature, reference: reference? })
    }

    fn whatsapp(&mut self) -> Option<WhatsappFrame> {
        Some(WhatsappFrame { footer: self.text("whatsapp", "footer")? })
    }

    fn web_form(&mut self) -> Option<WebFrame> {
        let greeting = self.greeting("web form");
        let footer = self.holding("web form", "footer", "{help}");
        Some(WebFrame { greeting: greeting?, footer: footer? })
    }

    fn greeting(&mut self, section: &str) -> Option<Greeting> {
        let with_name = self.holding(section, "greeting", "{name}");
        let without_name = self.text(section, "greeting without a name");
        Some(Greeting { with_name: with_name?, without_name: without_name? })
    }

    fn phrases(&mut self) -> Option<Phrases> {
        let next_step = self.text("phrases", "next step");
        let clarifying_question = self.holding("phrases", "clarifying question", "?");
        let other_language = self.text("phrases", "other language");
        let delay = self.holding("phrases", "delay", "{ticket}");
        Some(Phrases {
            next_step: next_step?,
            clarifying_question: clarifying_question?,
            other_language: other_language?,
            delay: delay?,
        })
    }

    fn hours(&mut self) -> Option<SupportHours> {
        let days = self.parsed("support hours", "days", "such as `Monday to Friday`", days);
        let from = self.parsed("support hours", "from", "a time such as 9:00", clock);
        let to = self.parsed("support hours", "to", "a time such as 17:00", clock);
        let zone = self.parsed(
            "support hours",
            "time zone",
            "UTC, UTC+1, CET/CEST, WET/WEST or EET/EEST",
            Zone::named,
        );
        let zone_name = self.text("support hours", "called");
        let holidays = match self.field("support hours", "holidays") {
            Some(_) => {
                self.parsed("support hours", "holidays", "dates such as 2030-12-25, 2030-12-26", dates)
            }
            None => Some(Vec::new()),
        };
        if let (Some(from), Some(to)) = (from, to)
            && from >= to
        {
            let line = self.field("support hours", "to").map_or(0, |(line, _)| line);
            self.findings.note(line, "`to` must be later than `from`");
        }
        Some(SupportHours {
            days: days?,
            from: from?,
            to: to?,
            zone: zone?,
            zone_name: zone_name?,
            holidays: holidays?,
        })
    }

    fn response_times(&mut self) -> Option<ResponseTimes> {
        let mut times = ResponseTimes { by_severity: BTreeMap::new(), by_reason: BTreeMap::new() };
        for item in self.sections.get("response times").map_or(&[][..], |section| &section.items) {
            let Some((key, value)) = item.field() else {
                self.findings.note(item.line, "expected `severity: within …`");
                continue;
            };
            match (key.parse::<Severity>(), key.parse::<Reason>()) {
                (Ok(severity), _) => {
                    times.by_severity.insert(severity, value.to_owned());
                }
                (Err(_), Ok(reason)) => {
                    times.by_reason.insert(reason, value.to_owned());
                }
                (Err(error), Err(_)) => self.findings.note(item.line, format!("{error}, or a reason")),
            }
        }
        for severity in Severity::ALL {
            if !times.by_severity.contains_key(severity) {
                self.missing("response times", severity.as_str());
            }
        }
        Some(times)
    }

    fn openings(&mut self) -> Option<BTreeMap<Reason, String>> {
        let mut openings = BTreeMap::new();
        for item in self.sections.get("acknowledgements").map_or(&[][..], |section| &section.items) {
            match item.field().map(|(key, value)| (key.parse::<Reason>(), value)) {
                Some((Ok(reason), value)) => {
                    openings.insert(reason, value.to_owned());
                }
                Some((Err(error), _)) => self.findings.note(item.line, error),
                None => self.findings.note(item.line, "expected `reason: sentence`"),
            }
        }
        for reason in Reason::ALL {
            if !openings.contains_key(reason) {
                self.missing("acknowledgements", reason.as_str());
            }
        }
        Some(openings)
    }

    fn text(&mut self, section: &str, key: &str) -> Option<String> {
        let value = self.field(section, key).filter(|(_, value)| !value.is_empty());
        if value.is_none() {
            self.missing(section, key);
        }
        value.map(|(_, value)| value.to_owned())
    }

    /// A text that must contain a placeholder.
    fn holding(&mut self, section: &str, key: &str, mark: &str) -> Option<String> {
        let text = self.text(section, key)?;
        if !text.contains(mark) {
            let line = self.field(section, key).map_or(0, |(line, _)| line);
            self.findings.note(line, format!("`{key}` must hold `{mark}`"));
        }
        Some(text)
    }

    fn parsed<T>(
        &mut self,
        section: &str,
        key: &str,
        expects: &str,
        parse: fn(&str) -> Option<T>,
    ) -> Option<T> {
        let Some((line, value)) = self.field(section, key) else {
            self.missing(section, key);
            return None;
        };
        self.findings
            .keep(line, parse(value).ok_or_else(|| format!("`{key}` must be {expects}, not `{value}`")))
    }

    fn field(&self, section: &str, key: &str) -> Option<(usize, &'a str)> {
        let items = self.sections.get(section).map(|section| section.items.as_slice()).unwrap_or_default();
        items.iter().find_map(|item| {
            let (name, value) = item.field()?;
            (name == key).then_some((item.line, value))
        })
    }

    fn missing(&mut self, section: &str, key: &str) {
        match self.sections.get(section).map(|section| section.line) {
            Some(line) => self.findings.note(line, format!("the field `{key}` is missing")),
            None => {
                self.findings.note(0, format!("the section `{section}` with its field `{key}` is missing"));
            }
        }
    }
}

/// `Monday to Friday`, or names with commas.
pub(super) fn days(text: &str) -> Option<Vec<Weekday>> {
    let day = |name: &str| WEEK.iter().position(|day| day.to_string() == name.trim());
    match text.split_once(" to ") {
        Some((first, last)) => WEEK.get(day(first)?..=day(last)?).map(<[Weekday]>::to_vec),
        None => {
            let mut places = text.split(',').map(day).collect::<Option<Vec<usize>>>()?;
            places.sort_unstable();
            places.iter().map(|place| WEEK.get(*place).copied()).collect()
        }
    }
}

pub(super) fn clock(text: &str) -> Option<Time> {
    let (hours, minutes) = text.split_once(':')?;
    Time::from_hms(hours.parse().ok()?, minutes.parse().ok()?, 0).ok()
}

fn dates(text: &str) -> Option<Vec<Date>> {
    text.split(',').map(date).collect()
}

fn date(text: &str) -> Option<Date> {
    let mut parts = text.trim().splitn(3, '-');
    let (year, month, day) = (parts.next()?, parts.next()?, parts.next()?);
    let month = Month::try_from(month.parse::<u8>().ok()?).ok()?;
    Date::from_calendar_date(year.parse().ok()?, month, day.parse().ok()?).ok()
}
