//! Configuration from the environment, in typed sections. Read once at start. Never guesses: every invalid variable is
//! reported, all in one start, by its name and what it expects.

mod agent;
mod database;
mod desk;
mod dotenv;
mod email;
mod http;
mod kafka;
mod knowledge;
mod log;
mod mcp;
mod network;
mod openai;
mod pages;
mod paths;
mod reader;
mod reports;
mod retention;
mod secret_files;
mod twilio;

pub use agent::{AgentConfig, AgentModel};
pub use database::Database;
pub use desk::DeskConfig;
pub use dotenv::{EnvironmentError, environment, plain};
pub use email::{EmailConfig, EmailProvider, GmailConfig, GoogleUrls, ImapConfig, MailServerConfig};
pub use http::HttpConfig;
pub use kafka::KafkaConfig;
pub use knowledge::{EmbedderChoice, KnowledgeConfig};
pub use log::{LogConfig, LogFormat};
pub use mcp::McpConfig;
pub use network::IpNetwork;
pub use openai::OpenaiConfig;
pub use pages::PagesConfig;
pub use paths::{Located, beside_program, locate, private_folder};
pub use reader::{ConfigError, ConfigErrors};
pub use reports::ReportsConfig;
pub use twilio::{TemplateConfig, TwilioAccount, TwilioConfig};

use std::collections::HashMap;
use std::path::PathBuf;

use reader::Reader;

use crate::domain::customers::rights::Retention;
use crate::failpoint::Order;

/// The deployment environment; the defaults depend on it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Environment {
    Development,
    Production,
}

/// The whole configuration.
#[derive(Clone, Debug)]
pub struct Config {
    pub environment: Environment,
    pub log: LogConfig,
    pub http: HttpConfig,
    /// `FTE_DATA_DIR`, absolute. Nothing has been created in it yet.
    pub data_dir: PathBuf,
    /// `CONTEXT_PATH` as given; [`locate`] finds it.
    pub context_path: PathBuf,
    pub knowledge: KnowledgeConfig,
    pub database: Database,
    pub kafka: KafkaConfig,
    pub agent: AgentConfig,
    pub openai: OpenaiConfig,
    pub twilio: TwilioConfig,
    pub email: EmailConfig,
    pub desk: DeskConfig,
    pub pages: PagesConfig,
    pub reports: ReportsConfig,
    pub mcp: McpConfig,
    /// `RETENTION_…_DAYS`.
    pub retention: Retention,
    /// `FTE_FAILPOINT` or `FTE_PANICPOINT`; always `None` in builds without the `failpoints` feature.
    pub failpoint: Option<Order>,
}

impl Config {
    /// Reads every section; an empty value counts as unset.
    pub fn from_variables(variables: &HashMap<String, String>) -> Result<Self, ConfigErrors> {
        Self::read(|name| variables.get(name).cloned(), variables)
    }

    /// The same without the `KAFKA_…` variables that are passed through by name.
    pub fn from_lookup(lookup: impl Fn(&str) -> Option<String>) -> Result<Self, ConfigErrors> {
        Self::read(lookup, &HashMap::new())
    }

    fn read(
        lookup: impl Fn(&str) -> Option<String>,
        all: &HashMap<String, String>,
    ) -> Result<Self, ConfigErrors> {
        let mut reader = Reader::new(&lookup);
        reader.check_secret_files();
        let environment = reader
            .parse("ENVIRONMENT", "development or production", |value| match value {
                "development" => Some(Environment::Development),
                "production" => Some(Environment::Production),
                _ => None,
            })
            .unwrap_or(Environment::Development);
        let openai = openai::read(&mut reader);
        let config = Self {
            environment,
            log: log::read(&mut reader, environment),
            http: http::read(&mut reader, environment),
            data_dir: paths::data_dir(&mut reader),
            context_path: reader.text("CONTEXT_PATH").unwrap_or_else(|| "context".into()).into(),
            knowledge: knowledge::read(&mut reader, &openai),
            database: database::read(&mut reader),
            kafka: kafka::read(&mut reader, all),
            agent: agent::read(&mut reader, &openai),
            openai,
            twilio: twilio::read(&mut reader, environment),
            email: email::read(&mut reader),
            desk: desk::read(&mut reader, environment),
            pages: pages::read(&mut reader),
            reports: reports::read(&mut reader),
            mcp: mcp::read(&mut reader),
            retention: retention::read(&mut reader),
            failpoint: agent::read_failpoint(&mut reader),
        };
        reader.finish(config)
    }
}
