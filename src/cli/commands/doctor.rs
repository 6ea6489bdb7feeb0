//! `fte doctor`: checks everything the program needs, and says how to fix what is missing.

use std::time::Duration;

use clap::Args;
use serde::Serialize;

use crate::agent::models::openai::ModelCheck;
use crate::agent::models::prompt::Prompts;
use crate::cli::CommandOutcome;
use crate::cli::knowledge::knowledge_stores;
use crate::cli::wiring::{email, handbook, model, start, whatsapp};
use crate::config::{AgentModel, Config, Database, EmbedderChoice};
use crate::crm::migrate;
use crate::crm::postgres::PgStore;
use crate::crm::postgres::library::Library;
use crate::knowledge::port::{Embedder, Priority};

/// Time-out for one text.
const EMBED_TIMEOUT: Duration = Duration::from_secs(30);

/// Look at everything the program needs: configuration, database, schema, knowledge, embedding model, language model,
/// rules, texts, channels.
///
/// Changes nothing; where no database is given, the embedded one is started for a moment. A model service is asked for
/// one real tool call, which may cost a fraction of a cent. Says for each what is wrong and what to do. Exits with 1 when something keeps the program from working.
#[derive(Debug, Args)]
pub struct Doctor {
    /// Print `{checks: [{name, status: "ok"|"degraded"|"failed", detail, advice}]}`.
    #[arg(long)]
    json: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
enum CheckResult {
    Ok,
    /// It works, but not as well as it could.
    Degraded,
    Failed,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
struct DoctorCheck {
    name: &'static str,
    status: CheckResult,
    detail: String,
    /// What to do.
    advice: Option<String>,
}

impl DoctorCheck {
    fn ok(name: &'static str, detail: impl Into<String>) -> Self {
        Self { name, status: CheckResult::Ok, detail: detail.into(), advice: None }
    }

    fn degraded(name: &'static str, detail: impl Into<String>, advice: impl Into<String>) -> Self {
        Self { name, status: CheckResult::Degraded, detail: detail.into(), advice: Some(advice.into()) }
    }

    fn failed(name: &'static str, detail: impl Into<String>, advice: impl Into<String>) -> Self {
        Self { name, status: CheckResult::Failed, detail: detail.into(), advice: Some(advice.into()) }
    }
}

pub async fn run(config: Config, order: Doctor) -> anyhow::Result<CommandOutcome> {
    let embedder = knowledge_stores::embedder(&config);
    let mut checks = records(&config, embedder.as_deref()).await;
    checks.push(embedding(&config, embedder.as_deref()).await);
    checks.extend(model(&config).await);
    checks.extend(handbook(&config));
    checks.push(staff(&config));
    checks.extend(channels(&config));
    checks.push(email_channel(&config).await);
    if order.json {
        println!("{}", serde_json::json!({ "checks": checks }));
    } else {
        checks.iter().for_each(show);
    }
    let failed = checks.iter().any(|check| check.status == CheckResult::Failed);
    Ok(if failed { CommandOutcome::Missed } else { CommandOutcome::Passed })
}

fn show(check: &DoctorCheck) {
    let mark = match check.status {
        CheckResult::Ok => "ok      ",
        CheckResult::Degraded => "degraded",
        CheckResult::Failed => "FAILED  ",
    };
    println!("{mark}  {:<16} {}", check.name, check.detail);
    if let Some(advice) = &check.advice {
        println!("          {:<16} → {advice}", "");
    }
}

/// Database, extensions, schema and knowledge base: each needs the previous one.
async fn records(config: &Config, embedder: Option<&dyn Embedder>) -> Vec<DoctorCheck> {
    let place = match &config.database {
        Database::Given(_) => "the given server answers, with vector and pg_trgm",
        Database::Embedded => "the embedded server runs, with vector and pg_trgm",
    };
    let database = match start::database(config).await {
        Ok(database) => database,
        Err(error) => {
            let advice = match &config.database {
                Database::Given(_) => {
                    "check DATABASE_URL, and that the server runs and has pgvector and pg_trgm"
                }
                Database::Embedded => "run `make build`, or name a server in DATABASE_URL",
            };
            return vec![DoctorCheck::failed("database", format!("{error:#}"), advice)];
        }
    };
    let mut checks = vec![DoctorCheck::ok("database", place)];
    match schema(&database).await {
        Ok(check) => {
            let is_current = check.status == CheckResult::Ok;
            checks.push(check);
            if is_current {
                checks.push(knowledge(&database, embedder).await);
            }
        }
        Err(error) => {
            checks.push(DoctorCheck::failed("schema", format!("{error:#}"), "look into the server's log"));
        }
    }
    if let Err(error) = database.stop().await {
        checks.push(DoctorCheck::degraded("database", format!("{error:#}"), "look into the server's log"));
    }
    checks
}

async fn schema(database: &start::RunningDatabase) -> anyhow::Result<DoctorCheck> {
    let (client, driver) = database.connector.connect().await?;
    actix::spawn(driver);
    let pending = migrate::pending(&client).await?;
    Ok(if pending.is_empty() {
        DoctorCheck::ok("schema", "all migrations are applied")
    } else {
        let detail = format!("not applied yet: {}", pending.join(", "));
        DoctorCheck::failed("schema", detail, "run `fte migrate`; `fte serve` does so by itself")
    })
}

async fn knowledge(database: &start::RunningDatabase, embedder: Option<&dyn Embedder>) -> DoctorCheck {
    let looked = async {
        let library = PgStore::new(&database.connector)?.library();
        shelf(&library, embedder).await
    };
    match looked.await {
        Ok(check) => check,
        Err(error) => DoctorCheck::failed("knowledge", format!("{error:#}"), "run `fte migrate`"),
    }
}

async fn shelf(library: &Library, embedder: Option<&dyn Embedder>) -> anyhow::Result<DoctorCheck> {
    let files = library.files().await?;
    let sections: u64 = files.iter().map(|file| file.sections).sum();
    let detail = format!("{sections} sections in {} files", files.len());
    if sections == 0 {
        return Ok(DoctorCheck::degraded(
            "knowledge",
            "there are no documents: every question goes to staff",
            "run `fte kb ingest PATH…`; the first `fte serve` reads product-docs.md of CONTEXT_PATH",
        ));
    }
    let Some(embedder) = embedder else {
        return Ok(DoctorCheck::ok("knowledge", detail));
    };
    let model = &embedder.model().name;
    if !library.serving_models().await?.contains(model) {
        let detail = format!("{detail}, and no complete index of {model}: searches go by words alone");
        return Ok(DoctorCheck::degraded(
            "knowledge",
            detail,
            "run `fte kb reindex`, or wait while a server does",
        ));
    }
    Ok(DoctorCheck::ok("knowledge", format!("{detail}, indexed for {model}")))
}

async fn embedding(config: &Config, embedder: Option<&dyn Embedder>) -> DoctorCheck {
    let name = "embedding model";
    let Some(embedder) = embedder else {
        return match config.knowledge.embedder {
            EmbedderChoice::None => DoctorCheck::ok(name, "EMBEDDER=none: searches go by words alone"),
            EmbedderChoice::Openai => DoctorCheck::degraded(
                name,
                "the service can't be asked: searches go by words alone",
                "check OPENAI_API_KEY and OPENAI_BASE_URL",
            ),
            EmbedderChoice::Minilm => DoctorCheck::degraded(
                name,
                "its files are missing or damaged: searches go by words alone",
                "run `make build`, or check EMBEDDING_MODEL_PATH and ONNXRUNTIME_PATH",
            ),
        };
    };
    let model = embedder.model().name.clone();
    let vectors = embedder.embed(vec!["a question".to_owned()], Priority::Turn);
    match tokio::time::timeout(EMBED_TIMEOUT, vectors).await {
        Ok(Ok(_)) => DoctorCheck::ok(name, format!("{model} works")),
        Ok(Err(error)) => {
            DoctorCheck::degraded(name, error.to_string(), "searches go by words alone until it works")
        }
        Err(_elapsed) => DoctorCheck::degraded(
            name,
            format!("{model} takes too long"),
            "look for what keeps the machine busy",
        ),
    }
}

/// The language model: a model service makes one real tool call.
async fn model(config: &Config) -> Vec<DoctorCheck> {
    let name = "language model";
    match config.agent.model {
        AgentModel::Scripted => {
            vec![DoctorCheck::ok(name, "scripted: offline, answers from the documents as they stand")]
        }
        AgentModel::Openai if config.openai.is_usable() => {
            match model::openai(&config.openai, Prompts::built_in()) {
                Ok(model) => {
                    let base_url = &config.openai.base_url;
                    model.check().await.iter().map(|check| called(check, base_url)).collect()
                }
                Err(error) => vec![DoctorCheck::failed(name, format!("{error:#}"), "check OPENAI_BASE_URL")],
            }
        }
        AgentModel::Openai => {
            let advice = "set OPENAI_API_KEY, or AGENT_MODEL=scripted";
            vec![DoctorCheck::failed(name, "there is no key for the service", advice)]
        }
    }
}

fn called(check: &ModelCheck, base_url: &str) -> DoctorCheck {
    let name = "language model";
    let ModelCheck { model, called, capabilities } = check;
    match called {
        Ok(took) => {
            let took = took.as_secs_f64();
            let detail = format!(
                "{model} at {base_url} answers with a tool call in {took:.1} s; supported: {capabilities}"
            );
            DoctorCheck::ok(name, detail)
        }
        Err(problem) => {
            let detail = format!("{model} at {base_url}: {}; tried with: {capabilities}", problem.detail);
            DoctorCheck::failed(name, detail, problem.advice)
        }
    }
}

fn handbook(config: &Config) -> Vec<DoctorCheck> {
    match handbook::load(config) {
        Ok(handbook) => vec![
            DoctorCheck::ok("rules", handbook.rules.summary()),
            DoctorCheck::ok("texts", format!("in {}", handbook.texts.languages().join(", "))),
            match handbook::service_levels(config, &handbook) {
                Ok(levels) => DoctorCheck::ok("service levels", levels.summary()),
                Err(error) => DoctorCheck::failed(
                    "service levels",
                    format!("{error:#}"),
                    "correct the lines that are named",
                ),
            },
        ],
        Err(error) => {
            vec![DoctorCheck::failed("rules", format!("{error:#}"), "correct the lines that are named")]
        }
    }
}

fn staff(config: &Config) -> DoctorCheck {
    match &config.desk.webhook_url {
        Some(_) => DoctorCheck::ok("staff", "escalations are posted to ESCALATION_WEBHOOK_URL"),
        None => DoctorCheck::degraded(
            "staff",
            "nobody is told of escalations: they wait until staff look",
            "set ESCALATION_WEBHOOK_URL",
        ),
    }
}

async fn email_channel(config: &Config) -> DoctorCheck {
    let name = "email";
    let advice = "see docs/channels/gmail.md and docs/channels/imap.md";
    match email::check(config).await {
        Ok(Some(address)) => DoctorCheck::ok(name, format!("{address} can be read and answered")),
        Ok(None) => DoctorCheck::ok(name, "not configured"),
        Err(error) => DoctorCheck::failed(name, format!("{error:#}"), advice),
    }
}

fn channels(config: &Config) -> Vec<DoctorCheck> {
    let whatsapp = match (whatsapp::account(config), &config.twilio.account) {
        (Ok(Some(_)), Some(account)) => {
            DoctorCheck::ok("whatsapp", format!("Twilio, from {}", account.number))
        }
        (Ok(Some(_)), None) => {
            DoctorCheck::ok("whatsapp", "a sandbox: messages are stored and shown, not sent")
        }
        (Ok(None), _) => DoctorCheck::degraded(
            "whatsapp",
            "switched off",
            "set TWILIO_ACCOUNT_SID, TWILIO_AUTH_TOKEN and TWILIO_WHATSAPP_NUMBER",
        ),
        (Err(error), _) => DoctorCheck::failed("whatsapp", format!("{error:#}"), "check FTE_DATA_DIR"),
    };
    vec![DoctorCheck::ok("web form", "always open"), whatsapp]
}
