//! `load questions`: cost of embedding in a turn, and the effect of many concurrent questions on other requests.

use std::cell::Cell;
use std::time::Duration;

use anyhow::ensure;
use clap::Args;
use fte::clock;
use futures_util::future::{join, join_all};
use hdrhistogram::Histogram;
use serde_json::{Value, json};
use tokio_postgres::Client;

use crate::client::{Connection, get, question};
use crate::latency::{self, histogram, milliseconds, record};
use crate::processes::resident_bytes;
use crate::program::{Agents, Program};
use crate::report::{Report, Table, rounded};
use crate::scratch::{Database, Scratch, client};

/// So low that no turn waits for another.
const IDLE_RATE: u32 = 4;
const PROBE_EVERY: Duration = Duration::from_millis(10);
const LOOK_EVERY: Duration = Duration::from_millis(50);
const ANSWERED_TIMEOUT: Duration = Duration::from_secs(300);
/// The first customer number that is reserved for the concurrent questions.
const CROWD_FROM: u32 = 1_000_000;

/// Measure turns with an embedding model and with full-text search alone.
///
/// For each, on a fresh database: a few questions per second, and the response time of each; then many at once, each
/// over its own connection, with a health check every 10 ms until all are answered.
#[derive(Debug, Args)]
pub struct Options {
    /// Number of concurrent questions.
    #[arg(long, default_value_t = 1_000, value_parser = clap::value_parser!(u32).range(1..=4_000))]
    questions: u32,
    /// Seconds of the low rate for each.
    #[arg(long, default_value_t = 15, value_parser = clap::value_parser!(u32).range(1..=600))]
    seconds: u32,
}

pub async fn run(options: &Options) -> anyhow::Result<Report> {
    let scratch = Scratch::start().await?;
    let columns = [
        "embedder",
        "idle p50 ms",
        "idle p95 ms",
        "accepted",
        "refused",
        "seconds",
        "turns/s",
        "health p50 ms",
        "health p99 ms",
        "health max ms",
        "MiB before",
        "MiB at most",
    ];
    let mut table = Table::new("questions", columns);
    for embedder in ["minilm", "none"] {
        eprintln!("{embedder} …");
        let database = scratch.database("load").await?;
        let program =
            Program::serve_with(&scratch, &database, Agents::Default, &[("EMBEDDER", embedder)]).await?;
        table.row(measure(embedder, &program, &database, options).await?);
        drop(program);
        scratch.remove(database).await?;
    }
    Ok(Report::new("questions", vec![table]))
}

async fn measure(
    embedder: &str,
    program: &Program,
    database: &Database,
    options: &Options,
) -> anyhow::Result<[Value; 12]> {
    let idle = latency::answers(program, IDLE_RATE, options.seconds).await?;
    let observer = client(&database.url).await?;
    let before = resident_bytes(program.id()?)?;
    let crowd = Crowd { done: Cell::new(false), peak: Cell::new(before) };
    let (asked, health) = join(crowd.ask(program, &observer, options.questions), crowd.watch(program)).await;
    let (asked, health) = (asked?, health?);
    Ok([
        json!(embedder),
        milliseconds(&idle, 0.5),
        milliseconds(&idle, 0.95),
        json!(asked.accepted),
        json!(options.questions - asked.accepted),
        rounded(asked.seconds),
        rounded(f64::from(asked.accepted) / asked.seconds),
        milliseconds(&health, 0.5),
        milliseconds(&health, 0.99),
        milliseconds(&health, 1.0),
        mebibytes(before),
        mebibytes(crowd.peak.get()),
    ])
}

fn mebibytes(bytes: u64) -> Value {
    json!(bytes / 1024 / 1024)
}

struct Asked {
    accepted: u32,
    /// From the first question to the last answer.
    seconds: f64,
}

struct Crowd {
    done: Cell<bool>,
    /// Peak memory, in bytes.
    peak: Cell<u64>,
}

impl Crowd {
    async fn ask(&self, program: &Program, observer: &Client, questions: u32) -> anyhow::Result<Asked> {
        let opened = join_all((0..questions).map(|_| Connection::open(program.address))).await;
        let start = clock::monotonic();
        let sent = join_all(opened.into_iter().zip(CROWD_FROM..).map(async |(connection, number)| {
            anyhow::Ok(connection?.send(&question(number.into())).await?.status == 201)
        }));
        let sent: Vec<bool> = sent.await.into_iter().collect::<anyhow::Result<_>>()?;
        let answered = until_settled(observer).await;
        self.done.set(true);
        answered?;
        let accepted = u32::try_from(sent.iter().filter(|accepted| **accepted).count())?;
        Ok(Asked { accepted, seconds: start.elapsed().as_secs_f64() })
    }

    /// Response times of health checks until all questions are answered.
    async fn watch(&self, program: &Program) -> anyhow::Result<Histogram<u64>> {
        let (mut health, id) = (histogram()?, program.id()?);
        let mut connection = Connection::open(program.address).await?;
        while !self.done.get() {
            let sent = clock::monotonic();
            let status = connection.send(&get("/health/live")).await?.status;
            ensure!(status == 200, "a health check returned {status}");
            record(&mut health, sent.elapsed())?;
            self.peak.set(self.peak.get().max(resident_bytes(id)?));
            tokio::time::sleep(PROBE_EVERY).await;
        }
        Ok(health)
    }
}

async fn until_settled(observer: &Client) -> anyhow::Result<()> {
    let start = clock::monotonic();
    let waiting = "select exists (select from conversations where status = 'active' and answered_through < last_inbound)";
    while observer.query_one(waiting, &[]).await?.get(0) {
        ensure!(
            start.elapsed() < ANSWERED_TIMEOUT,
            "questions are still unanswered after {ANSWERED_TIMEOUT:?}"
        );
        tokio::time::sleep(LOOK_EVERY).await;
    }
    Ok(())
}
