//! The WhatsApp channel as it is configured: an account at Twilio, a sandbox of our own in development, or nothing.

use std::path::Path;

use anyhow::Context;
use secrecy::SecretString;

use super::secrets;
use crate::channels::whatsapp::Verifier;
use crate::config::{Config, Environment, TwilioAccount};
use crate::domain::contact::Phone;

/// The sandbox's token, in FTE_DATA_DIR.
const TOKEN_FILE: &str = "twilio-auth-token";
/// The number of Twilio's own sandbox.
const SANDBOX_NUMBER: &str = "+14155238886";
const SANDBOX_SID: &str = "AC00000000000000000000000000000000";

/// The account to work with; `None` switches the channel off.
pub fn account(config: &Config) -> anyhow::Result<Option<TwilioAccount>> {
    match (&config.twilio.account, config.environment) {
        (Some(account), Environment::Development | Environment::Production) => Ok(Some(account.clone())),
        (None, Environment::Production) => {
            tracing::warn!("TWILIO_ACCOUNT_SID is unset: the WhatsApp channel is switched off");
            Ok(None)
        }
        (None, Environment::Development) => sandbox(&config.data_dir).map(Some),
    }
}

fn sandbox(data_dir: &Path) -> anyhow::Result<TwilioAccount> {
    let path = data_dir.join(TOKEN_FILE);
    let token = secrets::stored(&path).with_context(|| format!("could not keep {}", path.display()))?;
    Ok(TwilioAccount {
        sid: SANDBOX_SID.to_owned(),
        token,
        secondary_token: None,
        number: Phone::parse(SANDBOX_NUMBER)?,
    })
}

/// Who is believed on webhooks.
pub fn verifier(account: &TwilioAccount) -> Verifier {
    let tokens: Vec<SecretString> =
        [Some(account.token.clone()), account.secondary_token.clone()].into_iter().flatten().collect();
    Verifier::new(tokens)
}
