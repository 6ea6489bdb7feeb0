//! Settings of the scheduled reports: which, when, and to whom.

use time::Time;

use super::reader::Reader;
use crate::domain::customers::contact::Email;
use crate::domain::enums::ReportKind;

/// When people begin to work.
const HOUR: u8 = 7;
const OFF: &str = "off";

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReportsConfig {
    /// `REPORT_SCHEDULE`; empty for none.
    pub kinds: Vec<ReportKind>,
    /// `REPORT_TIME`, in UTC.
    pub at: Time,
    /// `REPORT_TO`; empty for the admins.
    pub receivers: Vec<Email>,
}

pub(super) fn read(reader: &mut Reader<'_>) -> ReportsConfig {
    let expects = "daily, weekly, both separated by a comma, or off";
    let kinds = reader.parse("REPORT_SCHEDULE", expects, |value| match value {
        OFF => Some(Vec::new()),
        kinds => kinds.split(',').map(|kind| kind.trim().parse().ok()).collect(),
    });
    let at = reader.parse("REPORT_TIME", "a time of the day in UTC such as 07:00", time_of_day);
    let address = |value: &str| Email::parse(value).ok();
    let receivers = reader.list("REPORT_TO", "e-mail addresses separated by commas", address);
    ReportsConfig {
        kinds: kinds.unwrap_or_else(|| ReportKind::ALL.to_vec()),
        at: at.or_else(|| Time::from_hms(HOUR, 0, 0).ok()).unwrap_or(Time::MIDNIGHT),
        receivers,
    }
}

fn time_of_day(value: &str) -> Option<Time> {
    let (hour, minute) = value.split_once(':')?;
    let two = |digits: &str| digits.len() == 2 && digits.bytes().all(|digit| digit.is_ascii_digit());
    let is_written_so = two(hour) && two(minute);
    Time::from_hms(hour.parse().ok().filter(|_| is_written_so)?, minute.parse().ok()?, 0).ok()
}

#[cfg(test)]
mod tests {
    use time::macros::time;

    use super::*;

    fn reports(variables: &[(&str, &str)]) -> Result<ReportsConfig, Vec<String>> {
        let found = |name: &str| {
            variables.iter().find(|(given, _)| *given == name).map(|(_, value)| (*value).to_owned())
        };
        let mut reader = Reader::new(&found);
        let config = read(&mut reader);
        reader
            .finish(config)
            .map_err(|errors| errors.0.into_iter().map(|error| error.variable.into()).collect())
    }

    #[test]
    fn reports_come_daily_and_weekly_at_seven_to_the_admins_unless_said_otherwise() {
        let usual =
            ReportsConfig { kinds: ReportKind::ALL.to_vec(), at: time!(07:00), receivers: Vec::new() };
        assert_eq!(reports(&[]), Ok(usual.clone()));
        let to = "ann@example.com, bob@example.com";
        let given =
            reports(&[("REPORT_SCHEDULE", "weekly"), ("REPORT_TIME", "00:30"), ("REPORT_TO", to)]).unwrap();
        assert_eq!((given.kinds, given.at), (vec![ReportKind::Weekly], time!(00:30)));
        assert_eq!(given.receivers.len(), 2);
        assert_eq!(reports(&[("REPORT_SCHEDULE", "off")]), Ok(ReportsConfig { kinds: Vec::new(), ..usual }));
        let wrong = reports(&[("REPORT_SCHEDULE", "hourly"), ("REPORT_TIME", "7:00"), ("REPORT_TO", "ann")]);
        assert_eq!(wrong.unwrap_err(), ["REPORT_SCHEDULE", "REPORT_TIME", "REPORT_TO"]);
    }
}
