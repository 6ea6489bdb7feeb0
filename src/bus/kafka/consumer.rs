//! The membership in the consumer group. librdkafka is polled by a thread of its own, which never stops polling: where
//! nothing is wanted the partitions are paused, so that the group still sees a live member.

use std::sync::atomic::{AtomicBool, AtomicI64, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use rdkafka::client::ClientContext;
use rdkafka::config::RDKafkaLogLevel;
use rdkafka::consumer::{BaseConsumer, Consumer, ConsumerContext, Rebalance};
use rdkafka::error::KafkaError;
use rdkafka::message::{BorrowedMessage, Message};
use rdkafka::statistics::Statistics;
use rdkafka::topic_partition_list::{Offset as KafkaOffset, TopicPartitionList};
use tokio::sync::{mpsc, watch};

use super::{KafkaSettings, log};
use crate::bus::port::{BusError, Group, Happening, Lag, Letter, Membership, Offset, Partition, Pending};
use crate::bus::topic::Topic;

const GROUP: &str = "fte-agents";
const DEFAULTS: [(&str, &str); 9] = [
    ("auto.offset.reset", "earliest"),
    ("session.timeout.ms", "6000"),
    ("heartbeat.interval.ms", "1500"),
    // The thread polls several times a second: one that does not is stuck.
    ("max.poll.interval.ms", "30000"),
    ("auto.commit.interval.ms", "1000"),
    // Few events ahead: what one member has fetched the others can't take.
    ("queued.min.messages", "100"),
    ("fetch.wait.max.ms", "100"),
    ("statistics.interval.ms", "5000"),
    ("reconnect.backoff.max.ms", "1000"),
];
const FIXED: [(&str, &str); 4] = [
    ("group.id", GROUP),
    ("enable.auto.commit", "true"),
    ("enable.auto.offset.store", "false"),
    ("partition.assignment.strategy", "cooperative-sticky"),
];
/// How long a poll waits: the longest that an order to the thread waits.
const POLL: Duration = Duration::from_millis(20);

/// The group `fte-agents` on a Kafka.
pub struct KafkaGroup(KafkaSettings);

impl KafkaGroup {
    pub fn new(settings: &KafkaSettings) -> Self {
        Self(settings.clone())
    }
}

impl Group for KafkaGroup {
    fn join(&self) -> Result<Arc<dyn Membership>, BusError> {
        let away = |error: KafkaError| BusError::Away(error.to_string());
        let orders = Arc::new(Orders::default());
        let (happenings, inbox) = mpsc::unbounded_channel();
        let watch = Watch { happenings: happenings.clone(), orders: Arc::clone(&orders) };
        let consumer: BaseConsumer<Watch> =
            self.0.client(&DEFAULTS, &FIXED).create_with_context(watch).map_err(away)?;
        consumer.subscribe(&[Topic::TicketsIncoming.name()]).map_err(away)?;
        let (end, ended) = watch::channel(false);
        let theirs = Arc::clone(&orders);
        std::thread::Builder::new()
            .name("kafka-consumer".to_owned())
            .spawn(move || {
                poll(&consumer, &theirs, &happenings);
                // Tells the group, and waits for its answer.
                drop(consumer);
                end.send_replace(true);
            })
            .map_err(|error| BusError::Away(error.to_string()))?;
        Ok(Arc::new(KafkaMembership { orders, inbox: Arc::new(tokio::sync::Mutex::new(inbox)), ended }))
    }
}

/// What the thread is told, and what it tells at any time.
#[derive(Debug, Default)]
struct Orders {
    /// Letters that may still come.
    wanted: AtomicUsize,
    finished: Mutex<Vec<(Partition, Offset)>>,
    leave: AtomicBool,
    lag: AtomicI64,
}

/// Hears of the group's decisions; called by the thread while it polls.
struct Watch {
    happenings: mpsc::UnboundedSender<Happening>,
    orders: Arc<Orders>,
}

impl ClientContext for Watch {
    fn log(&self, level: RDKafkaLogLevel, facility: &str, message: &str) {
        log(level, facility, message);
    }

    fn error(&self, error: KafkaError, reason: &str) {
        tracing::debug!(%error, reason, "kafka");
    }

    fn stats(&self, statistics: Statistics) {
        let topic = statistics.topics.get(Topic::TicketsIncoming.name());
        let partitions = topic.into_iter().flat_map(|topic| topic.partitions.values());
        // Behind what is stored, not behind what was fetched; -1 is unknown, also where nothing was stored yet.
        let lag = partitions.filter(|partition| partition.desired).map(|partition| {
            let behind = partition.consumer_lag_stored;
            if behind >= 0 { behind } else { partition.consumer_lag.max(0) }
        });
        self.orders.lag.store(lag.sum(), Ordering::Relaxed);
    }
}

impl ConsumerContext for Watch {
    fn pre_rebalance(&self, _: &BaseConsumer<Self>, rebalance: &Rebalance<'_>) {
        match rebalance {
            Rebalance::Revoke(partitions) => {
                let _gone = self.happenings.send(Happening::Revoked(numbers(partitions)));
            }
            Rebalance::Assign(_) => {}
            Rebalance::Error(error) => tracing::warn!(%error, "the group could not share out the partitions"),
        }
    }

    fn post_rebalance(&self, consumer: &BaseConsumer<Self>, rebalance: &Rebalance<'_>) {
        if let Rebalance::Assign(partitions) = rebalance {
            // New ones are not paused, whatever the others are.
            if self.orders.wanted.load(Ordering::Acquire) == 0
                && let Err(error) = consumer.pause(partitions)
            {
                tracing::warn!(%error, "could not pause new partitions");
            }
            let _gone = self.happenings.send(Happening::Assigned(numbers(partitions)));
        }
    }
}

fn numbers(partitions: &TopicPartitionList) -> Vec<Partition> {
    partitions.elements().iter().map(|element| Partition(element.partition())).collect()
}

/// The thread: polls until it is told to leave or nobody listens.
fn poll(consumer: &BaseConsumer<Watch>, orders: &Orders, happenings: &mpsc::UnboundedSender<Happening>) {
    let mut paused = false;
    while !orders.leave.load(Ordering::Acquire) && !happenings.is_closed() {
        store(consumer, orders);
        let wanted = orders.wanted.load(Ordering::Acquire);
        if paused != (wanted == 0) {
            paused = set_paused(consumer, wanted == 0).map_or(paused, |()| wanted == 0);
        }
        match gather(consumer, wanted.max(1)) {
            Ok(letters) if letters.is_empty() => {}
            Ok(letters) => {
                let taken = |wanted: usize| Some(wanted.saturating_sub(letters.len()));
                let _before = orders.wanted.fetch_update(Ordering::AcqRel, Ordering::Acquire, taken);
                let _gone = happenings.send(Happening::Arrived(letters));
            }
            Err(error) if is_final(&error) => {
                let _gone = happenings.send(Happening::Ended(error.to_string()));
                return;
            }
            Err(error) => tracing::debug!(%error, "could not take events out of Kafka"),
        }
    }
    store(consumer, orders);
}

/// What is there, `at_most` letters; waits for the first one.
fn gather(consumer: &BaseConsumer<Watch>, at_most: usize) -> Result<Vec<Letter>, KafkaError> {
    let mut letters = Vec::new();
    let mut patience = POLL;
    while letters.len() < at_most {
        match consumer.poll(patience) {
            Some(Ok(message)) => letters.push(letter(&message)),
            Some(Err(error)) if letters.is_empty() => return Err(error),
            Some(Err(_)) | None => break,
        }
        patience = Duration::ZERO;
    }
    Ok(letters)
}

fn letter(message: &BorrowedMessage<'_>) -> Letter {
    Letter {
        partition: Partition(message.partition()),
        offset: Offset(message.offset()),
        payload: message.payload().unwrap_or_default().to_vec(),
    }
}

fn is_final(error: &KafkaError) -> bool {
    matches!(error, KafkaError::MessageConsumptionFatal(_))
}

fn set_paused(consumer: &BaseConsumer<Watch>, pause: bool) -> Option<()> {
    let assigned = consumer.assignment().ok()?;
    let done = if pause { consumer.pause(&assigned) } else { consumer.resume(&assigned) };
    if let Err(error) = &done {
        tracing::warn!(%error, pause, "could not pause or resume the partitions");
    }
    done.ok()
}

/// Stored offsets are committed within a second. One of a partition that is lost is refused: its events come again.
fn store(consumer: &BaseConsumer<Watch>, orders: &Orders) {
    let finished = std::mem::take(&mut *orders.finished.lock().unwrap_or_else(PoisonError::into_inner));
    for (partition, offset) in finished {
        let mut below = TopicPartitionList::new();
        let next = KafkaOffset::Offset(offset.0);
        let stored = below
            .add_partition_offset(Topic::TicketsIncoming.name(), partition.0, next)
            .and_then(|()| consumer.store_offsets(&below));
        if let Err(error) = stored {
            tracing::debug!(partition = partition.0, %error, "could not store an offset");
        }
    }
}

struct KafkaMembership {
    orders: Arc<Orders>,
    inbox: Arc<tokio::sync::Mutex<mpsc::UnboundedReceiver<Happening>>>,
    ended: watch::Receiver<bool>,
}

impl Membership for KafkaMembership {
    fn next(&self) -> Pending<Happening> {
        let inbox = Arc::clone(&self.inbox);
        Box::pin(async move {
            let next = inbox.lock().await.recv().await;
            next.unwrap_or_else(|| Happening::Ended("the membership was left".to_owned()))
        })
    }

    fn want(&self, letters: usize) {
        self.orders.wanted.store(letters, Ordering::Release);
    }

    fn finished_below(&self, offsets: Vec<(Partition, Offset)>) {
        self.orders.finished.lock().unwrap_or_else(PoisonError::into_inner).extend(offsets);
    }

    fn lag(&self) -> Lag {
        Lag { events: self.orders.lag.load(Ordering::Relaxed) }
    }

    fn leave(&self) -> Pending<()> {
        self.orders.leave.store(true, Ordering::Release);
        let mut ended = self.ended.clone();
        Box::pin(async move {
            let _thread_has_ended = ended.wait_for(|ended| *ended).await;
        })
    }
}

impl Drop for KafkaMembership {
    fn drop(&mut self) {
        self.orders.leave.store(true, Ordering::Release);
    }
}
