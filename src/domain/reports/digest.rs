//! Digest of a period: its report, with the conversations that a manager should read.

use super::{CountedConversation, PeriodReport, ReportFigures};
use crate::domain::enums::{Reason, ReportKind};

/// What `fte report` prints and the schedule mails, of one snapshot.
#[derive(Clone, Debug, PartialEq)]
pub struct ReportDigest {
    pub kind: ReportKind,
    pub report: PeriodReport,
    /// The conversations with the lowest sentiment, lowest first.
    pub low_sentiment: Vec<CountedConversation>,
    /// The newest conversations with a question that the documents do not answer.
    pub gaps: Vec<CountedConversation>,
}

impl ReportFigures {
    /// Conversations that were given to people.
    pub fn handed_off_total(&self) -> i64 {
        self.handed_off.iter().map(|(_, count)| count).sum()
    }

    /// The reasons of hand-offs, the most frequent first.
    pub fn reasons_by_count(&self) -> Vec<(Reason, i64)> {
        let mut reasons = self.handed_off.clone();
        reasons.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
        reasons
    }
}
