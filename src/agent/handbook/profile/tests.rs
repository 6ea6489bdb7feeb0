//! Tests of the parser of the company's profile: every way to write hours and times, and its error messages.

use time::Weekday;
use time::macros::time;

use super::super::{Handbook, read_service_levels};
use super::*;

fn voice() -> SupportHours {
    Handbook::own().unwrap().voice.hours
}

fn read(text: &str) -> Result<ServiceLevels, String> {
    read_service_levels(ContextSource { name: "profile.md", text }, &voice())
        .map_err(|faults| faults.to_string())
}

const PROFILE: &str = "# Company
## Support hours
All times are UTC+2.

| Who | When |
| --- | --- |
| Agent | at all times |
| People, Basic | Monday, Tuesday, 8:00-12:30 |
| Plus | at all times |

## Response times (SLA)

| Severity | Basic | Plus |
| --- | --- | --- |
| urgent | 30 minutes | 10 minutes |
| high | 4 hours | 1 hour |
| normal | 1 working day | 1 working day |
| low | 3 clock days | 2 clock hours |

## Resolution times

| Severity | Plus | Basic |
| --- | --- | --- |
| urgent | 8 hours | 1 working day |
| high | 1 clock day | 2 working days |
| normal | 3 clock days | 4 working days |
| low | 9 clock days | 5 working days |
";

#[test]
fn the_profile_of_the_program_promises_what_its_tables_say() {
    let levels = read_service_levels(Handbook::own_profile(), &voice()).unwrap();
    let plans: Vec<&str> = levels.plans.iter().map(|plan| plan.plan.as_str()).collect();
    assert_eq!(plans, ["Starter", "Professional", "Enterprise"]);
    let target = |plan: usize, severity| levels.plans[plan].targets[&severity].response;
    let support = |length| SlaTarget { length, counts: CountedTime::SupportHours };
    assert_eq!(target(0, Severity::Urgent), support(Duration::hours(8)));
    assert_eq!(target(0, Severity::Low), support(Duration::hours(24)), "three working days of eight hours");
    assert_eq!(target(1, Severity::High), support(Duration::hours(8)));
    assert_eq!(target(1, Severity::Normal), support(Duration::hours(10)));
    let at_once = SlaTarget { length: Duration::HOUR, counts: CountedTime::DayAndNight };
    assert_eq!(target(2, Severity::Urgent), at_once);
    assert_eq!(
        levels.plans[2].hours.as_ref().map(|hours| (hours.from, hours.to)),
        Some((time!(7:00), time!(20:00)))
    );
    assert_eq!(levels.plans[0].hours.as_ref().map(|hours| hours.zone), Zone::named("CET/CEST"));
    assert!(
        levels.plans.iter().all(|plan| plan.targets.values().all(|targets| targets.resolution.is_none()))
    );
    assert_eq!(levels.contact(Reason::Budget, 2), Some("Platform on-call engineer"));
    assert!(Reason::ALL.iter().all(|reason| levels.contact(*reason, 0).is_some()));
}

#[test]
fn every_way_to_write_hours_and_times_is_read() {
    let levels = read(PROFILE).unwrap();
    let [basic, plus] = levels.plans.as_slice() else { panic!("{levels:?}") };
    let hours = basic.hours.clone().unwrap();
    assert_eq!(
        (hours.days.as_slice(), hours.from, hours.to),
        (&[Weekday::Monday, Weekday::Tuesday][..], time!(8:00), time!(12:30))
    );
    assert_eq!(Some(hours.zone), Zone::named("UTC+2"));
    assert_eq!(plus.hours, None);
    let both = |plan: &PlanLevels, severity| {
        let targets = plan.targets[&severity];
        [Some(targets.response), targets.resolution]
            .map(|target| target.map(|target| (target.length, target.counts)))
    };
    use CountedTime::{DayAndNight, SupportHours};
    assert_eq!(
        both(basic, Severity::Urgent),
        [Some((Duration::minutes(30), SupportHours)), Some((Duration::minutes(270), SupportHours))]
    );
    assert_eq!(both(basic, Severity::Low)[0], Some((Duration::days(3), DayAndNight)));
    assert_eq!(
        both(plus, Severity::Urgent),
        [Some((Duration::minutes(10), DayAndNight)), Some((Duration::hours(8), DayAndNight))]
    );
}

#[test]
fn each_mistake_is_named_with_its_line() {
    for (right, wrong, named) in [
        ("## Support hours", "## Opening", "profile.md: the section `Support hours` is missing"),
        ("## Response times (SLA)", "## Times", "profile.md: the section `Response times (SLA)` is missing"),
        ("| Plus | at all", "| Gold | at all", "profile.md:2: the row `People, Plus` is missing"),
        ("8:00-12:30", "12:30-8:00", "profile.md:8: expected `Monday to Friday, 9:00–17:00`"),
        ("Monday, Tuesday, ", "Moonday, ", "profile.md:8: expected `Monday to Friday, 9:00–17:00`"),
        (
            "| Severity | Basic | Plus |",
            "| Severity | Plus | Plus |",
            "profile.md:13: each column must have a name",
        ),
        ("| high | 4 hours", "| hot | 4 hours", "profile.md:11: the row `high` is missing"),
        ("30 minutes", "soon", "profile.md:15: expected a time such as `30 minutes`"),
        ("3 clock days", "200 clock days", "profile.md:18: expected a time such as `30 minutes`"),
        (
            "| Severity | Plus | Basic |",
            "| Severity | Plus | Gold |",
            "profile.md:20: the column `Basic` is missing",
        ),
    ] {
        let text = PROFILE.replacen(right, wrong, 1);
        assert_ne!(text, PROFILE, "{right}");
        let faults = read(&text).unwrap_err();
        assert!(faults.contains(named), "{wrong}: {faults}");
    }
    let contacts =
        "## Whom escalations go to\n| Reason | First | Second |\n|---|---|---|\n| `magic` | Ann | Bob |\n";
    let faults = read(&format!("{PROFILE}{contacts}")).unwrap_err();
    assert!(faults.contains("profile.md:31: "), "{faults}");
}
