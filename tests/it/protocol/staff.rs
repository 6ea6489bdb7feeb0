//! The actions of staff in the model-based test: the real functions, and what the reference model says of them.

use fte::clock;
use fte::crm::port::{BulkActions, BulkActor, StaffActions};
use fte::domain::accounts::SERVICE_ACCOUNT;
use fte::domain::console::actions::{
    ActionConflict, ActionRefusal, StaffAnswer, StaffCommand, StaffOrder, StaffReply, USUAL_DELAY,
};
use fte::domain::console::bulk::{BulkOpening, BulkOrder, BulkStep, BulkTargets, BulkWork};
use fte::domain::console::rearrangements::{ConversationMerge, ConversationSplit, Rearrangement};
use fte::domain::enums::{Channel, ConversationStatus, Outcome, StaffRole};
use fte::domain::ids::{BulkId, ConversationId, MessageId};
use tokio_postgres::Client;
use uuid::Uuid;

use super::decisions::Row;
use super::mirror::Walk;
use crate::support::records::{accept, begin, process, submission};

/// What the actions of staff depend on beside the row.
#[derive(Clone, Debug)]
pub struct Desk {
    /// Staff work on it: they have claimed it, or the customer has written after their reply.
    claimed: bool,
    /// The newest reply of staff: its id, the epoch that it was written under, and what was answered before it.
    reply: Option<(MessageId, i64, i64)>,
    resolved: bool,
    /// What was answered before the oldest reply of the bot that has not left; nothing sends them in this test.
    pending: Option<i64>,
    /// What staff have told the bot.
    pub told: Option<String>,
    /// The numbers of the customer's messages.
    inbound: Vec<i64>,
    /// The row and the desk before a merge.
    before_merge: Option<Box<(Row, Desk)>>,
}

impl Default for Desk {
    fn default() -> Self {
        Self {
            claimed: false,
            reply: None,
            resolved: false,
            pending: None,
            told: None,
            inbound: vec![1],
            before_merge: None,
        }
    }
}

impl Desk {
    pub fn received(&mut self, row: &Row) {
        self.inbound.push(row.last_inbound);
        self.claimed |= self.reply.is_some_and(|(_, epoch, _)| epoch == row.epoch);
        self.resolved = false;
    }

    /// A turn has committed a reply or an acknowledgement to what came after `answered`.
    pub fn decided(&mut self, outcome: Outcome, answered: i64) {
        self.claimed = false;
        self.pending.get_or_insert(answered);
        if outcome == Outcome::Escalate {
            self.told = None;
        }
    }

    /// People have it, and what the bot had not sent yet is withdrawn.
    fn taken(&mut self, claimed: bool) {
        (self.claimed, self.resolved, self.told, self.pending) = (claimed, false, None, None);
    }

    /// What counts as answered once the bot's withdrawn replies count no more.
    fn sent_through(&self, answered: i64) -> i64 {
        answered.min(self.pending.unwrap_or(answered))
    }

    /// As it was before something that withdrew the bot's replies and is taken back.
    fn taken_back(self) -> Self {
        Self { claimed: false, pending: None, ..self }
    }
}

impl Walk {
    /// One action of staff, chosen at random.
    pub async fn people(&mut self) -> &'static str {
        if self.row.status == ConversationStatus::Closed {
            return if self.choose(2) == 0 {
                self.unmerge().await
            } else {
                self.nothing_while_closed().await
            };
        }
        match self.choose(10) {
            0 => self.claim().await,
            1 => self.reply().await,
            2 | 3 => self.hand_back().await,
            4 | 5 => self.cancel().await,
            6 => self.resolve().await,
            7 => self.merge().await,
            8 => self.split().await,
            _ => self.bulk_undo().await,
        }
    }

    async fn perform(&self, command: StaffCommand) -> StaffAnswer {
        let order = StaffOrder { actor: SERVICE_ACCOUNT, role: StaffRole::Admin, key: None, command };
        self.store.perform(order).await.unwrap()
    }

    async fn does(&self, command: StaffCommand) {
        let answer = self.perform(command).await;
        assert!(matches!(answer, StaffAnswer::Done(_)), "{answer:?}");
    }

    async fn is_refused(&self, command: StaffCommand, refusal: ActionRefusal) {
        assert_eq!(self.perform(command).await, StaffAnswer::Refused(Box::new(refusal)));
    }

    /// The newest message that is no note, and that a person was shown.
    async fn newest(&self) -> MessageId {
        let newest =
            "select id from messages where conversation_id = $1 and kind <> 'note' order by seq desc limit 1";
        let row = self.database.query_one(newest, &[&self.conversation.0]).await.unwrap();
        MessageId(row.get::<_, Uuid>(0))
    }

    async fn claim(&mut self) -> &'static str {
        let command = StaffCommand::Claim { conversation: self.conversation, force: false };
        if self.desk.resolved {
            self.is_refused(command, ActionRefusal::Conflict(ActionConflict::Resolved)).await;
            return "resolved, not claimed";
        }
        self.does(command).await;
        if self.desk.claimed {
            return "claimed again";
        }
        self.row = self.row.clone().take_over();
        self.desk.taken(true);
        "claimed"
    }

    async fn reply(&mut self) -> &'static str {
        let message = clock::new_v7().into();
        self.does(StaffCommand::Reply(Box::new(StaffReply {
            conversation: self.conversation,
            message,
            delivery: clock::new_v7().into(),
            text: "A colleague answers.".to_owned(),
            seen: self.newest().await,
            channel: None,
            cc: None,
            bcc: None,
            delay: None,
            usual_delay: USUAL_DELAY,
            resolves: false,
            suggestion: None,
            sources: Vec::new(),
            force: false,
            channels: vec![Channel::WebForm],
        })))
        .await;
        let (shown, answered) = (self.row.last_inbound, self.row.answered_through);
        self.row = self.row.clone().staff_reply(shown);
        self.desk.taken(false);
        self.desk.reply = Some((message, self.row.epoch, answered));
        "replied"
    }

    /// A reply can be taken back until anything has changed hands.
    async fn cancel(&mut self) -> &'static str {
        let Some((message, epoch, answered)) = self.desk.reply else {
            return "nothing";
        };
        let command = StaffCommand::CancelReply { message };
        if self.row.epoch != epoch {
            self.is_refused(command, ActionRefusal::Conflict(ActionConflict::Changed)).await;
            return "changed since";
        }
        self.does(command).await;
        self.row = self.row.clone().take_back(ConversationStatus::Escalated, answered, &self.desk.inbound);
        self.desk.taken(false);
        "cancelled"
    }

    async fn hand_back(&mut self) -> &'static str {
        let instruction = (self.choose(2) == 0).then(|| format!("Epoch {}.", self.row.epoch));
        let command =
            StaffCommand::HandBack { conversation: self.conversation, instruction: instruction.clone() };
        if self.row.status != ConversationStatus::Escalated {
            self.is_refused(command, ActionRefusal::Conflict(ActionConflict::NotInHumanHands)).await;
            return "not in human hands";
        }
        self.does(command).await;
        self.row = self.row.clone().hand_back();
        (self.desk.claimed, self.desk.told) = (false, instruction);
        "handed back"
    }

    async fn resolve(&mut self) -> &'static str {
        let (note, seen) = (clock::new_v7().into(), self.newest().await);
        self.does(StaffCommand::Resolve { conversation: self.conversation, note, seen }).await;
        self.is_resolved()
    }

    fn is_resolved(&mut self) -> &'static str {
        if self.desk.resolved {
            assert!(!self.row.has_unsettled(), "a message reopens its ticket");
            return "resolved already";
        }
        self.row = self.row.clone().resolve();
        (self.desk.claimed, self.desk.resolved, self.desk.pending) = (false, true, None);
        "resolved"
    }

    /// Merges it into a new conversation of the same customer; staff have that if anything waited.
    async fn merge(&mut self) -> &'static str {
        let external = clock::new_v4().to_string();
        let target = accept(&self.store, submission("ann@example.com", &external)).await.conversation;
        let order = ConversationMerge {
            source: self.conversation,
            target,
            merge: clock::new_v7().into(),
            source_note: clock::new_v7().into(),
            target_note: clock::new_v7().into(),
        };
        self.does(StaffCommand::Rearrange(Rearrangement::MergeConversations(Box::new(order)))).await;
        let waits = self.row.has_unsettled() || self.desk.pending.is_some();
        let begun = begin(&self.store, target, process()).await;
        assert_eq!(
            begun.is_none(),
            waits,
            "what waited is for people, and the target is the bot's otherwise"
        );
        self.desk.before_merge = Some(Box::new((self.row.clone(), self.desk.clone())));
        self.row = self.row.clone().merge_away();
        "merged"
    }

    async fn nothing_while_closed(&mut self) -> &'static str {
        let conversation = self.conversation;
        let command = match self.choose(3) {
            0 => StaffCommand::Claim { conversation, force: true },
            1 => StaffCommand::HandBack { conversation, instruction: None },
            _ => StaffCommand::Resolve {
                conversation,
                note: clock::new_v7().into(),
                seen: self.newest().await,
            },
        };
        self.is_refused(command, ActionRefusal::Conflict(ActionConflict::TicketClosed)).await;
        "closed"
    }

    async fn unmerge(&mut self) -> &'static str {
        let command = Rearrangement::Unmerge { conversation: self.conversation };
        self.does(StaffCommand::Rearrange(command)).await;
        let (row, desk) = *self.desk.before_merge.take().expect("it was merged");
        let answered = desk.sent_through(row.answered_through);
        self.row = self.row.clone().take_back(row.status, answered, &desk.inbound);
        self.desk = desk.taken_back();
        "unmerged"
    }

    /// Splits the newest message of the customer off; staff have it.
    async fn split(&mut self) -> &'static str {
        let newest = "select id from messages where conversation_id = $1 and seq = $2";
        let newest = self.database.query_one(newest, &[&self.conversation.0, &self.row.last_inbound]).await;
        let new: ConversationId = clock::new_v7().into();
        let order = ConversationSplit {
            conversation: self.conversation,
            messages: vec![MessageId(newest.unwrap().get::<_, Uuid>(0))],
            subject: "Something else".to_owned(),
            new,
            ticket: clock::new_v4().into(),
        };
        let command = StaffCommand::Rearrange(Rearrangement::Split(Box::new(order)));
        if self.desk.inbound.len() == 1 {
            self.is_refused(command, ActionRefusal::NothingToSplit).await;
            return "nothing to split";
        }
        self.does(command).await;
        assert!(begin(&self.store, new, process()).await.is_none(), "people have it");
        self.desk.inbound.pop();
        self.row = self.row.clone().split_newest(&self.desk.inbound);
        self.desk.claimed = false;
        "split"
    }

    /// Resolves it as one of many, and takes that back, perhaps after the customer has written.
    async fn bulk_undo(&mut self) -> &'static str {
        let (before, desk) = (self.row.clone(), self.desk.clone());
        let bulk = self.bulk_resolve().await;
        let resolved = self.is_resolved();
        let is_late = self.choose(2) == 0;
        if is_late {
            self.customer_writes().await;
        }
        let undone = self.store.undo_step(bulk, self.conversation, SERVICE_ACCOUNT).await.unwrap();
        if is_late {
            assert_eq!(undone.code.as_deref(), Some("changed"));
            return "not undone";
        }
        assert_eq!(undone.code, None);
        if resolved == "resolved" {
            let answered = desk.sent_through(before.answered_through);
            self.row = self.row.clone().take_back(before.status, answered, &desk.inbound);
            self.desk = desk.taken_back();
        }
        "undone"
    }

    async fn bulk_resolve(&self) -> BulkId {
        let bulk = BulkId(clock::new_v7());
        let order = BulkOrder {
            id: bulk,
            actor: SERVICE_ACCOUNT,
            role: StaffRole::Admin,
            key: None,
            work: BulkWork::Resolve,
            targets: BulkTargets::Ids(vec![self.conversation]),
            as_of: clock::now(),
        };
        let opened = self.store.open_bulk(order).await.unwrap();
        assert!(matches!(opened, BulkOpening::Open { .. }), "{opened:?}");
        let step = BulkStep {
            bulk,
            conversation: self.conversation,
            message: clock::new_v7().into(),
            delivery: clock::new_v7().into(),
        };
        let actor = BulkActor { staff: SERVICE_ACCOUNT, role: StaffRole::Admin, channels: Vec::new() };
        let end = self.store.bulk_step(actor, BulkWork::Resolve, step).await.unwrap();
        assert_eq!(end.code, None);
        bulk
    }
}

/// Messages whose watermark says something else than who answered them, answers to what a turn had answered before, and
/// messages of the bot written while people had their conversation, or by a turn that they had ended.
pub async fn lost_or_answered_twice(database: &Client) -> i64 {
    let faults = "select
        (select count(*) from conversations c
         where (c.answered_through = c.last_inbound) <> not exists (
             select from messages m where m.conversation_id = c.id and m.direction = 'inbound'
               and m.answered_by is null))
        + (select count(*) from (select from turns t join messages m on m.turn_id = t.id
                                 where t.outcome = 'answer' and not is_withdrawn(m.id)
                                 group by t.conversation_id, t.covers having count(*) > 1) twice)
        + (select count(*) from messages m where m.turn_id is not null and not exists (
               select from turns t where t.id = m.turn_id and t.state = 'committed'))
        + (select count(*) from messages m where m.direction = 'inbound' and m.answered_by is null
             and m.conversation_id in (select c.id from conversations c where c.status = 'closed'))";
    database.query_one(faults, &[]).await.unwrap().get(0)
}
