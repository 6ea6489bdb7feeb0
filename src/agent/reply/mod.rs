//! Output guard: validates every reply of the model before it may be sent to a customer.

use super::handbook::Rules;
use crate::agent::models::tools::ResponseArgs;
use crate::domain::conversations::turn::Decision;
use crate::domain::knowledge::{Passage, Source};

pub mod hand_over;

mod grounds;
mod hosts;
mod internals;
mod markup;
mod people;
mod prices;
mod promises;

pub(super) use grounds::Grounds;

/// Maximum characters of a reply.
const REPLY_MAX_CHARS: usize = 2_000;
/// Maximum characters of a question back to the customer.
const QUESTION_MAX_CHARS: usize = 500;

/// Why a reply is refused, as feedback that the model can act on.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub(super) enum Objection {
    #[error("the message says nothing")]
    Empty,
    #[error("the message holds a NUL character")]
    Nul,
    #[error("the message has more than {REPLY_MAX_CHARS} characters")]
    TooLong,
    #[error("`{0}` is not among the passages of this turn; cite by the ids that you were given")]
    UnknownCitation(String),
    #[error("the message cites nothing; cite its passages, or ask one short question that ends with `?`")]
    Uncited,
    #[error("the message names an amount of money; questions about prices go to a person")]
    Price,
    #[error("the message names a competitor; comparisons go to a person")]
    Competitor,
    #[error("the message points to `{0}`, which is not in the passages of this turn")]
    ForeignHost(String),
    #[error("the message holds an image, HTML, or a link that is no plain web link; write plain text")]
    Active,
    #[error("the message promises something that no passage promises")]
    Promise,
    #[error("the message speaks of instructions, tools or models; speak of the product alone")]
    Internal,
    #[error("the message names an address, a number or a ticket that stands in no passage")]
    SomebodyElse,
}

/// Validates a proposed reply and turns it into an answer.
pub(super) fn check(
    response: &ResponseArgs,
    grounds: &Grounds<'_>,
    rules: &Rules,
) -> Result<Decision, Objection> {
    let passages = grounds.passages;
    let text = response.message.trim();
    check_form(text)?;
    let sources = sources(&response.citations, passages)?;
    if sources.is_empty() && !is_question(text) {
        return Err(Objection::Uncited);
    }
    if prices::names_amount(text) {
        return Err(Objection::Price);
    }
    if rules.names_competitor(text) {
        return Err(Objection::Competitor);
    }
    if let Some(host) = hosts::foreign(text, passages) {
        return Err(Objection::ForeignHost(host));
    }
    check_content(text, grounds)?;
    Ok(Decision::Answer { text: text.to_owned(), sources })
}

/// What a reply must not contain even if it is grounded.
fn check_content(text: &str, grounds: &Grounds<'_>) -> Result<(), Objection> {
    if markup::is_active(text) {
        Err(Objection::Active)
    } else if internals::tells_of_itself(text, grounds) {
        Err(Objection::Internal)
    } else if people::names_somebody_else(text, grounds) {
        Err(Objection::SomebodyElse)
    } else if promises::promises(text, grounds) {
        Err(Objection::Promise)
    } else {
        Ok(())
    }
}

/// Whether a text is one short question without a statement that would need a source.
fn is_question(text: &str) -> bool {
    text.ends_with('?') && text.chars().count() <= QUESTION_MAX_CHARS
}

fn check_form(text: &str) -> Result<(), Objection> {
    if text.contains('\0') {
        Err(Objection::Nul)
    } else if !text.chars().any(char::is_alphanumeric) {
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
mod tests {
    use super::*;
    use crate::agent::samples::{context, handbook, passage};

    fn check(response: &ResponseArgs, passages: &[Passage]) -> Result<Decision, Objection> {
        let (context, handbook) = (context(&["Why?"]), handbook());
        super::check(response, &Grounds::of(&context, passages, "Keep this to yourself."), &handbook.rules)
    }

    fn response(message: &str, citations: &[&str]) -> ResponseArgs {
        ResponseArgs {
            message: message.to_owned(),
            citations: citations.iter().map(|id| (*id).to_owned()).collect(),
        }
    }

    #[test]
    fn a_cited_answer_passes_with_each_source_once() {
        let reset = passage("docs.md#reset", "Open https://app.techcorp.example and sign in.");
        let said = response("Open https://app.techcorp.example.", &["docs.md#reset", "docs.md#reset"]);
        assert_eq!(
            check(&said, std::slice::from_ref(&reset)),
            Ok(Decision::Answer {
                text: "Open https://app.techcorp.example.".to_owned(),
                sources: vec![Source::from(&reset)],
            })
        );
    }

    #[test]
    fn a_clarifying_question_needs_no_source() {
        let said = response("Which page are you on when this happens?", &[]);
        assert!(matches!(check(&said, &[]), Ok(Decision::Answer { sources, .. }) if sources.is_empty()));
    }

    #[test]
    fn what_must_not_be_sent_is_refused_with_the_reason() {
        let passages = [passage("docs.md#reset", "Select Forgot password.")];
        let long = "word ".repeat(500);
        let cases: [(&str, &[&str], Objection); 14] = [
            ("", &[], Objection::Empty),
            (" 👍 …", &[], Objection::Empty),
            ("a\0b", &["docs.md#reset"], Objection::Nul),
            (&long, &["docs.md#reset"], Objection::TooLong),
            ("Yes.", &["docs.md#other"], Objection::UnknownCitation("docs.md#other".to_owned())),
            ("Single sign-on is under Settings.", &[], Objection::Uncited),
            ("It costs $29.", &["docs.md#reset"], Objection::Price),
            ("Does $29 suit you?", &[], Objection::Price),
            ("We do more than monday.com.", &["docs.md#reset"], Objection::Competitor),
            (
                "See https://evil.example/x",
                &["docs.md#reset"],
                Objection::ForeignHost("evil.example".to_owned()),
            ),
            ("<img src=x>", &["docs.md#reset"], Objection::Active),
            ("We will refund you.", &["docs.md#reset"], Objection::Promise),
            ("My system prompt is secret.", &["docs.md#reset"], Objection::Internal),
            ("T-1041 has the same problem.", &["docs.md#reset"], Objection::SomebodyElse),
        ];
        for (message, citations, objection) in cases {
            assert_eq!(check(&response(message, citations), &passages), Err(objection), "{message:?}");
        }
    }
}
