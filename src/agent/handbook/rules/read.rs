//! Parser of the rules file: its sections by name, with each field and each pattern validated.

use super::{
    ContextErrors, ContextSource, Digest, ErrorCollector, Groups, GuardPhrase, HashMap, HashSet, LANGUAGES,
    Lexicon, ListItem, Mood, Pattern, Reason, Rule, RulePosition, RuleSection, Rules, Severity, Sha256,
    SpellingVariants, Subject, document,
};
use crate::agent::reading::patterns::words_of;
use crate::domain::wording::texts::{TextForm, TextKey};

/// The word group that the section of competitors defines.
const COMPETITOR: &str = "competitor";

/// The allowed sections; everything else is prose.
const GROUPS: &str = "Word groups";
const COMPETITORS: &str = "Competitors";
const SPELLING: &str = "Spelling";
const REFUSALS: &str = "Refusals";
const ESCALATIONS: &str = "Escalations";
const ABOUT: &str = "About this file";

pub(super) fn read(source: ContextSource<'_>) -> Result<Rules, ContextErrors> {
    let file = document::read(source.text);
    let mut findings = ErrorCollector::new(source);
    let sections = sections(&file, &mut findings);
    let groups = groups(&sections, &mut findings);
    let mut draft = Draft::new(&groups);
    if let Some(section) = sections.get(COMPETITORS) {
        for item in &section.items {
            draft.add_competitor(item, &mut findings);
        }
    }
    for part in sections.get(REFUSALS).map_or(&[][..], |section| &section.parts) {
        draft.add_refusal(part, &mut findings);
    }
    for part in sections.get(ESCALATIONS).map_or(&[][..], |section| &section.parts) {
        draft.add_escalation(part, &mut findings);
    }
    let spelling = sections.get(SPELLING).map_or(&[][..], |section| &section.items);
    let spelling: Vec<String> = spelling.iter().flat_map(|item| words_of(&item.text)).collect();
    if findings.faults.is_empty() {
        Ok(draft.finish(source.text, spelling))
    } else {
        findings.faults.sort_by_key(|fault| fault.line);
        Err(ContextErrors(findings.faults))
    }
}

/// The sections by name; the first heading names the file.
fn sections<'a>(
    file: &'a RuleSection,
    findings: &mut ErrorCollector<'_>,
) -> HashMap<&'a str, &'a RuleSection> {
    let known = [ABOUT, GROUPS, COMPETITORS, SPELLING, REFUSALS, ESCALATIONS];
    let mut sections = HashMap::new();
    for part in file.parts.iter().flat_map(|title| &title.parts) {
        if !known.contains(&part.title.as_str()) {
            findings.note(
                part.line,
                format!("unknown section `{}`, expected one of {}", part.title, known.join(", ")),
            );
        } else if sections.insert(part.title.as_str(), part).is_some() {
            findings.note(part.line, format!("the section `{}` occurs twice", part.title));
        }
    }
    if !sections.contains_key(ESCALATIONS) {
        findings.note(0, format!("the section `{ESCALATIONS}` is missing"));
    }
    sections
}

fn groups(sections: &HashMap<&str, &RuleSection>, findings: &mut ErrorCollector<'_>) -> Groups {
    let mut groups = Groups::new();
    let competitors = sections.get(COMPETITORS).map_or(&[][..], |section| &section.items);
    groups.insert(COMPETITOR.to_owned(), competitors.iter().map(|item| item.unquoted().to_owned()).collect());
    for item in sections.get(GROUPS).map_or(&[][..], |section| &section.items) {
        let Some((name, members)) = item.text.split_once(':') else {
            findings.note(item.line, "expected `name: word, word or phrase, …`");
            continue;
        };
        let name = name.trim().trim_matches('`').to_owned();
        let members: Vec<String> = members
            .split(',')
            .map(|member| member.trim().to_owned())
            .filter(|member| !member.is_empty())
            .collect();
        if members.is_empty() {
            findings.note(item.line, format!("the group `{name}` holds no words"));
        }
        if groups.insert(name.clone(), members).is_some() {
            findings.note(item.line, format!("the group `{name}` occurs twice"));
        }
    }
    groups
}

/// What has been parsed so far.
struct Draft<'a> {
    groups: &'a Groups,
    rules: Vec<Rule>,
    refusals: Vec<GuardPhrase>,
    triggers: Lexicon<RulePosition>,
    exceptions: Lexicon<RulePosition>,
    competitors: Lexicon<()>,
    competitor_names: Vec<String>,
    mood: Option<Mood>,
    searches: Option<u32>,
}

impl<'a> Draft<'a> {
    fn new(groups: &'a Groups) -> Self {
        Self {
            groups,
            rules: Vec::new(),
            refusals: Vec::new(),
            triggers: Lexicon::default(),
            exceptions: Lexicon::default(),
            competitors: Lexicon::default(),
            competitor_names: Vec::new(),
            mood: None,
            searches: None,
        }
    }

    fn add_competitor(&mut self, item: &ListItem, findings: &mut ErrorCollector<'_>) {
        let quoted = Groups::from([("name".to_owned(), vec![item.unquoted().to_owned()])]);
        if let Some(pattern) = findings.keep(item.line, Pattern::read("{name}", &quoted)) {
            self.competitors.add(pattern, ());
            self.competitor_names.push(words_of(item.unquoted()).concat());
        }
    }

    fn add_refusal(&mut self, part: &RuleSection, findings: &mut ErrorCollector<'_>) {
        let fields = SectionFields::read(part, &["subject", "answer"], findings);
        let subject = fields.required("subject", findings).map(|(line, name)| (line, Subject::named(name)));
        let subject = subject.and_then(|(line, subject)| findings.keep(line, subject));
        let answer = fields.required("answer", findings).map(|(_, text)| text.to_owned());
        let place = RulePosition::GuardPhrase(self.refusals.len());
        if self.add_patterns(part, place, &["triggers", "except"], findings) == 0 {
            findings.note(part.line, format!("the refusal `{}` has no triggers", part.title));
        }
        if let (Some(subject), Some(answer)) = (subject, answer) {
            self.refusals.push(GuardPhrase { subject, answer });
        }
    }

    fn add_escalation(&mut self, part: &RuleSection, findings: &mut ErrorCollector<'_>) {
        const FIELDS: &[&str] =
            &["reason", "severity", "team", "note", "text", "sentiment below", "searches without an answer"];
        let fields = SectionFields::read(part, FIELDS, findings);
        let rule = read_rule(&fields, findings);
        let place = RulePosition::Rule(self.rules.len());
        let triggers = self.add_patterns(
            part,
            place,
            &["triggers", "except", "neutral words", "angry phrases"],
            findings,
        );
        let below = fields.number::<f32>(
            "sentiment below",
            "a number from 0 to 1",
            |n| (0.0..=1.0).contains(n),
            findings,
        );
        let searches =
            fields.number::<u32>("searches without an answer", "a number from 1", |n| *n > 0, findings);
        if triggers == 0 && below.is_none() && searches.is_none() {
            findings.note(part.line, format!("the rule `{}` has no triggers", part.title));
        }
        let Some(rule) = rule else { return };
        if let Some(below) = below {
            self.mood = Some(self.read_mood(part, below, &rule, findings));
        }
        self.searches = self.searches.or(searches);
        self.rules.push(rule);
    }

    fn read_mood(
        &self,
        part: &RuleSection,
        below: f32,
        rule: &Rule,
        findings: &mut ErrorCollector<'_>,
    ) -> Mood {
        let mut phrases = Lexicon::default();
        let mut neutral = HashSet::new();
        for list in &part.parts {
            if list.title.to_lowercase() == "neutral words" {
                neutral.extend(list.items.iter().flat_map(|item| words_of(&item.text)));
            } else if list.title.to_lowercase().starts_with("angry phrases") {
                for item in &list.items {
                    let pattern = Pattern::read(item.unquoted(), self.groups);
                    if let Some(pattern) = findings.keep(item.line, pattern) {
                        phrases.add(pattern, ());
                    }
                }
            }
        }
        Mood { below, rule: rule.clone(), neutral, phrases }
    }

    /// Adds the patterns of a section's lists; returns the number of triggers.
    fn add_patterns(
        &mut self,
        part: &RuleSection,
        place: RulePosition,
        lists: &[&str],
        findings: &mut ErrorCollector<'_>,
    ) -> usize {
        let mut triggers = 0;
        for list in &part.parts {
            let title = list.title.to_lowercase();
            let (kind, language) = match title.split_once(" in ") {
                Some((kind, _)) => (kind.to_owned(), list.title.rsplit(' ').next()),
                None => (title, None),
            };
            if let Some(language) = language.filter(|language| !LANGUAGES.contains(language)) {
                findings.note(
                    list.line,
                    format!("unknown language `{language}`, expected one of {}", LANGUAGES.join(", ")),
                );
            }
            if !lists.contains(&kind.as_str()) {
                findings.note(
                    list.line,
                    format!("unknown list `{}`, expected one of {}", list.title, lists.join(", ")),
                );
            }
            let lexicon = match kind.as_str() {
                "triggers" => &mut self.triggers,
                "except" => &mut self.exceptions,
                _ => continue,
            };
            for item in &list.items {
                let Some(pattern) = findings.keep(item.line, Pattern::read(item.unquoted(), self.groups))
                else {
                    continue;
                };
                lexicon.add(pattern, place);
                triggers += usize::from(kind == "triggers");
            }
        }
        triggers
    }

    fn finish(self, text: &str, spelling: Vec<String>) -> Rules {
        let lexicons = [&self.triggers, &self.exceptions];
        let mut known: HashSet<String> =
            lexicons.iter().flat_map(|lexicon| lexicon.plain_words()).map(str::to_owned).collect();
        known.extend(spelling.iter().cloned());
        Rules {
            edition: format!("rules-{}", hex::encode(Sha256::digest(text).get(..4).unwrap_or_default())),
            rules: self.rules,
            refusals: self.refusals,
            triggers: self.triggers,
            exceptions: self.exceptions,
            competitors: self.competitors,
            competitor_names: self.competitor_names,
            spelling: SpellingVariants::new(spelling, known),
            mood: self.mood,
            searches: self.searches,
        }
    }
}

fn read_rule(fields: &SectionFields<'_>, findings: &mut ErrorCollector<'_>) -> Option<Rule> {
    let reason = fields.required("reason", findings);
    let reason = reason.and_then(|(line, word)| findings.keep(line, read_reason(word)));
    let severity = fields.required("severity", findings);
    let severity = severity.and_then(|(line, word)| findings.keep(line, word.parse::<Severity>()));
    let team = fields.required("team", findings).map(|(_, team)| team.to_owned());
    let note = fields.required("note", findings).map(|(_, note)| note.to_owned());
    let text = match fields.values.get("text") {
        None => None,
        Some((line, name)) => Some(findings.keep(*line, read_text(name))?),
    };
    Some(Rule { reason: reason?, severity: severity?, team: team?, note: note?, text })
}

/// A text without placeholders: a rule cannot fill any in.
fn read_text(name: &str) -> Result<TextKey, String> {
    let is_fit = |key: &&TextKey| key.spec().placeholders.is_empty() && key.spec().form == TextForm::Chat;
    let known = || TextKey::ALL.iter().filter(is_fit);
    let found = known().find(|key| key.spec().name == name).copied();
    let names = || known().map(|key| key.spec().name).collect::<Vec<_>>().join(", ");
    found.ok_or_else(|| format!("unknown text `{name}`, expected one of {}", names()))
}

fn read_reason(word: &str) -> Result<Reason, String> {
    match word.parse::<Reason>() {
        Ok(reason @ (Reason::Budget | Reason::Failure)) => {
            Err(format!("the reason `{reason}` is the program's own, no rule's"))
        }
        Ok(
            reason @ (Reason::Pricing
            | Reason::Refund
            | Reason::Legal
            | Reason::HumanRequest
            | Reason::Abuse
            | Reason::Sentiment
            | Reason::NoAnswer
            | Reason::Security),
        ) => Ok(reason),
        Err(error) => Err(error.to_string()),
    }
}

/// The `Key: value` items of a section.
struct SectionFields<'a> {
    title: &'a str,
    line: usize,
    values: HashMap<String, (usize, &'a str)>,
}

impl<'a> SectionFields<'a> {
    fn read(part: &'a RuleSection, known: &[&str], findings: &mut ErrorCollector<'_>) -> Self {
        let mut values = HashMap::new();
        for item in &part.items {
            match item.field() {
                Some((key, value)) if known.contains(&key.as_str()) => {
                    if values.insert(key.clone(), (item.line, value)).is_some() {
                        findings.note(item.line, format!("`{key}` occurs twice"));
                    }
                }
                Some((key, _)) => {
                    findings.note(
                        item.line,
                        format!("unknown field `{key}`, expected one of {}", known.join(", ")),
                    );
                }
                None => findings.note(item.line, "expected `Field: value`"),
            }
        }
        Self { title: &part.title, line: part.line, values }
    }

    fn required(&self, key: &str, findings: &mut ErrorCollector<'_>) -> Option<(usize, &'a str)> {
        let value = self.values.get(key).copied().filter(|(_, value)| !value.is_empty());
        if value.is_none() {
            findings.note(self.line, format!("`{}` has no field `{key}`", self.title));
        }
        value
    }

    fn number<T: std::str::FromStr>(
        &self,
        key: &str,
        expects: &str,
        allows: impl Fn(&T) -> bool,
        findings: &mut ErrorCollector<'_>,
    ) -> Option<T> {
        let (line, value) = self.values.get(key)?;
        let number = value.parse::<T>().ok().filter(allows);
        if number.is_none() {
            findings.note(*line, format!("`{key}` must be {expects}, not `{value}`"));
        }
        number
    }
}
