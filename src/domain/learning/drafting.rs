//! Drafts from resolved tickets: the title and the text of an article, made of what a customer had asked and what staff
//! answered, without greetings, signatures and personal data. A draft is a proposal; a person decides.

use time::OffsetDateTime;

use super::redaction::redact;
use crate::domain::ids::{ConversationId, GapId};
use crate::domain::wording::quotes::{is_greeting, own_words};

/// Minimum cosine of two drafts of one meaning.
pub const SAME_DRAFT: f64 = 0.80;
/// Maximum characters of a title that is made of a question.
const TITLE_MAX_CHARS: usize = 120;
/// Minimum characters of an answer that says something.
const ANSWER_MIN_CHARS: usize = 30;
/// Maximum characters of a draft.
const BODY_MAX_CHARS: usize = 10_000;

/// A resolved ticket with an answer of staff to a question that the documents could not answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AnsweredTicket {
    pub conversation: ConversationId,
    /// The group of its newest question.
    pub gap: GapId,
    /// Without personal data.
    pub question: String,
    pub asked_at: OffsetDateTime,
    pub subject: String,
    /// What staff wrote after the question, oldest first.
    pub replies: Vec<String>,
    /// Names that must not be repeated.
    pub names: Vec<String>,
}

/// The title and the text of a draft.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DraftText {
    pub title: String,
    pub body: String,
}

/// What became of a resolved ticket.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lesson {
    Drafted,
    /// What the documents say about the question is newer than it.
    Known,
    /// There is a draft of the same meaning.
    Duplicate,
    /// Staff said nothing that could be an article.
    Nothing,
}

/// The draft of a ticket; `None` if staff said nothing that could be an article.
pub fn draft(ticket: &AnsweredTicket) -> Option<DraftText> {
    let AnsweredTicket { question, subject, replies, names, .. } = ticket;
    let answers = replies.iter().map(|reply| redact(&answer(reply), names));
    let answers: Vec<String> = answers.filter(|answer| !answer.is_empty()).collect();
    let body: String = answers.join("\n\n").chars().take(BODY_MAX_CHARS).collect();
    if body.chars().count() < ANSWER_MIN_CHARS {
        return None;
    }
    let title = title(question).or_else(|| title(&redact(subject, names)))?;
    Some(DraftText { title, body: body.trim().to_owned() })
}

/// What a reply says, without greeting, signature and quotes.
fn answer(reply: &str) -> String {
    let own = own_words(reply);
    let mut lines: Vec<&str> =
        own.lines().skip_while(|line| line.trim().is_empty() || is_greeting(line)).collect();
    if let Some(first) = lines.first_mut() {
        *first = without_greeting(first);
    }
    lines.join("\n").trim().to_owned()
}

/// A greeting and a sentence on one line: `Hi Ann, you can export it.`
fn without_greeting(line: &str) -> &str {
    let Some(end) = line.find([',', '!', '.', ':']) else {
        return line;
    };
    let (greeting, rest) = line.split_at(end + 1);
    if is_greeting(greeting) && !rest.trim().is_empty() { rest.trim_start() } else { line }
}

/// The first question of two words or more, else the first sentence.
fn title(text: &str) -> Option<String> {
    let sentences =
        || text.lines().flat_map(sentences).filter(|sentence| sentence.split_whitespace().count() > 1);
    let sentence = sentences().find(|sentence| sentence.ends_with('?')).or_else(|| sentences().next())?;
    let sentence = sentence.trim_end_matches('.');
    let mut title = String::new();
    for word in sentence.split_whitespace() {
        if title.chars().count() + 1 + word.chars().count() > TITLE_MAX_CHARS {
            break;
        }
        if !title.is_empty() {
            title.push(' ');
        }
        title.push_str(word);
    }
    (!title.is_empty()).then_some(title)
}

/// The sentences of a line, each with the mark at its end.
fn sentences(line: &str) -> impl Iterator<Item = &str> {
    line.split_inclusive(['?', '!']).flat_map(|part| part.split_inclusive(". ")).map(str::trim)
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    fn ticket(question: &str, replies: &[&str]) -> AnsweredTicket {
        AnsweredTicket {
            conversation: ConversationId(Uuid::nil()),
            gap: GapId(Uuid::nil()),
            question: question.to_owned(),
            asked_at: OffsetDateTime::UNIX_EPOCH,
            subject: "Export of T-1042".to_owned(),
            replies: replies.iter().map(|reply| (*reply).to_owned()).collect(),
            names: ["Ann Weber", "Sam Jones"].map(str::to_owned).into(),
        }
    }

    #[test]
    fn a_draft_is_the_question_and_the_answer_without_what_surrounds_it() {
        let reply = "Hi Ann,\n\nopen Settings, choose Audit and press Export. Write to sam@example.com if it fails.\n\n\
                     Best regards,\nSam Jones\n\nOn Monday, Ann wrote:\n> How?";
        let body = "open Settings, choose Audit and press Export. Write to [email] if it fails.";
        assert_eq!(
            draft(&ticket("How do I export the audit trail? It is urgent.", &[reply])),
            Some(DraftText { title: "How do I export the audit trail?".to_owned(), body: body.to_owned() })
        );
        let later = draft(&ticket("We run Ubuntu. It is new! Is there an app for it?", &[reply])).unwrap();
        assert_eq!(later.title, "Is there an app for it?");
        let inline = draft(&ticket("Hello", &["Hi Ann, the export is in Settings, under Audit."])).unwrap();
        assert_eq!(
            (inline.title.as_str(), inline.body.as_str()),
            ("Export of [number]", "the export is in Settings, under Audit.")
        );
    }

    #[test]
    fn an_answer_that_says_nothing_is_no_draft() {
        for replies in [&["Hi Ann,\n\nDone.\n\nSam"][..], &[], &["Hi Ann,"]] {
            assert_eq!(draft(&ticket("How do I export it?", replies)), None, "{replies:?}");
        }
    }
}
