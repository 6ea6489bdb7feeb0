//! The command line: configuration → adapters → system. The one place that knows every adapter.

mod chat;
mod doctor;
mod documents;
mod eval;
#[cfg(feature = "fakes")]
mod fake_openai;
mod handbook;
mod indexing;
mod kafka;
mod kb;
mod model;
mod progress;
mod replay;
mod scratch;
mod secrets;
mod serve;
mod shelves;
mod simulate;
mod start;
mod whatsapp;

use std::process::ExitCode;

use anyhow::Context;
use clap::{Parser, Subcommand};

use crate::config::{self, Config};
use crate::domain::roles::Roles;
use crate::failpoint::{self, Failpoint};
use crate::telemetry;

/// Bad usage or input (API.md, Command line).
const EXIT_USAGE: u8 = 2;
const EXIT_TIMED_OUT: u8 = 4;

/// Times that `fte migrate` asks a Kafka which does not answer, 5 s each.
const KAFKA_TRIES: u32 = 6;

/// A customer-success agent that a company hosts itself.
///
/// It answers customers from the company's own documents, keeps every message in PostgreSQL, and hands what it must
/// not answer to people. Everything is configured by environment variables, or by a file .env in the working folder:
/// see .env.example. Without any, it runs on an embedded PostgreSQL.
#[derive(Debug, Parser)]
#[command(name = "fte", version)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Start everything in the foreground; ctrl-C and SIGTERM finish what runs and hand back the rest.
    ///
    /// Starts PostgreSQL unless one is given, brings the schema up to date, reads the documents, and then prints
    /// `listening on http://…`. Exits with 0 after a drain.
    Serve {
        /// What this process does: any of intake, agent, delivery, desk, separated by commas. All by default.
        #[arg(long, default_value = "intake,agent,delivery,desk")]
        roles: Roles,
    },
    /// Bring the schema of the database up to date, create missing topics in Kafka, and say what was done.
    ///
    /// `serve` does so by itself. Any number of processes may do it at once; one applies, the others wait.
    Migrate,
    /// Fill, search and index the knowledge base, from which the bot answers.
    #[command(subcommand)]
    Kb(kb::Kb),
    Chat(chat::Chat),
    Eval(eval::Eval),
    #[command(subcommand)]
    Simulate(simulate::Simulate),
    Doctor(doctor::Doctor),
    /// List the places on a message's path where a test may kill the process (FTE_FAILPOINT=name[:nth]).
    Failpoints,
    Replay(replay::Options),
    #[cfg(feature = "fakes")]
    FakeOpenai(fake_openai::Options),
}

/// Runs the program to its end.
pub fn run() -> ExitCode {
    let command = Cli::parse().command;
    let config = match configure() {
        Ok(config) => config,
        Err(error) => {
            eprintln!("{error:#}");
            return ExitCode::from(EXIT_USAGE);
        }
    };
    if let Some(order) = config.failpoint {
        failpoint::arm(order);
    }
    let system = actix::System::new();
    let done = match command {
        Command::Serve { roles } => system.block_on(serve::serve(config, roles)).map(|()| Verdict::Passed),
        Command::Migrate => system.block_on(migrate(config)).map(|()| Verdict::Passed),
        Command::Kb(order) => system.block_on(kb::run(config, order)),
        Command::Chat(order) => system.block_on(chat::run(config, order)),
        Command::Doctor(order) => system.block_on(doctor::run(config, order)),
        Command::Eval(order) => system.block_on(eval::run(config, order)),
        Command::Simulate(order) => system.block_on(simulate::run(config, order)),
        Command::Failpoints => list_failpoints().map(|()| Verdict::Passed),
        Command::Replay(options) => system.block_on(replay::run(config, options)),
        #[cfg(feature = "fakes")]
        Command::FakeOpenai(options) => system.block_on(fake_openai::run(options)).map(|()| Verdict::Passed),
    };
    match done {
        Ok(Verdict::Passed) => ExitCode::SUCCESS,
        Ok(Verdict::Missed) => ExitCode::FAILURE,
        Ok(Verdict::TimedOut) => ExitCode::from(EXIT_TIMED_OUT),
        Err(error) => {
            eprintln!("error: {error:#}");
            if error.is::<Misuse>() { ExitCode::from(EXIT_USAGE) } else { ExitCode::FAILURE }
        }
    }
}

/// What a command that ran to its end says about what it looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Verdict {
    Passed,
    /// A threshold or check was missed.
    Missed,
    /// What was waited for did not come in time.
    TimedOut,
}

/// What the caller got wrong, such as a path that does not exist.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
struct Misuse(String);

fn configure() -> anyhow::Result<Config> {
    let variables = config::environment()?;
    let config = Config::from_variables(&variables)?;
    telemetry::init(&config.log).context("could not set up logging")?;
    Ok(config)
}

async fn migrate(config: Config) -> anyhow::Result<()> {
    let database = start::database(&config).await?;
    let applied = start::migrate(&database.connector).await;
    database.stop().await?;
    let created = start::topics(&config.kafka, KAFKA_TRIES).await?;
    for name in applied?.iter().map(String::as_str).chain(created) {
        println!("{name}");
    }
    Ok(())
}

fn list_failpoints() -> anyhow::Result<()> {
    if !cfg!(feature = "failpoints") {
        eprintln!("this build ignores them: build with --features failpoints");
    }
    for point in Failpoint::ALL {
        println!("{}", point.as_str());
    }
    Ok(())
}
