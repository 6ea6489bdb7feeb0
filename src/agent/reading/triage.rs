//! Rule engine for triage before the model: it applies the company's rules, whatever the model is. It reads the
//! customer's own words; if no rule is certain, the model decides.

use super::language::{Language, language};
use super::patterns::{split, without_code, words_in};
use super::query::subject;
use super::sentiment::{Feeling, is_repeated};
use crate::agent::handbook::{Rule, Rules, Subject};
use crate::domain::conversations::turn::{TurnContext, Utterance};
use crate::domain::enums::{Channel, Reason, Role};
use crate::domain::wording::automatic;
use crate::domain::wording::quotes::own_words;

mod praise;
mod silence;

/// The rules' decision about a turn's messages.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::agent) enum Triage {
    /// No rule matched.
    Answer,
    /// Praise: only thanks for it are sent.
    Praise,
    /// Answer only with this refusal.
    Refuse(String),
    /// The customer asked for nothing.
    Silent,
    /// A person must take over.
    Escalate(Rule),
}

/// Findings about a turn's messages, which the output guards use too.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Notices {
    /// Parts of the messages give orders to the assistant; they are excluded from the search.
    pub gives_orders: bool,
    /// Another person's data is requested.
    pub asks_for_others: bool,
    /// Threats or insults.
    pub is_abusive: bool,
    pub language: Language,
}

impl Default for Notices {
    fn default() -> Self {
        Self { gives_orders: false, asks_for_others: false, is_abusive: false, language: Language::English }
    }
}

/// The result of triage.
#[derive(Clone, Debug, PartialEq)]
pub(in crate::agent) struct Judgement {
    pub triage: Triage,
    pub notices: Notices,
    /// The customer's own words of each message, without orders to the assistant.
    pub asked: Vec<String>,
    /// Mean sentiment of the messages; `None` if no person wrote them, or they are empty.
    pub sentiment: Option<f32>,
}

pub(in crate::agent) fn triage(context: &TurnContext, rules: &Rules) -> Judgement {
    let from_customer = context.unanswered.iter().filter(|said| said.role == Role::Customer);
    let messages: Vec<&str> = from_customer.map(|said| said.text.as_str()).collect();
    let own: Vec<String> = messages.iter().map(|text| own_words(text)).collect();
    let subject = subject(context);
    let mut reading = Reading::default();
    for text in subject.into_iter().chain(own.iter().map(String::as_str)) {
        reading.read(text, rules);
    }
    let spoken = CustomerText::of(&own, rules);
    let notices = Notices {
        gives_orders: reading.orders > 0,
        asks_for_others: reading.others > 0,
        is_abusive: reading
            .place
            .and_then(|place| rules.rule(place))
            .is_some_and(|rule| rule.reason == Reason::Abuse),
        language: spoken.language,
    };
    let says_nothing = !context.unanswered.iter().any(Utterance::shows_something)
        && own.iter().all(|text| silence::is_enough(text))
        && (is_reply(context) || subject.is_none_or(silence::says_nothing));
    let is_automatic = is_automatic(context, &messages);
    let is_silent = is_automatic || says_nothing && !reading.found_anything();
    let decided = if is_silent { Triage::Silent } else { reading.decide(context, &spoken, rules) };
    let is_praise = decided == Triage::Answer && is_praise(context, &own);
    let triage = if is_praise { Triage::Praise } else { decided };
    let sentiment = spoken.mean().filter(|_| !is_automatic);
    let asked =
        if notices.gives_orders { own.iter().map(|text| without_orders(text, rules)).collect() } else { own };
    Judgement { triage, notices, asked, sentiment }
}

/// Whether a message praises and nothing else is said, by the subject neither.
fn is_praise(context: &TurnContext, own: &[String]) -> bool {
    let says_nothing =
        |subject: &str| silence::says_nothing(subject) || praise::is_praise(subject) || subject.is_empty();
    !context.unanswered.iter().any(Utterance::shows_something)
        && (is_reply(context) || subject(context).is_none_or(says_nothing))
        && own.iter().any(|text| praise::is_praise(text))
        && own.iter().all(|text| praise::is_praise(text) || silence::is_enough(text))
}

/// Whether a text asks for nothing.
pub(in crate::agent) fn is_silent(text: &str) -> bool {
    silence::is_enough(text)
}

/// Sentiment of each message and the language of all of them; computed once, since it costs more than all other checks.
struct CustomerText {
    /// Of the messages that are not empty.
    felt: Vec<Feeling>,
    language: Language,
}

impl CustomerText {
    fn of(own: &[String], rules: &Rules) -> Self {
        let languages: Vec<Language> = own.iter().map(|text| language(text)).collect();
        let texts = own.iter().zip(&languages).filter(|(text, _)| !text.is_empty());
        let felt = texts.map(|(text, language)| Feeling::of(text, *language, rules)).collect();
        let language = match languages.as_slice() {
            [language] => *language,
            _ => language(&own.join("\n")),
        };
        Self { felt, language }
    }

    /// Whether the customer is very unhappy: in their words, or again.
    fn is_unhappy(&self, context: &TurnContext, rules: &Rules) -> bool {
        const EARLIER: usize = 5;
        let customer = context.history.iter().rev().filter(|said| said.role == Role::Customer);
        let earlier: Vec<&str> = customer.take(EARLIER).map(|said| said.text.as_str()).collect();
        self.felt.iter().any(|felt| felt.is_unhappy) || is_repeated(&self.felt, &earlier, rules)
    }

    fn mean(&self) -> Option<f32> {
        let count = u16::try_from(self.felt.len()).ok().filter(|count| *count > 0)?;
        Some(self.felt.iter().map(|felt| felt.score).sum::<f32>() / f32::from(count))
    }
}

/// The findings so far.
#[derive(Default)]
struct Reading {
    /// Index of the matched rule with the highest precedence.
    place: Option<usize>,
    sentences: usize,
    orders: usize,
    others: usize,
}

impl Reading {
    fn read(&mut self, text: &str, rules: &Rules) {
        for sentence in split(&without_code(text)) {
            let words = rules.corrected(&words_in(sentence));
            if words.is_empty() {
                continue;
            }
            self.sentences += 1;
            let (place, refusal) = rules.judge(&words);
            match refusal.map(|refusal| refusal.subject) {
                Some(Subject::Instructions) => self.orders += 1,
                Some(Subject::OtherPeople) => {
                    self.others += 1;
                    self.note(place.filter(|place| rules.rule(*place).is_some_and(is_grave)));
                }
                None => self.note(place),
            }
        }
    }

    fn note(&mut self, place: Option<usize>) {
        self.place = match (self.place, place) {
            (Some(known), Some(new)) => Some(known.min(new)),
            (known, new) => known.or(new),
        };
    }

    fn found_anything(&self) -> bool {
        self.place.is_some() || self.orders > 0 || self.others > 0
    }

    fn decide(&self, context: &TurnContext, spoken: &CustomerText, rules: &Rules) -> Triage {
        let orders_only = self.orders * 2 >= self.sentences;
        let rule = self.place.and_then(|place| rules.rule(place));
        if let Some(rule) = rule.filter(|rule| self.others == 0 || is_grave(rule)) {
            return Triage::Escalate(rule.clone());
        }
        if self.others > 0 {
            return refuse(Subject::OtherPeople, rules);
        }
        if self.orders > 0 && orders_only {
            return refuse(Subject::Instructions, rules);
        }
        match rules.mood() {
            Some(mood) if spoken.is_unhappy(context, rules) => Triage::Escalate(mood.rule.clone()),
            Some(_) | None => Triage::Answer,
        }
    }
}

/// Matters that take precedence over a request for another person's data.
fn is_grave(rule: &Rule) -> bool {
    match rule.reason {
        Reason::Security | Reason::Abuse | Reason::Legal => true,
        Reason::Pricing
        | Reason::Refund
        | Reason::HumanRequest
        | Reason::Sentiment
        | Reason::NoAnswer
        | Reason::Budget
        | Reason::Failure => false,
    }
}

fn refuse(subject: Subject, rules: &Rules) -> Triage {
    rules.refusal_of(subject).map_or(Triage::Answer, |refusal| Triage::Refuse(refusal.answer.clone()))
}

/// A text without its sentences that give orders to the assistant.
fn without_orders(text: &str, rules: &Rules) -> String {
    let is_order = |sentence: &str| {
        let words = rules.corrected(&words_in(sentence));
        rules.judge(&words).1.is_some_and(|refusal| refusal.subject == Subject::Instructions)
    };
    split(text).into_iter().filter(|sentence| !is_order(sentence)).collect::<String>().trim().to_owned()
}

fn is_automatic(context: &TurnContext, messages: &[&str]) -> bool {
    let subject = match context.channel {
        Channel::Email => context.ticket.subject.as_str(),
        Channel::Whatsapp => "",
        // Automatic mail does not reach the web form.
        Channel::WebForm => return false,
    };
    !messages.is_empty() && messages.iter().all(|text| automatic::is_automatic(subject, text))
}

/// Whether the subject is that of a reply to us: then it is our own text and says nothing about the customer.
fn is_reply(context: &TurnContext) -> bool {
    let subject = context.ticket.subject.trim().to_lowercase();
    ["re:", "aw:", "sv:", "antw:", "rif:", "vs:", "r:"].iter().any(|start| subject.starts_with(start))
}

#[cfg(test)]
mod tests;
