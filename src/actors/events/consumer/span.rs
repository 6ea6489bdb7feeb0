//! The span of taking an event out of the log (OpenTelemetry semantic conventions for messaging).

use crate::bus::port::ConsumedRecord;
use crate::bus::topic::Topic;
use crate::trace::{self, TraceParent};

/// Records in the trace of an event that it was taken; what follows from it continues that span.
pub fn continued(record: &ConsumedRecord, parent: TraceParent) -> Option<TraceParent> {
    let topic = Topic::TicketsIncoming.name();
    let span = tracing::debug_span!(
        "process",
        otel.name = format!("process {topic}"),
        otel.kind = "consumer",
        messaging.system = "kafka",
        messaging.operation.type = "process",
        messaging.destination.name = topic,
        messaging.destination.partition.id = record.partition.0,
        messaging.kafka.offset = record.offset.0,
    );
    trace::of(&trace::continued(span, Some(parent)))
}
