//! Identity verification within a turn: extracts typed codes and asserted e-mail addresses from the messages, and
//! decides the next step. No model takes part: codes are removed before it sees a message, and it never decides on a
//! customer's identity (PROTOCOL.md 8.2).

mod address_assertion;
pub mod code;
#[cfg(test)]
mod tests;

use crate::domain::conversations::turn::{Decision, HandOver, TurnContext, Utterance};
use crate::domain::customers::contact::Email;
use crate::domain::customers::linking::{Challenge, Change, LinkStep, LinkingNotice, MAX_TRIES, Offer};
use crate::domain::enums::Role;
use crate::domain::ids::ChallengeId;
use crate::domain::wording::texts::Texts;

use self::address_assertion::{assertion, says_nothing};

/// Replaces a code in everything that is stored.
const MASK: &str = "******";

/// What a turn's messages contain for linking.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct ExtractedCodes {
    pub step: Option<LinkStep>,
    /// The messages contain nothing else to answer.
    pub is_all: bool,
}

/// Extracts it from the turn's context; the rest is left for the turn.
pub(super) fn take(context: &mut TurnContext) -> ExtractedCodes {
    if !context.linking.is_possible {
        return ExtractedCodes::default();
    }
    let mut tally = CodeTally::new(context.linking.challenge.clone());
    for said in context.history.iter_mut().filter(|said| said.role == Role::Customer) {
        tally.hide(said);
    }
    let mut codes = Vec::new();
    for said in &mut context.unanswered {
        codes.extend(tally.take(said));
    }
    let assertions = context.unanswered.iter().map(|said| assertion(&said.text, &context.linking.own));
    let (emails, rests): (Vec<_>, Vec<_>) =
        assertions.map(|assertion| (assertion.email, assertion.rest)).unzip();
    let says_nothing = |(said, rest): (&Utterance, &String)| !said.shows_something() && says_nothing(rest);
    let is_all = context.unanswered.iter().zip(&rests).all(says_nothing);
    let email = emails.into_iter().flatten().next_back();
    let step = context.linking.past.map(|said| LinkStep { said, change: None, codes: Vec::new() });
    let step = step.or_else(|| tally.step(context, email, codes));
    // A question is answered without the notice about a code that was never offered.
    let step = step.filter(|step| step.said != LinkingNotice::Unavailable || is_all);
    if step.is_some() && !is_all {
        context.unanswered.retain(|said| said.shows_something() || !said.text.is_empty());
    }
    ExtractedCodes { is_all: is_all && step.is_some(), step }
}

/// Prepends the linking notice to a decision.
pub(super) fn with(
    decision: Decision,
    step: Option<&LinkStep>,
    texts: &Texts,
    language: Option<&str>,
) -> Decision {
    let Some(step) = step else {
        return decision;
    };
    let first = texts.get(step.said.into(), language);
    match decision {
        Decision::Answer { text, sources } => {
            Decision::Answer { text: format!("{first}\n\n{text}"), sources }
        }
        Decision::Escalate(hand_over) => Decision::Escalate(HandOver {
            acknowledgement: format!("{first}\n\n{}", hand_over.acknowledgement),
            ..hand_over
        }),
        Decision::Silent => Decision::Answer { text: first.to_owned(), sources: Vec::new() },
    }
}

/// The results of the typed codes.
struct CodeTally {
    challenge: Option<Challenge>,
    tried: i16,
    is_right: bool,
    is_late: bool,
}

impl CodeTally {
    fn new(challenge: Option<Challenge>) -> Self {
        Self { challenge, tried: 0, is_right: false, is_late: false }
    }

    /// Extracts the codes of a message and verifies them.
    fn take(&mut self, said: &mut Utterance) -> Vec<String> {
        let numbers = code::numbers_in(&said.text);
        let is_bare = !numbers.is_empty() && address_assertion::is_code_alone(&without(&said.text, &numbers));
        let Some(challenge) = self.challenge.as_mut() else {
            return self.unmask(said);
        };
        let is_taken = challenge.takes(said.at) && !self.is_right;
        if numbers.is_empty() || !(is_taken || is_bare && challenge.is_remembered(said.at)) {
            return self.unmask(said);
        }
        for number in &numbers {
            if challenge.takes(said.at) && !self.is_right {
                challenge.tries += 1;
                self.tried += 1;
                self.is_right = challenge.code.is_some_and(|code| code::fits(code, number));
            }
        }
        self.is_late |= !is_taken;
        said.text = if is_bare { String::new() } else { without(&said.text, &numbers) };
        numbers
    }

    /// Masks everything that may have been a code.
    fn hide(&self, said: &mut Utterance) {
        let numbers = code::numbers_in(&said.text);
        if self.challenge.as_ref().is_some_and(|challenge| challenge.is_remembered(said.at)) {
            said.text = without(&said.text, &numbers);
        }
        let _no_code = self.unmask(said);
    }

    fn unmask(&self, said: &mut Utterance) -> Vec<String> {
        if said.text.contains(MASK) {
            let rest = without(&said.text, &[MASK.to_owned()]);
            said.text = if address_assertion::is_code_alone(&rest) { String::new() } else { rest };
        }
        Vec::new()
    }

    fn step(&self, context: &TurnContext, email: Option<Email>, codes: Vec<String>) -> Option<LinkStep> {
        let linking = &context.linking;
        let tries = self.challenge.as_ref().map(|challenge| Change::Try {
            challenge: challenge.id,
            tries: challenge.tries,
            is_right: self.is_right,
        });
        let tries = tries.filter(|_| self.tried > 0);
        let is_spent = self.challenge.as_ref().is_some_and(|challenge| challenge.tries >= MAX_TRIES);
        let (said, change) = match (self.is_right, email, linking.offer) {
            (true, _, _) => (LinkingNotice::Proved, tries),
            (false, Some(_), Offer::Unavailable) => (LinkingNotice::Unavailable, tries),
            (false, Some(_), Offer::Mailed) if !linking.may_ask() => (LinkingNotice::Limited, tries),
            // A turn offers a code at most once, so its id serves as that of the offer.
            (false, Some(email), Offer::Mailed) => {
                (LinkingNotice::Asked, Some(Change::Ask { challenge: ChallengeId(context.turn.0), email }))
            }
            (false, None, _) if self.tried > 0 && is_spent => (LinkingNotice::Spent, tries),
            (false, None, _) if self.tried > 0 => (LinkingNotice::Wrong, tries),
            (false, None, _) if self.is_late => (LinkingNotice::Over, None),
            (false, None, _) => return None,
        };
        Some(LinkStep { said, change, codes })
    }
}

/// Removes these pieces from a text, where they occur in this order.
fn without(text: &str, pieces: &[String]) -> String {
    let (mut kept, mut rest) = (String::with_capacity(text.len()), text);
    for piece in pieces {
        let Some((before, after)) = rest.split_once(piece.as_str()) else {
            continue;
        };
        kept.push_str(before);
        rest = after;
    }
    kept.push_str(rest);
    kept.trim().to_owned()
}
