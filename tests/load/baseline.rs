//! `load baseline`: the HTTP front of `fte` with another implementation of intake behind it, for comparison.

use std::net::{Ipv4Addr, TcpListener};
use std::sync::Arc;

use actix::prelude::*;
use anyhow::Context as _;
use clap::{Args, ValueEnum};
use deadpool_postgres::Pool;
use fte::actors::channels::intake::UNDER_WAY;
use fte::actors::messages::{
    ApproveProposal, AskForPerson, ChangeCredentials, CheckWebhook, EraseCustomer, Follow, FollowDesk,
    GroupQuestions, LogIn, OfferTotp, PerformAction, PerformBulk, ProveAddress, ProveProgress, RecordStatus,
    ReplayTurn, ReportHealth, SearchHelp, StartRun, Suggest, Summarize, TakeIn, UndoBulk,
};
use fte::actors::runtime::ask::{Admission, Answer, CallError};
use fte::actors::store::store_handle::Bulkhead;
use fte::agent::handbook::Handbook;
use fte::clock;
use fte::crm::port::{
    Accounts, Articles, AuditLog, CustomerRights, DeskTools, Gaps, Knowledge, Macros, Proposals,
    QualityReviews, Queues, SavedViews, SideConversations, StaffEvents, SupportReports, TicketPages, Views,
    WebIdentities, Webhooks,
};
use fte::crm::postgres::PgStore;
use fte::domain::enums::TicketStatus;
use fte::domain::messages::inquiry::{Freshness, Inquiry, Receipt, Stored, Thread, TicketNumber};
use fte::http::{
    BODY_TIMEOUT, ConnectionLimits, CookieKind, LearningWires, Settings, Site, TrustedProxies, Wires,
};
use tokio::runtime::Handle;

use crate::classic;
use crate::scratch::connector;

/// Connections that commit concurrently: more of them would only wait for one another.
const CONNECTIONS: usize = 16;
/// The same settings as in the program's batch queues, so that both get the same query plans.
const SETTINGS: [(&str, &str); 2] = [("enable_seqscan", "off"), ("jit", "off")];

/// Without a database nothing is looked up: this URL is never used.
const NO_DATABASE: &str = "postgres://127.0.0.1:1/none";

/// Serve the HTTP front of fte with another intake behind it, on a free port of 127.0.0.1, until stopped.
///
/// `load submit` starts it for its comparison; run it alone for profiling with perf or by hand.
#[derive(Debug, Args)]
pub struct Options {
    /// How submissions are handled.
    #[arg(long, value_enum, default_value_t = Behind::Transactions)]
    pub intake: Behind,
    /// The database of `--intake transactions`, with the schema applied.
    #[arg(long)]
    pub database_url: Option<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Behind {
    /// Each is stored in its own transaction, over 16 connections.
    Transactions,
    /// Each is answered at once, and discarded.
    Nothing,
}

pub async fn run(options: &Options) -> anyhow::Result<()> {
    let intake = match options.intake {
        Behind::Transactions => {
            let url = options.database_url.as_deref().context("--database-url is missing")?;
            let pool = connector(url)?.with_settings(&SETTINGS).pool(CONNECTIONS)?;
            Classic { pool, admission: Admission::new(UNDER_WAY) }.start().recipient()
        }
        Behind::Nothing => Forgetful.start().recipient(),
    };
    let idle = Idle::open(options.database_url.as_deref().unwrap_or(NO_DATABASE))?;
    let wires = wires(intake, &idle);
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?;
    let address = listener.local_addr()?;
    let server = fte::http::serve(listener, wires, settings()?)?;
    println!("listening on http://{address}");
    server.await?;
    Ok(())
}

/// A handle to one aggregate of the store.
macro_rules! handle {
    ($bulkhead:ident, $store:ident, $aggregate:ident) => {{
        let aggregate: Arc<dyn $aggregate> = $store.clone();
        $bulkhead.handle(&aggregate)
    }};
}

/// What the handlers could call, but do not in this measurement.
struct Idle {
    nobody: Addr<Nobody>,
    store: Arc<PgStore>,
    bulkhead: Bulkhead,
}

impl Idle {
    fn open(database_url: &str) -> anyhow::Result<Self> {
        let store = Arc::new(PgStore::new(&connector(database_url)?)?);
        Ok(Self { nobody: Nobody.start(), store, bulkhead: Bulkhead::new(Handle::current()) })
    }
}

/// Only the intake answers; no one looks anything up.
#[expect(clippy::too_many_lines, reason = "one line for each recipient")]
fn wires(intake: Recipient<TakeIn>, Idle { nobody, store, bulkhead }: &Idle) -> Wires {
    Wires {
        channels: Vec::new(),
        intake,
        pool: None,
        statuses: nobody.clone().recipient(),
        views: handle!(bulkhead, store, Views),
        ticket_pages: handle!(bulkhead, store, TicketPages),
        knowledge: handle!(bulkhead, store, Knowledge),
        accounts: handle!(bulkhead, store, Accounts),
        customer_rights: handle!(bulkhead, store, CustomerRights),
        erase_customer: nobody.clone().recipient(),
        queues: handle!(bulkhead, store, Queues),
        reports: handle!(bulkhead, store, SupportReports),
        webhooks: handle!(bulkhead, store, Webhooks),
        check_webhook: nobody.clone().recipient(),
        audit_log: handle!(bulkhead, store, AuditLog),
        learning: learning_wires(store, bulkhead, nobody),
        staff_events: handle!(bulkhead, store, StaffEvents),
        desk_tools: handle!(bulkhead, store, DeskTools),
        macros: handle!(bulkhead, store, Macros),
        saved_views: handle!(bulkhead, store, SavedViews),
        quality: handle!(bulkhead, store, QualityReviews),
        web_identities: handle!(bulkhead, store, WebIdentities),
        prove_address: nobody.clone().recipient(),
        side_conversations: handle!(bulkhead, store, SideConversations),
        perform_bulk: nobody.clone().recipient(),
        undo_bulk: nobody.clone().recipient(),
        perform: nobody.clone().recipient(),
        suggest: nobody.clone().recipient(),
        summarize: nobody.clone().recipient(),
        replay_turn: nobody.clone().recipient(),
        follow_desk: nobody.clone().recipient(),
        follow: nobody.clone().recipient(),
        search_help: nobody.clone().recipient(),
        ask_for_person: nobody.clone().recipient(),
        log_in: nobody.clone().recipient(),
        change_credentials: nobody.clone().recipient(),
        offer_totp: nobody.clone().recipient(),
        supervisor: nobody.clone().recipient(),
        progress: nobody.clone().recipient(),
    }
}

fn learning_wires(store: &Arc<PgStore>, bulkhead: &Bulkhead, nobody: &Addr<Nobody>) -> LearningWires {
    LearningWires {
        articles: handle!(bulkhead, store, Articles),
        gaps: handle!(bulkhead, store, Gaps),
        proposals: handle!(bulkhead, store, Proposals),
        group_questions: nobody.clone().recipient(),
        approve_proposal: nobody.clone().recipient(),
        start_run: nobody.clone().recipient(),
    }
}

/// The settings that `fte serve` uses.
fn settings() -> anyhow::Result<Settings> {
    Ok(Settings {
        workers: 1,
        cors_origins: vec![],
        api_token: None,
        trusted_proxies: TrustedProxies::new(|_| false),
        connections: ConnectionLimits { total: 100_000, per_address: 0 },
        submit_rate_per_minute: None,
        body_within: BODY_TIMEOUT,
        webhooks: vec![],
        pushes: None,
        mcp: None,
        files: None,
        texts: Handbook::own()?.texts,
        site: Site::default(),
        public_url: String::new(),
        mails_codes: false,
        cookie: CookieKind::Plain,
        version: env!("CARGO_PKG_VERSION"),
        started: clock::monotonic(),
    })
}

/// Commits each submission in its own transaction.
struct Classic {
    pool: Pool,
    admission: Admission,
}

impl Actor for Classic {
    type Context = Context<Self>;

    fn started(&mut self, ctx: &mut Self::Context) {
        ctx.set_mailbox_capacity(UNDER_WAY);
    }
}

impl Handler<TakeIn> for Classic {
    type Result = ();

    fn handle(&mut self, order: TakeIn, _: &mut Self::Context) {
        let Some(permit) = self.admission.admit() else {
            order.reply.send(Err(CallError::Busy));
            return;
        };
        let (pool, reply) = (self.pool.clone(), order.reply.holding(permit));
        actix::spawn(async move { reply.send(classic::store(&pool, order.inquiry).await) });
    }
}

/// Answers at once without storing anything.
struct Forgetful;

impl Actor for Forgetful {
    type Context = Context<Self>;

    fn started(&mut self, ctx: &mut Self::Context) {
        ctx.set_mailbox_capacity(UNDER_WAY);
    }
}

impl Handler<TakeIn> for Forgetful {
    type Result = ();

    fn handle(&mut self, order: TakeIn, _: &mut Self::Context) {
        order.reply.send(pretend(&order.inquiry));
    }
}

fn pretend(inquiry: &Inquiry) -> Answer<Stored> {
    let Thread::Opens(opening) = &inquiry.thread else {
        return Ok(Stored::NoTicket);
    };
    Ok(Stored::Accepted(Receipt {
        message: inquiry.message,
        conversation: opening.conversation,
        ticket: opening.ticket,
        ticket_number: TicketNumber(1001),
        status: TicketStatus::Open,
        stored_at: clock::now(),
        freshness: Freshness::New,
    }))
}

/// Has no state to report: every request is dropped.
struct Nobody;

impl Actor for Nobody {
    type Context = Context<Self>;
}

macro_rules! dropped {
    ($($message:ty),+ $(,)?) => {$(
        impl Handler<$message> for Nobody {
            type Result = ();

            fn handle(&mut self, _: $message, _: &mut Self::Context) {}
        }
    )+};
}

dropped!(
    FollowDesk,
    PerformAction,
    PerformBulk,
    UndoBulk,
    ProveAddress,
    Suggest,
    Summarize,
    ReplayTurn,
    RecordStatus,
    ReportHealth,
    ProveProgress,
    Follow,
    SearchHelp,
    AskForPerson,
    LogIn,
    ChangeCredentials,
    OfferTotp,
    EraseCustomer,
    CheckWebhook,
    GroupQuestions,
    ApproveProposal,
    StartRun,
);
