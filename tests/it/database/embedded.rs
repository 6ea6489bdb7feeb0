//! Embedded PostgreSQL tests: start, sharing, kill, adoption and stop.

use std::fs;
use std::os::unix::fs::{MetadataExt, PermissionsExt, chown, symlink};
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::Command;
use std::time::Duration;

use fte::embedded::EmbeddedPostgres;
use futures_util::future::join_all;
use rustix::process::{Pid, Signal, geteuid, kill_process, test_kill_process};
use tokio_postgres::NoTls;

use crate::support::postgres::{client, remove, scratch_dir, settings};
use crate::support::process::{Helper, argument, until_parent_ends};
use crate::support::wait::{becomes, pause};

#[tokio::test]
async fn data_is_kept_between_runs() {
    let dir = scratch_dir();
    let first = start(dir.path()).await;
    client(first.url()).await.batch_execute("create table kept as select 42 as answer").await.unwrap();
    let url = first.url().to_owned();
    first.stop().await.unwrap();
    assert!(tokio_postgres::connect(&url, NoTls).await.is_err(), "stopped with its last user");

    let second = start(dir.path()).await;

    assert_eq!(answer(second.url(), "select answer from kept").await, 42);
    remove(second).await;
}

#[tokio::test]
async fn the_server_is_as_safe_as_it_can_be() {
    let dir = scratch_dir();
    let postgres = start(dir.path()).await;
    let query = "select string_agg(name || '=' || setting, ' ' order by name) from pg_settings where name = any (
                 array['fsync', 'full_page_writes', 'synchronous_commit', 'data_checksums', 'listen_addresses',
                       'unix_socket_directories', 'server_encoding', 'password_encryption'])";
    let settings: String = client(postgres.url()).await.query_one(query, &[]).await.unwrap().get(0);
    assert_eq!(
        settings,
        "data_checksums=on fsync=on full_page_writes=on listen_addresses=127.0.0.1 \
         password_encryption=scram-sha-256 server_encoding=UTF8 synchronous_commit=on unix_socket_directories="
    );
    let url_file = dir.path().join("database-url");
    assert_eq!(fs::read_to_string(&url_file).unwrap(), postgres.url());
    assert_eq!(fs::metadata(&url_file).unwrap().permissions().mode() & 0o777, 0o600);
    assert_ne!(fs::metadata(format!("/proc/{}", postmaster(&postgres))).unwrap().uid(), 0, "never root");
    let stranger = postgres.url().replace("fte:", "fte:not");
    assert!(tokio_postgres::connect(&stranger, NoTls).await.is_err(), "a wrong password is refused");
    remove(postgres).await;
}

#[tokio::test]
async fn the_server_of_a_killed_program_is_adopted() {
    let dir = scratch_dir();
    let mut program = helper(dir.path());
    let url = program.read("postgres-url");
    program.kill();

    let postgres = start(dir.path()).await;

    assert_eq!(postgres.url(), url);
    assert_eq!(answer(&url, "select 1").await, 1);
    remove(postgres).await;
}

#[tokio::test]
async fn a_first_start_may_be_killed_at_any_moment() {
    let dir = scratch_dir();
    for delay_ms in [30, 200, 600, 1200] {
        let program = helper(dir.path());
        pause("killed at any moment", Duration::from_millis(delay_ms)).await;
        program.kill();
    }
    let postgres = start(dir.path()).await;
    assert_eq!(answer(postgres.url(), "select 1").await, 1);
    remove(postgres).await;
}

#[tokio::test]
async fn a_killed_postmaster_with_a_stopped_backend_is_replaced() {
    let dir = scratch_dir();
    let user = start(dir.path()).await;
    let backend = answer(user.url(), "select pg_backend_pid()").await;
    let session = client(user.url()).await;
    let stopped: i32 = session.query_one("select pg_backend_pid()", &[]).await.unwrap().get(0);
    assert_ne!(backend, stopped);
    send(stopped, Signal::STOP);
    send(postmaster(&user), Signal::KILL);

    let postgres = start(dir.path()).await;

    assert_eq!(answer(postgres.url(), "select 1").await, 1);
    assert!(is_gone(stopped), "the old backend would have kept the old shared memory");
    assert_eq!(postgres.url(), user.url(), "other users of the folder can reconnect");
    user.stop().await.unwrap();
    remove(postgres).await;
}

#[tokio::test]
async fn a_server_that_crashed_while_in_use_is_restarted_at_its_address() {
    let dir = scratch_dir();
    let mut postgres = start(dir.path()).await;
    let url = postgres.url().to_owned();
    assert!(postgres.listens().await);
    send(postmaster(&postgres), Signal::KILL);
    becomes("it listens", false, async || postgres.listens().await).await;

    postgres.revive().await.unwrap();

    assert_eq!(postgres.url(), url);
    assert_eq!(answer(&url, "select 1").await, 1);
    remove(postgres).await;
}

#[tokio::test]
async fn a_stopped_postmaster_is_replaced() {
    let dir = scratch_dir();
    let postgres = start(dir.path()).await;
    let stuck = postmaster(&postgres);
    drop(postgres);
    send(stuck, Signal::STOP);

    let postgres = start(dir.path()).await;

    assert!(is_gone(stuck));
    assert_eq!(answer(postgres.url(), "select 1").await, 1);
    remove(postgres).await;
}

#[tokio::test]
async fn an_unrelated_process_with_the_recorded_process_id_is_not_signalled() {
    let dir = scratch_dir();
    let postgres = start(dir.path()).await;
    let (data, killed) = (postgres.data_dir().to_owned(), postmaster(&postgres));
    let recorded = fs::read_to_string(data.join("postmaster.pid")).unwrap();
    drop(postgres);
    send(killed, Signal::KILL);
    // Run as the server's user: PostgreSQL ignores processes of other users.
    let owner = fs::metadata(&data).unwrap();
    let mut stranger = Command::new("sleep");
    if geteuid().is_root() {
        stranger.uid(owner.uid()).gid(owner.gid());
    }
    let mut stranger = stranger.arg("600").spawn().unwrap();
    let (_, rest) = recorded.split_once('\n').unwrap();
    fs::write(data.join("postmaster.pid"), format!("{}\n{rest}", stranger.id())).unwrap();

    let postgres = start(dir.path()).await;

    assert_eq!(answer(postgres.url(), "select 1").await, 1);
    assert_eq!(stranger.try_wait().unwrap(), None, "the unrelated process was killed");
    stranger.kill().unwrap();
    stranger.wait().unwrap();
    remove(postgres).await;
}

#[tokio::test]
async fn the_last_user_stops_the_server() {
    let dir = scratch_dir();
    let mut other = helper(dir.path());
    let url = other.read("postgres-url");
    let postgres = start(dir.path()).await;
    assert_eq!(postgres.url(), url);

    other.finish();

    assert_eq!(answer(&url, "select 1").await, 1);
    let server = postmaster(&postgres);
    remove(postgres).await;
    assert!(is_gone(server));
}

#[tokio::test]
async fn ten_starting_at_once_share_one_server() {
    let dir = scratch_dir();
    let settings = settings(dir.path());
    let started = join_all((0..10).map(|_| EmbeddedPostgres::start(&settings))).await;
    let started: Vec<EmbeddedPostgres> = started.into_iter().map(Result::unwrap).collect();
    let server = postmaster(&started[0]);
    assert!(started.iter().all(|postgres| postgres.url() == started[0].url()));

    let stopped = join_all(started.into_iter().map(EmbeddedPostgres::stop)).await;

    assert!(stopped.iter().all(Result::is_ok), "{stopped:?}");
    assert!(is_gone(server));
}

#[tokio::test]
async fn a_program_that_starts_while_another_stops_gets_a_server() {
    let dir = scratch_dir();
    join_all((0..4).map(|_| async {
        for _ in 0..3 {
            let postgres = start(dir.path()).await;
            assert_eq!(answer(postgres.url(), "select 1").await, 1);
            postgres.stop().await.unwrap();
        }
    }))
    .await;
}

#[tokio::test]
async fn a_folder_that_the_servers_user_cannot_reach_gets_a_fallback() {
    if !geteuid().is_root() {
        eprintln!("only root needs a fallback");
        return;
    }
    let private = scratch_dir();
    fs::set_permissions(private.path(), fs::Permissions::from_mode(0o700)).unwrap();
    let dir = private.path().join("data");
    let postgres = start(&dir).await;
    assert!(postgres.data_dir().starts_with("/var/lib"), "{}", postgres.data_dir().display());
    client(postgres.url()).await.batch_execute("create table kept as select 7 as answer").await.unwrap();
    postgres.stop().await.unwrap();

    let again = start(&dir).await;

    assert_eq!(answer(again.url(), "select answer from kept").await, 7);
    remove(again).await;
}

#[tokio::test]
async fn a_folder_of_another_user_stays_theirs() {
    if !geteuid().is_root() {
        eprintln!("only root can act for others");
        return;
    }
    const NOBODY: u32 = 65534;
    let dir = scratch_dir();
    chown(dir.path(), Some(NOBODY), Some(NOBODY)).unwrap();
    symlink("/dev/null", dir.path().join("postgres.log")).unwrap();
    let error = EmbeddedPostgres::start(&settings(dir.path())).await.unwrap_err();
    assert!(error.to_string().ends_with("postgres.log"), "root followed a link of another user: {error}");
    fs::remove_file(dir.path().join("postgres.log")).unwrap();

    let postgres = start(dir.path()).await;

    for entry in fs::read_dir(dir.path()).unwrap() {
        let entry = entry.unwrap();
        assert_eq!(entry.metadata().unwrap().uid(), NOBODY, "{}", entry.path().display());
    }
    assert_eq!(fs::metadata(format!("/proc/{}", postmaster(&postgres))).unwrap().uid(), NOBODY);
    remove(postgres).await;
}

#[tokio::test]
async fn a_missing_runtime_is_reported_with_its_fix() {
    let dir = scratch_dir();
    let mut settings = settings(dir.path());
    settings.runtime_dir = dir.path().join("nowhere");
    let error = EmbeddedPostgres::start(&settings).await.unwrap_err().to_string();
    assert!(error.contains("run make build"), "{error}");
}

/// Helper process, not a test: uses the embedded PostgreSQL until it is stopped.
#[tokio::test]
#[ignore = "started by other tests"]
async fn use_postgres() {
    let Some(dir) = argument("FTE_TEST_DIR") else {
        return;
    };
    let postgres = start(Path::new(&dir)).await;
    println!("postgres-url={}", postgres.url());
    until_parent_ends().await;
    postgres.stop().await.unwrap();
}

fn helper(dir: &Path) -> Helper {
    Helper::start("database::embedded::use_postgres", &[("FTE_TEST_DIR", dir.to_str().unwrap())])
}

async fn start(dir: &Path) -> EmbeddedPostgres {
    EmbeddedPostgres::start(&settings(dir)).await.unwrap()
}

async fn answer(url: &str, query: &str) -> i32 {
    client(url).await.query_one(query, &[]).await.unwrap().get(0)
}

fn postmaster(postgres: &EmbeddedPostgres) -> i32 {
    let recorded = fs::read_to_string(postgres.data_dir().join("postmaster.pid")).unwrap();
    recorded.lines().next().unwrap().parse().unwrap()
}

fn send(pid: i32, signal: Signal) {
    kill_process(Pid::from_raw(pid).unwrap(), signal).unwrap();
}

/// Whether the process has exited, or is a zombie.
fn is_gone(pid: i32) -> bool {
    test_kill_process(Pid::from_raw(pid).unwrap()).is_err()
        || fs::read(format!("/proc/{pid}/cmdline")).is_ok_and(|line| line.is_empty())
}
