//! The configured e-mail channel: a mailbox behind IMAP and SMTP, or nothing.

use std::path::Path;
use std::sync::Arc;

use anyhow::Context;

use super::whatsapp::media_folder;
use crate::actors::channels::delivery::chat::ChatSettings;
use crate::actors::supervisor::{ChannelPlan, FeedPlan};
use crate::channels::email::imap::{Imap, ImapSettings, SentCopies};
use crate::channels::email::inbound::MailReader;
use crate::channels::email::oauth::{OauthCredentials, TokenSettings, TokenSource};
use crate::channels::email::own::{Authserv, OwnMailbox};
use crate::channels::email::reply::ReplyWriter;
use crate::channels::email::server::{MailLogin, MailSecret, MailServer, Security};
use crate::channels::port::{InboundFeed, MessageSender};
use crate::channels::verification::SendVerificationCode;
use crate::config::{Config, EmailProvider, Environment, ImapConfig, MailServerConfig};
use crate::domain::customers::contact::Email;
use crate::domain::enums::Channel;
use crate::domain::runtime::timing::DELIVERY_QUIET;

/// The channel, ready to use.
pub struct MailChannel {
    pub channel: ChannelPlan,
    /// It also mails the codes by which a chat is linked to a customer.
    pub codes: Arc<dyn SendVerificationCode>,
}

/// The channel; `None` if it is switched off.
pub fn open(config: &Config) -> anyhow::Result<Option<MailChannel>> {
    match (&config.email.provider, &config.email.address) {
        (EmailProvider::Imap(imap), Some(address)) => {
            let mailbox = Arc::new(mailbox(config, imap, address)?);
            tracing::info!(%address, host = imap.imap.host, "e-mail goes by IMAP and SMTP");
            Ok(Some(plan(config, mailbox.clone(), mailbox.clone(), mailbox)))
        }
        (EmailProvider::Imap(_) | EmailProvider::Gmail(_), _) => Ok(None),
        (EmailProvider::Unset | EmailProvider::None, _) => {
            tracing::info!("e-mail is not configured: the channel is switched off");
            Ok(None)
        }
    }
}

fn plan(
    config: &Config,
    sender: Arc<dyn MessageSender>,
    feed: Arc<dyn InboundFeed>,
    codes: Arc<dyn SendVerificationCode>,
) -> MailChannel {
    let settings = ChatSettings { channel: Channel::Email, per_second: config.email.per_second };
    let feed = Some(FeedPlan { feed, every: config.email.poll });
    MailChannel { channel: ChannelPlan { settings, sender, feed, media: None }, codes }
}

/// Connects nowhere yet.
pub fn mailbox(config: &Config, imap: &ImapConfig, address: &Email) -> anyhow::Result<Imap> {
    let authserv = config.email.authserv_id.as_deref().map(Authserv::parse);
    let own = own(config, address, authserv);
    let tokens = imap.oauth_path.as_deref().map(|path| tokens(path, address)).transpose()?.map(Arc::new);
    Ok(Imap::new(ImapSettings {
        imap: server(config, &imap.imap, tokens.as_ref()),
        smtp: server(config, &imap.smtp, tokens.as_ref()),
        folder: imap.folder.clone(),
        copies: if imap.appends_copies { SentCopies::Append } else { SentCopies::ByProvider },
        reader: MailReader::new(own.clone(), Arc::new(media_folder(config))),
        writer: ReplyWriter::new(own, &config.email.from_name),
        quiet: DELIVERY_QUIET,
    }))
}

fn own(config: &Config, address: &Email, authserv: Option<Authserv>) -> OwnMailbox {
    OwnMailbox { address: address.clone(), aliases: config.email.aliases.clone(), authserv }
}

/// In plain text only a server on this machine is spoken to, and in development any that offers no STARTTLS.
fn server(config: &Config, server: &MailServerConfig, tokens: Option<&Arc<TokenSource>>) -> MailServer {
    let security = match (server.has_implicit_tls, config.environment) {
        (true, _) => Security::Tls,
        (false, Environment::Development) => Security::Opportunistic,
        (false, Environment::Production) if server.is_local() => Security::Opportunistic,
        (false, Environment::Production) => Security::StartTls,
    };
    let secret = match (tokens, &server.password) {
        (Some(tokens), _) => Some(MailSecret::Token(Arc::clone(tokens))),
        (None, password) => password.clone().map(MailSecret::Password),
    };
    let login = server.user.clone().zip(secret).map(|(user, secret)| MailLogin { user, secret });
    MailServer { host: server.host.clone(), port: server.port, security, login }
}

/// The source of access tokens for XOAUTH2.
fn tokens(path: &Path, address: &Email) -> anyhow::Result<TokenSource> {
    let read = || format!("EMAIL_OAUTH_PATH, {}", path.display());
    let credentials = OauthCredentials::read(path).with_context(read)?;
    let (token_url, scope) = match &credentials {
        OauthCredentials::User(user) => (user.token_uri.clone(), user.scope.clone()),
        OauthCredentials::Service(account) => {
            (account.token_uri.clone(), Some("https://mail.google.com/".to_owned()))
        }
    };
    let token_url = token_url.context("it names no `token_uri`").with_context(read)?;
    let scope = scope.unwrap_or_default();
    let settings = TokenSettings { credentials, token_url, scope, subject: address.to_string() };
    Ok(TokenSource::new(settings)?)
}
