//! Span exporter: OTLP by HTTP with Protobuf, in batches from a thread of its own. A collector that is down costs spans,
//! never work: what the queue can't hold is dropped.
//!
//! The SDK reads further `OTEL_…` variables of the process by itself: the queue and its batches (`OTEL_BSP_…`) and
//! `OTEL_RESOURCE_ATTRIBUTES`.

use std::collections::HashMap;
use std::future::Future;
use std::pin::Pin;
use std::sync::atomic::{AtomicBool, Ordering};

use anyhow::Context;
use opentelemetry::KeyValue;
use opentelemetry_http::{Bytes, HttpClient, HttpError, Request, Response};
use opentelemetry_otlp::{SpanExporter, WithExportConfig, WithHttpConfig};
use opentelemetry_sdk::Resource;
use opentelemetry_sdk::trace::{Sampler, SdkTracerProvider};
use secrecy::ExposeSecret;
use tokio::runtime::Runtime;

use crate::config::{SamplerChoice, TracesConfig};
use crate::http_client;

type Sending<'a> = Pin<Box<dyn Future<Output = Result<Response<Bytes>, HttpError>> + Send + 'a>>;

pub fn provider(config: &TracesConfig) -> anyhow::Result<SdkTracerProvider> {
    let headers: HashMap<String, String> =
        config.headers.iter().map(|(name, value)| (name.clone(), value.expose_secret().to_owned())).collect();
    let exporter = SpanExporter::builder()
        .with_http()
        .with_http_client(CollectorClient::new(config)?)
        .with_endpoint(&config.endpoint)
        .with_timeout(config.timeout)
        .with_headers(headers)
        .build()?;
    let resource = Resource::builder()
        .with_service_name(config.service_name.clone())
        .with_attribute(KeyValue::new("service.version", env!("FTE_VERSION")))
        .with_attribute(KeyValue::new("process.pid", i64::from(std::process::id())))
        .build();
    Ok(SdkTracerProvider::builder()
        .with_batch_exporter(exporter)
        .with_sampler(sampler(config.sampler))
        .with_resource(resource)
        .build())
}

fn sampler(choice: SamplerChoice) -> Sampler {
    match choice {
        SamplerChoice::AlwaysOn => Sampler::AlwaysOn,
        SamplerChoice::AlwaysOff => Sampler::AlwaysOff,
        SamplerChoice::Ratio(share) => Sampler::TraceIdRatioBased(share),
        SamplerChoice::ParentOrAlwaysOn => Sampler::ParentBased(Box::new(Sampler::AlwaysOn)),
        SamplerChoice::ParentOrAlwaysOff => Sampler::ParentBased(Box::new(Sampler::AlwaysOff)),
        SamplerChoice::ParentOrRatio(share) => {
            Sampler::ParentBased(Box::new(Sampler::TraceIdRatioBased(share)))
        }
    }
}

/// The HTTP client of the exporter, with the program's TLS. Its requests run on a runtime of their own: the exporter's
/// thread has none.
#[derive(Debug)]
struct CollectorClient {
    client: reqwest::Client,
    runtime: Runtime,
    is_failing: AtomicBool,
}

impl CollectorClient {
    fn new(config: &TracesConfig) -> anyhow::Result<Self> {
        let client = http_client::builder_for(&config.endpoint).timeout(config.timeout).build()?;
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(1)
            .thread_name("otlp")
            .enable_all()
            .build()
            .context("could not start a thread for traces")?;
        Ok(Self { client, runtime, is_failing: AtomicBool::new(false) })
    }

    /// Logs the first failure, and the first success after it.
    fn note(&self, failure: Option<String>) {
        match (self.is_failing.swap(failure.is_some(), Ordering::Relaxed), failure) {
            (false, Some(error)) => tracing::warn!(error, "the collector takes no spans at present"),
            (true, None) => tracing::info!("the collector takes spans again"),
            (true, Some(_)) | (false, None) => {}
        }
    }
}

impl HttpClient for CollectorClient {
    fn send_bytes<'a, 'b>(&'a self, request: Request<Bytes>) -> Sending<'b>
    where
        'a: 'b,
        Self: 'b,
    {
        let client = self.client.clone();
        let sent = self.runtime.spawn(async move { post(client, request).await });
        Box::pin(async move {
            let answer = match sent.await {
                Ok(answer) => answer,
                Err(lost) => Err(lost.into()),
            };
            let failure = match &answer {
                Ok(answer) if answer.status().is_success() => None,
                Ok(answer) => Some(answer.status().to_string()),
                Err(error) => Some(error.to_string()),
            };
            self.note(failure);
            answer
        })
    }
}

async fn post(client: reqwest::Client, request: Request<Bytes>) -> Result<Response<Bytes>, HttpError> {
    let (parts, body) = request.into_parts();
    let sent = client.request(parts.method, parts.uri.to_string()).headers(parts.headers).body(body);
    let answer = sent.send().await.map_err(reqwest::Error::without_url)?;
    let mut response = Response::builder().status(answer.status());
    if let Some(headers) = response.headers_mut() {
        headers.clone_from(answer.headers());
    }
    Ok(response.body(answer.bytes().await?)?)
}
