//! The guard before the model: what rules decide, whatever the model is. Obvious cases only; doubt goes to the model.

use std::sync::LazyLock;

use crate::domain::turn::{Briefing, Utterance};
use crate::domain::words::{Reason, Role};

use super::patterns::{Lexicon, Sentence, sentences};
use super::query::subject;

mod rules;
mod silence;

use rules::RULES;

/// What rules make of a turn's messages.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Triage {
    /// Nothing stands against an answer.
    Answer,
    /// Nobody asked for anything.
    Silent,
    /// A person must take over; `why` is for staff.
    Escalate { reason: Reason, why: &'static str },
}

pub(super) fn triage(briefing: &Briefing) -> Triage {
    let subject = subject(briefing);
    let from_customer = briefing.unsettled.iter().filter(|said| said.role == Role::Customer);
    let messages: Vec<&str> = from_customer.map(|said| said.text.as_str()).collect();
    let shows = briefing.unsettled.iter().any(Utterance::shows_something);
    if !shows
        && messages.iter().all(|text| silence::is_enough(text))
        && subject.is_none_or(silence::says_nothing)
    {
        return Triage::Silent;
    }
    let texts = subject.into_iter().chain(messages);
    match texts.flat_map(sentences).filter_map(|sentence| first_rule(&sentence)).min() {
        Some(place) => RULES
            .get(place)
            .map_or(Triage::Answer, |rule| Triage::Escalate { reason: rule.reason, why: rule.why }),
        None => Triage::Answer,
    }
}

static TRIGGERS: LazyLock<Lexicon<usize>> = LazyLock::new(|| {
    let rules = RULES.iter().enumerate();
    Lexicon::new(rules.flat_map(|(place, rule)| rule.patterns.iter().map(move |pattern| (*pattern, place))))
});

static EXCEPTIONS: LazyLock<Lexicon<usize>> = LazyLock::new(|| {
    let rules = RULES.iter().enumerate();
    Lexicon::new(rules.flat_map(|(place, rule)| rule.unless.iter().map(move |pattern| (*pattern, place))))
});

/// The first rule that a sentence falls under; rules that come first are the graver ones.
fn first_rule(sentence: &Sentence) -> Option<usize> {
    TRIGGERS
        .matches(sentence)
        .filter(|place| !EXCEPTIONS.matches(sentence).any(|exempt| exempt == *place))
        .min()
}

#[cfg(test)]
mod tests;
