//! Bodies of staff notices, one for each chat service. What customers wrote is escaped by the rules of each, so that it can
//! neither mention people nor make links or lines of its own.

use serde_json::{Value, json};

use crate::domain::conversations::escalation::Notice;
use crate::domain::conversations::notice_format::NoticeFormat;

/// Maximum characters of a notice: below Discord's 2,000, and what a person reads at a glance.
const LONGEST: usize = 1500;

/// The request body of a notice.
pub(super) fn body(format: NoticeFormat, notice: &Notice) -> Value {
    match format {
        NoticeFormat::Slack | NoticeFormat::GoogleChat => json!({ "text": text(notice, "*", slack) }),
        NoticeFormat::Mattermost => json!({ "text": text(notice, "**", mattermost) }),
        NoticeFormat::Discord => json!({
            "content": text(notice, "**", markdown),
            "allowed_mentions": { "parse": [] },
            // SUPPRESS_EMBEDS: no previews of pages that customers name.
            "flags": 4,
        }),
        NoticeFormat::Teams => teams(notice),
    }
}

/// The notice as one message; `bold` surrounds what is bold.
fn text(notice: &Notice, bold: &str, escaped: fn(&str) -> String) -> String {
    let head = format!(
        "{bold}{number}{bold} {needs}: {bold}{reason}{bold} ({severity}), {channel}\n{contact}From: {name}\n",
        number = notice.ticket_number,
        needs = needs(notice),
        contact = contact(notice, escaped).map(|line| format!("{line}\n")).unwrap_or_default(),
        reason = spelt(notice.reason.as_str()),
        severity = notice.severity,
        channel = spelt(notice.channel.as_str()),
        name = escaped(&one_line(&notice.customer_name)),
    );
    let foot = format!("\nConversation {}", notice.conversation);
    let room = LONGEST.saturating_sub(head.chars().count() + foot.chars().count());
    let summary = cut(&escaped(&one_line(&notice.summary)), room);
    format!("{head}{summary}{foot}")
}

pub(super) fn needs(notice: &Notice) -> String {
    match notice.reminders {
        0 => "needs a person".to_owned(),
        number => format!("still needs a person (reminder {number})"),
    }
}

/// Whom a reminder is for.
fn contact(notice: &Notice, escaped: fn(&str) -> String) -> Option<String> {
    notice.contact.as_deref().map(|contact| format!("For: {}", escaped(&one_line(contact))))
}

pub(super) fn spelt(word: &str) -> String {
    word.replace('_', " ")
}

fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// An escape that is cut in two is displayed as text; that is ugly but safe.
fn cut(text: &str, room: usize) -> String {
    match text.char_indices().nth(room) {
        Some((end, _)) => format!("{}…", text[..end].trim_end().trim_end_matches('\\')),
        None => text.to_owned(),
    }
}

/// Slack, "Formatting text for app surfaces"; Google Chat's rules are the same.
fn slack(text: &str) -> String {
    let text = text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
    text.replace(['*', '_', '~', '`'], " ")
}

/// Mattermost mentions people by a bare `@name`.
fn mattermost(text: &str) -> String {
    markdown(text).replace('@', "@\u{2060}")
}

/// Escapes of Markdown (CommonMark 2.4).
fn markdown(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in text.chars() {
        if matches!(c, '\\' | '*' | '_' | '~' | '`' | '|' | '<' | '>' | '[' | ']' | '(' | ')' | '#' | '!') {
            escaped.push('\\');
        }
        escaped.push(c);
    }
    escaped
}

/// A message with an Adaptive Card, as Teams' workflows for webhooks take it (Microsoft, "Create incoming webhooks with
/// Workflows"). What customers wrote is in text runs, which have no markup.
fn teams(notice: &Notice) -> Value {
    let run =
        |text: &str| json!({ "type": "RichTextBlock", "inlines": [{ "type": "TextRun", "text": text }] });
    let title = format!("{} {}: {}", notice.ticket_number, needs(notice), spelt(notice.reason.as_str()));
    let facts = format!("{}, {}", notice.severity, spelt(notice.channel.as_str()));
    let from = format!("From: {}", cut(&one_line(&notice.customer_name), LONGEST));
    let people = contact(notice, str::to_owned).map(|line| format!("{line}. {from}")).unwrap_or(from);
    let card = json!({
        "$schema": "http://adaptivecards.io/schemas/adaptive-card.json",
        "type": "AdaptiveCard",
        "version": "1.4",
        "fallbackText": title,
        "msteams": { "width": "Full" },
        "body": [
            { "type": "TextBlock", "text": title, "weight": "Bolder", "size": "Medium", "wrap": true },
            { "type": "TextBlock", "text": facts, "isSubtle": true, "spacing": "None", "wrap": true },
            run(&people),
            run(&cut(&one_line(&notice.summary), LONGEST)),
            run(&format!("Conversation {}", notice.conversation)),
        ],
    });
    json!({
        "type": "message",
        "attachments": [{
            "contentType": "application/vnd.microsoft.card.adaptive",
            "contentUrl": null,
            "content": card,
        }],
    })
}

#[cfg(test)]
mod tests {
    use time::macros::datetime;
    use uuid::Uuid;

    use super::*;
    use crate::domain::enums::{Channel, Reason, Severity};
    use crate::domain::messages::inquiry::TicketNumber;

    const ALL: [NoticeFormat; 5] = [
        NoticeFormat::Slack,
        NoticeFormat::Mattermost,
        NoticeFormat::Discord,
        NoticeFormat::GoogleChat,
        NoticeFormat::Teams,
    ];

    fn notice(name: &str, summary: &str) -> Notice {
        Notice {
            escalation: Uuid::nil().into(),
            conversation: Uuid::nil().into(),
            ticket_number: TicketNumber(1042),
            channel: Channel::WebForm,
            customer_name: name.to_owned(),
            reason: Reason::HumanRequest,
            severity: Severity::High,
            summary: summary.to_owned(),
            created_at: datetime!(2026-01-02 03:04:05 UTC),
            key: Uuid::nil(),
            reminders: 0,
            contact: None,
            attempt: 1,
        }
    }

    fn slack_text(notice: &Notice) -> String {
        body(NoticeFormat::Slack, notice)["text"].as_str().unwrap().to_owned()
    }

    #[test]
    fn a_notice_says_who_why_and_where() {
        let expected = "*T-1042* needs a person: *human request* (high), web form\nFrom: Ann Example\n\
                        She wants to speak to somebody.\nConversation 00000000-0000-0000-0000-000000000000";
        let notice = notice("Ann Example", "She wants to speak to somebody.");
        assert_eq!(slack_text(&notice), expected);
        for format in ALL {
            let body = body(format, &notice).to_string();
            for part in [
                "T-1042",
                "human request",
                "high",
                "web form",
                "Ann Example",
                "She wants to speak",
                "00000000-",
            ] {
                assert!(body.contains(part), "{format:?} lacks {part}: {body}");
            }
        }
    }

    #[test]
    fn a_reminder_says_so_and_whom_it_is_for() {
        let reminder =
            Notice { reminders: 2, contact: Some("Head of <Sales>".to_owned()), ..notice("Ann", "Help") };
        let said = slack_text(&reminder);
        assert!(
            said.starts_with("*T-1042* still needs a person (reminder 2): *human request* (high)"),
            "{said}"
        );
        assert!(said.contains("\nFor: Head of &lt;Sales&gt;\nFrom: Ann\n"), "{said}");
        for format in ALL {
            let body = body(format, &reminder).to_string();
            assert!(body.contains("(reminder 2)") && body.contains("For: Head of"), "{format:?}: {body}");
        }
    }

    #[test]
    fn each_service_gets_the_shape_that_it_takes() {
        let notice = notice("Ann", "Help");
        for (format, field) in [
            (NoticeFormat::Slack, "text"),
            (NoticeFormat::Mattermost, "text"),
            (NoticeFormat::GoogleChat, "text"),
            (NoticeFormat::Discord, "content"),
        ] {
            assert!(body(format, &notice)[field].is_string(), "{format:?}");
        }
        assert_eq!(body(NoticeFormat::Discord, &notice)["allowed_mentions"], json!({ "parse": [] }));
        let card = &body(NoticeFormat::Teams, &notice)["attachments"][0];
        assert_eq!(card["contentType"], "application/vnd.microsoft.card.adaptive");
        assert_eq!(card["content"]["type"], "AdaptiveCard");
    }

    #[test]
    fn customers_can_t_mention_people_make_links_or_fake_lines() {
        let hostile = notice("<!channel>\n*T-1*", "see <http://evil.example|our site> & `run` this\r\n*T-7*");
        let said = slack_text(&hostile);
        assert!(said.contains("From: &lt;!channel&gt;  T-1"), "{said}");
        assert!(said.contains("see &lt;http://evil.example|our site&gt; &amp;  run  this  T-7"), "{said}");
        assert_eq!(said.lines().count(), 4, "{said}");
        let marked = notice("@everyone", "[click](https://evil.example) @channel **T-7** ||x||");
        let discord = body(NoticeFormat::Discord, &marked)["content"].as_str().unwrap().to_owned();
        assert!(
            discord.contains(r"\[click\]\(https://evil.example\) @channel \*\*T-7\*\* \|\|x\|\|"),
            "{discord}"
        );
        let mattermost = body(NoticeFormat::Mattermost, &marked).to_string();
        assert!(!mattermost.contains("@everyone") && !mattermost.contains("@channel"), "{mattermost}");
        let teams = body(NoticeFormat::Teams, &marked);
        let blocks = teams["attachments"][0]["content"]["body"].as_array().unwrap().clone();
        let marked_up = blocks.iter().filter(|block| block["type"] == "TextBlock");
        assert!(marked_up.into_iter().all(|block| !block.to_string().contains("evil")), "{teams}");
    }

    #[test]
    fn a_long_summary_is_cut() {
        let said = slack_text(&notice("Ann", &"ä".repeat(5000)));
        assert_eq!(said.chars().count(), LONGEST + 1);
        assert!(said.contains("ä…\nConversation"), "{said}");
        for format in ALL {
            assert!(body(format, &notice(&"*".repeat(200), &"*".repeat(5000))).to_string().len() < 8_000);
        }
    }
}
