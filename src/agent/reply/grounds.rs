//! Grounds of a reply: the passages of its turn, the company's own texts, and its own ticket. The customer's text does not
//! count: it may name anything.

use std::cell::OnceCell;
use std::collections::BTreeSet;
use std::sync::Arc;

use crate::agent::canonical::Canonical;
use crate::agent::handbook::{Handbook, PassageText, PassageTexts};
use crate::domain::conversations::turn::TurnContext;
use crate::domain::knowledge::Passage;

#[derive(Clone, Debug)]
pub struct Grounds<'a> {
    pub passages: &'a [Passage],
    pub handbook: &'a Handbook,
    /// The numbers of its own ticket and of the customer's others, if the address is proved, as they are written.
    pub ticket: String,
    /// The system prompt; it must not be disclosed.
    pub instructions: &'a str,
    /// Where its passages are kept between turns; `None` if they are messages, which may be erased.
    kept: Option<&'a PassageTexts>,
    documents: OnceCell<Vec<SourceText<'a>>>,
}

/// A passage as the guards read it.
#[derive(Clone, Debug)]
pub struct SourceText<'a> {
    pub id: &'a str,
    content: Arc<PassageText>,
}

impl<'a> Grounds<'a> {
    pub fn of(
        context: &TurnContext,
        passages: &'a [Passage],
        instructions: &'a str,
        handbook: &'a Handbook,
    ) -> Self {
        let others = context.account.iter().flatten().map(|ticket| ticket.number);
        let numbers = std::iter::once(context.ticket.number).chain(others);
        let ticket = numbers.map(|number| number.to_string()).collect::<Vec<_>>().join(", ");
        let kept = Some(&handbook.passage_texts);
        Self { passages, handbook, ticket, instructions, kept, documents: OnceCell::new() }
    }

    /// The grounds of what is told of messages; `ticket` is the number of their ticket, as it is written.
    pub fn of_messages(ticket: String, messages: &'a [Passage], handbook: &'a Handbook) -> Self {
        let documents = OnceCell::new();
        Self { passages: messages, handbook, ticket, instructions: "", kept: None, documents }
    }

    /// The passages; they are read once, when a guard first asks for them.
    pub fn documents(&self) -> &[SourceText<'a>] {
        self.documents
            .get_or_init(|| self.passages.iter().map(|passage| SourceText::of(passage, self.kept)).collect())
    }

    /// Whether a passage holds these words in a row.
    pub fn says(&self, words: &str) -> bool {
        let words = format!(" {words} ");
        self.documents().iter().any(|document| document.content.words.contains(&words))
    }

    /// Whether a passage holds this text, in lower case.
    pub fn documents_contain(&self, text: &str) -> bool {
        self.documents().iter().any(|document| document.text().folded.contains(text))
    }

    /// Everything that `find` finds in the passages and in the ticket's number.
    pub fn known(&self, find: impl Fn(&str) -> Vec<String>) -> BTreeSet<String> {
        let texts = self.documents().iter().map(|document| document.text().folded.as_str());
        let ticket = self.ticket.to_lowercase();
        texts.chain([ticket.as_str()]).flat_map(find).collect()
    }
}

impl<'a> SourceText<'a> {
    fn of(passage: &'a Passage, kept: Option<&PassageTexts>) -> Self {
        let content = match kept {
            Some(kept) => kept.read(&passage.text),
            None => Arc::new(PassageText::of(&passage.text)),
        };
        Self { id: &passage.id, content }
    }

    pub fn text(&self) -> &Canonical {
        &self.content.text
    }
}
