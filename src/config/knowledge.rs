//! The knowledge: which model turns texts into vectors.

use std::path::PathBuf;

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
    /// Words alone.
    None,
}

pub(super) fn read(reader: &mut Reader<'_>) -> KnowledgeConfig {
    KnowledgeConfig {
        embedder: reader
            .parse("EMBEDDER", "minilm or none", |value| match value {
                "minilm" => Some(EmbedderChoice::Minilm),
                "none" => Some(EmbedderChoice::None),
                _ => None,
            })
            .unwrap_or(EmbedderChoice::Minilm),
        minilm_path: reader.text("MINILM_PATH").map(PathBuf::from),
    }
}
