//! Search of the knowledge base for one turn.

use super::ConversationWires;
use crate::actors::runtime::ask::Answer;
use crate::domain::knowledge::{Audience, Findings};
use crate::knowledge::question::{self, VECTOR_TIMEOUT};
use crate::metrics::METRICS;

/// Searches by words and meaning, or by words alone if there is no vector in time.
pub(super) async fn search(wires: &ConversationWires, query: String, limit: i64) -> Answer<Findings> {
    let (question, lapse) = question::ask(wires.embedder.as_deref(), query, VECTOR_TIMEOUT).await;
    if let Some(error) = lapse {
        METRICS.searches_without_vector.inc();
        tracing::debug!(%error, "searching by words alone");
    }
    wires.knowledge.call(move |knowledge| knowledge.search(question, limit, Audience::Customers)).await
}
