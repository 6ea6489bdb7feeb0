//! `fte eval`: runs labelled cases against documents and rules, and reports how often the bot was right.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use clap::Args;

use crate::agent::handbook::Handbook;
use crate::cli::knowledge::documents;
use crate::cli::knowledge::indexing;
use crate::cli::knowledge::knowledge_stores;
use crate::cli::progress::{self, Counter};
use crate::cli::scratch::Scratch;
use crate::cli::wiring::handbook;
use crate::cli::wiring::model;
use crate::cli::{CommandOutcome, Misuse};
use crate::config::{Config, locate};
use crate::crm::postgres::PgStore;
use crate::domain::knowledge::{Origin, Others, Visibility};

mod cases;
mod figures;
mod play;
mod report;
mod runs;

use cases::{Case, Split};
use play::{EvalStage, Played};
use report::Report;
use runs::Runs;

const CASES: &str = "sample-tickets.json";
const DOCUMENT: &str = "product-docs.md";

/// Run labelled cases as the bot would answer them, and score its actions and its search results.
/// Uses a scratch database that is removed afterwards, with or without a running server. The cases are a JSON list:
/// [{id, channel, from: {name, email?, phone?}, subject?, headers?, body, language, intent, split?,
/// expected: {action, reason, sections: [id]}}]. Prints a table of expected and chosen actions, how often an expected
/// section was first or among the first three or five, the latency of a turn, and each failure with what was found.
/// Exits with 1 if a threshold is missed.
#[derive(Debug, Args)]
pub struct Eval {
    /// The cases; default: sample-tickets.json in CONTEXT_PATH.
    file: Option<PathBuf>,
    /// Use these files and folders instead of product-docs.md; ids are relative to a given folder.
    #[arg(long, value_name = "PATH", num_args = 1..)]
    kb: Vec<PathBuf>,
    /// Use these rules instead of escalation-rules.md.
    #[arg(long, value_name = "FILE")]
    rules: Option<PathBuf>,
    /// Only the cases of this split.
    #[arg(long, value_enum)]
    split: Option<Split>,
    /// Run each case this many times; the tables are of the first run, `runs` of all of them. With a paid model each
    /// run costs
    /// money.
    #[arg(long, default_value_t = 1, value_parser = clap::value_parser!(u8).range(1..=50))]
    runs: u8,
    /// Minimum share of right actions, such as 0.92.
    #[arg(long, value_name = "SHARE", value_parser = share)]
    min_triage: Option<f64>,
    /// Minimum share of cases with an expected section among the first three results.
    #[arg(long, value_name = "SHARE", value_parser = share)]
    min_hit3: Option<f64>,
    /// Print `{cases, triage, retrieval, latency_ms, failures}`.
    #[arg(long)]
    json: bool,
}

fn share(text: &str) -> Result<f64, String> {
    match text.parse() {
        Ok(share) if (0.0..=1.0).contains(&share) => Ok(share),
        Ok(_) | Err(_) => Err("it expects a share from 0 to 1".to_owned()),
    }
}

pub async fn run(config: Config, order: Eval) -> anyhow::Result<CommandOutcome> {
    // First, because an invalid file should fail before anything is started.
    let mut cases = cases::read(&found(&config, order.file.as_deref(), CASES)?)?;
    if let Some(split) = order.split {
        cases.retain(|case| case.split == Some(split));
    }
    if cases.is_empty() {
        return Err(Misuse("there are no cases to play".to_owned()).into());
    }
    let kb = if order.kb.is_empty() { vec![found(&config, None, DOCUMENT)?] } else { order.kb.clone() };
    let origins = documents::read_all(&kb)?.origins;

    let handbook = handbook::load_with(&config, order.rules.as_deref());
    let handbook = Arc::new(handbook.map_err(|error| Misuse(format!("{error:#}")))?);

    let scratch = Scratch::create(&config).await?;
    let played = tokio::select! {
        played = evaluate(&config, &scratch, &origins, handbook, cases, usize::from(order.runs)) => played,
        _ = tokio::signal::ctrl_c() => Err(anyhow::anyhow!("interrupted")),
    };
    scratch.remove().await?;
    let report = played?;
    if order.json {
        println!("{}", serde_json::to_string(&report)?);
    } else {
        println!("{}", report.text());
    }
    Ok(judge(&order, &report))
}

/// A given path as it is, else a file in CONTEXT_PATH.
fn found(config: &Config, given: Option<&Path>, name: &str) -> anyhow::Result<PathBuf> {
    match given {
        Some(path) => Ok(path.to_owned()),
        None => locate(&config.context_path.join(name))
            .map_err(|_| Misuse(format!("CONTEXT_PATH has no {name}")).into()),
    }
}

async fn evaluate(
    config: &Config,
    scratch: &Scratch,
    origins: &[Origin],
    handbook: Arc<Handbook>,
    cases: Vec<Case>,
    runs: usize,
) -> anyhow::Result<Report> {
    let store = PgStore::new(&scratch.connector)?;
    let embedder = knowledge_stores::embedder(config);
    let library = store.library();
    library.ingest(origins, Others::Go, Visibility::Public).await?;
    if let Some(embedder) = &embedder {
        let index = library.index(embedder.model()).await?;
        indexing::complete_shown(&library, embedder.as_ref(), &index).await?;
    }
    let model = model::model(config, &handbook)?;
    let budgets = config.agent.budgets;
    let stage =
        EvalStage { store: &store, embedder: embedder.as_deref(), model: model.as_ref(), handbook, budgets };
    let counter = Counter::default();
    counter.begin(u64::try_from(cases.len() * runs)?);
    let played =
        progress::shown("playing the cases", &counter, play_all(&stage, cases, runs, &counter)).await?;
    let runs = Runs::of(&played);
    let first = played.into_iter().filter_map(|(case, got)| Some((case, got.into_iter().next()?)));
    Ok(Report { runs: Some(runs), ..Report::of(first.collect()) })
}

/// Each case, and what came of it in each of the runs.
async fn play_all(
    stage: &EvalStage<'_>,
    cases: Vec<Case>,
    runs: usize,
    counter: &Counter,
) -> anyhow::Result<Vec<(Case, Vec<Played>)>> {
    let mut played = Vec::new();
    for case in cases {
        let mut got = Vec::with_capacity(runs);
        for _ in 0..runs {
            got.push(stage.play(&case).await?);
            counter.advance(1);
        }
        played.push((case, got));
    }
    Ok(played)
}

/// Prints missed thresholds to standard error.
fn judge(order: &Eval, report: &Report) -> CommandOutcome {
    let thresholds = [
        ("triage accuracy", report.triage.accuracy, order.min_triage),
        ("hit@3", report.retrieval.hit3, order.min_hit3),
    ];
    let mut verdict = CommandOutcome::Passed;
    for (what, is, least) in thresholds {
        if let Some(least) = least
            && is < least
        {
            eprintln!("{what} is {is:.3}, below {least}");
            verdict = CommandOutcome::Missed;
        }
    }
    verdict
}
