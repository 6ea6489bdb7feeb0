//! The command line and composition root: configuration → adapters → actor system. The one place that knows every
//! adapter.

mod commands;
mod knowledge;
mod progress;
mod scratch;
mod wiring;

use std::process::ExitCode;

use clap::{Args, Parser, Subcommand};

#[cfg(feature = "fakes")]
use self::commands::fake_openai;
use self::commands::{
    after_restore, chat, customer, dead_letters, doctor, eval, gmail, health, kb, mcp, replay, report, serve,
    simulate, staff, token,
};
use self::wiring::start;
#[cfg(feature = "fakes")]
use crate::config::McpConfig;
use crate::config::{self, Config};
use crate::domain::runtime::roles::Roles;
use crate::failpoint::{self, Failpoint};
use crate::telemetry::{self, Telemetry};

/// Bad usage or input (API.md, Command line).
const EXIT_USAGE: u8 = 2;
const EXIT_TIMED_OUT: u8 = 4;

/// How often `fte migrate` tries to reach Kafka, 5 s each.
const KAFKA_TRIES: u32 = 6;

/// A customer-success agent that a company hosts itself.
/// It answers customers from the company's own documents, keeps every message in PostgreSQL, and hands what it must not
/// answer to people. All settings are environment variables, or lines of a file .env in the working folder: see
/// .env.example. Without any, it runs on an embedded PostgreSQL.
#[derive(Debug, Parser)]
#[command(name = "fte", version = env!("FTE_VERSION"))]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Start everything in the foreground; ctrl-C and SIGTERM let running turns finish and release the rest.
    /// Starts PostgreSQL unless one is given, migrates the schema, ingests the documents, and then prints
    /// `listening on http://…`. Exits with 0 after a drain.
    Serve(ServeOptions),
    /// Migrate the database schema, create missing Kafka topics, and print what was done.
    /// `serve` does so by itself. Several processes may run it at once; one applies, the others wait.
    Migrate,
    /// Ingest into, search and index the knowledge base that the bot answers from.
    #[command(subcommand)]
    Kb(kb::Kb),
    Chat(chat::Chat),
    Eval(eval::Eval),
    #[command(subcommand)]
    Simulate(simulate::Simulate),
    Doctor(doctor::Doctor),
    Health(health::HealthOptions),
    #[command(subcommand)]
    Gmail(gmail::GmailCommand),
    /// Add, list, disable and reset the accounts of staff.
    #[command(subcommand)]
    Staff(staff::Staff),
    /// Export and erase what is held of a customer.
    #[command(subcommand)]
    Customer(customer::CustomerCommand),
    /// List, retry and dismiss the messages that the bot could not process.
    #[command(subcommand)]
    DeadLetters(dead_letters::DeadLettersCommand),
    /// Create, list and revoke tokens of programs.
    #[command(subcommand)]
    Token(token::TokenCommand),
    /// Print the report of a day or a week.
    #[command(subcommand)]
    Report(report::ReportCommand),
    /// Serve one MCP client on standard input and output, with the rights of the token in FTE_MCP_TOKEN.
    /// For clients that start their servers themselves; others use the address /mcp of a running server. Works with and
    /// without a running server on the same database.
    Mcp,
    /// List the points in a message's path where a test may kill the process (FTE_FAILPOINT=name[:nth]).
    Failpoints,
    /// Print the OpenAPI document of the HTTP API as JSON.
    Openapi,
    Replay(replay::ReplayOptions),
    AfterRestore(after_restore::AfterRestore),
    #[cfg(feature = "fakes")]
    FakeOpenai(fake_openai::FakeOpenaiOptions),
}

#[derive(Debug, Args)]
struct ServeOptions {
    /// Roles of this process: any of intake, agent, delivery, desk, separated by commas.
    #[arg(long, default_value = "intake,agent,delivery,desk")]
    roles: Roles,
    /// Serve the fixtures of the MCP conformance suite, too.
    #[cfg(feature = "fakes")]
    #[arg(long, hide = true)]
    mcp_fixtures: bool,
}

impl ServeOptions {
    #[cfg(not(feature = "fakes"))]
    fn applied_to(self, config: Config) -> (Config, Roles) {
        (config, self.roles)
    }

    #[cfg(feature = "fakes")]
    fn applied_to(self, config: Config) -> (Config, Roles) {
        let mcp = McpConfig { fixtures: self.mcp_fixtures, ..config.mcp };
        (Config { mcp, ..config }, self.roles)
    }
}

/// Runs the program to its end.
pub fn run() -> ExitCode {
    let command = Cli::parse().command;
    let (config, _telemetry) = match configure() {
        Ok(configured) => configured,
        Err(error) => {
            eprintln!("{error:#}");
            return ExitCode::from(EXIT_USAGE);
        }
    };
    config.failpoint.into_iter().for_each(failpoint::arm);
    let system = actix::System::new();
    let done = match command {
        Command::Serve(options) => {
            let (config, roles) = options.applied_to(config);
            system.block_on(serve::serve(config, roles)).map(|()| CommandOutcome::Passed)
        }
        Command::Migrate => system.block_on(migrate(config)).map(|()| CommandOutcome::Passed),
        Command::Kb(order) => system.block_on(kb::run(config, order)),
        Command::Chat(order) => system.block_on(chat::run(config, order)),
        Command::Staff(order) => system.block_on(staff::run(config, order)),
        Command::Customer(order) => system.block_on(customer::run(config, order)),
        Command::DeadLetters(order) => system.block_on(dead_letters::run(config, order)),
        Command::Token(order) => system.block_on(token::run(config, order)),
        Command::Report(order) => system.block_on(report::run(config, order)),
        Command::Mcp => system.block_on(mcp::run(config)).map(|()| CommandOutcome::Passed),
        Command::Doctor(order) => system.block_on(doctor::run(config, order)),
        Command::Health(options) => system.block_on(health::run(config, options)),
        Command::Gmail(command) => system.block_on(gmail::run(config, command)),
        Command::Eval(order) => system.block_on(eval::run(config, order)),
        Command::Simulate(order) => system.block_on(simulate::run(config, order)),
        Command::Failpoints => list_failpoints().map(|()| CommandOutcome::Passed),
        Command::Openapi => print_openapi().map(|()| CommandOutcome::Passed),
        Command::Replay(options) => system.block_on(replay::run(config, options)),
        Command::AfterRestore(options) => system.block_on(after_restore::run(config, options)),
        #[cfg(feature = "fakes")]
        Command::FakeOpenai(options) => {
            system.block_on(fake_openai::run(options)).map(|()| CommandOutcome::Passed)
        }
    };
    exit_code(done)
}

fn exit_code(done: anyhow::Result<CommandOutcome>) -> ExitCode {
    match done {
        Ok(CommandOutcome::Passed) => ExitCode::SUCCESS,
        Ok(CommandOutcome::Missed) => ExitCode::FAILURE,
        Ok(CommandOutcome::TimedOut) => ExitCode::from(EXIT_TIMED_OUT),
        Err(error) => {
            eprintln!("error: {error:#}");
            if error.is::<Misuse>() { ExitCode::from(EXIT_USAGE) } else { ExitCode::FAILURE }
        }
    }
}

/// The result of a command that ran to its end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum CommandOutcome {
    Passed,
    /// A threshold or check was missed.
    Missed,
    /// An awaited event did not happen in time.
    TimedOut,
}

/// A mistake of the caller, such as a path that does not exist.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
struct Misuse(String);

fn configure() -> anyhow::Result<(Config, Telemetry)> {
    let variables = config::environment()?;
    let config = Config::from_variables(&variables)?;
    let telemetry = telemetry::init(&config.log, config.traces.as_ref())?;
    Ok((config, telemetry))
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

fn print_openapi() -> anyhow::Result<()> {
    println!("{}", serde_json::to_string_pretty(&crate::http::openapi())?);
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
