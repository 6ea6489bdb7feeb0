//! What a reply may rest on: the passages of its turn, and what was said in its own conversation.

use std::collections::BTreeSet;

use crate::domain::knowledge::Passage;
use crate::domain::turn::{Briefing, TicketBrief, Utterance};

#[derive(Clone, Copy, Debug)]
pub struct Grounds<'a> {
    pub passages: &'a [Passage],
    pub ticket: &'a TicketBrief,
    pub said: [&'a [Utterance]; 2],
    /// What the model was told to do; nobody may read it.
    pub instructions: &'a str,
}

impl<'a> Grounds<'a> {
    pub fn of(briefing: &'a Briefing, passages: &'a [Passage], instructions: &'a str) -> Self {
        let said = [&briefing.history[..], &briefing.unsettled[..]];
        Self { passages, ticket: &briefing.ticket, said, instructions }
    }

    /// The texts of the passages, lower case.
    pub fn documents(&self) -> impl Iterator<Item = String> {
        self.passages.iter().map(|passage| passage.text.to_lowercase())
    }

    /// Everything that the customer has seen or written anyway, and the passages; lower case.
    fn open(&self) -> impl Iterator<Item = String> {
        let said = self.said.iter().flat_map(|messages| messages.iter()).map(|said| said.text.to_lowercase());
        self.documents().chain(said).chain([self.ticket.subject.to_lowercase()])
    }

    /// Everything of one kind that `find` sees in what is open anyway.
    pub fn known(&self, find: impl Fn(&str) -> Vec<String>) -> BTreeSet<String> {
        let mut known: BTreeSet<String> = self.open().flat_map(|text| find(&text)).collect();
        known.extend(find(&self.ticket.number.to_string().to_lowercase()));
        known
    }
}
