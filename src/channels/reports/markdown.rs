//! A report as Markdown (CommonMark with tables): readable as plain text, so that it is the mail's text as well.

use std::fmt::Write as _;

use super::wording::{figures, line, page, reason, title};
use crate::domain::reports::CountedConversation;
use crate::domain::reports::digest::ReportDigest;

/// `console` is the address of the pages, without a slash at its end.
pub fn markdown(digest: &ReportDigest, company: &str, console: &str) -> String {
    let report = &digest.report;
    let mut text = format!("# {company} support: {}\n\n", title(digest));
    text.push_str("| Figure | |\n| --- | --- |\n");
    for (name, value) in figures(&report.total) {
        let _ = writeln!(text, "| {name} | {value} |");
    }
    text.push_str("\n## Why people were needed\n\n");
    let reasons = report.total.reasons_by_count();
    for (name, count) in &reasons {
        let _ = writeln!(text, "- {}: {count}", reason(*name));
    }
    if reasons.is_empty() {
        text.push_str("Nothing was handed to people.\n");
    }
    text.push_str("\n## By channel\n\n| Channel | Conversations | Without people | Handed over |\n| --- | --- | --- | --- |\n");
    for (channel, of) in &report.channels {
        let name = channel.as_str().replace('_', " ");
        let _ = writeln!(
            text,
            "| {name} | {} | {} | {} |",
            of.conversations,
            of.autonomous,
            of.handed_off_total()
        );
    }
    if report.days.len() > 1 {
        text.push_str("\n## By day\n\n| Day | Conversations | Without people |\n| --- | --- | --- |\n");
        for (day, of) in &report.days {
            let _ = writeln!(text, "| {day} | {} | {} |", of.conversations, of.autonomous);
        }
    }
    list(&mut text, "Lowest sentiment", "No message was rated.", &digest.low_sentiment, console);
    list(
        &mut text,
        "Questions without a source",
        "The documents answered every question.",
        &digest.gaps,
        console,
    );
    text
}

fn list(text: &mut String, heading: &str, none: &str, counted: &[CountedConversation], console: &str) {
    let _ = write!(text, "\n## {heading}\n\n");
    for counted in counted {
        let (ticket, question) = line(counted);
        let mood = counted.sentiment.map(|mood| format!(" ({mood:.2})")).unwrap_or_default();
        let _ = writeln!(text, "- [{ticket}]({}){mood}: {}", page(console, counted), escaped(&question));
    }
    if counted.is_empty() {
        let _ = writeln!(text, "{none}");
    }
}

/// A customer's words: no character of it has a meaning in Markdown.
fn escaped(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    for character in text.chars() {
        if character.is_ascii_punctuation()
            && !matches!(character, '.' | ',' | '?' | '!' | '\'' | '"' | ':' | ';' | '-')
        {
            plain.push('\\');
        }
        plain.push(character);
    }
    plain
}
