//! Prometheus metrics: every metric of the program with its name, unit, labels and help, registered once in a process
//! when first used. Any folder but `domain` may use them; they only count, and decide nothing.
//!
//! New names follow `fte_<noun>_<unit>`. Dashboards know the names, so an existing one stays as it is. No label holds
//! an id or a text of a customer: each combination of label values is a time series of its own.

use std::sync::LazyLock;
use std::time::Instant;

use prometheus::{
    Histogram, HistogramOpts, HistogramVec, IntCounter, IntCounterVec, IntGauge, IntGaugeVec, Opts,
};

use crate::clock;

/// Upper bounds, in seconds, of what takes some milliseconds: requests, and calls of the store.
const SHORT: &[f64] = &[0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0];
/// Upper bounds, in seconds, of what may wait for a provider: turns, and deliveries.
const LONG: &[f64] = &[0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 60.0, 120.0];

/// What the value of a metric counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unit {
    /// Occurrences since the start; the name ends in `_total`.
    Occurrences,
    /// Things that exist at present.
    Things,
    Seconds,
}

/// What a metric is called and what its value and labels mean.
#[derive(Clone, Copy, Debug)]
struct Definition {
    name: &'static str,
    #[cfg_attr(not(test), expect(dead_code, reason = "a test holds the names to it"))]
    unit: Unit,
    labels: &'static [&'static str],
    help: &'static str,
}

/// Declares the metrics: the field, its type, and the definition.
macro_rules! metrics {
    ($($field:ident: $kind:ty = $name:literal, $unit:ident, [$($label:literal),*], $help:literal $(, $buckets:ident)?;)*) => {
        /// The numbers that ops watch.
        #[derive(Debug)]
        pub struct ProcessMetrics {
            $(#[doc = $help] pub $field: $kind,)*
        }

        impl ProcessMetrics {
            fn register() -> Self {
                Self {
                    $($field: <$kind as Metric>::build(
                        Definition { name: $name, unit: Unit::$unit, labels: &[$($label),*], help: $help },
                        metrics!(@buckets $($buckets)?),
                    ),)*
                }
            }

            #[cfg(test)]
            const DEFINITIONS: &'static [Definition] = &[
                $(Definition { name: $name, unit: Unit::$unit, labels: &[$($label),*], help: $help },)*
            ];
        }
    };
    (@buckets) => { SHORT };
    (@buckets $buckets:ident) => { $buckets };
}

metrics! {
    build: IntGaugeVec = "fte_build_info", Things, ["version"], "1, with the version that runs";
    panics: IntCounterVec = "fte_actor_panics_total", Occurrences, ["actor"], "Panics caught, by actor";
    stalls: IntCounterVec = "fte_actor_stalls_total", Occurrences, ["actor"],
        "Workers replaced because they made no progress, by actor";
    stalled: IntGaugeVec = "fte_actor_stalled_seconds", Seconds, ["actor"],
        "How long an actor has made no progress, by actor; 0 while it makes progress";
    pending: IntGaugeVec = "fte_actor_pending", Things, ["actor"],
        "Futures that an actor has started and that have not completed, by actor";
    turns: IntCounterVec = "fte_turns_total", Occurrences, ["ending"], "Turns that ended, by how";
    refused: IntCounterVec = "fte_refused_total", Occurrences, ["actor"],
        "Work refused because too much was under way, by actor";
    searches_without_vector: IntCounter = "fte_searches_without_vector_total", Occurrences, [],
        "Searches by words alone because the embedding model gave no vector in time";
    model_corrections: IntCounterVec = "fte_model_corrections_total", Occurrences, ["kind"],
        "Faults of the model's answers that it put right after it was told, by kind";
    model_tokens: IntCounterVec = "fte_model_tokens_total", Occurrences, ["model", "direction"],
        "Tokens of the answers of models, by model and direction (in, out)";
    model_cost: IntCounterVec = "fte_model_cost_micros_total", Occurrences, ["model"],
        "Cost of the answers of models in millionths of a US dollar, by model";
    escalations: IntCounterVec = "fte_escalations_total", Occurrences, ["reason"],
        "Conversations that turns handed to people, by reason";
    notices: IntCounterVec = "fte_staff_notices_total", Occurrences, ["end"],
        "Tries to tell staff of an escalation, by how they ended";
    sla_breaches: IntCounterVec = "fte_sla_breaches_total", Occurrences, ["clock"],
        "Answers and resolutions that are overdue, by clock (first_response, next_response, resolution)";
    escalation_reminders: IntCounter = "fte_escalation_reminders_total", Occurrences, [],
        "Reminders of escalations that no one had taken in time";
    webhook_tries: IntCounterVec = "fte_webhook_tries_total", Occurrences, ["end"],
        "Tries to send an event to a webhook, by how they ended";
    webhooks_failing: IntGauge = "fte_webhooks_failing", Things, [],
        "Webhooks that were disabled by their receiver, or have failed for ten minutes";
    deliveries: IntCounterVec = "fte_deliveries_total", Occurrences, ["end"],
        "Tries to send a reply through a provider, by how they ended";
    delivery_failures: IntCounterVec = "fte_delivery_failures_total", Occurrences, ["channel", "cause"],
        "Attempts to send a reply that did not succeed, by channel and cause";
    running: IntGauge = "fte_turns_running", Things, [], "Turns running now";
    waiting: IntGauge = "fte_turns_waiting", Things, [], "Conversations waiting for a turn in this process";
    live: IntGauge = "fte_conversations_live", Things, [], "Conversation actors in memory, idle ones included";
    outbox: IntGauge = "fte_outbox_waiting", Things, [],
        "Outbox rows of all processes that wait to be handed on";
    outbox_parked: IntGauge = "fte_outbox_parked", Things, [],
        "Outbox rows set aside because they can't be handed on";
    outbox_age: IntGauge = "fte_outbox_oldest_seconds", Seconds, [], "Age of the oldest outbox row that waits";
    oldest_message: IntGauge = "fte_message_oldest_waiting_seconds", Seconds, [],
        "Waiting time of the oldest customer's message that the bot has not answered, of all processes";
    connections: IntGaugeVec = "fte_database_connections", Things, ["pool", "state"],
        "Connections to PostgreSQL by pool: open, idle, and calls that wait for one";
    published: IntCounter = "fte_kafka_published_total", Occurrences, [], "Events that Kafka has taken";
    lag: IntGauge = "fte_kafka_lag", Things, [],
        "Events of this process's partitions that are not finished";
    lag_seconds: IntGauge = "fte_kafka_lag_seconds", Seconds, [],
        "Age of the oldest event of this process's partitions that is not finished";
    events_in_hand: IntGauge = "fte_kafka_events_in_hand", Things, [],
        "Events taken out of Kafka and not finished";
    unreadable: IntCounter = "fte_kafka_unreadable_total", Occurrences, [],
        "Events skipped because they can't be read";
    rejoins: IntCounter = "fte_kafka_rejoins_total", Occurrences, [],
        "Memberships made anew because nothing came";
    pool_size: IntGauge = "fte_pool_size", Things, [], "Turns that may run at once";
    http_requests: IntCounterVec = "http_requests_total", Occurrences, ["route", "status"],
        "HTTP requests answered, by route and status";
    http_request_duration: HistogramVec = "http_request_duration_seconds", Seconds, ["route"],
        "Time from a request's head to its answer, by route";
    http_request: HistogramVec = "fte_http_request_seconds", Seconds, ["route", "method", "status"],
        "Time from a request's head to its answer, by route, method and status class";
    http_connections: IntGauge = "fte_http_connections_open", Things, [], "HTTP connections that are open";
    http_connections_refused: IntCounterVec = "fte_http_connections_refused_total", Occurrences, ["limit"],
        "HTTP connections refused at a limit: of all connections, or of one address";
    turn: Histogram = "fte_turn_seconds", Seconds, [], "Time of an attempt at a turn, from begin to finish", LONG;
    turn_phase: HistogramVec = "fte_turn_phase_seconds", Seconds, ["phase"],
        "Time of each step of a turn: begin, search, model, record, finish", LONG;
    delivery_attempt: HistogramVec = "fte_delivery_attempt_seconds", Seconds, ["channel", "outcome"],
        "Time of an attempt to deliver a reply, by channel and outcome", LONG;
    store: HistogramVec = "fte_store_seconds", Seconds, ["operation"],
        "Time of a batch or a call of the store, its repetitions included, by operation";
}

/// Registered once in a process, when first used.
pub static METRICS: LazyLock<ProcessMetrics> = LazyLock::new(ProcessMetrics::register);

/// Runs a future and observes how long it took.
pub async fn timed<T>(histogram: &Histogram, work: impl Future<Output = T>) -> T {
    let began = clock::monotonic();
    let output = work.await;
    observe_since(histogram, began);
    output
}

/// Makes the time series of these label values, at 0. Without it, the first occurrence is no increase to Prometheus,
/// and an alert on increases misses it.
pub fn start_at_zero<'a>(counter: &IntCounterVec, values: impl IntoIterator<Item = &'a str>) {
    for value in values {
        counter.with_label_values(&[value]);
    }
}

pub fn observe_since(histogram: &Histogram, began: Instant) {
    histogram.observe(clock::monotonic().duration_since(began).as_secs_f64());
}

/// A kind of metric, made from its definition. Only histograms have buckets.
trait Metric: Sized {
    fn make(definition: Definition, buckets: &[f64]) -> prometheus::Result<Self>;

    fn build(definition: Definition, buckets: &[f64]) -> Self
    where
        Self: prometheus::core::Collector + Clone + 'static,
    {
        let name = definition.name;
        let metric = Self::make(definition, buckets)
            .unwrap_or_else(|error| unreachable!("the metric {name} is well formed: {error}"));
        if let Err(error) = prometheus::register(Box::new(metric.clone())) {
            tracing::error!(name, %error, "could not register a metric");
        }
        metric
    }
}

impl Definition {
    fn opts(self) -> Opts {
        Opts::new(self.name, self.help)
    }

    fn histogram(self, buckets: &[f64]) -> HistogramOpts {
        HistogramOpts::new(self.name, self.help).buckets(buckets.to_vec())
    }
}

impl Metric for IntCounter {
    fn make(definition: Definition, _: &[f64]) -> prometheus::Result<Self> {
        Self::with_opts(definition.opts())
    }
}

impl Metric for IntCounterVec {
    fn make(definition: Definition, _: &[f64]) -> prometheus::Result<Self> {
        Self::new(definition.opts(), definition.labels)
    }
}

impl Metric for IntGaugeVec {
    fn make(definition: Definition, _: &[f64]) -> prometheus::Result<Self> {
        Self::new(definition.opts(), definition.labels)
    }
}

impl Metric for IntGauge {
    fn make(definition: Definition, _: &[f64]) -> prometheus::Result<Self> {
        Self::with_opts(definition.opts())
    }
}

impl Metric for Histogram {
    fn make(definition: Definition, buckets: &[f64]) -> prometheus::Result<Self> {
        Self::with_opts(definition.histogram(buckets))
    }
}

impl Metric for HistogramVec {
    fn make(definition: Definition, buckets: &[f64]) -> prometheus::Result<Self> {
        Self::new(definition.histogram(buckets), definition.labels)
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn names_tell_the_unit_and_occur_once() {
        let mut names = BTreeSet::new();
        for Definition { name, unit, help, .. } in ProcessMetrics::DEFINITIONS {
            assert!(names.insert(name), "{name} occurs twice");
            assert!(!help.is_empty() && !help.ends_with('.'), "{name}: {help}");
            assert!(name.starts_with("fte_") || name.starts_with("http_"), "{name}");
            assert_eq!(name.ends_with("_total"), *unit == Unit::Occurrences, "{name}");
            assert_eq!(name.ends_with("_seconds"), *unit == Unit::Seconds, "{name}");
        }
    }

    #[test]
    fn every_metric_is_registered_with_its_labels() {
        for phase in ["begin", "search"] {
            METRICS.turn_phase.with_label_values(&[phase]).observe(0.001);
        }
        let families = prometheus::gather();
        let family = families.iter().find(|family| family.name() == "fte_turn_phase_seconds").unwrap();
        assert!(family.get_metric().len() >= 2);
        assert!(families.iter().any(|family| family.name() == "fte_pool_size"));
    }
}
