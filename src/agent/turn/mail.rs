//! Mails that get no automatic answer: what the e-mail channel found out about a mail decides before any rule and any
//! model. A machine gets no answer, and no sender more automatic replies than the limit: two machines that answer each
//! other must end.

use crate::agent::handbook::Handbook;
use crate::agent::reply::hand_over::{hand_over, rule_for};
use crate::domain::conversations::turn::{Decision, HandOver, REPLIES_PER_HOUR, TurnContext, Utterance};
use crate::domain::enums::{Reason, Unanswered};

/// The decision that follows from where the messages came from; `None` where they are a customer's. Of several messages
/// those of machines are left out.
pub(super) fn decision(context: &mut TurnContext, handbook: &Handbook) -> Option<Decision> {
    if !context.unanswered.is_empty() && context.unanswered.iter().all(is_silent) {
        return Some(Decision::Silent);
    }
    context.unanswered.retain(|said| !is_silent(said));
    let has = |reason: Unanswered| context.unanswered.iter().any(|said| said.unanswered == Some(reason));
    if has(Unanswered::FormMail) {
        let why = "A form on a website sent this in the name of our own address: see whom to answer.";
        return Some(unacknowledged(context, handbook, Reason::NoAnswer, why));
    }
    if context.recent_replies >= REPLIES_PER_HOUR {
        let why = "This sender got the most automatic replies that one may get within an hour: perhaps a machine answers.";
        return Some(unacknowledged(context, handbook, Reason::Failure, why));
    }
    if has(Unanswered::Encrypted) {
        let rule = rule_for(handbook, Reason::NoAnswer, "The mail is encrypted: it was not read.");
        return Some(Decision::Escalate(hand_over(context, handbook, &rule)));
    }
    None
}

/// A hand-off that only staff hear of.
fn unacknowledged(context: &TurnContext, handbook: &Handbook, reason: Reason, why: &str) -> Decision {
    let told = hand_over(context, handbook, &rule_for(handbook, reason, why));
    Decision::Escalate(HandOver { acknowledgement: String::new(), ..told })
}

fn is_silent(said: &Utterance) -> bool {
    match said.unanswered {
        None | Some(Unanswered::Encrypted | Unanswered::FormMail) => false,
        Some(
            Unanswered::Automatic
            | Unanswered::Bulk
            | Unanswered::NoReply
            | Unanswered::Report
            | Unanswered::OwnAddress
            | Unanswered::NotToUs
            | Unanswered::NoSender
            | Unanswered::StaffReply,
        ) => true,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::agent::samples::{context, handbook};

    fn decided(reasons: &[Option<Unanswered>], recent_replies: i64) -> (Option<Decision>, usize) {
        let mut context = context(&vec!["How do I export?"; reasons.len()]);
        context.recent_replies = recent_replies;
        for (said, reason) in context.unanswered.iter_mut().zip(reasons) {
            said.unanswered = *reason;
        }
        (decision(&mut context, &handbook()), context.unanswered.len())
    }

    #[test]
    fn machines_get_no_answer_and_are_left_out_beside_people() {
        let machine = Some(Unanswered::Automatic);
        assert_eq!(decided(&[machine, Some(Unanswered::Report)], 0).0, Some(Decision::Silent));
        assert_eq!(decided(&[machine, None], 0), (None, 1));
        assert_eq!(decided(&[machine], REPLIES_PER_HOUR).0, Some(Decision::Silent));
    }

    #[test]
    fn a_loop_ends_with_staff_and_without_a_word_to_the_sender() {
        assert_eq!(decided(&[None], REPLIES_PER_HOUR - 1).0, None);
        for (reasons, replies) in [([None], REPLIES_PER_HOUR), ([Some(Unanswered::FormMail)], 0)] {
            let Some(Decision::Escalate(told)) = decided(&reasons, replies).0 else {
                panic!("{reasons:?} is not handed over");
            };
            assert!(told.acknowledgement.is_empty() && !told.summary.is_empty());
        }
    }

    #[test]
    fn who_writes_in_secret_hears_that_a_person_reads_it() {
        let Some(Decision::Escalate(told)) = decided(&[Some(Unanswered::Encrypted)], 0).0 else {
            panic!("it is not handed over");
        };
        assert_eq!(told.reason, Reason::NoAnswer);
        assert!(!told.acknowledgement.is_empty());
    }
}
