//! Throughput comparisons: the same work with and without Kafka, and by one, two and four worker processes, on the same
//! machine, one after the other; and what it costs PostgreSQL and Kafka.

use std::time::Duration;

use futures_util::future::join_all;
use futures_util::stream::{self, StreamExt};
use serde_json::json;
use tokio_postgres::Client;

use crate::support::crowd::size;
use crate::support::customers::{Customer, FORGOTTEN};
use crate::support::kafka::{Cluster, all_share};
use crate::support::postgres::{client, fresh_database};
use crate::support::served::Served;
use crate::support::verdict::{all_settled, assert_answered_exactly_once};

const TIMEOUT: Duration = Duration::from_secs(300);
/// The documented minimum.
const RATIO: f64 = 0.7;

/// `FTE_TEST_BACKLOG` messages, each from another customer.
#[tokio::test]
#[ignore = "a measurement, which needs a quiet machine"]
async fn with_kafka_it_answers_at_least_seven_tenths_as_fast() {
    let kafka = Cluster::start(1).await;
    let mut best = [0.0_f64; 2];
    // Alternating, so that a machine that slows down affects both equally.
    for _ in 0..size("FTE_TEST_ROUNDS", 3) {
        for (which, servers) in ["", kafka.servers.as_str()].into_iter().enumerate() {
            let rate = rate(servers).await;
            println!(
                "{}: {rate:.0} messages/s",
                if servers.is_empty() { "in process" } else { "with Kafka" }
            );
            best[which] = best[which].max(rate);
        }
    }
    let ratio = best[1] / best[0];
    println!("with Kafka {:.0}/s, without {:.0}/s: {ratio:.2}", best[1], best[0]);
    assert!(ratio >= RATIO, "{ratio}");
}

/// Messages per second while a backlog is processed, from the begin of the first turn to the end of the last one.
async fn rate(servers: &str) -> f64 {
    let url = fresh_database().await;
    let count = size("FTE_TEST_BACKLOG", 3000);
    let served = Served::start(&url, &[("KAFKA_BOOTSTRAP_SERVERS", servers), ("AGENT_POOL_SIZE", "0")]).await;
    let everybody = Customer::of(&served.base);
    let posts = (0..count).map(|n| {
        let everybody = everybody.clone();
        async move { everybody.submit(&format!("c-{n}@example.com"), &n.to_string(), FORGOTTEN).await }
    });
    stream::iter(posts).buffer_unordered(64).collect::<Vec<_>>().await;
    everybody.put("/ops/pool", &json!({"size": 64})).await.unwrap();
    all_settled(&url, TIMEOUT).await;
    let seconds = "select extract(epoch from max(ended_at) - min(started_at))::float8 from turns";
    let seconds: f64 = client(&url).await.query_one(seconds, &[]).await.unwrap().get(0);
    assert_answered_exactly_once(&url).await;
    served.terminate().await;
    f64::from(u32::try_from(count).unwrap()) / seconds
}

/// The documented minimum of two and of four processes, as a share of one.
const WORKERS_RATIO: f64 = 0.9;
/// Turns at once, in all workers together.
const POOL: usize = 64;

/// `FTE_TEST_BACKLOG` messages, each from another customer.
#[tokio::test]
#[ignore = "a measurement, which needs a quiet machine"]
async fn several_workers_answer_at_least_nine_tenths_as_fast_as_one() {
    let kafka = Cluster::start(1).await;
    let mut best = [(1, 0.0_f64), (2, 0.0), (4, 0.0)];
    for _ in 0..size("FTE_TEST_ROUNDS", 3) {
        for (workers, rate) in &mut best {
            *rate = rate.max(by_workers(&kafka, *workers).await);
        }
    }
    let [(_, one), more @ ..] = best;
    for (workers, rate) in more {
        println!("{workers} workers {rate:.0}/s, one {one:.0}/s: {:.2}", rate / one);
    }
    assert!(more.iter().all(|(_, rate)| rate / one >= WORKERS_RATIO), "{best:?}");
}

/// The same as [`rate`], by workers that share the partitions of an intake process.
async fn by_workers(kafka: &Cluster, workers: usize) -> f64 {
    let url = fresh_database().await;
    let count = size("FTE_TEST_BACKLOG", 3000);
    let variables = [("KAFKA_BOOTSTRAP_SERVERS", kafka.servers.as_str()), ("AGENT_POOL_SIZE", "0")];
    let mut places = Served::more_places(u32::try_from(workers).unwrap() + 1).await;
    let intake = Served::start_with(places.pop().unwrap(), &url, &["--roles", "intake"], &variables).await;
    let mut served = Vec::new();
    for place in places {
        served.push(Served::start_with(place, &url, &["--roles", "agent,delivery,desk"], &variables).await);
    }
    all_share(&served.iter().collect::<Vec<_>>()).await;
    let customers = Customer::of(&intake.base);
    let posts = (0..count).map(|n| {
        let customers = customers.clone();
        async move { customers.submit(&format!("c-{n}@example.com"), &n.to_string(), FORGOTTEN).await }
    });
    stream::iter(posts).buffer_unordered(64).collect::<Vec<_>>().await;

    let observer = client(&url).await;
    let before = Costs::so_far(&observer, kafka, &served).await;
    join_all(served.iter().map(async |worker| {
        Customer::of(&worker.base).put("/ops/pool", &json!({"size": POOL / workers})).await.unwrap();
    }))
    .await;
    all_settled(&url, TIMEOUT).await;
    let seconds = "select extract(epoch from max(ended_at) - min(started_at))::float8 from turns";
    let seconds: f64 = observer.query_one(seconds, &[]).await.unwrap().get(0);
    let after = Costs::so_far(&observer, kafka, &served).await;
    assert_answered_exactly_once(&url).await;
    let messages = f64::from(u32::try_from(count).unwrap());
    println!("{workers} workers: {:.0} messages/s; {}", messages / seconds, after.since(&before, messages));
    for process in served.into_iter().chain([intake]) {
        process.terminate().await;
    }
    messages / seconds
}

/// What work has cost so far.
struct Costs {
    rows_written: f64,
    wal_bytes: f64,
    postgres_cpu: f64,
    workers_cpu: f64,
    kafka_bytes: f64,
    connections: i64,
}

impl Costs {
    async fn so_far(observer: &Client, kafka: &Cluster, workers: &[Served]) -> Self {
        let counted = "select (tup_inserted + tup_updated + tup_deleted)::float8, \
                              pg_wal_lsn_diff(pg_current_wal_lsn(), '0/0')::float8, pg_backend_pid(), \
                              (select count(*) from pg_stat_activity a where a.datid = d.datid) \
                       from pg_stat_database d where d.datname = current_database()";
        let row = observer.query_one(counted, &[]).await.unwrap();
        let postmaster = Ticks::of(row.get::<_, i32>(2).unsigned_abs()).unwrap().parent;
        Self {
            rows_written: row.get(0),
            wal_bytes: row.get(1),
            postgres_cpu: family_seconds(postmaster),
            workers_cpu: workers.iter().map(|worker| Ticks::of(worker.pid()).unwrap().own / 100.0).sum(),
            kafka_bytes: f64::from(u32::try_from(kafka.log_bytes() / 1024).unwrap()) * 1024.0,
            connections: row.get(3),
        }
    }

    /// Of a thousand messages.
    fn since(&self, before: &Self, messages: f64) -> String {
        let each = |after: f64, before: f64| (after - before) * 1000.0 / messages;
        format!(
            "of 1,000: {:.0} rows written, {:.0} KiB of WAL, {:.2} s of CPU in PostgreSQL and {:.2} s in the workers, \
             {:.0} KiB in Kafka; {} connections",
            each(self.rows_written, before.rows_written),
            each(self.wal_bytes, before.wal_bytes) / 1024.0,
            each(self.postgres_cpu, before.postgres_cpu),
            each(self.workers_cpu, before.workers_cpu),
            each(self.kafka_bytes, before.kafka_bytes) / 1024.0,
            self.connections
        )
    }
}

/// Processor time of a process, in hundredths of a second (proc_pid_stat(5)).
struct Ticks {
    parent: u32,
    own: f64,
    /// Of its children that have ended.
    ended: f64,
}

impl Ticks {
    fn of(pid: u32) -> Option<Self> {
        let text = std::fs::read_to_string(format!("/proc/{pid}/stat")).ok()?;
        let fields: Vec<&str> = text.rsplit_once(") ")?.1.split(' ').collect();
        let number = |field: usize| fields[field - 3].parse::<f64>().unwrap();
        Some(Self {
            parent: fields[1].parse().unwrap(),
            own: number(14) + number(15),
            ended: number(16) + number(17),
        })
    }
}

/// Seconds of a process and of all of its children.
fn family_seconds(pid: u32) -> f64 {
    let parent = Ticks::of(pid).unwrap();
    let pids = std::fs::read_dir("/proc").unwrap().flatten();
    let pids = pids.filter_map(|entry| entry.file_name().to_str()?.parse::<u32>().ok());
    let children: f64 = pids.filter_map(Ticks::of).filter(|of| of.parent == pid).map(|of| of.own).sum();
    (parent.own + parent.ended + children) / 100.0
}
