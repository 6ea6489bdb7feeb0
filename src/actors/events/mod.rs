//! Actors that carry events to whoever works on them: outbox relay, Kafka consumer, wake-ups across processes.

pub mod consumer;
pub mod relay;
pub mod signal;
