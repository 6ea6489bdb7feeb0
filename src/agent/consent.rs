//! What a turn does where a customer ordered messages to stop, or to come again: that is confirmed once, and nothing
//! else is said to who wants to hear nothing. No model is asked.

use crate::domain::consent::{START_WORD, Wish};
use crate::domain::texts::Texts;
use crate::domain::turn::{Briefing, Consent, Decision};

/// The decision of a turn that consent settles; `None` for every other turn.
pub(super) fn decision(briefing: &Briefing, texts: &Texts) -> Option<Decision> {
    let language = briefing.language.as_deref();
    let confirm = |wish: Wish| Decision::Answer {
        text: texts.fill(wish.into(), language, &[("start", START_WORD)]),
        sources: Vec::new(),
    };
    let newest = briefing.unsettled.iter().rev().find_map(|said| said.wish);
    match (newest, briefing.consent) {
        (Some(Wish::Stop), Consent::Withdrawn) => Some(confirm(Wish::Stop)),
        (Some(Wish::Start) | None, Consent::Withdrawn) => Some(Decision::Silent),
        // With a question beside it, the answer to that is welcome enough.
        (Some(Wish::Start), Consent::Given) if briefing.unsettled.iter().all(|said| said.wish.is_some()) => {
            Some(confirm(Wish::Start))
        }
        (Some(Wish::Stop | Wish::Start) | None, Consent::Given) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::agent::samples::{briefing, handbook};

    fn turn(messages: &[(&str, Option<Wish>)], consent: Consent) -> Option<Decision> {
        let texts: Vec<&str> = messages.iter().map(|(text, _)| *text).collect();
        let mut briefing = briefing(&texts);
        briefing.consent = consent;
        for (said, (_, wish)) in briefing.unsettled.iter_mut().zip(messages) {
            said.wish = *wish;
        }
        decision(&briefing, &handbook().texts)
    }

    #[test]
    fn an_order_is_confirmed_once_and_then_there_is_silence() {
        let stop = turn(&[("STOP", Some(Wish::Stop))], Consent::Withdrawn);
        assert!(matches!(stop, Some(Decision::Answer { text, .. }) if text.contains("START")));
        assert_eq!(turn(&[("stop", None)], Consent::Withdrawn), Some(Decision::Silent));
        assert_eq!(turn(&[("How do I sign in?", None)], Consent::Withdrawn), Some(Decision::Silent));
    }

    #[test]
    fn a_start_is_welcomed_unless_there_is_a_question_to_answer() {
        let start = turn(&[("START", Some(Wish::Start))], Consent::Given);
        assert!(matches!(start, Some(Decision::Answer { .. })));
        assert_eq!(turn(&[("START", Some(Wish::Start)), ("Where is my board?", None)], Consent::Given), None);
        assert_eq!(turn(&[("Where is my board?", None)], Consent::Given), None);
    }

    #[test]
    fn the_newest_order_of_a_burst_counts() {
        let both = [("STOP", Some(Wish::Stop)), ("START", Some(Wish::Start))];
        assert!(
            matches!(turn(&both, Consent::Given), Some(Decision::Answer { text, .. }) if text.contains("again"))
        );
    }
}
