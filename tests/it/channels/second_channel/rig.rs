//! The actors of the program with two provider channels: WhatsApp with its sandbox, and the fake mail.

use std::sync::Arc;
use std::time::Duration;

use actix::{Arbiter, Recipient};
use fte::actors::channels::delivery::chat::ChatSettings;
use fte::actors::conversations::pool::Limits;
use fte::actors::messages::{Drain, Health, RecordStatus, ReportHealth, StopActors, TakeIn};
use fte::actors::runtime::ask::ask;
use fte::actors::supervisor::{ChannelPlan, Custody, Endpoints, FeedPlan, MediaPlan, SystemConfig, spawn};
use fte::agent::handbook::Handbook;
use fte::agent::port::{Answering, LanguageModel, Request, ToolName};
use fte::agent::turn::budgets::{Budgets, Ceilings};
use fte::channels::MediaFolder;
use fte::channels::whatsapp::media::{Media, MediaSettings};
use fte::channels::whatsapp::twilio::{Twilio, TwilioSettings};
use fte::channels::whatsapp::{FeedPace, QUIET};
use fte::clock;
use fte::crm::port::Maintenance;
use fte::domain::conversations::idle::IdleLimits;
use fte::domain::conversations::turn::{ModelTurn, ToolCall};
use fte::domain::customers::contact::Phone;
use fte::domain::enums::Channel;
use fte::domain::messages::delivery::{Known, StatusUpdate};
use fte::domain::messages::inquiry::{Inquiry, Stored};
use fte::domain::runtime::roles::Roles;
use secrecy::SecretString;
use serde_json::json;
use tokio::sync::oneshot;

use super::mail::FakeMail;
use crate::support::records::store;
use crate::support::twilio::{ACCOUNT, FakeTwilio, NUMBER, TWILIO_TOKEN};

const TIMEOUT: Duration = Duration::from_secs(60);

/// A model that always asks back, in words that need no source.
struct AsksBack(Arc<Handbook>);

impl LanguageModel for AsksBack {
    fn name(&self) -> &'static str {
        "asks_back"
    }

    fn prompt_version(&self) -> &'static str {
        "asks_back-1"
    }

    fn answer(&self, _: Request) -> Answering {
        let message = &self.0.voice.phrases.clarifying_question;
        let call = ToolCall {
            id: "1".to_owned(),
            name: ToolName::SendResponse.as_str().to_owned(),
            arguments: json!({ "message": message, "citations": [] }).to_string(),
        };
        Box::pin(std::future::ready(Ok(ModelTurn { calls: vec![call], ..ModelTurn::default() })))
    }
}

/// The running actors.
pub struct Rig {
    endpoints: Endpoints,
    arbiter: Arbiter,
    pub files: tempfile::TempDir,
}

impl Rig {
    pub async fn start(url: &str, twilio: &FakeTwilio, mail: &FakeMail) -> Self {
        let files = tempfile::tempdir().unwrap();
        let store = store(url);
        let channels = store.channel_configs().await.unwrap();
        let folder = || Arc::new(MediaFolder::new(files.path().to_owned()));
        let handbook = Arc::new(Handbook::own().unwrap());
        let system = SystemConfig {
            store: store.into(),
            model: Arc::new(AsksBack(Arc::clone(&handbook))),
            embedder: None,
            index: None,
            budgets: Budgets::default(),
            ceilings: Ceilings::default(),
            delay_ack: Duration::from_secs(600),
            handbook,
            channels,
            staff: None,
            events: None,
            providers: vec![mail_plan(mail, folder()), whatsapp_plan(twilio, folder())],
            codes: None,
            reports: None,
            limits: Limits::new(8, 100),
            idle: IdleLimits::default(),
            sla: None,
            custody: Custody::default(),
            signals: None,
            bus: None,
            roles: Roles::ALL,
            owner: clock::new_v7().into(),
        };
        let (spawned, endpoints) = oneshot::channel();
        let arbiter = Arbiter::new();
        arbiter.spawn(async move {
            let _gone = spawned.send(spawn(system));
        });
        Self { endpoints: endpoints.await.unwrap(), arbiter, files }
    }

    /// Takes a message in by the intake of its channel.
    pub async fn write(&self, inquiry: Inquiry) -> Stored {
        let intake: &Recipient<TakeIn> =
            self.endpoints.channels.iter().find(|(of, _)| *of == inquiry.channel).map(|(_, to)| to).unwrap();
        ask(intake, TIMEOUT, |reply| TakeIn { inquiry, reply }).await.unwrap()
    }

    pub async fn report(&self, update: StatusUpdate) -> Known {
        ask(&self.endpoints.statuses, TIMEOUT, |reply| RecordStatus { update, reply }).await.unwrap()
    }

    pub async fn health(&self) -> Health {
        ask(&self.endpoints.health, TIMEOUT, |reply| ReportHealth { reply }).await.unwrap()
    }

    pub async fn stop(self) {
        ask(&self.endpoints.drain, TIMEOUT, |reply| Drain { reply }).await.unwrap();
        ask(&self.endpoints.stop, TIMEOUT, |reply| StopActors { reply }).await.unwrap();
        self.arbiter.stop();
        self.arbiter.join().unwrap();
    }
}

fn mail_plan(mail: &FakeMail, store: Arc<MediaFolder>) -> ChannelPlan {
    ChannelPlan {
        settings: ChatSettings { channel: Channel::Email, per_second: 100.0, at_once: 96 },
        sender: Arc::new(mail.clone()),
        feeds: vec![FeedPlan { feed: Arc::new(mail.clone()), every: Duration::from_millis(100) }],
        media: Some(MediaPlan { source: Arc::new(mail.clone()), store }),
    }
}

fn whatsapp_plan(fake: &FakeTwilio, store: Arc<MediaFolder>) -> ChannelPlan {
    let token = SecretString::from(TWILIO_TOKEN);
    let twilio = Twilio::new(TwilioSettings {
        api_base_url: fake.sandbox.url().to_owned(),
        account_sid: ACCOUNT.to_owned(),
        token: token.clone(),
        number: Phone::parse(NUMBER).unwrap(),
        status_callback: "http://127.0.0.1:9/status".to_owned(),
        template: None,
        quiet: QUIET,
        pace: FeedPace::default(),
    });
    let twilio = Arc::new(twilio.unwrap());
    let source = Media::new(MediaSettings {
        api_base_url: fake.sandbox.url().to_owned(),
        account_sid: ACCOUNT.to_owned(),
        token,
        allowed_origins: fake.sandbox.origins(),
    });
    ChannelPlan {
        settings: ChatSettings { channel: Channel::Whatsapp, per_second: 100.0, at_once: 96 },
        sender: Arc::clone(&twilio) as _,
        feeds: vec![FeedPlan { feed: twilio, every: Duration::from_secs(30) }],
        media: Some(MediaPlan { source: Arc::new(source), store }),
    }
}
