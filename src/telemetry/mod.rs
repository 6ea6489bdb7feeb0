//! Telemetry set-up: structured logs on standard error, readable in development and JSON elsewhere, and traces by OTLP
//! where they are configured. Commands use standard output. It exports spans only, never events: no text of a customer
//! is in a span.

mod json;
mod otlp;

use std::io::IsTerminal;

use anyhow::Context;
use opentelemetry::trace::TracerProvider;
use opentelemetry_sdk::trace::SdkTracerProvider;
use tracing::Subscriber;
use tracing_subscriber::filter::{FilterExt, LevelFilter, filter_fn};
use tracing_subscriber::layer::{Layer, SubscriberExt};
use tracing_subscriber::registry::LookupSpan;
use tracing_subscriber::{EnvFilter, Registry};

use crate::config::{LogConfig, LogFormat, TracesConfig};
use crate::trace;

/// The running telemetry. Dropping it sends the spans that are still held.
pub struct Telemetry {
    traces: Option<SdkTracerProvider>,
}

impl Drop for Telemetry {
    fn drop(&mut self) {
        if let Some(traces) = &self.traces
            && let Err(error) = traces.shutdown()
        {
            tracing::warn!(%error, "could not send the last spans");
        }
    }
}

/// Installs the subscriber of the process. A second call is an error.
pub fn init(log: &LogConfig, traces: Option<&TracesConfig>) -> anyhow::Result<Telemetry> {
    // actix-server's lines on its threads repeat ours.
    let filter = EnvFilter::new(format!("actix_server=warn,{}", log.filter));
    let Some(traces) = traces else {
        let lines = lines::<Registry>(log.format).with_filter(filter);
        tracing::subscriber::set_global_default(Registry::default().with(lines))?;
        return Ok(Telemetry { traces: None });
    };
    let provider = otlp::provider(traces).context("could not set up traces (OTEL_EXPORTER_OTLP_ENDPOINT)")?;
    let spans = filter_fn(|metadata| metadata.is_span() && metadata.target().starts_with("fte"));
    let spans = tracing_opentelemetry::layer()
        .with_tracer(provider.tracer("fte"))
        .with_location(false)
        .with_threads(false)
        .with_tracked_inactivity(false)
        .with_filter(spans.and(LevelFilter::DEBUG));
    let lines = lines(log.format).with_filter(filter);
    tracing::subscriber::set_global_default(Registry::default().with(spans).with(lines))?;
    trace::switch_on();
    Ok(Telemetry { traces: Some(provider) })
}

/// The layer that writes every event of the process to standard error.
fn lines<S>(format: LogFormat) -> Box<dyn Layer<S> + Send + Sync>
where
    S: Subscriber + for<'a> LookupSpan<'a>,
{
    let lines = tracing_subscriber::fmt::layer()
        .with_ansi(std::io::stderr().is_terminal())
        .with_writer(std::io::stderr);
    match format {
        LogFormat::Human => Box::new(lines),
        LogFormat::Json => {
            let lines = lines.json().flatten_event(true).with_current_span(false);
            Box::new(lines.map_event_format(json::WithTraceIds))
        }
    }
}
