//! `load scale`: what a large database costs, beside an empty one in the same run.

use std::time::Duration;

use anyhow::{Context, ensure};
use clap::Args;
use fte::clock;
use fte::crm::port::Knowledge;
use fte::crm::postgres::PgStore;
use fte::domain::knowledge::{Audience, Question, QuestionVector};
use serde_json::{Value, json};
use time::OffsetDateTime;

use crate::client::{Connection, get_as_staff};
use crate::fill::{self, Dice, Size};
use crate::program::{Agents, Program};
use crate::report::{Report, Table, rounded};
use crate::scratch::{Database, Scratch};
use crate::{seed, turns, wrk};

/// Before a console is measured: connections are open, and statements are planned.
const WARM_UP: usize = 6;
const QUEUES: [&str; 9] =
    ["needs_me", "unassigned", "mine", "watching", "bot", "snoozed", "parked", "resolved", "all"];
/// One that a counter answers, one that an index answers, and one that few conversations match.
const FILTERS: [&str; 4] =
    ["", "&channel=email", "&tag=vip", "&severity=urgent&reason=refund&sort=-last_message"];
/// Words that one in ten messages has, words of a subject, a name, part of an address, a ticket's number, and a word
/// that nothing has.
const SEARCHES: [&str; 7] = [
    "dashboard",
    "audit%20trail",
    "yesterday%20finance",
    "Grete%20Example777",
    "customer.777%40company",
    "T-2042",
    "zzzzqq",
];

/// Measure a database with years of messages beside an empty one.
///
/// Fills a database as `seed` does, then measures in alternating rounds on both: submissions (needs wrk) and turns with an
/// instant model. On the filled one: the console's queues with their counts, its search, a report over a year, and a
/// search of the knowledge. Prints ratios, and percentiles in milliseconds.
#[derive(Debug, Args)]
pub struct Options {
    #[command(flatten)]
    size: Size,
    /// Seconds of submissions on each database in each round.
    #[arg(long, default_value_t = 10, value_parser = clap::value_parser!(u32).range(1..=600))]
    seconds: u32,
    /// Turns on each database in each round.
    #[arg(long, default_value_t = 10_000, value_parser = clap::value_parser!(u32).range(100..=1_000_000))]
    turns: u32,
    #[arg(long, default_value_t = 3, value_parser = clap::value_parser!(u32).range(1..=20))]
    rounds: u32,
    /// Requests of each kind to the console.
    #[arg(long, default_value_t = 20, value_parser = clap::value_parser!(u32).range(1..=1000))]
    requests: u32,
}

pub async fn run(options: &Options) -> anyhow::Result<Report> {
    let scratch = Scratch::start().await?;
    let full = scratch.database("full").await?;
    let filled = fill::fill(&full.url, options.size).await?;
    let mut rates = Table::new("rates", ["what", "round", "empty", "filled", "ratio"]);
    let (mut submissions, mut all_turns) = ([0.0; 2], [0.0; 2]);
    for round in 1..=options.rounds {
        let empty = scratch.database("empty").await?;
        eprintln!("round {round} of {}: submissions …", options.rounds);
        let rate = [submit(&scratch, &empty, options).await?, submit(&scratch, &full, options).await?];
        row(&mut rates, "submissions/s", json!(round), rate);
        add(&mut submissions, rate);
        scratch.remove(empty).await?;
        let empty = scratch.database("empty").await?;
        settle(&full).await?;
        eprintln!("round {round} of {}: turns …", options.rounds);
        let rate = [turn(&scratch, &empty, options).await?, turn(&scratch, &full, options).await?];
        row(&mut rates, "turns/s", json!(round), rate);
        add(&mut all_turns, rate);
        scratch.remove(empty).await?;
    }
    for (what, sum) in [("submissions/s", submissions), ("turns/s", all_turns)] {
        row(&mut rates, what, json!("mean"), sum.map(|sum| sum / f64::from(options.rounds)));
    }
    let program = Program::serve(&scratch, &full, Agents::Off).await?;
    let console = console(&program, options.requests).await?;
    drop(program);
    let knowledge = knowledge(&full, options.requests).await?;
    Ok(Report::new("scale", vec![fill::table(options.size, filled), rates, console, knowledge]))
}

fn add(sum: &mut [f64; 2], rate: [f64; 2]) {
    *sum = [sum[0] + rate[0], sum[1] + rate[1]];
}

fn row(table: &mut Table, what: &str, round: Value, [empty, full]: [f64; 2]) {
    table.row([json!(what), round, rounded(empty), rounded(full), rounded(full / empty)]);
}

async fn submit(scratch: &Scratch, database: &Database, options: &Options) -> anyhow::Result<f64> {
    let program = Program::serve(scratch, database, Agents::Off).await?;
    let seen = wrk::submit(scratch, &program, options.seconds, CONNECTIONS).await?;
    ensure!(seen.non_2xx == 0 && seen.broken == 0, "submissions were refused: {seen:?}");
    Ok(seen.requests_a_second())
}

/// Connections that submit.
const CONNECTIONS: u32 = 64;

/// What was submitted must not be answered in the measurement of turns.
async fn settle(database: &Database) -> anyhow::Result<()> {
    let client = crate::scratch::client(&database.url).await?;
    let settle = "update conversations set answered_through = last_inbound \
                  where status = 'active' and answered_through < last_inbound;
                  delete from outbox; checkpoint";
    Ok(client.batch_execute(settle).await?)
}

async fn turn(scratch: &Scratch, database: &Database, options: &Options) -> anyhow::Result<f64> {
    let records = PgStore::new(&database.connector()?)?;
    seed::store(&records, options.turns, options.turns).await?;
    drop(records);
    turns::rate(scratch, database, options.turns).await
}

async fn console(program: &Program, requests: u32) -> anyhow::Result<Table> {
    let mut table = Table::new("console", ["request", "items", "p50 ms", "p95 ms", "max ms"]);
    let mut connection = Connection::open(program.address).await?;
    let mut paths: Vec<String> = QUEUES
        .iter()
        .flat_map(|queue| {
            FILTERS.iter().map(move |filter| format!("/staff/conversations?queue={queue}{filter}"))
        })
        .collect();
    paths.extend(SEARCHES.iter().map(|words| format!("/staff/search?q={words}")));
    for path in paths {
        table.row(times(&mut connection, &path, requests).await?);
    }
    let (from, to) = (clock::now() - Duration::from_secs(364 * 86_400), clock::now());
    let report = format!("/staff/reports?from={}&to={}", day(from), day(to));
    table.row(times(&mut connection, &report, 3).await?);
    Ok(table)
}

fn day(at: OffsetDateTime) -> String {
    at.date().to_string()
}

async fn times(connection: &mut Connection, path: &str, requests: u32) -> anyhow::Result<[Value; 5]> {
    eprintln!("{path}");
    let warm_up = if requests > 3 { WARM_UP } else { 0 };
    let (mut times, mut items) = (Vec::new(), Value::Null);
    for request in 0..warm_up + usize::try_from(requests)? {
        let since = clock::monotonic();
        let response = connection.send(&get_as_staff(path)).await?;
        if request >= warm_up {
            times.push(since.elapsed());
        }
        let body: Value = serde_json::from_slice(&response.body)?;
        items = match response.status {
            200 => json!(body["items"].as_array().map(Vec::len)),
            refused => json!(format!("status {refused}")),
        };
    }
    let [p50, p95, max] = percentiles(times)?;
    Ok([json!(path), items, p50, p95, max])
}

async fn knowledge(database: &Database, requests: u32) -> anyhow::Result<Table> {
    let records = PgStore::new(&database.connector()?)?;
    let mut dice = Dice(13);
    let mut table = Table::new("knowledge", ["search", "passages", "p50 ms", "p95 ms", "max ms"]);
    for (name, has_vector) in [("by words", false), ("by words and meaning", true)] {
        let (mut times, mut found) = (Vec::new(), 0);
        for number in 0..requests {
            let vector = has_vector
                .then(|| QuestionVector { model: fill::model(), values: fill::unit_vector(&mut dice) });
            let text = format!("How do word{number}x and word{}x differ from word900x?", number * 7 + 20);
            let since = clock::monotonic();
            let findings = records.search(Question { text, vector }, 5, Audience::Staff).await?;
            times.push(since.elapsed());
            found = findings.passages.len();
        }
        let [p50, p95, max] = percentiles(times)?;
        table.row([json!(name), json!(found), p50, p95, max]);
    }
    Ok(table)
}

fn percentiles(mut times: Vec<Duration>) -> anyhow::Result<[Value; 3]> {
    times.sort();
    let at = |hundredths: usize| {
        let index = (times.len() * hundredths).div_ceil(100).saturating_sub(1);
        let time = times.get(index).context("nothing was measured")?;
        anyhow::Ok(rounded(time.as_secs_f64() * 1e3))
    };
    Ok([at(50)?, at(95)?, at(100)?])
}
