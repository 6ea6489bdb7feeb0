//! Model-based test of the SQL functions: random walks over PostgreSQL and the reference model `decisions`, compared
//! after each step.

use std::time::Duration;

use fte::crm::port::{Held, Outbox, RecordSteps, Sweep, Turns};
use fte::crm::postgres::PgStore;
use fte::domain::conversations::turn::{self, Finished, Refusal, Step, SupersedePolicy, TurnContext};
use fte::domain::enums::{ConversationStatus, Outcome};
use fte::domain::ids::{ConversationId, ProcessId, TicketId, TurnId};
use tokio_postgres::Client;
use uuid::Uuid;

use super::decisions::{Begin, FinishOutcome, Hold, Lease, Row, Unfinished};
use super::staff::{Desk, lost_or_answered_twice};
use crate::support::postgres::{client, fresh_database};
use crate::support::process::argument;
use crate::support::records::{
    accept, answer, begin, escalate, finish, follow_up, process, store, submission,
};

/// The number of walks; `FTE_TEST_WALKS` overrides it.
const WALKS: u64 = 40;
const STEPS: u64 = 30;

/// A conversation in both systems, and the turns that still believe they hold it.
pub(super) struct Walk {
    pub(super) store: PgStore,
    pub(super) database: Client,
    pub(super) conversation: ConversationId,
    ticket: TicketId,
    pub(super) row: Row,
    turns: Vec<(TurnContext, Hold, Option<Outcome>)>,
    random: u64,
    written: u32,
    pub(super) desk: Desk,
}

/// Makes a reply what it is on a channel with a provider, where the commit of a turn is not yet the delivery.
const UNSENT: &str = "update deliveries set state = 'pending', requested_at = null, delivered_at = null
                      where conversation_id = $1 and state = 'delivered'";
/// Every verdict that the walks must reach.
const VERDICTS: [&str; 26] = [
    "idle",
    "fresh",
    "resumed",
    "held",
    "lost",
    "committed",
    "repeated",
    "Newer",
    "Fenced",
    "forgotten",
    "claimed",
    "claimed again",
    "replied",
    "handed back",
    "not in human hands",
    "resolved",
    "resolved already",
    "cancelled",
    "changed since",
    "merged",
    "closed",
    "unmerged",
    "split",
    "nothing to split",
    "undone",
    "not undone",
];

#[tokio::test]
async fn postgresql_decides_as_the_reference_model_does() {
    let walks = argument("FTE_TEST_WALKS").map_or(WALKS, |count| count.parse().unwrap());
    let url = fresh_database().await;
    let mut seen = std::collections::BTreeMap::new();
    for seed in 0..walks {
        let mut walk = Walk::begin(&url, seed).await;
        for _ in 0..STEPS {
            let step = walk.step().await;
            *seen.entry(step).or_insert(0u32) += 1;
            walk.compare(step).await;
        }
    }
    println!("{seen:?}");
    assert_eq!(lost_or_answered_twice(&client(&url).await).await, 0);
    for verdict in VERDICTS {
        assert!(seen.contains_key(verdict), "no walk reached {verdict}: {seen:?}");
    }
}

impl Walk {
    async fn begin(url: &str, seed: u64) -> Self {
        let store = store(url);
        let receipt = accept(&store, submission("ann@example.com", &format!("{seed}-first"))).await;
        let database = client(url).await;
        Self {
            store,
            database,
            conversation: receipt.conversation,
            ticket: receipt.ticket,
            row: Row::opened(),
            turns: vec![],
            random: seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1,
            written: 0,
            desk: Desk::default(),
        }
    }

    pub(super) fn choose(&mut self, below: u64) -> u64 {
        self.random =
            self.random.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.random >> 33) % below
    }

    async fn step(&mut self) -> &'static str {
        match self.choose(15) {
            0 | 1 => self.receive().await,
            2..=4 => self.begin_turn().await,
            5 | 6 => self.record().await,
            7..=9 => self.finish_turn().await,
            10..=13 => self.people().await,
            _ => self.sweep().await,
        }
    }

    async fn receive(&mut self) -> &'static str {
        if self.row.status != ConversationStatus::Active && self.choose(2) == 0 {
            return "nothing";
        }
        self.customer_writes().await;
        "received"
    }

    /// What is written to a merged conversation goes on in the other one.
    pub(super) async fn customer_writes(&mut self) {
        self.written += 1;
        let external = format!("{}-{}", self.conversation, self.written);
        accept(&self.store, follow_up(self.ticket, &external)).await;
        if self.row.status != ConversationStatus::Closed {
            self.row = self.row.clone().received();
            self.desk.received(&self.row);
        }
    }

    async fn begin_turn(&mut self) -> &'static str {
        let owner = process();
        let begun = begin(&self.store, self.conversation, owner).await;
        let id = begun.as_ref().map_or(TurnId(Uuid::nil()), |context| context.turn);
        let (row, hold, name) = match self.row.clone().begin(id, owner) {
            Begin::Idle(_) => {
                assert!(begun.is_none(), "a turn began although there is nothing to answer");
                return "idle";
            }
            Begin::Fresh(row, hold) => (row, hold, "fresh"),
            Begin::Resumed(row, hold) => (row, hold, "resumed"),
        };
        let context = begun.expect("it did not begin");
        let got = Hold { turn: context.turn, epoch: context.epoch, covers: context.covers };
        assert_eq!(got, hold, "{name}");
        assert_eq!(context.instruction, self.desk.told, "{name}");
        self.row = row;
        self.turns.push((context, hold, None));
        // The lease must not expire by itself on a busy machine.
        let lease = "update conversations set lease_until = now() + interval '1 hour' where id = $1";
        self.database.execute(lease, &[&self.conversation.0]).await.unwrap();
        name
    }

    async fn record(&mut self) -> &'static str {
        let Some((context, hold, _)) = self.any_turn() else {
            return "nothing";
        };
        let steps = vec![Step::Modelled { said: Default::default() }];
        let (conversation, turn, epoch) = (self.conversation, context.turn, hold.epoch);
        let order = RecordSteps { conversation, turn, epoch, first: 0, steps };
        let held = self.store.record_steps(vec![order]).await.remove(0).unwrap();
        assert_eq!(held == Held::Yes, self.row.may_record(hold));
        if held == Held::Yes { "held" } else { "lost" }
    }

    fn any_turn(&mut self) -> Option<(TurnContext, Hold, Option<Outcome>)> {
        let count = u64::try_from(self.turns.len()).unwrap();
        let which = if count == 0 { return None } else { self.choose(count) };
        self.turns.get(usize::try_from(which).unwrap()).cloned()
    }

    async fn finish_turn(&mut self) -> &'static str {
        let Some((context, hold, _)) = self.any_turn() else {
            return "nothing";
        };
        let known = self.turns.iter().find(|turn| turn.1.turn == hold.turn && turn.2.is_some());
        let known = known.and_then(|turn| turn.2);
        let supersede = if self.choose(3) == 0 { SupersedePolicy::Commit } else { SupersedePolicy::Restart };
        let (outcome, order) = match self.choose(6) {
            0 => (Outcome::Escalate, escalate(&context)),
            _ => (Outcome::Answer, answer(&context, "Here is how.")),
        };
        let got = finish(&self.store, turn::Finish { supersede, ..order }).await;
        let (row, expected, name) = match self.row.clone().finish(hold, supersede, outcome, known) {
            FinishOutcome::Committed(row, rest) => (row, Finished::Committed(rest), "committed"),
            FinishOutcome::Repeated(row, rest) => (row, Finished::Committed(rest), "repeated"),
            FinishOutcome::Refused(row, refusal) => (row, Finished::Refused(refusal), name_of(refusal)),
        };
        assert_eq!(got, expected, "{name}");
        let answered = std::mem::replace(&mut self.row, row).answered_through;
        if name == "committed" {
            self.database.execute(UNSENT, &[&self.conversation.0]).await.unwrap();
            self.desk.decided(outcome, answered);
            for turn in self.turns.iter_mut().filter(|turn| turn.1.turn == hold.turn) {
                turn.2 = Some(outcome);
            }
        }
        name
    }

    /// The lease expires or not, then the sweeper runs.
    async fn sweep(&mut self) -> &'static str {
        if self.choose(2) == 0 {
            let expire = "update conversations set lease_until = now() - interval '1 s'
                          where id = $1 and lease_until is not null";
            self.database.execute(expire, &[&self.conversation.0]).await.unwrap();
            if let Lease::Live(owner) = self.row.lease {
                self.row.lease = Lease::Expired(owner);
            }
        }
        self.database.execute("delete from outbox", &[]).await.unwrap();
        let sweep = Sweep { idle_for: Duration::ZERO, again_after: Duration::ZERO, limit: 1000 };
        self.store.sweep(sweep).await.unwrap();
        let put = "select 1 from outbox where key = $1";
        let forgotten = !self.database.query(put, &[&self.conversation.0]).await.unwrap().is_empty();
        assert_eq!(forgotten, self.row.is_forgotten());
        if forgotten { "forgotten" } else { "worked on" }
    }

    /// Fails if the two systems differ.
    async fn compare(&self, step: &str) {
        let query =
            "select c.status, c.epoch, c.last_seq, c.last_inbound, c.answered_through, t.id, t.covers,
                            c.lease_owner, c.lease_until < clock_timestamp() as expired
                     from conversations c left join turns t on t.id = c.current_turn and t.ended_at is null
                     where c.id = $1";
        let row = self.database.query_one(query, &[&self.conversation.0]).await.unwrap();
        let turn = row.get::<_, Option<Uuid>>("id").map(TurnId);
        let owner = row.get::<_, Option<Uuid>>("lease_owner").map(ProcessId);
        let expired = row.get::<_, Option<bool>>("expired");
        let found = Row {
            status: row.get::<_, String>("status").parse().unwrap(),
            epoch: row.get("epoch"),
            last_seq: row.get("last_seq"),
            last_inbound: row.get("last_inbound"),
            answered_through: row.get("answered_through"),
            turn: turn.map(|id| Unfinished { id, covers: row.get("covers") }),
            lease: match (owner, expired) {
                (Some(owner), Some(true)) => Lease::Expired(owner),
                (Some(owner), _) => Lease::Live(owner),
                (None, _) => Lease::Nobody,
            },
        };
        assert_eq!(found, self.row, "after {step}");
    }
}

fn name_of(refusal: Refusal) -> &'static str {
    match refusal {
        Refusal::Newer => "Newer",
        Refusal::Fenced => "Fenced",
        Refusal::TakenOver => "TakenOver",
    }
}
