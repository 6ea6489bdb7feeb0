//! The configured e-mail channel: a mailbox of Gmail, one behind IMAP and SMTP, a folder in development, or nothing.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use anyhow::Context;

use super::whatsapp::media_folder;
use crate::actors::channels::delivery::chat::ChatSettings;
use crate::actors::supervisor::{ChannelPlan, FeedPlan};
use crate::channels::email::gmail::push::{GmailPush, PushSettings};
use crate::channels::email::gmail::{Gmail, GmailMailboxes, GmailSettings, GmailUrl};
use crate::channels::email::imap::{Imap, ImapFolder, ImapSettings, SentCopies};
use crate::channels::email::inbound::MailReader;
use crate::channels::email::oauth::{OauthCredentials, TokenSettings, TokenSource};
use crate::channels::email::own::{Authserv, OwnMailbox};
use crate::channels::email::reply::ReplyWriter;
use crate::channels::email::sandbox::{AUTHSERV, MailSandbox};
use crate::channels::email::server::{MailLogin, MailSecret, MailServer, Security};
use crate::channels::port::{InboundFeed, MessageSender, PushReceiver};
use crate::channels::reports::SendReport;
use crate::channels::verification::SendVerificationCode;
use crate::config::{Config, EmailProvider, Environment, GmailConfig, ImapConfig, MailServerConfig};
use crate::domain::customers::contact::Email;
use crate::domain::enums::Channel;

/// The scope that reading, labelling and answering need.
pub const GMAIL_SCOPE: &str = "https://www.googleapis.com/auth/gmail.modify";
const PUSH_PATH: &str = "/webhooks/gmail";

/// Mails on their way at a time. A crash leaves no more than these in doubt.
const SENDS_AT_ONCE: usize = 4;
const MAIL_FOLDER: &str = "mail";
/// Between two looks into the sandbox's inbox.
const LOOK_EVERY: Duration = Duration::from_secs(1);
/// Far more than a person who tries the program out writes.
const SANDBOX_PER_SECOND: f64 = 100.0;

/// The channel, ready to use.
pub struct MailChannel {
    pub channel: ChannelPlan,
    /// It also mails the codes by which a chat is linked to a customer.
    pub codes: Option<Arc<dyn SendVerificationCode>>,
    /// And the reports for staff.
    pub reports: Option<Arc<dyn SendReport>>,
    pub pushes: Option<Arc<dyn PushReceiver>>,
}

/// The channel in parts, each where there is one.
#[derive(Default)]
pub struct MailParts {
    pub email: Option<ChannelPlan>,
    pub codes: Option<Arc<dyn SendVerificationCode>>,
    pub reports: Option<Arc<dyn SendReport>>,
    pub pushes: Option<Arc<dyn PushReceiver>>,
}

impl From<Option<MailChannel>> for MailParts {
    fn from(open: Option<MailChannel>) -> Self {
        let parts = |MailChannel { channel, codes, reports, pushes }| Self {
            email: Some(channel),
            codes,
            reports,
            pushes,
        };
        open.map_or_else(Self::default, parts)
    }
}

/// The channel that pushes reach at `public_url`; `None` if it is switched off. Replies are signed with that name.
pub async fn open(config: &Config, from_name: &str, public_url: &str) -> anyhow::Result<Option<MailChannel>> {
    match (&config.email.provider, &address(config).await?) {
        (EmailProvider::Imap(imap), Some(address)) => {
            let settings = imap_settings(config, imap, address, from_name)?;
            // Both share the access tokens.
            let sent = ImapSettings { folder: ImapFolder::Sent, ..settings.clone() };
            let (mailbox, sent) = (Arc::new(Imap::new(settings)), Arc::new(Imap::new(sent)));
            tracing::info!(%address, host = imap.imap.host, "e-mail goes by IMAP and SMTP");
            let feeds: Vec<Arc<dyn InboundFeed>> = vec![mailbox.clone(), sent];
            Ok(Some(plan(config, mailbox, feeds)))
        }
        (EmailProvider::Gmail(settings), Some(address)) => {
            let mailboxes = gmail_mailboxes(config, settings, address, from_name)?;
            let pushes = push(config, settings, &mailboxes, public_url)?;
            tracing::info!(%address, has_pushes = pushes.is_some(), "e-mail goes by Gmail");
            let feed = |mailbox: &Gmail| Arc::new(mailbox.clone()) as Arc<dyn InboundFeed>;
            let (feeds, mailboxes) = (mailboxes.all().map(feed).collect(), Arc::new(mailboxes));
            Ok(Some(MailChannel { pushes, ..plan(config, mailboxes, feeds) }))
        }
        (EmailProvider::Imap(_) | EmailProvider::Gmail(_), None) => {
            tracing::error!("set EMAIL_ADDRESS: until then, the e-mail channel is switched off");
            Ok(None)
        }
        (EmailProvider::Unset, _) if config.environment == Environment::Development => {
            let channel = sandbox(config, from_name)?;
            Ok(Some(MailChannel { channel, codes: None, reports: None, pushes: None }))
        }
        (EmailProvider::Unset | EmailProvider::None, _) => {
            tracing::warn!("e-mail is not configured: the channel is switched off");
            Ok(None)
        }
    }
}

fn sandbox(config: &Config, from_name: &str) -> anyhow::Result<ChannelPlan> {
    let reader = MailReader::new(sandbox_mailbox(config)?, Arc::new(media_folder(config)));
    let sandbox = Arc::new(MailSandbox::new(mail_folder(config), reader, from_name));
    Ok(ChannelPlan {
        settings: ChatSettings {
            channel: Channel::Email,
            per_second: SANDBOX_PER_SECOND,
            at_once: SENDS_AT_ONCE,
        },
        sender: sandbox.clone(),
        feeds: vec![FeedPlan { feed: sandbox, every: LOOK_EVERY }],
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

/// The given address, else the one that Gmail tells.
async fn address(config: &Config) -> anyhow::Result<Option<Email>> {
    let EmailProvider::Gmail(gmail) = &config.email.provider else {
        return Ok(config.email.address.clone());
    };
    if config.email.address.is_some() {
        return Ok(config.email.address.clone());
    }
    let tokens = Arc::new(token_source(config, &gmail.credentials_path, String::new())?);
    let asked = Gmail::address_of(GmailUrl(config.email.google.api_base_url.clone()), tokens).await;
    Ok(asked.inspect_err(|error| tracing::error!(%error, "could not ask whose mailbox it is")).ok())
}

/// Connects nowhere yet.
fn gmail_mailboxes(
    config: &Config,
    gmail: &GmailConfig,
    address: &Email,
    from_name: &str,
) -> anyhow::Result<GmailMailboxes> {
    let first = self::gmail(config, gmail, address, &gmail.credentials_path, from_name)?;
    let further = gmail.further.iter();
    let further = further.map(|(address, path)| self::gmail(config, gmail, address, path, from_name));
    Ok(GmailMailboxes::new(first, further.collect::<anyhow::Result<_>>()?))
}

fn gmail(
    config: &Config,
    gmail: &GmailConfig,
    address: &Email,
    path: &Path,
    from_name: &str,
) -> anyhow::Result<Gmail> {
    let mut own =
        own(config, address, Some(authserv(config).unwrap_or_else(|| Authserv::parse(Authserv::GMAIL))));
    // The other mailboxes are ours as well.
    let others = config.email.address.iter().chain(gmail.further.iter().map(|(address, _)| address));
    own.aliases.extend(others.map(Email::to_string));
    Ok(Gmail::new(GmailSettings {
        url: GmailUrl(config.email.google.api_base_url.clone()),
        tokens: Arc::new(token_source(config, path, address.to_string())?),
        topic: gmail.pubsub_topic.clone(),
        archives: gmail.archives,
        reader: MailReader::new(own.clone(), Arc::new(media_folder(config))),
        writer: ReplyWriter::new(own, from_name),
    })?)
}

/// The source of access tokens for Gmail.
fn token_source(config: &Config, path: &Path, subject: String) -> anyhow::Result<TokenSource> {
    let credentials = OauthCredentials::read(path)
        .with_context(|| format!("GMAIL_CREDENTIALS_PATH, {}", path.display()))?;
    Ok(TokenSource::new(TokenSettings {
        credentials,
        path: path.to_owned(),
        token_url: config.email.google.token_url.clone(),
        scope: GMAIL_SCOPE.to_owned(),
        subject,
    })?)
}

fn push(
    config: &Config,
    gmail: &GmailConfig,
    mailboxes: &GmailMailboxes,
    public_url: &str,
) -> anyhow::Result<Option<Arc<dyn PushReceiver>>> {
    let Some(service_account) = gmail.push_service_account.clone() else {
        return Ok(None);
    };
    let settings = PushSettings {
        certs_url: config.email.google.certs_url.clone(),
        audience: gmail.push_audience.clone().unwrap_or_else(|| format!("{public_url}{PUSH_PATH}")),
        service_account,
    };
    let mailboxes = mailboxes.all().map(|mailbox| (mailbox.address().clone(), mailbox.clone()));
    Ok(Some(Arc::new(GmailPush::new(settings, mailboxes.collect())?)))
}

fn authserv(config: &Config) -> Option<Authserv> {
    config.email.authserv_id.as_deref().map(Authserv::parse)
}

/// Connects to the mailbox and logs in; its address, or `None` where none is configured.
pub async fn check(config: &Config) -> anyhow::Result<Option<Email>> {
    let address = address(config).await?;
    match (&config.email.provider, &address) {
        (EmailProvider::Imap(imap), Some(address)) => {
            Imap::new(imap_settings(config, imap, address, "")?).check().await?;
        }
        (EmailProvider::Gmail(settings), Some(address)) => {
            for mailbox in gmail_mailboxes(config, settings, address, "")?.all() {
                mailbox.check().await?;
            }
        }
        (EmailProvider::Imap(_) | EmailProvider::Gmail(_), None) => {
            anyhow::bail!("the address of the mailbox is not known: set EMAIL_ADDRESS")
        }
        (EmailProvider::Unset | EmailProvider::None, _) => return Ok(None),
    }
    Ok(address)
}

/// `mailbox` sends everything.
fn plan<M: MessageSender + SendVerificationCode + SendReport + 'static>(
    config: &Config,
    mailbox: Arc<M>,
    feeds: Vec<Arc<dyn InboundFeed>>,
) -> MailChannel {
    let settings =
        ChatSettings { channel: Channel::Email, per_second: config.email.per_second, at_once: SENDS_AT_ONCE };
    let feeds = feeds.into_iter().map(|feed| FeedPlan { feed, every: config.email.poll }).collect();
    MailChannel {
        channel: ChannelPlan { settings, sender: mailbox.clone(), feeds, media: None },
        codes: Some(mailbox.clone()),
        reports: Some(mailbox),
        pushes: None,
    }
}

/// The settings for the folder that customers' mails are in.
fn imap_settings(
    config: &Config,
    imap: &ImapConfig,
    address: &Email,
    from_name: &str,
) -> anyhow::Result<ImapSettings> {
    let own = own(config, address, authserv(config));
    let tokens = imap.oauth_path.as_deref().map(|path| tokens(path, address)).transpose()?.map(Arc::new);
    Ok(ImapSettings {
        imap: server(config, &imap.imap, "IMAP_URL", tokens.as_ref()),
        smtp: server(config, &imap.smtp, login_variable(imap), tokens.as_ref()),
        folder: ImapFolder::Incoming(imap.folder.clone()),
        copies: if imap.appends_copies { SentCopies::Append } else { SentCopies::ByProvider },
        reader: MailReader::new(own.clone(), Arc::new(media_folder(config))),
        writer: ReplyWriter::new(own, from_name),
    })
}

fn own(config: &Config, address: &Email, authserv: Option<Authserv>) -> OwnMailbox {
    OwnMailbox { address: address.clone(), aliases: config.email.aliases.clone(), authserv }
}

/// The variable whose login is used for SMTP.
fn login_variable(imap: &ImapConfig) -> &'static str {
    if imap.smtp_has_login { "SMTP_URL" } else { "IMAP_URL" }
}

/// In plain text only a server on this machine is spoken to, and in development any that offers no STARTTLS.
/// Its login is that of `variable`.
fn server(
    config: &Config,
    server: &MailServerConfig,
    variable: &'static str,
    tokens: Option<&Arc<TokenSource>>,
) -> MailServer {
    let security = match (server.has_implicit_tls, config.environment) {
        (true, _) => Security::Tls,
        (false, Environment::Development) => Security::Opportunistic,
        (false, Environment::Production) if server.is_local() => Security::Opportunistic,
        (false, Environment::Production) => Security::StartTls,
    };
    let secret = match (tokens, &server.password) {
        (Some(tokens), _) => Some(MailSecret::Token(Arc::clone(tokens))),
        (None, Some(password)) => Some(match config.live_secrets.in_file(variable) {
            Some(url) => MailSecret::Url(url),
            None => MailSecret::Password(password.clone()),
        }),
        (None, None) => None,
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
    let settings =
        TokenSettings { credentials, path: path.to_owned(), token_url, scope, subject: address.to_string() };
    Ok(TokenSource::new(settings)?)
}
