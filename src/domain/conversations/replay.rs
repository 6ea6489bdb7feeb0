//! Comparison of a finished turn with its replay from the recorded steps: whether the bot would do the same again, and
//! where it first differs.

use super::completed_turn::Action;
use crate::domain::enums::{ReplayPart, ReplayVerdict};

/// Characters of a text that are shown from the first difference on.
const EXCERPT_CHARS: usize = 120;

/// A finished turn, and what its replay decides.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TurnReplay {
    pub verdict: ReplayVerdict,
    pub recorded: Action,
    /// `None`: it could not be replayed to its end.
    pub replayed: Option<Action>,
    /// `None` if both are the same.
    pub difference: Option<ReplayDifference>,
}

/// The first difference, with what each has there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReplayDifference {
    pub part: ReplayPart,
    pub recorded: String,
    pub replayed: String,
}

impl TurnReplay {
    /// The replay came to a decision.
    pub fn decided(recorded: Action, replayed: Action) -> Self {
        let difference = first_difference(&recorded, &replayed);
        let verdict = match &difference {
            None => ReplayVerdict::Same,
            Some(found) => match found.part {
                ReplayPart::Text | ReplayPart::Sources => ReplayVerdict::Reworded,
                ReplayPart::Action | ReplayPart::Reason | ReplayPart::Path => ReplayVerdict::Different,
            },
        };
        Self { verdict, recorded, replayed: Some(replayed), difference }
    }

    /// The replay asked for `step`, which is not recorded.
    pub fn diverged(recorded: Action, step: &str) -> Self {
        let difference = ReplayDifference {
            part: ReplayPart::Path,
            recorded: recorded.action.to_string(),
            replayed: step.to_owned(),
        };
        Self { verdict: ReplayVerdict::Different, recorded, replayed: None, difference: Some(difference) }
    }
}

fn first_difference(recorded: &Action, replayed: &Action) -> Option<ReplayDifference> {
    let found =
        |part, recorded: String, replayed: String| Some(ReplayDifference { part, recorded, replayed });
    if recorded.action != replayed.action {
        return found(ReplayPart::Action, recorded.action.to_string(), replayed.action.to_string());
    }
    if recorded.reason != replayed.reason {
        let name = |action: &Action| action.reason.map(|reason| reason.to_string()).unwrap_or_default();
        return found(ReplayPart::Reason, name(recorded), name(replayed));
    }
    if recorded.text != replayed.text {
        let [one, other] = [recorded, replayed].map(|action| action.text.as_deref().unwrap_or_default());
        let same = one.chars().zip(other.chars()).take_while(|(one, other)| one == other).count();
        let rest = |text: &str| text.chars().skip(same).take(EXCERPT_CHARS).collect();
        return found(ReplayPart::Text, rest(one), rest(other));
    }
    if recorded.sources != replayed.sources {
        return found(ReplayPart::Sources, recorded.sources.join(", "), replayed.sources.join(", "));
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::enums::{Outcome, Reason};

    fn answer(text: &str, sources: &[&str]) -> Action {
        let sources = sources.iter().map(ToString::to_string).collect();
        Action { action: Outcome::Answer, reason: None, text: Some(text.to_owned()), sources }
    }

    #[test]
    fn the_first_difference_decides_how_a_replay_compares() {
        let recorded = answer("Use the form.", &["a.md#b"]);
        let escalated =
            |reason| Action { action: Outcome::Escalate, reason: Some(reason), text: None, sources: vec![] };
        let table = [
            (recorded.clone(), recorded.clone(), ReplayVerdict::Same, None),
            (
                recorded.clone(),
                answer("Use the page.", &[]),
                ReplayVerdict::Reworded,
                Some((ReplayPart::Text, "form.", "page.")),
            ),
            (
                recorded.clone(),
                answer("Use the form.", &["a.md#c"]),
                ReplayVerdict::Reworded,
                Some((ReplayPart::Sources, "a.md#b", "a.md#c")),
            ),
            (
                recorded,
                escalated(Reason::Pricing),
                ReplayVerdict::Different,
                Some((ReplayPart::Action, "answer", "escalate")),
            ),
            (
                escalated(Reason::Pricing),
                escalated(Reason::Budget),
                ReplayVerdict::Different,
                Some((ReplayPart::Reason, "pricing", "budget")),
            ),
        ];
        for (recorded, replayed, verdict, first) in table {
            let replay = TurnReplay::decided(recorded, replayed);
            let found = replay.difference.as_ref();
            let found = found.map(|found| (found.part, found.recorded.as_str(), found.replayed.as_str()));
            assert_eq!((replay.verdict, found), (verdict, first));
        }
    }
}
