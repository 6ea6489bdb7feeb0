//! A scratch database for one command: created beside the one in use, migrated, and dropped afterwards.

use std::time::Duration;

use anyhow::Context;

use crate::cli::wiring::start::{self, RunningDatabase};
use crate::clock;
use crate::config::Config;
use crate::crm::connect::Connector;

/// Tries to drop the database: a worker of autovacuum, which some roles may not end, leaves it soon.
const REMOVE_TRIES: u32 = 10;
const REMOVE_PAUSE: Duration = Duration::from_millis(500);

pub struct Scratch {
    /// Connects to the scratch database.
    pub connector: Connector,
    name: String,
    database: RunningDatabase,
}

impl Scratch {
    pub async fn create(config: &Config) -> anyhow::Result<Self> {
        let database = start::database(config).await?;
        let name = format!("fte_scratch_{}", clock::new_v4().simple());
        let connector = database.connector.to_database(&name);
        let scratch = Self { connector, name, database };
        match scratch.set_up().await {
            Ok(()) => Ok(scratch),
            Err(error) => {
                scratch.remove().await?;
                Err(error)
            }
        }
    }

    async fn set_up(&self) -> anyhow::Result<()> {
        let create = self.database.connector.execute(&format!("create database {}", self.name)).await;
        create.context("could not create a scratch database: the user needs the right CREATEDB")?;
        start::migrate(&self.connector).await?;
        Ok(())
    }

    pub async fn remove(self) -> anyhow::Result<()> {
        let drop = format!("drop database if exists {} with (force)", self.name);
        let mut dropped = self.database.connector.execute(&drop).await;
        for _ in 1..REMOVE_TRIES {
            if dropped.is_ok() {
                break;
            }
            tokio::time::sleep(REMOVE_PAUSE).await;
            dropped = self.database.connector.execute(&drop).await;
        }
        self.database.stop().await?;
        dropped.with_context(|| format!("could not remove the scratch database {}", self.name))
    }
}
