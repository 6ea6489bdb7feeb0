//! Fencing tests of paused workers: SIGSTOP in the middle of their turns, beyond all time-outs, then SIGCONT. They
//! write nothing and send nothing to a provider afterwards, and meanwhile no customer waits for the work they hold.

use std::time::Duration;

use fte::channels::whatsapp::sandbox::{Reports, SandboxFaults};
use fte::fakes::openai::{Act, Asked, FakeOpenai, Script, named};
use futures_util::future::{join, join_all};
use rustix::process::Signal;
use tokio_postgres::Client;

use crate::support::crowd::size;
use crate::support::customers::{Customer, FORGOTTEN};
use crate::support::kafka::{Cluster, PARTITIONS, all_share, assignments, partitions};
use crate::support::postgres::{client, fresh_database};
use crate::support::served::Served;
use crate::support::twilio::FakeTwilio;
use crate::support::verdict::{all_settled, assert_answered_exactly_once, count, none_left};
use crate::support::wait::{LIMIT, becomes, reaches};
use crate::support::whatsapp::form;

const WORKER: &str = "agent,delivery,desk";
/// Workers paused at the same time, of three.
const AT_ONCE: usize = 2;
/// Conversations with a running turn at that time, on each of two channels.
const EACH: usize = 9;
const THINKING: Duration = Duration::from_millis(1200);

/// The stage of the turns when their process is paused.
#[derive(Clone, Copy, Debug)]
enum Stage {
    /// The search runs; nothing is recorded.
    Searching,
    /// The model has received the request and has not answered.
    Thinking,
}

/// Counts of what the providers and the records have seen so far.
#[derive(Debug, PartialEq, Eq)]
struct Seen {
    model_calls: usize,
    sends: u64,
    listings: u64,
    epochs: i64,
    messages: i64,
    steps: i64,
}

struct Scene {
    url: String,
    database: Client,
    twilio: FakeTwilio,
    fake: FakeOpenai,
    served: Vec<Served>,
}

fn thinking() -> impl Script {
    let grounded = named("grounded").unwrap();
    move |asked: &Asked| Act { after: THINKING, ..grounded.act(asked) }
}

impl Scene {
    /// One `intake` process and three workers, each with its share of the partitions.
    async fn new(servers: &str) -> Self {
        let url = fresh_database().await;
        let database = client(&url).await;
        database.batch_execute("update channel_configs set quiet_ms = 0").await.unwrap();
        let twilio = FakeTwilio::with(SandboxFaults { reports: Reports::Never, ..SandboxFaults::default() });
        let fake = FakeOpenai::start(thinking()).unwrap();
        let base = fake.base_url();
        let origins = twilio.sandbox.origins().join(",");
        let mut variables = twilio.variables(&origins);
        variables.extend([
            ("KAFKA_BOOTSTRAP_SERVERS", servers),
            ("KAFKA_MAX_POLL_INTERVAL_MS", "6000"),
            ("OPENAI_API_KEY", "sk-test"),
            ("OPENAI_BASE_URL", &base),
        ]);
        let served = Served::start_roles(&url, &["intake", WORKER, WORKER, WORKER], &variables).await;
        all_share(&served[1..].iter().collect::<Vec<_>>()).await;
        Self { url, database, twilio, fake, served }
    }

    async fn seen(&self) -> Seen {
        let count = async |query: &str| count(&self.database, query).await;
        let ledger = self.twilio.sandbox.ledger();
        Seen {
            model_calls: self.fake.ledger().chats().len(),
            sends: ledger.send_requests,
            listings: ledger.list_requests,
            epochs: count("select coalesce(sum(epoch), 0)::bigint from conversations").await,
            messages: count("select count(*) from messages").await,
            steps: count("select count(*) from turn_steps").await,
        }
    }

    /// New customers write on both channels.
    async fn write(&self, round: usize) {
        let base = &self.served[0].base;
        let everybody = Customer::of(base);
        let web = join_all((0..EACH).map(async |n| {
            let email = format!("customer-{round}-{n}@example.com");
            everybody.submit(&email, &format!("{round}-{n}"), FORGOTTEN).await
        }));
        let forms =
            (0..EACH).map(|n| form(&number(round, n), &format!("SM{round}x{n}"), FORGOTTEN)).collect();
        join(web, self.twilio.write_all(base, forms)).await;
    }

    /// Waits until turns have begun, and pauses two workers during them.
    async fn stop(&self, round: usize, stage: Stage) -> [&Served; AT_ONCE] {
        let stopped = [&self.served[1 + round % 3], &self.served[1 + (round + 1) % 3]];
        let asked = self.fake.ledger().chats().len();
        match stage {
            Stage::Searching => {
                let lock = "begin; lock table knowledge_base in access exclusive mode";
                self.database.batch_execute(lock).await.unwrap();
                self.write(round).await;
                let begun = format!(
                    "select (count(*) < {})::int::bigint from conversations
                     where current_turn is not null and answered_through < last_inbound",
                    2 * EACH
                );
                none_left(&self.url, &begun, LIMIT).await;
            }
            Stage::Thinking => {
                self.write(round).await;
                let chats = async || self.fake.ledger().chats().len();
                reaches("questions asked", asked + 2 * EACH, chats).await;
            }
        }
        stopped.iter().for_each(|worker| worker.send(Signal::STOP));
        // Releases the table lock, if there is one.
        self.database.batch_execute("commit").await.unwrap();
        stopped
    }

    /// Returns how long the remaining worker took for all work while the others were paused. Then resumes those and
    /// checks that they do nothing.
    async fn round(&self, round: usize, stage: Stage) -> Duration {
        let stopped = self.stop(round, stage).await;
        let took = all_settled(&self.url, LIMIT).await;
        // Their group sessions, which last longer than their leases, have expired.
        let going_on = &self.served[1 + (round + AT_ONCE) % 3];
        becomes("partitions of the running worker", PARTITIONS, async || partitions(going_on)).await;
        let before = self.seen().await;
        let assigned = stopped.map(assignments);
        stopped.iter().for_each(|worker| worker.send(Signal::CONT));
        // Once they have rejoined the group, they have passed every step that they were about to do.
        for (worker, assigned) in stopped.iter().zip(assigned) {
            reaches("assignments of a resumed worker", assigned + 1, async || assignments(worker)).await;
        }
        // Listing messages is allowed: it is a read.
        let after = Seen { listings: before.listings, ..self.seen().await };
        assert_eq!(after, before, "round {round}, {stage:?}: a paused worker continued its work");
        for n in 0..EACH {
            assert_eq!(self.twilio.texts_to(&number(round, n)).len(), 1, "round {round}, {stage:?}");
        }
        took
    }
}

fn number(round: usize, n: usize) -> String {
    format!("+49151{:08}", round * 100 + n)
}

/// `FTE_TEST_STOPS` stops, two in each round; with six, each worker is the remaining one at least once.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn workers_paused_beyond_their_time_outs_are_fenced_and_block_no_customer() {
    let kafka = Cluster::start(1).await;
    let scene = Scene::new(&kafka.servers).await;
    let rounds = size("FTE_TEST_STOPS", 6).div_ceil(AT_ONCE);
    let mut longest = Duration::ZERO;
    for round in 0..rounds {
        let stage = if round % 2 == 0 { Stage::Searching } else { Stage::Thinking };
        longest = longest.max(scene.round(round, stage).await);
        assert_answered_exactly_once(&scene.url).await;
    }
    println!(
        "{} pauses, all answered within {longest:?} while two of three workers were paused",
        rounds * AT_ONCE
    );
    let owners = "select count(distinct owner) from turns";
    assert_eq!(count(&scene.database, owners).await, 3, "each worker was the running one at least once");
    let seen = scene.seen().await;
    let (turns, calls) = (rounds * 2 * EACH, seen.model_calls);
    assert!(calls > turns, "{calls} calls for {turns} turns: no worker was paused during a model call");
}
