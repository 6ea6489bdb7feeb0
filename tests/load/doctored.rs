//! Test doubles of single aggregates in front of the real records, so that a measurement includes only what it is
//! about.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Instant;

use fte::clock;
use fte::crm::port::{
    Backlog, BeginTurn, CrmError, Held, Knowledge, Outbox, OutboxRow, Pointer, RecordSteps, Store,
    StoreFuture, Sweep, Turns,
};
use fte::crm::postgres::PgStore;
use fte::domain::conversations::turn::{Begun, Finish, Finished, Spent, Usage};
use fte::domain::enums::Channel;
use fte::domain::ids::{ConversationId, ProcessId};
use fte::domain::knowledge::{ArticleLine, ArticleView, Audience, Findings, Passage, Question};

/// The source of work.
pub enum Work {
    /// The outbox.
    Stored,
    /// Generated: events for this many conversations that have nothing to answer.
    Idle(Arc<AtomicU64>),
}

/// Counters of the calls to the records.
#[derive(Default)]
pub struct Counts {
    pub begun: AtomicU64,
    /// The number of begins that found nothing to answer.
    pub idle: AtomicU64,
    /// Committed decisions.
    pub committed: AtomicU64,
    pub refused: AtomicU64,
    /// The time of the latest commit.
    pub last_commit: Mutex<Option<Instant>>,
}

/// The real records, except that searches return at once, turns are counted, and work may be generated.
pub fn doctored(records: PgStore, work: Work, counts: Arc<Counts>) -> Store {
    let records = Store::from(records);
    let (turns, outbox) = (Arc::clone(&records.turns), Arc::clone(&records.outbox));
    let (turns, knowledge) = (CountedTurns { turns, counts, is_idle: work.is_idle() }, Arc::new(Found));
    let outbox = match work {
        Work::Stored => outbox,
        Work::Idle(left) => Arc::new(Invented { outbox, left }),
    };
    Store { turns: Arc::new(turns), outbox, knowledge, ..records }
}

impl Work {
    fn is_idle(&self) -> bool {
        match self {
            Self::Stored => false,
            Self::Idle(_) => true,
        }
    }
}

/// An outbox with generated rows.
struct Invented {
    outbox: Arc<dyn Outbox>,
    left: Arc<AtomicU64>,
}

impl Invented {
    fn rows(&self, limit: i64) -> Vec<OutboxRow> {
        let take = |left: u64| Some(left.saturating_sub(limit.unsigned_abs()));
        let before = self.left.fetch_update(Ordering::Relaxed, Ordering::Relaxed, take).unwrap_or(0);
        let count = before.min(limit.unsigned_abs());
        let row = |id| OutboxRow {
            id,
            topic: "fte.tickets.incoming".to_owned(),
            key: clock::new_v7(),
            payload: String::new(),
            pointer: Some(Pointer {
                conversation: clock::new_v7().into(),
                channel: Channel::WebForm,
                traceparent: None,
            }),
            traceparent: None,
        };
        (0..i64::try_from(count).unwrap_or(0)).map(row).collect()
    }
}

impl Outbox for Invented {
    fn lease_outbox(&self, _: Vec<i64>, limit: i64) -> StoreFuture<Result<Vec<OutboxRow>, CrmError>> {
        ready(Ok(self.rows(limit)))
    }

    fn park_outbox(&self, id: i64, reason: String) -> StoreFuture<Result<(), CrmError>> {
        self.outbox.park_outbox(id, reason)
    }

    fn backlog(&self) -> StoreFuture<Result<Backlog, CrmError>> {
        self.outbox.backlog()
    }

    fn sweep(&self, sweep: Sweep) -> StoreFuture<Result<u64, CrmError>> {
        self.outbox.sweep(sweep)
    }
}

/// Returns the same findings for every question, at once.
struct Found;

impl Knowledge for Found {
    fn search(&self, _: Question, _: i64, _: Audience) -> StoreFuture<Result<Findings, CrmError>> {
        ready(Ok(findings()))
    }

    fn articles(&self, _: Option<String>, _: i64) -> StoreFuture<Result<Vec<ArticleLine>, CrmError>> {
        ready(Ok(Vec::new()))
    }

    fn vote(&self, _: String, _: bool) -> StoreFuture<Result<bool, CrmError>> {
        ready(Ok(false))
    }

    fn article(&self, _: String) -> StoreFuture<Result<Option<ArticleView>, CrmError>> {
        ready(Ok(None))
    }
}

/// Counts begins and ends of turns; generated conversations have nothing to answer.
struct CountedTurns {
    turns: Arc<dyn Turns>,
    counts: Arc<Counts>,
    is_idle: bool,
}

/// The findings of every search.
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

impl Turns for CountedTurns {
    fn begin_turns(&self, batch: Vec<BeginTurn>) -> StoreFuture<Vec<Result<Begun, CrmError>>> {
        let counts = Arc::clone(&self.counts);
        let begun = if self.is_idle {
            ready(batch.iter().map(|_| Ok(Begun::Idle)).collect())
        } else {
            self.turns.begin_turns(batch)
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
        let finished = self.turns.finish_turns(batch);
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

    fn record_steps(&self, batch: Vec<RecordSteps>) -> StoreFuture<Vec<Result<Held, CrmError>>> {
        self.turns.record_steps(batch)
    }

    fn renew_lease(&self, conversation: ConversationId, epoch: i64) -> StoreFuture<Result<Held, CrmError>> {
        self.turns.renew_lease(conversation, epoch)
    }

    fn record_fault(&self, conversation: ConversationId, epoch: i64) -> StoreFuture<Result<(), CrmError>> {
        self.turns.record_fault(conversation, epoch)
    }

    fn spent(&self, conversation: ConversationId) -> StoreFuture<Result<Spent, CrmError>> {
        self.turns.spent(conversation)
    }

    fn add_usage(&self, conversation: ConversationId, usage: Usage) -> StoreFuture<Result<(), CrmError>> {
        self.turns.add_usage(conversation, usage)
    }

    fn leave_turn(
        &self,
        conversation: ConversationId,
        epoch: i64,
        owner: ProcessId,
    ) -> StoreFuture<Result<(), CrmError>> {
        self.turns.leave_turn(conversation, epoch, owner)
    }

    fn release_leases(
        &self,
        conversations: Vec<ConversationId>,
        owner: ProcessId,
    ) -> StoreFuture<Result<(), CrmError>> {
        self.turns.release_leases(conversations, owner)
    }
}

fn number(count: usize) -> u64 {
    u64::try_from(count).unwrap_or(u64::MAX)
}
