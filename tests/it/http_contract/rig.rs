//! Test fixture of the HTTP contract tests: a running server, fakes of its actors, and a client.

use std::collections::HashMap;
use std::net::{IpAddr, SocketAddr, TcpListener};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use actix::prelude::*;
use actix_web::dev::ServerHandle;
use fte::actors::messages::{
    CheckStatus, Health, HealthCheck, ProveProgress, Readiness, RecordStatus, ReportHealth, TakeIn,
};
use fte::actors::runtime::ask::CallError;
use fte::agent::handbook::Handbook;
use fte::channels::whatsapp::Verifier;
use fte::clock;
use fte::crm::port::{
    Accounts, Articles, AuditLog, CrmError, CustomerRights, DeskTools, Gaps, Knowledge, Macros, Proposals,
    QualityReviews, Queues, SavedViews, SideConversations, StaffEvents, StoreFuture, SupportReports,
    TicketPages, Views, WebIdentities, Webhooks,
};
use fte::domain::enums::{Channel, TicketStatus};
use fte::domain::ids::ConversationId;
use fte::domain::messages::delivery::{Known, StatusUpdate};
use fte::domain::messages::inquiry::{Freshness, Inquiry, Receipt, Stored, Thread, TicketNumber};
use fte::http::{
    ChannelWebhooks, ConnectionLimits, CookieKind, LearningWires, Settings, Site, TrustedProxies, Wires,
    serve,
};
use fte::live_secret::LiveSecret;
use reqwest::{Client, Method, RequestBuilder, Response};
use serde_json::{Value, json};
use uuid::Uuid;

use super::page_fakes::handle;
use crate::support::wait::LIMIT;

pub const TOKEN: &str = "s3cret-token";
pub const TWILIO_TOKEN: &str = "12345";
/// The public URL under which Twilio calls the server, whatever its real address.
pub const PUBLIC_URL: &str = "https://support.example.com";
/// The id of the only ticket, conversation and customer in the records.
pub const KNOWN: Uuid = Uuid::from_u128(0x1111_1111_1111_4111_8111_1111_1111_1111);
pub const CLOSED: Uuid = Uuid::from_u128(0x2222_2222_2222_4222_8222_2222_2222_2222);
pub const FULL: Uuid = Uuid::from_u128(0x4444_4444_4444_4444_8444_4444_4444_4444);
pub const UNKNOWN: Uuid = Uuid::from_u128(0x3333_3333_3333_4333_8333_3333_3333_3333);

/// How the fakes handle a request.
#[derive(Clone, Debug)]
pub enum Mood {
    Answering,
    Refusing(CallError),
    /// Drops this many requests, then answers.
    Losing(u32),
}

/// Fake of `Intake`, `Crm` and `Supervisor`; records every inquiry it was asked to store.
pub(super) struct Backstage {
    mood: Mood,
    readiness: Readiness,
    stored: HashMap<String, ([u8; 32], Receipt)>,
    seen: Arc<Mutex<Vec<Inquiry>>>,
    reports: Arc<Mutex<Vec<StatusUpdate>>>,
}

impl Actor for Backstage {
    type Context = Context<Self>;
}

impl Handler<TakeIn> for Backstage {
    type Result = ();

    fn handle(&mut self, order: TakeIn, _: &mut Self::Context) {
        self.seen.lock().unwrap().push(order.inquiry.clone());
        match &mut self.mood {
            Mood::Losing(left) if *left > 0 => *left -= 1,
            Mood::Refusing(error) => order.reply.send(Err(error.clone())),
            Mood::Answering | Mood::Losing(_) => {
                order.reply.send(Ok(self.store(&order.inquiry)));
            }
        }
    }
}

impl Backstage {
    fn store(&mut self, inquiry: &Inquiry) -> Stored {
        if let Some((fingerprint, receipt)) = self.stored.get(&inquiry.external_id) {
            let same = *fingerprint == inquiry.fingerprint;
            return if same { Stored::Accepted(receipt.clone()) } else { Stored::Conflict };
        }
        let (ticket, status) = match &inquiry.thread {
            Thread::Opens(opening) | Thread::Replies { opening, .. } => (opening.ticket, TicketStatus::Open),
            Thread::Continues(ticket) if ticket.0 == CLOSED => return Stored::TicketClosed,
            Thread::Continues(ticket) if ticket.0 == FULL => return Stored::TicketFull,
            Thread::Continues(ticket) if ticket.0 == UNKNOWN => return Stored::NoTicket,
            Thread::Continues(ticket) => (*ticket, TicketStatus::InProgress),
            Thread::ByStaff { .. } => return Stored::NoTicket,
        };
        let receipt = Receipt {
            message: inquiry.message,
            conversation: ConversationId(KNOWN),
            ticket,
            ticket_number: TicketNumber(1042 + i64::try_from(self.stored.len()).unwrap()),
            status,
            stored_at: clock::now(),
            freshness: Freshness::New,
        };
        self.stored.insert(inquiry.external_id.clone(), (inquiry.fingerprint, receipt.clone()));
        Stored::Accepted(receipt)
    }
}

/// Fake of the records.
pub(super) struct Shelf {
    mood: Mutex<Mood>,
}

impl Shelf {
    /// What is found, unless the mood is another one: a lost request, or a failure.
    pub(super) fn answer<T: Send + 'static>(&self, found: T) -> StoreFuture<Result<T, CrmError>> {
        let mut mood = self.mood.lock().unwrap();
        match &mut *mood {
            Mood::Losing(left) if *left > 0 => {
                *left -= 1;
                drop(mood);
                panic!("the request is dropped");
            }
            Mood::Refusing(CallError::Crm(error)) => Box::pin(std::future::ready(Err(error.clone()))),
            Mood::Refusing(error) => panic!("a store does not answer {error}"),
            Mood::Answering | Mood::Losing(_) => ready(found),
        }
    }
}

pub(super) fn ready<T: Send + 'static>(found: T) -> StoreFuture<Result<T, CrmError>> {
    Box::pin(std::future::ready(Ok(found)))
}

impl Handler<RecordStatus> for Backstage {
    type Result = ();

    fn handle(&mut self, order: RecordStatus, _: &mut Self::Context) {
        match &self.mood {
            Mood::Losing(_) => drop(order.reply),
            Mood::Refusing(error) => order.reply.send(Err(error.clone())),
            Mood::Answering => {
                self.reports.lock().unwrap().push(order.update);
                order.reply.send(Ok(Known::Yes));
            }
        }
    }
}

impl Handler<ReportHealth> for Backstage {
    type Result = ();

    fn handle(&mut self, question: ReportHealth, _: &mut Self::Context) {
        let check = HealthCheck { name: "database", status: CheckStatus::Ok, detail: "answers".to_owned() };
        let health = Health { status: self.readiness, checks: vec![check] };
        match self.mood {
            Mood::Losing(_) => drop(question.reply),
            Mood::Answering | Mood::Refusing(_) => question.reply.send(Ok(health)),
        }
    }
}

impl Handler<ProveProgress> for Backstage {
    type Result = ();

    fn handle(&mut self, question: ProveProgress, _: &mut Self::Context) {
        match &self.mood {
            Mood::Answering => question.reply.send(Ok(())),
            Mood::Losing(_) => drop(question.reply),
            Mood::Refusing(error) => question.reply.send(Err(error.clone())),
        }
    }
}

/// Settings that a test overrides.
pub struct Plan {
    pub mood: Mood,
    pub readiness: Readiness,
    pub token: Option<&'static str>,
    pub origins: &'static [&'static str],
    pub per_minute: u32,
    pub trusts: fn(IpAddr) -> bool,
    pub whatsapp: bool,
    pub body_within: Duration,
    pub connections: ConnectionLimits,
}

impl Default for Plan {
    fn default() -> Self {
        Self {
            mood: Mood::Answering,
            readiness: Readiness::Ready,
            token: Some(TOKEN),
            origins: &[],
            per_minute: 0,
            trusts: |_| false,
            whatsapp: true,
            body_within: LIMIT,
            connections: ConnectionLimits { total: 1_000, per_address: 0 },
        }
    }
}

/// A running server; it stops with the test's actix system.
pub struct Front {
    pub address: SocketAddr,
    pub handle: ServerHandle,
    seen: Arc<Mutex<Vec<Inquiry>>>,
    reports: Arc<Mutex<Vec<StatusUpdate>>>,
    client: Client,
}

impl Front {
    pub fn new() -> Self {
        Self::with(Plan::default())
    }

    pub fn with(plan: Plan) -> Self {
        let (seen, reports) = (Arc::default(), Arc::default());
        let shelf = Arc::new(Shelf { mood: Mutex::new(plan.mood.clone()) });
        let backstage = Backstage {
            mood: plan.mood,
            readiness: plan.readiness,
            stored: HashMap::new(),
            seen: Arc::clone(&seen),
            reports: Arc::clone(&reports),
        }
        .start();
        let settings = Settings {
            workers: 1,
            cors_origins: plan.origins.iter().map(ToString::to_string).collect(),
            api_token: plan.token.map(LiveSecret::from),
            trusted_proxies: TrustedProxies::new(plan.trusts),
            connections: plan.connections,
            submit_rate_per_minute: plan.per_minute.try_into().ok(),
            body_within: plan.body_within,
            pushes: None,
            mcp: None,
            files: None,
            texts: Handbook::own().unwrap().texts,
            mails_codes: true,
            cookie: CookieKind::Plain,
            public_url: PUBLIC_URL.to_owned(),
            site: Site { company: "TechCorp".to_owned(), reopen_days: 7, ..Site::default() },
            webhooks: plan.whatsapp.then(webhooks).into_iter().collect(),
            version: "1.2.3",
            started: clock::monotonic(),
        };
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let server = serve(listener, wires(&backstage, &shelf), settings).unwrap();
        let handle = server.handle();
        actix::spawn(server);
        let client = fte::http_client::builder().no_proxy().build().unwrap();
        Self { address, handle, seen, reports, client }
    }

    /// The status reports that the server forwarded, in order.
    pub fn reports(&self) -> Vec<StatusUpdate> {
        self.reports.lock().unwrap().clone()
    }

    /// The inquiries that the server asked to store, in order.
    pub fn seen(&self) -> Vec<Inquiry> {
        self.seen.lock().unwrap().clone()
    }

    pub fn request(&self, method: &str, path: &str) -> RequestBuilder {
        let method = Method::from_bytes(method.as_bytes()).unwrap();
        self.client.request(method, format!("http://{}{path}", self.address))
    }

    pub fn get(&self, path: &str) -> RequestBuilder {
        self.request("GET", path)
    }

    pub fn submit(&self, form: &Value) -> RequestBuilder {
        self.request("POST", "/support/submit").json(form)
    }

    pub fn follow_up(&self, ticket: Uuid, text: &str) -> RequestBuilder {
        self.request("POST", &format!("/support/ticket/{ticket}/messages")).json(&json!({ "message": text }))
    }
}

/// Every wire leads to the fakes.
#[expect(clippy::too_many_lines, reason = "one line for each recipient")]
fn wires(backstage: &Addr<Backstage>, shelf: &Arc<Shelf>) -> Wires {
    Wires {
        intake: backstage.clone().recipient(),
        channels: vec![(Channel::Whatsapp, backstage.clone().recipient())],
        pool: None,
        statuses: backstage.clone().recipient(),
        views: handle::<dyn Views>(shelf.clone()),
        ticket_pages: handle::<dyn TicketPages>(shelf.clone()),
        knowledge: handle::<dyn Knowledge>(shelf.clone()),
        accounts: handle::<dyn Accounts>(shelf.clone()),
        log_in: backstage.clone().recipient(),
        change_credentials: backstage.clone().recipient(),
        offer_totp: backstage.clone().recipient(),
        customer_rights: handle::<dyn CustomerRights>(shelf.clone()),
        erase_customer: backstage.clone().recipient(),
        queues: handle::<dyn Queues>(shelf.clone()),
        reports: handle::<dyn SupportReports>(shelf.clone()),
        perform: backstage.clone().recipient(),
        perform_bulk: backstage.clone().recipient(),
        undo_bulk: backstage.clone().recipient(),
        side_conversations: handle::<dyn SideConversations>(shelf.clone()),
        suggest: backstage.clone().recipient(),
        summarize: backstage.clone().recipient(),
        replay_turn: backstage.clone().recipient(),
        follow_desk: backstage.clone().recipient(),
        staff_events: handle::<dyn StaffEvents>(shelf.clone()),
        desk_tools: handle::<dyn DeskTools>(shelf.clone()),
        macros: handle::<dyn Macros>(shelf.clone()),
        saved_views: handle::<dyn SavedViews>(shelf.clone()),
        quality: handle::<dyn QualityReviews>(shelf.clone()),
        webhooks: handle::<dyn Webhooks>(shelf.clone()),
        check_webhook: backstage.clone().recipient(),
        audit_log: handle::<dyn AuditLog>(shelf.clone()),
        learning: learning_wires(backstage, shelf),
        web_identities: handle::<dyn WebIdentities>(shelf.clone()),
        prove_address: backstage.clone().recipient(),
        follow: backstage.clone().recipient(),
        search_help: backstage.clone().recipient(),
        ask_for_person: backstage.clone().recipient(),
        supervisor: backstage.clone().recipient(),
        progress: backstage.clone().recipient(),
    }
}

fn learning_wires(backstage: &Addr<Backstage>, shelf: &Arc<Shelf>) -> LearningWires {
    LearningWires {
        articles: handle::<dyn Articles>(shelf.clone()),
        gaps: handle::<dyn Gaps>(shelf.clone()),
        proposals: handle::<dyn Proposals>(shelf.clone()),
        group_questions: backstage.clone().recipient(),
        approve_proposal: backstage.clone().recipient(),
        start_run: backstage.clone().recipient(),
    }
}

pub fn form() -> Value {
    json!({
        "name": "Ann Lee",
        "email": "ann@example.com",
        "subject": "Cannot sign in",
        "category": "technical",
        "message": "I forgot my password. What now?",
    })
}

pub async fn send(request: RequestBuilder) -> Response {
    request.send().await.unwrap()
}

/// A header's value; empty if absent.
pub fn header(response: &Response, name: &str) -> String {
    response.headers().get(name).map_or("", |value| value.to_str().unwrap()).to_owned()
}

/// Checks that a response is a problem document with that status and instance, and returns it.
pub async fn problem(response: Response, status: u16, instance: &str) -> Value {
    assert_eq!(response.status(), status, "{instance}");
    assert_eq!(header(&response, "content-type"), "application/problem+json", "{instance}");
    assert_eq!(header(&response, "x-content-type-options"), "nosniff", "{instance}");
    let document: Value = response.json().await.unwrap();
    assert_eq!(document["type"], "about:blank", "{document}");
    assert_eq!(document["status"], status, "{document}");
    assert_eq!(document["instance"], instance, "{document}");
    for field in ["title", "detail"] {
        assert!(document[field].as_str().is_some_and(|text| !text.is_empty()), "{document}");
    }
    let names_fields = document["errors"].as_array().is_some_and(|errors| !errors.is_empty());
    assert_eq!(names_fields, status == 422, "{document}");
    document
}

/// The field names listed in a problem document.
pub fn fields(problem: &Value) -> Vec<&str> {
    let errors = problem["errors"].as_array().unwrap();
    errors.iter().map(|error| error["field"].as_str().unwrap()).collect()
}

pub fn unavailable() -> CallError {
    CallError::Crm(CrmError::Unavailable("connection refused by 10.0.0.7".to_owned()))
}

fn webhooks() -> ChannelWebhooks {
    let verifier = Verifier::new(vec![LiveSecret::from(TWILIO_TOKEN)]);
    ChannelWebhooks { channel: Channel::Whatsapp, verifier, public_url: PUBLIC_URL.to_owned() }
}
