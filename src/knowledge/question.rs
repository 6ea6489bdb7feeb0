//! Query preparation with a fallback: a customer's words, with their vector if it is computed in time.

use std::time::Duration;

use super::port::{EmbedError, Embedder, Priority};
use crate::domain::knowledge::{Question, QuestionVector};

/// Timeout of the vector of a customer's question; after it the search is by words alone.
pub const VECTOR_TIMEOUT: Duration = Duration::from_secs(1);

/// The question, and why its vector is missing if it could not be computed within `timeout`.
pub async fn ask(
    embedder: Option<&dyn Embedder>,
    text: String,
    timeout: Duration,
) -> (Question, Option<EmbedError>) {
    let Some(embedder) = embedder else {
        return (Question { text, vector: None }, None);
    };
    let vectors = tokio::time::timeout(timeout, embedder.embed(vec![text.clone()], Priority::Turn)).await;
    match vectors.unwrap_or(Err(EmbedError::TimedOut(timeout))) {
        Ok(vectors) => {
            let model = embedder.model().clone();
            let vector = vectors.into_iter().next().map(|values| QuestionVector { model, values });
            (Question { text, vector }, None)
        }
        Err(error) => (Question { text, vector: None }, Some(error)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::knowledge::{Dimensions, EmbeddingModel};
    use crate::knowledge::port::Embedding;

    /// A fake that returns this result, or never completes.
    struct Fake(EmbeddingModel, Option<Result<Vec<Vec<f32>>, EmbedError>>);

    impl Embedder for Fake {
        fn model(&self) -> &EmbeddingModel {
            &self.0
        }

        fn embed(&self, _: Vec<String>, _: Priority) -> Embedding {
            match self.1.clone() {
                Some(answer) => Box::pin(std::future::ready(answer)),
                None => Box::pin(std::future::pending()),
            }
        }
    }

    const TIMEOUT: Duration = Duration::from_millis(50);

    async fn asked(answer: Option<Result<Vec<Vec<f32>>, EmbedError>>) -> (Question, Option<EmbedError>) {
        let model = EmbeddingModel { name: "fake".to_owned(), dimensions: Dimensions::D384 };
        ask(Some(&Fake(model, answer)), "how".to_owned(), TIMEOUT).await
    }

    #[tokio::test]
    async fn a_vector_that_does_not_come_leaves_the_words() {
        let failed = EmbedError::Failed("panic: no".to_owned());
        for (answer, why) in [
            (None, EmbedError::TimedOut(TIMEOUT)),
            (Some(Err(EmbedError::Busy)), EmbedError::Busy),
            (Some(Err(failed.clone())), failed),
        ] {
            let text_alone = Question { text: "how".to_owned(), vector: None };
            assert_eq!(asked(answer).await, (text_alone, Some(why)));
        }
    }

    #[tokio::test]
    async fn a_vector_in_time_goes_with_the_words() {
        let (question, why) = asked(Some(Ok(vec![vec![1.0]]))).await;
        assert_eq!((question.vector.map(|vector| vector.values), why), (Some(vec![1.0]), None));
    }
}
