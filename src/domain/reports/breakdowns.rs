//! Breakdowns of a report: the figures of each member of staff, and replies that were not delivered, by their cause.

use super::{ReportFigures, ReportRange};
use crate::domain::console::detail::PersonRef;
use crate::domain::enums::FailureCause;

/// What a member of staff did in the conversations of a range.
#[derive(Clone, Debug, PartialEq)]
pub struct AgentFigures {
    pub agent: PersonRef,
    /// Replies that customers got.
    pub replies: i64,
    /// From the message that waited longest to the first reply of this person: the median and the 95th percentile.
    pub reply_ms: Option<(i64, i64)>,
    /// Of the conversations in which this person replied. One with several people counts for each of them.
    pub figures: ReportFigures,
}

#[derive(Clone, Debug, PartialEq)]
pub struct AgentReport {
    pub range: ReportRange,
    /// Everyone who replied, by name.
    pub agents: Vec<AgentFigures>,
}

/// Replies that were not delivered.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct FailureCount {
    pub deliveries: i64,
    pub conversations: i64,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FailureReport {
    pub range: ReportRange,
    pub total: FailureCount,
    /// Every cause, in the order of [`FailureCause::ALL`].
    pub causes: Vec<(FailureCause, FailureCount)>,
}
