//! Vectors for learning, at the priority of indexing; without a model or in its trouble there are none.

use std::sync::Arc;
use std::time::Duration;

use crate::domain::knowledge::QuestionVector;
use crate::domain::learning::articles::SectionVectors;
use crate::knowledge::port::{Embedder, Priority};

/// For the chunks of an article, or one batch of texts.
const TIMEOUT: Duration = Duration::from_secs(6);

/// `None` if they can't be computed now.
pub(super) async fn of(embedder: Option<&Arc<dyn Embedder>>, texts: Vec<String>) -> Option<Vec<Vec<f32>>> {
    let embedder = embedder.filter(|_| !texts.is_empty())?;
    match tokio::time::timeout(TIMEOUT, embedder.embed(texts, Priority::Library)).await {
        Ok(Ok(vectors)) => Some(vectors),
        Ok(Err(error)) => {
            tracing::debug!(%error, "learning without vectors");
            None
        }
        Err(_elapsed) => None,
    }
}

pub(super) async fn of_question(
    embedder: Option<&Arc<dyn Embedder>>,
    text: String,
) -> Option<QuestionVector> {
    let values = of(embedder, vec![text]).await?.into_iter().next()?;
    Some(QuestionVector { model: embedder?.model().clone(), values })
}

pub(super) async fn of_section(
    embedder: Option<&Arc<dyn Embedder>>,
    chunks: Vec<String>,
) -> Option<SectionVectors> {
    let values = of(embedder, chunks).await?;
    Some(SectionVectors { model: embedder?.model().clone(), values })
}

/// The cosine of two vectors of length 1.
pub(super) fn cosine(one: &[f32], other: &[f32]) -> f32 {
    one.iter().zip(other).map(|(one, other)| one * other).sum()
}
