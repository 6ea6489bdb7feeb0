//! Logins and encryption: access tokens of a token server, TLS from the first byte, and STARTTLS.

use std::path::Path;
use std::sync::{Arc, Mutex};

use rustix::process::Signal;
use serde_json::json;

use super::rig::Mailbox;
use crate::support::customers::Customer;
use crate::support::dovecot::Dovecot;
use crate::support::gmail::FakeGmail;
use crate::support::postgres::{client, fresh_database};
use crate::support::smtp::{SinkAccess, SmtpSink};
use crate::support::tls_proxy::Authority;
use crate::support::verdict::{all_settled, assert_answered_exactly_once, count};
use crate::support::wait::{LIMIT, becomes, eventually};

const ANN: &str = "ann@example.com";
const BOB: &str = "bob@example.com";

/// The token server of the fake Gmail, and a mailbox whose servers accept its token alone.
struct Tokens {
    server: FakeGmail,
    mailbox: Mailbox,
    accepted: Arc<Mutex<Option<String>>>,
}

impl Tokens {
    async fn start() -> Self {
        let accepted = Arc::new(Mutex::new(None));
        let access = SinkAccess { token: Arc::clone(&accepted), ..SinkAccess::default() };
        let mailbox = Mailbox { dovecot: Dovecot::start().await, smtp: SmtpSink::start_with(&[], access) };
        let tokens = Self { server: FakeGmail::start(), mailbox, accepted };
        tokens.replace("first");
        tokens
    }

    /// Both servers refuse the token that they accepted so far.
    fn replace(&self, token: &str) {
        self.server.state().token = token.to_owned();
        self.mailbox.dovecot.accept_token(token);
        *self.accepted.lock().unwrap() = Some(token.to_owned());
    }
}

#[tokio::test]
async fn a_refused_access_token_is_forgotten_and_a_new_one_is_asked_for() {
    let url = fresh_database().await;
    let tokens = Tokens::start().await;
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("oauth.json");
    let consent = json!({
        "type": "authorized_user", "token_uri": format!("{}/token", tokens.server.url), "client_id": "client",
        "client_secret": "secret", "refresh_token": "refresh", "scope": "mail",
    });
    std::fs::write(&path, consent.to_string()).unwrap();
    let oauth = [("EMAIL_OAUTH_PATH", path.to_str().unwrap())];
    let served = tokens.mailbox.serve(&url, &oauth).await;
    tokens.mailbox.ask(&[ANN.to_owned()]);
    tokens.mailbox.answered(&[ANN.to_owned()]).await;
    let asked = tokens.server.state().grants.len();
    assert_eq!(asked, 1, "the token is kept");

    // The token of the program has an hour left, and no server accepts it any more.
    tokens.mailbox.dovecot.stop().await;
    tokens.replace("second");
    tokens.mailbox.dovecot.run().await;
    tokens.mailbox.ask(&[BOB.to_owned()]);
    tokens.mailbox.answered(&[BOB.to_owned()]).await;
    all_settled(&url, LIMIT).await;
    assert_answered_exactly_once(&url).await;
    let customer = Customer::of(&served.base);
    becomes("the check of e-mail", "ok".to_owned(), async || customer.check("email").await).await;
    assert_eq!(tokens.server.state().grants.len(), asked + 1, "it is asked for once");
    served.kill9().await;
}

#[tokio::test]
async fn mails_are_read_and_sent_by_tls_and_by_starttls_alone() {
    let authority = Authority::new("The issuer");
    for is_implicit in [true, false] {
        let url = fresh_database().await;
        let mailbox = Mailbox::open_encrypted(&authority, is_implicit).await;
        let dir = tempfile::tempdir().unwrap();
        let root = authority.write_root(dir.path()).display().to_string();
        let (imap, smtp) = (mailbox.dovecot.encrypted_url(is_implicit), mailbox.smtp.encrypted_url());
        let variables =
            [("IMAP_URL", imap.as_str()), ("SMTP_URL", smtp.as_str()), ("SSL_CERT_FILE", root.as_str())];
        let served = mailbox.serve(&url, &variables).await;
        mailbox.ask(&[ANN.to_owned()]);
        mailbox.answered(&[ANN.to_owned()]).await;
        all_settled(&url, LIMIT).await;
        assert!(mailbox.smtp.mails().iter().all(|mail| mail.was_encrypted), "{is_implicit}");
        let logins = mailbox.dovecot.log();
        let logins: Vec<&str> =
            logins.lines().filter(|line| line.contains("imap-login: Info: Login")).collect();
        assert!(!logins.is_empty() && logins.iter().all(|line| line.contains("TLS")), "{logins:?}");
        served.kill9().await;
    }
}

#[tokio::test]
async fn a_certificate_of_an_unknown_authority_is_refused() {
    let url = fresh_database().await;
    let authority = Authority::new("The issuer");
    let mailbox = Mailbox::open_encrypted(&authority, true).await;
    let dir = tempfile::tempdir().unwrap();
    let root = Authority::new("Another issuer").write_root(dir.path()).display().to_string();
    let (imap, smtp) = (mailbox.dovecot.encrypted_url(true), mailbox.smtp.encrypted_url());
    let variables =
        [("IMAP_URL", imap.as_str()), ("SMTP_URL", smtp.as_str()), ("SSL_CERT_FILE", root.as_str())];
    let served = mailbox.serve(&url, &variables).await;
    let customer = Customer::of(&served.base);
    let refused = async || {
        let health = customer.json("/health").await.to_string();
        if health.contains("UnknownIssuer") { Ok(()) } else { Err(health) }
    };
    eventually("the cause in the health report", LIMIT, refused).await;
    assert_eq!(count(&client(&url).await, "select count(*) from messages").await, 0);
    served.kill9().await;
}

/// The file of a secret is replaced as an orchestrator does it.
fn replace(path: &Path, secret: &str) {
    let next = path.with_extension("next");
    std::fs::write(&next, secret).unwrap();
    std::fs::rename(next, path).unwrap();
}

#[tokio::test]
async fn the_password_of_a_mailbox_is_replaced_without_a_restart() {
    let (url, folder) = (fresh_database().await, tempfile::tempdir().unwrap());
    let mailbox = Mailbox::open(SmtpSink::start(&[])).await;
    let file = folder.path().join("imap-url");
    replace(&file, &mailbox.dovecot.url());
    let variables =
        [("IMAP_URL", ""), ("IMAP_URL_FILE", file.to_str().unwrap()), ("EMAIL_POLL_SECONDS", "1")];
    let served = mailbox.serve(&url, &variables).await;
    let ask = async |customer: &str| {
        mailbox.ask(&[customer.to_owned()]);
        mailbox.answered(&[customer.to_owned()]).await;
    };
    ask(ANN).await;

    // The file first: the server still wants the former password, at each new connection.
    replace(&file, &mailbox.dovecot.url_with("rotated-2"));
    served.send(Signal::HUP);
    becomes("the log", true, async || served.log().contains("a secret was replaced")).await;
    mailbox.dovecot.stop().await;
    mailbox.dovecot.run().await;
    ask(BOB).await;

    mailbox.dovecot.stop().await;
    mailbox.dovecot.accept_password("rotated-2");
    mailbox.dovecot.run().await;
    ask("cleo@example.com").await;
    assert!(!served.log().contains("rotated-2"));
    served.kill9().await;
}
