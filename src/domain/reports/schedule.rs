//! Schedule of the reports: which of them are due, from the last one that was begun. A missed run is made up.

use time::{Date, Duration, Month, OffsetDateTime, Time};

use super::ReportRange;
use crate::domain::enums::ReportKind;

/// Reports that are made up after an outage; older ones are left out.
const MAX_MADE_UP: usize = 7;

impl ReportKind {
    fn length(self) -> Duration {
        match self {
            Self::Daily => Duration::days(1),
            Self::Weekly => Duration::days(7),
        }
    }

    /// The period that a day belongs to: the day itself, or its week from Monday to Sunday.
    pub fn period(self, day: Date) -> ReportRange {
        let from = match self {
            Self::Daily => day,
            Self::Weekly => {
                day.saturating_sub(Duration::days(i64::from(day.weekday().number_days_from_monday())))
            }
        };
        ReportRange { from, to: from.saturating_add(self.length() - Duration::days(1)) }
    }

    /// The last period that is over before `day`.
    pub fn period_before(self, day: Date) -> ReportRange {
        self.period(self.period(day).from.saturating_sub(Duration::days(1)))
    }
}

/// What is to be done about a kind of report.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Due {
    Nothing,
    /// Nothing was ever begun: the schedule starts after this period, which is not reported on.
    Start(Date),
    /// The first days of the periods to report on, oldest first.
    Reports(Vec<Date>),
}

/// What is due at `now`, if reports are made at `at` (UTC) of the day after their period. `last` is the first day of the
/// last period that was begun.
pub fn due(kind: ReportKind, at: Time, last: Option<Date>, now: OffsetDateTime) -> Due {
    let day = if now.time() >= at { now.date() } else { now.date().saturating_sub(Duration::days(1)) };
    let newest = kind.period_before(day).from;
    let Some(last) = last else {
        return Due::Start(newest);
    };
    let mut periods: Vec<Date> = std::iter::successors(Some(newest), |from| from.checked_sub(kind.length()))
        .take_while(|from| *from > last)
        .take(MAX_MADE_UP)
        .collect();
    periods.reverse();
    if periods.is_empty() { Due::Nothing } else { Due::Reports(periods) }
}

/// A day as `2026-11-30`.
pub fn parse_day(text: &str) -> Option<Date> {
    let [year, month, day] = text.split('-').collect::<Vec<_>>().try_into().ok()?;
    let number = |text: &str, length: usize| {
        text.parse::<u16>().ok().filter(|_| text.len() == length && text.bytes().all(|c| c.is_ascii_digit()))
    };
    let month = Month::try_from(u8::try_from(number(month, 2)?).ok()?).ok()?;
    let year = i32::from(number(year, 4).filter(|year| *year >= 2000)?);
    Date::from_calendar_date(year, month, u8::try_from(number(day, 2)?).ok()?).ok()
}

#[cfg(test)]
mod tests {
    use time::macros::{date, datetime, time};

    use super::*;

    const AT: Time = time!(07:00);

    #[test]
    fn a_report_is_due_at_its_time_on_the_day_after_its_period() {
        let daily = |last, now| due(ReportKind::Daily, AT, Some(last), now);
        let (fourth, fifth) = (date!(2026 - 03 - 04), date!(2026 - 03 - 05));
        assert_eq!(daily(fourth, datetime!(2026-03-06 06:59 UTC)), Due::Nothing);
        assert_eq!(daily(fourth, datetime!(2026-03-06 07:00 UTC)), Due::Reports(vec![fifth]));
        assert_eq!(daily(fifth, datetime!(2026-03-06 23:00 UTC)), Due::Nothing);
        let weekly = |last, now| due(ReportKind::Weekly, AT, Some(last), now);
        let (second, ninth) = (date!(2026 - 03 - 02), date!(2026 - 03 - 09));
        assert_eq!(weekly(second, datetime!(2026-03-16 06:59 UTC)), Due::Nothing);
        assert_eq!(weekly(second, datetime!(2026-03-16 07:00 UTC)), Due::Reports(vec![ninth]));
        assert_eq!(weekly(ninth, datetime!(2026-03-22 12:00 UTC)), Due::Nothing);
    }

    #[test]
    fn missed_reports_are_made_up_and_the_first_start_makes_none_up() {
        let now = datetime!(2026-03-06 09:00 UTC);
        let missed = due(ReportKind::Daily, AT, Some(date!(2026 - 03 - 02)), now);
        let days = [date!(2026 - 03 - 03), date!(2026 - 03 - 04), date!(2026 - 03 - 05)];
        assert_eq!(missed, Due::Reports(days.to_vec()));
        let Due::Reports(many) = due(ReportKind::Daily, AT, Some(date!(2025 - 01 - 01)), now) else {
            panic!("nothing was missed");
        };
        assert_eq!((many.len(), many[0], many[6]), (7, date!(2026 - 02 - 27), date!(2026 - 03 - 05)));
        assert_eq!(due(ReportKind::Daily, AT, None, now), Due::Start(date!(2026 - 03 - 05)));
        assert_eq!(due(ReportKind::Weekly, AT, None, now), Due::Start(date!(2026 - 02 - 23)));
    }

    #[test]
    fn a_day_is_written_in_one_way() {
        assert_eq!(parse_day("2024-02-29"), Some(date!(2024 - 02 - 29)));
        for wrong in [
            "",
            "2026-02-29",
            "2026-2-1",
            "26-02-01",
            "2026-02-01Z",
            "+026-02-01",
            "1999-12-31",
            "2026-13-01",
        ] {
            assert_eq!(parse_day(wrong), None, "{wrong}");
        }
    }
}
