//! Caching decorator of an embedding model with request coalescing: a question is embedded once. The next question with
//! the same text gets the cached vector, or waits for the one in flight. Texts of documents bypass the cache.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use futures_util::FutureExt;
use futures_util::future::{WeakShared, ready};

use super::port::{Embedder, Embedding, Priority};
use crate::domain::knowledge::EmbeddingModel;
use crate::domain::runtime::generational_cache::GenerationalCache;

/// Questions of one generation. With two generations, 384 dimensions take 3 MB and 1,536 take 12 MB.
const GENERATION: usize = 1_000;
/// Maximum size of a cached question: longer ones are hardly ever repeated word for word.
const QUESTION_MAX_BYTES: usize = 2_048;

pub struct Cached<E> {
    inner: E,
    known: Arc<Mutex<GenerationalCache<CacheEntry>>>,
}

impl<E: Embedder> Cached<E> {
    pub fn new(inner: E) -> Self {
        Self { inner, known: Arc::new(Mutex::new(GenerationalCache::new(GENERATION))) }
    }

    /// The vector: cached, in flight or new.
    fn question(&self, text: String) -> Embedding {
        let mut known = lock(&self.known);
        match known.get(&text) {
            Some(CacheEntry::Known(vector)) => return Box::pin(ready(Ok(vec![vector]))),
            Some(CacheEntry::UnderWay(embedding)) => {
                if let Some(embedding) = embedding.upgrade() {
                    return Box::pin(embedding);
                }
            }
            None => {}
        }
        let embedding = self.inner.embed(vec![text.clone()], Priority::Turn);
        let (store, question) = (Arc::clone(&self.known), text.clone());
        let kept: Embedding = Box::pin(async move {
            let answer = embedding.await;
            let vector = answer.as_ref().ok().and_then(|vectors| vectors.first());
            match vector {
                Some(vector) => lock(&store).insert(question, CacheEntry::Known(vector.clone())),
                None => lock(&store).remove(&question),
            }
            answer
        });
        let shared = kept.shared();
        if let Some(under_way) = shared.downgrade() {
            known.insert(text, CacheEntry::UnderWay(under_way));
        }
        Box::pin(shared)
    }
}

impl<E: Embedder> Embedder for Cached<E> {
    fn model(&self) -> &EmbeddingModel {
        self.inner.model()
    }

    fn embed(&self, mut texts: Vec<String>, priority: Priority) -> Embedding {
        match (priority, texts.as_mut_slice()) {
            (Priority::Turn, [text]) if text.len() <= QUESTION_MAX_BYTES => {
                self.question(std::mem::take(text))
            }
            (Priority::Turn | Priority::Library, _) => self.inner.embed(texts, priority),
        }
    }
}

fn lock(known: &Mutex<GenerationalCache<CacheEntry>>) -> MutexGuard<'_, GenerationalCache<CacheEntry>> {
    known.lock().unwrap_or_else(PoisonError::into_inner)
}

#[derive(Clone)]
enum CacheEntry {
    Known(Vec<f32>),
    /// Dropped as soon as no caller waits for it.
    UnderWay(WeakShared<Embedding>),
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};

    use tokio::sync::watch;

    use super::*;
    use crate::domain::knowledge::Dimensions;
    use crate::knowledge::port::EmbedError;

    /// A fake that counts its calls and returns the length of the text once the gate is open; `fail` fails.
    struct Counting {
        model: EmbeddingModel,
        asked: Arc<AtomicUsize>,
        gate: watch::Receiver<bool>,
    }

    impl Embedder for Counting {
        fn model(&self) -> &EmbeddingModel {
            &self.model
        }

        fn embed(&self, texts: Vec<String>, _: Priority) -> Embedding {
            self.asked.fetch_add(1, Ordering::SeqCst);
            let mut gate = self.gate.clone();
            Box::pin(async move {
                gate.wait_for(|open| *open).await.unwrap();
                let vector = |text: &String| vec![f32::from(u16::try_from(text.len()).unwrap())];
                match texts.first().map(String::as_str) {
                    Some("fail") => Err(EmbedError::Busy),
                    Some(_) | None => Ok(texts.iter().map(vector).collect()),
                }
            })
        }
    }

    struct Bench {
        cached: Cached<Counting>,
        asked: Arc<AtomicUsize>,
        gate: watch::Sender<bool>,
    }

    fn bench() -> Bench {
        let (sender, gate) = watch::channel(true);
        let asked = Arc::new(AtomicUsize::new(0));
        let model = EmbeddingModel { name: "fake".to_owned(), dimensions: Dimensions::D384 };
        let counting = Counting { model, asked: Arc::clone(&asked), gate };
        Bench { cached: Cached::new(counting), asked, gate: sender }
    }

    impl Bench {
        fn ask(&self, text: &str) -> Embedding {
            self.cached.embed(vec![text.to_owned()], Priority::Turn)
        }

        fn asked(&self) -> usize {
            self.asked.load(Ordering::SeqCst)
        }
    }

    #[tokio::test]
    async fn the_same_words_are_embedded_once() {
        let bench = bench();
        for _ in 0..3 {
            assert_eq!(bench.ask("how").await, Ok(vec![vec![3.0]]));
        }
        assert_eq!(bench.ask("How?").await, Ok(vec![vec![4.0]]));
        assert_eq!(bench.asked(), 2);
    }

    #[tokio::test]
    async fn who_asks_meanwhile_waits_for_the_same_vector_even_if_the_first_one_gives_up() {
        let bench = bench();
        bench.gate.send(false).unwrap();
        let (first, second) = (bench.ask("how"), bench.ask("how"));
        drop(first);
        bench.gate.send(true).unwrap();
        assert_eq!(second.await, Ok(vec![vec![3.0]]));
        assert_eq!(bench.asked(), 1);
    }

    #[tokio::test]
    async fn what_failed_or_was_given_up_is_embedded_again() {
        let bench = bench();
        for _ in 0..2 {
            assert_eq!(bench.ask("fail").await, Err(EmbedError::Busy));
        }
        drop(bench.ask("how"));
        assert_eq!(bench.ask("how").await, Ok(vec![vec![3.0]]));
        assert_eq!(bench.asked(), 4);
    }

    #[tokio::test]
    async fn documents_and_long_questions_are_passed_on() {
        let bench = bench();
        let long = "a".repeat(QUESTION_MAX_BYTES + 1);
        for _ in 0..2 {
            bench.ask(&long).await.unwrap();
            bench.cached.embed(vec!["piece".to_owned()], Priority::Library).await.unwrap();
        }
        assert_eq!(bench.asked(), 4);
    }
}
