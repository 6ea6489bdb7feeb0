//! Reference model of who may write in a conversation: the decisions behind "once, in order, never over a human", as
//! pure functions of its row (PROTOCOL.md 4).
//!
//! Production decides in SQL: the batch functions in `migrations/functions` apply the same decisions to the real row,
//! under its lock. No production code calls this. `model` explores it for every interleaving of processes, customers,
//! staff and crashes, and `mirror` compares it with PostgreSQL.

use std::time::Duration;

use fte::domain::conversations::turn::{Refusal, Rest, SupersedePolicy};
use fte::domain::enums::{ConversationStatus, Outcome};
use fte::domain::ids::{ProcessId, TurnId};

/// The columns that the decisions depend on.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Row {
    pub status: ConversationStatus,
    /// The fencing token.
    pub epoch: i64,
    /// The sequence number of the newest message.
    pub last_seq: i64,
    /// The sequence number of the newest inbound message.
    pub last_inbound: i64,
    /// Inbound messages up to this one are answered.
    pub answered_through: i64,
    /// The turn that has begun and not finished.
    pub turn: Option<Unfinished>,
    pub lease: Lease,
}

/// An unfinished turn.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Unfinished {
    pub id: TurnId,
    pub covers: i64,
}

/// Whether a process works on the conversation, as the sweeper sees it from the lease.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Lease {
    Nobody,
    Live(ProcessId),
    Expired(ProcessId),
}

/// The write permission that a turn holds from its begin.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Hold {
    pub turn: TurnId,
    pub epoch: i64,
    pub covers: i64,
}

/// The result of beginning a turn.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Begin {
    /// Nothing to answer, or the bot does not own the conversation: nothing changes.
    Idle(Row),
    /// The turn is new.
    Fresh(Row, Hold),
    /// It continues with the steps of the unfinished turn.
    Resumed(Row, Hold),
}

/// The result of finishing a turn.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FinishOutcome {
    /// The decision is committed.
    Committed(Row, Rest),
    /// The decision was committed before: the response was lost.
    Repeated(Row, Rest),
    Refused(Row, Refusal),
}

/// Whether a new message of an attested sender continues this conversation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Reuse {
    GoesOn,
    OpensAnother,
}

impl Row {
    /// A conversation whose first message has just been stored.
    pub fn opened() -> Self {
        Self {
            status: ConversationStatus::Active,
            epoch: 0,
            last_seq: 1,
            last_inbound: 1,
            answered_through: 0,
            turn: None,
            lease: Lease::Nobody,
        }
    }

    /// Whether there are unanswered inbound messages.
    pub fn has_unsettled(&self) -> bool {
        self.last_inbound > self.answered_through
    }

    /// Whether a turn would have messages to answer.
    pub fn waits_for_the_bot(&self) -> bool {
        self.status == ConversationStatus::Active && self.has_unsettled()
    }

    /// A customer's message is stored.
    pub fn received(mut self) -> Self {
        self.last_seq += 1;
        self.last_inbound = self.last_seq;
        self
    }

    /// Rules 1 and 2: with nothing to answer nothing changes; otherwise the epoch increases, and an unfinished turn is
    /// resumed if it covers the same messages.
    pub fn begin(mut self, turn: TurnId, owner: ProcessId) -> Begin {
        if !self.waits_for_the_bot() {
            return Begin::Idle(self);
        }
        let unfinished = self.turn.filter(|unfinished| unfinished.covers == self.last_inbound);
        let id = unfinished.map_or(turn, |unfinished| unfinished.id);
        self.epoch += 1;
        self.lease = Lease::Live(owner);
        self.turn = Some(Unfinished { id, covers: self.last_inbound });
        let hold = Hold { turn: id, epoch: self.epoch, covers: self.last_inbound };
        if unfinished.is_some() { Begin::Resumed(self, hold) } else { Begin::Fresh(self, hold) }
    }

    /// Rule 2: whether a turn may record a step.
    pub fn may_record(&self, hold: Hold) -> bool {
        self.status == ConversationStatus::Active
            && self.epoch == hold.epoch
            && self.turn.is_some_and(|turn| turn.id == hold.turn)
    }

    /// Rule 3: compares the epoch, the owner and the newest message, in this order, and answers only the messages it
    /// covers. `known` is the outcome under which the turn has finished before.
    pub fn finish(
        mut self,
        hold: Hold,
        supersede: SupersedePolicy,
        outcome: Outcome,
        known: Option<Outcome>,
    ) -> FinishOutcome {
        if known.is_some() && self.answered_through >= hold.covers {
            let rest = self.rest();
            return FinishOutcome::Repeated(self, rest);
        }
        if self.epoch != hold.epoch {
            return FinishOutcome::Refused(self, Refusal::Fenced);
        }
        if self.status != ConversationStatus::Active {
            return FinishOutcome::Refused(self, Refusal::TakenOver);
        }
        if self.last_inbound != hold.covers && supersede == SupersedePolicy::Restart {
            return FinishOutcome::Refused(self, Refusal::Newer);
        }
        self.answered_through = hold.covers;
        self.turn = None;
        self.lease = Lease::Nobody;
        match outcome {
            Outcome::Answer => self.last_seq += 1,
            Outcome::Escalate => {
                self.last_seq += 1;
                self.status = ConversationStatus::Escalated;
            }
            Outcome::Silent => {}
        }
        let rest = self.rest();
        FinishOutcome::Committed(self, rest)
    }

    fn rest(&self) -> Rest {
        if self.waits_for_the_bot() { Rest::Waiting } else { Rest::Nothing }
    }

    /// Rule 5: staff take over the conversation. The caller withdraws the bot's pending deliveries in the same
    /// transaction.
    pub fn take_over(mut self) -> Self {
        self.ends_turns();
        self.status = ConversationStatus::Escalated;
        self
    }

    /// Rule 5: a staff reply answers the inbound messages that staff had been shown, those up to `shown`.
    pub fn staff_reply(mut self, shown: i64) -> Self {
        self.ends_turns();
        self.status = ConversationStatus::Escalated;
        self.last_seq += 1;
        self.answered_through = self.answered_through.max(shown.min(self.last_inbound));
        self
    }

    /// Rule 5: staff hand the conversation back. If it has messages for the bot, the caller writes an event.
    pub fn hand_back(mut self) -> Self {
        self.ends_turns();
        self.status = ConversationStatus::Active;
        self
    }

    /// Rule 5: staff resolve the ticket; the note that records it answers everything.
    pub fn resolve(mut self) -> Self {
        self.ends_turns();
        self.status = ConversationStatus::Active;
        self.last_seq += 1;
        self.answered_through = self.last_inbound;
        self
    }

    /// Rule 5: staff merge the conversation into another one. It is closed, and the note answers what waited.
    pub fn merge_away(self) -> Self {
        Self { status: ConversationStatus::Closed, ..self.resolve() }
    }

    /// Rule 5: what staff did is taken back: people or the bot have the conversation as before, and what they had
    /// answered beyond `answered` waits again. `inbound` are the numbers of the customer's messages.
    pub fn take_back(mut self, status: ConversationStatus, answered: i64, inbound: &[i64]) -> Self {
        self.ends_turns();
        self.status = status;
        self.waits_after(answered, inbound);
        self
    }

    /// Rule 5: staff split the newest message of the customer off; `inbound` are those that stay.
    pub fn split_newest(mut self, inbound: &[i64]) -> Self {
        self.ends_turns();
        self.last_inbound = *inbound.last().expect("one stays");
        let answered = self.answered_through.min(self.last_inbound);
        self.waits_after(answered, inbound);
        self
    }

    /// The first message that is not answered is the first one after `answered`.
    fn waits_after(&mut self, answered: i64, inbound: &[i64]) {
        let first = inbound.iter().find(|number| **number > answered);
        self.answered_through = first.map_or(self.last_inbound, |number| number - 1);
    }

    /// Every change of ownership fences the running turns and discards their steps.
    fn ends_turns(&mut self) {
        self.epoch += 1;
        self.turn = None;
        self.lease = Lease::Nobody;
    }

    /// Rule 6: a conversation that staff own, or with an unanswered message, is reused whatever its age.
    pub fn reuse(&self, idle_for: Duration, limit: Duration) -> Reuse {
        let held = self.status == ConversationStatus::Escalated || self.has_unsettled();
        let young = self.status != ConversationStatus::Closed && idle_for < limit;
        if held || young { Reuse::GoesOn } else { Reuse::OpensAnother }
    }

    /// Rule 7: whether the conversation has work for the bot and no live lease.
    pub fn is_forgotten(&self) -> bool {
        let worked_on = match self.lease {
            Lease::Live(_) => true,
            Lease::Nobody | Lease::Expired(_) => false,
        };
        self.waits_for_the_bot() && !worked_on
    }
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    const TURN: TurnId = TurnId(Uuid::from_u128(1));
    const OTHER: TurnId = TurnId(Uuid::from_u128(2));
    const OWNER: ProcessId = ProcessId(Uuid::from_u128(9));
    const DAY: Duration = Duration::from_secs(86_400);

    fn begun(row: Row, turn: TurnId) -> (Row, Hold) {
        match row.begin(turn, OWNER) {
            Begin::Fresh(row, hold) | Begin::Resumed(row, hold) => (row, hold),
            Begin::Idle(row) => panic!("nothing to answer in {row:?}"),
        }
    }

    fn finish(row: &Row, hold: Hold, supersede: SupersedePolicy) -> FinishOutcome {
        row.clone().finish(hold, supersede, Outcome::Answer, None)
    }

    #[test]
    fn a_turn_answers_the_messages_it_covers_once() {
        let (row, hold) = begun(Row::opened(), TURN);
        let FinishOutcome::Committed(row, Rest::Nothing) = finish(&row, hold, SupersedePolicy::Restart)
        else {
            panic!("{row:?}")
        };
        assert_eq!((row.answered_through, row.last_seq, row.lease), (1, 2, Lease::Nobody));
        assert_eq!(row.clone().begin(OTHER, OWNER), Begin::Idle(row.clone()));
        let again =
            row.clone().finish(hold, SupersedePolicy::Restart, Outcome::Answer, Some(Outcome::Answer));
        assert_eq!(again, FinishOutcome::Repeated(row, Rest::Nothing));
    }

    #[test]
    fn each_refusal_names_its_reason() {
        let (row, hold) = begun(Row::opened(), TURN);
        let newer = row.clone().received();
        assert_eq!(
            finish(&newer, hold, SupersedePolicy::Restart),
            FinishOutcome::Refused(newer.clone(), Refusal::Newer)
        );
        assert!(matches!(
            finish(&newer, hold, SupersedePolicy::Commit),
            FinishOutcome::Committed(_, Rest::Waiting)
        ));
        let (fenced, _) = begun(row.clone(), OTHER);
        assert_eq!(
            finish(&fenced, hold, SupersedePolicy::Commit),
            FinishOutcome::Refused(fenced, Refusal::Fenced)
        );
        let escalated = Row { status: ConversationStatus::Escalated, ..row };
        assert_eq!(
            finish(&escalated, hold, SupersedePolicy::Commit),
            FinishOutcome::Refused(escalated, Refusal::TakenOver)
        );
    }

    #[test]
    fn steps_are_resumed_only_for_the_same_messages_and_not_after_staff_acted() {
        let (row, hold) = begun(Row::opened(), TURN);
        let Begin::Resumed(_, resumed) = row.clone().begin(OTHER, OWNER) else { panic!("the same messages") };
        assert_eq!((resumed.turn, resumed.epoch), (TURN, 2));
        assert!(matches!(row.clone().received().begin(OTHER, OWNER), Begin::Fresh(..)));
        let back = row.take_over().hand_back();
        assert!(!back.may_record(hold));
        assert!(matches!(back.begin(OTHER, OWNER), Begin::Fresh(..)));
    }

    #[test]
    fn a_staff_reply_answers_only_what_staff_were_shown() {
        let row = Row::opened().received().take_over().staff_reply(1);
        assert_eq!((row.answered_through, row.waits_for_the_bot()), (1, false));
        assert!(row.hand_back().is_forgotten(), "the second message waits for the bot again");
    }

    #[test]
    fn an_old_conversation_continues_while_staff_own_it_or_a_message_waits() {
        let waiting = Row::opened();
        let (row, hold) = begun(waiting.clone(), TURN);
        let FinishOutcome::Committed(settled, _) = finish(&row, hold, SupersedePolicy::Restart) else {
            panic!("{row:?}")
        };
        assert_eq!(settled.reuse(DAY, DAY), Reuse::OpensAnother);
        for row in [waiting, settled.clone().take_over()] {
            assert_eq!(row.reuse(10 * DAY, DAY), Reuse::GoesOn, "{row:?}");
        }
        assert_eq!(settled.reuse(DAY / 2, DAY), Reuse::GoesOn);
    }
}
