//! Grounds of a reply: the passages of its turn and its own ticket. The customer's text does not count: it may name
//! anything.

use std::collections::BTreeSet;

use crate::domain::conversations::turn::TurnContext;
use crate::domain::knowledge::Passage;

#[derive(Clone, Debug)]
pub struct Grounds<'a> {
    pub passages: &'a [Passage],
    /// The number of its own ticket, as it is written.
    pub ticket: String,
    /// The system prompt; it must not be disclosed.
    pub instructions: &'a str,
}

impl<'a> Grounds<'a> {
    pub fn of(context: &TurnContext, passages: &'a [Passage], instructions: &'a str) -> Self {
        Self { passages, ticket: context.ticket.number.to_string(), instructions }
    }

    /// The texts of the passages in lower case.
    pub fn documents(&self) -> impl Iterator<Item = String> {
        self.passages.iter().map(|passage| passage.text.to_lowercase())
    }

    /// Everything that `find` finds in the passages and in the ticket's number.
    pub fn known(&self, find: impl Fn(&str) -> Vec<String>) -> BTreeSet<String> {
        self.documents().chain([self.ticket.to_lowercase()]).flat_map(|text| find(&text)).collect()
    }
}
