//! First-start tests: slow steps log their progress, and the listening line comes last.

use std::fs::File;
use std::path::Path;
use std::process::Stdio;
use std::time::Duration;

use fte::fakes::openai::{Act, Asked, FakeOpenai, FakeReply, Script};
use rustix::process::{Pid, Signal, kill_process};
use tokio::process::{Child, Command};

use crate::support::customers::Customer;
use crate::support::postgres::bare_database;
use crate::support::served::command;
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
