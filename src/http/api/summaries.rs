//! Data transfer objects of summaries of long threads.

use serde::Serialize;
use time::OffsetDateTime;
use utoipa::ToSchema;

use crate::domain::console::summaries::{SummaryPoint, SummaryView};
use crate::domain::enums::SummaryKind;
use crate::domain::ids::MessageId;

/// Which summary is wanted. Unknown fields are refused.
#[derive(Debug, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SummaryForm {
    /// Makes a new one if there are newer messages than those that the kept one covers.
    pub renew: Option<bool>,
}

/// What a thread is about, in points with their messages.
#[derive(Debug, Serialize, ToSchema)]
pub struct ThreadSummary {
    /// The most important first.
    pub points: Vec<SummarizedPoint>,
    pub made_from: SummaryBasis,
    /// Messages since then.
    pub newer: i64,
    /// Null where the points were quoted without a model.
    #[schema(required)]
    pub model: Option<String>,
    /// How the customer sounds, from 0 (angry) to 1.
    #[schema(required)]
    pub sentiment: Option<f32>,
    #[serde(with = "time::serde::rfc3339")]
    pub at: OffsetDateTime,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct SummarizedPoint {
    pub kind: SummaryKind,
    pub text: String,
    /// The messages behind it.
    pub sources: Vec<MessageId>,
}

/// The messages that a summary covers: the newest ones, and the first.
#[derive(Debug, Serialize, ToSchema)]
pub struct SummaryBasis {
    pub messages: i64,
    /// The messages that the thread had.
    pub total: i64,
    /// The newest of them.
    pub through: MessageId,
}

impl From<SummaryView> for ThreadSummary {
    fn from(view: SummaryView) -> Self {
        let SummaryView { points, covered, total, through, newer, model, sentiment, at } = view;
        Self {
            points: points.into_iter().map(SummarizedPoint::from).collect(),
            made_from: SummaryBasis { messages: covered, total, through },
            newer,
            model,
            sentiment,
            at,
        }
    }
}

impl From<SummaryPoint> for SummarizedPoint {
    fn from(SummaryPoint { kind, text, sources }: SummaryPoint) -> Self {
        Self { kind, text, sources }
    }
}
