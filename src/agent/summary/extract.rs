//! Points without a model, as the brief of a hand-over has them: what the customer came with, what was answered last, what
//! they were told that people will do, and what is not answered. Every text is quoted.

use crate::agent::models::transcript::shorten;
use crate::domain::console::summaries::{POINT_MAX_CHARS, SummaryPoint, ThreadMessage};
use crate::domain::enums::{MessageKind, Role, SummaryKind};

/// The newest answers, and the newest promises, that are quoted.
const MAX_QUOTES: usize = 3;

/// The points of messages in their order.
pub fn points(messages: &[ThreadMessage]) -> Vec<SummaryPoint> {
    let said = |message: &&ThreadMessage| !message.text.trim().is_empty();
    let customer = || messages.iter().filter(|message| message.role == Role::Customer).filter(said);
    let ours = |kind: MessageKind| {
        let all = messages.iter().filter(|message| message.role != Role::Customer).filter(said);
        let mut newest: Vec<&ThreadMessage> =
            all.rev().filter(|message| message.kind == kind).take(MAX_QUOTES).collect();
        newest.reverse();
        newest
    };
    let (wish, newest) = (customer().next(), customer().next_back());
    let answered = ours(MessageKind::Message);
    let open = newest.filter(|asked| {
        Some(asked.id) != wish.map(|wish| wish.id)
            && answered.last().is_none_or(|answer| answer.seq < asked.seq)
    });
    let point = |kind, message: &ThreadMessage| SummaryPoint {
        kind,
        text: shorten(&message.text, POINT_MAX_CHARS),
        sources: vec![message.id],
    };
    let mut points: Vec<SummaryPoint> = wish.map(|wish| point(SummaryKind::Wish, wish)).into_iter().collect();
    points.extend(open.map(|open| point(SummaryKind::OpenQuestion, open)));
    points.extend(answered.into_iter().map(|answer| point(SummaryKind::Tried, answer)));
    let promised = ours(MessageKind::Acknowledgement);
    points.extend(promised.into_iter().map(|promise| point(SummaryKind::Promise, promise)));
    points
}
