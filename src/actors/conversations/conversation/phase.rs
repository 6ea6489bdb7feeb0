//! Observability of a turn: a span for the turn and one for each of its steps, and their durations as histograms.
//! Spans hold ids only, never what a customer wrote.

use prometheus::Histogram;
use tracing::{Instrument, Span, debug_span, field};

use crate::agent::port::ModelError;
use crate::agent::turn::verdict::Verdict;
use crate::domain::conversations::turn::{Decision, Finished, ModelTurn};
use crate::domain::enums::Channel;
use crate::domain::ids::{ConversationId, DeliveryId, TurnId};
use crate::metrics::{METRICS, timed};
use crate::trace::{self, TraceParent};

/// A step of a turn that waits for another component.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Phase {
    Begin,
    Search,
    Model,
    Record,
    Finish,
}

impl Phase {
    fn as_str(self) -> &'static str {
        match self {
            Self::Begin => "begin",
            Self::Search => "search",
            Self::Model => "model",
            Self::Record => "record",
            Self::Finish => "finish",
        }
    }

    /// A span's name is part of its call site, so each step has its own.
    fn span(self) -> Span {
        match self {
            // It belongs to no turn yet.
            Self::Begin => Span::none(),
            Self::Search => debug_span!("search"),
            // OpenTelemetry semantic conventions for generative AI.
            Self::Model => debug_span!(
                "model",
                otel.kind = "client",
                otel.status_code = field::Empty,
                error.type = field::Empty,
                gen_ai.operation.name = "chat",
                gen_ai.provider.name = field::Empty,
                gen_ai.request.model = field::Empty,
                gen_ai.response.model = field::Empty,
                gen_ai.usage.input_tokens = field::Empty,
                gen_ai.usage.output_tokens = field::Empty,
            ),
            Self::Record => debug_span!("record"),
            Self::Finish => debug_span!("finish"),
        }
    }

    fn histogram(self) -> Histogram {
        METRICS.turn_phase.with_label_values(&[self.as_str()])
    }
}

/// The span of one attempt at a turn.
pub(super) fn turn_span(conversation: ConversationId, turn: TurnId, epoch: i64) -> Span {
    debug_span!("turn", otel.kind = "internal", %conversation, %turn, epoch)
}

/// What a turn's span continues: the trace of the newest message, and in it the span by which the pointer to the
/// conversation arrived.
pub(super) fn cause(newest: Option<TraceParent>, arrived: Option<TraceParent>) -> Option<TraceParent> {
    let is_same = |arrived: &TraceParent| newest.is_none_or(|newest| newest.trace == arrived.trace);
    arrived.filter(is_same).or(newest)
}

/// Notes on the current span which model is asked.
pub(super) fn note_request(model: &str, is_metered: bool) {
    let provider = if is_metered { "openai" } else { "fte" };
    let span = Span::current();
    span.record("gen_ai.provider.name", provider).record("gen_ai.request.model", model);
    if !span.is_disabled() {
        trace::rename(&span, format!("chat {model}"));
    }
}

/// Notes on the current span what the model's answer used, or that there was none.
pub(super) fn note_answer(model: &str, answer: Option<&Result<ModelTurn, ModelError>>) {
    let span = Span::current();
    match answer {
        Some(Ok(said)) => {
            span.record("gen_ai.response.model", said.model.as_deref().unwrap_or(model))
                .record("gen_ai.usage.input_tokens", said.usage.tokens_in)
                .record("gen_ai.usage.output_tokens", said.usage.tokens_out);
        }
        Some(Err(ModelError::Unavailable { .. })) | None => note_error(&span, "unavailable"),
        Some(Err(ModelError::Refused(_))) => note_error(&span, "refused"),
    }
}

/// The last span of a message's trace where the commit is the delivery: a point in time.
pub(super) fn note_shown(delivery: DeliveryId) {
    let channel = Channel::WebForm;
    let name = format!("deliver {channel}");
    drop(debug_span!("delivery_attempt", otel.name = name, otel.kind = "internal", %channel, %delivery));
}

fn note_error(span: &Span, kind: &str) {
    span.record("otel.status_code", "ERROR").record("error.type", kind);
}

/// Runs one step of a turn in its span, and measures it.
pub(super) async fn phase<T>(phase: Phase, work: impl Future<Output = T>) -> T {
    timed(&phase.histogram(), work).instrument(phase.span()).await
}

/// What is counted of a verdict once it is committed.
pub(super) struct VerdictCounts {
    escalated: Option<&'static str>,
    corrected: Vec<&'static str>,
}

impl VerdictCounts {
    pub fn of(verdict: &Verdict) -> Self {
        let escalated = match &verdict.decision {
            Decision::Escalate(hand_over) => Some(hand_over.reason.as_str()),
            Decision::Answer { .. } | Decision::Silent => None,
        };
        Self { escalated, corrected: verdict.corrected.iter().map(|fault| fault.as_str()).collect() }
    }

    pub fn count(self, finished: &Finished) {
        if matches!(finished, Finished::Refused(_)) {
            return;
        }
        if let Some(reason) = self.escalated {
            METRICS.escalations.with_label_values(&[reason]).inc();
        }
        for fault in self.corrected {
            METRICS.model_corrections.with_label_values(&[fault]).inc();
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::{Arc, Mutex};

    use futures_util::FutureExt;
    use tracing::field::Visit;
    use tracing::span::{Attributes, Id};
    use tracing_subscriber::layer::{Context, Layer, SubscriberExt};
    use tracing_subscriber::registry::LookupSpan;

    use super::*;

    /// Each span as `parent/name{fields}`.
    #[derive(Clone, Default)]
    struct Spans(Arc<Mutex<Vec<String>>>);

    struct Fields(String);

    impl Visit for Fields {
        fn record_debug(&mut self, field: &field::Field, value: &dyn std::fmt::Debug) {
            self.0.push_str(&format!("{}={value:?}", field.name()));
        }
    }

    impl<S: tracing::Subscriber + for<'a> LookupSpan<'a>> Layer<S> for Spans {
        fn on_new_span(&self, attributes: &Attributes<'_>, id: &Id, context: Context<'_, S>) {
            let mut fields = Fields(String::new());
            attributes.record(&mut fields);
            let parent = context.span(id).and_then(|span| Some(span.parent()?.name()));
            let (parent, name) = (parent.unwrap_or_default(), attributes.metadata().name());
            self.0.lock().unwrap().push(format!("{parent}/{name}{{{}}}", fields.0));
        }
    }

    #[test]
    fn a_turn_has_a_span_with_its_ids_and_a_child_for_each_step() {
        let spans = Spans::default();
        let subscriber = tracing_subscriber::registry().with(spans.clone());
        let nil = uuid::Uuid::nil();
        let before = Phase::Model.histogram().get_sample_count();
        tracing::subscriber::with_default(subscriber, || {
            let turn = async {
                phase(Phase::Begin, async {}).await;
                phase(Phase::Model, async {}).await;
                phase(Phase::Finish, async {}).await;
            };
            turn.instrument(turn_span(ConversationId(nil), TurnId(nil), 1)).now_or_never().unwrap();
        });
        assert_eq!(
            *spans.0.lock().unwrap(),
            [
                format!("/turn{{otel.kind=\"internal\"conversation={nil}turn={nil}epoch=1}}").as_str(),
                "turn/model{otel.kind=\"client\"gen_ai.operation.name=\"chat\"}",
                "turn/finish{}",
            ]
        );
        assert_eq!(Phase::Model.histogram().get_sample_count(), before + 1);
    }
}
