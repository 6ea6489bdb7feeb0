//! Kafka fixture: one broker shared by the whole binary, or a cluster for a single test. A helper process stops it when
//! the tests end, however they end.

use std::path::{Path, PathBuf};
use std::process::Command;

use rdkafka::consumer::{BaseConsumer, Consumer};
use rdkafka::message::Message;
use rdkafka::{ClientConfig, TopicPartitionList};
use rustix::process::{Pid, Signal, kill_process};
use serde_json::Value;
use tempfile::TempDir;
use tokio::sync::{Mutex, MutexGuard, OnceCell};

use super::process::{Helper, argument, stop_at_exit, until_parent_ends};
use super::served::Served;
use super::wait::{LIMIT, eventually};

static SHARED: OnceCell<Mutex<Cluster>> = OnceCell::const_new();
/// The helper of the shared broker: statics are never dropped.
static HELPER: std::sync::Mutex<Option<Helper>> = std::sync::Mutex::new(None);

/// The broker that all tests share, one test at a time, because it has one consumer group. Tests stop their processes
/// by SIGTERM, so that the next one need not wait for the session time-out.
pub async fn shared() -> MutexGuard<'static, Cluster> {
    let shared = SHARED.get_or_init(async || {
        let mut cluster = Cluster::start(1).await;
        *HELPER.lock().unwrap() = cluster.helper.take();
        stop_at_exit(finish);
        Mutex::new(cluster)
    });
    shared.await.lock().await
}

extern "C" fn finish() {
    let helper = HELPER.lock().map(|mut helper| helper.take());
    if let Ok(Some(mut helper)) = helper {
        helper.finish();
    }
}

/// A cluster for a single test. Dropping it stops the brokers.
pub struct Cluster {
    pub servers: String,
    dir: PathBuf,
    helper: Option<Helper>,
}

impl Cluster {
    pub async fn start(nodes: usize) -> Self {
        Self::start_with(nodes, "").await
    }

    /// Starts nodes with additional settings; `scripts/kafka.py` lists the allowed ones.
    pub async fn start_with(nodes: usize, extra: &str) -> Self {
        let (nodes, extra) = (nodes.to_string(), extra.to_owned());
        let helper = tokio::task::spawn_blocking(move || {
            let variables = [("FTE_TEST_NODES", nodes.as_str()), ("FTE_TEST_KAFKA_EXTRA", &extra)];
            let mut helper = Helper::start("support::kafka::keep_kafka", &variables);
            let servers = helper.read("kafka-servers");
            let dir = helper.read("kafka-dir");
            (servers, PathBuf::from(dir), helper)
        });
        let (servers, dir, helper) = helper.await.unwrap();
        Self { servers, dir, helper: Some(helper) }
    }

    /// A number that `cluster.json` has for a node: a process id, a port.
    fn number(&self, node: i32, what: &str) -> i32 {
        let nodes = nodes(&self.dir);
        let of_it = nodes.iter().find(|found| found["id"] == node).unwrap();
        i32::try_from(of_it[what].as_i64().unwrap()).unwrap()
    }

    /// The size of all logs of topics, in bytes.
    pub fn log_bytes(&self) -> u64 {
        let mut folders = vec![self.dir.clone()];
        let mut bytes = 0;
        while let Some(folder) = folders.pop() {
            for entry in std::fs::read_dir(folder).unwrap().flatten() {
                let path = entry.path();
                if path.is_dir() {
                    folders.push(path);
                } else if path.extension().is_some_and(|ending| ending == "log")
                    && path
                        .parent()
                        .and_then(Path::file_name)
                        .is_some_and(|topic| topic.to_string_lossy().starts_with("fte."))
                {
                    bytes += entry.metadata().unwrap().len();
                }
            }
        }
        bytes
    }

    fn pid(&self, node: i32) -> Pid {
        Pid::from_raw(self.number(node, "pid")).unwrap()
    }

    /// The port of the listener that additional settings have opened.
    pub fn spare_port(&self, node: i32) -> i32 {
        self.number(node, "spare")
    }

    /// The broker that leads a partition of a topic.
    pub async fn leader(&self, topic: &'static str, partition: usize) -> i32 {
        let servers = self.servers.clone();
        let ask = move || {
            let client: BaseConsumer =
                ClientConfig::new().set("bootstrap.servers", servers).create().unwrap();
            let metadata = client.fetch_metadata(Some(topic), LIMIT).unwrap();
            metadata.topics()[0].partitions()[partition].leader()
        };
        tokio::task::spawn_blocking(ask).await.unwrap()
    }

    /// Restarts crashed brokers at their previous addresses.
    pub async fn start_again(&self) {
        let dir = self.dir.clone();
        let start =
            move || script("start", dir.parent().unwrap(), &[dir.file_name().unwrap().to_str().unwrap()]);
        tokio::task::spawn_blocking(start).await.unwrap();
    }

    /// Sends a signal to a broker: SIGKILL for a crash, SIGSTOP and SIGCONT for a temporary outage.
    pub fn signal(&self, node: i32, signal: Signal) {
        kill_process(self.pid(node), signal).unwrap();
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        if let Some(helper) = &mut self.helper {
            helper.finish();
        }
    }
}

/// Every event of a topic so far, as JSON.
pub fn events(servers: &str, topic: &str) -> Vec<Value> {
    let consumer: BaseConsumer = ClientConfig::new()
        .set("bootstrap.servers", servers)
        .set("group.id", "tests-read-everything")
        .set("enable.auto.commit", "false")
        .create()
        .unwrap();
    let partitions = consumer.fetch_metadata(Some(topic), LIMIT).unwrap().topics()[0].partitions().len();
    let (mut assignment, mut expected) = (TopicPartitionList::new(), 0);
    for partition in 0..i32::try_from(partitions).unwrap() {
        let (low, high) = consumer.fetch_watermarks(topic, partition, LIMIT).unwrap();
        expected += high - low;
        assignment.add_partition_offset(topic, partition, rdkafka::Offset::Beginning).unwrap();
    }
    consumer.assign(&assignment).unwrap();
    let mut events = Vec::new();
    while i64::try_from(events.len()).unwrap() < expected {
        let message = consumer.poll(LIMIT).unwrap_or_else(|| panic!("{topic}: no events arrive"));
        events.push(serde_json::from_slice(message.unwrap().payload().unwrap()).unwrap());
    }
    events
}

fn nodes(dir: &Path) -> Vec<Value> {
    let state = std::fs::read_to_string(dir.join("cluster.json")).unwrap();
    let state: Value = serde_json::from_str(&state).unwrap();
    state["nodes"].as_array().unwrap().clone()
}

fn script(order: &str, dir: &Path, more: &[&str]) {
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/scripts/kafka.py");
    let done = Command::new("python3").args([script, order]).arg(dir).args(more).output().unwrap();
    assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
}

/// Helper process, not a test.
#[tokio::test]
#[ignore = "started by other tests"]
async fn keep_kafka() {
    let Some(count) = argument("FTE_TEST_NODES") else {
        return;
    };
    let dir = scratch();
    let extra = dir.path().join("extra.properties");
    std::fs::write(&extra, argument("FTE_TEST_KAFKA_EXTRA").unwrap_or_default()).unwrap();
    script("start", dir.path(), &[&count, extra.to_str().unwrap()]);
    let home = dir.path().join(&count);
    let servers: Vec<String> =
        nodes(&home).iter().map(|node| format!("127.0.0.1:{}", node["port"])).collect();
    println!("kafka-servers={}", servers.join(","));
    println!("kafka-dir={}", home.display());
    until_parent_ends().await;
    script("stop", dir.path(), &[&count]);
}

fn scratch() -> TempDir {
    tempfile::Builder::new().prefix("kafka-").tempdir_in(env!("CARGO_TARGET_TMPDIR")).unwrap()
}

/// The default number of partitions of each topic.
pub const PARTITIONS: i64 = 12;

/// The number of partitions that a process has now, by its log: those assigned since it joined, minus those revoked.
pub fn partitions(served: &Served) -> i64 {
    let number = |line: &str, key: &str| line.split_once(key)?.1.trim().parse::<i64>().ok();
    served.log().lines().fold(0, |held, line| {
        if line.contains("joining again") || line.contains("leaving the group") {
            return 0;
        }
        let got = number(line, "got partitions partitions=").unwrap_or(0);
        held + got - number(line, "lost partitions partitions=").unwrap_or(0)
    })
}

/// The number of times that a process was assigned partitions so far.
pub fn assignments(served: &Served) -> usize {
    let log = served.log();
    log.lines().filter(|line| line.contains("got partitions") && !line.ends_with("partitions=0")).count()
}

/// Waits until each of these processes has its share of the partitions. A new member gets some only after the others
/// have revoked them: when all have some, the rebalance is complete.
pub async fn all_share(processes: &[&Served]) {
    let shares = async || {
        let shares: Vec<i64> = processes.iter().map(|served| partitions(served)).collect();
        let shared = shares.iter().all(|share| *share > 0) && shares.iter().sum::<i64>() == PARTITIONS;
        if shared { Ok(()) } else { Err(shares) }
    };
    eventually("partitions of each process", LIMIT, shares).await;
}
