//! How each actor is doing: read by the supervisor's health report and by Prometheus.

use std::sync::Arc;
use std::sync::LazyLock;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use prometheus::{IntCounter, IntCounterVec, IntGauge, Opts};

/// The state of one actor, or of all actors of one kind.
#[derive(Debug)]
pub struct ActorHealth {
    name: &'static str,
    working: AtomicBool,
    panics: AtomicU64,
}

impl ActorHealth {
    pub fn new(name: &'static str) -> Arc<Self> {
        Arc::new(Self { name, working: AtomicBool::new(true), panics: AtomicU64::new(0) })
    }

    pub fn name(&self) -> &'static str {
        self.name
    }

    /// Whether it takes work; not while it pauses after too many panics.
    pub fn is_working(&self) -> bool {
        self.working.load(Ordering::Relaxed)
    }

    pub fn panics(&self) -> u64 {
        self.panics.load(Ordering::Relaxed)
    }

    pub fn set_working(&self, working: bool) {
        self.working.store(working, Ordering::Relaxed);
    }

    pub fn count_panic(&self) {
        self.panics.fetch_add(1, Ordering::Relaxed);
        METRICS.panics.with_label_values(&[self.name]).inc();
    }
}

/// The numbers that ops watch.
pub struct ActorMetrics {
    pub panics: IntCounterVec,
    pub turns: IntCounterVec,
    pub refused: IntCounterVec,
    pub searches_without_vector: IntCounter,
    pub notices: IntCounterVec,
    pub deliveries: IntCounterVec,
    pub running: IntGauge,
    pub waiting: IntGauge,
    pub live: IntGauge,
    pub outbox: IntGauge,
    pub outbox_parked: IntGauge,
    pub outbox_age: IntGauge,
    pub published: IntCounter,
    pub lag: IntGauge,
    pub events_in_hand: IntGauge,
    pub unreadable: IntCounter,
    pub rejoins: IntCounter,
    pub pool_size: IntGauge,
}

/// Registered once in a process, when first used.
pub static METRICS: LazyLock<ActorMetrics> = LazyLock::new(|| ActorMetrics {
    panics: counters("fte_actor_panics_total", "Panics caught, by actor", "actor"),
    turns: counters("fte_turns_total", "Turns that ended, by how", "ending"),
    refused: counters("fte_refused_total", "Work refused because too much was under way, by actor", "actor"),
    searches_without_vector: counter(
        "fte_searches_without_vector_total",
        "Searches by words alone because the embedding model gave no vector in time",
    ),
    notices: counters(
        "fte_staff_notices_total",
        "Tries to tell staff of an escalation, by how they ended",
        "end",
    ),
    deliveries: counters(
        "fte_deliveries_total",
        "Tries to send a reply through a provider, by how they ended",
        "end",
    ),
    running: gauge("fte_turns_running", "Turns running now"),
    waiting: gauge("fte_turns_waiting", "Conversations waiting for a turn in this process"),
    live: gauge("fte_conversations_live", "Conversation actors in memory, idle ones included"),
    outbox: gauge("fte_outbox_waiting", "Outbox rows of all processes that wait to be handed on"),
    outbox_parked: gauge("fte_outbox_parked", "Outbox rows set aside because they can't be handed on"),
    outbox_age: gauge("fte_outbox_oldest_seconds", "Age of the oldest outbox row that waits"),
    published: counter("fte_kafka_published_total", "Events that Kafka has taken"),
    lag: gauge("fte_kafka_lag", "Events of this process's partitions that are not finished"),
    events_in_hand: gauge("fte_kafka_events_in_hand", "Events taken out of Kafka and not finished"),
    unreadable: counter("fte_kafka_unreadable_total", "Events skipped because they can't be read"),
    rejoins: counter("fte_kafka_rejoins_total", "Memberships made anew because nothing came"),
    pool_size: gauge("fte_pool_size", "Turns that may run at once"),
});

fn counters(name: &str, help: &str, label: &str) -> IntCounterVec {
    let counters = IntCounterVec::new(Opts::new(name, help), &[label]);
    register(counters.unwrap_or_else(|error| unreachable!("the metric {name} is well formed: {error}")))
}

fn counter(name: &str, help: &str) -> IntCounter {
    register(
        IntCounter::new(name, help).unwrap_or_else(|error| unreachable!("{name} is well formed: {error}")),
    )
}

fn gauge(name: &str, help: &str) -> IntGauge {
    register(IntGauge::new(name, help).unwrap_or_else(|error| unreachable!("{name} is well formed: {error}")))
}

fn register<C: prometheus::core::Collector + Clone + 'static>(collector: C) -> C {
    if let Err(error) = prometheus::register(Box::new(collector.clone())) {
        tracing::error!(%error, "could not register a metric");
    }
    collector
}
