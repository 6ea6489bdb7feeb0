//! Knowledge search tests on a real PostgreSQL, with the built-in embedding model.

use std::future::ready;
use std::path::Path;
use std::sync::Arc;

use fte::crm::port::Knowledge;
use fte::crm::postgres::PgStore;
use fte::crm::postgres::library::Library;
use fte::domain::knowledge::{
    Audience, Dimensions, Document, EmbeddingModel, Findings, Origin, Others, Question, SearchMode,
    Visibility,
};
use fte::knowledge::local::{LIBRARY, LocalModel};
use fte::knowledge::markdown::sections;
use fte::knowledge::port::{EmbedError, Embedder, Embedding, Priority};
use fte::knowledge::question;
use fte::knowledge::workers::{Encode, PoolSettings, Workers};
use serde::Deserialize;
use tokio_postgres::Client;

use crate::support::postgres::{client, fresh_database};
use crate::support::records::store;
use crate::support::verdict::count;

const DOCS: &str = include_str!("../../../context/product-docs.md");
const TIMEOUT: std::time::Duration = std::time::Duration::from_secs(60);

fn minilm() -> LocalModel {
    let runtime = Path::new(env!("CARGO_MANIFEST_DIR")).join(".runtime");
    let library = runtime.join("onnxruntime-1.32.0").join(LIBRARY);
    LocalModel::fetched(&runtime.join("minilm-1.0.0"), &library, 2).unwrap()
}

fn origin(root: &str, files: &[(&str, &str)]) -> Origin {
    let document =
        |(file, text): &(&str, &str)| Document { file: (*file).to_owned(), sections: sections(file, text) };
    Origin { root: root.to_owned(), documents: files.iter().map(document).collect() }
}

/// Embeds the missing chunks of an index, and activates it; returns the number of chunks.
async fn complete(library: &Library, embedder: &dyn Embedder) -> usize {
    let index = library.index(embedder.model()).await.unwrap();
    let chunks = library.chunks_without_vector(&index, 0, 10_000).await.unwrap();
    for part in chunks.chunks(16) {
        let texts = part.iter().map(|chunk| chunk.text.clone()).collect();
        let vectors = embedder.embed(texts, Priority::Library).await.unwrap();
        let vectors = part.iter().map(|chunk| chunk.id).zip(vectors).collect();
        library.store_vectors(&index, vectors).await.unwrap();
    }
    assert!(library.serve(&index).await.unwrap());
    chunks.len()
}

async fn search(store: &PgStore, embedder: Option<&dyn Embedder>, text: &str) -> Findings {
    let (question, lapse) = question::ask(embedder, text.to_owned(), TIMEOUT).await;
    assert_eq!(lapse, None);
    store.search(question, 5, Audience::Customers).await.unwrap()
}

fn ids(findings: &Findings) -> Vec<&str> {
    findings.passages.iter().map(|passage| passage.id.as_str()).collect()
}

#[derive(Deserialize)]
struct OffTopic {
    query: String,
    kind: String,
}

#[tokio::test]
async fn typing_errors_and_paraphrases_are_found_and_other_subjects_are_not() {
    let store = store(&fresh_database().await);
    let (library, minilm) = (store.library(), minilm());
    let docs = origin("/docs", &[("product-docs.md", DOCS)]);
    library.ingest(&[docs], Others::Stay, Visibility::Public).await.unwrap();
    let by_words = search(&store, Some(&minilm), "pasword rest").await;
    assert_eq!(by_words.mode, SearchMode::Text, "there is no index yet");
    complete(&library, &minilm).await;

    let reset = "product-docs.md#reset-a-forgotten-password";
    for text in ["pasword rest", "I forgot my password, how do I get back into my account?"] {
        let found = search(&store, Some(&minilm), text).await;
        assert_eq!((found.mode, ids(&found)[0]), (SearchMode::Hybrid, reset), "{text}: {:?}", ids(&found));
        assert!(found.relevant, "{text}");
        let found = search(&store, None, text).await;
        assert_eq!((found.mode, ids(&found)[0]), (SearchMode::Text, reset), "{text}: {:?}", ids(&found));
    }
    let found = search(&store, Some(&minilm), "I'm locked out").await;
    assert_eq!(ids(&found)[0], "product-docs.md#unlock-a-locked-account");
    assert!(found.relevant && found.passages.iter().is_sorted_by(|a, b| a.score >= b.score));

    let other: Vec<OffTopic> = serde_json::from_str(include_str!("search/off-topic.json")).unwrap();
    let other: Vec<_> = other.iter().filter(|case| case.kind == "off-topic").collect();
    assert!(other.len() >= 20);
    for OffTopic { query, .. } in other {
        let found = search(&store, Some(&minilm), query).await;
        assert!(!found.relevant, "{query}: {:?} {}", ids(&found), found.passages[0].score);
    }
}

#[tokio::test]
async fn common_sections_are_embedded_first() {
    let url = fresh_database().await;
    let (store, database) = (store(&url), client(&url).await);
    let (library, minilm) = (store.library(), minilm());
    let documents = [
        ("a.md", "# Colours\n\nBlue.\n\n# Can I print?\n\nYes.\n\n# Exports\n\nIn CSV."),
        ("common-faq.md", "# Printers\n\nAny."),
        ("z.md", "# Getting started\n\n## Install\n\nRun it.\n\n# Other\n\nText."),
    ];
    library.ingest(&[origin("/docs", &documents)], Others::Stay, Visibility::Public).await.unwrap();
    cite(&database, "z.md#other", 1).await;
    cite(&database, "a.md#exports", 2).await;

    let index = library.index(minilm.model()).await.unwrap();
    let common = library.common_chunks_without_vector(&index, 100).await.unwrap();
    let texts: Vec<&str> = common.iter().map(|chunk| chunk.text.as_str()).collect();
    let first_with = |word: &str| texts.iter().position(|text| text.contains(word));
    let order = ["Exports", "Other", "Can I print", "Printers", "Install"].map(first_with);
    assert!(order.iter().all(Option::is_some) && order.is_sorted(), "{texts:?}");
    assert_eq!(first_with("Colours"), None, "{texts:?}");
    let some = library.common_chunks_without_vector(&index, 1).await.unwrap();
    assert_eq!(some, common[..1], "no more than asked for");
    complete(&library, &minilm).await;
    let left = library.common_chunks_without_vector(&index, 100).await.unwrap();
    assert_eq!(left, Vec::new());
}

/// Replies that cite a section.
async fn cite(database: &Client, id: &str, replies: i64) {
    let insert = "with customer as (
                      insert into customers (id, name) values (gen_random_uuid(), 'Ann') returning id
                  ), conversation as (
                      insert into conversations (id, customer_id, channel, attested)
                      select gen_random_uuid(), id, 'web_form', false from customer returning id
                  )
                  insert into messages (id, conversation_id, seq, channel, direction, role, content, sources)
                  select gen_random_uuid(), c.id, n, 'web_form', 'outbound', 'agent', 'See there.',
                         jsonb_build_array(jsonb_build_object('id', $1::text, 'title', 'T', 'score', 0.5))
                  from conversation c cross join generate_series(1, $2::bigint) n";
    database.execute(insert, &[&id, &replies]).await.unwrap();
}

#[tokio::test]
async fn only_changed_chunks_are_written_and_embedded_and_missing_ones_are_removed() {
    let url = fresh_database().await;
    let (store, database) = (store(&url), client(&url).await);
    let (library, minilm) = (store.library(), minilm());
    let first = [
        origin("/docs", &[("a.md", "# A\n\nApples.\n\n# B\n\nBerries."), ("c.md", "# C\n\nCherries.")]),
        origin("/faq.md", &[("faq.md", "# D\n\nDates.")]),
    ];
    let written = library.ingest(&first, Others::Stay, Visibility::Public).await.unwrap();
    assert_eq!((written.written, written.unchanged, written.removed), (4, 0, 0));
    assert_eq!(complete(&library, &minilm).await, 8, "headings and text of four sections");

    let before = state(&database).await;
    let again = library.ingest(&first, Others::Stay, Visibility::Public).await.unwrap();
    assert_eq!((again.written, again.unchanged, again.removed), (0, 4, 0));
    assert_eq!((complete(&library, &minilm).await, state(&database).await), (0, before));

    // B is removed from its file, C with its file, A is changed; the FAQ is not part of this ingestion.
    let second = [origin("/docs", &[("a.md", "# A\n\nApricots.")])];
    let changed = library.ingest(&second, Others::Stay, Visibility::Public).await.unwrap();
    assert_eq!((changed.written, changed.unchanged, changed.removed), (1, 0, 2));
    assert_eq!(complete(&library, &minilm).await, 2);
    assert_eq!(ids(&search(&store, Some(&minilm), "cherries").await), ["a.md#a", "faq.md#d"]);
    assert_eq!(ids(&search(&store, None, "berries").await), Vec::<&str>::new());
    assert_eq!(count(&database, "select count(*) from knowledge_terms where lexeme = 'berri'").await, 0);

    let third = library.ingest(&second, Others::Go, Visibility::Public).await.unwrap();
    assert_eq!((third.unchanged, third.removed), (1, 1));
    let files: Vec<String> = library.files().await.unwrap().into_iter().map(|file| file.name).collect();
    assert_eq!(files, ["a.md"]);
}

/// A fingerprint that changes whenever a row of the knowledge base is written, removed or replaced.
async fn state(database: &Client) -> String {
    let rows = "select md5(string_agg(x, '|' order by x)) from (
                    select xmin::text || ctid::text || id as x from knowledge_base
                    union all select xmin::text || ctid::text || id from knowledge_chunks
                    union all select xmin::text || ctid::text || lexeme || section_id from knowledge_postings
                    union all select xmin::text || ctid::text || lexeme from knowledge_terms
                    union all select xmin::text || ctid::text || chunk_id from knowledge_vectors_384) y";
    database.query_one(rows, &[]).await.unwrap().get(0)
}

/// A fake embedding model that returns the same vector for every text.
struct Alike(EmbeddingModel);

impl Embedder for Alike {
    fn model(&self) -> &EmbeddingModel {
        &self.0
    }

    fn embed(&self, texts: Vec<String>, _: Priority) -> Embedding {
        let count = self.0.dimensions.count();
        let vector = (0..count).map(|place| if place == 0 { 1.0 } else { 0.0 }).collect::<Vec<f32>>();
        Box::pin(ready(Ok(vec![vector; texts.len()])))
    }
}

fn alike(name: &str, dimensions: Dimensions) -> Alike {
    Alike(EmbeddingModel { name: name.to_owned(), dimensions })
}

#[tokio::test]
async fn an_index_stays_active_until_the_new_one_is_complete() {
    let url = fresh_database().await;
    let (store, database) = (store(&url), client(&url).await);
    let (library, model) = (store.library(), alike("old", Dimensions::D384));
    library
        .ingest(&[origin("/a.md", &[("a.md", "# A\n\nApples.")])], Others::Stay, Visibility::Public)
        .await
        .unwrap();
    complete(&library, &model).await;
    let mode = async || search(&store, Some(&model), "zzz").await.mode;
    assert_eq!(mode().await, SearchMode::Hybrid);

    let new = library.begin_anew(model.model()).await.unwrap();
    assert!(!library.serve(&new).await.unwrap(), "an index without chunks was activated");
    assert_eq!((library.lacking(&new).await.unwrap(), mode().await), (2, SearchMode::Hybrid));
    let chunks = library.chunks_without_vector(&new, 0, 10).await.unwrap();
    assert!(chunks.is_sorted_by_key(|chunk| chunk.id), "in the order of the key");
    let [first, second] = [chunks[0].id, chunks[1].id];
    assert_eq!(library.chunks_without_vector(&new, first, 10).await.unwrap(), chunks[1..]);
    assert_eq!(library.chunks_without_vector(&new, second, 10).await.unwrap(), []);
    assert!((first..=second).contains(&library.random_chunk().await.unwrap()));
    let vectors = model.embed(vec![String::new(); 2], Priority::Library).await.unwrap();
    library.store_vectors(&new, chunks.iter().map(|chunk| chunk.id).zip(vectors).collect()).await.unwrap();
    assert!(library.serve(&new).await.unwrap());
    assert_eq!(mode().await, SearchMode::Hybrid);
    assert_eq!(count(&database, "select count(*) from embedding_indexes").await, 1);
    assert_eq!(count(&database, "select count(*) from knowledge_vectors_384").await, 2);

    // Another model has its own index and vector length; the first index stays active.
    let other = alike("other", Dimensions::D1536);
    assert_eq!(search(&store, Some(&other), "zzz").await.mode, SearchMode::Text);
    complete(&library, &other).await;
    assert_eq!(search(&store, Some(&other), "zzz").await.mode, SearchMode::Hybrid);
    assert_eq!(mode().await, SearchMode::Hybrid);
    assert_eq!(library.serving_models().await.unwrap(), ["old", "other"]);
}

/// Panics on every text.
struct Panics;

impl Encode for Panics {
    fn encode(&self, _: &[String]) -> Result<Vec<Vec<f32>>, String> {
        panic!("on purpose");
    }
}

/// Computes with `Panics`, on worker threads like the real model.
struct Broken(EmbeddingModel, Workers);

impl Embedder for Broken {
    fn model(&self) -> &EmbeddingModel {
        &self.0
    }

    fn embed(&self, texts: Vec<String>, _: Priority) -> Embedding {
        self.1.embed(texts)
    }
}

#[tokio::test]
async fn a_model_that_panics_falls_back_to_full_text_search() {
    let store = store(&fresh_database().await);
    let library = store.library();
    library
        .ingest(&[origin("/a.md", &[("a.md", "# A\n\nApples.")])], Others::Stay, Visibility::Public)
        .await
        .unwrap();
    let model = alike("broken", Dimensions::D384);
    complete(&library, &model).await;
    let pool = PoolSettings {
        name: "broken",
        threads: 1,
        max_texts: 8,
        priority: Priority::Turn,
        rest_after: TIMEOUT,
    };
    let broken = Broken(model.0.clone(), Workers::start(&Arc::new(Panics), pool).unwrap());
    for _ in 0..2 {
        let (question, lapse) = question::ask(Some(&broken), "apples".to_owned(), TIMEOUT).await;
        assert_eq!(lapse, Some(EmbedError::Failed("panic: on purpose".to_owned())));
        assert_eq!(question, Question { text: "apples".to_owned(), vector: None });
        let found = store.search(question, 5, Audience::Customers).await.unwrap();
        assert_eq!((found.mode, ids(&found)), (SearchMode::Text, vec!["a.md#a"]));
    }
}
