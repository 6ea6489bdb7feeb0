//! Pending acknowledgements from the pool to the consumer: when the work of an event is finished, whatever its outcome.
//!
//! Without a consumer there are none. They are counts, not positions: the consumer knows the order of the events.

use std::collections::HashMap;

use actix::prelude::*;

use crate::domain::ids::ConversationId;

/// From `Pool` to `Consumer`.
#[derive(Clone, Debug, PartialEq, Eq, Message)]
#[rtype(result = "()")]
pub enum PoolNews {
    /// This conversation is at rest: the first `times` submissions of it are finished.
    Rests { conversation: ConversationId, times: u32 },
    /// The pool restarted and has forgotten what was submitted.
    Renewed,
}

pub struct PendingAcks {
    consumer: Option<Recipient<PoolNews>>,
    owed: HashMap<ConversationId, u32>,
}

impl PendingAcks {
    pub fn to(consumer: Option<Recipient<PoolNews>>) -> Self {
        Self { consumer, owed: HashMap::new() }
    }

    /// The pool has restarted.
    pub fn begin(&self) {
        self.tell(PoolNews::Renewed);
    }

    /// The conversation was submitted.
    pub fn took(&mut self, conversation: ConversationId) {
        if self.consumer.is_some() {
            *self.owed.entry(conversation).or_default() += 1;
        }
    }

    /// All submissions of the conversation have had their turn.
    pub fn rests(&mut self, conversation: ConversationId) {
        if let Some(times) = self.owed.remove(&conversation) {
            self.tell(PoolNews::Rests { conversation, times });
        }
    }

    /// The consumer no longer waits for it.
    pub fn forget(&mut self, conversation: ConversationId) {
        self.owed.remove(&conversation);
    }

    pub fn forget_all(&mut self) {
        self.owed.clear();
    }

    /// Must be delivered, or an offset would stay pinned; at most one for each submission.
    #[expect(clippy::disallowed_methods, reason = "bounded by the pool's room, and must not be refused")]
    fn tell(&self, news: PoolNews) {
        if let Some(consumer) = &self.consumer {
            consumer.do_send(news);
        }
    }
}
