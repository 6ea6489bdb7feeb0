//! Trace context propagation: hands the trace of the current span on to other actors and processes, and continues one.
//! Where traces are not exported, both do nothing. It knows no exporter: `telemetry` has that.

use std::sync::atomic::{AtomicBool, Ordering};

use opentelemetry::trace::{SpanContext, SpanId, TraceContextExt, TraceFlags, TraceId, TraceState};
use tracing::Span;
use tracing_opentelemetry::OpenTelemetrySpanExt;

pub use crate::domain::runtime::trace_parent::TraceParent;

static IS_EXPORTED: AtomicBool = AtomicBool::new(false);

/// From now on spans are part of traces.
pub fn switch_on() {
    IS_EXPORTED.store(true, Ordering::Relaxed);
}

/// The context of the current span, to be stored or sent along; `None` where traces are not exported.
pub fn current() -> Option<TraceParent> {
    of(&Span::current())
}

/// The context of a span.
pub fn of(span: &Span) -> Option<TraceParent> {
    if !IS_EXPORTED.load(Ordering::Relaxed) || span.is_none() {
        return None;
    }
    let context = span.context();
    let span = context.span();
    let context = span.span_context();
    context.is_valid().then(|| TraceParent {
        trace: u128::from_be_bytes(context.trace_id().to_bytes()),
        span: u64::from_be_bytes(context.span_id().to_bytes()),
        is_sampled: context.is_sampled(),
    })
}

/// Renames a span that has begun; its field `otel.name` counts only at its beginning.
pub fn rename(span: &Span, name: String) {
    if IS_EXPORTED.load(Ordering::Relaxed) {
        span.context().span().update_name(name);
    }
}

/// Makes a span that was not entered yet part of another process's or actor's trace.
pub fn continued(span: Span, parent: Option<TraceParent>) -> Span {
    if let Some(parent) = parent.filter(|_| IS_EXPORTED.load(Ordering::Relaxed)) {
        let flags = if parent.is_sampled { TraceFlags::SAMPLED } else { TraceFlags::default() };
        let (trace, from) = (TraceId::from(parent.trace), SpanId::from(parent.span));
        let remote = SpanContext::new(trace, from, flags, true, TraceState::default());
        // An error means that the span is filtered out.
        let _not_recorded = span.set_parent(opentelemetry::Context::new().with_remote_span_context(remote));
    }
    span
}
