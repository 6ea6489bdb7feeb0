//! The computation: tokens, transformer, the mean over what is no padding, and length 1.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use candle_core::{D, DType, Device, Tensor};
use candle_nn::VarBuilder;
use candle_transformers::models::bert::{BertModel, Config};
use tokenizers::{Encoding, Tokenizer, TruncationParams};

use super::spelling::Spelling;
use crate::domain::knowledge::Dimensions;
use crate::knowledge::workers::Encode;

/// Tokens that the model was trained to read (its `sentence_bert_config.json`).
const MAX_TOKENS: usize = 256;
/// Texts that go through the model at once, at most.
const ROWS: usize = 8;
/// Shorter texts are padded to the longest: it may have so many tokens more than the shortest.
const MAX_PADDING: usize = 16;

#[derive(Debug, thiserror::Error)]
pub enum MinilmError {
    #[error("could not read {0}")]
    File(PathBuf, #[source] io::Error),
    #[error("{0} is not as expected: {1}")]
    Content(PathBuf, String),
    #[error("could not start its threads")]
    Threads(#[from] io::Error),
}

pub(super) struct Encoder {
    tokenizer: Tokenizer,
    spelling: Spelling,
    model: BertModel,
}

impl Encoder {
    pub fn load(folder: &Path) -> Result<Self, MinilmError> {
        let read = |name: &str| {
            let path = folder.join(name);
            fs::read(&path).map_err(|error| MinilmError::File(path, error))
        };
        let wrong = |name: &str, error: String| MinilmError::Content(folder.join(name), error);

        let name = "config.json";
        let config: Config =
            serde_json::from_slice(&read(name)?).map_err(|error| wrong(name, error.to_string()))?;
        if config.hidden_size != Dimensions::D384.count() {
            return Err(wrong(name, format!("vectors of {} numbers", config.hidden_size)));
        }
        let name = "tokenizer.json";
        let tokenizer = tokenizer(&read(name)?).map_err(|error| wrong(name, error.to_string()))?;
        let name = "model.safetensors";
        let model = VarBuilder::from_buffered_safetensors(read(name)?, DType::F32, &Device::Cpu)
            .and_then(|weights| BertModel::load(weights, &config))
            .map_err(|error| wrong(name, error.to_string()))?;
        let spelling = Spelling::new(tokenizer.get_vocab(false));
        Ok(Self { tokenizer, spelling, model })
    }

    /// A row for each encoding.
    fn forward(&self, encodings: &[&Encoding]) -> candle_core::Result<Vec<Vec<f32>>> {
        let length = encodings.iter().map(|encoding| encoding.get_ids().len()).max().unwrap_or(0);
        let padded = |values: &[u32]| {
            let mut values = values.to_vec();
            values.resize(length, 0);
            values
        };
        let ids: Vec<u32> = encodings.iter().flat_map(|encoding| padded(encoding.get_ids())).collect();
        let mask: Vec<u32> =
            encodings.iter().flat_map(|encoding| padded(encoding.get_attention_mask())).collect();
        let shape = (encodings.len(), length);
        let ids = Tensor::from_vec(ids, shape, &Device::Cpu)?;
        let mask = Tensor::from_vec(mask, shape, &Device::Cpu)?;
        let states = self.model.forward(&ids, &ids.zeros_like()?, Some(&mask))?;

        let weights = mask.to_dtype(DType::F32)?.unsqueeze(2)?;
        let mean = states.broadcast_mul(&weights)?.sum(1)?.broadcast_div(&weights.sum(1)?)?;
        let norm = mean.sqr()?.sum_keepdim(D::Minus1)?.sqrt()?;
        mean.broadcast_div(&norm)?.to_vec2()
    }
}

fn tokenizer(json: &[u8]) -> tokenizers::Result<Tokenizer> {
    let mut tokenizer = Tokenizer::from_bytes(json)?;
    let truncation = TruncationParams { max_length: MAX_TOKENS, ..TruncationParams::default() };
    tokenizer.with_truncation(Some(truncation))?.with_padding(None);
    Ok(tokenizer)
}

impl Encode for Encoder {
    fn encode(&self, texts: &[String]) -> Result<Vec<Vec<f32>>, String> {
        let encodings: Vec<Encoding> = texts
            .iter()
            .map(|text| self.tokenizer.encode_fast(self.spelling.corrected(text), true))
            .collect::<Result<_, _>>()
            .map_err(|error| error.to_string())?;
        let mut by_length: Vec<(usize, &Encoding)> = encodings.iter().enumerate().collect();
        by_length.sort_by_key(|(_, encoding)| encoding.get_ids().len());

        let mut vectors = vec![Vec::new(); texts.len()];
        let mut rest = by_length.as_slice();
        while let Some((_, shortest)) = rest.first() {
            let longest = shortest.get_ids().len() + MAX_PADDING;
            let alike =
                rest.iter().take(ROWS).take_while(|(_, text)| text.get_ids().len() <= longest).count();
            let (rows, later) = rest.split_at(alike);
            rest = later;
            let encodings: Vec<&Encoding> = rows.iter().map(|(_, encoding)| *encoding).collect();
            let computed = self.forward(&encodings).map_err(|error| error.to_string())?;
            for ((place, _), vector) in rows.iter().zip(computed) {
                if let Some(slot) = vectors.get_mut(*place) {
                    *slot = vector;
                }
            }
        }
        Ok(vectors)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn encoder() -> Encoder {
        Encoder::load(Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/.runtime/minilm-0.1.0"))).unwrap()
    }

    fn cosine(a: &[f32], b: &[f32]) -> f32 {
        a.iter().zip(b).map(|(a, b)| a * b).sum()
    }

    #[test]
    fn like_meanings_lie_close_together() {
        // The first three sentences and their cosines are those of the model card's own example.
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
            assert!((found - known).abs() < 0.002, "{}: {found}", texts[place]);
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
}
