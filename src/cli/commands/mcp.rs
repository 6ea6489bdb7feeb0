//! `fte mcp`: the MCP server on standard input and output, with the rights of one token.

use std::sync::Arc;

use secrecy::{ExposeSecret, SecretString};

use super::serve::{api_token, stop_actors};
use crate::accounts::secret;
use crate::actors::conversations::pool::Limits;
use crate::actors::supervisor::{Custody, Endpoints, SystemConfig, spawn};
use crate::cli::Misuse;
use crate::cli::knowledge::knowledge_stores::KnowledgeStores;
use crate::cli::wiring::{handbook, mcp, model};
use crate::clock;
use crate::config::Config;
use crate::crm::port::{Accounts, Maintenance};
use crate::crm::postgres::PgStore;
use crate::domain::runtime::roles::Roles;
use crate::mcp::{McpCaller, McpServer, serve_stdio};

pub async fn run(config: Config) -> anyhow::Result<()> {
    let token = config.mcp.token.clone();
    let token =
        token.ok_or_else(|| Misuse("FTE_MCP_TOKEN is unset; `fte token create` prints one".to_owned()))?;
    let stores = KnowledgeStores::open(&config).await?;
    let served = serve(&config, &stores, &token).await;
    stores.close().await?;
    served
}

async fn serve(config: &Config, stores: &KnowledgeStores, token: &SecretString) -> anyhow::Result<()> {
    let endpoints = actors(config, stores).await?;
    let wires = mcp::wires(&endpoints);
    let is_service = api_token(config)?.is_some_and(|own| own.expose_secret() == token.expose_secret());
    let server = if is_service {
        McpServer::of_caller(wires, McpCaller::service())
    } else {
        let digest = secret::digest(token.expose_secret());
        ensure_valid(&stores.store, digest).await?;
        McpServer::of_token(wires, digest)
    };
    let served = serve_stdio(server).await;
    stop_actors(&endpoints).await;
    Ok(served?)
}

/// A wrong token is reported at once, where the operator sees it.
async fn ensure_valid(store: &PgStore, digest: [u8; 32]) -> anyhow::Result<()> {
    let holder = store.token(digest).await?;
    if holder.as_ref().and_then(McpCaller::of_token).is_none() {
        return Err(Misuse(
            "FTE_MCP_TOKEN is no valid token of a customer, or with the scope read or staff".to_owned(),
        )
        .into());
    }
    Ok(())
}

/// The actors behind the tools. They take no turns and send nothing: servers do that.
async fn actors(config: &Config, stores: &KnowledgeStores) -> anyhow::Result<Endpoints> {
    let handbook = Arc::new(handbook::load(config)?);
    Ok(spawn(SystemConfig {
        store: stores.store.clone().into(),
        model: model::model(config, &handbook)?,
        embedder: stores.embedder.clone(),
        index: None,
        budgets: config.agent.budgets,
        ceilings: config.agent.ceilings,
        delay_ack: config.agent.delay_ack,
        handbook,
        channels: stores.store.channel_configs().await?,
        staff: None,
        events: None,
        providers: Vec::new(),
        codes: None,
        reports: None,
        limits: Limits::new(0, config.agent.pool_idle),
        idle: config.desk.idle,
        sla: None,
        custody: Custody::default(),
        signals: None,
        bus: None,
        roles: Roles { intake: true, agent: false, delivery: false, desk: false },
        owner: clock::new_v7().into(),
    }))
}
