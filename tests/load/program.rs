//! A server under test: a separate process on a free port, which lives as long as its guard.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use anyhow::{Context, bail, ensure};
use tokio::io::{AsyncBufReadExt, BufReader};
use tokio::process::ChildStdout;

use crate::scratch::{Database, Scratch};

/// What every server under test prints when it serves.
const SERVES: &str = "listening on ";
/// The staff token of every server under test.
pub const TOKEN: &str = "load-test";
const START_TIMEOUT: Duration = Duration::from_secs(60);

/// Concurrent turns in `fte`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Agents {
    /// None: submissions are stored and wait.
    Off,
    /// The default of `fte`.
    Default,
}

/// A running server; dropping it kills it. Its database is removed afterwards, so that it needs no clean shutdown.
pub struct Program {
    child: Child,
    /// Kept open: a server whose output pipe is closed would fail at its next line.
    _output: BufReader<ChildStdout>,
    pub address: SocketAddr,
}

impl Program {
    /// Starts the real `fte serve`, as built beside this program.
    pub async fn serve(scratch: &Scratch, database: &Database, agents: Agents) -> anyhow::Result<Self> {
        Self::serve_with(scratch, database, agents, &[]).await
    }

    /// The same, with additional environment variables.
    pub async fn serve_with(
        scratch: &Scratch,
        database: &Database,
        agents: Agents,
        variables: &[(&str, &str)],
    ) -> anyhow::Result<Self> {
        let mut command = Command::new(fte()?);
        // Neither the environment nor an .env file of the user may change what is measured.
        command.arg("serve").env_clear().current_dir(scratch.folder());
        command.env("DATABASE_URL", &database.url).env("FTE_DATA_DIR", scratch.folder().join("fte"));
        command.env("API_HOST", "127.0.0.1").env("API_PORT", "0").env("LOG_LEVEL", "warn");
        command.env("FTE_API_TOKEN", TOKEN);
        command.envs(variables.iter().copied());
        match agents {
            Agents::Off => {
                command.env("AGENT_POOL_SIZE", "0");
            }
            Agents::Default => {}
        }
        Self::start(command).await
    }

    /// Starts a server and waits until it serves.
    pub async fn start(mut command: Command) -> anyhow::Result<Self> {
        command.stdin(Stdio::null()).stdout(Stdio::piped());
        // Ctrl-C must reach only the load test, which ends its servers itself.
        std::os::unix::process::CommandExt::process_group(&mut command, 0);
        let child = command.spawn().with_context(|| format!("could not run {command:?}"))?;
        let mut started = Started(Some(child));
        let output = started.0.as_mut().and_then(|child| child.stdout.take());
        let mut output = BufReader::new(ChildStdout::from_std(output.context("a server without output")?)?);
        let mut line = String::new();
        while !line.starts_with(SERVES) {
            line.clear();
            let read = tokio::time::timeout(START_TIMEOUT, output.read_line(&mut line));
            let length = read.await.context("the server did not start in time")??;
            ensure!(length > 0, "the server ended before it served");
        }
        let address = target(line[SERVES.len()..].trim())?;
        let child = started.0.take().context("a server without a process")?;
        Ok(Self { child, _output: output, address })
    }

    pub fn id(&self) -> anyhow::Result<i32> {
        Ok(i32::try_from(self.child.id())?)
    }

    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        kill(&mut self.child);
    }
}

/// A process that does not serve yet.
struct Started(Option<Child>);

impl Drop for Started {
    fn drop(&mut self) {
        if let Some(child) = &mut self.0 {
            kill(child);
        }
    }
}

fn kill(child: &mut Child) {
    if let Err(error) = child.kill().and_then(|()| child.wait()) {
        eprintln!("could not end process {}: {error}", child.id());
    }
}

/// The address of a URL, which must be on this machine: load is sent nowhere else.
pub fn target(url: &str) -> anyhow::Result<SocketAddr> {
    let authority = url.strip_prefix("http://").map(|rest| rest.trim_end_matches('/'));
    let address = authority.and_then(|authority| authority.parse::<SocketAddr>().ok());
    match address {
        Some(address) if address.ip() == std::net::Ipv4Addr::LOCALHOST => Ok(address),
        Some(_) | None => {
            bail!("{url} is not of the form http://127.0.0.1:8000; load is sent to no other host")
        }
    }
}

fn fte() -> anyhow::Result<PathBuf> {
    let own = std::env::current_exe()?;
    let path = own.ancestors().nth(2).context("this program is not in a target folder")?.join("fte");
    ensure!(path.is_file(), "{} is missing: cargo build --bin fte", path.display());
    Ok(path)
}
