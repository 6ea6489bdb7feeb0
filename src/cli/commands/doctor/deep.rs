//! The thorough part of `fte doctor`: looks into the database, the files and the services that a start does not ask, and
//! compares clocks. Read-only; each finding says what to do.

use std::time::Duration;

use sha2::{Digest, Sha256};
use tokio::net::TcpStream;
use tokio_postgres::Client;

use super::DoctorCheck;
use crate::channels::port::MediaStore;
use crate::cli::wiring::{kafka, whatsapp};
use crate::clock;
use crate::config::{AgentModel, Config};
use crate::crm::connect::Connector;
use crate::crm::inspect::{self, DatabaseHealth, ExtensionVersion, FunctionFindings};
use crate::crm::postgres::library::Library;
use crate::knowledge::port::Embedder;

/// Clocks may differ by so much: leases of a few seconds are compared in the database alone.
const SKEW_LIMIT: Duration = Duration::from_secs(2);
/// Files whose content is compared with its digest.
const FILES: i64 = 500;
const CONNECT_TIMEOUT: Duration = Duration::from_secs(5);
/// Of the server's connections, as a share.
const CONNECTIONS_LIMIT: f64 = 0.9;
/// PostgreSQL's own warnings begin at 40 million before 2,000 million.
const TRANSACTION_AGE_LIMIT: i64 = 1_000_000_000;
const TRANSACTION_LIMIT: Duration = Duration::from_secs(600);
/// Free space that must be left on the disk of the files.
const SPACE_LIMIT_BYTES: u64 = 1024 * 1024 * 1024;

/// The checks of the database and of what it names.
pub async fn records(config: &Config, connector: &Connector) -> Vec<DoctorCheck> {
    match look(config, connector).await {
        Ok(checks) => checks,
        Err(error) => {
            vec![DoctorCheck::failed("database (deep)", format!("{error:#}"), "look into the server's log")]
        }
    }
}

async fn look(config: &Config, connector: &Connector) -> anyhow::Result<Vec<DoctorCheck>> {
    let (client, driver) = connector.connect().await?;
    actix::spawn(driver);
    let mut checks = vec![
        functions(&inspect::functions(&client).await?),
        indexes(&inspect::invalid_indexes(&client).await?),
        plans(&inspect::look_ups_without_index(&client).await?),
        extensions(&inspect::extensions(&client).await?),
        skew(&client).await?,
    ];
    checks.extend(health(&inspect::health(&client).await?));
    checks.push(files(config, &client).await?);
    Ok(checks)
}

fn functions(found: &FunctionFindings) -> DoctorCheck {
    let FunctionFindings { installed, own_edition, wrong } = found;
    let editions = format!("edition {}, this program has {own_edition}", installed.edition);
    if !wrong.is_empty() {
        let detail = format!("{editions}; missing or doubled: {}", wrong.join(", "));
        return DoctorCheck::failed("functions", detail, "run `fte migrate` of the newest version in use");
    }
    if installed.edition > *own_edition {
        let advice = "an upgrade is under way, or this program is the older one: finish the upgrade";
        return DoctorCheck::degraded("functions", editions, advice);
    }
    DoctorCheck::ok("functions", editions)
}

fn indexes(invalid: &[String]) -> DoctorCheck {
    if invalid.is_empty() {
        return DoctorCheck::ok("indexes", "all are valid");
    }
    let advice = "`reindex index concurrently NAME` for each of them";
    DoctorCheck::degraded("indexes", format!("not valid: {}", invalid.join(", ")), advice)
}

fn plans(without: &[&str]) -> DoctorCheck {
    if without.is_empty() {
        return DoctorCheck::ok("plans", "each look-up on a message's path has an index");
    }
    let advice = "an index was dropped: compare with a database that `fte migrate` has made anew";
    DoctorCheck::degraded("plans", format!("without an index: {}", without.join(", ")), advice)
}

fn extensions(found: &[ExtensionVersion]) -> DoctorCheck {
    let all = found.iter().map(|one| format!("{} {}", one.name, one.version)).collect::<Vec<_>>().join(", ");
    let differs = |one: &&ExtensionVersion| one.packaged.as_ref() != Some(&one.version);
    let Some(old) = found.iter().find(differs) else {
        return DoctorCheck::ok("extensions", all);
    };
    let packaged = old.packaged.as_deref().unwrap_or("no version of it");
    let detail = format!("{all}; the server's packages have {packaged} of {}", old.name);
    let advice = format!("`alter extension {} update` as its owner", old.name);
    DoctorCheck::degraded("extensions", detail, advice)
}

/// The difference between the clocks of this machine and of the database.
async fn skew(client: &Client) -> anyhow::Result<DoctorCheck> {
    let before = clock::now();
    let theirs = inspect::clock(client).await?;
    let after = clock::now();
    let ours = before + (after - before) / 2_i32;
    let skew = (theirs - ours).unsigned_abs();
    let detail = format!("the database's clock differs by {:.3} s", skew.as_secs_f64());
    // What the answer took is no difference of clocks.
    if skew > SKEW_LIMIT + (after - before).unsigned_abs() {
        let advice = "run a time service (chrony, systemd-timesyncd) on both machines";
        return Ok(DoctorCheck::degraded("clocks", detail, advice));
    }
    Ok(DoctorCheck::ok("clocks", detail))
}

fn health(found: &DatabaseHealth) -> Vec<DoctorCheck> {
    let name = "database (deep)";
    let mut checks = Vec::new();
    #[expect(clippy::cast_precision_loss, reason = "a share of a few thousand at most")]
    let share = found.connections as f64 / found.max_connections.max(1) as f64;
    let connections = format!("{} of {} connections are used", found.connections, found.max_connections);
    if share > CONNECTIONS_LIMIT {
        let advice = "raise max_connections, or run fewer processes: each opens up to 15";
        checks.push(DoctorCheck::degraded(name, connections.clone(), advice));
    }
    if !found.never_analysed.is_empty() {
        let detail = format!("never analysed: {}", found.never_analysed.join(", "));
        checks.push(DoctorCheck::degraded(name, detail, "run `analyze`, and see that autovacuum is on"));
    }
    if found.transaction_age > TRANSACTION_AGE_LIMIT {
        let detail = format!("the oldest transaction id is {} transactions old", found.transaction_age);
        checks.push(DoctorCheck::degraded(
            name,
            detail,
            "run `vacuum freeze`, and see that autovacuum is on",
        ));
    }
    if found.longest_transaction > TRANSACTION_LIMIT {
        let detail = format!("a transaction has been open for {} s", found.longest_transaction.as_secs());
        checks.push(DoctorCheck::degraded(name, detail, "find it in pg_stat_activity and end it"));
    }
    if found.outbox_parked > 0 {
        let detail = format!("{} rows of the outbox are set aside", found.outbox_parked);
        checks.push(DoctorCheck::degraded(name, detail, "see docs/runbooks/fte-outbox-parked.md"));
    }
    if checks.is_empty() {
        checks.push(DoctorCheck::ok(name, connections));
    }
    checks
}

/// The newest files: each is there, whole, and has the content that its name is the digest of.
async fn files(config: &Config, client: &Client) -> anyhow::Result<DoctorCheck> {
    let folder = whatsapp::media_folder(config);
    let named = inspect::files(client, FILES).await?;
    let (mut missing, mut damaged) = (0, 0);
    for file in &named {
        match folder.get(file.sha256.clone()).await {
            Err(_) => missing += 1,
            Ok(bytes) => {
                let is_whole = Sha256::digest(&bytes)[..] == file.sha256[..]
                    && i64::try_from(bytes.len()).is_ok_and(|size| size == file.size_bytes);
                damaged += u32::from(!is_whole);
            }
        }
    }
    let detail = format!("of the newest {} files {missing} are missing and {damaged} damaged", named.len());
    if missing + damaged > 0 {
        return Ok(DoctorCheck::degraded(
            "files",
            detail,
            "restore MEDIA_PATH from its backup (docs/backup.md)",
        ));
    }
    Ok(space(config).unwrap_or_else(|| DoctorCheck::ok("files", detail)))
}

/// A warning where little space is left for files.
fn space(config: &Config) -> Option<DoctorCheck> {
    let folder = config.twilio.media_path.as_ref().unwrap_or(&config.data_dir);
    let found = rustix::fs::statvfs(folder).ok()?;
    let free_bytes = found.f_bavail.saturating_mul(found.f_frsize);
    (free_bytes < SPACE_LIMIT_BYTES).then(|| {
        let detail =
            format!("{} MiB are left on the disk of {}", free_bytes / (1024 * 1024), folder.display());
        DoctorCheck::degraded("files", detail, "make room, or move MEDIA_PATH")
    })
}

/// Whether the vector index has every text of the documents.
pub async fn knowledge(library: &Library, embedder: &dyn Embedder) -> anyhow::Result<DoctorCheck> {
    let name = "knowledge index";
    let Some(index) = library.serving_index(embedder.model()).await? else {
        return Ok(DoctorCheck::degraded(name, "there is none", "run `fte kb reindex`"));
    };
    let lacking = library.lacking(&index).await?;
    if lacking > 0 {
        let detail = format!("{lacking} texts have no vector: searches find them by words alone");
        return Ok(DoctorCheck::degraded(name, detail, "run `fte kb reindex`, or wait while a server does"));
    }
    Ok(DoctorCheck::ok(name, "every text has its vector"))
}

/// The services that are configured: whether they can be reached over the network. Nothing is sent to them.
pub async fn services(config: &Config) -> Vec<DoctorCheck> {
    let mut checks: Vec<DoctorCheck> = kafka::check(config).await.into_iter().map(broker).collect();
    for (name, url) in urls(config) {
        checks.push(reachable(name, &url).await);
    }
    checks
}

fn broker(found: Result<String, String>) -> DoctorCheck {
    match found {
        Ok(detail) => DoctorCheck::ok("kafka", detail),
        Err(why) => DoctorCheck::degraded("kafka", why, "check KAFKA_BOOTSTRAP_SERVERS and the brokers"),
    }
}

/// What is configured, by the variable that names it.
fn urls(config: &Config) -> Vec<(&'static str, String)> {
    use secrecy::ExposeSecret;
    let mut urls = Vec::new();
    if matches!(config.agent.model, AgentModel::Openai) {
        urls.push(("OPENAI_BASE_URL", config.openai.base_url.clone()));
    }
    if config.twilio.account.is_some() {
        urls.push(("TWILIO_API_BASE_URL", config.twilio.api_base_url().to_owned()));
    }
    if let Some(url) = &config.desk.webhook_url {
        urls.push(("ESCALATION_WEBHOOK_URL", url.expose_secret().to_owned()));
    }
    if let Some(traces) = &config.traces {
        urls.push(("OTEL_EXPORTER_OTLP_ENDPOINT", traces.endpoint.clone()));
    }
    urls
}

/// Opens a connection and closes it. The address alone is shown: a URL may be a secret.
async fn reachable(name: &'static str, url: &str) -> DoctorCheck {
    let parsed = reqwest::Url::parse(url).ok();
    let address = parsed.and_then(|url| Some((url.host_str()?.to_owned(), url.port_or_known_default()?)));
    let Some((host, port)) = address else {
        return DoctorCheck::failed(name, "it is no URL with a host", format!("correct {name}"));
    };
    let opened = TcpStream::connect((host.trim_matches(['[', ']']), port));
    let why = match tokio::time::timeout(CONNECT_TIMEOUT, opened).await {
        Ok(Ok(_)) => return DoctorCheck::ok(name, format!("{host}:{port} accepts connections")),
        Ok(Err(error)) => error.to_string(),
        Err(_elapsed) => format!("no answer within {} s", CONNECT_TIMEOUT.as_secs()),
    };
    let advice = "check the address, the name server, the firewall and the network policy";
    DoctorCheck::degraded(name, format!("{host}:{port}: {why}"), advice)
}
