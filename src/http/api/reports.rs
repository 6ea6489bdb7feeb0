//! Data transfer objects of reports.

use std::collections::BTreeMap;

use serde::Serialize;
use time::OffsetDateTime;
use utoipa::ToSchema;

use super::people::Person;
use super::tickets::Ticket;
use crate::domain::enums::{Channel, ConversationStatus, FailureCause, Reason, ResolutionKind};
use crate::domain::ids::ConversationId;
use crate::domain::reports::breakdowns::{AgentFigures, AgentReport, FailureCount, FailureReport};
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

/// The figures of each member of staff who replied in conversations that began in a range of days.
#[derive(Debug, Serialize, ToSchema)]
pub struct AgentReportDocument {
    /// The first day (UTC).
    #[schema(format = Date, example = "2026-11-24")]
    pub from: String,
    /// The last day (UTC).
    #[schema(format = Date, example = "2026-11-30")]
    pub to: String,
    /// By name.
    pub items: Vec<AgentRow>,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct AgentRow {
    pub agent: Person,
    /// Replies that customers got.
    pub replies: i64,
    /// From the message that waited longest to the first reply of this person, in each conversation.
    pub reply_ms: AnswerTimes,
    /// Of the conversations in which this person replied; one with several people counts for each of them.
    pub total: Figures,
}

/// Replies that were not delivered, in conversations that began in a range of days.
#[derive(Debug, Serialize, ToSchema)]
pub struct FailureReportDocument {
    /// The first day (UTC).
    #[schema(format = Date, example = "2026-11-24")]
    pub from: String,
    /// The last day (UTC).
    #[schema(format = Date, example = "2026-11-30")]
    pub to: String,
    pub total: FailureFigures,
    /// Every cause.
    pub causes: Vec<CauseFigures>,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct FailureFigures {
    pub deliveries: i64,
    pub conversations: i64,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct CauseFigures {
    pub cause: FailureCause,
    pub deliveries: i64,
    /// With several causes, a conversation counts for each of them.
    pub conversations: i64,
}

impl From<AgentReport> for AgentReportDocument {
    fn from(report: AgentReport) -> Self {
        Self {
            from: report.range.from.to_string(),
            to: report.range.to.to_string(),
            items: report.agents.into_iter().map(AgentRow::from).collect(),
        }
    }
}

impl From<AgentFigures> for AgentRow {
    fn from(agent: AgentFigures) -> Self {
        let total = Figures::from(&agent.figures);
        let (p50, p95) = agent.reply_ms.unzip();
        Self { agent: agent.agent.into(), replies: agent.replies, reply_ms: AnswerTimes { p50, p95 }, total }
    }
}

impl From<FailureReport> for FailureReportDocument {
    fn from(report: FailureReport) -> Self {
        let FailureCount { deliveries, conversations } = report.total;
        let causes = report.causes.into_iter().map(|(cause, count)| CauseFigures {
            cause,
            deliveries: count.deliveries,
            conversations: count.conversations,
        });
        Self {
            from: report.range.from.to_string(),
            to: report.range.to.to_string(),
            total: FailureFigures { deliveries, conversations },
            causes: causes.collect(),
        }
    }
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
