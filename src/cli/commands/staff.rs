//! `fte staff`: adds, lists, disables and resets accounts of staff.

use clap::{Subcommand, ValueEnum};
use serde_json::json;

use crate::accounts::{password, secret};
use crate::cli::knowledge::knowledge_stores::KnowledgeStores;
use crate::cli::{CommandOutcome, Misuse};
use crate::clock;
use crate::config::Config;
use crate::crm::port::{AccountAdmin, Accounts};
use crate::crm::postgres::PgStore;
use crate::domain::accounts::{NewStaff, SERVICE_ACCOUNT};
use crate::domain::enums::StaffRole;

#[derive(Debug, Subcommand)]
pub enum Staff {
    /// Add an account, or bring a disabled one back, and print its password.
    Add {
        email: String,
        #[arg(long)]
        name: String,
        #[arg(long, value_enum, default_value_t = Role::Agent)]
        role: Role,
        /// Print `{id, email, name, role, password}`.
        #[arg(long)]
        json: bool,
    },
    /// List the accounts.
    List {
        /// Print `[{id, email, name, role, active}]`.
        #[arg(long)]
        json: bool,
    },
    /// Disable an account: its sessions and tokens end at once.
    Disable {
        email: String,
        /// Print `{email, active}`.
        #[arg(long)]
        json: bool,
    },
    /// Give an account a new password and print it. Two-factor authentication is turned off, and all sessions end.
    Reset {
        email: String,
        /// Print `{email, password}`.
        #[arg(long)]
        json: bool,
    },
}

/// What an account may do beyond the daily work of staff.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Role {
    Agent,
    /// Also audit, webhooks, approvals, export and erasure.
    Admin,
}

impl From<Role> for StaffRole {
    fn from(role: Role) -> Self {
        match role {
            Role::Agent => Self::Agent,
            Role::Admin => Self::Admin,
        }
    }
}

pub async fn run(config: Config, order: Staff) -> anyhow::Result<CommandOutcome> {
    let stores = KnowledgeStores::without_model(&config).await?;
    let done = match order {
        Staff::Add { email, name, role, json } => add(&stores.store, &email, name, role, json).await,
        Staff::List { json } => list(&stores.store, json).await,
        Staff::Disable { email, json } => disable(&stores.store, &email, json).await,
        Staff::Reset { email, json } => reset(&stores.store, &email, json).await,
    };
    stores.close().await?;
    done.map(|()| CommandOutcome::Passed)
}

async fn add(store: &PgStore, email: &str, name: String, role: Role, json: bool) -> anyhow::Result<()> {
    let (email, name) = (address(email)?, name.trim().to_owned());
    if name.is_empty() || name.chars().count() > 100 || name.chars().any(char::is_control) {
        return Err(Misuse("a name has 1 to 100 characters on one line".to_owned()).into());
    }
    let generated = secret::generated_password();
    let (id, role) = (clock::new_v7().into(), StaffRole::from(role));
    let password_hash = password::hash(&generated)?;
    let staff = NewStaff { id, email: email.clone(), name: name.clone(), role, password_hash };
    if !store.add_staff(staff).await? {
        return Err(Misuse(format!(
            "there is an account {email} already; `fte staff reset` gives it a password"
        ))
        .into());
    }
    // A disabled account that came back keeps its id.
    let id = store.staff_by_email(email.clone()).await?.map_or(id, |member| member.id);
    if json {
        println!("{}", json!({"id": id, "email": email, "name": name, "role": role, "password": generated}));
    } else {
        println!("{email} can sign in with the password {generated}");
    }
    Ok(())
}

async fn list(store: &PgStore, json: bool) -> anyhow::Result<()> {
    let members = store.members().await?;
    let people = members.into_iter().filter(|member| member.id != SERVICE_ACCOUNT);
    if json {
        let rows: Vec<_> = people
            .map(|member| {
                json!({"id": member.id, "email": member.email, "name": member.name, "role": member.role,
                       "active": member.active})
            })
            .collect();
        println!("{}", json!(rows));
        return Ok(());
    }
    for member in people {
        let state = if member.active { "" } else { "  disabled" };
        println!("{}  {}  {}{state}", member.email, member.role, member.name);
    }
    Ok(())
}

async fn disable(store: &PgStore, email: &str, json: bool) -> anyhow::Result<()> {
    let email = address(email)?;
    if !store.disable_staff(email.clone()).await? {
        return Err(no_account(&email));
    }
    if json {
        println!("{}", json!({"email": email, "active": false}));
    } else {
        println!("{email} is disabled");
    }
    Ok(())
}

async fn reset(store: &PgStore, email: &str, json: bool) -> anyhow::Result<()> {
    let email = address(email)?;
    let generated = secret::generated_password();
    if !store.reset_staff(email.clone(), password::hash(&generated)?).await? {
        return Err(no_account(&email));
    }
    if json {
        println!("{}", json!({"email": email, "password": generated}));
    } else {
        println!("{email} can sign in with the password {generated}");
    }
    Ok(())
}

/// The address as accounts have it. `admin@localhost` is one, so that a dot is not needed.
fn address(text: &str) -> anyhow::Result<String> {
    let text = text.trim().to_lowercase();
    let parts = text
        .split_once('@')
        .filter(|(local, host)| !local.is_empty() && !host.is_empty() && !host.contains('@'));
    let is_plain = !text.chars().any(|c| c.is_whitespace() || c.is_control()) && text.chars().count() <= 254;
    if parts.is_some() && is_plain {
        Ok(text)
    } else {
        Err(Misuse(format!("{text} is no e-mail address")).into())
    }
}

fn no_account(email: &str) -> anyhow::Error {
    Misuse(format!("there is no active account {email}")).into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_in_lower_case_and_has_two_parts() {
        assert_eq!(address(" Ann@Example.com ").unwrap(), "ann@example.com");
        assert_eq!(address("admin@localhost").unwrap(), "admin@localhost");
        for wrong in ["", "ann", "@example.com", "ann@", "a b@example.com", "a@b@c"] {
            assert!(address(wrong).is_err(), "{wrong}");
        }
    }
}
