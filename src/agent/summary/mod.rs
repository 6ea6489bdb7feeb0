//! The summary of a long thread for staff, as a sans-IO machine: it cuts the thread into pieces for a model and checks
//! each proposed point against the messages that it names. Without a usable answer it extracts the points, as the brief
//! of a hand-over does. It decides nothing about the conversation.

mod extract;
#[cfg(test)]
mod tests;

use std::collections::BTreeSet;
use std::ops::Range;
use std::sync::Arc;

use crate::agent::handbook::Handbook;
use crate::agent::models::prompt::{MESSAGE_MAX_TOKENS, tokens};
use crate::agent::models::tools::SummaryArgs;
use crate::agent::port::SummaryRequest;
use crate::agent::reply::notes::{NoteGrounds, checked_note};
use crate::domain::console::summaries::{
    LongThread, MAX_POINTS, POINT_MAX_CHARS, POINT_MAX_SOURCES, ProposedPoint, SummaryPoint, ThreadMessage,
};
use crate::domain::conversations::turn::ModelTurn;
use crate::domain::enums::{Role, SummaryKind};
use crate::domain::ids::MessageId;
use crate::domain::knowledge::Passage;

/// Tokens of the messages in one request.
const PIECE_MAX_TOKENS: usize = 6_000;
/// Requests for one summary; what does not fit into them is not covered.
const MAX_PIECES: usize = 4;
/// Tokens of a message beside its text.
const FRAME_TOKENS: usize = 20;

/// A summary in the making.
#[derive(Clone, Debug)]
pub struct SummaryRun {
    thread: LongThread,
    handbook: Arc<Handbook>,
    /// The pieces that are still to be read, the next one last.
    pieces: Vec<Range<usize>>,
    /// Where the first of them begins; the first message of all is read with it.
    from: usize,
    points: Vec<ProposedPoint>,
    progress: Progress,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Progress {
    Reading,
    /// The model is not asked any more, and its points do not count.
    Abandoned,
}

/// A finished summary.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FinishedSummary {
    pub points: Vec<SummaryPoint>,
    /// The messages that it was made from.
    pub covered: usize,
    pub author: SummaryAuthor,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SummaryAuthor {
    Model,
    /// Extracted without a model.
    Rules,
}

impl SummaryRun {
    pub fn start(thread: LongThread, handbook: Arc<Handbook>) -> Self {
        let pieces = pieces(&thread.messages);
        let from = pieces.last().map_or(0, |piece| piece.start);
        Self { thread, handbook, pieces, from, points: Vec::new(), progress: Progress::Reading }
    }

    /// What to ask the model next; `None` if there is nothing.
    pub fn request(&self) -> Option<SummaryRequest> {
        let piece = self.pieces.last().filter(|_| self.progress == Progress::Reading)?;
        let all = &self.thread.messages;
        let opening = all.first().filter(|_| piece.start == self.from && self.from > 0);
        let messages = (piece.start + 1..).zip(all.get(piece.clone())?);
        let messages = opening.map(|said| (1, said)).into_iter().chain(messages);
        Some(SummaryRequest {
            conversation: self.thread.conversation,
            messages: messages.map(|(number, said)| (number, said.clone())).collect(),
            earlier: self.points.clone(),
        })
    }

    /// The model's answer to the last request. Nothing that can be used ends the reading.
    pub fn hear(&mut self, said: &ModelTurn) {
        let Some(piece) = self.pieces.pop() else {
            return;
        };
        let proposed = said.calls.iter().flat_map(SummaryArgs::points_of);
        let points: Vec<ProposedPoint> =
            proposed.filter_map(|point| self.checked(point, piece.end)).take(MAX_POINTS).collect();
        if points.is_empty() {
            self.abandon();
        } else {
            self.points = points;
        }
    }

    /// The model does not answer, or may not be asked any more.
    pub fn abandon(&mut self) {
        self.progress = Progress::Abandoned;
    }

    pub fn finish(self) -> FinishedSummary {
        let messages = &self.thread.messages;
        if self.progress == Progress::Abandoned || self.points.is_empty() {
            return FinishedSummary {
                points: extract::points(messages),
                covered: messages.len(),
                author: SummaryAuthor::Rules,
            };
        }
        let point = |ProposedPoint { kind, text, messages: numbers }: &ProposedPoint| {
            let sources: Vec<MessageId> =
                numbers.iter().filter_map(|number| Some(messages.get(number - 1)?.id)).collect();
            SummaryPoint { kind: *kind, text: text.clone(), sources }
        };
        let points = self.points.iter().map(point).collect();
        let covered = messages.len() - self.from + usize::from(self.from > 0);
        FinishedSummary { points, covered, author: SummaryAuthor::Model }
    }

    /// A point whose messages exist, are among those that were read (`end`), and may say it; and whose text may be shown.
    fn checked(&self, point: ProposedPoint, end: usize) -> Option<ProposedPoint> {
        let ProposedPoint { kind, text, messages } = point;
        let was_read = |number: &usize| *number == 1 || (self.from + 1..=end).contains(number);
        let numbers: BTreeSet<usize> =
            messages.into_iter().filter(was_read).take(POINT_MAX_SOURCES).collect();
        let named: Vec<&ThreadMessage> =
            numbers.iter().filter_map(|number| self.thread.messages.get(number - 1)).collect();
        if !named.iter().any(|said| may_say(said.role, kind)) {
            return None;
        }
        let cited: Vec<Passage> = named.iter().map(|said| passage(said)).collect();
        let ours = named.iter().filter(|said| said.role != Role::Customer);
        let ours: Vec<Passage> = ours.map(|said| passage(said)).collect();
        let grounds = NoteGrounds {
            cited: &cited,
            ours: &ours,
            quotable: match kind {
                SummaryKind::Wish | SummaryKind::OpenQuestion => &cited,
                SummaryKind::Tried | SummaryKind::Promise | SummaryKind::Fact => &ours,
            },
            ticket: self.thread.ticket.to_string(),
            handbook: &self.handbook,
        };
        let text = checked_note(&text, POINT_MAX_CHARS, &grounds).ok()?;
        Some(ProposedPoint { kind, text, messages: numbers.into_iter().collect() })
    }
}

/// Whether a message of this role can be the source of such a point: what a customer says was tried or promised proves
/// neither.
fn may_say(role: Role, kind: SummaryKind) -> bool {
    match (kind, role) {
        (SummaryKind::Wish | SummaryKind::OpenQuestion, Role::Customer)
        | (SummaryKind::Tried | SummaryKind::Promise, Role::Agent | Role::Staff)
        | (SummaryKind::Fact, _) => true,
        (SummaryKind::Wish | SummaryKind::OpenQuestion, Role::Agent | Role::Staff)
        | (SummaryKind::Tried | SummaryKind::Promise, Role::Customer) => false,
    }
}

fn passage(said: &ThreadMessage) -> Passage {
    let id = said.id.to_string();
    Passage { title: id.clone(), section: id.clone(), id, text: said.text.clone(), score: 1.0 }
}

/// The newest messages that fit into the pieces, cut into them; the oldest piece is the last one, because it is read first.
fn pieces(messages: &[ThreadMessage]) -> Vec<Range<usize>> {
    let mut pieces: Vec<Range<usize>> = Vec::new();
    let (mut end, mut left) = (messages.len(), PIECE_MAX_TOKENS);
    for (place, said) in messages.iter().enumerate().rev() {
        let needed = tokens(&said.text).min(MESSAGE_MAX_TOKENS) + FRAME_TOKENS;
        if needed > left {
            pieces.push(place + 1..end);
            (end, left) = (place + 1, PIECE_MAX_TOKENS);
            if pieces.len() == MAX_PIECES {
                return pieces;
            }
        }
        left = left.saturating_sub(needed);
    }
    pieces.push(0..end);
    pieces
}
