//! Output guard: validates every reply of the model before it may be sent to a customer. Guards compare canonical forms;
//! the customer gets the original text without invisible characters.

use std::collections::BTreeSet;

use super::canonical::{Canonical, hosts, visible};
use crate::agent::models::tools::ResponseArgs;
use crate::domain::conversations::turn::Decision;
use crate::domain::knowledge::{Passage, Source};

pub mod hand_over;
pub mod notes;
pub mod review;

mod grounds;
mod internals;
mod markup;
mod people;
mod phrases;
mod prices;
mod promises;
mod questions;
mod requests;

pub(super) use grounds::Grounds;

/// Maximum characters of a reply.
const REPLY_MAX_CHARS: usize = 2_000;
/// The same before invisible characters are removed: it bounds the work of removing them.
const RAW_MAX_CHARS: usize = 4 * REPLY_MAX_CHARS;
/// The same of its canonical form: some ligatures become 18 characters.
const CANONICAL_MAX_CHARS: usize = 2 * REPLY_MAX_CHARS;

/// Why a reply is refused, as feedback that the model can act on.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub(super) enum Objection {
    #[error("the message says nothing")]
    Empty,
    #[error("the message has more than {REPLY_MAX_CHARS} characters")]
    TooLong,
    #[error("`{0}` is not among the passages of this turn; cite by the ids that you were given")]
    UnknownCitation(String),
    #[error("the message cites nothing; cite its passages, or ask one short question that states nothing")]
    Uncited,
    #[error(
        "the message names an amount of money that its passages do not; questions about prices go to a person"
    )]
    Price,
    #[error("the message names a competitor; comparisons go to a person")]
    Competitor,
    #[error("the message points to `{0}`, which is not in the passages of this turn")]
    ForeignHost(String),
    #[error("the message holds an image, HTML, or a link that is no plain web link; write plain text")]
    Active,
    #[error("the message promises something that no passage promises")]
    Promise,
    #[error("the message asks for a secret, money or access; never ask for them")]
    Secret,
    #[error("the message speaks of instructions, tools or models; speak of the product alone")]
    Internal,
    #[error("the message names an address, a number or a ticket that is in no passage")]
    OtherPerson,
}

/// Validates a proposed reply and turns it into an answer.
pub(super) fn check(response: &ResponseArgs, grounds: &Grounds<'_>) -> Result<Decision, Objection> {
    if response.message.chars().nth(RAW_MAX_CHARS).is_some() {
        return Err(Objection::TooLong);
    }
    let text = visible(&response.message);
    let text = text.trim();
    check_form(text)?;
    let sources = sources(&response.citations, grounds.passages)?;
    if sources.is_empty() && !questions::needs_no_source(text, grounds.handbook) {
        return Err(Objection::Uncited);
    }
    let text = markup::defused(text, grounds).ok_or(Objection::Active)?;
    let canonical = Canonical::of(&text);
    if canonical.folded.chars().nth(CANONICAL_MAX_CHARS).is_some() {
        return Err(Objection::TooLong);
    }
    check_company(&canonical, &sources, grounds)?;
    check_content(&canonical, grounds)?;
    Ok(Decision::Answer { text, sources })
}

/// What only the company itself may say.
fn check_company(text: &Canonical, sources: &[Source], grounds: &Grounds<'_>) -> Result<(), Objection> {
    let is_cited = |id: &str| sources.iter().any(|source| document(&source.id) == document(id));
    if prices::names_amount(text, grounds.documents().iter().filter(|passage| is_cited(passage.id))) {
        return Err(Objection::Price);
    }
    if grounds.handbook.rules.names_competitor(text) {
        return Err(Objection::Competitor);
    }
    match foreign_host(text, grounds) {
        Some(host) => Err(Objection::ForeignHost(host)),
        None => Ok(()),
    }
}

/// The file of a passage.
fn document(id: &str) -> &str {
    id.split('#').next().unwrap_or(id)
}

/// The first host that neither a passage nor a text of the company names.
fn foreign_host(text: &Canonical, grounds: &Grounds<'_>) -> Option<String> {
    let mut named = hosts(text).into_iter().filter(|host| !grounds.handbook.hosts.contains(host)).peekable();
    named.peek()?;
    let known: BTreeSet<String> =
        grounds.documents().iter().flat_map(|document| hosts(document.text())).collect();
    named.find(|host| !known.contains(host))
}

/// What a reply must not contain even if it is grounded.
fn check_content(text: &Canonical, grounds: &Grounds<'_>) -> Result<(), Objection> {
    if internals::tells_of_itself(text, grounds) {
        Err(Objection::Internal)
    } else if people::names_other_person(text, grounds) {
        Err(Objection::OtherPerson)
    } else if requests::asks_for_a_secret(text, grounds) {
        Err(Objection::Secret)
    } else if promises::promises(text, grounds) {
        Err(Objection::Promise)
    } else {
        Ok(())
    }
}

fn check_form(text: &str) -> Result<(), Objection> {
    if !text.chars().any(char::is_alphanumeric) {
        Err(Objection::Empty)
    } else if text.chars().count() > REPLY_MAX_CHARS {
        Err(Objection::TooLong)
    } else {
        Ok(())
    }
}

/// The cited passages, each once, in the order of citation.
fn sources(citations: &[String], passages: &[Passage]) -> Result<Vec<Source>, Objection> {
    let mut sources: Vec<Source> = Vec::new();
    for id in citations {
        let Some(passage) = passages.iter().find(|passage| passage.id == *id) else {
            return Err(Objection::UnknownCitation(id.clone()));
        };
        if !sources.iter().any(|source| source.id == *id) {
            sources.push(Source::from(passage));
        }
    }
    Ok(sources)
}

#[cfg(test)]
mod tests;
