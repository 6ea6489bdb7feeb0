//! Embedding adapter for an OpenAI-compatible service: many texts per request, with their vectors in the same order.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use secrecy::ExposeSecret;
use serde::{Deserialize, Serialize};

use super::port::{EmbedError, Embedder, Embedding, Priority};
use crate::domain::knowledge::{Dimensions, EmbeddingModel};
use crate::provider::{Account, CallFailure, Caller, ResilientClient, ServiceClient, Timeouts, read_json};

/// The default model, and the dimensions of its vectors.
pub const MODEL: &str = "text-embedding-3-small";
/// Maximum texts of one request. OpenAI accepts 2,048, but their vectors would be 40 MB of JSON; these are under 3 MB.
const MAX_TEXTS: usize = 128;
/// Maximum bytes of text in one request: well below the 300,000 tokens that a request may have.
const REQUEST_MAX_BYTES: usize = 256 << 10;
/// Maximum characters of one text: the model reads 8,192 tokens, and a token may be a single character.
const TEXT_MAX_CHARS: usize = 8_000;
/// Concurrent requests: more than the turns that run at once by default.
const MAX_REQUESTS: usize = 256;

/// The adapter; clones share the breaker.
#[derive(Clone)]
pub struct OpenaiEmbedder {
    inner: Arc<EmbedderInner>,
    model: EmbeddingModel,
}

struct EmbedderInner {
    client: ServiceClient,
    line: ResilientClient,
    under_way: AtomicUsize,
}

#[derive(Serialize)]
struct Ask<'a> {
    model: &'a str,
    input: &'a [String],
    encoding_format: &'static str,
}

#[derive(Deserialize)]
struct EmbeddingResponse {
    data: Vec<Datum>,
}

#[derive(Deserialize)]
struct Datum {
    index: usize,
    embedding: Vec<f32>,
}

impl OpenaiEmbedder {
    pub fn new(account: &Account, model: &str, timeout: Timeouts) -> Result<Self, reqwest::Error> {
        let inner = EmbedderInner {
            client: ServiceClient::new(account)?,
            line: ResilientClient::new(model.to_owned(), timeout),
            under_way: AtomicUsize::new(0),
        };
        let model = EmbeddingModel { name: model.to_owned(), dimensions: Dimensions::D1536 };
        Ok(Self { inner: Arc::new(inner), model })
    }
}

impl Embedder for OpenaiEmbedder {
    fn model(&self) -> &EmbeddingModel {
        &self.model
    }

    /// The service limits its own load, so priorities do not matter here.
    fn embed(&self, texts: Vec<String>, _: Priority) -> Embedding {
        let inner = Arc::clone(&self.inner);
        let texts: Vec<String> = texts.iter().map(|text| readable(text)).collect();
        Box::pin(async move {
            let Some(_place) = InFlightSlot::take(&inner.under_way) else {
                return Err(EmbedError::Busy);
            };
            let mut vectors = Vec::with_capacity(texts.len());
            for batch in batches(&texts) {
                let call = inner.line.call(Caller::Anybody, || inner.ask(batch));
                vectors.extend(call.await.map_err(|failed| error(&failed.failure))?);
            }
            Ok(vectors)
        })
    }
}

impl EmbedderInner {
    async fn ask(&self, texts: &[String]) -> Result<Vec<Vec<f32>>, CallFailure> {
        let ask = Ask { model: self.line.model(), input: texts, encoding_format: "float" };
        let answered = async { read_json(self.client.post("embeddings", &ask).await?).await };
        // The service may repeat a text in its error.
        let answer = answered.await.map_err(|failure| {
            failure.redacted(self.client.secret().as_ref().map(ExposeSecret::expose_secret), &texts.concat())
        })?;
        let answer: EmbeddingResponse =
            serde_json::from_value(answer).map_err(|_| CallFailure::Broken("not what the API promises"))?;
        in_order(answer, texts.len())
    }
}

/// The vectors in the order of their texts, normalised to length 1.
fn in_order(mut answer: EmbeddingResponse, texts: usize) -> Result<Vec<Vec<f32>>, CallFailure> {
    answer.data.sort_by_key(|datum| datum.index);
    let is_whole = answer.data.len() == texts
        && answer.data.iter().enumerate().all(|(place, datum)| datum.index == place)
        && answer.data.iter().all(|datum| datum.embedding.len() == Dimensions::D1536.count());
    if !is_whole {
        return Err(CallFailure::Broken("other vectors than were asked for"));
    }
    Ok(answer.data.into_iter().map(|datum| normal(datum.embedding)).collect())
}

fn normal(mut vector: Vec<f32>) -> Vec<f32> {
    let length = vector.iter().map(|value| value * value).sum::<f32>().sqrt();
    if length > 0.0 {
        vector.iter_mut().for_each(|value| *value /= length);
    }
    vector
}

/// Truncates a text to what the model reads; a text without words gets a vector too.
fn readable(text: &str) -> String {
    let cut: String = text.replace('\0', " ").chars().take(TEXT_MAX_CHARS).collect();
    if cut.trim().is_empty() { ".".to_owned() } else { cut }
}

/// Splits the texts into batches that fit into one request each.
fn batches(texts: &[String]) -> Vec<&[String]> {
    let mut batches = Vec::new();
    let (mut start, mut bytes) = (0, 0);
    for (place, text) in texts.iter().enumerate() {
        let is_full = bytes + text.len() > REQUEST_MAX_BYTES || place - start == MAX_TEXTS;
        if is_full && place > start {
            batches.extend(texts.get(start..place));
            (start, bytes) = (place, 0);
        }
        bytes += text.len();
    }
    batches.extend(texts.get(start..).filter(|rest| !rest.is_empty()));
    batches
}

fn error(failure: &CallFailure) -> EmbedError {
    if failure.may_pass() {
        EmbedError::Unavailable { message: failure.to_string(), retry_after: failure.after() }
    } else {
        EmbedError::Failed(failure.to_string())
    }
}

/// A permit for one concurrent request, released on drop.
struct InFlightSlot<'a>(&'a AtomicUsize);

impl<'a> InFlightSlot<'a> {
    fn take(under_way: &'a AtomicUsize) -> Option<Self> {
        let taken = under_way.fetch_update(Ordering::Relaxed, Ordering::Relaxed, |count| {
            (count < MAX_REQUESTS).then_some(count + 1)
        });
        taken.ok().map(|_| Self(under_way))
    }
}

impl Drop for InFlightSlot<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_batched_by_number_and_by_size() {
        let sizes = |texts: &[String]| batches(texts).iter().map(|batch| batch.len()).collect::<Vec<_>>();
        assert_eq!(sizes(&[]), [] as [usize; 0]);
        assert_eq!(sizes(&vec!["a".to_owned(); 300]), [128, 128, 44]);
        assert_eq!(sizes(&vec!["a".repeat(100 << 10); 5]), [2, 2, 1]);
        assert_eq!(sizes(&["a".repeat(300 << 10), "b".to_owned()]), [1, 1]);
    }

    #[test]
    fn vectors_come_in_the_order_of_their_texts_or_not_at_all() {
        let datum = |index, value: f32| Datum { index, embedding: [vec![value], vec![0.0; 1_535]].concat() };
        let answer = |data| EmbeddingResponse { data };
        let sorted = in_order(answer(vec![datum(1, 2.0), datum(0, -3.0)]), 2).unwrap();
        assert_eq!((sorted[0][0], sorted[1][0]), (-1.0, 1.0));
        assert!(in_order(answer(vec![datum(0, 1.0)]), 2).is_err());
        assert!(in_order(answer(vec![datum(0, 1.0), datum(0, 1.0)]), 2).is_err());
        assert!(in_order(answer(vec![Datum { index: 0, embedding: vec![1.0; 384] }]), 1).is_err());
    }

    #[test]
    fn a_text_is_made_readable() {
        assert_eq!((readable(" \0"), readable("a\0b")), (".".to_owned(), "a b".to_owned()));
        assert_eq!(readable(&"ü".repeat(9_000)).chars().count(), TEXT_MAX_CHARS);
    }
}
