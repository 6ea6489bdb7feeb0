//! The load test: throughput, response times and memory of `fte` on this machine.
//!
//! It sends to 127.0.0.1 alone, for a bounded time, and ends every process that it started. It has no pass or fail: it
//! prints what it measured.

mod baseline;
mod classic;
mod client;
mod doctored;
mod fill;
mod idle;
mod instant;
mod latency;
mod overload;
mod processes;
mod program;
mod questions;
mod report;
mod scale;
mod scratch;
mod seed;
mod submit;
mod turns;
mod wrk;

use std::process::ExitCode;

use clap::{Parser, Subcommand};
use tokio::signal::unix::{SignalKind, signal};

use crate::report::Report;

/// Measures fte under load, on this machine alone.
///
/// Every command starts what it needs: an embedded PostgreSQL with fresh, empty databases in a temporary
/// folder, and `fte serve` as built beside it. All of it is ended and removed afterwards, also after an error or
/// ctrl-C. Build first: cargo build --bin fte --example load. Measure on an idle machine.
#[derive(Debug, Parser)]
#[command(name = "load")]
struct Cli {
    #[command(subcommand)]
    command: Command,
    /// Print JSON instead of tables.
    #[arg(long, global = true)]
    json: bool,
}

#[derive(Debug, Subcommand)]
enum Command {
    Submit(submit::Options),
    Turns(turns::Options),
    Latency(latency::Options),
    Questions(questions::Options),
    Overload(overload::Options),
    Idle(idle::Options),
    Seed(fill::Options),
    Scale(scale::Options),
    Baseline(baseline::Options),
}

fn main() -> ExitCode {
    let cli = Cli::parse();
    let done = actix::System::new().block_on(async {
        tokio::select! {
            done = run(cli.command) => done,
            stopped = stopped() => Err(stopped),
        }
    });
    match done {
        Ok(Some(report)) => {
            report.print(cli.json);
            ExitCode::SUCCESS
        }
        Ok(None) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

async fn run(command: Command) -> anyhow::Result<Option<Report>> {
    match command {
        Command::Submit(options) => submit::run(&options).await.map(Some),
        Command::Turns(options) => turns::run(&options).await.map(Some),
        Command::Questions(options) => questions::run(&options).await.map(Some),
        Command::Latency(options) => latency::run(&options).await.map(Some),
        Command::Overload(options) => overload::run(&options).await.map(Some),
        Command::Idle(options) => idle::run(&options).await.map(Some),
        Command::Seed(options) => fill::run(&options).await.map(Some),
        Command::Scale(options) => scale::run(&options).await.map(Some),
        Command::Baseline(options) => baseline::run(&options).await.map(|()| None),
    }
}

/// Waits for a signal to stop; the running measurement is dropped then, and cleans up.
async fn stopped() -> anyhow::Error {
    let signals = (signal(SignalKind::interrupt()), signal(SignalKind::terminate()));
    let (Ok(mut interrupt), Ok(mut terminate)) = signals else {
        return anyhow::anyhow!("could not listen for signals");
    };
    tokio::select! {
        _ = interrupt.recv() => {}
        _ = terminate.recv() => {}
    }
    anyhow::anyhow!("stopped before the end")
}
