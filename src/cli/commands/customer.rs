//! `fte customer`: exports everything that is held of a customer, and erases it.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::Context;
use clap::Subcommand;
use serde_json::{Value, json};
use time::format_description::well_known::Rfc3339;
use uuid::Uuid;

use crate::actors::customers::custodian;
use crate::actors::store::store_handle::Bulkhead;
use crate::channels::port::MediaStore;
use crate::cli::knowledge::knowledge_stores::KnowledgeStores;
use crate::cli::wiring::whatsapp::media_folder;
use crate::cli::{CommandOutcome, Misuse};
use crate::config::{Config, private_folder};
use crate::crm::port::CustomerRights;
use crate::crm::postgres::PgStore;
use crate::domain::accounts::SERVICE_ACCOUNT;
use crate::domain::customers::rights::{CustomerExport, ExportedFile};
use crate::domain::ids::CustomerId;

/// More rows than a table can have; the command has no limit.
const ALL: i64 = i64::MAX - 1;

#[derive(Debug, Subcommand)]
pub enum CustomerCommand {
    /// Write everything that is held of a customer to a folder: `export.json`, and the files beside it in `files/`.
    /// `GET /customers/lookup` finds the id.
    Export {
        id: Uuid,
        /// The folder; it must not exist yet, or be empty.
        #[arg(long)]
        out: PathBuf,
    },
    /// Erase a customer: texts become `[erased]`; names, addresses and files go; counts stay. It can't be undone.
    /// Done again, it prints the same receipt. Mails and chats at the provider are out of its reach.
    Erase {
        id: Uuid,
        /// Confirms that the customer is to be erased.
        #[arg(long, required = true)]
        yes: bool,
        /// Print `{customer_id, erased_at, counts}`.
        #[arg(long)]
        json: bool,
    },
}

pub async fn run(config: Config, order: CustomerCommand) -> anyhow::Result<CommandOutcome> {
    if let CustomerCommand::Export { out, .. } = &order {
        ensure_empty(out)?;
    }
    let stores = KnowledgeStores::without_model(&config).await?;
    let files: Arc<dyn MediaStore> = Arc::new(media_folder(&config));
    let done = match order {
        CustomerCommand::Export { id, out } => export(&stores.store, files, id.into(), &out).await,
        CustomerCommand::Erase { id, yes: _, json } => erase(&stores.store, files, id.into(), json).await,
    };
    stores.close().await?;
    done.map(|()| CommandOutcome::Passed)
}

fn ensure_empty(folder: &Path) -> anyhow::Result<()> {
    let is_empty = match std::fs::read_dir(folder) {
        Ok(mut entries) => entries.next().is_none(),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => true,
        Err(error) => return Err(Misuse(format!("--out {}: {error}", folder.display())).into()),
    };
    if !is_empty {
        return Err(Misuse(format!("--out {}: the folder is not empty", folder.display())).into());
    }
    Ok(())
}

fn unknown(customer: CustomerId) -> Misuse {
    Misuse(format!("there is no customer {customer}"))
}

async fn export(
    store: &PgStore,
    files: Arc<dyn MediaStore>,
    customer: CustomerId,
    out: &Path,
) -> anyhow::Result<()> {
    let export = store.export(customer, SERVICE_ACCOUNT, ALL).await?.ok_or_else(|| unknown(customer))?;
    private_folder(out).with_context(|| format!("could not create {}", out.display()))?;
    let path = out.join("export.json");
    std::fs::write(&path, serde_json::to_vec_pretty(&document(&export)?)?)
        .with_context(|| format!("could not write {}", path.display()))?;
    let folder = out.join("files");
    for file in &export.files {
        private_folder(&folder).with_context(|| format!("could not create {}", folder.display()))?;
        let name = hex::encode(&file.sha256);
        let content = files.get(file.sha256.clone()).await;
        let content = content.with_context(|| format!("could not read the file {name}"))?;
        std::fs::write(folder.join(&name), content).with_context(|| format!("could not write {name}"))?;
    }
    let rows: usize = export.tables.iter().map(|(_, rows)| rows.len()).sum();
    println!("{rows} rows and {} files written to {}", export.files.len(), out.display());
    Ok(())
}

fn document(export: &CustomerExport) -> anyhow::Result<Value> {
    let mut tables = serde_json::Map::new();
    for (table, rows) in &export.tables {
        let rows = rows.iter().map(|row| serde_json::from_str(row)).collect::<Result<Vec<Value>, _>>()?;
        tables.insert((*table).to_owned(), Value::from(rows));
    }
    let files: Vec<Value> = export.files.iter().map(file).collect();
    Ok(json!({
        "customer_id": export.customer,
        "exported_at": export.exported_at.format(&Rfc3339)?,
        "tables": tables,
        "files": files,
    }))
}

fn file(file: &ExportedFile) -> Value {
    let name = hex::encode(&file.sha256);
    json!({"sha256": name, "content_type": file.content_type, "size_bytes": file.size_bytes, "path": format!("files/{name}")})
}

async fn erase(
    store: &PgStore,
    files: Arc<dyn MediaStore>,
    customer: CustomerId,
    as_json: bool,
) -> anyhow::Result<()> {
    let rights: Arc<dyn CustomerRights> = Arc::new(store.clone());
    let rights = Bulkhead::new(tokio::runtime::Handle::current()).handle(&rights);
    let (erased, _held) = custodian::erase(rights, Some(files), customer, SERVICE_ACCOUNT).await?;
    let receipt = erased.ok_or_else(|| unknown(customer))?;
    let erased_at = receipt.erased_at.format(&Rfc3339)?;
    if as_json {
        println!("{}", json!({"customer_id": customer, "erased_at": erased_at, "counts": receipt.counts}));
        return Ok(());
    }
    println!("{customer} was erased at {erased_at}:");
    for (kind, count) in &receipt.counts {
        println!("  {kind}: {count}");
    }
    Ok(())
}
