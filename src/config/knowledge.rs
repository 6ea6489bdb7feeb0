//! Settings of the knowledge base: which model embeds texts.

use std::path::PathBuf;

use super::openai::OpenaiConfig;
use super::reader::Reader;

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KnowledgeConfig {
    pub embedder: EmbedderChoice,
    /// `MINILM_PATH`: a folder with the model's files instead of those that `make build` fetched.
    pub minilm_path: Option<PathBuf>,
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
        minilm_path: reader.text("MINILM_PATH").map(PathBuf::from),
    };
    if config.embedder == EmbedderChoice::Openai && !openai.is_usable() {
        reader.wrong("OPENAI_API_KEY", None, "a key, since EMBEDDER is openai");
    }
    config
}
