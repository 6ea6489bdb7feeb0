//! `fte token`: creates, lists and revokes tokens of programs.

use std::time::Duration;

use anyhow::Context;
use clap::{Args, Subcommand};
use secrecy::ExposeSecret;
use serde_json::{Value, json};
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;
use uuid::Uuid;

use crate::accounts::secret;
use crate::cli::knowledge::knowledge_stores::KnowledgeStores;
use crate::cli::{CommandOutcome, Misuse};
use crate::clock;
use crate::config::Config;
use crate::crm::port::AccountAdmin;
use crate::crm::postgres::PgStore;
use crate::domain::accounts::{NewToken, SERVICE_ACCOUNT, TokenLine};
use crate::domain::enums::AccessScope;
use crate::domain::ids::{CustomerId, StaffId, TokenId};

const DAY: Duration = Duration::from_secs(24 * 60 * 60);
const MAX_DAYS: u32 = 3_650;

#[derive(Debug, Subcommand)]
pub enum TokenCommand {
    Create(CreateToken),
    /// List the tokens by their beginnings; the tokens themselves are not stored.
    List {
        /// Print `[{id, name, prefix, scopes, as, customer_id, created_at, expires_at, revoked_at, last_used_at}]`.
        #[arg(long)]
        json: bool,
    },
    /// Revoke a token: it is refused from the next request on.
    Revoke {
        id: Uuid,
        /// Print `{id, revoked}`.
        #[arg(long)]
        json: bool,
    },
}

/// Create a token and print it; it is shown this once.
#[derive(Debug, Args)]
pub struct CreateToken {
    name: String,
    /// What it may do: any of read, staff, ops, ingest, separated by commas. A token of a customer needs none.
    #[arg(long = "scope", required_unless_present = "customer", value_delimiter = ',')]
    scopes: Vec<AccessScope>,
    /// The e-mail address of the account that it acts as. Without it the built-in account `service`.
    #[arg(long = "as", value_name = "EMAIL", conflicts_with = "customer")]
    acts_as: Option<String>,
    /// The id of the customer whose data alone it shows (MCP only).
    #[arg(long, value_name = "ID")]
    customer: Option<Uuid>,
    /// After how many days it expires, such as 365d, or never.
    #[arg(long, default_value = "365d", value_parser = expiry)]
    expires: Expiry,
    /// Print `{id, name, prefix, scopes, as, customer_id, expires_at, token}`.
    #[arg(long)]
    json: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Expiry {
    Never,
    After(Duration),
}

fn expiry(text: &str) -> Result<Expiry, String> {
    if text == "never" {
        return Ok(Expiry::Never);
    }
    let days = text.strip_suffix('d').and_then(|days| days.parse::<u32>().ok());
    let days = days.filter(|days| (1..=MAX_DAYS).contains(days));
    days.map(|days| Expiry::After(DAY * days)).ok_or_else(|| format!("expected 1d to {MAX_DAYS}d, or never"))
}

pub async fn run(config: Config, order: TokenCommand) -> anyhow::Result<CommandOutcome> {
    let stores = KnowledgeStores::without_model(&config).await?;
    let done = match order {
        TokenCommand::Create(order) => create(&stores.store, order).await,
        TokenCommand::List { json } => list(&stores.store, json).await,
        TokenCommand::Revoke { id, json } => revoke(&stores.store, TokenId(id), json).await,
    };
    stores.close().await?;
    done.map(|()| CommandOutcome::Passed)
}

async fn create(store: &PgStore, order: CreateToken) -> anyhow::Result<()> {
    let name = order.name.trim().to_owned();
    if name.is_empty() || name.chars().count() > 100 || name.chars().any(char::is_control) {
        return Err(Misuse("a name has 1 to 100 characters on one line".to_owned()).into());
    }
    let staff = acts_as(store, order.acts_as).await?;
    let customer = order.customer.map(CustomerId);
    if let Some(customer) = customer
        && !store.has_customer(customer).await?
    {
        return Err(Misuse(format!("there is no customer {customer}")).into());
    }
    let token = secret::new_token();
    let shown = token.expose_secret();
    let id = TokenId(clock::new_v7());
    let expires_after = match order.expires {
        Expiry::Never => None,
        Expiry::After(length) => Some(length),
    };
    let mut scopes = order.scopes;
    scopes.sort_unstable();
    scopes.dedup();
    let (prefix, digest) = (secret::shown(shown), secret::digest(shown));
    let new = NewToken { id, name, prefix, digest, scopes, staff, customer, expires_after };
    if !store.add_token(new).await? {
        return Err(Misuse("the account has just been disabled".to_owned()).into());
    }
    if order.json {
        let line = store.tokens().await?.into_iter().find(|line| line.id == id);
        let mut document = as_json(&line.context("the token is gone")?);
        if let Some(members) = document.as_object_mut() {
            members.insert("token".to_owned(), json!(shown));
        }
        println!("{document}");
    } else {
        println!("{shown}");
    }
    Ok(())
}

async fn acts_as(store: &PgStore, email: Option<String>) -> anyhow::Result<StaffId> {
    let Some(email) = email else {
        return Ok(SERVICE_ACCOUNT);
    };
    let found = store.staff_by_email(email.trim().to_lowercase()).await?;
    let active = found.filter(|member| member.active);
    Ok(active.ok_or_else(|| Misuse(format!("there is no active account {email}")))?.id)
}

async fn list(store: &PgStore, json: bool) -> anyhow::Result<()> {
    let lines = store.tokens().await?;
    if json {
        println!("{}", Value::from(lines.iter().map(as_json).collect::<Vec<_>>()));
        return Ok(());
    }
    for line in &lines {
        let scopes = line.scopes.iter().map(|scope| scope.as_str()).collect::<Vec<_>>().join(",");
        let end = match (line.revoked_at, line.expires_at) {
            (Some(_), _) => "revoked".to_owned(),
            (None, None) => "never expires".to_owned(),
            (None, Some(at)) => format!("expires {}", at.date()),
        };
        println!("{}  {}…  {scopes}  {}  {}  {end}", line.id, line.prefix, line.acts_as, line.name);
    }
    Ok(())
}

async fn revoke(store: &PgStore, id: TokenId, json: bool) -> anyhow::Result<()> {
    if !store.revoke_token(id).await? {
        return Err(Misuse(format!("there is no token {id} that could be revoked")).into());
    }
    if json {
        println!("{}", json!({"id": id, "revoked": true}));
    } else {
        println!("{id} is revoked");
    }
    Ok(())
}

fn as_json(line: &TokenLine) -> Value {
    let time = |at: Option<OffsetDateTime>| at.and_then(|at| at.format(&Rfc3339).ok());
    json!({
        "id": line.id,
        "name": line.name,
        "prefix": line.prefix,
        "scopes": line.scopes,
        "as": line.acts_as,
        "customer_id": line.customer,
        "created_at": time(Some(line.created_at)),
        "expires_at": time(line.expires_at),
        "revoked_at": time(line.revoked_at),
        "last_used_at": time(line.last_used_at),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_expiry_is_a_number_of_days_or_never() {
        assert_eq!(expiry("365d"), Ok(Expiry::After(DAY * 365)));
        assert_eq!(expiry("never"), Ok(Expiry::Never));
        for wrong in ["", "0d", "3651d", "1y", "365", "-1d", "d"] {
            assert!(expiry(wrong).is_err(), "{wrong}");
        }
    }
}
