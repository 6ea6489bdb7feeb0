//! `fte chat`: writes to the bot as a customer would, from a terminal or a script.
//! A process of its own on the same database: a typed message is stored like any other, and answered by whichever
//! process
//! takes it up first, this one or a server beside it. So it shows what customers get, and needs no server.

use std::sync::Arc;
use std::time::{Duration, Instant};

use clap::Args;
use serde::Serialize;
use sha2::{Digest, Sha256};

use super::serve::stop_actors;
use crate::actors::conversations::pool::Limits;
use crate::actors::messages::Drain;
use crate::actors::runtime::ask::ask;
use crate::actors::supervisor::{Custody, Endpoints, SystemConfig, spawn};
use crate::cli::knowledge::knowledge_stores::KnowledgeStores;
use crate::cli::wiring::{handbook, model, start};
use crate::cli::{CommandOutcome, Misuse};
use crate::clock;
use crate::config::Config;
use crate::crm::port::{CrmError, Inquiries, Maintenance};
use crate::crm::postgres::PgStore;
use crate::crm::postgres::settled::Fate;
use crate::domain::customers::contact::{Address, Email, Phone};
use crate::domain::enums::{Category, Channel, Outcome, Priority, Reason};
use crate::domain::ids::TicketId;
use crate::domain::knowledge::Source;
use crate::domain::messages::inquiry::{
    Attestation, Extras, Inquiry, Opening, Receipt, Sender, Stored, Thread,
};
use crate::domain::runtime::roles::Roles;
use crate::knowledge::port::Embedder;

/// Poll interval for the answer.
const LOOK_EVERY: Duration = Duration::from_millis(25);
/// After this the command gives up waiting.
const ANSWER_TIMEOUT: Duration = Duration::from_secs(90);
const DRAIN_TIMEOUT: Duration = Duration::from_secs(60);
/// Maximum length of a message; the database accepts no more.
const LINE_MAX_CHARS: usize = 10_000;

/// Write to the bot as a customer would: one message per line on standard input, one answer for each.
/// All lines belong to one new conversation. Works with and without a running server on the same database. The sender
/// is
/// unverified, as on the web form: nothing of other conversations is shown. After an escalation the conversation is in
/// human hands, and the bot stays silent. Exits with 4 if an answer takes too long.
#[derive(Debug, Args)]
pub struct Chat {
    /// email, whatsapp or web_form.
    #[arg(long, default_value = "web_form")]
    channel: Channel,
    /// The customer's e-mail address; on WhatsApp the phone number, such as +4915112345678.
    #[arg(long = "as", value_name = "WHO")]
    who: String,
    /// Subject of the ticket, on channels that have subjects.
    #[arg(long, default_value = "")]
    subject: String,
    /// Print one JSON object per line: `{action, reason, reply, ticket_id, sources, latency_ms}`.
    #[arg(long)]
    json: bool,
}

#[derive(Serialize)]
struct ChatLine {
    action: Outcome,
    reason: Option<Reason>,
    reply: Option<String>,
    ticket_id: TicketId,
    sources: Vec<Source>,
    latency_ms: u64,
}

pub async fn run(config: Config, order: Chat) -> anyhow::Result<CommandOutcome> {
    let address = address(&order)?;
    let knowledge_stores = KnowledgeStores::open(&config).await?;
    let chatted = chat(&config, &knowledge_stores, &order, address).await;
    knowledge_stores.close().await?;
    chatted
}

/// A phone number on WhatsApp, an e-mail address elsewhere.
fn address(order: &Chat) -> Result<Address, Misuse> {
    let wrong = |error: &dyn std::fmt::Display| Misuse(format!("--as {}: {error}", order.who));
    match order.channel {
        Channel::Whatsapp => Phone::parse(&order.who).map(Address::Phone).map_err(|error| wrong(&error)),
        Channel::Email | Channel::WebForm => {
            Email::parse(&order.who).map(Address::Email).map_err(|error| wrong(&error))
        }
    }
}

async fn chat(
    config: &Config,
    knowledge_stores: &KnowledgeStores,
    order: &Chat,
    address: Address,
) -> anyhow::Result<CommandOutcome> {
    let library = knowledge_stores.store.library();
    let knowledge = start::ingest(config, &library).await?;
    let indexing = start::index(library, knowledge_stores.embedder.clone(), knowledge).await;
    let endpoints = agents(config, &knowledge_stores.store, knowledge_stores.embedder.clone()).await?;
    let mut talk = Talk { store: &knowledge_stores.store, order, address, ticket: None };
    let mut lines = lines();
    let mut verdict = CommandOutcome::Passed;
    while let Some(line) = lines.recv().await {
        match talk.say(&line?).await? {
            Some(answer) if order.json => println!("{}", serde_json::to_string(&answer)?),
            Some(answer) => show(&answer),
            None => {
                eprintln!("no answer within {ANSWER_TIMEOUT:?}");
                verdict = CommandOutcome::TimedOut;
                break;
            }
        }
    }
    if let Err(error) = ask(&endpoints.drain, DRAIN_TIMEOUT, |reply| Drain { reply }).await {
        tracing::warn!(%error, "stopping without a complete drain");
    }
    if let Some(indexing) = indexing {
        indexing.abort.abort();
    }
    stop_actors(&endpoints).await;
    Ok(verdict)
}

/// Agents in this process, so that there is an answer without a server. They do not notify staff: servers do that.
async fn agents(
    config: &Config,
    store: &PgStore,
    embedder: Option<Arc<dyn Embedder>>,
) -> anyhow::Result<Endpoints> {
    let roles = Roles { intake: false, agent: true, delivery: false, desk: false };
    let handbook = Arc::new(handbook::load(config)?);
    Ok(spawn(SystemConfig {
        store: store.clone().into(),
        model: model::model(config, &handbook)?,
        embedder,
        index: None,
        budgets: config.agent.budgets,
        ceilings: config.agent.ceilings,
        delay_ack: config.agent.delay_ack,
        handbook,
        channels: store.channel_configs().await?,
        staff: None,
        events: None,
        providers: Vec::new(),
        codes: None,
        reports: None,
        limits: Limits::new(config.agent.pool_size, config.agent.pool_idle),
        idle: config.desk.idle,
        sla: None,
        custody: Custody::default(),
        signals: None,
        bus: None,
        roles,
        owner: clock::new_v7().into(),
    }))
}

/// Lines of standard input, read on a thread of their own because reading blocks.
fn lines() -> tokio::sync::mpsc::Receiver<std::io::Result<String>> {
    let (sender, lines) = tokio::sync::mpsc::channel(1);
    std::thread::spawn(move || {
        for line in std::io::stdin().lines() {
            if sender.blocking_send(line).is_err() {
                return;
            }
        }
    });
    lines
}

/// One conversation.
struct Talk<'a> {
    store: &'a PgStore,
    order: &'a Chat,
    address: Address,
    /// The conversation's ticket, once its first message is stored.
    ticket: Option<TicketId>,
}

impl Talk<'_> {
    /// The answer to a line; `None` if it takes too long.
    async fn say(&mut self, line: &str) -> anyhow::Result<Option<ChatLine>> {
        let began = clock::monotonic();
        let receipt = self.store(line).await?;
        self.ticket = Some(receipt.ticket);
        loop {
            let fate = self.store.fate(receipt.message).await?.unwrap_or(Fate::Waits);
            if let Some(answer) = answer(fate, receipt.ticket, began) {
                return Ok(Some(answer));
            }
            if clock::monotonic().duration_since(began) > ANSWER_TIMEOUT {
                return Ok(None);
            }
            tokio::time::sleep(LOOK_EVERY).await;
        }
    }

    async fn store(&self, line: &str) -> anyhow::Result<Receipt> {
        let inquiry = self.inquiry(line);
        let stored = self.store.store_inquiries(vec![inquiry]).await.pop();
        match stored.unwrap_or_else(|| Err(CrmError::Failed("no answer".to_owned())))? {
            Stored::Accepted(receipt) => Ok(receipt),
            Stored::TicketClosed => anyhow::bail!("the ticket was closed"),
            Stored::TicketFull => anyhow::bail!("too many messages of the ticket wait for an answer"),
            Stored::Conflict | Stored::NoTicket => anyhow::bail!("the message could not be stored"),
        }
    }

    fn inquiry(&self, line: &str) -> Inquiry {
        let message = clock::new_v7();
        let text: String = line.chars().filter(|c| *c != '\0').take(LINE_MAX_CHARS).collect();
        Inquiry {
            message: message.into(),
            channel: self.order.channel,
            external_id: format!("chat-{message}"),
            fingerprint: Sha256::digest(text.as_bytes()).into(),
            thread: match self.ticket {
                Some(ticket) => Thread::Continues(ticket),
                None => Thread::Opens(Box::new(self.opening())),
            },
            text,
            extras: Extras::default(),
        }
    }

    fn opening(&self) -> Opening {
        Opening {
            conversation: clock::new_v7().into(),
            ticket: clock::new_v4().into(),
            customer: clock::new_v7().into(),
            sender: Sender {
                address: self.address.clone(),
                attestation: Attestation::Unverified,
                name: self.order.who.chars().take(100).collect(),
            },
            subject: self.order.subject.chars().take(200).collect(),
            category: Category::General,
            priority: Priority::Medium,
            contact_phone: None,
        }
    }
}

fn answer(fate: Fate, ticket_id: TicketId, began: Instant) -> Option<ChatLine> {
    let latency = clock::monotonic().duration_since(began);
    let latency_ms = u64::try_from(latency.as_millis()).unwrap_or(u64::MAX);
    match fate {
        Fate::Waits => None,
        Fate::WithStaff => Some(ChatLine {
            action: Outcome::Silent,
            reason: None,
            reply: None,
            ticket_id,
            sources: Vec::new(),
            latency_ms,
        }),
        Fate::Settled(settled) => Some(ChatLine {
            action: settled.outcome,
            reason: settled.reason,
            reply: settled.reply,
            ticket_id,
            sources: settled.sources,
            latency_ms,
        }),
    }
}

/// For people.
fn show(answer: &ChatLine) {
    let reason = answer.reason.map(|reason| format!(" ({reason})")).unwrap_or_default();
    println!("[{}{reason}, {} ms]", answer.action, answer.latency_ms);
    if let Some(reply) = &answer.reply {
        println!("{reply}");
    }
    for source in &answer.sources {
        println!("  source: {} ({:.2})", source.id, source.score);
    }
    println!();
}
