//! Trace tests: one message is followed from its webhook through outbox and Kafka to turn, model call and delivery, over
//! two processes, by the spans that a collector receives.

use fte::fakes::openai::{FakeOpenai, named};
use serde_json::Value;

use crate::support::collector::{Collector, ReceivedSpan};
use crate::support::customers::{Customer, FORGOTTEN};
use crate::support::kafka::shared;
use crate::support::postgres::{client, fresh_database};
use crate::support::served::Served;
use crate::support::twilio::FakeTwilio;
use crate::support::verdict::none_left;
use crate::support::wait::{LIMIT, eventually};
use crate::support::whatsapp::form;

const ANN: &str = "+4915112345678";
const MARKER: &str = "Xylophonmarker";
/// Kinds of spans in OTLP.
const SERVER: i32 = 2;
const CLIENT: i32 = 3;
const PRODUCER: i32 = 4;
const CONSUMER: i32 = 5;

struct Rig {
    collector: Collector,
    twilio: FakeTwilio,
    /// They run `intake`, and `agent,delivery,desk`.
    processes: Vec<Served>,
    url: String,
}

async fn rig(servers: &str, fake: &FakeOpenai) -> Rig {
    let (collector, twilio, url) = (Collector::start(), FakeTwilio::open(), fresh_database().await);
    let origins = twilio.sandbox.origins().join(",");
    let base = fake.base_url();
    let mut variables = twilio.variables(&origins);
    variables.extend([
        ("KAFKA_BOOTSTRAP_SERVERS", servers),
        ("OPENAI_API_KEY", "sk-test"),
        ("OPENAI_BASE_URL", base.as_str()),
        ("OTEL_EXPORTER_OTLP_ENDPOINT", collector.url.as_str()),
        ("OTEL_EXPORTER_OTLP_HEADERS", "authorization=Bearer%20collector%20key"),
        ("OTEL_BSP_SCHEDULE_DELAY", "50"),
        ("ENVIRONMENT", "production"),
        ("API_HOST", "127.0.0.1"),
        ("MEDIA_ALLOWED_ORIGINS", ""),
        ("LOG_LEVEL", "info,fte::http=debug"),
    ]);
    let processes = Served::start_roles(&url, &["intake", "agent,delivery,desk"], &variables).await;
    Rig { collector, twilio, processes, url }
}

#[tokio::test]
async fn one_message_is_one_trace_over_two_processes() {
    let kafka = shared().await;
    let fake = FakeOpenai::start(named("grounded").unwrap()).unwrap();
    let rig = rig(&kafka.servers, &fake).await;
    let [intake, worker] = &rig.processes[..] else { panic!("two were started") };

    rig.twilio.write(&intake.base, &form(ANN, "SM1", &format!("{FORGOTTEN} {MARKER}"))).await;
    rig.twilio.replied(ANN, 1, LIMIT).await;
    let (delivery, spans) = trace_of_the_delivery(&rig.collector, "deliver whatsapp").await;
    let path = path(&spans, &delivery);
    path_leads_back_to(&path, &spans, "POST /webhooks/whatsapp");
    assert_eq!(
        path.iter().map(|span| span.kind).collect::<Vec<_>>(),
        [CLIENT, 1, CONSUMER, PRODUCER, SERVER]
    );
    // Any process may publish the row; the webhook and the turn are in different ones.
    assert_eq!(path[1].process, worker.pid().to_string());
    assert_eq!(path[4].process, intake.pid().to_string());
    model_call_has_its_tokens(&spans, &path[1]);
    logs_name_the_trace(intake, &delivery.trace);
    a_form_is_traced_to_its_page(&rig, intake).await;
    no_span_has_customer_text(&rig.collector);
    // What is answered keeps no trace, which a later message without one would continue.
    none_left(&rig.url, "select count(*) from conversations where traceparent is not null", LIMIT).await;
    for served in rig.processes {
        served.terminate().await;
    }
}

/// No provider is asked: the reply is on the page when its commit is done.
async fn a_form_is_traced_to_its_page(rig: &Rig, intake: &Served) {
    Customer::of(&intake.base).submit("ann@example.com", "1", &format!("{FORGOTTEN} {MARKER}")).await;
    let (delivery, spans) = trace_of_the_delivery(&rig.collector, "deliver web_form").await;
    path_leads_back_to(&path(&spans, &delivery), &spans, "POST /support/submit");
}

/// The span of the delivery, and every span of its trace once the one of the request has arrived.
async fn trace_of_the_delivery(collector: &Collector, name: &str) -> (ReceivedSpan, Vec<ReceivedSpan>) {
    let delivered = async || collector.spans().into_iter().find(|span| span.name == name).ok_or(());
    let (delivery, _) = eventually("the span of the delivery", LIMIT, delivered).await;
    let complete = async || {
        let spans = collector.trace(&delivery.trace);
        if path(&spans, &delivery).last().is_some_and(|first| first.kind == SERVER) {
            Ok(spans)
        } else {
            Err(spans)
        }
    };
    let (spans, _) = eventually("the first span of the trace", LIMIT, complete).await;
    (delivery, spans)
}

/// A span and its ancestors.
fn path(spans: &[ReceivedSpan], last: &ReceivedSpan) -> Vec<ReceivedSpan> {
    let mut path = vec![last.clone()];
    while let Some(parent) = spans.iter().find(|span| Some(&span.id) == path.last().map(|span| &span.parent))
    {
        path.push(parent.clone());
    }
    path
}

/// From the delivery back to the request, each span the parent of the one before it.
fn path_leads_back_to(path: &[ReceivedSpan], spans: &[ReceivedSpan], request: &str) {
    let names: Vec<&str> = path.iter().map(|span| span.name.as_str()).collect();
    let expected = ["turn", "process fte.tickets.incoming", "publish fte.tickets.incoming", request];
    assert_eq!(names[1..], expected, "{spans:#?}");
}

fn model_call_has_its_tokens(spans: &[ReceivedSpan], turn: &ReceivedSpan) {
    let call = spans.iter().find(|span| span.name == "chat gpt-4o").unwrap();
    assert_eq!((&call.parent, call.kind), (&turn.id, CLIENT));
    let attribute = |name| call.attribute(name).unwrap();
    assert_eq!(attribute("gen_ai.operation.name"), "chat");
    assert_eq!(attribute("gen_ai.request.model"), "gpt-4o");
    let tokens = |name| attribute(name).parse::<u32>().unwrap();
    assert_eq!(tokens("gen_ai.usage.input_tokens") + tokens("gen_ai.usage.output_tokens"), 1_280);
    for step in ["search", "record", "finish"] {
        assert!(spans.iter().any(|span| span.name == step && span.parent == turn.id), "{step}");
    }
}

fn logs_name_the_trace(served: &Served, trace: &str) {
    let log = served.log();
    let lines = log.lines().filter_map(|line| serde_json::from_str::<Value>(line).ok());
    let of_it: Vec<Value> = lines.filter(|line| line["trace_id"] == trace).collect();
    assert!(!of_it.is_empty(), "no line of {trace} in {log}");
    assert!(of_it.iter().all(|line| line["span_id"].as_str().is_some_and(|id| id.len() == 16)));
}

fn no_span_has_customer_text(collector: &Collector) {
    let shown = format!("{:?}", collector.spans());
    for text in [MARKER, ANN, "forgot"] {
        assert!(!shown.contains(text), "{text} is in a span: {shown}");
    }
}

/// A trace that nobody exports costs nothing: no row has a context.
#[tokio::test]
async fn without_a_collector_nothing_is_traced() {
    let url = fresh_database().await;
    let twilio = FakeTwilio::open();
    let served = twilio.serve(&url, &[]).await;
    twilio.write(&served.base, &form(ANN, "SM1", FORGOTTEN)).await;
    twilio.replied(ANN, 1, LIMIT).await;
    let traced = "select (select count(*) from deliveries where traceparent is not null)
                       + (select count(*) from outbox where traceparent is not null)";
    assert_eq!(crate::support::verdict::count(&client(&url).await, traced).await, 0);
}
