//! Reports: figures about the conversations that began in a range of days, and which conversations are behind a figure.

pub mod breakdowns;
pub mod digest;
pub mod mails;
pub mod schedule;

use time::{Date, Duration, OffsetDateTime};
use uuid::Uuid;

use super::console::detail::PersonRef;
use super::enums::{Channel, ConversationStatus, FailureCause, Reason, ResolutionKind};
use super::ids::{ConversationId, StaffId};
use super::views::TicketFacts;

/// The most days of a report: a leap year.
pub const MAX_DAYS: i64 = 366;
/// A resolution is durable after so many days without contact on any channel.
pub const DURABLE_AFTER_DAYS: i32 = 7;
/// Days of a report whose request names none.
const USUAL_DAYS: i64 = 7;

/// Days in UTC, both inclusive.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ReportRange {
    pub from: Date,
    pub to: Date,
}

/// Why days are no range of a report.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum InvalidRange {
    #[error("must not be before `from`")]
    Backwards,
    #[error("must be within {MAX_DAYS} days from `from`")]
    TooLong,
}

impl ReportRange {
    /// Without days the last seven; without an end until `today`.
    pub fn new(from: Option<Date>, to: Option<Date>, today: Date) -> Result<Self, InvalidRange> {
        let to = to.unwrap_or_else(|| from.map_or(today, |from| today.max(from)));
        let from = from.unwrap_or_else(|| to.saturating_sub(Duration::days(USUAL_DAYS - 1)));
        let range = Self { from, to };
        match range.days() {
            ..1 => Err(InvalidRange::Backwards),
            1..=MAX_DAYS => Ok(range),
            _ => Err(InvalidRange::TooLong),
        }
    }

    pub fn days(&self) -> i64 {
        (self.to - self.from).whole_days() + 1
    }

    /// Each day, in order.
    pub fn dates(&self) -> impl Iterator<Item = Date> + use<> {
        let from = self.from;
        (0..self.days()).map(move |day| from.saturating_add(Duration::days(day)))
    }
}

/// The figures of a set of conversations.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ReportFigures {
    pub conversations: i64,
    /// From a customer's first message to the first answer: the median and the 95th percentile.
    pub answer_ms: Option<(i64, i64)>,
    pub autonomous: i64,
    pub assisted: i64,
    /// Those that occur, in the order of [`Reason::ALL`].
    pub handed_off: Vec<(Reason, i64)>,
    pub taken_over: i64,
    pub durable: i64,
    pub reopened: i64,
    pub ratings: i64,
    pub rating_mean: Option<f64>,
    pub sentiment: Option<f64>,
    pub cost_micros: i64,
    pub without_source: i64,
}

/// A report: all figures are of one snapshot.
#[derive(Clone, Debug, PartialEq)]
pub struct PeriodReport {
    pub range: ReportRange,
    pub total: ReportFigures,
    /// Every channel, in the order of [`Channel::ALL`].
    pub channels: Vec<(Channel, ReportFigures)>,
    /// Every day of the range.
    pub days: Vec<(Date, ReportFigures)>,
}

/// What conversations are counted for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Figure {
    Conversations,
    Answered,
    Kind(ResolutionKind),
    /// Handed off first for this reason.
    HandedOffFor(Reason),
    Durable,
    Reopened,
    Rated,
    Sentiment,
    Cost,
    WithoutSource,
    /// With a reply that was not delivered.
    Undelivered,
    UndeliveredFor(FailureCause),
}

/// The prefix of the figures with a reason.
const HANDED_OFF: &str = "resolution.handed_off.";
/// The prefix of the figures with a cause.
const UNDELIVERED: &str = "delivery_failures.";

impl Figure {
    /// The names of all figures that need no reason and no cause. `delivery_failures` is one of the report on failures.
    pub const NAMES: &'static [&'static str] = &[
        "conversations",
        "answer_ms",
        "answer_ms.p50",
        "answer_ms.p95",
        "resolution.autonomous",
        "resolution.assisted",
        "resolution.handed_off",
        "resolution.taken_over",
        "resolution.durable",
        "resolution.reopened",
        "csat",
        "csat.count",
        "csat.avg",
        "sentiment",
        "cost_micros",
        "without_source",
        "delivery_failures",
    ];

    /// The figure of a path in a report's JSON.
    pub fn parse(path: &str) -> Option<Self> {
        if let Some(reason) = path.strip_prefix(HANDED_OFF) {
            return reason.parse().ok().map(Self::HandedOffFor);
        }
        if let Some(cause) = path.strip_prefix(UNDELIVERED) {
            return cause.parse().ok().map(Self::UndeliveredFor);
        }
        Some(match path {
            "conversations" => Self::Conversations,
            "answer_ms" | "answer_ms.p50" | "answer_ms.p95" => Self::Answered,
            "resolution.durable" => Self::Durable,
            "resolution.reopened" => Self::Reopened,
            "csat" | "csat.count" | "csat.avg" => Self::Rated,
            "sentiment" => Self::Sentiment,
            "cost_micros" => Self::Cost,
            "without_source" => Self::WithoutSource,
            "delivery_failures" => Self::Undelivered,
            other => Self::Kind(other.strip_prefix("resolution.")?.parse().ok()?),
        })
    }

    /// Its name in the store.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Conversations => "conversations",
            Self::Answered => "answer_ms",
            Self::Kind(kind) => kind.as_str(),
            Self::HandedOffFor(_) => ResolutionKind::HandedOff.as_str(),
            Self::Durable => "durable",
            Self::Reopened => "reopened",
            Self::Rated => "csat",
            Self::Sentiment => "sentiment",
            Self::Cost => "cost_micros",
            Self::WithoutSource => "without_source",
            Self::Undelivered | Self::UndeliveredFor(_) => "delivery_failures",
        }
    }

    /// The reason or the cause that it is limited to.
    pub fn part(self) -> Option<&'static str> {
        match self {
            Self::HandedOffFor(reason) => Some(reason.as_str()),
            Self::UndeliveredFor(cause) => Some(cause.as_str()),
            Self::Conversations
            | Self::Answered
            | Self::Kind(_)
            | Self::Durable
            | Self::Reopened
            | Self::Rated
            | Self::Sentiment
            | Self::Cost
            | Self::WithoutSource
            | Self::Undelivered => None,
        }
    }
}

/// Which conversations are asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FigureRequest {
    pub figure: Figure,
    pub range: ReportRange,
    pub channel: Option<Channel>,
    /// Only those in which this person replied.
    pub agent: Option<StaffId>,
    pub limit: u16,
    pub after: Option<FigureCursor>,
}

/// The place of a conversation in the list behind a figure.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FigureCursor {
    pub place: i64,
    pub conversation: ConversationId,
}

impl FigureCursor {
    /// Parses what [`Self::to_string`] has written; `None` for anything else.
    pub fn parse(text: &str) -> Option<Self> {
        let (place, id) = text.split_once('_')?;
        let id = Uuid::try_parse(id).ok().filter(|_| id.len() == uuid::fmt::Simple::LENGTH)?;
        Some(Self { place: place.parse().ok()?, conversation: ConversationId(id) })
    }
}

impl std::fmt::Display for FigureCursor {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}_{}", self.place, self.conversation.0.simple())
    }
}

/// A conversation behind a figure.
#[derive(Clone, Debug, PartialEq)]
pub struct CountedConversation {
    pub conversation_id: ConversationId,
    pub created_at: OffsetDateTime,
    pub channel: Channel,
    pub status: ConversationStatus,
    pub ticket: TicketFacts,
    pub customer: PersonRef,
    pub assignee: Option<PersonRef>,
    pub resolution: ResolutionKind,
    pub reason: Option<Reason>,
    pub is_durable: bool,
    pub answer_ms: Option<i64>,
    pub score: Option<u8>,
    pub sentiment: Option<f32>,
    pub cost_micros: i64,
    /// The beginning of the question that found no source, else of the customer's first message.
    pub preview: String,
}

/// A page of the list behind a figure, with how many there are in all.
#[derive(Clone, Debug, PartialEq)]
pub struct FigurePage {
    pub items: Vec<CountedConversation>,
    pub next: Option<FigureCursor>,
    pub count: i64,
}

#[cfg(test)]
mod tests {
    use time::macros::date;

    use super::*;

    #[test]
    fn a_range_is_a_day_to_a_leap_year() {
        let today = date!(2026 - 11 - 30);
        let range = |from, to| ReportRange::new(from, to, today);
        let both = |from, to| Ok(ReportRange { from, to });
        let (first, last) = (date!(2026 - 01 - 01), date!(2027 - 01 - 01));
        assert_eq!(range(None, None), both(date!(2026 - 11 - 24), today));
        assert_eq!(range(Some(today), Some(today)), both(today, today));
        assert_eq!(range(Some(first), Some(last)), both(first, last));
        assert_eq!(range(Some(first), None), both(first, today));
        assert_eq!(range(None, Some(first)), both(date!(2025 - 12 - 26), first));
        assert_eq!(range(Some(last), None), both(last, last), "in the future");
        assert_eq!(range(Some(last), Some(first)), Err(InvalidRange::Backwards));
        assert_eq!(range(Some(first), Some(date!(2027 - 01 - 02))), Err(InvalidRange::TooLong));
        let days: Vec<Date> =
            ReportRange { from: date!(2026 - 02 - 28), to: date!(2026 - 03 - 01) }.dates().collect();
        assert_eq!(days, [date!(2026 - 02 - 28), date!(2026 - 03 - 01)]);
    }

    #[test]
    fn every_path_of_a_report_is_a_figure_and_nothing_else() {
        for path in Figure::NAMES {
            assert!(Figure::parse(path).is_some(), "{path}");
        }
        for reason in Reason::ALL {
            let path = format!("resolution.handed_off.{reason}");
            assert_eq!(Figure::parse(&path), Some(Figure::HandedOffFor(*reason)));
        }
        for cause in FailureCause::ALL {
            let path = format!("delivery_failures.{cause}");
            assert_eq!(Figure::parse(&path), Some(Figure::UndeliveredFor(*cause)));
        }
        for other in ["", "resolution", "resolution.", "resolution.handed_off.", "csat.sum", "answer_ms.p99"]
        {
            assert_eq!(Figure::parse(other), None, "{other}");
        }
    }

    #[test]
    fn a_cursor_reads_back_as_itself_and_nothing_else_is_one() {
        let id = Uuid::from_u128(7);
        let cursor = FigureCursor { place: -5, conversation: ConversationId(id) };
        assert_eq!(FigureCursor::parse(&cursor.to_string()), Some(cursor));
        for text in [String::new(), "5".to_owned(), format!("x_{}", id.simple()), format!("5_{id}")] {
            assert_eq!(FigureCursor::parse(&text), None, "{text}");
        }
    }
}
