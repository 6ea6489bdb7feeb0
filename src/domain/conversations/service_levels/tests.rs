//! Property tests of SLA targets: support hours against a simulation that looks each minute.

use proptest::prelude::*;
use time::macros::{date, datetime};
use time::{Date, Time, Weekday};

use super::*;
use crate::domain::wording::hours::Zone;

/// Minutes that a simulation may take: seven weeks.
const MAX_MINUTES: i64 = 49 * 24 * 60;

fn hours(days: Vec<Weekday>, from: u8, to: u8, zone: &str, holidays: Vec<Date>) -> SupportHours {
    SupportHours {
        days,
        from: Time::from_hms(from, 30, 0).unwrap(),
        to: Time::from_hms(to, 0, 0).unwrap(),
        zone: Zone::named(zone).unwrap(),
        zone_name: zone.to_owned(),
        holidays,
    }
}

/// Weeks with weekends, zones with and without summer time, and holidays. Nobody opens in the hour that summer time
/// leaves out.
fn any_hours() -> impl Strategy<Value = SupportHours> {
    let week = [
        Weekday::Monday,
        Weekday::Tuesday,
        Weekday::Wednesday,
        Weekday::Thursday,
        Weekday::Friday,
        Weekday::Saturday,
        Weekday::Sunday,
    ];
    let days = proptest::sample::subsequence(week.to_vec(), 2..=7);
    let zones =
        proptest::sample::select(vec!["CET/CEST", "EET/EEST", "WET/WEST", "UTC", "UTC-8", "UTC+5:30"]);
    let holidays = proptest::collection::vec(0_i64..60, 0..4)
        .prop_map(|days| days.into_iter().map(|day| date!(2026 - 10 - 01) + Duration::days(day)).collect());
    (days, 4_u8..12, 12_u8..24, zones, holidays)
        .prop_map(|(days, from, to, zone, holidays)| hours(days, from, to, zone, holidays))
}

/// Around the end of summer time, by the minute, and around its beginning.
fn any_start() -> impl Strategy<Value = OffsetDateTime> {
    let starts = vec![datetime!(2026-10-12 00:00 UTC), datetime!(2026-03-16 00:00 UTC)];
    (proptest::sample::select(starts), 0_i64..30 * 24 * 60)
        .prop_map(|(start, minutes)| start + Duration::minutes(minutes))
}

/// The same by looking at each minute whether support is open.
fn simulated(hours: &SupportHours, since: OffsetDateTime, length: i64) -> Option<OffsetDateTime> {
    let mut left = length;
    for minute in 0..MAX_MINUTES {
        let at = since + Duration::minutes(minute);
        if hours.is_open(at) {
            left -= 1;
        }
        if left == 0 {
            return Some(at + Duration::MINUTE);
        }
    }
    None
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 96, ..ProptestConfig::default() })]

    #[test]
    fn support_hours_are_counted_as_a_clock_would_that_looks_each_minute(
        hours in any_hours(), since in any_start(), length in 1_i64..40 * 60,
    ) {
        let target = SlaTarget { length: Duration::minutes(length), counts: CountedTime::SupportHours };
        if let Some(due) = simulated(&hours, since, length) {
            prop_assert_eq!(target.due(Some(&hours), since), due);
        }
        let always = SlaTarget { counts: CountedTime::DayAndNight, ..target };
        prop_assert_eq!(always.due(Some(&hours), since), since + target.length);
        prop_assert_eq!(target.due(None, since), since + target.length);
    }

    #[test]
    fn a_calendar_has_the_minutes_in_which_support_is_open(hours in any_hours(), today in any_start()) {
        let plan = PlanLevels { plan: "Any".to_owned(), hours: Some(hours.clone()), targets: BTreeMap::new() };
        let calendar = plan.calendar(today);
        for pair in calendar.windows(2) {
            prop_assert!(pair[0].closes <= pair[1].opens, "{pair:?}");
        }
        for minute in (0..14 * 24 * 60).step_by(7) {
            let at = today + Duration::minutes(minute);
            let is_listed = calendar.iter().any(|opening| opening.opens <= at && at < opening.closes);
            prop_assert_eq!(is_listed, hours.is_open(at), "{}", at);
        }
    }
}

#[test]
fn a_time_that_ends_with_the_day_is_over_when_support_closes() {
    let days = vec![Weekday::Thursday, Weekday::Friday];
    let hours = hours(days, 9, 17, "CET/CEST", vec![]);
    let target = SlaTarget { length: Duration::minutes(90), counts: CountedTime::SupportHours };
    for (since, due) in [
        (datetime!(2026-10-22 13:30 UTC), datetime!(2026-10-22 15:00 UTC)),
        (datetime!(2026-10-22 13:31 UTC), datetime!(2026-10-23 07:31 UTC)),
        // The clocks are put back on the 25th: 9:30 is 8:30 UTC then.
        (datetime!(2026-10-23 14:00 UTC), datetime!(2026-10-29 09:00 UTC)),
    ] {
        assert_eq!(target.due(Some(&hours), since), due, "{since}");
    }
}

#[test]
fn the_second_contact_is_for_the_second_reminder() {
    let contacts =
        EscalationContacts { first: "Sales desk".to_owned(), second: Some("Head of Sales".to_owned()) };
    let alone = EscalationContacts { second: None, ..contacts.clone() };
    let levels = ServiceLevels {
        plans: vec![],
        contacts: BTreeMap::from([(Reason::Pricing, contacts), (Reason::Refund, alone)]),
    };
    let asked = |reason| [0, 1, 2].map(|reminders| levels.contact(reason, reminders));
    assert_eq!(asked(Reason::Pricing), [Some("Sales desk"), Some("Sales desk"), Some("Head of Sales")]);
    assert_eq!(asked(Reason::Refund), [Some("Sales desk"); 3]);
    assert_eq!(asked(Reason::Legal), [None; 3]);
}
