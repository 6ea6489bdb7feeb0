//! Consumer group member. A dedicated thread polls librdkafka and never stops polling: when the prefetch buffer is full
//! it pauses the partitions, so that the group still sees a live member.

use std::sync::atomic::{AtomicBool, AtomicI64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use rdkafka::client::ClientContext;
use rdkafka::config::RDKafkaLogLevel;
use rdkafka::consumer::{BaseConsumer, Consumer, ConsumerContext, Rebalance};
use rdkafka::error::KafkaError;
use rdkafka::message::{BorrowedHeaders, BorrowedMessage, Headers, Message};
use rdkafka::statistics::Statistics;
use rdkafka::topic_partition_list::{Offset as KafkaOffset, TopicPartitionList};
use tokio::sync::{mpsc, watch};

use super::{KafkaSettings, TRACEPARENT, log};
use crate::bus::port::{
    BusError, BusFuture, ConsumedRecord, Group, GroupEvent, Lag, Membership, MembershipEnd, Offset, Partition,
};
use crate::bus::prefetch_buffer::{Flow, PrefetchBuffer};
use crate::bus::topic::Topic;
use crate::domain::runtime::trace_parent::TraceParent;

const GROUP: &str = "fte-agents";
const DEFAULTS: [(&str, &str); 11] = [
    ("auto.offset.reset", "earliest"),
    ("session.timeout.ms", "6000"),
    ("heartbeat.interval.ms", "1500"),
    // The thread polls several times a second; one that does not for this long is stuck.
    ("max.poll.interval.ms", "30000"),
    ("auto.commit.interval.ms", "1000"),
    // A short queue, because librdkafka discards it when a partition is paused; and no back-off of one second when it
    // is full.
    ("queued.min.messages", "1000"),
    ("fetch.message.max.bytes", "131072"),
    ("fetch.queue.backoff.ms", "20"),
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
/// Time-out of one poll: the longest that storing an offset, or leaving the group, waits for the thread.
const POLL: Duration = Duration::from_millis(20);

/// The consumer group `fte-agents` on Apache Kafka.
pub struct KafkaGroup(KafkaSettings);

impl KafkaGroup {
    pub fn new(settings: &KafkaSettings) -> Self {
        Self(settings.clone())
    }
}

impl Group for KafkaGroup {
    fn join(&self) -> Result<Arc<dyn Membership>, BusError> {
        let unavailable = |error: KafkaError| BusError::Unavailable(error.to_string());
        let (events, inbox) = mpsc::unbounded_channel();
        let orders = Arc::new(Orders {
            prefetch: Mutex::default(),
            events,
            finished: Mutex::default(),
            leave: AtomicBool::new(false),
            lag: AtomicI64::new(0),
        });
        let watch = Watch(Arc::clone(&orders));
        let secrets_of = self.0.replaced_at();
        let consumer: BaseConsumer<Watch> =
            self.0.client(&DEFAULTS, &FIXED).create_with_context(watch).map_err(unavailable)?;
        consumer.subscribe(&[Topic::TicketsIncoming.name()]).map_err(unavailable)?;
        let (end, ended) = watch::channel(false);
        let (theirs, settings) = (Arc::clone(&orders), self.0.clone());
        std::thread::Builder::new()
            .name("kafka-consumer".to_owned())
            .spawn(move || {
                let is_outdated = || settings.replaced_at() != secrets_of;
                let end_of_it = poll(&consumer, &theirs, is_outdated);
                // Leaves the group and waits for the acknowledgement.
                drop(consumer);
                theirs.tell(GroupEvent::Ended(end_of_it));
                end.send_replace(true);
            })
            .map_err(|error| BusError::Unavailable(error.to_string()))?;
        Ok(Arc::new(KafkaMembership { orders, inbox: Arc::new(tokio::sync::Mutex::new(inbox)), ended }))
    }
}

/// State shared between the polling thread and its owner.
struct Orders {
    prefetch: Mutex<PrefetchBuffer>,
    events: mpsc::UnboundedSender<GroupEvent>,
    finished: Mutex<Vec<(Partition, Offset)>>,
    leave: AtomicBool,
    lag: AtomicI64,
}

impl Orders {
    fn prefetch(&self) -> MutexGuard<'_, PrefetchBuffer> {
        self.prefetch.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn tell(&self, event: GroupEvent) {
        let _nobody_listens = self.events.send(event);
    }

    /// Delivers the wanted records. The buffer stays locked, so that no record of a revoked partition follows its
    /// revocation.
    fn hand_out(&self, mut prefetch: MutexGuard<'_, PrefetchBuffer>) {
        let records = prefetch.take();
        if !records.is_empty() {
            self.tell(GroupEvent::Arrived(records));
        }
    }
}

/// Rebalance callback; the thread calls it while it polls.
struct Watch(Arc<Orders>);

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
        // Lag behind the stored offset, not behind the fetched one; -1 means unknown, also when no offset was stored
        // yet.
        let lag = partitions.filter(|partition| partition.desired).map(|partition| {
            let behind = partition.consumer_lag_stored;
            if behind >= 0 { behind } else { partition.consumer_lag.max(0) }
        });
        self.0.lag.store(lag.sum(), Ordering::Relaxed);
    }
}

impl ConsumerContext for Watch {
    fn pre_rebalance(&self, _: &BaseConsumer<Self>, rebalance: &Rebalance<'_>) {
        match rebalance {
            Rebalance::Revoke(partitions) => {
                let lost = numbers(partitions);
                let mut prefetch = self.0.prefetch();
                prefetch.lost(&lost);
                self.0.tell(GroupEvent::Revoked(lost));
            }
            Rebalance::Assign(_) => {}
            Rebalance::Error(error) => tracing::warn!(%error, "the group could not share out the partitions"),
        }
    }

    fn post_rebalance(&self, consumer: &BaseConsumer<Self>, rebalance: &Rebalance<'_>) {
        if let Rebalance::Assign(partitions) = rebalance {
            // New partitions start unpaused, whatever the state of the others.
            if self.0.prefetch().flow().0 == Flow::Shut
                && let Err(error) = consumer.pause(partitions)
            {
                tracing::warn!(%error, "could not pause new partitions");
            }
            self.0.tell(GroupEvent::Assigned(numbers(partitions)));
        }
    }
}

fn numbers(partitions: &TopicPartitionList) -> Vec<Partition> {
    partitions.elements().iter().map(|element| Partition(element.partition())).collect()
}

/// The thread's loop: polls until it is told to leave, its owner is gone or its secrets are outdated; returns why it ended.
fn poll(consumer: &BaseConsumer<Watch>, orders: &Orders, is_outdated: impl Fn() -> bool) -> MembershipEnd {
    let mut applied = Flow::Open;
    while !orders.leave.load(Ordering::Acquire) && !orders.events.is_closed() {
        store(consumer, orders);
        if is_outdated() {
            return MembershipEnd::SecretReplaced;
        }
        let (flow, places) = orders.prefetch().flow();
        if flow != applied && set_flow(consumer, flow) {
            applied = flow;
        }
        let gathered = gather(consumer, orders, places.max(1));
        orders.hand_out(orders.prefetch());
        match gathered {
            Ok(()) => {}
            Err(error) if is_final(&error) => return MembershipEnd::Failed(error.to_string()),
            Err(error) => tracing::debug!(%error, "could not take events out of Kafka"),
        }
    }
    store(consumer, orders);
    MembershipEnd::Left
}

/// Moves up to `limit` fetched records into the buffer; waits for the first one.
fn gather(consumer: &BaseConsumer<Watch>, orders: &Orders, limit: usize) -> Result<(), KafkaError> {
    let mut timeout = POLL;
    for _ in 0..limit {
        match consumer.poll(timeout) {
            Some(Ok(message)) => orders.prefetch().put(record(&message)),
            Some(Err(error)) => return Err(error),
            None => break,
        }
        timeout = Duration::ZERO;
    }
    Ok(())
}

fn record(message: &BorrowedMessage<'_>) -> ConsumedRecord {
    ConsumedRecord {
        partition: Partition(message.partition()),
        offset: Offset(message.offset()),
        payload: message.payload().unwrap_or_default().to_vec(),
        appended_ms: message.timestamp().to_millis(),
        traceparent: message.headers().and_then(traceparent),
    }
}

fn traceparent(headers: &BorrowedHeaders) -> Option<TraceParent> {
    let header = headers.iter().find(|header| header.key == TRACEPARENT)?;
    TraceParent::parse(std::str::from_utf8(header.value?).ok()?)
}

fn is_final(error: &KafkaError) -> bool {
    matches!(error, KafkaError::MessageConsumptionFatal(_))
}

/// Pauses or resumes all partitions; returns whether it succeeded.
fn set_flow(consumer: &BaseConsumer<Watch>, flow: Flow) -> bool {
    let done = consumer.assignment().and_then(|assigned| match flow {
        Flow::Open => consumer.resume(&assigned),
        Flow::Shut => consumer.pause(&assigned),
    });
    if let Err(error) = &done {
        tracing::warn!(%error, ?flow, "could not pause or resume the partitions");
    }
    done.is_ok()
}

/// Stored offsets are committed within a second. Storing one of a revoked partition fails: its events are redelivered.
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
    inbox: Arc<tokio::sync::Mutex<mpsc::UnboundedReceiver<GroupEvent>>>,
    ended: watch::Receiver<bool>,
}

impl Membership for KafkaMembership {
    fn next(&self) -> BusFuture<GroupEvent> {
        let inbox = Arc::clone(&self.inbox);
        Box::pin(async move {
            let next = inbox.lock().await.recv().await;
            next.unwrap_or(GroupEvent::Ended(MembershipEnd::Left))
        })
    }

    fn want(&self, records: usize) {
        let mut prefetch = self.orders.prefetch();
        prefetch.want(records);
        self.orders.hand_out(prefetch);
    }

    fn finished_below(&self, offsets: Vec<(Partition, Offset)>) {
        self.orders.finished.lock().unwrap_or_else(PoisonError::into_inner).extend(offsets);
    }

    fn lag(&self) -> Lag {
        Lag { events: self.orders.lag.load(Ordering::Relaxed) }
    }

    fn leave(&self) -> BusFuture<()> {
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
