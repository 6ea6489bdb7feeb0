//! `fte simulate`: a simulated customer. It hands a running server the message as its provider would, and shows the
//! reply.

mod email;

use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::Context;
use clap::{Args, Subcommand};
use secrecy::{ExposeSecret, SecretString};
use serde_json::{Value, json};

use crate::channels::whatsapp::{Form, SIGNATURE, address, sign, written};
use crate::cli::wiring::whatsapp;
use crate::cli::{CommandOutcome, Misuse};
use crate::clock;
use crate::config::{Config, HttpConfig};
use crate::domain::customers::contact::{Address, Phone};

/// Poll interval for the answer.
const LOOK_EVERY: Duration = Duration::from_millis(200);
/// Quiet period after an answer, after which no further part of it is expected.
const COMPLETE_AFTER: Duration = Duration::from_millis(1500);
/// The server's bearer token, in FTE_DATA_DIR.
const TOKEN_FILE: &str = "api-token";

/// Write to a running server as a customer would, and print the answer.
#[derive(Debug, Subcommand)]
pub enum Simulate {
    /// A message on WhatsApp, sent as Twilio's signed webhook. Exits with 4 if there is no answer in time, for example
    /// to thanks,
    /// or to a message that a person must answer.
    Whatsapp(WhatsappMessage),
    /// A mail, put into the inbox of a development server that runs without an e-mail account. Exits with 4 if there is
    /// no answer in time, for example to automatic mail.
    Email(email::SimulatedMail),
}

#[derive(Debug, Args)]
pub struct WhatsappMessage {
    /// The customer's number, such as +4915112345678.
    #[arg(long)]
    from: String,
    /// The name on the customer's profile.
    #[arg(long, default_value = "Simulated Customer")]
    name: String,
    /// A file to send along; the sandbox must be running.
    #[arg(long)]
    media: Option<PathBuf>,
    /// URL of the server; default: from API_HOST and API_PORT.
    #[arg(long)]
    url: Option<String>,
    /// How long to wait for an answer, in seconds; 0 only sends.
    #[arg(long, default_value_t = 30)]
    wait: u64,
    /// Print one JSON object instead of the answer's text.
    #[arg(long)]
    json: bool,
    /// The message; may be empty beside a file.
    #[arg(default_value = "")]
    text: String,
}

pub async fn run(config: Config, order: Simulate) -> anyhow::Result<CommandOutcome> {
    match order {
        Simulate::Whatsapp(message) => whatsapp_message(&config, &message).await,
        Simulate::Email(mail) => email::run(&config, &mail).await,
    }
}

async fn whatsapp_message(config: &Config, message: &WhatsappMessage) -> anyhow::Result<CommandOutcome> {
    let from = sender(&message.from)?;
    let account = whatsapp::account(config)?.context("the WhatsApp channel is switched off")?;
    let server = Server::new(config, message.url.as_deref())?;
    let sid = format!("SM{}", clock::new_v4().simple());
    let mut form = Form::from([
        ("MessageSid", sid.as_str()),
        ("AccountSid", &account.sid),
        ("From", &written(&from).unwrap_or_default()),
        ("To", &format!("whatsapp:{}", account.number)),
        ("Body", &message.text),
        ("ProfileName", &message.name),
        ("WaId", from.value().trim_start_matches(['+']).trim_start_matches("whatsapp:")),
        ("NumMedia", if message.media.is_some() { "1" } else { "0" }),
    ]);
    if let Some(path) = &message.media {
        let (url, content_type) = server.upload(&config.data_dir, &account.token, path).await?;
        form.push("MediaUrl0", url);
        form.push("MediaContentType0", content_type);
    }
    let customer = customer_query(&from);
    let before = server.replies(&customer).await?.len();
    server.post(&account.token, &form).await?;
    if message.wait == 0 {
        return Ok(CommandOutcome::Passed);
    }
    let replies = server.wait_for(&customer, before, Duration::from_secs(message.wait)).await?;
    show(&sid, &replies, message.json);
    Ok(if replies.is_empty() { CommandOutcome::TimedOut } else { CommandOutcome::Passed })
}

/// A number as people write it, or the id of a user who shows none, such as `US.1349`.
fn sender(from: &str) -> Result<Address, Misuse> {
    let user = || address(&format!("whatsapp:{}", from.trim_start_matches("whatsapp:")));
    Phone::normalise(from).map(Address::Phone).or_else(|error| {
        user().ok_or_else(|| Misuse(format!("--from {error}, or a user's id such as US.1349")))
    })
}

/// The query by which the server finds a customer.
fn customer_query(address: &Address) -> String {
    let value: String = form_urlencoded::byte_serialize(address.value().as_bytes()).collect();
    format!("{}={value}", address.kind().as_str())
}

fn show(sid: &str, replies: &[SimulatedReply], as_json: bool) {
    if as_json {
        println!("{}", json!({ "message_sid": sid, "replies": as_list(replies) }));
    } else {
        print(replies);
    }
}

fn as_list(replies: &[SimulatedReply]) -> Vec<Value> {
    let shown = |reply: &SimulatedReply| json!({ "text": reply.text, "delivery_status": reply.status });
    replies.iter().map(shown).collect()
}

fn print(replies: &[SimulatedReply]) {
    if replies.is_empty() {
        eprintln!("no answer in time");
    }
    for reply in replies {
        println!("{}\n", reply.text);
        eprintln!("({})", reply.status);
    }
}

/// What the customer received.
struct SimulatedReply {
    text: String,
    status: String,
}

/// The running server.
struct Server {
    http: reqwest::Client,
    base: String,
    public_url: String,
    token: SecretString,
}

impl Server {
    fn new(config: &Config, url: Option<&str>) -> anyhow::Result<Self> {
        let base = match url {
            Some(url) => url.trim_end_matches('/').to_owned(),
            None if config.http.port == 0 => {
                return Err(Misuse("--url is needed beside API_PORT=0".into()).into());
            }
            None => HttpConfig::local_url((config.http.host, config.http.port).into()),
        };
        let token = match &config.http.api_token {
            Some(token) => token.clone(),
            None => {
                let path = config.data_dir.join(TOKEN_FILE);
                let token = std::fs::read_to_string(&path);
                let token = token
                    .with_context(|| format!("could not read {}: is the server running?", path.display()));
                token?.trim().into()
            }
        };
        let public_url = config.http.base_url.clone().unwrap_or_else(|| base.clone());
        Ok(Self { http: crate::http_client::builder().no_proxy().build()?, base, public_url, token })
    }

    async fn post(&self, token: &SecretString, form: &Form) -> anyhow::Result<()> {
        const PATH: &str = "/webhooks/whatsapp";
        let signature = sign(token, &format!("{}{PATH}", self.public_url), form);
        let request = self
            .http
            .post(format!("{}{PATH}", self.base))
            .header(SIGNATURE, signature)
            .header("content-type", "application/x-www-form-urlencoded")
            .body(form.encode());
        let response = request.send().await.with_context(|| format!("no server answers at {}", self.base))?;
        let status = response.status();
        anyhow::ensure!(status.is_success(), "the server answers {status}: {}", response.text().await?);
        Ok(())
    }

    /// Uploads a file to the sandbox; returns its URL and type.
    async fn upload(
        &self,
        data_dir: &Path,
        token: &SecretString,
        path: &Path,
    ) -> anyhow::Result<(String, &'static str)> {
        let bytes = std::fs::read(path).map_err(|error| Misuse(format!("{}: {error}", path.display())))?;
        let place = data_dir.join(whatsapp::SANDBOX_FILE);
        let sandbox = std::fs::read_to_string(&place).with_context(|| {
            format!("could not read {}: does the server run the sandbox?", place.display())
        })?;
        let content_type = content_type(path);
        let upload = self.http.post(format!("{}/sandbox/media", sandbox.trim()));
        let upload = upload.bearer_auth(token.expose_secret());
        let response = upload.header("content-type", content_type).body(bytes).send().await?;
        let answer: Value = response.error_for_status()?.json().await?;
        let url = answer["url"].as_str().context("the sandbox does not say where the file is")?;
        Ok((url.to_owned(), content_type))
    }

    /// Every message to that customer (`phone=…` or `email=…`) that is being sent or was sent, oldest first.
    async fn replies(&self, customer: &str) -> anyhow::Result<Vec<SimulatedReply>> {
        let Some(found) = self.read(&format!("/customers/lookup?{customer}")).await? else {
            return Ok(Vec::new());
        };
        let mut replies = Vec::new();
        // The newest conversation comes first.
        for conversation in found["conversations"].as_array().into_iter().flatten().rev() {
            let id = conversation["conversation_id"].as_str().unwrap_or_default();
            let Some(view) = self.read(&format!("/conversations/{id}")).await? else {
                continue;
            };
            replies.extend(view["messages"].as_array().into_iter().flatten().filter_map(reply));
        }
        Ok(replies)
    }

    async fn read(&self, path: &str) -> anyhow::Result<Option<Value>> {
        let request = self.http.get(format!("{}{path}", self.base)).bearer_auth(self.token.expose_secret());
        let response = request.send().await.with_context(|| format!("no server answers at {}", self.base))?;
        if response.status() == reqwest::StatusCode::NOT_FOUND {
            return Ok(None);
        }
        Ok(Some(response.error_for_status()?.json().await?))
    }

    /// The replies after the first `before`, once they are complete.
    async fn wait_for(
        &self,
        customer: &str,
        before: usize,
        within: Duration,
    ) -> anyhow::Result<Vec<SimulatedReply>> {
        let began = clock::monotonic();
        let mut known = (0, began);
        loop {
            let mut replies = self.replies(customer).await?;
            // One that was withdrawn meanwhile is not listed any more.
            let replies = replies.split_off(before.min(replies.len()));
            let now = clock::monotonic();
            if replies.len() != known.0 {
                known = (replies.len(), now);
            }
            let is_complete = !replies.is_empty() && now.duration_since(known.1) >= COMPLETE_AFTER;
            if is_complete || now.duration_since(began) >= within {
                return Ok(replies);
            }
            tokio::time::sleep(LOOK_EVERY).await;
        }
    }
}

fn reply(message: &Value) -> Option<SimulatedReply> {
    let status = message["delivery_status"].as_str()?;
    let is_ours = message["role"] != "customer" && !matches!(status, "pending" | "withdrawn");
    let text = message["content"].as_str()?.to_owned();
    is_ours.then(|| SimulatedReply { text, status: status.to_owned() })
}

fn content_type(path: &Path) -> &'static str {
    let extension = path.extension().and_then(|extension| extension.to_str()).unwrap_or_default();
    match extension.to_ascii_lowercase().as_str() {
        "jpg" | "jpeg" => "image/jpeg",
        "png" => "image/png",
        "webp" => "image/webp",
        "ogg" | "oga" => "audio/ogg",
        "mp3" => "audio/mpeg",
        "mp4" => "video/mp4",
        "pdf" => "application/pdf",
        "vcf" => "text/vcard",
        "txt" => "text/plain",
        "csv" => "text/csv",
        _ => "application/octet-stream",
    }
}
