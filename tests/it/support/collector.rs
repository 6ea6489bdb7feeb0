//! Fake collector: a real HTTP server that takes spans by OTLP (HTTP, Protobuf) and records them.

use std::net::TcpListener;
use std::sync::{Arc, Mutex};

use actix_web::{App, HttpRequest, HttpResponse, HttpServer, web};
use opentelemetry_proto::tonic::collector::trace::v1::ExportTraceServiceRequest;
use opentelemetry_proto::tonic::common::v1::any_value::Value;
use opentelemetry_proto::tonic::common::v1::{AnyValue, KeyValue};
use opentelemetry_proto::tonic::trace::v1::Span;
use prost::Message;

/// A span as it was received.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReceivedSpan {
    pub name: String,
    pub trace: String,
    pub id: String,
    /// Empty for the first span of a trace.
    pub parent: String,
    pub kind: i32,
    /// Of the process that sent it.
    pub process: String,
    pub attributes: Vec<(String, String)>,
}

impl ReceivedSpan {
    pub fn attribute(&self, name: &str) -> Option<&str> {
        let found = self.attributes.iter().find(|(key, _)| key == name);
        found.map(|(_, value)| value.as_str())
    }
}

/// A running collector; it serves until the tests end.
pub struct Collector {
    /// For OTEL_EXPORTER_OTLP_ENDPOINT.
    pub url: String,
    spans: Arc<Mutex<Vec<ReceivedSpan>>>,
}

impl Collector {
    pub fn start() -> Self {
        let listener = TcpListener::bind(("127.0.0.1", 0)).unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let spans = Arc::new(Mutex::new(Vec::new()));
        let shared = web::Data::from(Arc::clone(&spans));
        std::thread::spawn(move || {
            let app = move || App::new().app_data(shared.clone()).route("/v1/traces", web::post().to(take));
            actix_web::rt::System::new()
                .block_on(HttpServer::new(app).workers(1).disable_signals().listen(listener).unwrap().run())
                .unwrap();
        });
        Self { url, spans }
    }

    /// Every span so far, in the order of arrival.
    pub fn spans(&self) -> Vec<ReceivedSpan> {
        self.spans.lock().unwrap().clone()
    }

    /// The spans of one trace.
    pub fn trace(&self, trace: &str) -> Vec<ReceivedSpan> {
        self.spans().into_iter().filter(|span| span.trace == trace).collect()
    }
}

async fn take(
    spans: web::Data<Mutex<Vec<ReceivedSpan>>>,
    request: HttpRequest,
    body: web::Bytes,
) -> HttpResponse {
    assert_eq!(request.headers().get("content-type").unwrap(), "application/x-protobuf");
    assert_eq!(request.headers().get("authorization").unwrap(), "Bearer collector key");
    let export = ExportTraceServiceRequest::decode(body).unwrap();
    for resource in export.resource_spans {
        let attributes = read(&resource.resource.unwrap_or_default().attributes);
        let process = attributes.iter().find(|(name, _)| name == "process.pid").unwrap().1.clone();
        for span in resource.scope_spans.into_iter().flat_map(|scope| scope.spans) {
            spans.lock().unwrap().push(received(&span, &process));
        }
    }
    HttpResponse::Ok().content_type("application/x-protobuf").finish()
}

fn received(span: &Span, process: &str) -> ReceivedSpan {
    // Events hold log lines, and lines may hold more than ids.
    assert!(span.events.is_empty(), "{}", span.name);
    ReceivedSpan {
        name: span.name.clone(),
        trace: hex::encode(&span.trace_id),
        id: hex::encode(&span.span_id),
        parent: hex::encode(&span.parent_span_id),
        kind: span.kind,
        process: process.to_owned(),
        attributes: read(&span.attributes),
    }
}

fn read(attributes: &[KeyValue]) -> Vec<(String, String)> {
    attributes.iter().map(|attribute| (attribute.key.clone(), text(attribute.value.as_ref()))).collect()
}

fn text(value: Option<&AnyValue>) -> String {
    match value.and_then(|value| value.value.as_ref()) {
        Some(Value::StringValue(text)) => text.clone(),
        Some(Value::IntValue(number)) => number.to_string(),
        Some(Value::BoolValue(is)) => is.to_string(),
        other => format!("{other:?}"),
    }
}
