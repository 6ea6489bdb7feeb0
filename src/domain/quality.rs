//! Quality review: scorecards of replies, the random sample that they are written for, and their results by week.

use time::{Date, OffsetDateTime};

use super::console::detail::PersonRef;
use super::enums::{Channel, ReplyAuthor};
use super::ids::{ConversationId, MessageId, ReviewId, StaffId};
use super::knowledge::Source;
use super::messages::inquiry::TicketNumber;
use super::reports::ReportRange;

/// How far back a sample goes, unless its request says otherwise.
pub const SAMPLE_DAYS: i32 = 14;
/// The most days that a sample goes back.
pub const MAX_SAMPLE_DAYS: i32 = 90;
/// The most replies of one sample.
pub const MAX_SAMPLE: u8 = 20;
/// The highest score of a question.
pub const MAX_SCORE: i16 = 2;

/// The answers to the four questions, from 0 (no) to [`MAX_SCORE`] (yes); `None` where a question does not apply.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Scores {
    /// What the reply says is in its sources, or true.
    pub grounded: Option<i16>,
    /// It answers everything that was asked.
    pub complete: Option<i16>,
    pub tone: Option<i16>,
    /// It promises nothing, and does nothing, that the rules of the company forbid.
    pub policy: Option<i16>,
}

impl Scores {
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

/// A scorecard as its reviewer writes it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Scorecard {
    pub id: ReviewId,
    pub message: MessageId,
    pub scores: Scores,
    pub comment: Option<String>,
}

/// Which replies are asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SampleRequest {
    /// Own replies are left out.
    pub reviewer: StaffId,
    pub days: i32,
    /// `None` draws from both alike, however many replies each has.
    pub author: Option<ReplyAuthor>,
    pub limit: u8,
}

/// A reply that no one has reviewed.
#[derive(Clone, Debug, PartialEq)]
pub struct SampledReply {
    pub message: MessageId,
    pub conversation: ConversationId,
    pub ticket: TicketNumber,
    pub channel: Channel,
    pub author: ReplyAuthor,
    pub at: OffsetDateTime,
    /// What the customer wrote since the reply before; the beginning of it.
    pub question: String,
    pub text: String,
    pub sources: Vec<Source>,
}

/// Which scorecards are asked for: those of replies that were written in the range.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ReviewsRequest {
    pub range: ReportRange,
    pub author: Option<ReplyAuthor>,
    pub limit: i64,
    /// The scorecard that the page before ends with.
    pub after: Option<ReviewId>,
}

/// A scorecard beside its reply.
#[derive(Clone, Debug, PartialEq)]
pub struct QualityReview {
    pub id: ReviewId,
    pub message: MessageId,
    pub conversation: ConversationId,
    pub ticket: TicketNumber,
    pub author: ReplyAuthor,
    /// When the reply was written.
    pub at: OffsetDateTime,
    pub preview: String,
    pub reviewer: PersonRef,
    pub reviewed_at: OffsetDateTime,
    pub scores: Scores,
    pub comment: Option<String>,
}

/// How many scorecards answer a question, and the mean of their answers.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct MeanScore {
    pub count: i64,
    pub mean: Option<f64>,
}

/// The scorecards of a set of replies.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct QualityFigures {
    pub reviews: i64,
    pub grounded: MeanScore,
    pub complete: MeanScore,
    pub tone: MeanScore,
    pub policy: MeanScore,
}

/// The figures of the bot beside those of staff.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct QualityComparison {
    pub bot: QualityFigures,
    pub staff: QualityFigures,
}

/// Results by the week in which the replies were written.
#[derive(Clone, Debug, PartialEq)]
pub struct QualityReport {
    pub range: ReportRange,
    pub total: QualityComparison,
    /// The weeks with scorecards, by their Mondays, in order.
    pub weeks: Vec<(Date, QualityComparison)>,
}
