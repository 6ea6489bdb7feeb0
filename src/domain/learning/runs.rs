//! Runs of proposals: past questions are asked again, with the knowledge as it is and with the proposal, before anything
//! is published.

use std::time::Duration;

use crate::domain::console::actions::RequestKey;
use crate::domain::conversations::turn::Decision;
use crate::domain::enums::Channel;
use crate::domain::ids::{MessageId, ProposalId, StaffId};
use crate::domain::knowledge::Findings;
use crate::domain::learning::proposals::ProposalContent;

/// Maximum past questions of a run.
pub const MAX_CASES: u16 = 200;
/// Past questions with words of the article, from which the most similar are chosen.
pub const MAX_CANDIDATES: i64 = 400;
/// How long a process may be silent before another one goes on with its run.
pub const LEASE: Duration = Duration::from_secs(180);
/// Failures in a row after which a run is given up.
pub const MAX_FAILURES: i32 = 5;
/// Maximum characters of an answer that a run keeps.
pub const ANSWER_MAX_CHARS: usize = 2_000;

/// A request for a run.
#[derive(Clone, Debug)]
pub struct RunOrder {
    pub proposal: ProposalId,
    pub by: StaffId,
    pub cases: u16,
    pub key: Option<RequestKey>,
}

/// A run that this process goes on with.
#[derive(Clone, Debug, PartialEq)]
pub struct LeasedRun {
    pub proposal: ProposalId,
    pub revision: i64,
    pub content: ProposalContent,
    pub limit: i32,
    /// Whether its questions were chosen.
    pub is_prepared: bool,
}

/// A past question that a run may ask again.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PastQuestion {
    pub message: MessageId,
    pub channel: Channel,
    pub text: String,
    pub subject: String,
    pub customer_name: String,
    pub language: Option<String>,
}

/// The result of one question.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CaseResult {
    pub message: MessageId,
    /// The answers, where they differ.
    pub changed: Option<(Option<String>, Option<String>)>,
}

/// Whether two searches give a turn the same to read. Scores may differ a little: words become more or less rare.
pub fn reads_the_same(before: &Findings, after: &Findings) -> bool {
    let texts = |findings: &Findings| -> Vec<(String, String)> {
        findings.passages.iter().map(|passage| (passage.id.clone(), passage.text.clone())).collect()
    };
    before.relevant == after.relevant && texts(before) == texts(after)
}

/// What differs between two decisions: the texts that the customer would get.
pub fn differing(before: &Decision, after: &Decision) -> Option<(Option<String>, Option<String>)> {
    let (before, after) = (reply(before), reply(after));
    (before != after).then(|| (before.map(shortened), after.map(shortened)))
}

/// The reply to the customer; the acknowledgement where people take over.
fn reply(decision: &Decision) -> Option<String> {
    match decision {
        Decision::Answer { text, .. } => Some(text.clone()),
        Decision::Escalate(hand_over) => Some(hand_over.acknowledgement.clone()),
        Decision::Silent => None,
    }
}

fn shortened(text: String) -> String {
    text.chars().take(ANSWER_MAX_CHARS).collect()
}
