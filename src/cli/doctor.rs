//! `fte doctor`: looks at everything the program needs, and says what to do about what is missing.

use std::time::Duration;

use clap::Args;
use serde::Serialize;

use super::{Verdict, handbook, shelves, start, whatsapp};
use crate::config::{AgentModel, Config, Database, EmbedderChoice};
use crate::crm::migrate;
use crate::crm::postgres::PgStore;
use crate::crm::postgres::library::Library;
use crate::knowledge::port::{Embedder, Haste};

/// For one text.
const EMBED_WITHIN: Duration = Duration::from_secs(30);

/// Look at everything the program needs: configuration, database, schema, knowledge, embedding model, language model,
/// rules, texts, channels.
///
/// Changes nothing; where no database is given, the embedded one is started for a moment. Says for each what is wrong
/// and what to do. Exits with 1 when something keeps the program from working.
#[derive(Debug, Args)]
pub struct Doctor {
    /// Print `{checks: [{name, status: "ok"|"degraded"|"failed", detail, advice}]}`.
    #[arg(long)]
    json: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
enum Health {
    Ok,
    /// It works, though not as well as it could.
    Degraded,
    Failed,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
struct Check {
    name: &'static str,
    status: Health,
    detail: String,
    /// What to do.
    advice: Option<String>,
}

impl Check {
    fn ok(name: &'static str, detail: impl Into<String>) -> Self {
        Self { name, status: Health::Ok, detail: detail.into(), advice: None }
    }

    fn degraded(name: &'static str, detail: impl Into<String>, advice: impl Into<String>) -> Self {
        Self { name, status: Health::Degraded, detail: detail.into(), advice: Some(advice.into()) }
    }

    fn failed(name: &'static str, detail: impl Into<String>, advice: impl Into<String>) -> Self {
        Self { name, status: Health::Failed, detail: detail.into(), advice: Some(advice.into()) }
    }
}

pub async fn run(config: Config, order: Doctor) -> anyhow::Result<Verdict> {
    let embedder = shelves::embedder(&config);
    let mut checks = records(&config, embedder.as_deref()).await;
    checks.push(embedding(&config, embedder.as_deref()).await);
    checks.push(model(&config));
    checks.extend(handbook(&config));
    checks.push(staff(&config));
    checks.extend(channels(&config));
    if order.json {
        println!("{}", serde_json::json!({ "checks": checks }));
    } else {
        checks.iter().for_each(show);
    }
    let failed = checks.iter().any(|check| check.status == Health::Failed);
    Ok(if failed { Verdict::Missed } else { Verdict::Passed })
}

fn show(check: &Check) {
    let mark = match check.status {
        Health::Ok => "ok      ",
        Health::Degraded => "degraded",
        Health::Failed => "FAILED  ",
    };
    println!("{mark}  {:<16} {}", check.name, check.detail);
    if let Some(advice) = &check.advice {
        println!("          {:<16} → {advice}", "");
    }
}

/// Database, extensions, schema and knowledge: each needs the one before.
async fn records(config: &Config, embedder: Option<&dyn Embedder>) -> Vec<Check> {
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
            return vec![Check::failed("database", format!("{error:#}"), advice)];
        }
    };
    let mut checks = vec![Check::ok("database", place)];
    match schema(&database).await {
        Ok(check) => {
            let is_current = check.status == Health::Ok;
            checks.push(check);
            if is_current {
                checks.push(knowledge(&database, embedder).await);
            }
        }
        Err(error) => {
            checks.push(Check::failed("schema", format!("{error:#}"), "look into the server's log"));
        }
    }
    if let Err(error) = database.stop().await {
        checks.push(Check::degraded("database", format!("{error:#}"), "look into the server's log"));
    }
    checks
}

async fn schema(database: &start::RunningDatabase) -> anyhow::Result<Check> {
    let (client, driver) = database.connector.connect().await?;
    actix::spawn(driver);
    let pending = migrate::pending(&client).await?;
    Ok(if pending.is_empty() {
        Check::ok("schema", "all migrations are applied")
    } else {
        let detail = format!("not applied yet: {}", pending.join(", "));
        Check::failed("schema", detail, "run `fte migrate`; `fte serve` does so by itself")
    })
}

async fn knowledge(database: &start::RunningDatabase, embedder: Option<&dyn Embedder>) -> Check {
    let looked = async {
        let library = PgStore::new(&database.connector)?.library();
        shelf(&library, embedder).await
    };
    match looked.await {
        Ok(check) => check,
        Err(error) => Check::failed("knowledge", format!("{error:#}"), "run `fte migrate`"),
    }
}

async fn shelf(library: &Library, embedder: Option<&dyn Embedder>) -> anyhow::Result<Check> {
    let files = library.files().await?;
    let sections: u64 = files.iter().map(|file| file.sections).sum();
    let detail = format!("{sections} sections in {} files", files.len());
    if sections == 0 {
        return Ok(Check::degraded(
            "knowledge",
            "there are no documents: every question goes to staff",
            "run `fte kb ingest PATH…`; the first `fte serve` reads product-docs.md of CONTEXT_PATH",
        ));
    }
    let Some(embedder) = embedder else {
        return Ok(Check::ok("knowledge", detail));
    };
    let model = &embedder.model().name;
    if !library.serving_models().await?.contains(model) {
        let detail = format!("{detail}, and no complete index of {model}: searches go by words alone");
        return Ok(Check::degraded("knowledge", detail, "run `fte kb reindex`, or wait while a server does"));
    }
    Ok(Check::ok("knowledge", format!("{detail}, indexed for {model}")))
}

async fn embedding(config: &Config, embedder: Option<&dyn Embedder>) -> Check {
    let name = "embedding model";
    let Some(embedder) = embedder else {
        return match config.knowledge.embedder {
            EmbedderChoice::None => Check::ok(name, "EMBEDDER=none: searches go by words alone"),
            EmbedderChoice::Openai => Check::degraded(
                name,
                "the service can't be asked: searches go by words alone",
                "check OPENAI_API_KEY and OPENAI_BASE_URL",
            ),
            EmbedderChoice::Minilm => Check::degraded(
                name,
                "its files are missing or damaged: searches go by words alone",
                "run `make build`, or name the folder of the model in MINILM_PATH",
            ),
        };
    };
    let model = embedder.model().name.clone();
    let vectors = embedder.embed(vec!["a question".to_owned()], Haste::Turn);
    match tokio::time::timeout(EMBED_WITHIN, vectors).await {
        Ok(Ok(_)) => Check::ok(name, format!("{model} works")),
        Ok(Err(error)) => {
            Check::degraded(name, error.to_string(), "searches go by words alone until it works")
        }
        Err(_elapsed) => {
            Check::degraded(name, format!("{model} takes too long"), "look for what keeps the machine busy")
        }
    }
}

fn model(config: &Config) -> Check {
    let name = "language model";
    match config.agent.model {
        AgentModel::Scripted => {
            Check::ok(name, "scripted: offline, answers from the documents as they stand")
        }
        AgentModel::Openai if config.openai.is_usable() => Check::ok(
            name,
            format!("{} at {}; it is not asked here", config.openai.model, config.openai.base_url),
        ),
        AgentModel::Openai => {
            let advice = "set OPENAI_API_KEY, or AGENT_MODEL=scripted";
            Check::failed(name, "there is no key for the service", advice)
        }
    }
}

fn handbook(config: &Config) -> Vec<Check> {
    match handbook::load(config) {
        Ok(handbook) => vec![
            Check::ok("rules", handbook.rules.summary()),
            Check::ok("texts", format!("in {}", handbook.texts.languages().join(", "))),
        ],
        Err(error) => vec![Check::failed("rules", format!("{error:#}"), "correct the lines that are named")],
    }
}

fn staff(config: &Config) -> Check {
    match &config.desk.webhook_url {
        Some(_) => Check::ok("staff", "escalations are posted to ESCALATION_WEBHOOK_URL"),
        None => Check::degraded(
            "staff",
            "nobody is told of escalations: they wait until staff look",
            "set ESCALATION_WEBHOOK_URL",
        ),
    }
}

fn channels(config: &Config) -> Vec<Check> {
    let whatsapp = match (whatsapp::account(config), &config.twilio.account) {
        (Ok(Some(_)), Some(account)) => Check::ok("whatsapp", format!("Twilio, from {}", account.number)),
        (Ok(Some(_)), None) => Check::ok("whatsapp", "a sandbox: messages are stored and shown, not sent"),
        (Ok(None), _) => Check::degraded(
            "whatsapp",
            "switched off",
            "set TWILIO_ACCOUNT_SID, TWILIO_AUTH_TOKEN and TWILIO_WHATSAPP_NUMBER",
        ),
        (Err(error), _) => Check::failed("whatsapp", format!("{error:#}"), "check FTE_DATA_DIR"),
    };
    vec![Check::ok("web form", "always open"), whatsapp]
}
