//! Support hours, and the response time that may be promised from them.

use time::{Date, Duration, Month, OffsetDateTime, Time, UtcOffset, Weekday};

/// How far the end of a time is looked for.
const MAX_DAYS: i64 = 2 * 366;

/// The working week of the support team.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SupportHours {
    /// In the order of the week; at least one.
    pub days: Vec<Weekday>,
    pub from: Time,
    pub to: Time,
    pub zone: Zone,
    /// As shown to customers, such as `Frankfurt time`.
    pub zone_name: String,
    /// Days without support, in the zone.
    pub holidays: Vec<Date>,
}

/// A time without a break in which the support team is at work, in UTC.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SupportOpening {
    pub opens: OffsetDateTime,
    pub closes: OffsetDateTime,
}

/// The day on which support opens next, as seen from the moment that was asked about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Back {
    Today,
    Tomorrow,
    /// Within the week.
    Weekday(Weekday),
    Date(Date),
}

/// A time zone, as far as support hours need one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Zone {
    /// A fixed offset all year.
    Fixed(UtcOffset),
    /// Winter's offset; one hour more from the last Sunday of March to that of October, 01:00 UTC (Directive
    /// 2000/84/EC).
    European(UtcOffset),
}

impl Zone {
    /// `UTC`, `UTC+5:30`, `CET/CEST`, `WET/WEST` or `EET/EEST`.
    pub fn named(name: &str) -> Option<Self> {
        let hours = |hours| UtcOffset::from_hms(hours, 0, 0).ok();
        match name {
            "UTC" => Some(Self::Fixed(UtcOffset::UTC)),
            "WET/WEST" => hours(0).map(Self::European),
            "CET/CEST" => hours(1).map(Self::European),
            "EET/EEST" => hours(2).map(Self::European),
            other => fixed(other.strip_prefix("UTC")?).map(Self::Fixed),
        }
    }

    fn local(self, at: OffsetDateTime) -> OffsetDateTime {
        match self {
            Self::Fixed(offset) => at.to_offset(offset),
            Self::European(winter) => {
                let local = at.to_offset(winter);
                if is_european_summer(at) { local.saturating_add(Duration::HOUR) } else { local }
            }
        }
    }

    /// The moment at which clocks in the zone show this time.
    fn utc(self, date: Date, time: Time) -> OffsetDateTime {
        let local = date.with_time(time);
        match self {
            Self::Fixed(offset) => local.assume_offset(offset).to_offset(UtcOffset::UTC),
            Self::European(winter) => {
                let at = local.assume_offset(winter).to_offset(UtcOffset::UTC);
                let summer = at.saturating_sub(Duration::HOUR);
                if is_european_summer(summer) { summer } else { at }
            }
        }
    }
}

fn fixed(offset: &str) -> Option<UtcOffset> {
    let (sign, rest) = match (offset.strip_prefix('+'), offset.strip_prefix('-')) {
        (Some(rest), _) => (1, rest),
        (None, Some(rest)) => (-1, rest),
        (None, None) => return None,
    };
    let (hours, minutes) = rest.split_once(':').unwrap_or((rest, "0"));
    UtcOffset::from_hms(sign * hours.parse::<i8>().ok()?, sign * minutes.parse::<i8>().ok()?, 0).ok()
}

fn is_european_summer(at: OffsetDateTime) -> bool {
    let at = at.to_offset(UtcOffset::UTC);
    let change =
        |month| last_sunday(at.year(), month).map(|date| date.midnight().assume_utc() + Duration::HOUR);
    match (change(Month::March), change(Month::October)) {
        (Some(begin), Some(end)) => begin <= at && at < end,
        (None, _) | (_, None) => false,
    }
}

fn last_sunday(year: i32, month: Month) -> Option<Date> {
    let last = Date::from_calendar_date(year, month, 31).ok()?;
    Some(last - Duration::days(i64::from(last.weekday().number_days_from_sunday())))
}

impl SupportHours {
    /// Whether the support team is at work.
    pub fn is_open(&self, at: OffsetDateTime) -> bool {
        let local = self.zone.local(at);
        self.is_working_day(local.date()) && self.from <= local.time() && local.time() < self.to
    }

    /// When people are back, for a customer who writes outside of the hours.
    pub fn back(&self, at: OffsetDateTime) -> Option<Back> {
        if self.is_open(at) {
            return None;
        }
        let local = self.zone.local(at);
        let today = local.date();
        if self.is_working_day(today) && local.time() < self.from {
            return Some(Back::Today);
        }
        let days = (1..=14).filter_map(|days| today.checked_add(Duration::days(days)).map(|day| (days, day)));
        let (days, day) = days.into_iter().find(|(_, day)| self.is_working_day(*day))?;
        Some(match days {
            1 => Back::Tomorrow,
            2..=6 => Back::Weekday(day.weekday()),
            _ => Back::Date(day),
        })
    }

    /// How long support is open on a working day.
    pub fn day_length(&self) -> Duration {
        self.to - self.from
    }

    /// When support has been open for `length` since `at`. Without a single working day within two years that never
    /// comes, and nights count too.
    pub fn after(&self, at: OffsetDateTime, length: Duration) -> OffsetDateTime {
        let mut left = length;
        for SupportOpening { opens, closes } in self.openings(at) {
            if left <= closes - opens {
                return opens.saturating_add(left);
            }
            left -= closes - opens;
        }
        at.saturating_add(length)
    }

    /// The openings from `at` on, in their order; one that is under way begins at `at`. They end after two years.
    pub fn openings(&self, at: OffsetDateTime) -> impl Iterator<Item = SupportOpening> {
        let first = self.zone.local(at).date();
        let days = (0..MAX_DAYS).map_while(move |days| first.checked_add(Duration::days(days)));
        days.filter(|day| self.is_working_day(*day)).filter_map(move |day| {
            let (opens, closes) = (self.zone.utc(day, self.from).max(at), self.zone.utc(day, self.to));
            (opens < closes).then_some(SupportOpening { opens, closes })
        })
    }

    /// The first and the last day, where there are several in a row and none between them is left out.
    pub fn range(&self) -> Option<(Weekday, Weekday)> {
        match self.days.as_slice() {
            [first, .., last] if follow(&self.days) => Some((*first, *last)),
            _ => None,
        }
    }

    fn is_working_day(&self, day: Date) -> bool {
        self.days.contains(&day.weekday()) && !self.holidays.contains(&day)
    }
}

fn follow(days: &[Weekday]) -> bool {
    days.windows(2).all(|pair| matches!(pair, [a, b] if a.next() == *b))
}

/// Such as `9:00`.
pub fn clock(time: Time) -> String {
    format!("{}:{:02}", time.hour(), time.minute())
}

#[cfg(test)]
mod tests {
    use time::macros::{datetime, time};

    use super::*;

    fn hours() -> SupportHours {
        let days =
            [Weekday::Monday, Weekday::Tuesday, Weekday::Wednesday, Weekday::Thursday, Weekday::Friday];
        SupportHours {
            days: days.to_vec(),
            from: time!(9:00),
            to: time!(17:00),
            zone: Zone::named("CET/CEST").unwrap(),
            zone_name: "Frankfurt time".to_owned(),
            holidays: vec![time::macros::date!(2026 - 12 - 25)],
        }
    }

    #[test]
    fn people_are_back_when_the_next_working_day_begins() {
        let cases = [
            (datetime!(2026-11-25 13:00 UTC), None),
            (datetime!(2026-11-25 07:59 UTC), Some(Back::Today)),
            (datetime!(2026-11-25 08:00 UTC), None),
            (datetime!(2026-11-25 16:00 UTC), Some(Back::Tomorrow)),
            (datetime!(2026-11-27 20:00 UTC), Some(Back::Weekday(Weekday::Monday))),
            (datetime!(2026-12-24 20:00 UTC), Some(Back::Weekday(Weekday::Monday))),
            // In summer Frankfurt is two hours ahead of UTC.
            (datetime!(2026-07-01 07:00 UTC), None),
            (datetime!(2026-07-01 15:00 UTC), Some(Back::Tomorrow)),
            (datetime!(2026-03-29 00:59 UTC), Some(Back::Tomorrow)),
        ];
        for (at, expected) in cases {
            assert_eq!(hours().back(at), expected, "{at}");
            assert_eq!(hours().is_open(at), expected.is_none(), "{at}");
        }
    }

    #[test]
    fn summer_time_begins_and_ends_at_one_in_the_night() {
        for (at, summer) in [
            (datetime!(2026-03-29 00:59 UTC), false),
            (datetime!(2026-03-29 01:00 UTC), true),
            (datetime!(2026-10-25 00:59 UTC), true),
            (datetime!(2026-10-25 01:00 UTC), false),
        ] {
            assert_eq!(is_european_summer(at), summer, "{at}");
        }
    }

    #[test]
    fn zones_are_read_and_days_in_a_row_are_a_range() {
        assert_eq!(Zone::named("UTC+5:30"), UtcOffset::from_hms(5, 30, 0).ok().map(Zone::Fixed));
        assert_eq!(Zone::named("UTC-8"), UtcOffset::from_hms(-8, 0, 0).ok().map(Zone::Fixed));
        assert_eq!(Zone::named("Mars"), None);
        assert_eq!(hours().range(), Some((Weekday::Monday, Weekday::Friday)));
        let weekend = SupportHours { days: vec![Weekday::Monday, Weekday::Saturday], ..hours() };
        assert_eq!(weekend.range(), None);
    }
}
