//! Settings of the knowledge base: which model embeds texts.

use std::path::PathBuf;

use super::openai::OpenaiConfig;
use super::reader::Reader;

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KnowledgeConfig {
    pub embedder: EmbedderChoice,
    /// `EMBEDDING_MODEL_PATH`: a folder with a sentence-transformers model as ONNX instead of the one that `make build`
    /// fetched. `MINILM_PATH` is its former name.
    pub model_path: Option<PathBuf>,
    /// `ONNXRUNTIME_PATH`: the shared library, instead of the one that `make build` fetched.
    pub onnxruntime_path: Option<PathBuf>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EmbedderChoice {
    /// In this process, without an account.
    Minilm,
    /// Behind an OpenAI-compatible service.
    Openai,
    /// Words alone.
    None,
}

pub(super) fn read(reader: &mut Reader<'_>, openai: &OpenaiConfig) -> KnowledgeConfig {
    let config = KnowledgeConfig {
        embedder: reader
            .parse("EMBEDDER", "minilm, openai or none", |value| match value {
                "minilm" => Some(EmbedderChoice::Minilm),
                "openai" => Some(EmbedderChoice::Openai),
                "none" => Some(EmbedderChoice::None),
                _ => None,
            })
            .unwrap_or(EmbedderChoice::Minilm),
        model_path: reader
            .text("EMBEDDING_MODEL_PATH")
            .or_else(|| reader.text("MINILM_PATH"))
            .map(PathBuf::from),
        onnxruntime_path: reader.text("ONNXRUNTIME_PATH").map(PathBuf::from),
    };
    if config.embedder == EmbedderChoice::Openai && !openai.is_usable() {
        reader.wrong("OPENAI_API_KEY", None, "a key, since EMBEDDER is openai");
    }
    config
}
