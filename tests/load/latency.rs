//! `load latency`: response time of answers at a given rate of submissions.

use std::time::{Duration, Instant};

use anyhow::{Context, anyhow, ensure};
use clap::Args;
use fte::clock;
use futures_util::future::join_all;
use hdrhistogram::Histogram;
use serde::Deserialize;
use serde_json::{Value, json};
use tokio::sync::Semaphore;

use crate::client::{Connection, Connections, get, get_as_staff, question};
use crate::program::{Agents, Program};
use crate::report::{Report, Table, rounded};
use crate::scratch::Scratch;

/// The interval at which each ticket is polled until its answer is shown.
const LOOK_EVERY: Duration = Duration::from_millis(10);
/// Concurrent polls.
const LOOKS: usize = 64;
/// A ticket without an answer by then counts as unanswered.
const TIMEOUT: Duration = Duration::from_secs(30);

/// Measure the time from a submission to its answer on the ticket's page, at fixed rates.
///
/// For each rate, on a fresh, empty database: sends submissions to a real `fte serve` at their scheduled times, whether
/// or not earlier ones were answered (open loop), and polls each ticket every 10 ms until the answer is shown. Each has
/// another wording. The model is the offline one. Prints percentiles of the whole time, and of the submission alone,
/// and the share of the answers whose search used a vector.
#[derive(Debug, Args)]
pub struct Options {
    /// Submissions per second, one or more rates separated by commas.
    #[arg(long, default_value = "50,100,200", value_delimiter = ',',
          value_parser = clap::value_parser!(u32).range(1..=2000))]
    rate: Vec<u32>,
    /// Seconds for each rate.
    #[arg(long, default_value_t = 30, value_parser = clap::value_parser!(u32).range(1..=600))]
    seconds: u32,
}

/// The times of one submission.
struct Waited {
    stored: Duration,
    /// `None` if no answer came.
    answered: Option<Duration>,
}

pub async fn run(options: &Options) -> anyhow::Result<Report> {
    let scratch = Scratch::start().await?;
    let columns = [
        "rate/s",
        "sent",
        "answered",
        "with a vector",
        "failed",
        "p50 ms",
        "p95 ms",
        "p99 ms",
        "max ms",
        "submit p50 ms",
        "submit p99 ms",
    ];
    let mut table = Table::new("from submission to answer", columns);
    for rate in &options.rate {
        eprintln!("{rate} submissions a second …");
        let database = scratch.database("load").await?;
        let program = Program::serve(&scratch, &database, Agents::Default).await?;
        let all = at_rate(&program, *rate, options.seconds).await;
        let by_words = searches_without_vector(&program).await;
        drop(program);
        scratch.remove(database).await?;
        table.row(row(*rate, &all, by_words?)?);
    }
    Ok(Report::new("latency", vec![table]))
}

/// Response times of answers at that rate; every question must be answered.
pub async fn answers(program: &Program, rate: u32, seconds: u32) -> anyhow::Result<Histogram<u64>> {
    let mut answered = histogram()?;
    for waited in at_rate(program, rate, seconds).await {
        record(&mut answered, waited?.answered.context("a question was not answered")?)?;
    }
    Ok(answered)
}

/// The number of searches without a vector since the program started. An answered submission is one search.
async fn searches_without_vector(program: &Program) -> anyhow::Result<u32> {
    let response = Connection::open(program.address).await?.send(&get_as_staff("/metrics")).await?;
    ensure!(response.status == 200, "GET /metrics returned {}", response.status);
    let text = String::from_utf8(response.body)?;
    let count = text.lines().find_map(|line| line.strip_prefix("fte_searches_without_vector_total "));
    Ok(count.context("the metrics do not count searches without a vector")?.trim().parse()?)
}

async fn at_rate(program: &Program, rate: u32, seconds: u32) -> Vec<anyhow::Result<Waited>> {
    let (submits, looks) = (Connections::new(program.address), Connections::new(program.address));
    let permits = Semaphore::new(LOOKS);
    let start = clock::monotonic();
    let all = (0..rate * seconds).map(|number| {
        let due = start + Duration::from_secs(1) * number / rate;
        wait(&submits, &looks, &permits, number, due)
    });
    join_all(all).await
}

async fn wait(
    submits: &Connections,
    looks: &Connections,
    permits: &Semaphore,
    number: u32,
    due: Instant,
) -> anyhow::Result<Waited> {
    tokio::time::sleep_until(due.into()).await;
    let sent = clock::monotonic();
    let response = submits.send(&question(number.into())).await?;
    ensure!(response.status == 201, "a submission returned {}", response.status);
    let stored = sent.elapsed();
    let submitted: Submitted = serde_json::from_slice(&response.body)?;
    let look = get(&format!("/support/ticket/{}", submitted.ticket_id));
    while sent.elapsed() < TIMEOUT {
        let permit = permits.acquire().await?;
        let response = looks.send(&look).await?;
        drop(permit);
        ensure!(response.status == 200, "GET of a ticket returned {}", response.status);
        let ticket: Ticket = serde_json::from_slice(&response.body)?;
        if ticket.messages.iter().any(|message| message.role == "agent") {
            return Ok(Waited { stored, answered: Some(sent.elapsed()) });
        }
        tokio::time::sleep(LOOK_EVERY).await;
    }
    Ok(Waited { stored, answered: None })
}

#[derive(Deserialize)]
struct Submitted {
    ticket_id: String,
}

#[derive(Deserialize)]
struct Ticket {
    messages: Vec<Message>,
}

#[derive(Deserialize)]
struct Message {
    role: String,
}

fn row(rate: u32, all: &[anyhow::Result<Waited>], by_words: u32) -> anyhow::Result<[Value; 11]> {
    let (mut stored, mut answered) = (histogram()?, histogram()?);
    for waited in all.iter().flatten() {
        record(&mut stored, waited.stored)?;
        if let Some(time) = waited.answered {
            record(&mut answered, time)?;
        }
    }
    if let Some(Err(error)) = all.iter().find(|waited| waited.is_err()) {
        eprintln!("the first failure: {error:#}");
    }
    let failed = all.iter().filter(|waited| waited.is_err()).count();
    let searches = u32::try_from(answered.len())?;
    let with_vector = f64::from(searches.saturating_sub(by_words)) / f64::from(searches.max(1));
    Ok([
        json!(rate),
        json!(all.len()),
        json!(answered.len()),
        rounded(with_vector),
        json!(failed),
        milliseconds(&answered, 0.5),
        milliseconds(&answered, 0.95),
        milliseconds(&answered, 0.99),
        milliseconds(&answered, 1.0),
        milliseconds(&stored, 0.5),
        milliseconds(&stored, 0.99),
    ])
}

/// A histogram of microseconds, to three digits, up to a minute.
pub fn histogram() -> anyhow::Result<Histogram<u64>> {
    Histogram::new_with_bounds(1, 60_000_000, 3).map_err(|error| anyhow!("no histogram: {error}"))
}

pub fn record(histogram: &mut Histogram<u64>, time: Duration) -> anyhow::Result<()> {
    let micros = u64::try_from(time.as_micros()).context("a time outside of the histogram")?;
    histogram.saturating_record(micros);
    Ok(())
}

pub fn milliseconds(histogram: &Histogram<u64>, quantile: f64) -> Value {
    let micros = u32::try_from(histogram.value_at_quantile(quantile)).unwrap_or(u32::MAX);
    if histogram.is_empty() { Value::Null } else { rounded(f64::from(micros) / 1000.0) }
}
