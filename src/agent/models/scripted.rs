//! Deterministic fake of a language model that works offline: it answers with sentences of the best section, asks back
//! once, and then hands over. Every statement comes from a document.

use std::sync::Arc;

use serde_json::json;

use crate::agent::handbook::{Handbook, Subject};
use crate::agent::port::{Answering, LanguageModel, Request, ToolName};
use crate::agent::reading::language::Language;
use crate::agent::reading::patterns::words_of;
use crate::agent::reading::query::{is_follow_up, saying};
use crate::domain::conversations::turn::{ModelTurn, ToolCall};
use crate::domain::enums::{Channel, Reason, Role};
use crate::domain::knowledge::Passage;
use crate::domain::wording::quotes::own_words;
use crate::domain::wording::texts::{TextKey, Texts};

mod compose;

/// Version; changes whenever the answer to the same request changes.
const EDITION: &str = "scripted-3";
/// Maximum significant words of a message that is too vague to be answered.
const VAGUE_MAX_WORDS: usize = 1;

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
    AskBack,
    /// With other words: the first search found nothing.
    SearchAgain(String),
    /// The message gives orders to the assistant and asks nothing that the documents answer.
    Decline,
    HandOver(&'static str),
}

fn reply(request: &Request, handbook: &Handbook) -> ModelTurn {
    let call = match intent(request, handbook) {
        Intent::Answer(passage) => {
            let message = answer(request, passage, handbook);
            respond(&message, &[&passage.id])
        }
        Intent::AskBack => respond(&question(request, handbook), &[]),
        Intent::SearchAgain(query) => {
            call(ToolName::SearchKnowledgeBase, &json!({ "query": query, "max_results": null }))
        }
        Intent::Decline => {
            let refusal = handbook.rules.refusal_of(Subject::Instructions);
            respond(
                refusal.map_or(&handbook.voice.phrases.clarifying_question, |refusal| &refusal.answer),
                &[],
            )
        }
        Intent::HandOver(summary) => escalate(summary),
    };
    ModelTurn { calls: vec![call], ..ModelTurn::default() }
}

fn intent<'a>(request: &'a Request, handbook: &Handbook) -> Intent<'a> {
    let searched = request.exchanges.iter().any(|exchange| {
        exchange.said.calls.iter().any(|call| call.name == ToolName::SearchKnowledgeBase.as_str())
    });
    let best = request.findings.passages.first().filter(|_| request.findings.relevant);
    let best =
        if searched { request.findings.passages.last().filter(|_| request.findings.relevant) } else { best };
    let asked = asked(request);
    let is_foreign = matches!(request.notices.language, Language::Other(_));
    let is_vague = saying_words(&asked).len() <= VAGUE_MAX_WORDS;
    match best {
        _ if request.exchanges.len() > usize::from(searched) => {
            Intent::HandOver("The answer from the documents could not be sent as it is.")
        }
        // A search by the earlier messages tells nothing about files that came without text.
        _ if asks_about_files(request) && has_asked(request, handbook) => {
            Intent::HandOver("The customer sent files without words again; somebody must look at them.")
        }
        _ if asks_about_files(request) => Intent::AskBack,
        None if request.notices.gives_orders => Intent::Decline,
        _ if (is_vague && !is_foreign && !searched) && !has_asked(request, handbook) => Intent::AskBack,
        Some(passage) => Intent::Answer(passage),
        None if has_asked(request, handbook) => {
            Intent::HandOver("The documents hold no certain answer, and a question back did not help.")
        }
        None if searched => {
            Intent::HandOver("The documents hold no certain answer, however they are searched.")
        }
        None if !is_foreign && asks_for_a_feature(&asked) => Intent::SearchAgain(other_words(&asked)),
        None => Intent::AskBack,
    }
}

/// The customer's own words, with the question that a follow-up refers to.
fn asked(request: &Request) -> String {
    let now: Vec<String> = request.unanswered.iter().map(|said| own_words(&said.text)).collect();
    let now = now.join("\n");
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

/// Whether a question is about a feature that the product may lack: then asking back does not help.
fn asks_for_a_feature(text: &str) -> bool {
    const FORMS: &[&str] = &[
        "do you have",
        "do you support",
        "do you offer",
        "do you provide",
        "does it have",
        "does it support",
        "does techcorp",
        "does the app",
        "does your",
        "is there a",
        "is there an",
        "is there any",
        "are there any",
        "have you got",
        "can it",
        "is it compatible",
        "are you compatible",
        "do you integrate",
        "does it integrate",
        "does it work with",
    ];
    const WAYS: &[&str] = &[
        "way",
        "possibility",
        "place",
        "option",
        "setting",
        "trick",
        "limit",
        "chance",
        "button",
        "page",
        "problem",
    ];
    let words = words_of(text).join(" ");
    FORMS.iter().any(|form| {
        let mut rests = words.match_indices(form).filter_map(|(place, _)| words.get(place + form.len()..));
        rests.any(|rest| !rest.split_whitespace().take(2).any(|word| WAYS.contains(&word)))
    })
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

fn has_asked(request: &Request, handbook: &Handbook) -> bool {
    let last = request.history.iter().rev().find(|said| said.role == Role::Agent);
    let questions = [
        handbook.voice.phrases.clarifying_question.as_str(),
        handbook.texts.get(TextKey::FileQuestion, None),
    ];
    last.is_some_and(|said| questions.iter().any(|question| said.text.contains(question)))
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
    let phrases = &handbook.voice.phrases;
    let composed = compose::compose(request.channel, &asked(request), &passage.text);
    let before = match request.notices.language {
        Language::English => None,
        Language::Other(_) => Some(phrases.other_language.as_str()),
    };
    let after = match request.channel {
        Channel::Email | Channel::WebForm => Some(phrases.next_step.as_str()),
        // The footer already offers it.
        Channel::Whatsapp => None,
    };
    before.into_iter().chain([composed.as_str()]).chain(after).collect::<Vec<_>>().join("\n\n")
}

fn respond(message: &str, citations: &[&str]) -> ToolCall {
    call(ToolName::SendResponse, &json!({ "message": message, "citations": citations }))
}

fn escalate(summary: &str) -> ToolCall {
    let input = json!({ "reason": Reason::NoAnswer, "severity": null, "summary": summary });
    call(ToolName::EscalateToHuman, &input)
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
