//! Merges in the model checker: a conversation that goes on in another one, and is taken back.

use fte::domain::enums::ConversationStatus;

use super::model::Protocol;
use super::world::{BeforeMerge, Rule, World};

impl Protocol {
    /// Staff have what waits, in the other conversation.
    pub(super) fn merge_away(&self, world: &mut World) {
        let row = world.row.clone();
        let oldest = world.pending.first().map(|pending| pending.answered);
        let unsent = oldest.filter(|_| self.keeps(Rule::MergeWithdraws)).unwrap_or(row.answered_through);
        let answered = row.answered_through.min(unsent);
        world.before_merge = Some(BeforeMerge { status: row.status, answered });
        world.row = row.merge_away();
        world.people_acted();
        world.people_hold = true;
        if self.keeps(Rule::MergeWithdraws) {
            world.pending.clear();
        }
    }

    /// What waited before, or was answered by a reply that was withdrawn, waits again.
    pub(super) fn unmerge(&self, world: &mut World) {
        let Some(BeforeMerge { status, answered }) = world.before_merge.take() else {
            return;
        };
        let answered = if self.keeps(Rule::TakeBackKeepsSent) { answered } else { 0 };
        // Every number is the customer's here: the watermark is the same.
        let inbound: Vec<i64> = (1..=world.row.last_inbound).collect();
        world.row = world.row.clone().take_back(status, answered, &inbound);
        world.people_acted();
        world.people_hold = status == ConversationStatus::Escalated;
        let waits = world.row.waits_for_the_bot();
        world.event |= waits && self.keeps(Rule::TakeBackTells);
    }
}
