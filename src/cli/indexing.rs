//! Brings an index of vectors up to the knowledge: what has no vector yet is embedded, batch by batch.

use std::time::Duration;

use anyhow::Context;

use super::progress::{self, Counter};
use crate::crm::postgres::library::{Library, VectorIndex};
use crate::domain::backoff::Backoff;
use crate::knowledge::port::{EmbedError, Embedder, Priority};

/// What the progress indicator says.
pub const WHAT: &str = "embedding the documents";
/// Chunks that are embedded at once. Small, because a customer's question may have to wait for one such batch.
const BATCH: i64 = 4;
/// Tries to embed a batch while the model is away or busy.
const TRIES: u32 = 6;
const BACKOFF: Backoff = Backoff::doubling(Duration::from_millis(500), Duration::from_secs(30));
/// For one batch.
const TIMEOUT: Duration = Duration::from_secs(120);

/// Does the same as [`complete`] and shows how far it is.
pub async fn complete_shown(
    library: &Library,
    embedder: &dyn Embedder,
    index: &VectorIndex,
) -> anyhow::Result<u64> {
    let counter = Counter::default();
    progress::shown(WHAT, &counter, complete(library, embedder, index, &counter)).await
}

/// Embeds what the index lacks and lets it serve; how many chunks that were.
pub async fn complete(
    library: &Library,
    embedder: &dyn Embedder,
    index: &VectorIndex,
    progress: &Counter,
) -> anyhow::Result<u64> {
    progress.begin(library.lacking(index).await?);
    let mut embedded = 0;
    loop {
        let chunks = library.chunks_without_vector(index, BATCH).await?;
        if chunks.is_empty() {
            if index.serving || library.serve(index).await? {
                return Ok(embedded);
            }
            continue;
        }
        let texts: Vec<String> = chunks.iter().map(|chunk| chunk.text.clone()).collect();
        let vectors = embed(embedder, &texts).await?;
        let vectors = chunks.iter().map(|chunk| chunk.id).zip(vectors).collect();
        library.store_vectors(index, vectors).await?;
        let count = u64::try_from(chunks.len())?;
        progress.advance(count);
        embedded += count;
    }
}

async fn embed(embedder: &dyn Embedder, texts: &[String]) -> anyhow::Result<Vec<Vec<f32>>> {
    let mut tries = 0;
    loop {
        tries += 1;
        let pause = BACKOFF.pause(tries);
        let vectors = tokio::time::timeout(TIMEOUT, embedder.embed(texts.to_vec(), Priority::Library)).await;
        let wait = match vectors.unwrap_or(Err(EmbedError::TimedOut(TIMEOUT))) {
            Ok(vectors) => return Ok(vectors),
            Err(error) if tries == TRIES => return Err(error).context("could not embed the documents"),
            Err(EmbedError::Unavailable { retry_after, .. }) => retry_after.unwrap_or(pause),
            Err(EmbedError::Busy | EmbedError::TimedOut(_)) => pause,
            Err(error @ EmbedError::Failed(_)) => {
                return Err(error).context("could not embed the documents");
            }
        };
        tokio::time::sleep(wait).await;
    }
}
