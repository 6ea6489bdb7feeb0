//! The configured e-mail channel: in development without a provider, a folder; in production nothing yet.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use anyhow::Context as _;

use super::whatsapp::media_folder;
use crate::actors::channels::delivery::chat::ChatSettings;
use crate::actors::supervisor::{ChannelPlan, FeedPlan};
use crate::channels::email::inbound::MailReader;
use crate::channels::email::own::{Authserv, OwnMailbox};
use crate::channels::email::sandbox::{AUTHSERV, MailSandbox};
use crate::config::{Config, Environment};
use crate::domain::enums::Channel;

const MAIL_FOLDER: &str = "mail";
/// Between two looks into the inbox.
const LOOK_EVERY: Duration = Duration::from_secs(1);
/// Far more than a person who tries the program out writes.
const MAILS_PER_SECOND: f64 = 100.0;

/// The channel; `None` if it is switched off. Replies are signed with that name.
pub fn open(config: &Config, from_name: &str) -> anyhow::Result<Option<ChannelPlan>> {
    match config.environment {
        Environment::Production => {
            tracing::warn!("e-mail is not configured: the channel is switched off");
            Ok(None)
        }
        Environment::Development => sandbox(config, from_name).map(Some),
    }
}

fn sandbox(config: &Config, from_name: &str) -> anyhow::Result<ChannelPlan> {
    let reader = MailReader::new(sandbox_mailbox(config)?, Arc::new(media_folder(config)));
    let sandbox = Arc::new(MailSandbox::new(mail_folder(config), reader, from_name));
    Ok(ChannelPlan {
        settings: ChatSettings { channel: Channel::Email, per_second: MAILS_PER_SECOND },
        sender: sandbox.clone(),
        feed: Some(FeedPlan { feed: sandbox, every: LOOK_EVERY }),
        media: None,
    })
}

/// Where the sandbox keeps its mails.
pub fn mail_folder(config: &Config) -> PathBuf {
    config.data_dir.join(MAIL_FOLDER)
}

/// Our own addresses, with a receiving server that the sandbox plays.
pub fn sandbox_mailbox(config: &Config) -> anyhow::Result<OwnMailbox> {
    Ok(OwnMailbox {
        address: config.email.address_or_sandbox().context("the sandbox has no address")?,
        aliases: config.email.aliases.clone(),
        authserv: Some(Authserv::parse(AUTHSERV)),
    })
}
