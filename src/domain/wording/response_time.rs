//! Response times as the brand voice words them, and when the time that one promises is over.

use time::{Duration, OffsetDateTime};

use crate::domain::wording::hours::SupportHours;

/// A promised time: `within 8 support hours`, `within 2 working days`, or `within 1 hour, day and night`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ResponseTime {
    SupportHours(u32),
    /// Each as long as the support hours of one day.
    WorkingDays(u32),
    /// Nights and weekends count too.
    ClockHours(u32),
}

/// Assumed of a time in other words; the longest that the voice of this program promises.
const UNKNOWN: ResponseTime = ResponseTime::WorkingDays(3);

impl ResponseTime {
    /// Reads the first number with its unit. Wording that it does not understand counts as the longest promise.
    pub fn of_wording(wording: &str) -> Self {
        let words: Vec<&str> =
            wording.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).collect();
        let read = words.iter().enumerate().find_map(|(at, word)| {
            let count = word.parse::<u32>().ok().filter(|count| (1..=1000).contains(count))?;
            let unit = |offset: usize| words.get(at + offset).copied().unwrap_or_default();
            match (unit(1), unit(2)) {
                ("support", "hour" | "hours") => Some(Self::SupportHours(count)),
                ("working" | "business", "day" | "days") => Some(Self::WorkingDays(count)),
                ("hour" | "hours", _) | ("clock", "hour" | "hours") => Some(Self::ClockHours(count)),
                ("day" | "days", _) => Some(Self::ClockHours(count.saturating_mul(24))),
                _ => None,
            }
        });
        read.unwrap_or(UNKNOWN)
    }

    /// When a promise that is made at `at` must be kept.
    pub fn due(self, hours: &SupportHours, at: OffsetDateTime) -> OffsetDateTime {
        let count = |n: u32| i32::try_from(n).unwrap_or(i32::MAX);
        match self {
            Self::SupportHours(n) => hours.after(at, Duration::HOUR.saturating_mul(count(n))),
            Self::WorkingDays(n) => hours.after(at, hours.day_length().saturating_mul(count(n))),
            Self::ClockHours(n) => at.saturating_add(Duration::HOUR.saturating_mul(count(n))),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_wording_of_the_voice_is_understood() {
        for (wording, time) in [
            ("within 8 support hours", ResponseTime::SupportHours(8)),
            ("within 1 working day", ResponseTime::WorkingDays(1)),
            ("within 2 working days", ResponseTime::WorkingDays(2)),
            ("within 1 hour, day and night", ResponseTime::ClockHours(1)),
            ("within 3 days", ResponseTime::ClockHours(72)),
            ("as soon as possible", UNKNOWN),
            ("within 0 hours", UNKNOWN),
        ] {
            assert_eq!(ResponseTime::of_wording(wording), time, "{wording}");
        }
    }
}
