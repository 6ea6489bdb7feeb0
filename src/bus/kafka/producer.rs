//! Kafka producer: idempotent, acknowledged by all in-sync replicas, with a bounded delivery time-out.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError, mpsc};
use std::time::{Duration, Instant};

use futures_util::future::join_all;
use rdkafka::error::{KafkaError, RDKafkaErrorCode};
use rdkafka::message::{Header, OwnedHeaders};
use rdkafka::producer::future_producer::DeliveryFuture;
use rdkafka::producer::{FutureProducer, FutureRecord, Producer};

use super::{KafkaSettings, KafkaStatus, TRACEPARENT, Voice};
use crate::bus::port::{BusError, BusFuture, Log, Record};
use crate::bus::topic::Topic;

/// Defaults that an operator may override. A delivery times out before the lease of its outbox row ends (5 s), so that
/// relays seldom publish the same row twice.
const DEFAULTS: [(&str, &str); 5] = [
    ("delivery.timeout.ms", "4500"),
    ("request.timeout.ms", "3000"),
    // A batch is sent at once: waiting for more records gains little.
    ("linger.ms", "1"),
    ("reconnect.backoff.max.ms", "1000"),
    ("topic.metadata.refresh.interval.ms", "60000"),
];
const FIXED: [(&str, &str); 2] = [("enable.idempotence", "true"), ("acks", "all")];
/// Interval of the connectivity probe.
const PROBE_EVERY: Duration = Duration::from_secs(2);
const PROBED_TIMEOUT: Duration = Duration::from_millis(1500);

type Client = FutureProducer<Voice>;

/// The log on Kafka. Dropping it does not flush: whoever wants the acknowledgements waits for them.
pub struct KafkaLog {
    shared: Arc<ProducerState>,
    /// Dropping it ends the probe.
    _probing: mpsc::Sender<()>,
}

struct ProducerState {
    settings: KafkaSettings,
    voice: Voice,
    client: Mutex<MadeClient>,
    problem: KafkaStatus,
    /// The client has lost its idempotence sequence for good and must be replaced.
    broken: AtomicBool,
}

/// A client, and when the newest of its secrets had been replaced.
struct MadeClient {
    client: Client,
    secrets_of: Option<Instant>,
}

impl KafkaLog {
    /// Does not contact the brokers yet.
    pub fn new(settings: &KafkaSettings) -> Result<Self, KafkaError> {
        let settings = settings.without_membership();
        let voice = Voice::default();
        let client = made(&settings, &voice)?;
        let shared = Arc::new(ProducerState {
            settings,
            voice,
            client: Mutex::new(client),
            problem: KafkaStatus::default(),
            broken: AtomicBool::new(false),
        });
        let (probing, end) = mpsc::channel();
        let probed = Arc::clone(&shared);
        std::thread::Builder::new()
            .name("kafka-probe".to_owned())
            .spawn(move || probe(&probed, &end))
            .map_err(|error| KafkaError::ClientCreation(error.to_string()))?;
        Ok(Self { shared, _probing: probing })
    }
}

fn made(settings: &KafkaSettings, voice: &Voice) -> Result<MadeClient, KafkaError> {
    let secrets_of = settings.replaced_at();
    let client = settings.client(&DEFAULTS, &FIXED).create_with_context(voice.clone())?;
    Ok(MadeClient { client, secrets_of })
}

/// Probes the brokers periodically: an idle producer must notice an outage too.
fn probe(shared: &ProducerState, end: &mpsc::Receiver<()>) {
    loop {
        let client = shared.client();
        let topic = Some(Topic::TicketsIncoming.name());
        match client.client().fetch_metadata(topic, PROBED_TIMEOUT) {
            Ok(_) => {
                shared.voice.forget();
                shared.problem.set(None);
            }
            Err(error) => shared.problem.set(Some(shared.why(&error))),
        }
        match end.recv_timeout(PROBE_EVERY) {
            Err(mpsc::RecvTimeoutError::Timeout) => {}
            Ok(()) | Err(mpsc::RecvTimeoutError::Disconnected) => return,
        }
    }
}

impl ProducerState {
    /// The current client; one that has failed for good, or has a former secret, is replaced.
    fn client(&self) -> Client {
        let mut current = self.client.lock().unwrap_or_else(PoisonError::into_inner);
        let is_broken = self.broken.swap(false, Ordering::Relaxed);
        if is_broken {
            tracing::warn!("the Kafka producer has failed for good, making a new one");
        }
        if is_broken || current.secrets_of != self.settings.replaced_at() {
            match made(&self.settings, &self.voice) {
                Ok(new) => *current = new,
                Err(error) => tracing::error!(%error, "could not make a new Kafka producer"),
            }
        }
        current.client.clone()
    }

    /// The cause behind an error.
    fn why(&self, error: &KafkaError) -> String {
        self.voice.refusal().map_or_else(|| error.to_string(), |reason| format!("it refuses us: {reason}"))
    }

    fn judge(&self, error: &KafkaError) -> BusError {
        let code = error.rdkafka_error_code();
        if code == Some(RDKafkaErrorCode::Fatal) {
            self.broken.store(true, Ordering::Relaxed);
        }
        if is_the_records_fault(code) {
            return BusError::Refused(error.to_string());
        }
        self.problem.set(Some(self.why(error)));
        BusError::Unavailable(error.to_string())
    }
}

fn is_the_records_fault(code: Option<RDKafkaErrorCode>) -> bool {
    use RDKafkaErrorCode::{InvalidRecord, MessageSizeTooLarge};
    code.is_some_and(|code| [MessageSizeTooLarge, InvalidRecord].contains(&code))
}

impl Log for KafkaLog {
    fn append(&self, records: Vec<Record>) -> BusFuture<Vec<Result<(), BusError>>> {
        let shared = Arc::clone(&self.shared);
        let client = shared.client();
        // All records are queued before the first acknowledgement is awaited: one at a time would be a thousand times
        // slower.
        let deliveries: Vec<_> = records
            .into_iter()
            .map(|record| {
                let key = record.key.to_string();
                let mut message = FutureRecord::to(record.topic.name()).key(&key).payload(&record.payload);
                if let Some(parent) = record.traceparent {
                    let header = Header { key: TRACEPARENT, value: Some(&parent.to_string()) };
                    message = message.headers(OwnedHeaders::new_with_capacity(1).insert(header));
                }
                client.send_result(message).map_err(|(error, _)| shared.judge(&error))
            })
            .collect();
        Box::pin(async move {
            let answers = deliveries.into_iter().map(|delivery| delivered(&shared, delivery));
            let answers = join_all(answers).await;
            if answers.iter().any(Result::is_ok) {
                shared.problem.set(None);
            }
            answers
        })
    }

    fn problem(&self) -> Option<String> {
        self.shared.problem.now()
    }
}

async fn delivered(
    shared: &ProducerState,
    delivery: Result<DeliveryFuture, BusError>,
) -> Result<(), BusError> {
    match delivery?.await {
        Ok(Ok(_)) => Ok(()),
        Ok(Err((error, _))) => Err(shared.judge(&error)),
        Err(_dropped) => Err(BusError::Unavailable("the producer has ended".to_owned())),
    }
}
