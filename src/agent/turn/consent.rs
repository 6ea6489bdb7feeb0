//! Opt-out and opt-in: a turn confirms such a command once and says nothing else to a customer who opted out. No model
//! is called.

use crate::domain::conversations::turn::{Consent, Decision, TurnContext};
use crate::domain::customers::consent::{OptOutCommand, START_WORD};
use crate::domain::wording::texts::Texts;

/// The decision of a turn about consent; `None` for every other turn.
pub(in crate::agent) fn decision(context: &TurnContext, texts: &Texts) -> Option<Decision> {
    let language = context.language.as_deref();
    let confirm = |opt_out: OptOutCommand| Decision::Answer {
        text: texts.fill(opt_out.into(), language, &[("start", START_WORD)]),
        sources: Vec::new(),
    };
    let newest = context.unanswered.iter().rev().find_map(|said| said.opt_out);
    match (newest, context.consent) {
        (Some(OptOutCommand::Stop), Consent::Withdrawn) => Some(confirm(OptOutCommand::Stop)),
        (Some(OptOutCommand::Start) | None, Consent::Withdrawn) => Some(Decision::Silent),
        // If the message also asks a question, that is answered instead.
        (Some(OptOutCommand::Start), Consent::Given)
            if context.unanswered.iter().all(|said| said.opt_out.is_some()) =>
        {
            Some(confirm(OptOutCommand::Start))
        }
        (Some(OptOutCommand::Stop | OptOutCommand::Start) | None, Consent::Given) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::agent::samples::{context, handbook};

    fn turn(messages: &[(&str, Option<OptOutCommand>)], consent: Consent) -> Option<Decision> {
        let texts: Vec<&str> = messages.iter().map(|(text, _)| *text).collect();
        let mut context = context(&texts);
        context.consent = consent;
        for (said, (_, opt_out)) in context.unanswered.iter_mut().zip(messages) {
            said.opt_out = *opt_out;
        }
        decision(&context, &handbook().texts)
    }

    #[test]
    fn an_order_is_confirmed_once_and_then_there_is_silence() {
        let stop = turn(&[("STOP", Some(OptOutCommand::Stop))], Consent::Withdrawn);
        assert!(matches!(stop, Some(Decision::Answer { text, .. }) if text.contains("START")));
        assert_eq!(turn(&[("stop", None)], Consent::Withdrawn), Some(Decision::Silent));
        assert_eq!(turn(&[("How do I sign in?", None)], Consent::Withdrawn), Some(Decision::Silent));
    }

    #[test]
    fn a_start_is_welcomed_unless_there_is_a_question_to_answer() {
        let start = turn(&[("START", Some(OptOutCommand::Start))], Consent::Given);
        assert!(matches!(start, Some(Decision::Answer { .. })));
        assert_eq!(
            turn(&[("START", Some(OptOutCommand::Start)), ("Where is my board?", None)], Consent::Given),
            None
        );
        assert_eq!(turn(&[("Where is my board?", None)], Consent::Given), None);
    }

    #[test]
    fn the_newest_order_of_a_burst_counts() {
        let both = [("STOP", Some(OptOutCommand::Stop)), ("START", Some(OptOutCommand::Start))];
        assert!(
            matches!(turn(&both, Consent::Given), Some(Decision::Answer { text, .. }) if text.contains("again"))
        );
    }
}
