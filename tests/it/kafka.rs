//! Kafka between the processes: every topic gets its events, the work is shared, and nothing is lost or done twice.

mod topics;
mod work;
