//! Database failure test: PostgreSQL restarts under load.

use std::cell::Cell;
use std::time::Duration;

use fte::embedded::EmbeddedPostgres;
use futures_util::future::join;
use rustix::process::{Pid, Signal, kill_process};

use crate::support::crowd::{crowd, size};
use crate::support::customers::CurrentUrl;
use crate::support::kafka::shared;
use crate::support::load::assert_all_stored;
use crate::support::postgres::{remove, scratch_dir, settings};
use crate::support::served::Served;
use crate::support::verdict::{all_settled, assert_answered_exactly_once};
use crate::support::wait::{LIMIT, pause};

/// `FTE_TEST_RESTARTS` restarts.
#[tokio::test]
async fn a_database_restarted_under_load_loses_no_answer() {
    let kafka = shared().await;
    let dir = scratch_dir();
    let mut postgres = EmbeddedPostgres::start(&settings(dir.path())).await.unwrap();
    let url = postgres.url().to_owned();
    let mut served = Served::start(&url, &[("KAFKA_BOOTSTRAP_SERVERS", &kafka.servers)]).await;
    let endpoint = CurrentUrl::at(&served.base);
    let done = Cell::new(false);
    let restarts = size("FTE_TEST_RESTARTS", 2);
    let restarting = async {
        for _ in 0..restarts {
            pause("customers write for a while", Duration::from_secs(3)).await;
            // Immediate shutdown, as in a crash of its machine.
            kill_process(postmaster(&postgres), Signal::QUIT).unwrap();
            pause("the database is down", Duration::from_secs(1)).await;
            postgres.revive().await.unwrap();
            assert_eq!(postgres.url(), url, "it restarted at another address");
        }
        done.set(true);
    };
    let (posts, ()) = join(crowd(&endpoint, 20, 10, || !done.get()), restarting).await;

    let settled = all_settled(&url, LIMIT).await;
    let repeated = posts.iter().filter(|post| post.accepted.tries > 1).count();
    println!(
        "{} messages, {repeated} repeated after a refusal, {restarts} restarts, all answered {settled:?} after",
        posts.len()
    );
    assert!(repeated > 0, "no post was repeated during the restarts");
    assert_answered_exactly_once(&url).await;
    assert_all_stored(&url, &posts, "database").await;
    assert!(served.is_alive());
    served.terminate().await;
    remove(postgres).await;
}

fn postmaster(postgres: &EmbeddedPostgres) -> Pid {
    let file = std::fs::read_to_string(postgres.data_dir().join("postmaster.pid")).unwrap();
    Pid::from_raw(file.lines().next().unwrap().parse().unwrap()).unwrap()
}
