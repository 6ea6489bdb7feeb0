//! `fte kb`: ingests documents into the knowledge base, searches it, and rebuilds its vector index.

use std::path::Path;
use std::time::Duration;

use clap::{Args, Subcommand};
use serde_json::json;

use crate::cli::knowledge::documents::{self, Gathered};
use crate::cli::knowledge::help_centre;
use crate::cli::knowledge::indexing;
use crate::cli::knowledge::knowledge_stores::KnowledgeStores;
use crate::cli::{CommandOutcome, Misuse};
use crate::config::Config;
use crate::crm::port::Knowledge;
use crate::domain::knowledge::{Audience, Findings, Others, SearchMode, Visibility};
use crate::knowledge::question;

/// A search by an operator may wait longer than a customer's.
const VECTOR_TIMEOUT: Duration = Duration::from_secs(30);
/// Maximum files that are no documents and are named; a site has hundreds of pictures.
const MAX_OTHERS_NAMED: usize = 50;

#[derive(Debug, Subcommand)]
pub enum Kb {
    /// Ingest documents into the knowledge base: files, all documents below folders, or the pages of a sitemap.
    ///
    /// Reads Markdown (.md, .mdx, .markdown) as Docusaurus, VitePress, MkDocs, Mintlify, GitBook and Hugo write it, and
    /// HTML (.html, .htm) as help centres export it, in UTF-8, UTF-16 or an older encoding, up to 8 MiB a file. PDF is
    /// not read: convert it to Markdown or HTML first. A file that can't be read is named and left out; the others are
    /// ingested.
    ///
    /// Only changes are written and embedded; ingesting the same again changes nothing. Documents that no longer exist
    /// in a folder that was ingested before are removed. A running server uses the new state from its next search.
    Ingest(Ingest),
    /// Search as the bot does, and show the results.
    /// Says whether the best result is relevant enough to answer from, and whether the search was by words and meaning
    /// (hybrid)
    /// or by words alone (text).
    Search(SearchOptions),
    /// Rebuild the vector index for the model that EMBEDDER names; the old index serves until the new one is complete.
    /// Useful after changing EMBEDDER with many documents; `serve` does it at its start.
    Reindex,
}

#[derive(Debug, Args)]
pub struct Ingest {
    /// Files, folders, or the address of a sitemap (https://help.example.com/sitemap.xml).
    #[arg(required = true)]
    paths: Vec<String>,
    /// Remove every other document from the knowledge base.
    #[arg(long)]
    replace: bool,
    /// The documents are for staff alone: never shown in the help centre, and never used in an answer.
    #[arg(long)]
    internal: bool,
}

#[derive(Debug, Args)]
pub struct SearchOptions {
    query: String,
    /// Maximum number of results.
    #[arg(long, default_value_t = 5, value_parser = clap::value_parser!(i64).range(1..=50))]
    limit: i64,
    /// Search the internal documents too; without it the search is that of the bot.
    #[arg(long)]
    internal: bool,
    /// Print `{query, mode, relevant, results: [{rank, id, title, section, text, score}]}`.
    #[arg(long)]
    json: bool,
}

pub async fn run(config: Config, order: Kb) -> anyhow::Result<CommandOutcome> {
    // First, because a wrong path should fail before anything is started.
    let gathered = match &order {
        Kb::Ingest(ingest) => gather(&ingest.paths).await?,
        Kb::Search(search) if search.query.trim().is_empty() => {
            return Err(Misuse("there is nothing to search for".to_owned()).into());
        }
        Kb::Search(_) | Kb::Reindex => Gathered::default(),
    };
    let knowledge_stores = KnowledgeStores::open(&config).await?;
    let done = match order {
        Kb::Ingest(order) => ingest(&knowledge_stores, &gathered, &order).await,
        Kb::Search(order) => search(&knowledge_stores, order).await,
        Kb::Reindex => reindex(&knowledge_stores).await,
    };
    knowledge_stores.close().await?;
    done.map(|()| CommandOutcome::Passed)
}

async fn gather(paths: &[String]) -> anyhow::Result<Gathered> {
    let mut gathered = Gathered::default();
    for path in paths {
        if help_centre::is_address(path) {
            help_centre::gather(path, &mut gathered).await?;
        } else {
            documents::gather(Path::new(path), &mut gathered)?;
        }
    }
    gathered.checked()
}

async fn ingest(
    knowledge_stores: &KnowledgeStores,
    gathered: &Gathered,
    order: &Ingest,
) -> anyhow::Result<()> {
    let library = knowledge_stores.store.library();
    let others = if order.replace { Others::Go } else { Others::Stay };
    let visibility = if order.internal { Visibility::Internal } else { Visibility::Public };
    let total = library.ingest(&gathered.origins, others, visibility).await?;
    println!(
        "{} files: {} sections written, {} unchanged, {} removed",
        documents::files(&gathered.origins).count(),
        total.written,
        total.unchanged,
        total.removed
    );
    report(gathered);
    for (file, root) in &total.replaced {
        println!("replaced: {file}, which had come from {root}");
    }
    let Some(embedder) = &knowledge_stores.embedder else {
        return Ok(());
    };
    let index = library.index(embedder.model()).await?;
    let embedded = indexing::complete_shown(&library, embedder.as_ref(), &index).await?;
    println!("{embedded} pieces embedded with {}", index.model.name);
    Ok(())
}

/// Lists the files taken and those left out, with the reasons.
fn report(gathered: &Gathered) {
    for document in documents::files(&gathered.origins) {
        println!("taken: {}: {} sections", document.file, document.sections.len());
    }
    for (file, encoding) in &gathered.converted {
        println!("converted from {encoding}: {file}");
    }
    for (file, why) in &gathered.skipped {
        println!("left out: {file}: {why}");
    }
    for file in gathered.others.iter().take(MAX_OTHERS_NAMED) {
        println!("left out: {file}: it is no document, by its name");
    }
    if let Some(more) = gathered.others.len().checked_sub(MAX_OTHERS_NAMED).filter(|more| *more > 0) {
        println!("left out: {more} more files that are no documents");
    }
}

async fn reindex(knowledge_stores: &KnowledgeStores) -> anyhow::Result<()> {
    let Some(embedder) = &knowledge_stores.embedder else {
        anyhow::bail!("there is no embedding model, so there is nothing to index: see EMBEDDER");
    };
    let library = knowledge_stores.store.library();
    let index = library.begin_anew(embedder.model()).await?;
    let embedded = indexing::complete_shown(&library, embedder.as_ref(), &index).await?;
    println!("{embedded} pieces embedded with {}; the new index serves", index.model.name);
    Ok(())
}

async fn search(knowledge_stores: &KnowledgeStores, order: SearchOptions) -> anyhow::Result<()> {
    let SearchOptions { query, limit, internal, json } = order;
    let audience = if internal { Audience::Staff } else { Audience::Customers };
    let (question, lapse) =
        question::ask(knowledge_stores.embedder.as_deref(), query.clone(), VECTOR_TIMEOUT).await;
    if let Some(error) = lapse {
        eprintln!("searching by words alone: {error}");
    }
    let findings = knowledge_stores.store.search(question, limit, audience).await?;
    if json {
        println!("{}", as_json(&query, &findings));
    } else {
        print(&findings);
    }
    Ok(())
}

fn as_json(query: &str, findings: &Findings) -> serde_json::Value {
    let results: Vec<_> = findings
        .passages
        .iter()
        .zip(1..)
        .map(|(passage, rank)| {
            json!({
                "rank": rank,
                "id": passage.id,
                "title": passage.title,
                "section": passage.section,
                "text": passage.text,
                "score": passage.score,
            })
        })
        .collect();
    json!({ "query": query, "mode": findings.mode, "relevant": findings.relevant, "results": results })
}

fn print(findings: &Findings) {
    let verdict = if findings.relevant { "good enough to answer from" } else { "nothing relevant" };
    let by = match findings.mode {
        SearchMode::Hybrid => "words and meaning",
        SearchMode::Text => "words alone",
    };
    println!("{verdict} (searched by {by})");
    for (passage, rank) in findings.passages.iter().zip(1..) {
        println!("{rank}. {:.2}  {}  {}", passage.score, passage.section, passage.id);
    }
}
