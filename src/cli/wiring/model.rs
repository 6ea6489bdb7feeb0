//! The configured language model.

use std::sync::Arc;

use anyhow::Context;

use crate::agent::handbook::Handbook;
use crate::agent::models::openai::{OpenaiModel, OpenaiSettings};
use crate::agent::models::prompt::Prompts;
use crate::agent::models::scripted::Scripted;
use crate::agent::port::LanguageModel;
use crate::config::{AgentModel, Config, OpenaiConfig, locate, plain};
use crate::provider::{Account, Timeouts};

/// Folder of the prompts in `CONTEXT_PATH`.
const PROMPTS: &str = "prompts";

pub fn model(config: &Config, handbook: &Arc<Handbook>) -> anyhow::Result<Arc<dyn LanguageModel>> {
    match config.agent.model {
        AgentModel::Scripted => Ok(Arc::new(Scripted::new(Arc::clone(handbook)))),
        AgentModel::Openai => {
            Ok(Arc::new(openai(&config.openai, account(config), prompts(config, handbook))?))
        }
    }
}

pub fn openai(service: &OpenaiConfig, account: Account, prompts: Prompts) -> anyhow::Result<OpenaiModel> {
    let settings = OpenaiSettings {
        account,
        model: service.model.clone(),
        fallback: service.fallback_model.clone(),
        timeout: Timeouts { call: service.timeout },
        prices: service.prices.clone(),
        prompts,
    };
    tracing::info!(model = settings.model, version = settings.prompts.version(), "the model is asked");
    OpenaiModel::new(settings).context("could not prepare calls of the model")
}

pub fn account(config: &Config) -> Account {
    let key = config.openai.key.as_ref().map(|key| config.live_secrets.of("OPENAI_API_KEY", key));
    Account { base_url: config.openai.base_url.clone(), key }
}

/// The company's prompts; missing ones are built in.
pub fn prompts(config: &Config, handbook: &Handbook) -> Prompts {
    Prompts::read(&handbook.voice.tone, |name| {
        let path = locate(&config.context_path.join(PROMPTS).join(name)).ok()?;
        std::fs::read(path).ok().map(|bytes| plain(&bytes))
    })
}
