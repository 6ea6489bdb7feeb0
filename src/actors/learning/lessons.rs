//! One round of learning: new questions are put into groups, and answers of staff in resolved tickets become drafts.

use std::sync::Arc;

use super::vectors;
use crate::actors::runtime::ask::Answer;
use crate::actors::runtime::off_arbiter::off_arbiter;
use crate::actors::store::store_handle::StoreHandle;
use crate::clock;
use crate::crm::port::{Gaps, Knowledge};
use crate::domain::knowledge::{Audience, Question};
use crate::domain::learning::drafting::{AnsweredTicket, DraftText, Lesson, draft};
use crate::domain::learning::gaps::{CleanQuestion, QUESTION_MAX_CHARS, RawQuestion};
use crate::domain::learning::proposals::TicketDraft;
use crate::domain::learning::redaction::redact;
use crate::domain::wording::quotes::{is_greeting, own_words};
use crate::knowledge::port::Embedder;

/// Questions of one round.
pub(super) const MAX_QUESTIONS: i64 = 50;
/// Tickets of one round.
pub(super) const MAX_TICKETS: i64 = 10;

/// What a round works with.
#[derive(Clone)]
pub(super) struct LessonTools {
    pub gaps: StoreHandle<dyn Gaps>,
    pub knowledge: StoreHandle<dyn Knowledge>,
    pub embedder: Option<Arc<dyn Embedder>>,
}

/// Groups the questions that have none; returns how many.
pub(super) async fn group_questions(tools: &LessonTools) -> Answer<usize> {
    let questions = tools.gaps.call(|gaps| gaps.ungrouped_questions(MAX_QUESTIONS)).await?;
    let count = questions.len();
    for RawQuestion { escalation, text, names } in questions {
        let content = off_arbiter(move || question(&text, &names)).await;
        let vector = vectors::of_question(tools.embedder.as_ref(), content.clone()).await;
        let clean = CleanQuestion { escalation, gap: clock::new_v7().into(), content, vector };
        tools.gaps.call(move |gaps| gaps.group_question(clean)).await?;
    }
    Ok(count)
}

/// A customer's own words without greeting and personal data.
fn question(text: &str, names: &[String]) -> String {
    let own = own_words(text);
    let lines: Vec<&str> = own.lines().filter(|line| !is_greeting(line)).collect();
    redact(&lines.join("\n"), names).chars().take(QUESTION_MAX_CHARS).collect()
}

/// Makes drafts of resolved tickets; returns how many tickets there were.
pub(super) async fn learn(tools: &LessonTools) -> Answer<usize> {
    let tickets = tools.gaps.call(|gaps| gaps.answered_tickets(MAX_TICKETS)).await?;
    let count = tickets.len();
    for ticket in tickets {
        let conversation = ticket.conversation;
        let lesson = lesson(tools, ticket).await?;
        if lesson != Lesson::Drafted {
            tools.gaps.call(move |gaps| gaps.nothing_learned(conversation)).await?;
        }
        tracing::info!(%conversation, ?lesson, "read the answer of staff in a resolved ticket");
    }
    Ok(count)
}

async fn lesson(tools: &LessonTools, ticket: AnsweredTicket) -> Answer<Lesson> {
    let (conversation, gap, question) = (ticket.conversation, ticket.gap, ticket.question.clone());
    let Some(DraftText { title, body }) = off_arbiter(move || draft(&ticket)).await else {
        return Ok(Lesson::Nothing);
    };
    if is_known(tools, question).await? {
        return Ok(Lesson::Known);
    }
    let vector = vectors::of_question(tools.embedder.as_ref(), title.clone()).await;
    let draft = TicketDraft { id: clock::new_v7().into(), conversation, title, body, vector };
    tools.gaps.call(move |gaps| gaps.keep_ticket_draft(gap, draft)).await
}

/// Whether the documents, internal ones included, answer the question by now.
async fn is_known(tools: &LessonTools, question: String) -> Answer<bool> {
    let vector = vectors::of_question(tools.embedder.as_ref(), question.clone()).await;
    let question = Question { text: question, vector };
    let found = tools.knowledge.call(move |knowledge| knowledge.search(question, 1, Audience::Staff)).await?;
    Ok(found.relevant)
}
