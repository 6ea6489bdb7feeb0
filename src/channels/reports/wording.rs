//! Words and numbers of a report, the same in each of its forms.

use crate::domain::enums::{Reason, ReportKind};
use crate::domain::reports::digest::ReportDigest;
use crate::domain::reports::{CountedConversation, ReportFigures};

/// Stands for a figure that nothing was counted for.
pub(super) const NONE: &str = "–";

/// The subject of the mail.
pub fn subject(digest: &ReportDigest, company: &str) -> String {
    format!("{company} support: {}", title(digest))
}

pub(super) fn title(digest: &ReportDigest) -> String {
    let range = digest.report.range;
    match digest.kind {
        ReportKind::Daily => format!("daily report of {}", range.from),
        ReportKind::Weekly => format!("weekly report of {} to {}", range.from, range.to),
    }
}

/// The figures with their names, in the order in which they are read.
pub(super) fn figures(figures: &ReportFigures) -> Vec<(&'static str, String)> {
    let all = figures.conversations;
    let of_all = |count| format!("{count}{}", share(count, all));
    vec![
        ("Conversations", all.to_string()),
        ("Answered without people", of_all(figures.autonomous)),
        ("Answered with people's help", of_all(figures.assisted)),
        ("Handed to people", of_all(figures.handed_off_total())),
        ("Taken over by people", of_all(figures.taken_over)),
        ("Resolved for 7 days", of_all(figures.durable)),
        ("Reopened", of_all(figures.reopened)),
        ("First answer, median", duration(figures.answer_ms.map(|(p50, _)| p50))),
        ("First answer, 95th percentile", duration(figures.answer_ms.map(|(_, p95)| p95))),
        ("Rating (1 to 5)", rating(figures)),
        (
            "Sentiment (0 to 1)",
            figures.sentiment.map_or_else(|| NONE.to_owned(), |mean| format!("{mean:.2}")),
        ),
        ("Cost of the model", cost(figures.cost_micros)),
        ("Without a source", of_all(figures.without_source)),
    ]
}

fn share(count: i64, all: i64) -> String {
    if all == 0 { String::new() } else { format!(" ({} %)", (count * 100 + all / 2) / all) }
}

fn rating(figures: &ReportFigures) -> String {
    figures.rating_mean.map_or_else(|| NONE.to_owned(), |mean| format!("{mean:.1} of {}", figures.ratings))
}

pub(super) fn duration(ms: Option<i64>) -> String {
    match ms {
        None => NONE.to_owned(),
        Some(ms @ ..1_000) => format!("{ms} ms"),
        Some(ms @ 1_000..120_000) => format!("{} s", (ms + 500) / 1_000),
        Some(ms @ 120_000..7_200_000) => format!("{} min", (ms + 30_000) / 60_000),
        Some(ms) => format!("{} h", (ms + 1_800_000) / 3_600_000),
    }
}

fn cost(micros: i64) -> String {
    let cents = (micros + 5_000) / 10_000;
    format!("${}.{:02}", cents / 100, cents % 100)
}

pub(super) fn reason(reason: Reason) -> String {
    reason.as_str().replace('_', " ")
}

/// A conversation in one line: its ticket, its value, and the beginning of the question.
pub(super) fn line(counted: &CountedConversation) -> (String, String) {
    let text = counted.preview.split_whitespace().collect::<Vec<_>>().join(" ");
    (counted.ticket.ticket_number.clone(), text)
}

/// The page of a conversation in the console.
pub(super) fn page(console: &str, counted: &CountedConversation) -> String {
    format!("{console}/console?c={}", counted.conversation_id)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_short_and_rounded() {
        let shown = [0, 999, 1_499, 119_400, 150_000, 7_199_999, 9_000_000].map(|ms| duration(Some(ms)));
        assert_eq!(shown, ["0 ms", "999 ms", "1 s", "119 s", "3 min", "120 min", "3 h"]);
        assert_eq!([0, 4_999, 5_000, 1_234_567].map(cost), ["$0.00", "$0.00", "$0.01", "$1.23"]);
        assert_eq!(
            (share(1, 3), share(2, 3), share(0, 0)),
            (" (33 %)".into(), " (67 %)".into(), String::new())
        );
    }
}
