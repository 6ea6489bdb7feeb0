//! Embedder tests with an OpenAI-compatible service: batching, order, and full-text search as the fallback without
//! vectors.

use std::process::Output;

use fte::fakes::openai::{DIMENSIONS, FakeOpenai, named};
use fte::knowledge::openai::{MODEL, OpenaiEmbedder};
use fte::knowledge::port::{EmbedError, Embedder, Priority};
use fte::provider::{Account, Timeouts};
use serde_json::Value;
use tokio::process::Command;

use crate::support::postgres::fresh_database;
use crate::support::wait::LIMIT;

fn fake() -> FakeOpenai {
    FakeOpenai::start(named("grounded").unwrap()).unwrap()
}

fn embedder(base_url: String) -> OpenaiEmbedder {
    let account = Account { base_url, key: Some("sk-secret".into()) };
    OpenaiEmbedder::new(&account, MODEL, Timeouts { call: LIMIT }).unwrap()
}

#[tokio::test]
async fn many_texts_are_few_requests_and_similar_texts_get_similar_vectors() {
    let fake = fake();
    let embedder = embedder(fake.base_url());
    let mut texts: Vec<String> = (0..300).map(|n| format!("number {n}")).collect();
    texts.extend(["reset my password", "password reset", "invite a colleague", ""].map(str::to_owned));
    let vectors = embedder.embed(texts, Priority::Library).await.unwrap();
    assert_eq!((vectors.len(), fake.ledger().embeddings().len()), (304, 3));
    let seen = &fake.ledger().embeddings()[0];
    assert_eq!(
        (seen.body["model"].as_str(), seen.authorization.as_deref()),
        (Some(MODEL), Some("Bearer sk-secret"))
    );
    for vector in &vectors[..303] {
        let length: f32 = vector.iter().map(|value| value * value).sum();
        assert!(vector.len() == DIMENSIONS && (length - 1.0).abs() < 1e-3, "{length}");
    }
    let cosine = |a: usize, b: usize| -> f32 { vectors[a].iter().zip(&vectors[b]).map(|(x, y)| x * y).sum() };
    assert!(cosine(300, 301) > 0.7 && cosine(300, 302) < 0.4);
}

#[tokio::test]
async fn an_unreachable_service_is_no_failure_of_the_texts() {
    let embedder = embedder("http://127.0.0.1:9/v1".to_owned());
    let error = embedder.embed(vec!["text".to_owned()], Priority::Turn).await.unwrap_err();
    assert!(matches!(error, EmbedError::Unavailable { .. }), "{error:?}");
}

async fn fte(url: &str, base: &str, arguments: &[&str]) -> Value {
    let dir = tempfile::tempdir().unwrap();
    let mut command = Command::new(env!("CARGO_BIN_EXE_fte"));
    command.args(arguments).current_dir(dir.path()).env_clear().env("FTE_DATA_DIR", dir.path());
    command.env("DATABASE_URL", url).env("EMBEDDER", "openai").env("OPENAI_BASE_URL", base);
    let Output { status, stdout, stderr } = command.output().await.unwrap();
    assert!(status.success(), "{}", String::from_utf8_lossy(&stderr));
    serde_json::from_slice(&stdout).unwrap_or(Value::Null)
}

#[tokio::test]
async fn with_these_vectors_the_knowledge_is_ingested_and_found_by_full_text_and_vector_search() {
    let (url, fake) = (fresh_database().await, fake());
    let document = concat!(env!("CARGO_MANIFEST_DIR"), "/context/product-docs.md");
    fte(&url, &fake.base_url(), &["kb", "ingest", document]).await;
    assert!(!fake.ledger().embeddings().is_empty());
    let found = fte(&url, &fake.base_url(), &["kb", "search", "reset a forgotten password", "--json"]).await;
    assert_eq!(
        (found["mode"].as_str(), found["relevant"].as_bool()),
        (Some("hybrid"), Some(true)),
        "{found}"
    );
    assert!(found["results"][0]["id"].as_str().unwrap().contains("reset"), "{found}");
}
