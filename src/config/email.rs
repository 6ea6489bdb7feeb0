//! Settings of the e-mail channel: the provider, our addresses, and how the mailbox is reached.

use std::path::PathBuf;
use std::time::Duration;

use percent_encoding::percent_decode_str;
use secrecy::{ExposeSecret, SecretString};

use super::reader::Reader;
use crate::domain::customers::contact::Email;

/// The address of a development server without one.
const SANDBOX_ADDRESS: &str = "support@example.com";
const POLL: Duration = Duration::from_secs(60);
const GMAIL_API: &str = "https://gmail.googleapis.com";
const GOOGLE_TOKENS: &str = "https://oauth2.googleapis.com/token";
const GOOGLE_CERTS: &str = "https://www.googleapis.com/oauth2/v3/certs";
/// Mails per second; a provider that takes fewer says so, and is then given a pause.
const PER_SECOND: f64 = 10.0;
/// Their own outgoing servers keep the copy of a mail that is sent through them.
const KEEP_COPIES: &[&str] = &["smtp.gmail.com", "smtp-mail.outlook.com", "smtp.office365.com"];

#[derive(Clone, Debug)]
pub struct EmailConfig {
    pub provider: EmailProvider,
    /// `None` for a mailbox of Gmail means that Gmail is asked.
    pub address: Option<Email>,
    /// Other addresses of ours; `@example.com` is a whole domain.
    pub aliases: Vec<String>,
    /// Whose authentication results are trusted; `-` for a server that writes no id.
    pub authserv_id: Option<String>,
    /// Between two looks into the mailbox where nothing was announced.
    pub poll: Duration,
    pub per_second: f64,
    pub google: GoogleUrls,
}

#[derive(Clone, Debug)]
pub enum EmailProvider {
    Gmail(GmailConfig),
    Imap(ImapConfig),
    /// Nothing is configured: a sandbox in development, and switched off in production.
    Unset,
    /// `EMAIL_PROVIDER=none`.
    None,
}

/// Gmail's REST API.
#[derive(Clone, Debug)]
pub struct GmailConfig {
    pub credentials_path: PathBuf,
    /// Further mailboxes, each with its credentials.
    pub further: Vec<(Email, PathBuf)>,
    /// `projects/…/topics/…`; without one, there are no pushes.
    pub pubsub_topic: Option<String>,
    /// The `aud` of push tokens; `None` means the public URL of the webhook.
    pub push_audience: Option<String>,
    /// The service account that pushes come from; without it, no push is accepted.
    pub push_service_account: Option<String>,
    /// Whether threads are taken out of the inbox when they are resolved.
    pub archives: bool,
}

/// Where Google is, without trailing slashes.
#[derive(Clone, Debug)]
pub struct GoogleUrls {
    pub api_base_url: String,
    pub token_url: String,
    pub certs_url: String,
}

/// A mailbox behind IMAP and SMTP.
#[derive(Clone, Debug)]
pub struct ImapConfig {
    pub imap: MailServerConfig,
    pub smtp: MailServerConfig,
    /// Whether SMTP_URL has a login of its own; else it is that of IMAP_URL.
    pub smtp_has_login: bool,
    pub folder: String,
    /// Credentials for XOAUTH2; without them, the passwords of the URLs are used.
    pub oauth_path: Option<PathBuf>,
    /// Whether we keep the copies of replies in the Sent folder ourselves.
    pub appends_copies: bool,
}

#[derive(Clone, Debug)]
pub struct MailServerConfig {
    pub host: String,
    pub port: u16,
    /// TLS from the first byte, instead of STARTTLS.
    pub has_implicit_tls: bool,
    pub user: Option<String>,
    pub password: Option<SecretString>,
}

impl EmailConfig {
    /// The configured address, else that of the sandbox.
    pub fn address_or_sandbox(&self) -> Option<Email> {
        self.address.clone().or_else(|| Email::parse(SANDBOX_ADDRESS).ok())
    }
}

impl MailServerConfig {
    /// Whether it runs on this machine.
    pub fn is_local(&self) -> bool {
        let address = self.host.trim_matches(['[', ']']).parse::<std::net::IpAddr>();
        self.host == "localhost" || address.is_ok_and(|address| address.is_loopback())
    }
}

pub(super) fn read(reader: &mut Reader<'_>) -> EmailConfig {
    let addresses = reader.parse("EMAIL_ADDRESS", "an e-mail address", |value| {
        value.split(',').map(|address| Email::parse(address.trim()).ok()).collect::<Option<Vec<Email>>>()
    });
    let mut addresses = addresses.unwrap_or_default().into_iter();
    let address = addresses.next();
    let provider = provider(reader, addresses.collect());
    let address = address.or_else(|| match &provider {
        EmailProvider::Imap(imap) => imap.imap.user.as_deref().and_then(|user| Email::parse(user).ok()),
        EmailProvider::Gmail(_) | EmailProvider::Unset | EmailProvider::None => None,
    });
    // Gmail tells whose mailbox a consent is for.
    if address.is_none() && matches!(provider, EmailProvider::Imap(_)) {
        reader.wrong("EMAIL_ADDRESS", None, "the address of the mailbox, because IMAP_URL does not name it");
    }
    EmailConfig {
        provider,
        address,
        aliases: own_aliases(reader),
        authserv_id: authserv_id(reader),
        poll: seconds(reader).unwrap_or(POLL),
        per_second: per_second(reader).unwrap_or(PER_SECOND),
        google: google(reader),
    }
}

fn own_aliases(reader: &mut Reader<'_>) -> Vec<String> {
    let expects = "addresses or domains such as help@example.com,@shop.example.com";
    reader.parse("EMAIL_ALIASES", expects, aliases).unwrap_or_default()
}

fn authserv_id(reader: &mut Reader<'_>) -> Option<String> {
    reader.parse("EMAIL_AUTHSERV_ID", "a server's id such as mx.example.com, or -", |text| {
        let is_id = !text.contains(char::is_whitespace) && !text.contains(';');
        is_id.then(|| text.to_owned())
    })
}

fn per_second(reader: &mut Reader<'_>) -> Option<f64> {
    reader.parse("EMAIL_MESSAGES_PER_SECOND", "a number above 0, up to 1000", |value| {
        value.parse().ok().filter(|rate: &f64| *rate > 0.0 && *rate <= 1000.0)
    })
}

fn seconds(reader: &mut Reader<'_>) -> Option<Duration> {
    reader.parse("EMAIL_POLL_SECONDS", "a whole number of seconds from 1 to 3600", |value| {
        value.parse().ok().filter(|seconds| (1..=3_600).contains(seconds)).map(Duration::from_secs)
    })
}

fn aliases(text: &str) -> Option<Vec<String>> {
    let listed = text.split(',').map(str::trim).filter(|alias| !alias.is_empty());
    listed.map(|alias| is_alias(alias).then(|| alias.to_lowercase())).collect()
}

fn is_alias(text: &str) -> bool {
    match text.strip_prefix('@') {
        Some(domain) => Email::parse(&format!("x@{domain}")).is_ok(),
        None => Email::parse(text).is_ok(),
    }
}

fn google(reader: &mut Reader<'_>) -> GoogleUrls {
    let mut url = |name, default: &str| {
        let url = reader.parse(name, "a URL", |value| {
            reqwest::Url::parse(value).ok().filter(reqwest::Url::has_host)?;
            Some(value.trim_end_matches('/').to_owned())
        });
        url.unwrap_or_else(|| default.to_owned())
    };
    GoogleUrls {
        api_base_url: url("GMAIL_API_BASE_URL", GMAIL_API),
        token_url: url("GOOGLE_TOKEN_URL", GOOGLE_TOKENS),
        certs_url: url("GOOGLE_CERTS_URL", GOOGLE_CERTS),
    }
}

/// `further`: the addresses of mailboxes after the first one.
fn provider(reader: &mut Reader<'_>, further: Vec<Email>) -> EmailProvider {
    let (has_gmail, has_imap) =
        (reader.text("GMAIL_CREDENTIALS_PATH").is_some(), reader.text("IMAP_URL").is_some());
    let wish = reader.parse("EMAIL_PROVIDER", "gmail, imap or none", |value| {
        ["gmail", "imap", "none"].into_iter().find(|name| *name == value)
    });
    match (wish, has_gmail, has_imap) {
        (Some("none"), _, _) => EmailProvider::None,
        (Some("gmail"), _, _) | (None, true, false) => gmail(reader, further),
        _ if !further.is_empty() => {
            reader.wrong("EMAIL_ADDRESS", None, "one address: only Gmail serves several mailboxes");
            EmailProvider::None
        }
        (Some(_), _, _) | (None, false, true) => imap(reader),
        (None, true, true) => {
            let expects = "gmail or imap, because GMAIL_CREDENTIALS_PATH and IMAP_URL are set";
            reader.wrong("EMAIL_PROVIDER", None, expects);
            EmailProvider::None
        }
        (None, false, false) => EmailProvider::Unset,
    }
}

fn gmail(reader: &mut Reader<'_>, further: Vec<Email>) -> EmailProvider {
    let Some(paths) = reader.text("GMAIL_CREDENTIALS_PATH") else {
        reader.wrong("GMAIL_CREDENTIALS_PATH", None, "a file, because EMAIL_PROVIDER is gmail");
        return EmailProvider::None;
    };
    let paths: Vec<PathBuf> = paths.split(',').map(|path| PathBuf::from(path.trim())).collect();
    let (credentials_path, further) = match paths.as_slice() {
        // A service account acts for each of them.
        [one] => (one.clone(), further.into_iter().map(|address| (address, one.clone())).collect()),
        [first, rest @ ..] if rest.len() == further.len() => {
            (first.clone(), further.into_iter().zip(rest.iter().cloned()).collect())
        }
        _ => {
            let expects = "one file, or one for each address in EMAIL_ADDRESS";
            reader.wrong("GMAIL_CREDENTIALS_PATH", None, expects);
            return EmailProvider::None;
        }
    };
    let pubsub_topic = reader.parse("GMAIL_PUBSUB_TOPIC", "projects/PROJECT/topics/TOPIC", |value| {
        let mut parts = value.split('/');
        let is_topic = (parts.next(), parts.nth(1)) == (Some("projects"), Some("topics"));
        (is_topic && parts.next().is_some_and(|name| !name.is_empty()) && parts.next().is_none())
            .then(|| value.to_owned())
    });
    let push_service_account = reader.text("GMAIL_PUSH_SERVICE_ACCOUNT");
    if pubsub_topic.is_some() && push_service_account.is_none() {
        let expects = "the service account that Pub/Sub pushes as, because GMAIL_PUBSUB_TOPIC is set";
        reader.wrong("GMAIL_PUSH_SERVICE_ACCOUNT", None, expects);
    }
    EmailProvider::Gmail(GmailConfig {
        credentials_path,
        further,
        pubsub_topic,
        push_audience: reader.text("GMAIL_PUSH_AUDIENCE"),
        push_service_account,
        archives: switch(reader, "GMAIL_ARCHIVE_RESOLVED").unwrap_or(true),
    })
}

fn switch(reader: &mut Reader<'_>, name: &'static str) -> Option<bool> {
    reader.parse(name, "on or off", |value| match value {
        "on" => Some(true),
        "off" => Some(false),
        _ => None,
    })
}

fn imap(reader: &mut Reader<'_>) -> EmailProvider {
    let imap = server(reader, "IMAP_URL", ("imaps", 993), ("imap", 143));
    let smtp = server(reader, "SMTP_URL", ("smtps", 465), ("smtp", 587));
    let appends_copies = switch(reader, "EMAIL_SENT_COPIES");
    let (Some((imap, path)), Some((mut smtp, _))) = (imap, smtp) else {
        return EmailProvider::None;
    };
    let smtp_has_login = smtp.user.is_some();
    if !smtp_has_login {
        smtp.user.clone_from(&imap.user);
        smtp.password.clone_from(&imap.password);
    }
    EmailProvider::Imap(ImapConfig {
        appends_copies: appends_copies.unwrap_or(!KEEP_COPIES.contains(&smtp.host.as_str())),
        folder: if path.is_empty() { "INBOX".to_owned() } else { path },
        oauth_path: reader.text("EMAIL_OAUTH_PATH").map(PathBuf::from),
        imap,
        smtp,
        smtp_has_login,
    })
}

/// A server and the path of its URL. The URL is never shown: it holds a password.
fn server(
    reader: &mut Reader<'_>,
    name: &'static str,
    tls: (&str, u16),
    start_tls: (&str, u16),
) -> Option<(MailServerConfig, String)> {
    let text = reader.secret(name);
    let parsed = text.as_ref().and_then(|text| parse_server(text.expose_secret(), tls, start_tls));
    if parsed.is_none() {
        let (tls, start_tls) = (tls.0, start_tls.0);
        reader.wrong(name, None, format!("{tls}://user:password@host, or {start_tls}:// for STARTTLS"));
    }
    parsed
}

fn parse_server(text: &str, tls: (&str, u16), start_tls: (&str, u16)) -> Option<(MailServerConfig, String)> {
    let url = reqwest::Url::parse(text).ok()?;
    let (_, default_port) = [tls, start_tls].into_iter().find(|(scheme, _)| *scheme == url.scheme())?;
    let decoded = |part: &str| percent_decode_str(part).decode_utf8().ok().map(std::borrow::Cow::into_owned);
    let user = Some(decoded(url.username())?).filter(|user| !user.is_empty());
    let password = match url.password() {
        Some(password) => Some(SecretString::from(decoded(password)?)),
        None => None,
    };
    let server = MailServerConfig {
        host: url.host_str()?.trim_matches(['[', ']']).to_owned(),
        port: url.port().unwrap_or(default_port),
        has_implicit_tls: url.scheme() == tls.0,
        user,
        password,
    };
    Some((server, decoded(url.path().trim_matches('/'))?))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Config;

    fn config(variables: &[(&str, &str)]) -> Result<EmailConfig, String> {
        let lookup = |name: &str| {
            variables.iter().find(|(given, _)| *given == name).map(|(_, value)| (*value).to_owned())
        };
        Config::from_lookup(lookup).map(|config| config.email).map_err(|errors| errors.to_string())
    }

    const IMAP: (&str, &str) =
        ("IMAP_URL", "imaps://support%40acme.example:p%2Fw%3A@mail.acme.example/Support");
    const SMTP: (&str, &str) = ("SMTP_URL", "smtp://mail.acme.example");

    const TWO: (&str, &str) = ("EMAIL_ADDRESS", "support@acme.example, sales@acme.example");

    #[test]
    fn several_mailboxes_of_gmail_share_a_service_account_or_have_a_file_each() {
        for (paths, second) in [("a.json", "a.json"), ("a.json,b.json", "b.json")] {
            let config = config(&[("GMAIL_CREDENTIALS_PATH", paths), TWO]).unwrap();
            assert_eq!(config.address.unwrap().as_str(), "support@acme.example");
            let EmailProvider::Gmail(gmail) = config.provider else { panic!("not Gmail") };
            assert_eq!(gmail.credentials_path, PathBuf::from("a.json"));
            let sales = Email::parse("sales@acme.example").unwrap();
            assert_eq!(gmail.further, [(sales, PathBuf::from(second))]);
        }
    }

    #[test]
    fn a_mailbox_is_read_from_its_urls() {
        let config = config(&[IMAP, SMTP]).unwrap();
        assert_eq!(config.address.unwrap().as_str(), "support@acme.example");
        let EmailProvider::Imap(imap) = config.provider else { panic!("not IMAP") };
        assert_eq!(
            (imap.imap.port, imap.imap.has_implicit_tls, imap.folder.as_str()),
            (993, true, "Support")
        );
        assert_eq!((imap.smtp.port, imap.smtp.has_implicit_tls), (587, false));
        assert_eq!(imap.smtp.password.unwrap().expose_secret(), "p/w:");
        assert!(imap.appends_copies);
    }

    #[test]
    fn aliases_are_addresses_and_domains() {
        assert_eq!(
            aliases("Help@example.com, @shop.example.com,"),
            Some(vec!["help@example.com".to_owned(), "@shop.example.com".to_owned()])
        );
        for wrong in ["help", "@", "a b@example.com", "help@example.com;x@example.com"] {
            assert_eq!(aliases(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn what_is_wrong_is_named_and_no_password_is_shown() {
        for (variables, expected) in [
            (vec![IMAP], "SMTP_URL expects"),
            (vec![IMAP, SMTP, ("GMAIL_CREDENTIALS_PATH", "c.json")], "EMAIL_PROVIDER expects gmail or imap"),
            (vec![("EMAIL_PROVIDER", "gmail")], "GMAIL_CREDENTIALS_PATH expects"),
            (vec![("EMAIL_PROVIDER", "pop3")], "EMAIL_PROVIDER is `pop3`"),
            (vec![IMAP, SMTP, ("EMAIL_ADDRESS", "a@b.example,c@d.example")], "EMAIL_ADDRESS expects one"),
            (vec![("GMAIL_CREDENTIALS_PATH", "a,b,c"), TWO], "GMAIL_CREDENTIALS_PATH expects one file"),
            (vec![("IMAP_URL", "http://a:s3cret@b"), SMTP], "IMAP_URL expects imaps://"),
            (vec![("IMAP_URL", "imap://ann:s3cret@localhost"), SMTP], "EMAIL_ADDRESS expects"),
        ] {
            let error = config(&variables).unwrap_err();
            assert!(error.contains(expected), "{error}");
            assert!(!error.contains("s3cret") && !error.contains("p%2Fw"), "{error}");
        }
        assert!(matches!(config(&[]).unwrap().provider, EmailProvider::Unset));
        assert!(matches!(config(&[("EMAIL_PROVIDER", "none"), IMAP]).unwrap().provider, EmailProvider::None));
    }
}
