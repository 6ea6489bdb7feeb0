//! The configured WhatsApp channel: a Twilio account, a sandbox in development, or nothing.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use anyhow::Context;

use super::secrets;
use crate::actors::channels::delivery::chat::ChatSettings;
use crate::actors::supervisor::{ChannelPlan, FeedPlan, MediaPlan};
use crate::channels::MediaFolder;
use crate::channels::port::MessageSender;
use crate::channels::verification::SendVerificationCode;
use crate::channels::verification::folder::MailFolder;
use crate::channels::whatsapp::media::{Media, MediaSettings};
use crate::channels::whatsapp::sandbox::{Sandbox, SandboxSettings};
use crate::channels::whatsapp::twilio::{Twilio, TwilioSettings};
use crate::channels::whatsapp::{FeedPace, QUIET, Template, Verifier};
use crate::config::{Config, Environment, TwilioAccount};
use crate::domain::customers::contact::Phone;
use crate::domain::enums::Channel;
use crate::http::ChannelWebhooks;
use crate::live_secret::LiveSecret;

/// The sandbox's token and address, in FTE_DATA_DIR.
const TOKEN_FILE: &str = "twilio-auth-token";
pub const SANDBOX_FILE: &str = "twilio-sandbox";
/// The number of Twilio's own sandbox.
const SANDBOX_NUMBER: &str = "+14155238886";
/// Requests in flight: at one second each they allow the 80 per second that a sender may send.
const SENDS_AT_ONCE: usize = 96;
const MEDIA_FOLDER: &str = "media";
const MAIL_FOLDER: &str = "mail";
const SANDBOX_SID: &str = "AC00000000000000000000000000000000";
/// Between two readings of Twilio's list of messages.
const LIST_EVERY: Duration = Duration::from_secs(30);
/// Path of Twilio's status callbacks.
const STATUS_PATH: &str = "/webhooks/whatsapp/status";

/// The channel, ready to use.
pub struct Whatsapp {
    pub webhooks: ChannelWebhooks,
    pub channel: ChannelPlan,
}

/// The channel that Twilio reaches at `public_url`; `None` if it is switched off.
pub fn open(config: &Config, public_url: &str) -> anyhow::Result<Option<Whatsapp>> {
    let Some(account) = account(config)? else {
        tracing::warn!("TWILIO_ACCOUNT_SID is unset: the WhatsApp channel is switched off");
        return Ok(None);
    };
    let is_sandbox = config.twilio.account.is_none() && config.twilio.api_base_url.is_none();
    let mut allowed_origins = config.twilio.media_allowed_origins.clone();
    let api_base_url = if is_sandbox {
        let sandbox =
            sandbox(&account, &config.data_dir).context("could not start the sandbox of WhatsApp")?;
        allowed_origins.extend(sandbox.origins());
        sandbox.url().to_owned()
    } else {
        config.twilio.api_base_url().to_owned()
    };
    let media = Media::new(MediaSettings {
        api_base_url: api_base_url.clone(),
        account_sid: account.sid.clone(),
        token: live(config, &account),
        allowed_origins,
    });
    let twilio = Arc::new(twilio(config, &account, api_base_url, public_url)?);
    let settings = ChatSettings {
        channel: Channel::Whatsapp,
        per_second: config.twilio.messages_per_second,
        at_once: SENDS_AT_ONCE,
    };
    Ok(Some(Whatsapp {
        webhooks: ChannelWebhooks {
            channel: Channel::Whatsapp,
            verifier: verifier(config, &account),
            public_url: public_url.to_owned(),
        },
        channel: ChannelPlan {
            sender: Arc::clone(&twilio) as Arc<dyn MessageSender>,
            settings,
            feeds: vec![FeedPlan { feed: twilio, every: LIST_EVERY }],
            media: Some(MediaPlan { source: Arc::new(media), store: Arc::new(media_folder(config)) }),
        },
    }))
}

/// Who mails the codes that link a chat to a customer: in development, as long as no e-mail is configured, a folder.
pub fn codes(config: &Config) -> Option<Arc<dyn SendVerificationCode>> {
    match config.environment {
        Environment::Development => Some(Arc::new(MailFolder::new(config.data_dir.join(MAIL_FOLDER)))),
        Environment::Production => {
            tracing::info!("e-mail is not configured: staff must link chats to customers");
            None
        }
    }
}

/// Where customers' files are kept.
pub fn media_folder(config: &Config) -> MediaFolder {
    let path = config.twilio.media_path.clone();
    MediaFolder::new(path.unwrap_or_else(|| config.data_dir.join(MEDIA_FOLDER)))
}

fn twilio(
    config: &Config,
    account: &TwilioAccount,
    api_base_url: String,
    public_url: &str,
) -> anyhow::Result<Twilio> {
    let template = config.twilio.template.as_ref();
    let template = template.map(|template| Template::new(template.content_sid.clone(), &template.variables));
    let settings = TwilioSettings {
        api_base_url,
        account_sid: account.sid.clone(),
        token: live(config, account),
        number: account.number.clone(),
        status_callback: format!("{public_url}{STATUS_PATH}"),
        template: template.transpose()?,
        quiet: QUIET,
        pace: FeedPace::default(),
    };
    Ok(Twilio::new(settings)?)
}

/// The account to work with: the given one, or in development one that exists nowhere.
pub fn account(config: &Config) -> anyhow::Result<Option<TwilioAccount>> {
    match (&config.twilio.account, config.environment) {
        (Some(account), Environment::Development | Environment::Production) => Ok(Some(account.clone())),
        (None, Environment::Production) => Ok(None),
        (None, Environment::Development) => sandbox_account(&config.data_dir).map(Some),
    }
}

fn sandbox_account(data_dir: &Path) -> anyhow::Result<TwilioAccount> {
    let path = data_dir.join(TOKEN_FILE);
    let token = secrets::stored(&path).with_context(|| format!("could not keep {}", path.display()))?;
    Ok(TwilioAccount {
        sid: SANDBOX_SID.to_owned(),
        token,
        secondary_token: None,
        number: Phone::parse(SANDBOX_NUMBER)?,
    })
}

/// Starts the fake Twilio, and writes down where it is for `fte simulate`.
fn sandbox(account: &TwilioAccount, data_dir: &Path) -> anyhow::Result<Sandbox> {
    let sandbox = Sandbox::start(SandboxSettings {
        port: 0,
        account_sid: account.sid.clone(),
        token: account.token.clone(),
        number: account.number.clone(),
    })?;
    let path = data_dir.join(SANDBOX_FILE);
    secrets::write(&path, sandbox.url())?;
    tracing::info!(url = sandbox.url(), "WhatsApp runs in a sandbox: nothing leaves this machine");
    Ok(sandbox)
}

/// Who is believed on webhooks.
fn verifier(config: &Config, account: &TwilioAccount) -> Verifier {
    let second = |token| config.live_secrets.of("TWILIO_AUTH_TOKEN_SECONDARY", token);
    let tokens = [Some(live(config, account)), account.secondary_token.as_ref().map(second)];
    Verifier::new(tokens.into_iter().flatten().collect())
}

/// The account's token, which a file may replace.
fn live(config: &Config, account: &TwilioAccount) -> LiveSecret {
    config.live_secrets.of("TWILIO_AUTH_TOKEN", &account.token)
}
