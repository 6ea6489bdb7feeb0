//! Object pool of loaded models, and the computation with one: tokenizing, transformer, pooling, and normalisation.

use std::path::Path;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use ort::environment::Environment;
use tokenizers::{Encoding, Tokenizer};

use super::LocalModelError;
use super::folder::{ModelFolder, Pooling};
use super::runtime::{Batch, Model, environment};
use super::spelling::Spelling;
use crate::domain::knowledge::Dimensions;
use crate::knowledge::workers::Encode;

/// Maximum tokens of a batch, padding included, unless a single text has more. Beyond it the states exceed the
/// processor's cache, and a text costs more than alone.
const MAX_BATCH_TOKENS: usize = 256;
/// Maximum padding: the longest text of a batch may have this many tokens more than the shortest.
const MAX_PADDING: usize = 16;
/// Marks continuations of a word in the vocabularies that `Spelling` can read.
const CONTINUES_A_WORD: &str = "##s";

/// The encoder of one thread pool.
pub(super) struct Encoder {
    shared: Arc<SharedSession>,
    /// Loaded models that no thread is using.
    idle: Mutex<Vec<Model>>,
    /// Models that stay loaded while idle; each has its own copy of the weights.
    kept: usize,
}

struct SharedSession {
    environment: Environment,
    folder: ModelFolder,
    spelling: Option<Spelling>,
}

impl Encoder {
    /// Loads `kept` copies of the model.
    pub fn load(folder: ModelFolder, runtime: &Path, kept: usize) -> Result<Self, LocalModelError> {
        let environment = environment(runtime)?;
        let wrong = |error: String| LocalModelError::Content(folder.weights.clone(), error);
        let load = |_| Model::load(&environment, &folder.weights).map_err(|error| wrong(error.to_string()));
        let models = (0..kept.max(1)).map(load).collect::<Result<Vec<_>, _>>()?;
        if models.first().and_then(Model::width) != Some(Dimensions::D384.count()) {
            let expected = format!("it does not have {} numbers for each token", Dimensions::D384.count());
            return Err(wrong(expected));
        }
        let spelling = spelling(&folder.tokenizer);
        let shared = Arc::new(SharedSession { environment, folder, spelling });
        Ok(Self { shared, idle: Mutex::new(models), kept })
    }

    /// An encoder of the same model for another thread pool; it loads the model on first use.
    pub fn sibling(&self) -> Self {
        Self { shared: Arc::clone(&self.shared), idle: Mutex::new(Vec::new()), kept: 0 }
    }

    fn idle(&self) -> MutexGuard<'_, Vec<Model>> {
        self.idle.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn model(&self) -> ort::Result<Model> {
        let idle = self.idle().pop();
        match idle {
            Some(model) => Ok(model),
            None => Model::load(&self.shared.environment, &self.shared.folder.weights),
        }
    }

    /// A vector for each encoding.
    fn forward(&self, model: &mut Model, encodings: &[&Encoding]) -> ort::Result<Vec<Vec<f32>>> {
        let length = encodings.iter().map(|encoding| encoding.len()).max().unwrap_or(0);
        let padded = |values: &[u32]| {
            let mut values: Vec<i64> = values.iter().map(|value| i64::from(*value)).collect();
            values.resize(length, 0);
            values
        };
        let ids = encodings.iter().flat_map(|encoding| padded(encoding.get_ids())).collect();
        let mask = encodings.iter().flat_map(|encoding| padded(encoding.get_attention_mask())).collect();
        let states = model.states(Batch { rows: encodings.len(), length, ids, mask })?;
        let width = Dimensions::D384.count();
        let rows = states.chunks(width * length.max(1)).zip(encodings);
        Ok(rows.map(|(row, encoding)| pooled(self.shared.folder.pooling, row, encoding.len())).collect())
    }
}

/// One vector of length 1; `states` may continue beyond the text's own `tokens` with those of padding.
fn pooled(pooling: Pooling, states: &[f32], tokens: usize) -> Vec<f32> {
    let counted = match pooling {
        Pooling::Mean => tokens,
        Pooling::First => 1,
    };
    let mut vector = vec![0.0_f32; Dimensions::D384.count()];
    for state in states.chunks(vector.len()).take(counted) {
        vector.iter_mut().zip(state).for_each(|(sum, value)| *sum += value);
    }
    let length = vector.iter().map(|value| value * value).sum::<f32>().sqrt();
    if length > 0.0 {
        vector.iter_mut().for_each(|value| *value /= length);
    }
    vector
}

/// `None` if the vocabulary does not contain words as they are written.
fn spelling(tokenizer: &Tokenizer) -> Option<Spelling> {
    let vocabulary = tokenizer.get_vocab(false);
    vocabulary.contains_key(CONTINUES_A_WORD).then(|| Spelling::new(vocabulary))
}

impl Encode for Encoder {
    fn encode(&self, texts: &[String]) -> Result<Vec<Vec<f32>>, String> {
        let SharedSession { folder, spelling, .. } = self.shared.as_ref();
        let corrected = |text: &String| match spelling {
            Some(spelling) => spelling.corrected(text),
            None => text.clone(),
        };
        let encodings: Vec<Encoding> = texts
            .iter()
            .map(|text| folder.tokenizer.encode_fast(corrected(text), true))
            .collect::<Result<_, _>>()
            .map_err(|error| error.to_string())?;
        let mut by_length: Vec<(usize, &Encoding)> = encodings.iter().enumerate().collect();
        by_length.sort_by_key(|(_, encoding)| encoding.len());

        let mut model = self.model().map_err(|error| error.to_string())?;
        let mut vectors = vec![Vec::new(); texts.len()];
        let mut rest = by_length.as_slice();
        while !rest.is_empty() {
            let (rows, later) = rest.split_at(rows_at_once(rest));
            rest = later;
            let encodings: Vec<&Encoding> = rows.iter().map(|(_, encoding)| *encoding).collect();
            let computed = self.forward(&mut model, &encodings).map_err(|error| error.to_string())?;
            for ((place, _), vector) in rows.iter().zip(computed) {
                if let Some(slot) = vectors.get_mut(*place) {
                    *slot = vector;
                }
            }
        }
        self.idle().push(model);
        Ok(vectors)
    }

    fn rest(&self) {
        self.idle().truncate(self.kept);
    }
}

/// How many of the texts, sorted by length, to compute in one batch: at least one.
fn rows_at_once(by_length: &[(usize, &Encoding)]) -> usize {
    let shortest = by_length.first().map_or(0, |(_, encoding)| encoding.len());
    let fits = |(row, (_, encoding)): &(usize, &(usize, &Encoding))| {
        encoding.len() <= shortest + MAX_PADDING && (row + 1) * encoding.len() <= MAX_BATCH_TOKENS
    };
    by_length.iter().enumerate().take_while(fits).count().clamp(1, by_length.len().max(1))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn encoder() -> Encoder {
        let runtime = concat!(env!("CARGO_MANIFEST_DIR"), "/.runtime/");
        let folder = ModelFolder::fetched(Path::new(&format!("{runtime}minilm-1.0.0"))).unwrap();
        let library = format!("{runtime}onnxruntime-1.32.0/{}", super::super::LIBRARY);
        Encoder::load(folder, Path::new(&library), 1).unwrap()
    }

    fn cosine(a: &[f32], b: &[f32]) -> f32 {
        a.iter().zip(b).map(|(a, b)| a * b).sum()
    }

    #[test]
    fn like_meanings_lie_close_together() {
        // The first three sentences and their cosines come from the example of the model card.
        let texts = [
            "That is a happy person",
            "That is a happy dog",
            "That is a very happy person",
            "Today is a sunny day",
            "I forgot my password",
            "How do I reset my login credentials?",
            "Export a project as CSV",
        ]
        .map(str::to_owned);
        let vectors = encoder().encode(&texts).unwrap();
        for vector in &vectors {
            assert!((cosine(vector, vector) - 1.0).abs() < 1e-5, "of length 1");
        }
        for (place, known) in [(1, 0.695), (2, 0.943), (3, 0.257)] {
            let found = cosine(&vectors[0], &vectors[place]);
            assert!((found - known).abs() < 0.01, "{}: {found}", texts[place]);
        }
        assert!(cosine(&vectors[4], &vectors[5]) > cosine(&vectors[4], &vectors[6]) + 0.3);
    }

    #[test]
    fn a_slip_of_the_finger_changes_no_meaning() {
        let texts = ["i forgot my pasword, whats the adress", "i forgot my password, whats the address"];
        let vectors = encoder().encode(&texts.map(str::to_owned)).unwrap();
        assert!(cosine(&vectors[0], &vectors[1]) > 0.9999);
    }

    #[test]
    fn a_text_has_the_same_vector_in_any_company() {
        let encoder = encoder();
        let texts: Vec<String> = (1..20).map(|words| "a password that is long ".repeat(words * 3)).collect();
        let together = encoder.encode(&texts).unwrap();
        for (text, vector) in texts.iter().zip(&together) {
            let alone = encoder.encode(std::slice::from_ref(text)).unwrap();
            assert!(cosine(&alone[0], vector) > 0.9999, "{} characters", text.len());
        }
    }

    #[test]
    fn an_idle_pool_keeps_as_many_models_as_it_was_told_to() {
        let questions = encoder();
        let documents = questions.sibling();
        for (pool, kept) in [(&questions, 1), (&documents, 0)] {
            pool.encode(&["How?".to_owned()]).unwrap();
            assert_eq!(pool.idle().len(), 1);
            pool.rest();
            assert_eq!(pool.idle().len(), kept);
        }
    }
}
