//! SMTP client (RFC 5321): one mail on one connection. It says whether a mail was accepted, certainly was not, or is in
//! doubt, and never retries: before the content is sent, nothing has been accepted; after it, only the answer tells.

use std::time::Duration;

use lettre::Address;
use lettre::transport::smtp::Error;
use lettre::transport::smtp::authentication::{Credentials, Mechanism};
use lettre::transport::smtp::client::{AsyncSmtpConnection, TlsParameters};
use lettre::transport::smtp::commands::{Data, Mail, Rcpt};
use lettre::transport::smtp::extension::ClientId;

use super::reply::RawReply;
use super::server::{CONNECT_TIMEOUT, Credential, MailServer, Proof, Security};
use crate::channels::port::SendError;
use crate::domain::customers::contact::Email;
use crate::domain::enums::FailureCause;
use crate::domain::messages::delivery::{Failure, RefusedRecipient};

/// Statuses by which a server refuses a recipient's address itself (RFC 5321, 4.2.2).
const NO_SUCH_ADDRESS: &[u16] = &[510, 511, 513, 550, 551, 553];
/// A transaction that failed because of something else than its content: the login is missing, or was refused.
const LOGIN_NEEDED: &[u16] = &[530, 534, 535, 538];

/// Longest time for the end of a connection.
pub const QUIT_TIMEOUT: Duration = Duration::from_secs(1);

/// The connection on which a mail was accepted.
pub struct AcceptedMail {
    connection: AsyncSmtpConnection,
    /// Recipients in copy whom the server refuses.
    pub refused: Vec<RefusedRecipient>,
}

impl AcceptedMail {
    /// Ends the connection. The mail is accepted whatever the server answers, so what must follow its acceptance at
    /// once comes before this.
    pub async fn quit(mut self) {
        let _answer = tokio::time::timeout(QUIT_TIMEOUT, self.connection.quit()).await;
    }
}

/// Hands a mail to the server within `limit`.
pub async fn deliver(
    server: &MailServer,
    mail: &RawReply,
    limit: Duration,
) -> Result<AcceptedMail, SendError> {
    // Resolved before the limit begins: a token server may be slow as well.
    server.credential().await?;
    let mut is_content_sent = false;
    let delivered = tokio::time::timeout(limit, async {
        let mut connection = open(server, &mail.from).await?;
        let refused = begin(&mut connection, mail).await?;
        is_content_sent = true;
        let accepted = connection.message(&mail.bytes).await;
        accepted.map_err(|error| answered(&error))?;
        Ok(AcceptedMail { connection, refused })
    });
    match delivered.await {
        Ok(outcome) => outcome,
        Err(_elapsed) if is_content_sent => {
            Err(SendError::Unknown("the mail server does not answer in time".to_owned()))
        }
        Err(_elapsed) => Err(later("the mail server does not answer in time".to_owned())),
    }
}

/// Connects and logs in.
pub async fn probe(server: &MailServer, from: &Email) -> Result<(), SendError> {
    let opened = tokio::time::timeout(CONNECT_TIMEOUT, open(server, from)).await;
    let mut connection =
        opened.map_err(|_| later("the SMTP server does not answer in time".to_owned()))??;
    connection.abort().await;
    Ok(())
}

async fn open(server: &MailServer, from: &Email) -> Result<AsyncSmtpConnection, SendError> {
    let domain = from.as_str().rsplit_once('@').map_or("localhost", |(_, domain)| domain);
    let name = ClientId::Domain(domain.to_owned());
    let name = &name;
    let attempt = |credential: Option<Credential>| async move {
        let mut connection = encrypted(server, name).await?;
        if let Some(Credential { user, proof }) = credential {
            log_in(&mut connection, &user, &proof).await?;
        }
        Ok(connection)
    };
    server.logged_in(attempt).await
}

async fn encrypted(server: &MailServer, name: &ClientId) -> Result<AsyncSmtpConnection, SendError> {
    let tls = || {
        let parameters = TlsParameters::new(server.host.clone());
        parameters.map_err(|error| SendError::Account(format!("SMTP_URL: {error}")))
    };
    let implicit = if server.security == Security::Tls { Some(tls()?) } else { None };
    let at = (server.host.as_str(), server.port);
    let connecting = AsyncSmtpConnection::connect_tokio1(at, Some(CONNECT_TIMEOUT), name, implicit, None);
    let mut connection = connecting.await.map_err(|error| unreachable(&error))?;
    match server.security {
        Security::Tls => {}
        Security::StartTls | Security::Opportunistic if connection.can_starttls() => {
            connection.starttls(tls()?, name).await.map_err(|error| unreachable(&error))?;
        }
        Security::Opportunistic => {}
        Security::StartTls => {
            return Err(SendError::Account(format!("{} offers no STARTTLS: use smtps://", server.host)));
        }
    }
    Ok(connection)
}

async fn log_in(connection: &mut AsyncSmtpConnection, user: &str, proof: &Proof) -> Result<(), SendError> {
    let mechanisms: &[Mechanism] = match proof {
        Proof::Password(_) => &[Mechanism::Plain, Mechanism::Login],
        Proof::Token(_) => &[Mechanism::Xoauth2],
    };
    let all = [Mechanism::Plain, Mechanism::Login, Mechanism::Xoauth2];
    let offers = |mechanism: &Mechanism| connection.server_info().supports_auth_mechanism(*mechanism);
    // A relay that trusts our network offers no login. One that wants another kind of login is an error.
    if !all.iter().any(offers) {
        return Ok(());
    }
    let credentials = Credentials::new(user.to_owned(), proof.secret().to_owned());
    match connection.auth(mechanisms, &credentials).await {
        Ok(_) => Ok(()),
        Err(error) if error.is_permanent() || error.is_client() => {
            Err(SendError::Account(format!("the mail server refuses the login of {user}: {error}")))
        }
        Err(error) => Err(unreachable(&error)),
    }
}

/// Everything before the content. A refused recipient beside the customer gets no copy; the mail is sent all the same.
/// Returns those.
async fn begin(
    connection: &mut AsyncSmtpConnection,
    mail: &RawReply,
) -> Result<Vec<RefusedRecipient>, SendError> {
    let from = address(&mail.from)?;
    if let Err(error) = connection.command(Mail::new(Some(from), Vec::new())).await {
        return Err(match error.is_permanent() {
            true => SendError::Account(format!("the mail server refuses {}: {error}", mail.from)),
            false => unreachable(&error),
        });
    }
    let mut recipients = mail.recipients.iter();
    if let Some(customer) = recipients.next() {
        let accepted = connection.command(Rcpt::new(address(customer)?, Vec::new())).await;
        accepted.map_err(|error| recipient_refused(&error))?;
    }
    let mut refused = Vec::new();
    for other in recipients {
        if let Err(failure) = in_copy(connection, other).await? {
            tracing::warn!(id = mail.message_id, failure.detail, "a recipient in copy is refused");
            refused.push(RefusedRecipient { address: other.clone(), failure });
        }
    }
    let ready = connection.command(Data).await;
    ready.map(|_| refused).map_err(|error| match error.is_permanent() {
        true => rejected(&error),
        false => unreachable(&error),
    })
}

/// Names a recipient beside the customer; the failure is that of this recipient alone.
async fn in_copy(
    connection: &mut AsyncSmtpConnection,
    email: &Email,
) -> Result<Result<(), Failure>, SendError> {
    let recipient = match address(email) {
        Ok(recipient) => recipient,
        Err(SendError::Refused(failure)) => return Ok(Err(failure)),
        Err(error) => return Err(error),
    };
    match connection.command(Rcpt::new(recipient, Vec::new())).await {
        Ok(_) => Ok(Ok(())),
        Err(error) => match recipient_refused(&error) {
            SendError::Refused(failure) => Ok(Err(failure)),
            // Not now: the customer does not wait for a copy.
            SendError::Later { .. } if error.status().is_some() => {
                Ok(Err(Failure::new(FailureCause::Rejected, detail(&error))))
            }
            error @ (SendError::Later { .. } | SendError::Account(_) | SendError::Unknown(_)) => Err(error),
        },
    }
}

fn address(email: &Email) -> Result<Address, SendError> {
    let parsed = email.as_str().parse();
    parsed.map_err(|_| {
        SendError::Refused(Failure::new(FailureCause::InvalidAddress, "SMTP has no such address"))
    })
}

/// What an error after the content means.
fn answered(error: &Error) -> SendError {
    match error.status() {
        Some(_) if error.is_permanent() => rejected(error),
        Some(_) => later(error.to_string()),
        None => SendError::Unknown(error.to_string()),
    }
}

fn recipient_refused(error: &Error) -> SendError {
    let code = error.status().map(u16::from);
    match code {
        Some(code) if LOGIN_NEEDED.contains(&code) => {
            SendError::Account(format!("the mail server wants a login: {error}"))
        }
        Some(code) if NO_SUCH_ADDRESS.contains(&code) => {
            SendError::Refused(Failure::new(FailureCause::InvalidAddress, detail(error)))
        }
        Some(_) if error.is_permanent() => rejected(error),
        Some(_) | None => unreachable(error),
    }
}

fn rejected(error: &Error) -> SendError {
    SendError::Refused(Failure::new(FailureCause::Rejected, detail(error)))
}

fn unreachable(error: &Error) -> SendError {
    later(error.to_string())
}

fn later(why: String) -> SendError {
    SendError::Later { why, retry_after: None }
}

/// The status and the words of the server.
fn detail(error: &Error) -> String {
    use std::error::Error as _;
    match (error.status(), error.source()) {
        (Some(code), Some(words)) => format!("{code} {words}"),
        (Some(code), None) => code.to_string(),
        (None, _) => error.to_string(),
    }
}
