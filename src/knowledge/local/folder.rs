//! Value object: the folder of a sentence-transformers model as ONNX, parsed into what embedding needs.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use serde::Deserialize;
use serde::de::DeserializeOwned;
use sha2::{Digest, Sha256};
use tokenizers::{Tokenizer, TruncationParams};

use super::LocalModelError;

/// Name of the model that `make build` fetches, stored with each index that was built with it.
pub(super) const FETCHED: &str = "all-MiniLM-L6-v2-int8";
const WEIGHTS: &str = "model.onnx";
const TOKENIZER: &str = "tokenizer.json";
/// Both are written by sentence-transformers, and absent where the defaults apply.
const LENGTH: &str = "sentence_bert_config.json";
const POOLING: &str = "1_Pooling/config.json";
/// The token limit that all-MiniLM-L6-v2 was trained with.
const DEFAULT_MAX_TOKENS: usize = 256;
/// Hexadecimal digits of the weights' hash that distinguish models of the same name.
const HASH_DIGITS: usize = 12;

pub(super) struct ModelFolder {
    pub name: String,
    pub weights: PathBuf,
    pub tokenizer: Tokenizer,
    pub pooling: Pooling,
}

/// How the states of a text's tokens are combined into one vector.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Pooling {
    Mean,
    /// The state of the first token only.
    First,
}

#[derive(Deserialize)]
struct LengthConfig {
    max_seq_length: usize,
}

#[derive(Deserialize)]
struct PoolingConfig {
    #[serde(default)]
    pooling_mode_cls_token: bool,
    #[serde(default)]
    pooling_mode_mean_tokens: bool,
}

impl ModelFolder {
    /// The folder that `make build` fetched.
    pub fn fetched(folder: &Path) -> Result<Self, LocalModelError> {
        Self::read(folder, FETCHED.to_owned())
    }

    /// A user-supplied folder. Its name and the hash of its weights name the index.
    pub fn given(folder: &Path) -> Result<Self, LocalModelError> {
        let weights = folder.join(WEIGHTS);
        let bytes = fs::read(&weights).map_err(|error| LocalModelError::File(weights, error))?;
        let hash = hex::encode(Sha256::digest(bytes));
        let folder =
            folder.canonicalize().map_err(|error| LocalModelError::File(folder.to_owned(), error))?;
        let title = folder.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        Self::read(&folder, format!("{title}-{}", hash.get(..HASH_DIGITS).unwrap_or(&hash)))
    }

    fn read(folder: &Path, name: String) -> Result<Self, LocalModelError> {
        let length: Option<LengthConfig> = optional(&folder.join(LENGTH))?;
        let max_tokens = length.map_or(DEFAULT_MAX_TOKENS, |config| config.max_seq_length);
        let path = folder.join(TOKENIZER);
        let json = fs::read(&path).map_err(|error| LocalModelError::File(path.clone(), error))?;
        let tokenizer = tokenizer(&json, max_tokens)
            .map_err(|error| LocalModelError::Content(path, error.to_string()))?;
        let pooling = pooling(&folder.join(POOLING))?;
        Ok(Self { name, weights: folder.join(WEIGHTS), tokenizer, pooling })
    }
}

fn tokenizer(json: &[u8], max_tokens: usize) -> tokenizers::Result<Tokenizer> {
    let mut tokenizer = Tokenizer::from_bytes(json)?;
    let truncation = TruncationParams { max_length: max_tokens, ..TruncationParams::default() };
    tokenizer.with_truncation(Some(truncation))?.with_padding(None);
    Ok(tokenizer)
}

fn pooling(path: &Path) -> Result<Pooling, LocalModelError> {
    let Some(config) = optional::<PoolingConfig>(path)? else {
        return Ok(Pooling::Mean);
    };
    match (config.pooling_mode_mean_tokens, config.pooling_mode_cls_token) {
        (true, false) => Ok(Pooling::Mean),
        (false, true) => Ok(Pooling::First),
        (true, true) | (false, false) => {
            Err(LocalModelError::Content(path.to_owned(), "neither mean nor first token".to_owned()))
        }
    }
}

/// The file's content; `None` if there is no such file.
fn optional<T: DeserializeOwned>(path: &Path) -> Result<Option<T>, LocalModelError> {
    let json = match fs::read(path) {
        Ok(json) => json,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(LocalModelError::File(path.to_owned(), error)),
    };
    let config = serde_json::from_slice(&json);
    config.map(Some).map_err(|error| LocalModelError::Content(path.to_owned(), error.to_string()))
}

#[cfg(test)]
mod tests {
    use super::*;

    const TOKENIZER_JSON: &[u8] = include_bytes!("../../../deploy/minilm/tokenizer.json");

    /// A folder with these files beside a tokenizer.
    fn folder(files: &[(&str, &str)]) -> tempfile::TempDir {
        let folder = tempfile::tempdir().unwrap();
        fs::create_dir(folder.path().join("1_Pooling")).unwrap();
        fs::write(folder.path().join(TOKENIZER), TOKENIZER_JSON).unwrap();
        for (name, text) in files {
            fs::write(folder.path().join(name), text).unwrap();
        }
        folder
    }

    fn tokens(folder: &ModelFolder) -> usize {
        folder.tokenizer.encode_fast("word ".repeat(1_000), true).unwrap().len()
    }

    #[test]
    fn a_given_model_is_named_by_its_folder_and_its_weights() {
        let name = |weights: &str| {
            let given = folder(&[(WEIGHTS, weights)]);
            let name = ModelFolder::given(given.path()).unwrap().name;
            let title = given.path().file_name().unwrap().to_str().unwrap().to_owned();
            name.strip_prefix(&title).unwrap().to_owned()
        };
        assert_eq!(name("weights"), "-9a129038d9a0", "the beginning of their SHA-256");
        assert_ne!(name("other weights"), name("weights"));
        assert_ne!(name("weights"), FETCHED);
    }

    #[test]
    fn what_sentence_transformers_wrote_is_followed() {
        let plain = folder(&[(WEIGHTS, "")]);
        let plain = ModelFolder::given(plain.path()).unwrap();
        assert_eq!((plain.pooling, tokens(&plain)), (Pooling::Mean, 256));
        let first = folder(&[
            (WEIGHTS, ""),
            (LENGTH, r#"{"max_seq_length": 512, "do_lower_case": false}"#),
            (POOLING, r#"{"word_embedding_dimension": 384, "pooling_mode_cls_token": true}"#),
        ]);
        let first = ModelFolder::given(first.path()).unwrap();
        assert_eq!((first.pooling, tokens(&first)), (Pooling::First, 512));
    }

    #[test]
    fn what_can_not_be_computed_is_refused_by_the_name_of_its_file() {
        for (name, text) in
            [(TOKENIZER, "{}"), (LENGTH, "[]"), (POOLING, r#"{"pooling_mode_max_tokens": true}"#)]
        {
            let given = folder(&[(WEIGHTS, ""), (name, text)]);
            let error = ModelFolder::given(given.path()).err().unwrap().to_string();
            assert!(error.contains(name) && error.contains("not as expected"), "{error}");
        }
        let error = ModelFolder::given(folder(&[]).path()).err().unwrap().to_string();
        assert!(error.contains(WEIGHTS) && error.contains("could not read"), "{error}");
    }
}
