//! Data transfer objects of reports, as JSON and as CSV (RFC 4180).

use std::collections::BTreeMap;
use std::fmt::Write as _;

use serde::Serialize;
use time::OffsetDateTime;
use utoipa::ToSchema;

use super::people::Person;
use super::tickets::Ticket;
use crate::domain::enums::{Channel, ConversationStatus, Reason, ResolutionKind};
use crate::domain::ids::ConversationId;
use crate::domain::reports::{CountedConversation, FigurePage, PeriodReport, ReportFigures};

/// The figures of the conversations that began in a range of days, all of one snapshot.
#[derive(Debug, Serialize, ToSchema)]
pub struct ReportDocument {
    /// The first day (UTC).
    #[schema(format = Date, example = "2026-11-24")]
    pub from: String,
    /// The last day (UTC).
    #[schema(format = Date, example = "2026-11-30")]
    pub to: String,
    pub total: Figures,
    pub channels: FiguresByChannel,
    /// Every day of the range, in order.
    pub days: Vec<DayFigures>,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct FiguresByChannel {
    pub email: Figures,
    pub whatsapp: Figures,
    pub web_form: Figures,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct DayFigures {
    #[schema(format = Date, example = "2026-11-30")]
    pub date: String,
    pub total: Figures,
}

#[derive(Clone, Debug, Default, Serialize, ToSchema)]
pub struct Figures {
    pub conversations: i64,
    pub answer_ms: AnswerTimes,
    pub resolution: ResolutionFigures,
    pub csat: Satisfaction,
    /// The mean; null without any.
    #[schema(required, minimum = 0, maximum = 1)]
    pub sentiment: Option<f64>,
    /// What the model calls cost, in millionths of a dollar.
    pub cost_micros: i64,
    /// Conversations with a question that the documents do not answer.
    pub without_source: i64,
}

/// From the first message to the first answer, in milliseconds; null without an answer.
#[derive(Clone, Debug, Default, Serialize, ToSchema)]
pub struct AnswerTimes {
    #[schema(required)]
    pub p50: Option<i64>,
    #[schema(required)]
    pub p95: Option<i64>,
}

/// Who had the conversations; each is counted once among the first four.
#[derive(Clone, Debug, Default, Serialize, ToSchema)]
pub struct ResolutionFigures {
    /// Never in human hands.
    pub autonomous: i64,
    /// In human hands, and the last answer is the bot's, or made from a suggestion of it.
    pub assisted: i64,
    /// Given to people, by the first reason.
    #[schema(example = json!({"pricing": 1}))]
    pub handed_off: BTreeMap<&'static str, i64>,
    /// Taken by staff.
    pub taken_over: i64,
    /// Resolved, and no contact on any channel for seven days.
    pub durable: i64,
    /// Resolved, and open again.
    pub reopened: i64,
}

#[derive(Clone, Debug, Default, Serialize, ToSchema)]
pub struct Satisfaction {
    pub count: i64,
    /// The mean of the scores; null without any.
    #[schema(required, minimum = 1, maximum = 5)]
    pub avg: Option<f64>,
}

/// A page of the conversations behind a figure.
#[derive(Debug, Serialize, ToSchema)]
pub struct FigureList {
    /// Those that need a look come first: the slowest, the lowest rated, the dearest; else the newest.
    pub items: Vec<ConversationBehind>,
    #[schema(required)]
    pub next_cursor: Option<String>,
    /// Over all pages.
    pub count: i64,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct ConversationBehind {
    pub conversation_id: ConversationId,
    #[serde(with = "time::serde::rfc3339")]
    pub created_at: OffsetDateTime,
    pub channel: Channel,
    pub status: ConversationStatus,
    pub ticket: Ticket,
    pub customer: Person,
    #[schema(required)]
    pub assignee: Option<Person>,
    pub resolution: ResolutionKind,
    /// Of the first hand-off, where it was handed off.
    #[schema(required)]
    pub reason: Option<Reason>,
    pub durable: bool,
    #[schema(required)]
    pub answer_ms: Option<i64>,
    #[schema(required, minimum = 1, maximum = 5)]
    pub score: Option<u8>,
    #[schema(required, minimum = 0, maximum = 1)]
    pub sentiment: Option<f32>,
    pub cost_micros: i64,
    /// The beginning of the question that found no source, else of the first message.
    pub preview: String,
}

impl From<PeriodReport> for ReportDocument {
    fn from(report: PeriodReport) -> Self {
        let of = |channel: Channel| {
            let found = report.channels.iter().find(|(other, _)| *other == channel);
            found.map(|(_, figures)| Figures::from(figures)).unwrap_or_default()
        };
        Self {
            from: report.range.from.to_string(),
            to: report.range.to.to_string(),
            total: Figures::from(&report.total),
            channels: FiguresByChannel {
                email: of(Channel::Email),
                whatsapp: of(Channel::Whatsapp),
                web_form: of(Channel::WebForm),
            },
            days: report
                .days
                .iter()
                .map(|(day, figures)| DayFigures { date: day.to_string(), total: Figures::from(figures) })
                .collect(),
        }
    }
}

impl From<&ReportFigures> for Figures {
    fn from(figures: &ReportFigures) -> Self {
        let handed_off = figures.handed_off.iter().map(|(reason, count)| (reason.as_str(), *count));
        Self {
            conversations: figures.conversations,
            answer_ms: AnswerTimes {
                p50: figures.answer_ms.map(|(p50, _)| p50),
                p95: figures.answer_ms.map(|(_, p95)| p95),
            },
            resolution: ResolutionFigures {
                autonomous: figures.autonomous,
                assisted: figures.assisted,
                handed_off: handed_off.collect(),
                taken_over: figures.taken_over,
                durable: figures.durable,
                reopened: figures.reopened,
            },
            csat: Satisfaction { count: figures.ratings, avg: figures.rating_mean },
            sentiment: figures.sentiment,
            cost_micros: figures.cost_micros,
            without_source: figures.without_source,
        }
    }
}

impl From<FigurePage> for FigureList {
    fn from(page: FigurePage) -> Self {
        Self {
            items: page.items.into_iter().map(ConversationBehind::from).collect(),
            next_cursor: page.next.map(|cursor| cursor.to_string()),
            count: page.count,
        }
    }
}

impl From<CountedConversation> for ConversationBehind {
    fn from(counted: CountedConversation) -> Self {
        Self {
            conversation_id: counted.conversation_id,
            created_at: counted.created_at,
            channel: counted.channel,
            status: counted.status,
            ticket: counted.ticket.into(),
            customer: counted.customer.into(),
            assignee: counted.assignee.map(Person::from),
            resolution: counted.resolution,
            reason: counted.reason,
            durable: counted.is_durable,
            answer_ms: counted.answer_ms,
            score: counted.score,
            sentiment: counted.sentiment,
            cost_micros: counted.cost_micros,
            preview: counted.preview,
        }
    }
}

/// The report as a table: a row for the total, for each channel and for each day. Every value is a word of the program,
/// a date or a number, so that no spreadsheet takes one for a formula.
pub fn csv(report: &PeriodReport) -> String {
    let mut table =
        String::from("part,name,conversations,answer_ms_p50,answer_ms_p95,autonomous,assisted,handed_off");
    for reason in Reason::ALL {
        let _ = write!(table, ",handed_off_{reason}");
    }
    table.push_str(
        ",taken_over,durable,reopened,csat_count,csat_avg,sentiment,cost_micros,without_source\r\n",
    );
    csv_row(&mut table, "total", "", &report.total);
    for (channel, figures) in &report.channels {
        csv_row(&mut table, "channel", channel.as_str(), figures);
    }
    for (day, figures) in &report.days {
        csv_row(&mut table, "day", &day.to_string(), figures);
    }
    table
}

fn csv_row(table: &mut String, part: &str, name: &str, figures: &ReportFigures) {
    let number = |value: Option<i64>| value.map(|value| value.to_string()).unwrap_or_default();
    let decimal = |value: Option<f64>| value.map(|value| format!("{value:.4}")).unwrap_or_default();
    let handed_off: i64 = figures.handed_off.iter().map(|(_, count)| count).sum();
    let reasons = Reason::ALL.iter().map(|reason| {
        let found = figures.handed_off.iter().find(|(other, _)| other == reason);
        found.map_or(0, |(_, count)| *count).to_string()
    });
    let before = [
        part.to_owned(),
        name.to_owned(),
        figures.conversations.to_string(),
        number(figures.answer_ms.map(|(p50, _)| p50)),
        number(figures.answer_ms.map(|(_, p95)| p95)),
        figures.autonomous.to_string(),
        figures.assisted.to_string(),
        handed_off.to_string(),
    ];
    let after = [
        figures.taken_over.to_string(),
        figures.durable.to_string(),
        figures.reopened.to_string(),
        figures.ratings.to_string(),
        decimal(figures.rating_mean),
        decimal(figures.sentiment),
        figures.cost_micros.to_string(),
        figures.without_source.to_string(),
    ];
    let values: Vec<String> = before.into_iter().chain(reasons).chain(after).collect();
    table.push_str(&values.join(","));
    table.push_str("\r\n");
}

#[cfg(test)]
mod tests {
    use time::macros::date;

    use super::*;
    use crate::domain::reports::ReportRange;

    #[test]
    fn a_table_has_a_row_for_the_total_each_channel_and_each_day_with_as_many_values_as_its_head() {
        let figures = ReportFigures {
            conversations: 3,
            answer_ms: Some((5, 9)),
            handed_off: vec![(Reason::Refund, 2)],
            taken_over: 1,
            rating_mean: Some(4.5),
            ..ReportFigures::default()
        };
        let day = date!(2026 - 11 - 30);
        let report = PeriodReport {
            range: ReportRange { from: day, to: day },
            total: figures.clone(),
            channels: Channel::ALL.iter().map(|channel| (*channel, ReportFigures::default())).collect(),
            days: vec![(day, figures)],
        };
        let table = csv(&report);
        let lines: Vec<&str> = table.split_terminator("\r\n").collect();
        assert_eq!(lines.len(), 6);
        let columns = lines[0].split(',').count();
        assert!(lines.iter().all(|line| line.split(',').count() == columns), "{table}");
        assert_eq!(lines[1], "total,,3,5,9,0,0,2,0,2,0,0,0,0,0,0,0,0,1,0,0,0,4.5000,,0,0");
        assert!(lines[2].starts_with("channel,email,0,,,0,0,0"), "{table}");
        assert!(lines[5].starts_with("day,2026-11-30,3,5,9"), "{table}");
    }
}
