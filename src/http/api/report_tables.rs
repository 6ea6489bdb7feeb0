//! Reports and lists as tables: CSV (RFC 4180) for spreadsheets, with a guard against formula injection.

use std::borrow::Cow;

use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

use crate::domain::enums::Reason;
use crate::domain::quality::{MeanScore, QualityFigures, QualityReport, QualityReview};
use crate::domain::reports::breakdowns::{AgentReport, FailureReport};
use crate::domain::reports::{CountedConversation, PeriodReport, ReportFigures};

/// A spreadsheet takes a cell that begins with one of these for a formula (OWASP, CSV injection).
const FORMULA_STARTS: [char; 6] = ['=', '+', '-', '@', '\t', '\r'];

/// A table: rows of cells.
struct CsvTable(String);

impl CsvTable {
    fn new(head: &[&str]) -> Self {
        let mut table = Self(String::new());
        table.row(head);
        table
    }

    fn row<T: AsRef<str>>(&mut self, cells: &[T]) {
        for (place, text) in cells.iter().enumerate() {
            if place > 0 {
                self.0.push(',');
            }
            self.0.push_str(&cell(text.as_ref()));
        }
        self.0.push_str("\r\n");
    }
}

/// Where a spreadsheet that does not split by commas, or not by our quotes, may begin another cell.
const OTHER_SEPARATORS: [char; 4] = [';', '\t', '\r', '\n'];

/// A text in which no spreadsheet finds a formula, wherever it begins its cells: an apostrophe before a formula makes it
/// text.
fn guarded(text: &str) -> Cow<'_, str> {
    let mut guarded = String::new();
    for (place, part) in text.split_inclusive(OTHER_SEPARATORS).enumerate() {
        let start = if place == 0 { part } else { part.trim_start_matches(' ') };
        if start.starts_with(FORMULA_STARTS) {
            guarded.push('\'');
        }
        guarded.push_str(part);
    }
    if guarded.len() == text.len() { Cow::Borrowed(text) } else { Cow::Owned(guarded) }
}

fn cell(text: &str) -> Cow<'_, str> {
    let guarded = guarded(text);
    if guarded.contains(['"', ',', '\r', '\n']) {
        Cow::Owned(format!("\"{}\"", guarded.replace('"', "\"\"")))
    } else {
        guarded
    }
}

/// The columns of [`figure_cells`], with one for each reason of a hand-over.
fn figure_heads() -> Vec<String> {
    let before = ["conversations", "answer_ms_p50", "answer_ms_p95", "autonomous", "assisted", "handed_off"];
    let after = [
        "taken_over",
        "durable",
        "reopened",
        "csat_count",
        "csat_avg",
        "sentiment",
        "cost_micros",
        "without_source",
    ];
    let reasons = Reason::ALL.iter().map(|reason| format!("handed_off_{reason}"));
    let own = |names: &[&str]| names.iter().map(ToString::to_string).collect::<Vec<_>>();
    own(&before).into_iter().chain(reasons).chain(own(&after)).collect()
}

fn figure_cells(figures: &ReportFigures) -> Vec<String> {
    let handed_off: i64 = figures.handed_off.iter().map(|(_, count)| count).sum();
    let reasons = Reason::ALL.iter().map(|reason| {
        let found = figures.handed_off.iter().find(|(other, _)| other == reason);
        found.map_or(0, |(_, count)| *count).to_string()
    });
    let before = [
        figures.conversations.to_string(),
        number(figures.answer_ms.map(|(p50, _)| p50)),
        number(figures.answer_ms.map(|(_, p95)| p95)),
        figures.autonomous.to_string(),
        figures.assisted.to_string(),
        handed_off.to_string(),
    ];
    let after = [
        figures.taken_over.to_string(),
        figures.durable.to_string(),
        figures.reopened.to_string(),
        figures.ratings.to_string(),
        decimal(figures.rating_mean),
        decimal(figures.sentiment),
        figures.cost_micros.to_string(),
        figures.without_source.to_string(),
    ];
    before.into_iter().chain(reasons).chain(after).collect()
}

fn number(value: Option<i64>) -> String {
    value.map(|value| value.to_string()).unwrap_or_default()
}

fn decimal(value: Option<f64>) -> String {
    value.map(|value| format!("{value:.4}")).unwrap_or_default()
}

fn moment(at: OffsetDateTime) -> String {
    at.format(&Rfc3339).unwrap_or_default()
}

/// The table whose first columns are `names` and whose others are figures.
fn figure_table(names: &[&str]) -> CsvTable {
    let mut table = CsvTable(String::new());
    let heads: Vec<String> = names.iter().map(ToString::to_string).chain(figure_heads()).collect();
    table.row(&heads);
    table
}

/// A row for the total, for each channel and for each day.
pub fn report(report: &PeriodReport) -> String {
    let mut table = figure_table(&["part", "name"]);
    let mut row = |part: &str, name: &str, figures: &ReportFigures| {
        let cells: Vec<String> =
            [part.to_owned(), name.to_owned()].into_iter().chain(figure_cells(figures)).collect();
        table.row(&cells);
    };
    row("total", "", &report.total);
    for (channel, figures) in &report.channels {
        row("channel", channel.as_str(), figures);
    }
    for (day, figures) in &report.days {
        row("day", &day.to_string(), figures);
    }
    table.0
}

/// A row for each member of staff.
pub fn agents(report: &AgentReport) -> String {
    let mut table = figure_table(&["agent_id", "agent", "replies", "reply_ms_p50", "reply_ms_p95"]);
    for agent in &report.agents {
        let own = [
            agent.agent.id.to_string(),
            agent.agent.name.clone(),
            agent.replies.to_string(),
            number(agent.reply_ms.map(|(p50, _)| p50)),
            number(agent.reply_ms.map(|(_, p95)| p95)),
        ];
        let cells: Vec<String> = own.into_iter().chain(figure_cells(&agent.figures)).collect();
        table.row(&cells);
    }
    table.0
}

/// A row for the total and for each cause.
pub fn failures(report: &FailureReport) -> String {
    let mut table = CsvTable::new(&["cause", "deliveries", "conversations"]);
    let total = [("total", report.total)];
    let causes = report.causes.iter().map(|(cause, count)| (cause.as_str(), *count));
    for (cause, count) in total.into_iter().chain(causes) {
        table.row(&[cause.to_owned(), count.deliveries.to_string(), count.conversations.to_string()]);
    }
    table.0
}

const CONVERSATION_HEADS: [&str; 17] = [
    "ticket_number",
    "conversation_id",
    "created_at",
    "channel",
    "status",
    "ticket_status",
    "subject",
    "customer",
    "assignee",
    "resolution",
    "reason",
    "durable",
    "answer_ms",
    "score",
    "sentiment",
    "cost_micros",
    "preview",
];

/// A row for each conversation behind a figure.
pub fn conversations(items: &[CountedConversation]) -> String {
    let mut table = CsvTable::new(&CONVERSATION_HEADS);
    for item in items {
        table.row(&[
            item.ticket.ticket_number.clone(),
            item.conversation_id.to_string(),
            moment(item.created_at),
            item.channel.to_string(),
            item.status.to_string(),
            item.ticket.status.to_string(),
            item.ticket.subject.clone(),
            item.customer.name.clone(),
            item.assignee.as_ref().map(|assignee| assignee.name.clone()).unwrap_or_default(),
            item.resolution.to_string(),
            item.reason.map(|reason| reason.to_string()).unwrap_or_default(),
            item.is_durable.to_string(),
            number(item.answer_ms),
            number(item.score.map(i64::from)),
            decimal(item.sentiment.map(f64::from)),
            item.cost_micros.to_string(),
            item.preview.clone(),
        ]);
    }
    table.0
}

/// Two rows for the total and for each week: the bot's and those of staff.
pub fn quality(report: &QualityReport) -> String {
    let mut table = CsvTable::new(&[
        "week",
        "author",
        "reviews",
        "grounded_count",
        "grounded_avg",
        "complete_count",
        "complete_avg",
        "tone_count",
        "tone_avg",
        "policy_count",
        "policy_avg",
    ]);
    let weeks = report.weeks.iter().map(|(week, comparison)| (week.to_string(), *comparison));
    for (week, comparison) in std::iter::once(("total".to_owned(), report.total)).chain(weeks) {
        for (author, figures) in [("bot", comparison.bot), ("staff", comparison.staff)] {
            let QualityFigures { reviews, grounded, complete, tone, policy } = figures;
            let mut cells = vec![week.clone(), author.to_owned(), reviews.to_string()];
            for MeanScore { count, mean } in [grounded, complete, tone, policy] {
                cells.extend([count.to_string(), decimal(mean)]);
            }
            table.row(&cells);
        }
    }
    table.0
}

/// A row for each scorecard.
pub fn reviews(items: &[QualityReview]) -> String {
    let mut table = CsvTable::new(&[
        "ticket_number",
        "conversation_id",
        "message_id",
        "author",
        "written_at",
        "reviewer",
        "reviewed_at",
        "grounded",
        "complete",
        "tone",
        "policy",
        "comment",
        "preview",
    ]);
    for item in items {
        let score = |score: Option<i16>| number(score.map(i64::from));
        table.row(&[
            item.ticket.to_string(),
            item.conversation.to_string(),
            item.message.to_string(),
            item.author.to_string(),
            moment(item.at),
            item.reviewer.name.clone(),
            moment(item.reviewed_at),
            score(item.scores.grounded),
            score(item.scores.complete),
            score(item.scores.tone),
            score(item.scores.policy),
            item.comment.clone().unwrap_or_default(),
            item.preview.clone(),
        ]);
    }
    table.0
}

#[cfg(test)]
mod tests {
    use time::macros::date;

    use super::*;
    use crate::domain::enums::Channel;
    use crate::domain::reports::ReportRange;

    #[test]
    fn a_table_has_a_row_for_the_total_each_channel_and_each_day_with_as_many_values_as_its_head() {
        let figures = ReportFigures {
            conversations: 3,
            answer_ms: Some((5, 9)),
            handed_off: vec![(Reason::Refund, 2)],
            taken_over: 1,
            rating_mean: Some(4.5),
            ..ReportFigures::default()
        };
        let day = date!(2026 - 11 - 30);
        let table = report(&PeriodReport {
            range: ReportRange { from: day, to: day },
            total: figures.clone(),
            channels: Channel::ALL.iter().map(|channel| (*channel, ReportFigures::default())).collect(),
            days: vec![(day, figures)],
        });
        let lines: Vec<&str> = table.split_terminator("\r\n").collect();
        assert_eq!(lines.len(), 6);
        let columns = lines[0].split(',').count();
        assert!(lines.iter().all(|line| line.split(',').count() == columns), "{table}");
        assert_eq!(lines[1], "total,,3,5,9,0,0,2,0,2,0,0,0,0,0,0,0,0,1,0,0,0,4.5000,,0,0");
        assert!(lines[2].starts_with("channel,email,0,,,0,0,0"), "{table}");
        assert!(lines[5].starts_with("day,2026-11-30,3,5,9"), "{table}");
    }

    #[test]
    fn no_cell_is_a_formula_and_each_reads_back() {
        for (text, expected) in [
            ("plain", "plain"),
            ("=1+1", "'=1+1"),
            ("+49 30", "'+49 30"),
            ("-1", "'-1"),
            ("@cmd", "'@cmd"),
            ("\tx", "'\tx"),
            ("\rx", "\"'\rx\""),
            ("=A1,\"x\"", "\"'=A1,\"\"x\"\"\""),
            ("two\nlines", "\"two\nlines\""),
            ("a;=1", "a;'=1"),
            ("a; =1;b", "a;' =1;b"),
            ("a\t@x", "a\t'@x"),
            ("a\n-1", "\"a\n'-1\""),
            ("a\r\n+1", "\"a\r\n'+1\""),
            ("1;2-3=x", "1;2-3=x"),
            (" =1", " =1"),
            ("", ""),
        ] {
            assert_eq!(cell(text), expected, "{text:?}");
        }
    }
}
