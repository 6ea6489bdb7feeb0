//! Kafka between the processes: every topic gets its events, the work is shared, and nothing is lost or done twice.

#[cfg(feature = "failpoints")]
mod crash;
#[cfg(feature = "fakes")]
mod drain;
mod events;
mod security;
mod topics;
mod work;
