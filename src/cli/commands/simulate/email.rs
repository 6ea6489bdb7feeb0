//! A simulated mail: it goes into the inbox of the sandbox, from where the running server reads it like any other.

use std::path::PathBuf;
use std::time::Duration;

use anyhow::Context as _;
use clap::{Args, ValueEnum};
use serde_json::json;
use time::format_description::well_known::Rfc2822;

use super::{Server, SimulatedReply, as_list, customer_query, print};
use crate::channels::email::message::{MailLimits, ParsedMail};
use crate::channels::email::own::OwnMailbox;
use crate::channels::email::sandbox::{AUTHSERV, MailSandbox};
use crate::cli::wiring::email;
use crate::cli::{CommandOutcome, Misuse};
use crate::clock;
use crate::config::{Config, EmailProvider, Environment};
use crate::domain::customers::contact::{Address, Email};

#[derive(Debug, Args)]
pub struct SimulatedMail {
    /// The sender, such as ann@example.com or "Ann <ann@example.com>"; not needed beside --raw.
    #[arg(long, required_unless_present = "raw")]
    from: Option<String>,
    /// The subject; not needed beside --raw.
    #[arg(long, required_unless_present = "raw")]
    subject: Option<String>,
    /// A file with a whole mail (RFC 5322), which is sent as it is.
    #[arg(long)]
    raw: Option<PathBuf>,
    /// The Message-ID that the mail answers.
    #[arg(long)]
    in_reply_to: Option<String>,
    /// What the receiving server found out about the sender.
    #[arg(long, value_enum, default_value_t = SenderCheck::Pass)]
    auth: SenderCheck,
    /// URL of the server; default: from API_HOST and API_PORT.
    #[arg(long)]
    url: Option<String>,
    /// How long to wait for an answer, in seconds; 0 only sends.
    #[arg(long, default_value_t = 30)]
    wait: u64,
    /// Print one JSON object instead of the answer's text.
    #[arg(long)]
    json: bool,
    /// The text of the mail.
    #[arg(default_value = "")]
    text: String,
}

/// An authentication result.
#[derive(Clone, Copy, Debug, ValueEnum)]
enum SenderCheck {
    Pass,
    Fail,
    None,
}

/// The mail that goes into the inbox.
struct Prepared {
    raw: Vec<u8>,
    from: Option<Email>,
    message_id: Option<String>,
}

pub async fn run(config: &Config, order: &SimulatedMail) -> anyhow::Result<CommandOutcome> {
    if !matches!(config.email.provider, EmailProvider::Unset)
        || config.environment != Environment::Development
    {
        let why = "only a development server without an e-mail account reads simulated mail";
        return Err(
            Misuse(format!("{why}: unset EMAIL_PROVIDER, GMAIL_CREDENTIALS_PATH and IMAP_URL")).into()
        );
    }
    let own = email::sandbox_mailbox(config)?;
    let mail = prepare(order, &own)?;
    let server = Server::new(config, order.url.as_deref())?;
    let customer = mail.from.clone().map(|from| customer_query(&Address::Email(from)));
    let before = match &customer {
        Some(customer) => server.replies(customer).await?.len(),
        None => 0,
    };
    let root = email::mail_folder(config);
    let external_id = MailSandbox::put(&root, &own, &mail.raw)
        .with_context(|| format!("could not write into {}", root.display()))?;
    let mut replies = Vec::new();
    if let Some(customer) = customer.filter(|_| order.wait > 0) {
        replies = server.wait_for(&customer, before, Duration::from_secs(order.wait)).await?;
    }
    show(&mail, &external_id, &replies, order.json);
    let is_late = order.wait > 0 && replies.is_empty();
    Ok(if is_late { CommandOutcome::TimedOut } else { CommandOutcome::Passed })
}

fn show(mail: &Prepared, external_id: &str, replies: &[SimulatedReply], as_json: bool) {
    if as_json {
        let (id, replies) = (&mail.message_id, as_list(replies));
        println!("{}", json!({ "message_id": id, "external_id": external_id, "replies": replies }));
    } else {
        print(replies);
    }
}

fn prepare(order: &SimulatedMail, own: &OwnMailbox) -> anyhow::Result<Prepared> {
    let body = match &order.raw {
        Some(path) => std::fs::read(path).map_err(|error| Misuse(format!("{}: {error}", path.display())))?,
        None => compose(order, own)?,
    };
    let parsed = ParsedMail::parse(&body, &MailLimits::default());
    let from = parsed.single_author().cloned();
    // The receiving server writes its finding above everything that the sender wrote.
    let found = from
        .as_ref()
        .map_or("example.com", |from| from.as_str().rsplit_once('@').map_or("", |(_, host)| host));
    let results = match order.auth {
        SenderCheck::Pass => format!("dmarc=pass header.from={found}"),
        SenderCheck::Fail => format!("dmarc=fail header.from={found}"),
        SenderCheck::None => "none".to_owned(),
    };
    let raw = [format!("Authentication-Results: {AUTHSERV}; {results}\r\n").as_bytes(), &body].concat();
    Ok(Prepared { raw, from, message_id: parsed.message_id() })
}

fn compose(order: &SimulatedMail, own: &OwnMailbox) -> anyhow::Result<Vec<u8>> {
    let one_line = |text: &str| text.replace(['\r', '\n'], " ");
    let from = one_line(order.from.as_deref().unwrap_or_default());
    let address = from.rsplit_once('<').map_or(from.as_str(), |(_, rest)| rest.trim_end_matches('>'));
    Email::parse(address).map_err(|error| Misuse(format!("--from {error}")))?;
    let mut fields = vec![
        format!("From: {from}"),
        format!("To: {}", own.address),
        format!("Subject: {}", one_line(order.subject.as_deref().unwrap_or_default())),
        format!("Date: {}", clock::now().format(&Rfc2822)?),
        format!("Message-ID: <{}@simulated.invalid>", clock::new_v4()),
        "MIME-Version: 1.0".to_owned(),
        "Content-Type: text/plain; charset=utf-8".to_owned(),
    ];
    if let Some(id) = &order.in_reply_to {
        let id = one_line(id);
        fields.extend([format!("In-Reply-To: {id}"), format!("References: {id}")]);
    }
    Ok(format!("{}\r\n\r\n{}\r\n", fields.join("\r\n"), order.text.replace('\n', "\r\n")).into_bytes())
}
