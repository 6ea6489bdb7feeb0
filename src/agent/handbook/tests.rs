//! Tests of the handbook's parser: what it accepts, and its error messages.

use super::*;

const RULES: &str = "# Rules
## Competitors
- Asana
## Escalations
### Refund
- Reason: refund
- Severity: normal
- Team: Billing
- Note: Wants money back.
#### Triggers
- `refund*`
#### Triggers in German
- `erstattung`
#### Except
- `refund column`
### Unhappy
- Reason: sentiment
- Severity: high
- Team: Success
- Note: Unhappy.
- Sentiment below: 0.3
";

fn rules(text: &str) -> Result<Rules, String> {
    Rules::read(ContextSource { name: "rules.md", text }).map_err(|faults| faults.to_string())
}

fn words(text: &str) -> Vec<String> {
    crate::agent::reading::patterns::words_of(text)
}

#[test]
fn the_files_that_come_with_the_program_can_be_read() {
    if let Err(faults) = Handbook::own() {
        panic!("{faults}");
    }
}

#[test]
fn a_rule_is_found_by_its_triggers_unless_an_exception_exempts_it() {
    let rules = rules(RULES).unwrap();
    let reason =
        |text: &str| rules.judge(&words(text)).0.and_then(|place| rules.rule(place)).map(|rule| rule.reason);
    assert_eq!(reason("I want refunds"), Some(crate::domain::enums::Reason::Refund));
    assert_eq!(reason("Eine Erstattung bitte"), Some(crate::domain::enums::Reason::Refund));
    assert_eq!(reason("the refund column is empty"), None);
    let named =
        ["Like ASANA.", "Like A-s-a-n-a.", "Like As\u{200b}ana.", "Like \u{430}s\u{430}na.", "Like @sana."];
    assert!(named.iter().all(|text| rules.names_competitor(&Canonical::of(text))));
    assert!(!rules.names_competitor(&Canonical::of("As an administrator, open it.")));
    assert_eq!(rules.mood().map(|mood| mood.below), Some(0.3));
}

#[test]
fn a_deleted_rule_is_a_rule_no_longer() {
    let (head, _) = RULES.split_once("### Refund").unwrap();
    let (_, rest) = RULES.split_once("### Unhappy").unwrap();
    let rules = rules(&format!("{head}### Unhappy{rest}")).unwrap();
    assert_eq!(rules.judge(&words("I want refunds")).0, None);
}

#[test]
fn every_mistake_is_named_with_its_line() {
    let cases = [
        (
            "- Reason: refund",
            "- Reason: refnud",
            "rules.md:6: unknown escalation reason `refnud`, expected one of pricing,",
        ),
        ("- Reason: refund", "- Reason: budget", "rules.md:6: the reason `budget` is the program's own"),
        ("- Severity: normal", "- Severity: huge", "rules.md:7: unknown severity `huge`"),
        ("- Team: Billing", "- Taem: Billing", "rules.md:8: unknown field `taem`"),
        ("- Team: Billing\n", "", "rules.md:5: `Refund` has no field `team`"),
        ("`refund*`", "`.. refund`", "rules.md:11: a pattern must begin with words, not with `..`"),
        ("`refund*`", "`a {rival}`", "rules.md:11: there is no group of words `rival`"),
        ("in German", "in Klingon", "rules.md:12: unknown language `Klingon`"),
        ("#### Except", "#### Excluding", "rules.md:14: unknown list `Excluding`"),
        ("below: 0.3", "below: 3", "rules.md:21: `sentiment below` must be a number from 0 to 1, not `3`"),
        ("- Sentiment below: 0.3\n", "", "rules.md:16: the rule `Unhappy` has no triggers"),
        ("## Competitors", "## Rivals", "rules.md:2: unknown section `Rivals`"),
        ("## Escalations", "## About this file", "rules.md: the section `Escalations` is missing"),
    ];
    for (from, to, expected) in cases {
        let text = RULES.replacen(from, to, 1);
        assert_ne!(text, RULES, "{from}");
        let error = rules(&text).unwrap_err();
        assert!(error.lines().any(|line| line.starts_with(expected)), "{from} -> {to}: {error}");
    }
}

#[test]
fn a_voice_without_a_field_is_refused_with_the_lines() {
    let own = Handbook::own_voice().text;
    let cases = [
        ("- Signature: Kind", "- Signatur: Kind", "the field `signature` is missing"),
        (
            "- Days: Monday to Friday",
            "- Days: Mo-Fr",
            "`days` must be such as `Monday to Friday`, not `Mo-Fr`",
        ),
        ("- From: 9:00", "- From: 18:00", "`to` must be later than `from`"),
        ("- Time zone: CET/CEST", "- Time zone: Mars", "`time zone` must be UTC,"),
        ("- Greeting: Hello {name},", "- Greeting: Hello,", "`greeting` must hold `{name}`"),
        ("- high: within", "- hgih: within", "unknown severity `hgih`"),
        ("- legal: A person", "- leagl: A person", "unknown escalation reason `leagl`"),
        ("## Phrases", "## Sayings", "unknown section `Sayings`"),
    ];
    for (from, to, expected) in cases {
        let text = own.replacen(from, to, 1);
        assert_ne!(text, own, "{from}");
        let faults = read_voice(ContextSource { name: "voice.md", text: &text }).unwrap_err();
        let line = 1 + own.lines().take_while(|line| !line.contains(from.lines().next().unwrap())).count();
        assert!(
            faults.0.iter().any(|fault| fault.what.starts_with(expected)),
            "{from} (line {line}): {faults}"
        );
        assert!(faults.0.iter().all(|fault| fault.file == "voice.md"), "{faults}");
    }
}
