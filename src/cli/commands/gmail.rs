//! `fte gmail connect`: the consent flow of OAuth 2 for an installed program (RFC 8252), with a loopback redirect and
//! PKCE. Writes the credentials file that the channel reads.

use std::io::Write;
use std::net::TcpListener;
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::time::Duration;

use actix_web::{App, HttpRequest, HttpResponse, HttpServer, web};
use anyhow::Context;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use clap::{Args, Subcommand};
use secrecy::ExposeSecret;
use serde::Deserialize;
use serde_json::json;
use sha2::{Digest, Sha256};
use tokio::sync::oneshot;

use crate::channels::email::oauth::OauthCredentials;
use crate::cli::wiring::email::GMAIL_SCOPE;
use crate::cli::{CommandOutcome, Misuse};
use crate::clock;
use crate::config::{Config, EmailProvider};

const AUTH_URL: &str = "https://accounts.google.com/o/oauth2/v2/auth";
/// How long a person may take to consent.
const CONSENT_TIMEOUT: Duration = Duration::from_secs(600);
const TOKEN_TIMEOUT: Duration = Duration::from_secs(15);

/// Connect a mailbox of Gmail.
#[derive(Debug, Subcommand)]
pub enum GmailCommand {
    Connect(Connect),
}

/// Ask for consent to read and answer a mailbox, and write GMAIL_CREDENTIALS_PATH (mode 0600).
///
/// Prints an address to open in a browser of this machine, and waits up to ten minutes. Exits with 4 if consent
/// was not given in time.
#[derive(Debug, Args)]
pub struct Connect {
    /// The JSON file of an OAuth client of type "Desktop app", from the Google Cloud console. Without it, the client of
    /// the present credentials file is used.
    #[arg(long)]
    client: Option<PathBuf>,
    /// Print `{url}` and then `{path}` as JSON lines.
    #[arg(long)]
    json: bool,
}

/// An OAuth client.
#[derive(Clone, Deserialize)]
struct OauthClient {
    client_id: String,
    #[serde(default)]
    client_secret: String,
    auth_uri: Option<String>,
}

#[derive(Deserialize)]
struct ClientFile {
    installed: Option<OauthClient>,
    web: Option<OauthClient>,
}

#[derive(Deserialize)]
struct GrantedConsent {
    refresh_token: Option<String>,
}

pub async fn run(config: Config, command: GmailCommand) -> anyhow::Result<CommandOutcome> {
    let GmailCommand::Connect(order) = command;
    let EmailProvider::Gmail(gmail) = &config.email.provider else {
        let why =
            "GMAIL_CREDENTIALS_PATH must name the file to write, and EMAIL_PROVIDER must not be another";
        return Err(Misuse(why.to_owned()).into());
    };
    let client = client(order.client.as_deref(), &gmail.credentials_path)?;
    let listener = TcpListener::bind(("127.0.0.1", 0))?;
    let redirect = format!("http://{}", listener.local_addr()?);
    let (state, verifier) = (random(), random());
    let url = consent_url(&client, &redirect, &state, &verifier)?;
    show(&order, "url", &url, "open this address in a browser of this machine:");
    let waiting = tokio::time::timeout(CONSENT_TIMEOUT, redirected(listener, state)).await;
    let Ok(code) = waiting else {
        eprintln!("consent was not given in time");
        return Ok(CommandOutcome::TimedOut);
    };
    let form = [
        ("grant_type", "authorization_code"),
        ("code", &code?),
        ("client_id", &client.client_id),
        ("client_secret", &client.client_secret),
        ("redirect_uri", &redirect),
        ("code_verifier", &verifier),
    ];
    let refresh_token = exchange(&config.email.google.token_url, &form).await?;
    write(&gmail.credentials_path, &client, &refresh_token)?;
    let path = gmail.credentials_path.display().to_string();
    show(&order, "path", &path, "wrote the credentials:");
    Ok(CommandOutcome::Passed)
}

fn show(order: &Connect, key: &str, value: &str, words: &str) {
    if order.json {
        println!("{}", json!({ key: value }));
    } else {
        println!("{words} {value}");
    }
}

fn client(given: Option<&Path>, present: &Path) -> anyhow::Result<OauthClient> {
    let path = given.unwrap_or(present);
    let text = std::fs::read_to_string(path).map_err(|error| {
        Misuse(format!("could not read {}: {error}; name the OAuth client by --client FILE", path.display()))
    })?;
    if let Ok(OauthCredentials::User(user)) = OauthCredentials::parse(&text) {
        let client_secret = user.client_secret.expose_secret().to_owned();
        return Ok(OauthClient { client_id: user.client_id, client_secret, auth_uri: None });
    }
    let file: ClientFile =
        serde_json::from_str(&text).map_err(|error| Misuse(format!("{}: {error}", path.display())))?;
    let client = file.installed.or(file.web);
    Ok(client.ok_or_else(|| Misuse(format!("{} is no OAuth client of a desktop app", path.display())))?)
}

fn random() -> String {
    format!("{}{}", clock::new_v4().simple(), clock::new_v4().simple())
}

fn consent_url(client: &OauthClient, redirect: &str, state: &str, verifier: &str) -> anyhow::Result<String> {
    let challenge = URL_SAFE_NO_PAD.encode(Sha256::digest(verifier.as_bytes()));
    let parameters = [
        ("client_id", client.client_id.as_str()),
        ("redirect_uri", redirect),
        ("response_type", "code"),
        ("scope", GMAIL_SCOPE),
        ("access_type", "offline"),
        // Without it, Google gives a refresh token only the first time.
        ("prompt", "consent"),
        ("state", state),
        ("code_challenge", &challenge),
        ("code_challenge_method", "S256"),
    ];
    let base = client.auth_uri.as_deref().unwrap_or(AUTH_URL);
    let url = reqwest::Url::parse_with_params(base, parameters).context("the client's auth_uri")?;
    Ok(url.to_string())
}

type Answered = web::Data<Mutex<Option<oneshot::Sender<Result<String, String>>>>>;

/// The code that the browser brings; requests with another state are not ours.
async fn redirected(listener: TcpListener, state: String) -> anyhow::Result<String> {
    let (sender, code) = oneshot::channel();
    let (answered, state): (Answered, _) = (web::Data::new(Mutex::new(Some(sender))), web::Data::new(state));
    let app = move || {
        App::new().app_data(answered.clone()).app_data(state.clone()).default_service(web::to(take_code))
    };
    let server = HttpServer::new(app).workers(1).disable_signals().listen(listener)?.run();
    let handle = server.handle();
    actix::spawn(server);
    let code = code.await?;
    handle.stop(true).await;
    code.map_err(|why| anyhow::anyhow!("Google answers {why}"))
}

async fn take_code(request: HttpRequest, answered: Answered, state: web::Data<String>) -> HttpResponse {
    let query: Vec<(String, String)> =
        form_urlencoded::parse(request.query_string().as_bytes()).into_owned().collect();
    let value = |name: &str| query.iter().find(|(key, _)| key == name).map(|(_, value)| value.clone());
    if value("state").as_ref() != Some(&**state) {
        return HttpResponse::NotFound().body("This address belongs to `fte gmail connect`.");
    }
    let answer = match (value("code"), value("error")) {
        (Some(code), _) => Ok(code),
        (None, error) => Err(error.unwrap_or_else(|| "without a code".to_owned())),
    };
    let words = if answer.is_ok() { "The mailbox is connected." } else { "The mailbox is not connected." };
    if let Ok(mut sender) = answered.lock()
        && let Some(sender) = sender.take()
    {
        let _gone = sender.send(answer);
    }
    HttpResponse::Ok().body(format!("{words} You may close this page."))
}

async fn exchange(token_url: &str, form: &[(&str, &str)]) -> anyhow::Result<String> {
    let http = crate::http_client::builder_for(token_url).timeout(TOKEN_TIMEOUT).build()?;
    let response = http.post(token_url).form(form).send().await?;
    let status = response.status();
    anyhow::ensure!(status.is_success(), "the token server answers {status}: {}", response.text().await?);
    let consent: GrantedConsent = response.json().await?;
    consent
        .refresh_token
        .context("the token server gives no refresh token: remove the app's access and try again")
}

/// Atomic, and readable by its owner alone.
fn write(path: &Path, client: &OauthClient, refresh_token: &str) -> anyhow::Result<()> {
    let credentials = json!({
        "type": "authorized_user", "client_id": client.client_id, "client_secret": client.client_secret,
        "refresh_token": refresh_token,
    });
    if let Some(folder) = path.parent().filter(|folder| !folder.as_os_str().is_empty()) {
        std::fs::create_dir_all(folder)?;
    }
    let unfinished = path.with_extension(format!("{}.part", clock::new_v4().simple()));
    let mut file = std::fs::OpenOptions::new().write(true).create_new(true).mode(0o600).open(&unfinished)?;
    file.write_all(format!("{credentials:#}\n").as_bytes())?;
    file.sync_all()?;
    std::fs::rename(&unfinished, path).with_context(|| format!("could not write {}", path.display()))?;
    Ok(())
}
