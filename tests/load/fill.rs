//! `load seed`: fills a database with a year of conversations, and with knowledge and its vectors.

use std::time::Duration;

use anyhow::ensure;
use clap::Args;
use fte::clock;
use fte::crm::postgres::PgStore;
use fte::domain::knowledge::{Dimensions, Document, EmbeddingModel, Origin, Others, Section, Visibility};
use serde_json::json;

use crate::report::{Report, Table, rounded};
use crate::scratch::{client, connector};

/// One transaction of the statements; also how often progress is shown.
const CONVERSATIONS_AT_ONCE: u32 = 5_000;
const FILL: &str = include_str!("fill.sql");
/// A heading and two pieces of its text.
const CHUNKS_A_SECTION: u32 = 3;
const SECTIONS_A_DOCUMENT: u32 = 20;
/// Documents that are ingested in one transaction.
const DOCUMENTS_AT_ONCE: usize = 200;
const VECTORS_AT_ONCE: usize = 500;
const PROGRESS_EVERY: Duration = Duration::from_secs(5);
/// Words of the knowledge; the more common ones are far more common, as in any language.
const VOCABULARY: f64 = 5_000.0;
const WORDS_A_PIECE: u32 = 30;

/// Fill a database that has the schema and is empty.
///
/// Conversations are spread over a year, with five messages each on average; the newest 4 % are open. Knowledge is made of
/// random words, with random unit vectors: an index of vectors has the most work with those.
#[derive(Debug, Args)]
pub struct Options {
    /// The database, with the schema applied.
    #[arg(long)]
    pub database_url: String,
    #[command(flatten)]
    pub size: Size,
}

/// How much is filled in.
#[derive(Clone, Copy, Debug, Args)]
pub struct Size {
    /// Conversations; they have five times as many messages.
    #[arg(long, default_value_t = 200_000, value_parser = clap::value_parser!(u32).range(100..=5_000_000))]
    pub conversations: u32,
    /// Pieces of knowledge, each with a vector.
    #[arg(long, default_value_t = 100_000, value_parser = clap::value_parser!(u32).range(0..=2_000_000))]
    pub chunks: u32,
}

/// How long each part took, in seconds.
#[derive(Clone, Copy, Debug)]
pub struct Filled {
    pub conversations: f64,
    pub knowledge: f64,
    pub vectors: f64,
}

pub async fn run(options: &Options) -> anyhow::Result<Report> {
    let filled = fill(&options.database_url, options.size).await?;
    Ok(Report::new("seed", vec![table(options.size, filled)]))
}

pub fn table(size: Size, filled: Filled) -> Table {
    let mut table = Table::new("filled", ["what", "rows", "seconds"]);
    table.row([
        json!("messages, with all that belongs to them"),
        json!(size.conversations * 5),
        rounded(filled.conversations),
    ]);
    table.row([json!("chunks of knowledge"), json!(size.chunks), rounded(filled.knowledge)]);
    table.row([json!("vectors, with their index"), json!(size.chunks), rounded(filled.vectors)]);
    table
}

/// The model whose vectors [`fill`] stores.
pub fn model() -> EmbeddingModel {
    EmbeddingModel { name: "random".to_owned(), dimensions: Dimensions::D384 }
}

pub async fn fill(url: &str, size: Size) -> anyhow::Result<Filled> {
    let client = client(url).await?;
    let start = clock::monotonic();
    client.batch_execute("set synchronous_commit = off").await?;
    let mut first = 1;
    while first <= size.conversations {
        let last = (first + CONVERSATIONS_AT_ONCE - 1).min(size.conversations);
        let range = format!(
            "set fill.total = '{}'; set fill.first = '{first}'; set fill.last = '{last}';",
            size.conversations
        );
        client.batch_execute(&format!("{range}{FILL}")).await?;
        eprintln!("{last} of {} conversations", size.conversations);
        first = last + 1;
    }
    client.batch_execute("vacuum analyze").await?;
    let conversations = start.elapsed().as_secs_f64();
    let records = PgStore::new(&connector(url)?)?;
    let start = clock::monotonic();
    ingest(&records, size.chunks).await?;
    let knowledge = start.elapsed().as_secs_f64();
    let start = clock::monotonic();
    store_vectors(&records, size.chunks).await?;
    let vectors = start.elapsed().as_secs_f64();
    client.batch_execute("checkpoint").await?;
    Ok(Filled { conversations, knowledge, vectors })
}

async fn ingest(records: &PgStore, chunks: u32) -> anyhow::Result<()> {
    let library = records.library();
    let mut dice = Dice(7);
    let sections: Vec<u32> = (0..chunks / CHUNKS_A_SECTION).collect();
    let numbers: Vec<&[u32]> = sections.chunks(SECTIONS_A_DOCUMENT.try_into()?).collect();
    let mut done = 0;
    for some in numbers.chunks(DOCUMENTS_AT_ONCE) {
        let documents = some.iter().map(|sections| document(sections, &mut dice)).collect();
        let origin = Origin { root: "filled".to_owned(), documents };
        library.ingest(&[origin], Others::Stay, Visibility::Public).await?;
        done += some.len();
        eprintln!("{done} of {} documents", numbers.len());
    }
    Ok(())
}

fn document(sections: &[u32], dice: &mut Dice) -> Document {
    let file = format!("filled-{}.md", sections.first().copied().unwrap_or_default());
    let sections = sections.iter().zip(0..).map(|(number, position)| {
        let title = format!("Section {number} {}", words(dice, 2));
        let pieces = [words(dice, WORDS_A_PIECE), words(dice, WORDS_A_PIECE)];
        Section {
            id: format!("{file}#{number}"),
            heading_path: vec![title.clone()],
            text: pieces.join("\n\n"),
            html: String::new(),
            chunks: std::iter::once(title.clone()).chain(pieces).collect(),
            title,
            position,
        }
    });
    Document { sections: sections.collect(), file }
}

/// Words of which the first of the vocabulary are the most common (Zipf's law).
fn words(dice: &mut Dice, count: u32) -> String {
    let word = |_| format!("word{:.0}x", VOCABULARY.powf(dice.unit()));
    (0..count).map(word).collect::<Vec<_>>().join(" ")
}

/// As the program builds an index: rows are added to the table whose index serves searches.
async fn store_vectors(records: &PgStore, chunks: u32) -> anyhow::Result<()> {
    let library = records.library();
    let index = library.index(&model()).await?;
    let (mut dice, mut shown, mut after, mut stored) = (Dice(11), clock::monotonic(), 0, 0_u32);
    loop {
        let lacking = library.chunks_without_vector(&index, after, VECTORS_AT_ONCE.try_into()?).await?;
        let Some(last) = lacking.last() else { break };
        after = last.id;
        stored += u32::try_from(lacking.len())?;
        let vectors = lacking.iter().map(|chunk| (chunk.id, unit_vector(&mut dice))).collect();
        library.store_vectors(&index, vectors).await?;
        if shown.elapsed() > PROGRESS_EVERY {
            eprintln!("{stored} of {chunks} vectors");
            shown = clock::monotonic();
        }
    }
    ensure!(stored == 0 || library.serve(&index).await?, "the index lacks vectors");
    Ok(())
}

pub fn unit_vector(dice: &mut Dice) -> Vec<f32> {
    let values: Vec<f64> = (0..Dimensions::D384.count()).map(|_| dice.normal()).collect();
    let length = values.iter().map(|value| value * value).sum::<f64>().sqrt();
    #[expect(clippy::cast_possible_truncation, reason = "a vector's values are f32")]
    values.iter().map(|value| (value / length) as f32).collect()
}

/// Repeatable pseudo-random numbers (`SplitMix64`).
pub struct Dice(pub u64);

impl Dice {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// Between 0 and 1.
    fn unit(&mut self) -> f64 {
        #[expect(clippy::cast_precision_loss, reason = "53 bits are exact")]
        let whole = (self.next() >> 11) as f64;
        whole / 9_007_199_254_740_992.0
    }

    /// Normally distributed (Box and Muller).
    fn normal(&mut self) -> f64 {
        let (one, other) = (self.unit().max(f64::MIN_POSITIVE), self.unit());
        (-2.0 * one.ln()).sqrt() * (std::f64::consts::TAU * other).cos()
    }
}
