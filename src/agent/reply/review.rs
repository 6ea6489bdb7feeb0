//! Output guard for replies that a program writes for staff: the guards of the bot's own replies, except that what cites
//! nothing may be said, because a member of staff answers for it.

use super::{
    CANONICAL_MAX_CHARS, Grounds, Objection, RAW_MAX_CHARS, check_company, check_content, check_form,
};
use super::{markup, sources};
use crate::agent::canonical::{Canonical, visible};
use crate::agent::handbook::Handbook;
use crate::domain::conversations::turn::TurnContext;
use crate::domain::knowledge::{Passage, Source};

/// A reply that may be sent.
#[derive(Clone, Debug, PartialEq)]
pub struct ReviewedReply {
    pub text: String,
    pub sources: Vec<Source>,
}

/// Checks a reply in the conversation of `context`; `passages` are the cited sections that exist. An error says what is
/// wrong, as feedback that a model can act on.
pub fn review(
    message: &str,
    citations: &[String],
    passages: &[Passage],
    context: &TurnContext,
    handbook: &Handbook,
) -> Result<ReviewedReply, String> {
    let grounds = Grounds::of(context, passages, "", handbook);
    reviewed(message, citations, &grounds).map_err(|objection| objection.to_string())
}

fn reviewed(message: &str, citations: &[String], grounds: &Grounds<'_>) -> Result<ReviewedReply, Objection> {
    if message.chars().nth(RAW_MAX_CHARS).is_some() {
        return Err(Objection::TooLong);
    }
    let text = visible(message);
    let text = text.trim();
    check_form(text)?;
    let sources = sources(citations, grounds.passages)?;
    let text = markup::defused(text, grounds).ok_or(Objection::Active)?;
    let canonical = Canonical::of(&text);
    if canonical.folded.chars().nth(CANONICAL_MAX_CHARS).is_some() {
        return Err(Objection::TooLong);
    }
    check_company(&canonical, &sources, grounds)?;
    check_content(&canonical, grounds)?;
    Ok(ReviewedReply { text, sources })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::agent::samples::{context, handbook, passage};

    #[test]
    fn what_cites_nothing_may_be_said_and_what_the_bot_may_not_say_is_refused() {
        let (context, handbook) = (context(&["Why?"]), handbook());
        let passages = [passage("docs.md#reset", "Select Forgot password.")];
        let said = |message: &str, citations: &[&str]| {
            let citations: Vec<String> = citations.iter().map(|id| (*id).to_owned()).collect();
            review(message, &citations, &passages, &context, &handbook)
        };
        let plain = said(" Your workspace is unlocked again. ", &[]).unwrap();
        assert_eq!((plain.text.as_str(), plain.sources.len()), ("Your workspace is unlocked again.", 0));
        let cited = said("Select Forgot password.", &["docs.md#reset"]).unwrap();
        assert_eq!(cited.sources, [Source::from(&passages[0])]);
        for (message, citations) in [
            ("Yes.", &["docs.md#other"][..]),
            ("It costs $29.", &[]),
            ("Reply with your password.", &[]),
            ("See https://evil.example/x", &[]),
            ("<img src=x>", &[]),
            ("\u{200b}", &[]),
        ] {
            assert!(said(message, citations).is_err(), "{message:?}");
        }
    }
}
