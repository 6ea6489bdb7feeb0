//! The real records with a few answers of our own, so that a measurement sees what it is about and nothing else.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use fte::clock;
use fte::crm::port::channels::ChannelRecords;
use fte::crm::port::{
    Backlog, BeginTurn, ChannelConfig, CrmError, Held, OutboxRow, Pointer, RecordSteps, Signal, Store,
    StoreFuture, Sweep,
};
use fte::crm::postgres::PgStore;
use fte::domain::contact::Address;
use fte::domain::delay::{Delay, DelayNotice};
use fte::domain::enums::Channel;
use fte::domain::escalation::{Notice, NoticeEnd};
use fte::domain::ids::{ConversationId, EscalationId, ProcessId, TicketId};
use fte::domain::inquiry::{Inquiry, Stored};
use fte::domain::knowledge::{Findings, Passage, Question};
use fte::domain::turn::{Begun, Finish, Finished, Spent};
use fte::domain::views::{ChannelMetrics, ConversationView, CustomerView, TicketView};

/// Where work comes from.
pub enum Work {
    /// The outbox.
    Stored,
    /// Out of nowhere: pointers to so many conversations that have nothing to answer.
    Idle(Arc<AtomicU64>),
}

/// What was asked of the records.
#[derive(Default)]
pub struct Counts {
    pub begun: AtomicU64,
    /// Of these, how many found nothing to answer.
    pub idle: AtomicU64,
    /// Decisions that became true.
    pub committed: AtomicU64,
    pub refused: AtomicU64,
    /// When the latest of them did.
    pub last_commit: Mutex<Option<Instant>>,
}

/// The records, except that searches are answered at once, and that work may come from elsewhere.
pub struct Doctored {
    pub records: PgStore,
    pub work: Work,
    pub counts: Arc<Counts>,
}

impl Doctored {
    fn invented(&self, left: &AtomicU64, limit: i64) -> Vec<OutboxRow> {
        let take = |left: u64| Some(left.saturating_sub(limit.unsigned_abs()));
        let before = left.fetch_update(Ordering::Relaxed, Ordering::Relaxed, take).unwrap_or(0);
        let count = before.min(limit.unsigned_abs());
        let row = |id| OutboxRow {
            id,
            topic: "fte.tickets.incoming".to_owned(),
            key: clock::new_v7(),
            payload: String::new(),
            pointer: Some(Pointer { conversation: clock::new_v7().into(), channel: Channel::WebForm }),
        };
        (0..i64::try_from(count).unwrap_or(0)).map(row).collect()
    }
}

/// What every search finds.
fn findings() -> Findings {
    let passage = Passage {
        id: "product-docs.md#reset-your-password".to_owned(),
        title: "Reset your password".to_owned(),
        section: "Account > Reset your password".to_owned(),
        text: "Open the sign-in page, choose \"Forgot password\", and follow the link in the mail."
            .to_owned(),
        score: 0.9,
    };
    Findings { passages: vec![passage], relevant: true, ..Findings::default() }
}

fn ready<T: Send + 'static>(answer: T) -> StoreFuture<T> {
    Box::pin(std::future::ready(answer))
}

impl Store for Doctored {
    fn channels(&self) -> &dyn ChannelRecords {
        self.records.channels()
    }

    fn search(&self, _: Question, _: i64) -> StoreFuture<Result<Findings, CrmError>> {
        ready(Ok(findings()))
    }

    fn lease_outbox(&self, done: Vec<i64>, limit: i64) -> StoreFuture<Result<Vec<OutboxRow>, CrmError>> {
        match &self.work {
            Work::Stored => self.records.lease_outbox(done, limit),
            Work::Idle(left) => ready(Ok(self.invented(left, limit))),
        }
    }

    fn begin_turns(&self, batch: Vec<BeginTurn>) -> StoreFuture<Vec<Result<Begun, CrmError>>> {
        let counts = Arc::clone(&self.counts);
        let begun = match &self.work {
            Work::Stored => self.records.begin_turns(batch),
            Work::Idle(_) => ready(batch.iter().map(|_| Ok(Begun::Idle)).collect()),
        };
        Box::pin(async move {
            let begun = begun.await;
            let idle = begun.iter().filter(|begun| matches!(begun, Ok(Begun::Idle))).count();
            counts.begun.fetch_add(number(begun.len()), Ordering::Relaxed);
            counts.idle.fetch_add(number(idle), Ordering::Relaxed);
            begun
        })
    }

    fn finish_turns(&self, batch: Vec<Finish>) -> StoreFuture<Vec<Result<Finished, CrmError>>> {
        let counts = Arc::clone(&self.counts);
        let finished = self.records.finish_turns(batch);
        Box::pin(async move {
            let finished = finished.await;
            let committed = finished.iter().filter(|f| matches!(f, Ok(Finished::Committed(_)))).count();
            counts.committed.fetch_add(number(committed), Ordering::Relaxed);
            counts.refused.fetch_add(number(finished.len() - committed), Ordering::Relaxed);
            if let Ok(mut last) = counts.last_commit.lock() {
                *last = Some(clock::monotonic());
            }
            finished
        })
    }

    fn store_inquiries(&self, batch: Vec<Inquiry>) -> StoreFuture<Vec<Result<Stored, CrmError>>> {
        self.records.store_inquiries(batch)
    }

    fn record_steps(&self, batch: Vec<RecordSteps>) -> StoreFuture<Vec<Result<Held, CrmError>>> {
        self.records.record_steps(batch)
    }

    fn renew_lease(&self, conversation: ConversationId, epoch: i64) -> StoreFuture<Result<Held, CrmError>> {
        self.records.renew_lease(conversation, epoch)
    }

    fn record_fault(&self, conversation: ConversationId, epoch: i64) -> StoreFuture<Result<(), CrmError>> {
        self.records.record_fault(conversation, epoch)
    }

    fn spent(&self, conversation: ConversationId) -> StoreFuture<Result<Spent, CrmError>> {
        self.records.spent(conversation)
    }

    fn find_delays(&self, older_than: Duration, limit: i64) -> StoreFuture<Result<Vec<Delay>, CrmError>> {
        self.records.find_delays(older_than, limit)
    }

    fn acknowledge_delays(&self, notices: Vec<DelayNotice>) -> StoreFuture<Result<u64, CrmError>> {
        self.records.acknowledge_delays(notices)
    }

    fn release_leases(
        &self,
        conversations: Vec<ConversationId>,
        owner: ProcessId,
    ) -> StoreFuture<Result<(), CrmError>> {
        self.records.release_leases(conversations, owner)
    }

    fn park_outbox(&self, id: i64, reason: String) -> StoreFuture<Result<(), CrmError>> {
        self.records.park_outbox(id, reason)
    }

    fn notify(&self, signal: Signal) -> StoreFuture<Result<(), CrmError>> {
        self.records.notify(signal)
    }

    fn backlog(&self) -> StoreFuture<Result<Backlog, CrmError>> {
        self.records.backlog()
    }

    fn sweep(&self, sweep: Sweep) -> StoreFuture<Result<u64, CrmError>> {
        self.records.sweep(sweep)
    }

    fn publish_web_replies(&self, limit: i64) -> StoreFuture<Result<u64, CrmError>> {
        self.records.publish_web_replies(limit)
    }

    fn lease_notices(&self, limit: i64) -> StoreFuture<Result<Vec<Notice>, CrmError>> {
        self.records.lease_notices(limit)
    }

    fn settle_notice(
        &self,
        escalation: EscalationId,
        attempt: i32,
        end: NoticeEnd,
    ) -> StoreFuture<Result<(), CrmError>> {
        self.records.settle_notice(escalation, attempt, end)
    }

    fn ticket(&self, ticket: TicketId) -> StoreFuture<Result<Option<TicketView>, CrmError>> {
        self.records.ticket(ticket)
    }

    fn conversation(&self, id: ConversationId) -> StoreFuture<Result<Option<ConversationView>, CrmError>> {
        self.records.conversation(id)
    }

    fn customer(&self, identifier: Address) -> StoreFuture<Result<Option<CustomerView>, CrmError>> {
        self.records.customer(identifier)
    }

    fn channel_metrics(&self, hours: u32) -> StoreFuture<Result<Vec<(Channel, ChannelMetrics)>, CrmError>> {
        self.records.channel_metrics(hours)
    }

    fn channel_configs(&self) -> StoreFuture<Result<Vec<ChannelConfig>, CrmError>> {
        self.records.channel_configs()
    }

    fn pending_migrations(&self) -> StoreFuture<Result<Vec<String>, CrmError>> {
        self.records.pending_migrations()
    }
}

fn number(count: usize) -> u64 {
    u64::try_from(count).unwrap_or(u64::MAX)
}
