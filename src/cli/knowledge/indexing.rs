//! Backfill of an index of vectors: of what has no vector yet, common sections are embedded first, then the rest in the
//! order of its key, several batches at a time.

use std::time::Duration;

use anyhow::Context;
use futures_util::stream::{self, Stream, StreamExt, TryStreamExt};

use crate::cli::progress::{self, Counter};
use crate::crm::postgres::library::{Library, PendingChunk, PendingLine, VectorIndex};
use crate::domain::runtime::backoff::Backoff;
use crate::knowledge::port::{EmbedError, Embedder, Priority};

/// The label of the progress indicator.
pub const WHAT: &str = "embedding the documents";
/// Chunks that one statement reads.
const PAGE_SIZE: i64 = 256;
/// Chunks that are embedded together and stored by one statement.
const BATCH_SIZE: usize = 16;
/// Lines of the background corpus that are embedded together.
const LINES_BATCH_SIZE: usize = 32;
/// Batches that are embedded at the same time: as many as the embedding model in this process has threads, at most.
const MAX_BATCHES_IN_FLIGHT: usize = 4;
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
    let lines = library.lines_without_vector(index).await?;
    progress.begin(library.lacking(index).await? + u64::try_from(lines.len())?);
    let mut is_measured = index.serving && lines.is_empty();
    embed_lines(library, embedder, index, &lines, progress).await?;
    let mut embedded = embed_common(library, embedder, index, progress).await?;
    is_measured &= embedded == 0;
    // From somewhere to the end, then from the first chunk until nothing is left.
    let mut after = library.random_chunk().await?;
    loop {
        let mut stored = std::pin::pin!(
            batches(library, index, after)
                .map_ok(|chunks| embed_and_store(library, embedder, index, chunks))
                .try_buffer_unordered(MAX_BATCHES_IN_FLIGHT)
        );
        let mut found = 0;
        while let Some(count) = stored.try_next().await? {
            progress.advance(count);
            found += count;
        }
        embedded += found;
        is_measured &= found == 0;
        let is_whole_pass = std::mem::take(&mut after) == 0;
        if found == 0 && is_whole_pass && !is_measured {
            library.measure_lines(index).await?;
            is_measured = true;
        }
        if found == 0 && is_whole_pass && (index.serving || library.serve(index).await?) {
            return Ok(embedded);
        }
    }
}

/// What the index lacks behind the chunk `after`, in the order of its key.
fn batches<'a>(
    library: &'a Library,
    index: &'a VectorIndex,
    after: i64,
) -> impl Stream<Item = anyhow::Result<Vec<PendingChunk>>> + 'a {
    let pages = stream::try_unfold(after, async move |after| {
        let page = library.chunks_without_vector(index, after, PAGE_SIZE).await?;
        anyhow::Ok(page.last().map(|chunk| chunk.id).map(|last| (page, last)))
    });
    pages.map_ok(|page| stream::iter(page).chunks(BATCH_SIZE).map(anyhow::Ok)).try_flatten()
}

/// Embeds the background corpus, whose lines are few and short.
async fn embed_lines(
    library: &Library,
    embedder: &dyn Embedder,
    index: &VectorIndex,
    lines: &[PendingLine],
    progress: &Counter,
) -> anyhow::Result<()> {
    let batches = stream::iter(lines.chunks(LINES_BATCH_SIZE)).map(anyhow::Ok);
    batches
        .try_for_each_concurrent(MAX_BATCHES_IN_FLIGHT, async |lines| {
            let texts: Vec<String> = lines.iter().map(|line| line.text.clone()).collect();
            let vectors = embed(embedder, &texts).await?;
            let vectors = lines.iter().map(|line| line.id).zip(vectors).collect();
            library.store_line_vectors(index, vectors).await?;
            progress.advance(u64::try_from(lines.len())?);
            Ok(())
        })
        .await
}

/// Embeds common sections, a page of them at the most.
async fn embed_common(
    library: &Library,
    embedder: &dyn Embedder,
    index: &VectorIndex,
    progress: &Counter,
) -> anyhow::Result<u64> {
    let common = library.common_chunks_without_vector(index, PAGE_SIZE).await?;
    let batches = stream::iter(common).chunks(BATCH_SIZE);
    let mut stored = std::pin::pin!(
        batches
            .map(|chunks| embed_and_store(library, embedder, index, chunks))
            .buffer_unordered(MAX_BATCHES_IN_FLIGHT)
    );
    let mut embedded = 0;
    while let Some(count) = stored.try_next().await? {
        progress.advance(count);
        embedded += count;
    }
    Ok(embedded)
}

async fn embed_and_store(
    library: &Library,
    embedder: &dyn Embedder,
    index: &VectorIndex,
    chunks: Vec<PendingChunk>,
) -> anyhow::Result<u64> {
    let count = u64::try_from(chunks.len())?;
    let (ids, texts): (Vec<i64>, Vec<String>) =
        chunks.into_iter().map(|chunk| (chunk.id, chunk.text)).unzip();
    let vectors = embed(embedder, &texts).await?;
    library.store_vectors(index, ids.into_iter().zip(vectors).collect()).await?;
    Ok(count)
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
