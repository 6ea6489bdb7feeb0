//! Process fixture: `fte serve` as a process that a test may kill. Its log is kept until the test ends.

use std::os::unix::process::ExitStatusExt;
use std::process::{ExitStatus, Stdio};
use std::time::{Duration, Instant};

use fte::clock;
use rustix::process::{Pid, Signal, kill_process};
use tempfile::TempDir;
use tokio::io::{AsyncBufReadExt, BufReader, Lines};
use tokio::process::{Child, ChildStdout, Command};
use tokio::sync::{Semaphore, SemaphorePermit};

use super::process::argument;
use super::wait::{LIMIT, completes};

/// The bearer token of every program under test.
pub const TOKEN: &str = "served-to-tests-and-to-nobody-else";
/// A semaphore for concurrent programs: each opens up to 15 connections, and the test server allows 600. A
/// holder never waits for another permit; a test that needs two takes both at once, so that no deadlock is possible.
static PLACES: Semaphore = Semaphore::const_new(6);

/// The permit to run one program.
pub type Place = SemaphorePermit<'static>;

/// A running `fte serve`. Dropping it kills the process.
pub struct Served {
    /// Such as `http://127.0.0.1:40123`.
    pub base: String,
    /// When it logged that it listens.
    pub since: Instant,
    child: Child,
    _output: Lines<BufReader<ChildStdout>>,
    dir: TempDir,
    place: Place,
}

impl Served {
    /// Serves the database at `url`, with `variables` in addition to the usual ones.
    pub async fn start(url: &str, variables: &[(&str, &str)]) -> Self {
        let place = PLACES.acquire().await.unwrap();
        Self::start_at(place, url, variables).await
    }

    /// Two programs on one database.
    pub async fn start_two(url: &str, variables: &[(&str, &str)]) -> (Self, Self) {
        let mut places = PLACES.acquire_many(2).await.unwrap();
        let second = places.split(1).unwrap();
        let first = Self::start_at(places, url, variables).await;
        (first, Self::start_at(second, url, variables).await)
    }

    /// Processes that divide the work on one database by their roles, such as `intake` or `agent,delivery`.
    pub async fn start_roles(url: &str, roles: &[&str], variables: &[(&str, &str)]) -> Vec<Self> {
        let count = u32::try_from(roles.len()).unwrap();
        let mut places = PLACES.acquire_many(count).await.unwrap();
        let mut served = Vec::new();
        for roles in roles {
            let place = places.split(1).unwrap();
            served.push(Self::start_with(place, url, &["--roles", roles], variables).await);
        }
        served
    }

    async fn start_at(place: Place, url: &str, variables: &[(&str, &str)]) -> Self {
        Self::start_with(place, url, &[], variables).await
    }

    /// Permits beyond those of the other tests, for a test that runs alone.
    pub async fn more_places(count: u32) -> Vec<Place> {
        PLACES.add_permits(usize::try_from(count).unwrap());
        let mut places = PLACES.acquire_many(count).await.unwrap();
        let mut each: Vec<Place> = (1..count).filter_map(|_| places.split(1)).collect();
        each.push(places);
        each
    }

    /// Serves with the permit of a previous program: a holder of permits must not wait for another one.
    pub async fn start_with(place: Place, url: &str, arguments: &[&str], variables: &[(&str, &str)]) -> Self {
        let dir = tempfile::tempdir().unwrap();
        let mut command = command(&dir);
        command.args(arguments);
        command.env("DATABASE_URL", url).envs(variables.iter().copied());
        let mut child = command.spawn().unwrap();
        let mut output = BufReader::new(child.stdout.take().unwrap()).lines();
        let Some(base) = listening(&mut output).await else {
            panic!("it does not listen: {}", log(&dir));
        };
        Self { base, since: clock::monotonic(), child, _output: output, dir, place }
    }

    /// Its FTE_DATA_DIR.
    pub fn data_dir(&self) -> &std::path::Path {
        self.dir.path()
    }

    /// Its standard error output so far.
    pub fn log(&self) -> String {
        log(&self.dir)
    }

    pub fn pid(&self) -> u32 {
        self.child.id().unwrap()
    }

    pub fn send(&self, signal: Signal) {
        let pid = self.child.id().and_then(|pid| Pid::from_raw(i32::try_from(pid).unwrap())).unwrap();
        kill_process(pid, signal).unwrap();
    }

    /// Whether the process still runs.
    pub fn is_alive(&mut self) -> bool {
        self.child.try_wait().unwrap().is_none()
    }

    /// Kills it by SIGKILL, as in a crash.
    pub async fn kill9(mut self) {
        self.child.kill().await.unwrap();
    }

    /// Kills it by SIGKILL; returns its permit.
    pub async fn killed(mut self) -> Place {
        self.child.kill().await.unwrap();
        self.place
    }

    /// Sends SIGTERM; returns the exit status, the time it took, and the permit.
    pub async fn terminated(mut self) -> (ExitStatus, Duration, Place) {
        self.send(Signal::TERM);
        let (status, took) = self.ended().await;
        (status, took, self.place)
    }

    /// The signal that ended a program with a failpoint.
    pub async fn wait_death(mut self) -> Option<i32> {
        match completes(LIMIT, self.child.wait()).await {
            Some(status) => status.unwrap().signal(),
            None => panic!("still running: {}", self.log()),
        }
    }

    /// Sends SIGTERM; returns the exit status and the time it took.
    pub async fn terminate(mut self) -> (ExitStatus, Duration) {
        self.send(Signal::TERM);
        self.ended().await
    }

    /// Waits for a program that was told to stop; returns the exit status and the time from now.
    pub async fn ended(&mut self) -> (ExitStatus, Duration) {
        let began = clock::monotonic();
        match completes(LIMIT, self.child.wait()).await {
            Some(status) => (status.unwrap(), clock::monotonic().duration_since(began)),
            None => panic!("does not stop: {}", self.log()),
        }
    }
}

/// The program under test: `FTE_TEST_PROGRAM`, so that a long run is not disturbed by a build, or the one built with the
/// tests.
fn program() -> String {
    argument("FTE_TEST_PROGRAM").unwrap_or_else(|| env!("CARGO_BIN_EXE_fte").to_owned())
}

/// `fte serve` in a folder of its own, with an empty environment.
pub fn command(dir: &TempDir) -> Command {
    let log = std::fs::OpenOptions::new().create(true).append(true).open(dir.path().join("log")).unwrap();
    let mut command = Command::new(program());
    command
        .arg("serve")
        .current_dir(dir.path())
        .env_clear()
        .env("API_PORT", "0")
        .env("FTE_API_TOKEN", TOKEN)
        .env("FTE_DATA_DIR", dir.path())
        // Embedding the documents of each fresh database would take most of a test's time.
        .env("EMBEDDER", "none")
        .env("LOG_LEVEL", "info");
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(log).kill_on_drop(true);
    command
}

/// The address after `listening on`; `None` if the program exits, or takes too long, before it prints that.
pub async fn listening(output: &mut Lines<BufReader<ChildStdout>>) -> Option<String> {
    let lines = async {
        while let Some(line) = output.next_line().await.unwrap() {
            if let Some(base) = line.strip_prefix("listening on ") {
                return Some(base.to_owned());
            }
        }
        None
    };
    completes(LIMIT, lines).await.flatten()
}

pub fn log(dir: &TempDir) -> String {
    std::fs::read_to_string(dir.path().join("log")).unwrap_or_default()
}
