//! Deterministic fake of a language model that works offline: it answers with sentences of the best section, each of
//! several questions by itself, asks back once, and then hands over with what was tried. Every statement comes from a
//! document.

use std::collections::BTreeSet;
use std::sync::Arc;

use serde_json::json;

use super::transcript::{best_found, shorten};
use crate::agent::handbook::{Handbook, Subject};
use crate::agent::port::{Answering, Exchange, LanguageModel, Request, ToolName, ToolResult};
use crate::agent::reading::language::Language;
use crate::agent::reading::query::{is_follow_up, saying};
use crate::domain::conversations::turn::{ModelTurn, ToolCall};
use crate::domain::enums::{Channel, Reason, Role};
use crate::domain::knowledge::Passage;
use crate::domain::wording::quotes::own_words;
use crate::domain::wording::texts::{TextKey, Texts};

mod compose;
mod dialogue;
mod features;
mod questions;

use dialogue::{Move, tried, was_said};

/// Version; changes whenever the answer to the same request changes.
const EDITION: &str = "scripted-4";
/// Maximum significant words of a message that is too vague to be answered, unless a section fits it well.
const VAGUE_MAX_WORDS: usize = 1;
/// Relevance from which a section answers a message of so few words.
const FITS_WELL: f64 = 0.3;
/// Characters of a question that an answer repeats.
const QUESTION_MAX_CHARS: usize = 100;

/// Words of a complaint that do not name a part of the product.
const VAGUE: &str = "problem problems issue issues error errors message messages help helps question questions trouble wrong broken fix \
     fixed something anything everything nothing thing things different differently look looks looking before after strange weird odd try tries tried \
     trying time times know see tell need want doing happens happened happen working worked stopped stop keeps keep getting got \
     concerning regarding account app application system software program platform techcorp product service site website page screen today yesterday since \
     morning always never sometimes again urgent asap quick short small big good great bad dear team support sir madam hello anyone someone somebody \
     understand explain idea ideas clue sure let come comes came make makes made use using used like would there here really very every each";

/// The offline model.
#[derive(Clone, Debug)]
pub struct Scripted {
    handbook: Arc<Handbook>,
}

impl Scripted {
    pub fn new(handbook: Arc<Handbook>) -> Self {
        Self { handbook }
    }
}

impl LanguageModel for Scripted {
    fn name(&self) -> &'static str {
        "scripted"
    }

    fn prompt_version(&self) -> &'static str {
        EDITION
    }

    fn answer(&self, request: Request) -> Answering {
        let said = reply(&request, &self.handbook);
        Box::pin(std::future::ready(Ok(said)))
    }
}

/// The intended action.
#[derive(Clone, Debug, PartialEq)]
enum Intent<'a> {
    Answer(&'a Passage),
    /// Each question with its section, if one was found.
    AnswerEach(Vec<(String, Option<&'a Passage>)>),
    AskBack,
    Say(TextKey),
    /// With other words: the first search found nothing. Or each question of several by itself.
    Search(Vec<String>),
    /// The message gives orders to the assistant and asks nothing that the documents answer.
    Decline,
    HandOver(&'static str),
}

fn reply(request: &Request, handbook: &Handbook) -> ModelTurn {
    let calls = match intent(request, handbook) {
        Intent::Answer(passage) => {
            vec![respond_once(request, &answer(request, passage, handbook), &[&passage.id])]
        }
        Intent::AnswerEach(answers) => {
            let cited: Vec<&str> = answers
                .iter()
                .filter_map(|(_, passage)| passage.map(|passage| passage.id.as_str()))
                .collect();
            vec![respond_once(request, &answer_each(request, &answers, handbook), &cited)]
        }
        Intent::AskBack => vec![respond_once(request, &question(request, handbook), &[])],
        Intent::Say(text) => vec![respond_once(request, handbook.texts.get(text, None), &[])],
        Intent::Search(queries) => {
            let searches = queries.iter().zip(1..);
            let search = |query: &String| {
                call(ToolName::SearchKnowledgeBase, &json!({ "query": query, "max_results": null }))
            };
            searches.map(|(query, number)| numbered(search(query), number)).collect()
        }
        Intent::Decline => {
            let refusal = handbook.rules.refusal_of(Subject::Instructions);
            let text = refusal.map_or(&handbook.voice.phrases.clarifying_question, |refusal| &refusal.answer);
            vec![respond(text, &[])]
        }
        Intent::HandOver(summary) => vec![escalate(&format!("{summary}{}", tried(request)))],
    };
    ModelTurn { calls, ..ModelTurn::default() }
}

fn intent<'a>(request: &'a Request, handbook: &Handbook) -> Intent<'a> {
    let searches = request.exchanges.iter().filter(|exchange| searched(exchange)).count();
    if request.exchanges.len() > searches {
        return Intent::HandOver("The answer from the documents could not be sent as it is.");
    }
    // A search by the earlier messages tells nothing about files that came without text.
    if asks_about_files(request) {
        return if has_asked(request, handbook) {
            Intent::HandOver("The customer sent files without words again; a person must look at them.")
        } else {
            Intent::AskBack
        };
    }
    let now = said_now(request);
    if let Some(intent) = react(request, handbook, &now) {
        return intent;
    }
    // The documents are in one language: questions in another are searched for together, or hardly found at all.
    let several = match request.notices.language {
        Language::English => questions::several(&now),
        Language::Other(_) => Vec::new(),
    };
    if !several.is_empty() && searches == 0 {
        return Intent::Search(several.into_iter().take(questions::MAX_SEARCHED).collect());
    }
    match each(request, several) {
        Some(answers) => Intent::AnswerEach(answers),
        None => answer_one(request, handbook, searches > 0),
    }
}

/// The reaction to a message that reacts itself.
fn react<'a>(request: &Request, handbook: &Handbook, now: &str) -> Option<Intent<'a>> {
    let say_once = |text: TextKey, summary| {
        let is_new = !was_said(request, handbook.texts.get(text, None)) && !has_asked(request, handbook);
        Some(if is_new { Intent::Say(text) } else { Intent::HandOver(summary) })
    };
    match dialogue::of(request, now) {
        Move::NotHelped => say_once(TextKey::NotHelped, "The answers from the documents did not help."),
        Move::Nudges => say_once(TextKey::StillHere, "The customer waits for an answer."),
        Move::AsksForNews => {
            Some(Intent::HandOver("The customer asks for news, which only a person can know."))
        }
        Move::Asks => None,
    }
}

/// The sections of several questions, if they were searched for and one was found that is not that of all.
fn each(request: &Request, several: Vec<String>) -> Option<Vec<(String, Option<&Passage>)>> {
    let exchange = request.exchanges.first().filter(|_| !several.is_empty())?;
    let best = |result: &ToolResult| {
        let id = best_found(&result.text)?;
        request.findings.passages.iter().find(|passage| passage.id == id)
    };
    let found = exchange.results.iter().map(best).chain(std::iter::repeat(None));
    let answers: Vec<(String, Option<&Passage>)> = several.into_iter().zip(found).collect();
    let ids: BTreeSet<Option<&str>> =
        answers.iter().map(|(_, passage)| passage.map(|passage| passage.id.as_str())).collect();
    (ids.len() > 1).then_some(answers)
}

fn answer_one<'a>(request: &'a Request, handbook: &Handbook, searched: bool) -> Intent<'a> {
    let best = request.findings.passages.first().filter(|_| request.findings.relevant);
    let asked = asked(request);
    let is_foreign = matches!(request.notices.language, Language::Other(_));
    let words = saying_words(&asked).len();
    let fits = best.is_some_and(|passage| words > 0 && passage.score >= FITS_WELL);
    let thing = features::thing(&asked).filter(|_| !is_foreign);
    match (best, thing) {
        (None, _) if request.notices.gives_orders => Intent::Decline,
        _ if (words <= VAGUE_MAX_WORDS && !fits && !is_foreign && !searched)
            && !has_asked(request, handbook) =>
        {
            Intent::AskBack
        }
        (Some(passage), Some(thing)) if !features::is_entailed(&asked, &thing, passage) => {
            Intent::HandOver("The documents do not mention what the customer asks for.")
        }
        (Some(passage), _) => Intent::Answer(passage),
        (None, _) if has_asked(request, handbook) => {
            Intent::HandOver("The documents hold no certain answer, and a question back did not help.")
        }
        (None, _) if searched => {
            Intent::HandOver("The documents hold no certain answer, however they are searched.")
        }
        (None, Some(_)) => Intent::Search(vec![other_words(&asked)]),
        (None, None) => Intent::AskBack,
    }
}

fn searched(exchange: &Exchange) -> bool {
    exchange.said.calls.iter().any(|call| call.name == ToolName::SearchKnowledgeBase.as_str())
}

/// The customer's own words of the messages to answer.
fn said_now(request: &Request) -> String {
    let now: Vec<String> = request.unanswered.iter().map(|said| own_words(&said.text)).collect();
    now.join("\n")
}

/// The same with the question that a follow-up refers to.
fn asked(request: &Request) -> String {
    let now = said_now(request);
    let earlier = request.history.iter().rev().find(|said| said.role == Role::Customer);
    match earlier {
        Some(earlier) if is_follow_up(&now) => format!("{}\n{now}", own_words(&earlier.text)),
        Some(_) | None => match request.channel {
            Channel::Email | Channel::WebForm if earlier.is_none() => {
                format!("{}\n{now}", request.ticket.subject)
            }
            Channel::Email | Channel::WebForm | Channel::Whatsapp => now,
        },
    }
}

/// The significant words of a text.
fn saying_words(text: &str) -> Vec<String> {
    let mut words = saying(text);
    words.retain(|word| !VAGUE.split_whitespace().any(|vague| vague == word) && word.chars().count() > 1);
    words.sort_unstable();
    words.dedup();
    words
}

/// The query of a second search: only the significant words, in their order.
fn other_words(text: &str) -> String {
    const LIMIT: usize = 12;
    let named = saying_words(text);
    let mut words = saying(text);
    words.retain(|word| named.contains(word));
    words.truncate(LIMIT);
    if words.is_empty() { text.chars().take(200).collect() } else { words.join(" ") }
}

/// Whether a question of ours is in the conversation already: a customer is not asked the same twice.
fn has_asked(request: &Request, handbook: &Handbook) -> bool {
    let questions = [
        handbook.voice.phrases.clarifying_question.as_str(),
        handbook.texts.get(TextKey::FileQuestion, None),
        handbook.texts.get(TextKey::NotHelped, None),
    ];
    questions.iter().any(|question| was_said(request, question))
}

fn question(request: &Request, handbook: &Handbook) -> String {
    let phrases = &handbook.voice.phrases;
    if asks_about_files(request) {
        return file_question(request, &handbook.texts);
    }
    match request.notices.language {
        Language::English => phrases.clarifying_question.clone(),
        Language::Other(_) => format!("{} {}", phrases.other_language, phrases.clarifying_question),
    }
}

/// Whether there are files without text; this model cannot read files.
fn asks_about_files(request: &Request) -> bool {
    let has_words = request.unanswered.iter().any(|said| said.text.chars().any(char::is_alphanumeric));
    !has_words && request.unanswered.iter().any(|said| !said.attachments.is_empty())
}

/// The question what the files show.
fn file_question(request: &Request, texts: &Texts) -> String {
    let files: Vec<String> =
        request.unanswered.iter().flat_map(|said| &said.attachments).map(ToString::to_string).collect();
    let received = match files.as_slice() {
        [file] => texts.fill(TextKey::FileReceived, None, &[("file", file)]),
        files => texts.fill(TextKey::FilesReceived, None, &[("count", &files.len().to_string())]),
    };
    format!("{received} {}", texts.get(TextKey::FileQuestion, None))
}

fn answer(request: &Request, passage: &Passage, handbook: &Handbook) -> String {
    framed(request, &compose::compose(request.channel, &asked(request), &passage.text, 1), handbook)
}

/// Each question with its answer below, and at the end those that stay open.
fn answer_each(request: &Request, answers: &[(String, Option<&Passage>)], handbook: &Handbook) -> String {
    let about = |key: TextKey, question: &str| {
        let question = shorten(question, QUESTION_MAX_CHARS);
        handbook.texts.fill(key, None, &[("question", question.trim_end_matches('?'))])
    };
    let found = answers.iter().filter_map(|(question, passage)| passage.map(|passage| (question, passage)));
    let count = found.clone().count();
    let answered = found.map(|(question, passage)| {
        let text = compose::compose(request.channel, question, &passage.text, count);
        format!("{}\n\n{text}", about(TextKey::About, question))
    });
    let open = answers.iter().filter(|(_, passage)| passage.is_none());
    let open = open.map(|(question, _)| about(TextKey::LeftOpen, question));
    framed(request, &answered.chain(open).collect::<Vec<_>>().join("\n\n"), handbook)
}

fn framed(request: &Request, composed: &str, handbook: &Handbook) -> String {
    let phrases = &handbook.voice.phrases;
    let before = match request.notices.language {
        Language::English => None,
        Language::Other(_) => Some(phrases.other_language.as_str()),
    };
    let after = match request.channel {
        Channel::Email | Channel::WebForm => Some(phrases.next_step.as_str()),
        // The footer already offers it.
        Channel::Whatsapp => None,
    };
    before.into_iter().chain([composed]).chain(after).collect::<Vec<_>>().join("\n\n")
}

/// A reply, unless the customer has got it before: then a person takes over.
fn respond_once(request: &Request, message: &str, citations: &[&str]) -> ToolCall {
    if was_said(request, message) {
        let summary = "The customer asks again what was answered.";
        return escalate(&format!("{summary}{}", tried(request)));
    }
    respond(message, citations)
}

fn respond(message: &str, citations: &[&str]) -> ToolCall {
    call(ToolName::SendResponse, &json!({ "message": message, "citations": citations }))
}

fn escalate(summary: &str) -> ToolCall {
    let input = json!({ "reason": Reason::NoAnswer, "severity": null, "summary": summary });
    call(ToolName::EscalateToHuman, &input)
}

fn numbered(call: ToolCall, number: usize) -> ToolCall {
    ToolCall { id: format!("{}-{number}", call.id), ..call }
}

fn call(tool: ToolName, input: &serde_json::Value) -> ToolCall {
    ToolCall {
        id: format!("{EDITION}-{}", tool.as_str()),
        name: tool.as_str().to_owned(),
        arguments: input.to_string(),
    }
}

#[cfg(test)]
mod tests;
