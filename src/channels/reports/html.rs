//! A report as HTML for mail clients. Charts are tables with coloured cells: Outlook draws them, and no client blocks
//! them, as Gmail does inline SVG and `data:` images, and most clients do images until the reader allows them.

use std::fmt::Write as _;

use super::wording::{figures, line, page, reason, title};
use crate::domain::enums::Channel;
use crate::domain::reports::digest::ReportDigest;
use crate::domain::reports::{CountedConversation, ReportFigures};

/// Pixels of the longest bar.
const BAR_WIDTH: i64 = 320;
const BOT: &str = "#2563eb";
const PEOPLE: &str = "#f59e0b";
const CELL: &str = "padding:4px 12px 4px 0;font:14px/20px Arial,sans-serif;color:#1f2937;vertical-align:top";
const HEADING: &str = "margin:24px 0 8px;font:bold 16px/22px Arial,sans-serif;color:#111827";

/// `console` is the address of the pages, without a slash at its end.
pub fn html(digest: &ReportDigest, company: &str, console: &str) -> String {
    let report = &digest.report;
    let heading = escaped(&format!("{company} support: {}", title(digest)));
    let mut page = format!(
        "<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\"><title>{heading}</title></head>\
         <body style=\"margin:0;padding:16px;background:#ffffff\">\
         <h1 style=\"margin:0 0 12px;font:bold 20px/26px Arial,sans-serif;color:#111827\">{heading}</h1>"
    );
    let rows = figures(&report.total);
    table(
        &mut page,
        rows.iter().map(|(name, value)| vec![escaped(name), format!("<b>{}</b>", escaped(value))]),
    );
    let _ = write!(page, "<h2 style=\"{HEADING}\">Conversations</h2>");
    legend(&mut page);
    let bars: Vec<(String, &ReportFigures)> = if report.days.len() > 1 {
        report.days.iter().map(|(day, of)| (day.to_string(), of)).collect()
    } else {
        report.channels.iter().map(|(channel, of)| (named(*channel), of)).collect()
    };
    chart(&mut page, &bars);
    let _ = write!(page, "<h2 style=\"{HEADING}\">Why people were needed</h2>");
    let reasons = report.total.reasons_by_count();
    let longest = reasons.iter().map(|(_, count)| *count).max().unwrap_or(1);
    table(
        &mut page,
        reasons.iter().map(|(name, count)| {
            vec![escaped(&reason(*name)), format!("{}{count}", bar(&[(*count, PEOPLE)], longest))]
        }),
    );
    list(&mut page, "Lowest sentiment", &digest.low_sentiment, console);
    list(&mut page, "Questions without a source", &digest.gaps, console);
    let _ = write!(
        page,
        "<p style=\"{CELL}\"><a href=\"{}/console/numbers\">All numbers</a></p>",
        escaped(console)
    );
    page.push_str("</body></html>");
    page
}

fn named(channel: Channel) -> String {
    channel.as_str().replace('_', " ")
}

fn legend(page: &mut String) {
    let _ = write!(
        page,
        "<p style=\"{CELL}\"><span style=\"color:{BOT}\">&#9632;</span> without people \
         <span style=\"color:{PEOPLE}\">&#9632;</span> with people</p>"
    );
}

fn chart(page: &mut String, bars: &[(String, &ReportFigures)]) {
    let longest = bars.iter().map(|(_, of)| of.conversations).max().unwrap_or(0).max(1);
    table(
        page,
        bars.iter().map(|(name, of)| {
            let parts = [(of.autonomous, BOT), (of.conversations - of.autonomous, PEOPLE)];
            vec![escaped(name), format!("{}{}", bar(&parts, longest), of.conversations)]
        }),
    );
}

/// A bar of parts beside each other, as a table within the cell: Outlook ignores the width of other elements.
fn bar(parts: &[(i64, &str)], longest: i64) -> String {
    let cells: String = parts
        .iter()
        .map(|(count, colour)| (count * BAR_WIDTH / longest.max(1), colour))
        .filter(|(width, _)| *width > 0)
        .map(|(width, colour)| {
            format!(
                "<td width=\"{width}\" height=\"14\" bgcolor=\"{colour}\" \
                 style=\"width:{width}px;height:14px;font-size:1px;line-height:1px;background:{colour}\">&nbsp;</td>"
            )
        })
        .collect();
    if cells.is_empty() {
        return String::new();
    }
    format!(
        "<table role=\"presentation\" align=\"left\" cellpadding=\"0\" cellspacing=\"0\" border=\"0\" \
         style=\"margin:3px 8px 3px 0\"><tr>{cells}</tr></table>"
    )
}

/// The cells are HTML already.
fn table(page: &mut String, rows: impl Iterator<Item = Vec<String>>) {
    page.push_str("<table cellpadding=\"0\" cellspacing=\"0\" border=\"0\">");
    for row in rows {
        page.push_str("<tr>");
        for cell in row {
            let _ = write!(page, "<td style=\"{CELL}\">{cell}</td>");
        }
        page.push_str("</tr>");
    }
    page.push_str("</table>");
}

fn list(html: &mut String, heading: &str, counted: &[CountedConversation], console: &str) {
    if counted.is_empty() {
        return;
    }
    let _ = write!(html, "<h2 style=\"{HEADING}\">{heading}</h2>");
    table(
        html,
        counted.iter().map(|counted| {
            let (ticket, question) = line(counted);
            let link = format!("<a href=\"{}\">{}</a>", escaped(&page(console, counted)), escaped(&ticket));
            let mood = counted.sentiment.map(|mood| format!("{mood:.2}")).unwrap_or_default();
            vec![link, mood, escaped(&question)]
        }),
    );
}

fn escaped(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '&' => safe.push_str("&amp;"),
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            '"' => safe.push_str("&quot;"),
            '\'' => safe.push_str("&#39;"),
            other => safe.push(other),
        }
    }
    safe
}

#[cfg(test)]
mod tests {
    use time::macros::{date, datetime};
    use uuid::Uuid;

    use super::*;
    use crate::channels::reports::markdown;
    use crate::domain::console::detail::PersonRef;
    use crate::domain::enums::{
        Category, ConversationStatus, Priority, Reason, ReportKind, ResolutionKind, TicketStatus,
    };
    use crate::domain::reports::{PeriodReport, ReportRange};
    use crate::domain::views::TicketFacts;

    fn hostile() -> CountedConversation {
        let at = datetime!(2026-11-30 12:00 UTC);
        CountedConversation {
            conversation_id: Uuid::from_u128(7).into(),
            created_at: at,
            channel: Channel::Email,
            status: ConversationStatus::Escalated,
            ticket: TicketFacts {
                ticket_id: Uuid::from_u128(8).into(),
                ticket_number: "T-1042".to_owned(),
                status: TicketStatus::Escalated,
                subject: "x".to_owned(),
                category: Category::General,
                priority: Priority::Low,
                channel: Channel::Email,
                created_at: at,
                updated_at: at,
                resolved_at: None,
            },
            customer: PersonRef { id: Uuid::from_u128(9), name: "Ann".to_owned() },
            assignee: None,
            resolution: ResolutionKind::HandedOff,
            reason: Some(Reason::NoAnswer),
            is_durable: false,
            answer_ms: None,
            score: None,
            sentiment: Some(0.25),
            cost_micros: 0,
            preview: "<img src=x onerror=alert(1)>\n# [now](https://evil.example) & *here*".to_owned(),
        }
    }

    fn digest() -> ReportDigest {
        let (monday, tuesday) = (date!(2026 - 11 - 23), date!(2026 - 11 - 24));
        let total = ReportFigures {
            conversations: 4,
            autonomous: 3,
            handed_off: vec![(Reason::NoAnswer, 1)],
            ..ReportFigures::default()
        };
        ReportDigest {
            kind: ReportKind::Weekly,
            report: PeriodReport {
                range: ReportRange { from: monday, to: tuesday },
                channels: vec![(Channel::Email, total.clone())],
                days: vec![(monday, ReportFigures::default()), (tuesday, total.clone())],
                total,
            },
            low_sentiment: vec![hostile()],
            gaps: vec![hostile()],
        }
    }

    #[test]
    fn charts_are_tables_and_customers_words_are_text() {
        let page = html(&digest(), "Cloud & Co", "https://help.example.com");
        assert!(page.contains("Cloud &amp; Co support: weekly report of 2026-11-23 to 2026-11-24"), "{page}");
        assert!(page.contains("width=\"240\" height=\"14\" bgcolor=\"#2563eb\""), "three of four: {page}");
        assert!(page.contains("width=\"80\" height=\"14\" bgcolor=\"#f59e0b\""), "one of four: {page}");
        assert!(page.contains("&lt;img src=x onerror=alert(1)&gt; # [now]"), "{page}");
        for refused in ["<img", "<svg", "<script", "data:", "cid:"] {
            assert!(!page.contains(refused), "{refused}");
        }
        assert!(page.contains("https://help.example.com/console?c=00000000-0000-0000-0000-000000000007"));
    }

    #[test]
    fn the_text_says_the_same_and_makes_no_markup_of_customers_words() {
        let text = markdown(&digest(), "Cloud & Co", "https://help.example.com");
        for part in ["| Conversations | 4 |", "| Answered without people | 3 (75 %) |", "- no answer: 1"] {
            assert!(text.contains(part), "{part}: {text}");
        }
        let question = r"\<img src\=x onerror\=alert\(1\)\> \# \[now\]\(https:\/\/evil.example\) \& \*here\*";
        assert!(text.contains(question), "{text}");
    }
}
