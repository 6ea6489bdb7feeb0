//! `load submit`: throughput of storing submissions, compared with other implementations.

use std::process::Command;

use clap::Args;
use serde_json::{Value, json};

use crate::baseline::Behind;
use crate::processes::{cpu_seconds, family_cpu_seconds};
use crate::program::{Agents, Program};
use crate::report::{Report, Table, rounded};
use crate::scratch::{Database, Scratch};
use crate::wrk;

/// Measure how fast submissions are stored, beside a transaction for each and beside no database at all.
///
/// In each round, in turn and each on a fresh, empty database: `fte serve` without agents, `fte serve` with agents
/// running, the same HTTP front with a transaction for each submission, and the same front with nothing behind it.
/// Needs wrk, which shares the machine with the program and PostgreSQL; every submission is from a new customer.
/// Prints requests per second, latency, refusals, and the processor time of a request in the program and in PostgreSQL.
#[derive(Debug, Args)]
pub struct Options {
    /// Seconds for each case in each round.
    #[arg(long, default_value_t = 20, value_parser = clap::value_parser!(u32).range(1..=600))]
    seconds: u32,
    /// Concurrent connections that submit.
    #[arg(long, default_value_t = 64, value_parser = clap::value_parser!(u32).range(2..=4096))]
    connections: u32,
    /// Number of rounds of all cases.
    #[arg(long, default_value_t = 3, value_parser = clap::value_parser!(u32).range(1..=20))]
    rounds: u32,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Case {
    Fte(Agents),
    Front(Behind),
}

impl Case {
    const ALL: [Self; 4] = [
        Self::Fte(Agents::Off),
        Self::Fte(Agents::Default),
        Self::Front(Behind::Transactions),
        Self::Front(Behind::Nothing),
    ];

    fn name(self) -> &'static str {
        match self {
            Self::Fte(Agents::Off) => "fte, no agents",
            Self::Fte(Agents::Default) => "fte, agents running",
            Self::Front(Behind::Transactions) => "a transaction each",
            Self::Front(Behind::Nothing) => "handler only",
        }
    }
}

struct Measured {
    case: Case,
    seen: wrk::Seen,
    program_cpu_seconds: f64,
    postgres_cpu_seconds: f64,
}

pub async fn run(options: &Options) -> anyhow::Result<Report> {
    let scratch = Scratch::start().await?;
    let mut all = vec![];
    for round in 1..=options.rounds {
        for case in Case::ALL {
            eprintln!("round {round} of {}: {} …", options.rounds, case.name());
            let database = scratch.database("load").await?;
            all.push(measure(&scratch, &database, case, options).await?);
            scratch.remove(database).await?;
        }
    }
    Ok(Report::new("submit", vec![each(&all), means(&all)]))
}

async fn measure(
    scratch: &Scratch,
    database: &Database,
    case: Case,
    options: &Options,
) -> anyhow::Result<Measured> {
    let program = match case {
        Case::Fte(agents) => Program::serve(scratch, database, agents).await?,
        Case::Front(behind) => Program::start(front(database, behind)?).await?,
    };
    let (id, postmaster) = (program.id()?, scratch.postmaster()?);
    let before = (cpu_seconds(id)?, family_cpu_seconds(postmaster)?);
    let seen = wrk::submit(scratch, &program, options.seconds, options.connections).await?;
    Ok(Measured {
        case,
        seen,
        program_cpu_seconds: cpu_seconds(id)? - before.0,
        postgres_cpu_seconds: family_cpu_seconds(postmaster)? - before.1,
    })
}

fn front(database: &Database, behind: Behind) -> anyhow::Result<Command> {
    let mut command = Command::new(std::env::current_exe()?);
    let intake = match behind {
        Behind::Transactions => "transactions",
        Behind::Nothing => "nothing",
    };
    command.args(["baseline", "--intake", intake, "--database-url", &database.url]);
    Ok(command)
}

impl Measured {
    fn cells(&self) -> [Value; 7] {
        let micros = |seconds: f64| rounded(seconds * 1e6 / f64::from(self.seen.requests));
        [
            rounded(self.seen.requests_a_second()),
            rounded(self.seen.p50_ms()),
            rounded(self.seen.p99_ms()),
            json!(self.seen.non_2xx),
            json!(self.seen.broken),
            micros(self.program_cpu_seconds),
            micros(self.postgres_cpu_seconds),
        ]
    }
}

fn each(all: &[Measured]) -> Table {
    let columns =
        ["case", "req/s", "p50 ms", "p99 ms", "non-2xx", "broken", "CPU µs/req", "PostgreSQL CPU µs/req"];
    let mut table = Table::new("rounds", columns);
    for measured in all {
        let [rate, p50, p99, refused, broken, cpu, postgres] = measured.cells();
        table.row([json!(measured.case.name()), rate, p50, p99, refused, broken, cpu, postgres]);
    }
    table
}

/// The mean of each case over all rounds, and its speed-up over one transaction per submission.
fn means(all: &[Measured]) -> Table {
    let mean = |case: Case| {
        let rates: Vec<f64> =
            all.iter().filter(|m| m.case == case).map(|m| m.seen.requests_a_second()).collect();
        rates.iter().sum::<f64>() / f64::from(u32::try_from(rates.len()).unwrap_or(u32::MAX))
    };
    let classic = mean(Case::Front(Behind::Transactions));
    let mut table = Table::new("means", ["case", "req/s", "times a transaction each"]);
    for case in Case::ALL {
        table.row([json!(case.name()), rounded(mean(case)), rounded(mean(case) / classic)]);
    }
    table
}
