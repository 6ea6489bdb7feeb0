//! End-to-end test of the embedded default: a verbatim copy of `.env.example`, and nothing else set but a port.

use std::path::{Path, PathBuf};

use rustix::process::{Pid, Signal, kill_process};
use tempfile::TempDir;
use tokio::io::{AsyncBufReadExt, BufReader};
use tokio::process::Child;

use crate::support::customers::{Customer, FORGOTTEN, replies};
use crate::support::postgres::{client, scratch_dir};
use crate::support::served::{command, listening, log};
use crate::support::wait::{LIMIT, completes};

#[tokio::test]
async fn a_copy_of_the_example_starts_everything_and_survives_a_kill() {
    let dir = scratch_dir();
    std::fs::copy(Path::new(env!("CARGO_MANIFEST_DIR")).join(".env.example"), dir.path().join(".env"))
        .unwrap();

    let (mut first, base) = start(&dir).await;
    let ann = Customer::of(&base);
    let ticket = ann.submit("ann@example.com", "1", FORGOTTEN).await.ticket();
    let answered = ann.replied(&ticket, 1, LIMIT).await;
    first.kill().await.unwrap();

    let (mut second, base) = start(&dir).await;
    let ann = Customer::of(&base);
    assert_eq!(ann.ticket(&ticket).await, answered, "the data is kept");
    ann.follow_up(&ticket, "2", FORGOTTEN).await;
    assert_eq!(replies(&ann.replied(&ticket, 2, LIMIT).await).len(), 2);
    let data = data_directory(&dir).await;
    assert_eq!(postmasters(&data), 1);
    let pid = second.id().and_then(|pid| Pid::from_raw(i32::try_from(pid).unwrap())).unwrap();
    kill_process(pid, Signal::TERM).unwrap();
    let status = completes(LIMIT, second.wait()).await.unwrap().unwrap();

    assert_eq!(status.code(), Some(0), "{}", log(&dir));
    assert_eq!(postmasters(&data), 0, "PostgreSQL is stopped with the program");
    remove_fallback(&dir, &data);
}

/// Actors and connections stop before the database does.
#[tokio::test]
async fn a_clean_stop_logs_no_warning() {
    let dir = scratch_dir();
    std::fs::copy(Path::new(env!("CARGO_MANIFEST_DIR")).join(".env.example"), dir.path().join(".env"))
        .unwrap();
    let (mut program, base) = start(&dir).await;
    let ann = Customer::of(&base);
    let ticket = ann.submit("ann@example.com", "1", FORGOTTEN).await.ticket();
    ann.replied(&ticket, 1, LIMIT).await;
    let data = data_directory(&dir).await;
    let before = log(&dir).len();

    let pid = program.id().and_then(|pid| Pid::from_raw(i32::try_from(pid).unwrap())).unwrap();
    kill_process(pid, Signal::TERM).unwrap();
    let status = completes(LIMIT, program.wait()).await.expect("it stops").unwrap();

    let log = log(&dir)[before..].to_owned();
    assert_eq!(status.code(), Some(0), "{log}");
    assert!(log.contains("drained"), "{log}");
    let warnings: Vec<&str> =
        log.lines().filter(|line| line.contains("WARN") || line.contains("ERROR")).collect();
    assert!(warnings.is_empty(), "{log}");
    assert_eq!(postmasters(&data), 0, "PostgreSQL is stopped with the program");
    remove_fallback(&dir, &data);
}

/// Starts the program in `dir`: it finds its files relative to its own path and stores its data below the folder.
async fn start(dir: &TempDir) -> (Child, String) {
    let mut child = command(dir).env_remove("FTE_DATA_DIR").spawn().unwrap();
    let mut output = BufReader::new(child.stdout.take().unwrap()).lines();
    let base = listening(&mut output).await;
    (child, base.unwrap_or_else(|| panic!("it does not listen: {}", log(dir))))
}

/// The data directory of the server at the recorded URL.
async fn data_directory(dir: &TempDir) -> PathBuf {
    let url = std::fs::read_to_string(dir.path().join(".local/database-url")).unwrap();
    let row = client(&url).await.query_one("select current_setting('data_directory')", &[]).await.unwrap();
    PathBuf::from(row.get::<_, String>(0))
}

/// The number of servers started for this data directory.
fn postmasters(data: &Path) -> usize {
    let processes = std::fs::read_dir("/proc").unwrap().filter_map(|entry| {
        let line = std::fs::read(entry.ok()?.path().join("cmdline")).ok()?;
        Some(String::from_utf8_lossy(&line).replace('\0', " "))
    });
    let data = data.to_str().unwrap();
    processes.filter(|line| line.contains("postgres") && line.contains(&format!("-D {data}"))).count()
}

/// The fallback folder of a server that can't access the test's folder is not removed with that folder.
fn remove_fallback(dir: &TempDir, data: &Path) {
    if !data.starts_with(dir.path().canonicalize().unwrap()) && data.starts_with("/var/lib") {
        std::fs::remove_dir_all(data.parent().unwrap()).unwrap();
    }
}
