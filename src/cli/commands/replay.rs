//! `fte replay`: replays recorded turns, unchanged or with another prompt or model.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::Context;
use clap::Args;
use serde::Serialize;
use uuid::Uuid;

use crate::actors::conversations::conversation::addressee::Addressee;
use crate::actors::staff::replays::compared;
use crate::agent::handbook::Handbook;
use crate::agent::models::prompt::Prompts;
use crate::agent::models::scripted::Scripted;
use crate::agent::port::LanguageModel;
use crate::agent::turn::budgets::Budgets;
use crate::agent::turn::verdict::{Speaker, Verdict};
use crate::agent::turn::{Turn, TurnEffect, TurnEvent};
use crate::cli::knowledge::knowledge_stores;
use crate::cli::wiring::{handbook, model, start};
use crate::cli::{CommandOutcome as Outcome, Misuse};
use crate::config::Config;
use crate::crm::port::Knowledge;
use crate::crm::postgres::PgStore;
use crate::domain::conversations::completed_turn::{Action, PastTurn};
use crate::domain::conversations::replay::TurnReplay;
use crate::domain::conversations::turn::{Step, TurnContext};
use crate::domain::enums::ReplayVerdict;
use crate::domain::ids::ConversationId;
use crate::domain::knowledge::{Audience, Findings};
use crate::knowledge::port::Embedder;
use crate::knowledge::question;

/// Replay the recorded turns of a conversation, and compare the decisions.
/// Unchanged: from the records alone, without a model and without network; each turn must decide the same again, else
/// the
/// command exits with 1. With --prompt or --model the model is called again, which may cost money, and the differences
/// are
/// shown; nothing is sent and nothing is written.
#[derive(Debug, Args)]
pub struct ReplayOptions {
    /// The conversation's id.
    conversation: Uuid,
    /// A folder with prompts (system.md and so on) to try instead of the current ones; missing files are the built-in
    /// ones.
    #[arg(long)]
    prompt: Option<PathBuf>,
    /// A model to try: `scripted`, or the name of one that OPENAI_BASE_URL serves.
    #[arg(long)]
    model: Option<String>,
    /// Print JSON alone: one object for each turn.
    #[arg(long)]
    json: bool,
}

#[derive(Serialize)]
struct ReplayLine {
    turn: Uuid,
    comparison: ReplayVerdict,
    recorded: Action,
    /// `None`: it could not be replayed to its end.
    replayed: Option<Action>,
    note: Option<String>,
    model: String,
    prompt_version: String,
}

/// Passes if every decision is the same, or if a change was tried.
pub async fn run(config: Config, options: ReplayOptions) -> anyhow::Result<Outcome> {
    let database = start::database(&config).await?;
    let done = all(&config, &options, &database).await;
    database.stop().await?;
    let lines = done?;
    for line in &lines {
        if options.json { println!("{}", serde_json::to_string(line)?) } else { print(line) }
    }
    let is_try = options.prompt.is_some() || options.model.is_some();
    let is_same = lines.iter().all(|line| line.comparison == ReplayVerdict::Same);
    Ok(if is_try || is_same { Outcome::Passed } else { Outcome::Missed })
}

async fn all(
    config: &Config,
    options: &ReplayOptions,
    database: &start::RunningDatabase,
) -> anyhow::Result<Vec<ReplayLine>> {
    let store = PgStore::new(&database.connector)?;
    let past = store.past_turns(ConversationId(options.conversation)).await?;
    if past.is_empty() {
        return Err(Misuse(format!("conversation {} has no finished turns", options.conversation)).into());
    }
    let handbook = Arc::new(handbook::load(config)?);
    let prompts = match &options.prompt {
        Some(folder) => prompts(folder, &handbook)?,
        None => model::prompts(config, &handbook),
    };
    let other = match (&options.model, &options.prompt) {
        (None, None) => None,
        (name, _) => Some(other(config, name.as_deref(), &prompts, &handbook)?),
    };
    let budgets = config.agent.budgets;
    let knowledge = ReplayKnowledge {
        store: &store,
        embedder: other.as_ref().and_then(|_| knowledge_stores::embedder(config)),
    };
    let mut lines = Vec::new();
    for turn in past {
        let line = match &other {
            None => again(&turn, budgets, prompts.system(), &handbook),
            Some(other) => anew(&turn, budgets, other.as_ref(), &knowledge, &handbook).await?,
        };
        lines.push(line);
    }
    Ok(lines)
}

fn prompts(folder: &Path, handbook: &Handbook) -> anyhow::Result<Prompts> {
    if !folder.is_dir() {
        return Err(Misuse(format!("{} is no folder", folder.display())).into());
    }
    Ok(Prompts::read(&handbook.voice.tone, |name| std::fs::read_to_string(folder.join(name)).ok()))
}

fn other(
    config: &Config,
    name: Option<&str>,
    prompts: &Prompts,
    handbook: &Arc<Handbook>,
) -> anyhow::Result<Arc<dyn LanguageModel>> {
    if name == Some("scripted") {
        return Ok(Arc::new(Scripted::new(Arc::clone(handbook))));
    }
    if !config.openai.is_usable() {
        return Err(Misuse("OPENAI_API_KEY or OPENAI_BASE_URL is needed to ask a model".to_owned()).into());
    }
    let mut openai = config.openai.clone();
    if let Some(name) = name {
        name.clone_into(&mut openai.model);
        openai.fallback_model = None;
    }
    Ok(Arc::new(model::openai(&openai, model::account(config), prompts.clone())?))
}

/// The knowledge base for a model's own searches.
struct ReplayKnowledge<'a> {
    store: &'a PgStore,
    embedder: Option<Arc<dyn Embedder>>,
}

impl ReplayKnowledge<'_> {
    async fn search(&self, query: String, limit: i64) -> anyhow::Result<Findings> {
        let (question, _by_words_alone) =
            question::ask(self.embedder.as_deref(), query, question::VECTOR_TIMEOUT).await;
        Ok(self.store.search(question, limit, Audience::Customers).await?)
    }
}

/// Replays a turn unchanged.
fn again(past: &PastTurn, budgets: Budgets, instructions: &str, handbook: &Arc<Handbook>) -> ReplayLine {
    let replay = compared(past.clone(), budgets, instructions, handbook);
    line(past, replay, past.model.clone(), past.prompt_version.clone())
}

/// Replays a turn with another model: what was found before the first call stays, everything after it is new.
async fn anew(
    past: &PastTurn,
    budgets: Budgets,
    model: &dyn LanguageModel,
    knowledge: &ReplayKnowledge<'_>,
    handbook: &Arc<Handbook>,
) -> anyhow::Result<ReplayLine> {
    let prefetched = past.context.steps.iter().filter(|step| matches!(step, Step::Prefetched { .. }));
    let context = TurnContext { steps: prefetched.cloned().collect(), ..past.context.clone() };
    let mut turn = Turn::start(context, budgets, Speaker::of(model), Arc::clone(handbook));
    loop {
        let event = match turn.next() {
            TurnEffect::Finish(verdict) => return Ok(tried(past, *verdict, handbook)),
            TurnEffect::Record { .. } => TurnEvent::Recorded,
            TurnEffect::Search { query, limit } => TurnEvent::Found(knowledge.search(query, limit).await?),
            TurnEffect::Ask(request) => {
                TurnEvent::Said(model.answer(*request).await.context("the model did not answer")?)
            }
        };
        turn.on(event);
    }
}

/// The decision is compared as its customer would get it.
fn tried(past: &PastTurn, verdict: Verdict, handbook: &Handbook) -> ReplayLine {
    let decision = Addressee::of(&past.context).render_reply(verdict.decision, handbook);
    let replay = TurnReplay::decided(past.action.clone(), Action::from(&decision));
    line(past, replay, verdict.provenance.model, verdict.provenance.prompt_version)
}

fn line(past: &PastTurn, replay: TurnReplay, model: String, prompt_version: String) -> ReplayLine {
    let TurnReplay { verdict, recorded, replayed, difference } = replay;
    let wish = difference.filter(|_| replayed.is_none());
    let note = wish.map(|difference| format!("it wants {}", difference.replayed));
    ReplayLine { turn: past.id().0, comparison: verdict, recorded, replayed, note, model, prompt_version }
}

fn print(line: &ReplayLine) {
    let mark = match line.comparison {
        ReplayVerdict::Same => "=",
        ReplayVerdict::Reworded => "~",
        ReplayVerdict::Different => "!",
    };
    println!("{mark} turn {} ({}, {})", line.turn, line.model, line.prompt_version);
    if line.comparison == ReplayVerdict::Same {
        println!("    {}", words(&line.recorded));
        return;
    }
    println!("  - {}", words(&line.recorded));
    let note = line.note.as_deref().unwrap_or_default();
    println!("  + {}", line.replayed.as_ref().map_or_else(|| note.to_owned(), words));
}

/// An action on one line.
fn words(action: &Action) -> String {
    let reason = action.reason.map(|reason| format!(" ({reason})")).unwrap_or_default();
    let text = action.text.as_deref().unwrap_or_default().split_whitespace().collect::<Vec<_>>().join(" ");
    let sources = action.sources.join(", ");
    let sources = if sources.is_empty() { String::new() } else { format!(" [{sources}]") };
    format!("{}{reason}: {text}{sources}", action.action)
}
