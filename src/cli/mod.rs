//! The command line: configuration → adapters → system. The one place that knows every adapter.

#[cfg(feature = "fakes")]
mod fake_openai;
mod handbook;
mod model;
mod replay;
mod secrets;
mod serve;
mod start;
mod whatsapp;

use std::process::ExitCode;

use anyhow::Context;
use clap::{Parser, Subcommand};

use crate::config::{self, Config};
use crate::failpoint::{self, Failpoint};
use crate::telemetry;

/// Bad usage or input (API.md, Command line).
const EXIT_USAGE: u8 = 2;

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
    Serve,
    /// Bring the schema of the database up to date, and say what was applied.
    ///
    /// `serve` does so by itself. Any number of processes may do it at once; one applies, the others wait.
    Migrate,
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
        Command::Serve => system.block_on(serve::serve(config)).map(|()| true),
        Command::Migrate => system.block_on(migrate(config)).map(|()| true),
        Command::Failpoints => list_failpoints().map(|()| true),
        Command::Replay(options) => system.block_on(replay::run(config, options)),
        #[cfg(feature = "fakes")]
        Command::FakeOpenai(options) => system.block_on(fake_openai::run(options)).map(|()| true),
    };
    match done {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn configure() -> anyhow::Result<Config> {
    let variables = config::environment()?;
    let config = Config::from_lookup(|name| variables.get(name).cloned())?;
    telemetry::init(&config.log).context("could not set up logging")?;
    Ok(config)
}

async fn migrate(config: Config) -> anyhow::Result<()> {
    let database = start::database(&config).await?;
    let applied = start::migrate(&database.connector).await;
    database.stop().await?;
    for name in &applied? {
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
