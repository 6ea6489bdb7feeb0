//! Gaps of the knowledge: questions that the documents could not answer, grouped by meaning.

use std::time::Duration;

use time::OffsetDateTime;
use uuid::Uuid;

use crate::domain::ids::{ConversationId, EscalationId, GapId};
use crate::domain::knowledge::QuestionVector;

/// Minimum cosine of two questions of one meaning.
pub const SAME_QUESTION: f64 = 0.72;
/// Minimum similarity by trigrams, where there is no embedding model.
pub const SAME_WORDS: f32 = 0.5;
/// Gaps are shown for this long after their newest question.
pub const SHOWN_FOR: Duration = Duration::from_secs(180 * 24 * 60 * 60);
/// Maximum characters of a question.
pub const QUESTION_MAX_CHARS: usize = 2_000;
/// Conversations that a gap names; its count is of all.
pub const MAX_CONVERSATIONS: i64 = 100;

/// A question that was not grouped yet, with the customer's own words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RawQuestion {
    pub escalation: EscalationId,
    pub text: String,
    /// Names that must not be repeated: the customer's, and those of staff.
    pub names: Vec<String>,
}

/// A question without personal data, to be put into its group.
#[derive(Clone, Debug, PartialEq)]
pub struct CleanQuestion {
    pub escalation: EscalationId,
    /// The group that is opened if no other one has its meaning.
    pub gap: GapId,
    /// Empty if nothing is left: it joins no group.
    pub content: String,
    pub vector: Option<QuestionVector>,
}

/// A group of questions.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GapView {
    pub id: GapId,
    /// Its newest question.
    pub question: String,
    pub count: i64,
    /// The newest [`MAX_CONVERSATIONS`].
    pub conversations: Vec<ConversationId>,
    pub last_asked_at: OffsetDateTime,
}

/// Where a page of the list begins: behind this gap. The list begins with the most questions.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct GapCursor {
    pub count: i64,
    pub gap: GapId,
}

impl GapCursor {
    pub fn parse(text: &str) -> Option<Self> {
        let (count, gap) = text.split_once('.')?;
        let gap = Uuid::try_parse(gap).ok()?;
        Some(Self { count: count.parse().ok().filter(|count| *count >= 0)?, gap: GapId(gap) })
    }
}

impl std::fmt::Display for GapCursor {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}.{}", self.count, self.gap)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cursor_reads_back_as_itself() {
        let cursor = GapCursor { count: 7, gap: GapId(Uuid::from_u128(3)) };
        assert_eq!(GapCursor::parse(&cursor.to_string()), Some(cursor));
        for text in ["", "7", "x.3", "-1.00000000-0000-0000-0000-000000000003", "7.3"] {
            assert_eq!(GapCursor::parse(text), None, "{text}");
        }
    }
}
