//! `load turns`: throughput of turns with a model that costs nothing.

use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::{Duration, Instant as Moment};

use actix::Arbiter;
use anyhow::{Context, ensure};
use clap::Args;
use fte::actors::conversations::pool::Limits;
use fte::actors::messages::Drain;
use fte::actors::runtime::ask::ask;
use fte::actors::supervisor::{Custody, Endpoints, SystemConfig, spawn};
use fte::agent::handbook::Handbook;
use fte::agent::turn::budgets::{Budgets, Ceilings};
use fte::clock;
use fte::crm::port::Maintenance;
use fte::crm::postgres::PgStore;
use fte::domain::conversations::idle::IdleLimits;
use fte::domain::runtime::roles::Roles;
use serde_json::{Value, json};
use tokio::sync::oneshot;
use tokio_postgres::Client;

use crate::doctored::{Counts, Work, doctored};
use crate::instant::Instant;
use crate::processes::{cpu_seconds, family_cpu_seconds, own_id};
use crate::report::{Report, Table, rounded};
use crate::scratch::{Database, Scratch, client};
use crate::seed;

const LOOK_EVERY: Duration = Duration::from_millis(100);
/// Longer than a slow machine needs for the maximum number of messages.
const TIMEOUT: Duration = Duration::from_secs(900);
/// Longer than any message waits here.
const DELAY_ACK: Duration = Duration::from_secs(3_600);
const DRAIN_TIMEOUT: Duration = Duration::from_secs(60);

/// Measure turns per second with a model and a search that return at once.
///
/// Twice, each on a fresh database with stored messages: one message in each conversation, and all messages in a few
/// conversations. Runs the actors of `fte` in this process, with the real records. Prints turns and messages per second
/// from the start until every message is answered, and the processor time of a turn in this process and in PostgreSQL.
#[derive(Debug, Args)]
pub struct Options {
    /// Number of unanswered messages.
    #[arg(long, default_value_t = 50_000, value_parser = clap::value_parser!(u32).range(1..=1_000_000))]
    messages: u32,
    /// Conversations that share the messages in the second case.
    #[arg(long, default_value_t = 1_000, value_parser = clap::value_parser!(u32).range(1..=1_000_000))]
    conversations: u32,
    /// Concurrent turns.
    #[arg(long, default_value_t = 256, value_parser = clap::value_parser!(u32).range(1..=4096))]
    pool_size: u32,
}

pub async fn run(options: &Options) -> anyhow::Result<Report> {
    let scratch = Scratch::start().await?;
    let columns = [
        "messages",
        "conversations",
        "seconds",
        "turns",
        "turns/s",
        "messages/s",
        "begins",
        "empty begins",
        "refused finishes",
        "CPU µs/turn",
        "PostgreSQL CPU µs/turn",
    ];
    let mut table = Table::new("turns", columns);
    for conversations in [options.messages, options.conversations.min(options.messages)] {
        eprintln!("{} messages in {conversations} conversations …", options.messages);
        let database = scratch.database("load").await?;
        let records = PgStore::new(&database.connector()?)?;
        seed::store(&records, options.messages, conversations).await?;
        drop(records);
        table.row(measure(&scratch, &database, conversations, options).await?);
        scratch.remove(database).await?;
    }
    Ok(Report::new("turns", vec![table]))
}

/// Turns per second until `conversations` stored conversations, with a message each, are answered.
pub async fn rate(scratch: &Scratch, database: &Database, conversations: u32) -> anyhow::Result<f64> {
    let options = Options { messages: conversations, conversations, pool_size: 256 };
    let measured = measure(scratch, database, conversations, &options).await?;
    let [.., turns_a_second, _, _, _, _, _, _] = measured;
    turns_a_second.as_f64().context("no rate")
}

async fn measure(
    scratch: &Scratch,
    database: &Database,
    conversations: u32,
    options: &Options,
) -> anyhow::Result<[Value; 11]> {
    let (observer, counts) = (client(&database.url).await?, Arc::new(Counts::default()));
    observer.batch_execute("set enable_seqscan = off; checkpoint").await?;
    let (id, postmaster) = (own_id()?, scratch.postmaster()?);
    let before = (cpu_seconds(id)?, family_cpu_seconds(postmaster)?);
    let start = clock::monotonic();
    let agents = Agents::start(database, &counts, options.pool_size).await?;
    until_settled(&observer, start).await?;
    let cpu = (cpu_seconds(id)? - before.0, family_cpu_seconds(postmaster)? - before.1);
    agents.stop().await?;

    let end = *counts.last_commit.lock().map_err(|_| anyhow::anyhow!("a poisoned lock"))?;
    let seconds = end.context("no turn was committed")?.duration_since(start).as_secs_f64();
    let turns = counts.committed.load(Ordering::Relaxed);
    let per_turn =
        |seconds: f64| rounded(seconds * 1e6 / f64::from(u32::try_from(turns).unwrap_or(u32::MAX)));
    Ok([
        json!(options.messages),
        json!(conversations),
        rounded(seconds),
        json!(turns),
        rounded(f64::from(u32::try_from(turns)?) / seconds),
        rounded(f64::from(options.messages) / seconds),
        json!(counts.begun.load(Ordering::Relaxed)),
        json!(counts.idle.load(Ordering::Relaxed)),
        json!(counts.refused.load(Ordering::Relaxed)),
        per_turn(cpu.0),
        per_turn(cpu.1),
    ])
}

async fn until_settled(observer: &Client, start: Moment) -> anyhow::Result<()> {
    let waiting = observer
        .prepare(
            "select exists (select from conversations where status = 'active' and answered_through < last_inbound)",
        )
        .await?;
    while observer.query_one(&waiting, &[]).await?.get(0) {
        ensure!(start.elapsed() < TIMEOUT, "messages are still unanswered after {TIMEOUT:?}");
        tokio::time::sleep(LOOK_EVERY).await;
    }
    Ok(())
}

/// All actors of `fte`, on a separate thread as in the program.
struct Agents {
    arbiter: Arbiter,
    endpoints: Endpoints,
}

impl Agents {
    async fn start(database: &Database, counts: &Arc<Counts>, pool_size: u32) -> anyhow::Result<Self> {
        let records = PgStore::new(&database.connector()?)?;
        let channels = PgStore::new(&database.connector()?)?.channel_configs().await?;
        let system = SystemConfig {
            store: doctored(records, Work::Stored, Arc::clone(counts)),
            model: Arc::new(Instant),
            embedder: None,
            index: None,
            budgets: Budgets::default(),
            ceilings: Ceilings::default(),
            delay_ack: DELAY_ACK,
            handbook: Arc::new(Handbook::own()?),
            channels,
            staff: None,
            events: None,
            providers: Vec::new(),
            codes: None,
            reports: None,
            limits: Limits::new(usize::try_from(pool_size)?, 10_000),
            idle: IdleLimits::default(),
            sla: None,
            custody: Custody::default(),
            signals: None,
            bus: None,
            roles: Roles::ALL,
            owner: clock::new_v7().into(),
        };
        let (planted, endpoints) = oneshot::channel();
        let arbiter = Arbiter::new();
        arbiter.spawn(async move {
            let _gone = planted.send(spawn(system));
        });
        Ok(Self { arbiter, endpoints: endpoints.await.context("the actors could not be started")? })
    }

    async fn stop(self) -> anyhow::Result<()> {
        ask(&self.endpoints.drain, DRAIN_TIMEOUT, |reply| Drain { reply }).await?;
        self.arbiter.stop();
        self.arbiter.join().map_err(|_| anyhow::anyhow!("the actors' thread panicked"))
    }
}
