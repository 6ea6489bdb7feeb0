//! Data transfer objects of quality reviews.

use serde::Serialize;
use time::OffsetDateTime;
use utoipa::ToSchema;

use super::conversations::CitedSource;
use super::people::Person;
use crate::domain::enums::{Channel, ReplyAuthor};
use crate::domain::ids::{ConversationId, MessageId, ReviewId};
use crate::domain::quality::{
    MeanScore, QualityComparison, QualityFigures, QualityReport, QualityReview, SampledReply, Scores,
};

/// Random replies that no one has reviewed.
#[derive(Debug, Serialize, ToSchema)]
pub struct ReplySample {
    pub items: Vec<ReplyToReview>,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct ReplyToReview {
    pub message_id: MessageId,
    pub conversation_id: ConversationId,
    pub ticket_number: String,
    pub channel: Channel,
    /// Who of staff wrote it is not said here.
    pub author: ReplyAuthor,
    #[serde(with = "time::serde::rfc3339")]
    pub created_at: OffsetDateTime,
    /// What the customer wrote since the reply before; at most 10,000 characters.
    pub question: String,
    pub text: String,
    pub sources: Vec<CitedSource>,
}

/// A scorecard: 0 is no, 1 partly, 2 yes; null or absent where a question does not apply. One of the four must be
/// answered. Unknown fields are refused.
#[derive(Debug, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ReviewRequest {
    pub message_id: MessageId,
    /// What it says is in its sources, or true.
    #[schema(minimum = 0, maximum = 2, example = 2)]
    pub grounded: Option<i16>,
    /// It answers everything that was asked.
    #[schema(minimum = 0, maximum = 2, example = 1)]
    pub complete: Option<i16>,
    #[schema(minimum = 0, maximum = 2, example = 2)]
    pub tone: Option<i16>,
    /// It promises nothing, and does nothing, that the company's rules forbid.
    #[schema(minimum = 0, maximum = 2, example = 2)]
    pub policy: Option<i16>,
    #[schema(max_length = 2_000)]
    pub comment: Option<String>,
}

/// A page of scorecards, newest first.
#[derive(Debug, Serialize, ToSchema)]
pub struct ReviewList {
    pub items: Vec<Review>,
    #[schema(required)]
    pub next_cursor: Option<String>,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct Review {
    pub id: ReviewId,
    pub message_id: MessageId,
    pub conversation_id: ConversationId,
    pub ticket_number: String,
    pub author: ReplyAuthor,
    /// When the reply was written.
    #[serde(with = "time::serde::rfc3339")]
    pub written_at: OffsetDateTime,
    /// The beginning of the reply.
    pub preview: String,
    pub reviewer: Person,
    #[serde(with = "time::serde::rfc3339")]
    pub reviewed_at: OffsetDateTime,
    #[schema(required, minimum = 0, maximum = 2)]
    pub grounded: Option<i16>,
    #[schema(required, minimum = 0, maximum = 2)]
    pub complete: Option<i16>,
    #[schema(required, minimum = 0, maximum = 2)]
    pub tone: Option<i16>,
    #[schema(required, minimum = 0, maximum = 2)]
    pub policy: Option<i16>,
    #[schema(required)]
    pub comment: Option<String>,
}

/// The results of replies that were written in a range of days.
#[derive(Debug, Serialize, ToSchema)]
pub struct QualityDocument {
    /// The first day (UTC).
    #[schema(format = Date, example = "2026-11-02")]
    pub from: String,
    /// The last day (UTC).
    #[schema(format = Date, example = "2026-11-29")]
    pub to: String,
    pub total: BotAndStaff,
    /// The weeks with scorecards, in order.
    pub weeks: Vec<WeekResults>,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct BotAndStaff {
    pub bot: ScoreSummary,
    pub staff: ScoreSummary,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct WeekResults {
    /// Its Monday (UTC).
    #[schema(format = Date, example = "2026-11-23")]
    pub week: String,
    pub bot: ScoreSummary,
    pub staff: ScoreSummary,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct ScoreSummary {
    pub reviews: i64,
    pub grounded: AverageScore,
    pub complete: AverageScore,
    pub tone: AverageScore,
    pub policy: AverageScore,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct AverageScore {
    /// Scorecards that answer the question.
    pub count: i64,
    /// The mean; null without any.
    #[schema(required, minimum = 0, maximum = 2)]
    pub avg: Option<f64>,
}

impl From<SampledReply> for ReplyToReview {
    fn from(reply: SampledReply) -> Self {
        Self {
            message_id: reply.message,
            conversation_id: reply.conversation,
            ticket_number: reply.ticket.to_string(),
            channel: reply.channel,
            author: reply.author,
            created_at: reply.at,
            question: reply.question,
            text: reply.text,
            sources: reply.sources.into_iter().map(CitedSource::from).collect(),
        }
    }
}

impl From<QualityReview> for Review {
    fn from(review: QualityReview) -> Self {
        let Scores { grounded, complete, tone, policy } = review.scores;
        Self {
            id: review.id,
            message_id: review.message,
            conversation_id: review.conversation,
            ticket_number: review.ticket.to_string(),
            author: review.author,
            written_at: review.at,
            preview: review.preview,
            reviewer: review.reviewer.into(),
            reviewed_at: review.reviewed_at,
            grounded,
            complete,
            tone,
            policy,
            comment: review.comment,
        }
    }
}

impl From<QualityReport> for QualityDocument {
    fn from(report: QualityReport) -> Self {
        let QualityComparison { bot, staff } = report.total;
        let weeks = report.weeks.into_iter().map(|(week, comparison)| WeekResults {
            week: week.to_string(),
            bot: comparison.bot.into(),
            staff: comparison.staff.into(),
        });
        Self {
            from: report.range.from.to_string(),
            to: report.range.to.to_string(),
            total: BotAndStaff { bot: bot.into(), staff: staff.into() },
            weeks: weeks.collect(),
        }
    }
}

impl From<QualityFigures> for ScoreSummary {
    fn from(figures: QualityFigures) -> Self {
        let QualityFigures { reviews, grounded, complete, tone, policy } = figures;
        Self {
            reviews,
            grounded: grounded.into(),
            complete: complete.into(),
            tone: tone.into(),
            policy: policy.into(),
        }
    }
}

impl From<MeanScore> for AverageScore {
    fn from(score: MeanScore) -> Self {
        Self { count: score.count, avg: score.mean }
    }
}
