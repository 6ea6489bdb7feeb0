//! First-start tests: slow steps log their progress, and the listening line comes last.

use std::fs::File;
use std::path::Path;
use std::process::Stdio;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use fte::fakes::openai::{Act, Asked, FakeOpenai, FakeReply, Script};
use rustix::process::{Pid, Signal, kill_process};
use serde_json::Value;
use tokio::process::{Child, Command};

use crate::support::customers::Customer;
use crate::support::postgres::bare_database;
use crate::support::served::{Served, command};
use crate::support::wait::{LIMIT, completes, eventually};

const LISTENING: &str = "listening on ";

/// The embedding batches together take long enough for several progress lines, and less than the start's time-out.
struct SlowEmbeddings;

impl Script for SlowEmbeddings {
    fn act(&self, _: &Asked) -> Act {
        FakeReply::words("Nobody asks.").into()
    }

    fn embedding_delay(&self) -> Duration {
        Duration::from_millis(700)
    }
}

#[tokio::test]
async fn without_a_terminal_progress_is_logged_and_the_listening_line_is_the_last_of_the_start() {
    let (dir, url) = (tempfile::tempdir().unwrap(), bare_database().await);
    let fake = FakeOpenai::start(SlowEmbeddings).unwrap();
    let base = fake.base_url();
    let mut serve = command(&dir);
    serve.envs([("DATABASE_URL", url.as_str()), ("EMBEDDER", "openai"), ("OPENAI_BASE_URL", base.as_str())]);

    // Both streams go to one file, as in a container's log.
    let both = dir.path().join("both");
    let file = File::create(&both).unwrap();
    let lines = lines_of_a_start(serve.stdout(file.try_clone().unwrap()).stderr(file), &both).await;
    let place = lines.iter().position(|line| line.starts_with(LISTENING)).unwrap();
    let (start, rest) = lines.split_at(place);
    let progress: Vec<_> = start.iter().filter(|line| line.contains("embedding the documents")).collect();
    assert!(progress.len() >= 2, "{lines:#?}");
    assert!(progress.iter().all(|line| line.contains(" done=") && line.contains(" of=")), "{progress:#?}");
    assert!(start.iter().any(|line| line.contains("brought the database up to date")), "{lines:#?}");
    // On a machine too busy to embed the documents in time, the program completes them while it serves.
    let next = rest[1..].iter().find(|line| !line.contains("the index of vectors is complete"));
    assert!(
        next.is_some_and(|line| line.contains("draining")),
        "the start went on after its last line: {lines:#?}"
    );

    // Standard output has the listening line only, whatever is logged.
    let alone = dir.path().join("alone");
    let mut serve = command(&dir);
    serve
        .envs([("DATABASE_URL", url.as_str()), ("LOG_LEVEL", "trace")])
        .stdout(File::create(&alone).unwrap());
    let lines = lines_of_a_start(&mut serve, &alone).await;
    assert_eq!(lines.len(), 1, "{lines:#?}");
    assert!(lines[0].starts_with("listening on http://127.0.0.1:"), "{lines:#?}");
}

/// Whether the embeddings of `GatedEmbeddings` come at once.
static IS_OPEN: AtomicBool = AtomicBool::new(false);

/// The documents take a minute to embed until the gate is opened.
struct GatedEmbeddings;

impl Script for GatedEmbeddings {
    fn act(&self, _: &Asked) -> Act {
        FakeReply::words("Nobody asks.").into()
    }

    fn embedding_delay(&self) -> Duration {
        if IS_OPEN.load(Ordering::Relaxed) { Duration::ZERO } else { Duration::from_secs(5) }
    }
}

#[tokio::test]
async fn while_vectors_are_incomplete_health_is_degraded_and_tells_how_far_they_are() {
    let (url, fake) = (bare_database().await, FakeOpenai::start(GatedEmbeddings).unwrap());
    let without_vectors = Served::start(&url, &[]).await;
    let health = Customer::of(&without_vectors.base).json("/health/ready").await;
    assert_eq!(index_check(&health), None, "nobody builds an index: {health}");
    without_vectors.terminate().await;

    let base = fake.base_url();
    let served = Served::start(&url, &[("EMBEDDER", "openai"), ("OPENAI_BASE_URL", base.as_str())]).await;
    let everybody = Customer::of(&served.base);
    let done = async |at_least: u64| {
        let health = everybody.json("/health/ready").await;
        let check = index_check(&health).ok_or_else(|| health.clone())?;
        let (done, total) = progress(check["detail"].as_str().unwrap());
        assert_eq!((&check["status"], &health["status"]), (&"degraded".into(), &"ready".into()), "{health}");
        assert!(done < total && total > 500, "{health}");
        if done >= at_least { Ok(done) } else { Err(health) }
    };
    let (first, _) = eventually("the progress", LIMIT, async || done(0).await).await;
    eventually("more progress", LIMIT, async || done(first + 1).await).await;

    IS_OPEN.store(true, Ordering::Relaxed);
    let complete = async || {
        let health = everybody.json("/health/ready").await;
        if index_check(&health).is_none() { Ok(()) } else { Err(health) }
    };
    eventually("the whole index", LIMIT, complete).await;
    assert!(served.log().contains("the index of vectors is complete"), "{}", served.log());
}

fn index_check(health: &Value) -> Option<Value> {
    let checks = health["checks"].as_array().unwrap();
    checks.iter().find(|check| check["name"] == "search_index").cloned()
}

/// "12 of 900 texts are embedded; …"
fn progress(detail: &str) -> (u64, u64) {
    let mut words = detail.split(' ');
    let done = words.next().unwrap().parse().unwrap();
    assert!(detail.contains(" texts are embedded"), "{detail}");
    (done, words.nth(1).unwrap().parse().unwrap())
}

/// Starts the program, sends one request and drains it; returns the lines it wrote to `output`.
async fn lines_of_a_start(serve: &mut Command, output: &Path) -> Vec<String> {
    let mut served = serve.stdin(Stdio::null()).spawn().unwrap();
    let listening = async || {
        let lines = lines(output);
        let base = lines.iter().find_map(|line| line.strip_prefix(LISTENING));
        base.map(str::to_owned).ok_or(lines)
    };
    let (base, _) = eventually("the listening line", LIMIT, listening).await;
    assert_eq!(Customer::of(&base).get("/health/ready").await.unwrap().status(), 200);
    terminate(&mut served).await;
    lines(output)
}

fn lines(output: &Path) -> Vec<String> {
    std::fs::read_to_string(output).unwrap().lines().map(str::to_owned).collect()
}

async fn terminate(served: &mut Child) {
    let pid = served.id().and_then(|pid| Pid::from_raw(i32::try_from(pid).unwrap())).unwrap();
    kill_process(pid, Signal::TERM).unwrap();
    let status = completes(LIMIT, served.wait()).await.unwrap().unwrap();
    assert_eq!(status.code(), Some(0));
}
