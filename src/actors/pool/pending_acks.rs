//! What the pool owes to the consumer: to say when the work that came with an event is finished, whatever became of it.
//!
//! Without a consumer it owes nothing. Counts, not places: the consumer knows which events came in which order.

use std::collections::HashMap;

use actix::prelude::*;

use crate::domain::ids::ConversationId;

/// From `Pool` to `Consumer`.
#[derive(Clone, Debug, PartialEq, Eq, Message)]
#[rtype(result = "()")]
pub enum PoolNews {
    /// Nothing waits in this conversation any more, of the first so many times that it was handed in.
    Rests { conversation: ConversationId, times: u32 },
    /// The pool was made anew and knows nothing of what it was handed.
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

    /// The pool is new.
    pub fn begin(&self) {
        self.tell(PoolNews::Renewed);
    }

    /// The conversation was handed in.
    pub fn took(&mut self, conversation: ConversationId) {
        if self.consumer.is_some() {
            *self.owed.entry(conversation).or_default() += 1;
        }
    }

    /// Everything that the conversation was handed in for has had its turn.
    pub fn rests(&mut self, conversation: ConversationId) {
        if let Some(times) = self.owed.remove(&conversation) {
            self.tell(PoolNews::Rests { conversation, times });
        }
    }

    /// The consumer does not wait for it any more.
    pub fn forget(&mut self, conversation: ConversationId) {
        self.owed.remove(&conversation);
    }

    pub fn forget_all(&mut self) {
        self.owed.clear();
    }

    /// Must arrive, or an offset would stay pinned; there is one for each time the pool was handed something.
    #[expect(clippy::disallowed_methods, reason = "bounded by the pool's room, and must not be refused")]
    fn tell(&self, news: PoolNews) {
        if let Some(consumer) = &self.consumer {
            consumer.do_send(news);
        }
    }
}
