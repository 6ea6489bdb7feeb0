//! Fake Gmail: a real HTTP server with mailbox, history, drafts, labels, tokens and certificates, a ledger of what was
//! sent, and faults by script. Its pushes are signed as Google's are.

mod answers;
mod push;

use std::collections::{BTreeMap, HashMap, VecDeque};
use std::net::TcpListener;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, MutexGuard};

use actix_web::http::StatusCode;
use actix_web::{App, HttpRequest, HttpResponse, HttpServer, web};
use serde_json::{Value, json};
use tempfile::TempDir;

pub use push::{PushToken, claims_of, service_account};

use super::served::Served;

/// The mailbox.
pub const SUPPORT: &str = "support@acme.example";
pub const PUSH_ACCOUNT: &str = "push@acme.iam.gserviceaccount.com";
/// The refresh token and the access token of the second mailbox.
pub const SECOND: &str = "second";
pub const AUDIENCE: &str = "https://acme.example/webhooks/gmail";

/// What goes wrong with the next request of its kind.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum GmailFault {
    /// A draft is sent, and the answer is lost.
    SendAnswerLost,
    /// The request to send a draft is lost.
    SendLost,
    /// A person deletes a draft before it is sent.
    DraftDeleted,
    /// A history request is refused because of the quota.
    Quota,
    /// A token is refused although it has not expired.
    TokenRefused,
    /// A draft is refused for good.
    DraftRefused,
}

/// A mail in the mailbox.
#[derive(Clone, Debug)]
pub struct KeptMail {
    pub id: String,
    pub thread_id: String,
    pub labels: Vec<String>,
    pub raw: Vec<u8>,
}

/// A change: its history id, the mail, and the labels that it got; `None` where it is new.
#[derive(Clone, Debug)]
struct HistoryChange {
    id: u64,
    mail: String,
    labels_added: Option<Vec<String>>,
}

/// What the mailbox holds, and what was asked of it.
pub struct GmailState {
    history_id: u64,
    /// The oldest position that history can start from.
    oldest: u64,
    pub mails: Vec<KeptMail>,
    changes: Vec<HistoryChange>,
    drafts: BTreeMap<String, KeptMail>,
    next_id: u64,
    pub faults: VecDeque<GmailFault>,
    /// The consent was withdrawn: no more tokens.
    pub is_revoked: bool,
    /// Every request to send a draft is answered by 503, and nothing is sent.
    pub sends_nothing: bool,
    /// How long a subscription to pushes is granted, in seconds; `None` if it is refused.
    pub watch_seconds: Option<i64>,
    /// The forms by which tokens were asked for.
    pub grants: Vec<Vec<(String, String)>>,
    /// The only access token that is accepted, and the only refresh token.
    pub token: String,
    pub refresh_token: String,
    /// The mailbox of another consent, whose refresh token is `second`.
    pub second: Option<Box<GmailState>>,
    /// Items on a page of a list.
    pub page: usize,
    /// `METHOD path` of every request, in order.
    pub requests: Vec<String>,
    pub drafts_made: usize,
}

impl GmailState {
    fn new() -> Self {
        Self {
            history_id: 1_000,
            oldest: 0,
            mails: Vec::new(),
            changes: Vec::new(),
            drafts: BTreeMap::new(),
            next_id: 0,
            faults: VecDeque::new(),
            is_revoked: false,
            sends_nothing: false,
            watch_seconds: Some(7 * 24 * 3_600),
            grants: Vec::new(),
            token: "access".to_owned(),
            refresh_token: "refresh".to_owned(),
            second: None,
            page: 100,
            requests: Vec::new(),
            drafts_made: 0,
        }
    }

    /// A mail arrives; the push about it is up to the test.
    pub fn arrive(&mut self, raw: &str, labels: &[&str]) -> String {
        let id = self.new_id();
        let labels = labels.iter().map(|label| (*label).to_owned()).collect();
        let raw = raw.as_bytes().to_vec();
        self.mails.push(KeptMail { id: id.clone(), thread_id: format!("t-{id}"), labels, raw });
        self.change(&id, None);
        id
    }

    fn new_id(&mut self) -> String {
        self.next_id += 1;
        format!("m{:08x}", self.next_id)
    }

    fn take(&mut self, fault: GmailFault) -> bool {
        let is_next = self.faults.front() == Some(&fault);
        if is_next {
            self.faults.pop_front();
        }
        is_next
    }

    fn change(&mut self, mail: &str, labels_added: Option<Vec<String>>) {
        self.history_id += 3;
        self.changes.push(HistoryChange { id: self.history_id, mail: mail.to_owned(), labels_added });
    }

    /// The texts of what was sent, oldest first.
    pub fn sent(&self) -> Vec<String> {
        let sent = self.mails.iter().filter(|mail| mail.labels.iter().any(|label| label == "SENT"));
        sent.map(|mail| String::from_utf8_lossy(&mail.raw).into_owned()).collect()
    }

    /// How many mails were sent to each of these addresses, in their order.
    pub fn counts(&self, addresses: &[String]) -> Vec<usize> {
        let mut counts: HashMap<String, usize> = HashMap::new();
        for mail in self.sent() {
            let to = mail.split_once("\r\nTo: <").and_then(|(_, rest)| rest.split_once('>'));
            *counts.entry(to.map(|(to, _)| to.to_owned()).unwrap_or_default()).or_default() += 1;
        }
        addresses.iter().map(|address| counts.get(address).copied().unwrap_or_default()).collect()
    }
}

/// A running fake; it serves until the tests end.
pub struct FakeGmail {
    pub url: String,
    state: Arc<Mutex<GmailState>>,
    dir: TempDir,
}

impl FakeGmail {
    pub fn start() -> Self {
        let listener = TcpListener::bind(("127.0.0.1", 0)).unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let state = GmailState::new();
        let state = Arc::new(Mutex::new(state));
        let shared = web::Data::new(Arc::clone(&state));
        std::thread::spawn(move || {
            let app = move || App::new().app_data(shared.clone()).default_service(web::to(serve));
            let server = HttpServer::new(app).workers(1).disable_signals().listen(listener).unwrap();
            actix_web::rt::System::new().block_on(server.run()).unwrap();
        });
        let dir = tempfile::tempdir().unwrap();
        let fake = Self { url, state, dir };
        fake.consent("refresh");
        fake
    }

    /// Writes the credentials file, as `fte gmail connect` does.
    pub fn consent(&self, refresh_token: &str) {
        std::fs::write(self.credentials(), consent(refresh_token).to_string()).unwrap();
    }

    /// Adds another mailbox; returns the files of both consents, as `GMAIL_CREDENTIALS_PATH`.
    pub fn add_second(&self) -> String {
        self.state().second = Some(Box::new(GmailState::new()));
        let path = self.dir.path().join("second.json");
        std::fs::write(&path, consent(SECOND).to_string()).unwrap();
        format!("{},{}", self.credentials().display(), path.display())
    }

    pub fn state(&self) -> MutexGuard<'_, GmailState> {
        self.state.lock().unwrap()
    }

    /// Serves a database with this mailbox, and additional `variables`.
    pub async fn serve(&self, url: &str, variables: &[(&str, &str)]) -> Served {
        let credentials = self.credentials().display().to_string();
        let (tokens, certs) = (format!("{}/token", self.url), format!("{}/certs", self.url));
        let mut all = vec![
            ("EMAIL_ADDRESS", SUPPORT),
            ("GMAIL_CREDENTIALS_PATH", credentials.as_str()),
            ("GMAIL_API_BASE_URL", self.url.as_str()),
            ("GOOGLE_TOKEN_URL", tokens.as_str()),
            ("GOOGLE_CERTS_URL", certs.as_str()),
            ("GMAIL_PUBSUB_TOPIC", "projects/acme/topics/mail"),
            ("GMAIL_PUSH_AUDIENCE", AUDIENCE),
            ("GMAIL_PUSH_SERVICE_ACCOUNT", PUSH_ACCOUNT),
            ("EMAIL_AUTHSERV_ID", "mx.acme.example"),
            ("EMAIL_POLL_SECONDS", "1"),
            ("EMAIL_MESSAGES_PER_SECOND", "1000"),
        ];
        all.retain(|(name, _)| !variables.iter().any(|(given, _)| given == name));
        all.extend_from_slice(variables);
        Served::start(url, &all).await
    }

    /// The file that `GMAIL_CREDENTIALS_PATH` names.
    pub fn credentials(&self) -> PathBuf {
        self.dir.path().join("gmail.json")
    }

    /// A mail arrives; the push about it is up to the test.
    pub fn arrive(&self, raw: &str, labels: &[&str]) -> String {
        self.state().arrive(raw, labels)
    }

    /// A person takes a mail out of the spam folder.
    pub fn rescue(&self, id: &str) {
        let mut state = self.state();
        let mail = state.mails.iter_mut().find(|mail| mail.id == id).unwrap();
        mail.labels = vec!["INBOX".to_owned()];
        state.change(id, Some(vec!["INBOX".to_owned()]));
    }

    /// The history is shortened: nobody can go on from an older position.
    pub fn expire_history(&self) {
        let mut state = self.state();
        state.history_id += 1_000;
        state.oldest = state.history_id;
    }

    /// Posts a push about the mailbox, as Pub/Sub does; returns the status.
    pub async fn push(&self, base: &str, token: &PushToken) -> u16 {
        self.push_about(base, token, SUPPORT).await
    }

    pub async fn push_about(&self, base: &str, token: &PushToken, mailbox: &str) -> u16 {
        let history_id = self.state().history_id;
        push::post(base, &token.text(), mailbox, history_id).await
    }
}

fn consent(refresh_token: &str) -> Value {
    json!({
        "type": "authorized_user", "client_id": "client", "client_secret": "secret",
        "refresh_token": refresh_token,
    })
}

async fn serve(
    request: HttpRequest,
    body: web::Bytes,
    state: web::Data<Arc<Mutex<GmailState>>>,
) -> HttpResponse {
    let path = request.path().to_owned();
    let query = form_urlencoded::parse(request.query_string().as_bytes()).into_owned().collect::<Vec<_>>();
    let mut state = state.lock().unwrap();
    state.requests.push(format!("{} {path}", request.method()));
    if path == "/token" {
        return granted(&mut state, &body);
    }
    if path == "/certs" {
        return HttpResponse::Ok().insert_header(("cache-control", "max-age=3600")).json(push::key_set());
    }
    let body: Value = serde_json::from_slice(&body).unwrap_or_default();
    let authorization = request.headers().get("authorization").and_then(|value| value.to_str().ok());
    let mut state = &mut *state;
    let Some(path) = path.strip_prefix("/gmail/v1/users/me/") else {
        return error(404, "no such path", "notFound");
    };
    if state.second.is_some() && authorization == Some("Bearer second") {
        state = state.second.as_mut().unwrap();
        return answers::answer(state, request.method().as_str(), path, &query, &body);
    }
    let expected = format!("Bearer {}", state.token);
    if authorization != Some(expected.as_str()) || state.take(GmailFault::TokenRefused) {
        return error(401, "Invalid Credentials", "authError");
    }
    answers::answer(state, request.method().as_str(), path, &query, &body)
}

/// The answer of the token server.
fn granted(state: &mut GmailState, body: &[u8]) -> HttpResponse {
    let form: Vec<(String, String)> = form_urlencoded::parse(body).into_owned().collect();
    let refresh = form.iter().find(|(name, _)| name == "refresh_token").map(|(_, value)| value.clone());
    let is_second = state.second.is_some() && refresh.as_deref() == Some(SECOND);
    let is_other = !is_second && refresh.is_some_and(|token| token != state.refresh_token);
    state.grants.push(form);
    if state.is_revoked || is_other {
        HttpResponse::BadRequest().json(json!({ "error": "invalid_grant", "error_description": "revoked" }))
    } else {
        let token = if is_second { SECOND.to_owned() } else { state.token.clone() };
        HttpResponse::Ok()
            .json(json!({ "access_token": token, "expires_in": 3600, "token_type": "Bearer", "refresh_token": state.refresh_token }))
    }
}

fn error(status: u16, message: &str, reason: &str) -> HttpResponse {
    let body = json!({ "error": { "code": status, "message": message, "errors": [{ "reason": reason }] } });
    HttpResponse::build(StatusCode::from_u16(status).unwrap()).json(body)
}
