//! `load overload`: behaviour at twice the peak throughput.

use std::cell::{Cell, RefCell};
use std::time::{Duration, Instant};

use anyhow::ensure;
use clap::Args;
use fte::clock;
use futures_util::future::join_all;
use hdrhistogram::Histogram;
use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
use serde_json::{Value, json};
use tokio_postgres::Client;

use crate::client::{Connection, submission};
use crate::latency::{histogram, milliseconds, record};
use crate::processes::resident_bytes;
use crate::program::{Agents, Program};
use crate::report::{Report, Table, rounded};
use crate::scratch::{Scratch, client};

const SECOND: Duration = Duration::from_secs(1);
/// The duration of the peak measurement.
const PEAK_FOR: Duration = Duration::from_secs(5);
/// Connections during the peak measurement.
const PEAK_CONNECTIONS: u32 = 64;
/// Other open files of the generator and the program, with a margin.
const OTHER_FILES: u64 = 512;
const DRAIN_LOOK: Duration = Duration::from_millis(500);

/// Offer a multiple of the peak throughput, and measure whether the program stays responsive.
///
/// First measures the peak: submissions per second over 64 connections for 5 s, with agents running. Then, on a fresh
/// database, offers twice that for the given time: each submission is sent at its scheduled time, whatever happened to
/// earlier ones, as long as a connection is free. Prints the goodput beside the peak, the refusals by kind, the
/// program's memory, and how long it took to answer the backlog afterwards.
#[derive(Debug, Args)]
pub struct Options {
    /// Seconds of overload.
    #[arg(long, default_value_t = 60, value_parser = clap::value_parser!(u32).range(1..=600))]
    seconds: u32,
    /// Multiple of the peak that is offered.
    #[arg(long, default_value_t = 2, value_parser = clap::value_parser!(u32).range(1..=10))]
    times: u32,
    /// Connections of the generator: more than the program admits submissions at once.
    #[arg(long, default_value_t = 2048, value_parser = clap::value_parser!(u32).range(1..=8192))]
    connections: u32,
    /// Maximum seconds to wait for the backlog.
    #[arg(long, default_value_t = 600, value_parser = clap::value_parser!(u32).range(0..=3600))]
    drain_seconds: u32,
}

pub async fn run(options: &Options) -> anyhow::Result<Report> {
    allow_files(u64::from(options.connections) + OTHER_FILES)?;
    let scratch = Scratch::start().await?;
    let peak = peak(&scratch).await?;
    let rate = peak * f64::from(options.times);
    eprintln!("offering {rate:.0} a second, {} times the peak of {peak:.0} …", options.times);

    let database = scratch.database("overload").await?;
    let observer = client(&database.url).await?;
    observer.batch_execute("set enable_seqscan = off").await?;
    let program = Program::serve(&scratch, &database, Agents::Default).await?;
    let load = Load::new(SECOND * options.seconds, SweepPace::Open { rate })?;
    let (generated, watched) =
        futures_util::future::join(load.run(&program, options.connections), load.watch(&program)).await;
    generated?;
    watched?;
    let backlog = Backlog::drain(&observer, &program, SECOND * options.drain_seconds).await?;
    Ok(Report::new("overload", vec![summary(&load, peak, rate, &backlog), load.timeline()]))
}

/// Raises the limit of open files for this process, and for the program that it starts.
fn allow_files(count: u64) -> anyhow::Result<()> {
    let limit = getrlimit(Resource::Nofile);
    let too_few = |limit: Option<u64>| limit.is_some_and(|limit| limit < count);
    ensure!(!too_few(limit.maximum), "{count} open files are needed: raise the hard limit (ulimit -Hn)");
    if too_few(limit.current) {
        setrlimit(Resource::Nofile, Rlimit { current: Some(count), ..limit })?;
    }
    Ok(())
}

async fn peak(scratch: &Scratch) -> anyhow::Result<f64> {
    eprintln!("looking for the peak …");
    let database = scratch.database("peak").await?;
    let program = Program::serve(scratch, &database, Agents::Default).await?;
    let load = Load::new(PEAK_FOR, SweepPace::Closed)?;
    load.run(&program, PEAK_CONNECTIONS).await?;
    drop(program);
    scratch.remove(database).await?;
    Ok(load.accepted_a_second())
}

/// The schedule of the submissions.
#[derive(Clone, Copy, Debug)]
enum SweepPace {
    /// When the previous one on the same connection is answered (closed loop).
    Closed,
    /// At a fixed rate per second (open loop).
    Open { rate: f64 },
}

/// The responses in one second.
#[derive(Clone, Copy, Debug, Default)]
struct Second {
    sent: u32,
    accepted: u32,
    refused: u32,
    other: u32,
    resident_bytes: u64,
}

struct Load {
    duration: Duration,
    pace: SweepPace,
    next: Cell<u32>,
    seconds: RefCell<Vec<Second>>,
    /// Refusals without `Retry-After`.
    unguided: Cell<u32>,
    accepted_after: RefCell<Histogram<u64>>,
}

impl Load {
    fn new(duration: Duration, pace: SweepPace) -> anyhow::Result<Self> {
        let seconds = usize::try_from(duration.as_secs())?;
        Ok(Self {
            duration,
            pace,
            next: Cell::new(0),
            seconds: RefCell::new(vec![Second::default(); seconds]),
            unguided: Cell::new(0),
            accepted_after: RefCell::new(histogram()?),
        })
    }

    async fn run(&self, program: &Program, connections: u32) -> anyhow::Result<()> {
        // All connections are open before the first second begins.
        let opened = join_all((0..connections).map(|_| Connection::open(program.address))).await;
        let start = clock::monotonic();
        join_all(opened.into_iter().map(async |connection| {
            let mut connection = connection?;
            while let Some(number) = self.turn(start).await {
                let sent = clock::monotonic();
                self.count(start, |second| second.sent += 1);
                match connection.send(&submission(number.into())).await {
                    Ok(response) if response.status == 201 => {
                        self.count(start, |second| second.accepted += 1);
                        record(&mut self.accepted_after.borrow_mut(), sent.elapsed())?;
                    }
                    Ok(response) if response.status == 503 => {
                        self.count(start, |second| second.refused += 1);
                        let unguided = u32::from(!response.has_retry_after);
                        self.unguided.set(self.unguided.get() + unguided);
                    }
                    Ok(_) => self.count(start, |second| second.other += 1),
                    Err(_) => {
                        self.count(start, |second| second.other += 1);
                        connection = Connection::open(program.address).await?;
                    }
                }
            }
            anyhow::Ok(())
        }))
        .await
        .into_iter()
        .collect()
    }

    /// Waits for the time of the next submission; returns its number, or `None` when the time is up.
    async fn turn(&self, start: Instant) -> Option<u32> {
        let number = self.next.get();
        self.next.set(number + 1);
        match self.pace {
            SweepPace::Closed => {}
            SweepPace::Open { rate } => {
                let due = Duration::from_secs_f64(f64::from(number) / rate);
                if due >= self.duration {
                    return None;
                }
                tokio::time::sleep_until((start + due).into()).await;
            }
        }
        (start.elapsed() < self.duration).then_some(number)
    }

    /// Responses after the end are not counted: they would improve the last second.
    fn count(&self, start: Instant, what: impl FnOnce(&mut Second)) {
        let index = usize::try_from(start.elapsed().as_secs()).unwrap_or(usize::MAX);
        if let Some(second) = self.seconds.borrow_mut().get_mut(index) {
            what(second);
        }
    }

    /// Records the program's memory in each second.
    async fn watch(&self, program: &Program) -> anyhow::Result<()> {
        let (start, id) = (clock::monotonic(), program.id()?);
        while start.elapsed() < self.duration {
            let resident = resident_bytes(id)?;
            self.count(start, |second| second.resident_bytes = resident);
            tokio::time::sleep(SECOND).await;
        }
        Ok(())
    }

    fn total(&self, what: impl Fn(&Second) -> u32) -> u32 {
        self.seconds.borrow().iter().map(what).sum()
    }

    fn accepted_a_second(&self) -> f64 {
        f64::from(self.total(|second| second.accepted)) / self.duration.as_secs_f64()
    }

    fn timeline(&self) -> Table {
        let mut table =
            Table::new("second by second", ["second", "sent", "201", "503", "other", "fte RSS MiB"]);
        for (index, second) in self.seconds.borrow().iter().enumerate() {
            table.row([
                json!(index + 1),
                json!(second.sent),
                json!(second.accepted),
                json!(second.refused),
                json!(second.other),
                mebibytes(second.resident_bytes),
            ]);
        }
        table
    }
}

/// Conversations that were still unanswered when the load ended.
struct Backlog {
    conversations: i64,
    /// How long they took to be answered; `None` if they exceeded the time-out.
    drained: Option<Duration>,
    left: i64,
    resident_bytes: u64,
}

impl Backlog {
    async fn drain(observer: &Client, program: &Program, timeout: Duration) -> anyhow::Result<Self> {
        let start = clock::monotonic();
        let conversations = waiting(observer).await?;
        eprintln!("waiting for a backlog of {conversations} conversations …");
        let mut left = conversations;
        while left > 0 && start.elapsed() < timeout {
            tokio::time::sleep(DRAIN_LOOK).await;
            left = waiting(observer).await?;
        }
        Ok(Self {
            conversations,
            drained: (left == 0).then(|| start.elapsed()),
            left,
            resident_bytes: resident_bytes(program.id()?)?,
        })
    }
}

async fn waiting(observer: &Client) -> anyhow::Result<i64> {
    let sql =
        "select count(*) from conversations where status = 'active' and answered_through < last_inbound";
    Ok(observer.query_one(sql, &[]).await?.get(0))
}

fn summary(load: &Load, peak: f64, rate: f64, backlog: &Backlog) -> Table {
    let mut table = Table::new("overload", ["what", "value"]);
    let seconds = load.duration.as_secs_f64();
    let resident: Vec<u64> = load.seconds.borrow().iter().map(|second| second.resident_bytes).collect();
    let largest = resident.iter().max().copied().unwrap_or(0);
    let refused = load.total(|second| second.refused);
    let after = load.accepted_after.borrow();
    let rows: [(&str, Value); 14] = [
        ("peak, 201/s", rounded(peak)),
        ("offered/s", rounded(rate)),
        ("sent/s", rounded(f64::from(load.total(|second| second.sent)) / seconds)),
        ("goodput, 201/s", rounded(load.accepted_a_second())),
        ("goodput / peak", rounded(load.accepted_a_second() / peak)),
        ("503/s", rounded(f64::from(refused) / seconds)),
        ("503 without Retry-After", json!(load.unguided.get())),
        ("other answers, or none", json!(load.total(|second| second.other))),
        ("accepted p50 ms", milliseconds(&after, 0.5)),
        ("accepted p99 ms", milliseconds(&after, 0.99)),
        ("fte RSS at the start, max, drained MiB", {
            let at = [resident.first().copied().unwrap_or(0), largest, backlog.resident_bytes];
            json!(at.map(|bytes| mebibytes(bytes).to_string()).join(", "))
        }),
        ("backlog at the end, conversations", json!(backlog.conversations)),
        ("backlog drained after s", backlog.drained.map_or(Value::Null, |d| rounded(d.as_secs_f64()))),
        ("left of it when the wait ended", json!(backlog.left)),
    ];
    for (what, value) in rows {
        table.row([json!(what), value]);
    }
    table
}

fn mebibytes(bytes: u64) -> Value {
    json!(bytes / (1024 * 1024))
}
