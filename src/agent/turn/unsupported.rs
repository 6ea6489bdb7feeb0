//! Messages that a provider could not pass on, such as a poll: the customer is told once, without a model, and then there
//! is silence until they write something that can be read.

use crate::domain::conversations::turn::{Decision, TurnContext};
use crate::domain::wording::texts::{TextKey, Texts};

/// The decision of a turn about nothing but such messages; `None` for every other turn.
pub(super) fn decision(context: &TurnContext, texts: &Texts) -> Option<Decision> {
    if context.unanswered.is_empty() || !context.unanswered.iter().all(|said| said.is_unsupported) {
        return None;
    }
    if context.history.iter().any(|said| said.is_unsupported) {
        return Some(Decision::Silent);
    }
    let text = texts.get(TextKey::UnsupportedMessage, context.language.as_deref()).to_owned();
    Some(Decision::Answer { text, sources: Vec::new() })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::agent::samples::{context, handbook, said_by};
    use crate::domain::conversations::turn::Utterance;
    use crate::domain::enums::Role;

    fn unread() -> Utterance {
        Utterance { is_unsupported: true, ..said_by(Role::Customer, "") }
    }

    fn decided(unanswered: Vec<Utterance>, history: Vec<Utterance>) -> Option<Decision> {
        let mut context = context(&[]);
        (context.unanswered, context.history) = (unanswered, history);
        decision(&context, &handbook().texts)
    }

    #[test]
    fn the_customer_is_told_once_in_one_sentence() {
        let Some(Decision::Answer { text, .. }) = decided(vec![unread(), unread()], vec![]) else {
            panic!("no answer");
        };
        assert_eq!(text.matches(['.', '!', '?']).count(), 1, "{text}");
        let greeted = vec![said_by(Role::Customer, "Hi"), said_by(Role::Agent, "Hello")];
        assert!(matches!(decided(vec![unread()], greeted), Some(Decision::Answer { .. })));
        let told = vec![unread(), said_by(Role::Agent, &text)];
        assert_eq!(decided(vec![unread()], told), Some(Decision::Silent));
    }

    #[test]
    fn what_can_be_read_is_answered_as_ever() {
        assert_eq!(decided(vec![unread(), said_by(Role::Customer, "How do I export?")], vec![]), None);
        assert_eq!(decided(vec![said_by(Role::Customer, "")], vec![unread()]), None);
        assert_eq!(decided(vec![], vec![]), None);
    }
}
