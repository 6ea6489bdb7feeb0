//! Gmail by its REST API: the feed follows the history from the stored cursor, pushes only wake it, and a reply is a
//! draft whose id is stored before it is sent, so that it is sent at most once.

mod answers;
mod api;
mod feed;
mod labels;
mod mailboxes;
pub mod push;
mod sender;
mod watch;

use std::sync::{Arc, Mutex};

use tokio::sync::Notify;

use self::api::Api;
pub use self::api::GmailUrl;
use self::labels::Labels;
pub use self::mailboxes::GmailMailboxes;
use self::watch::WatchState;
use super::inbound::{CLOCKS_DIFFER, MailReader};
use super::oauth::TokenSource;
use super::reply::ReplyWriter;
use crate::clock;
use crate::domain::customers::contact::Email;

/// One mailbox of Gmail.
#[derive(Clone)]
pub struct GmailSettings {
    pub url: GmailUrl,
    pub tokens: Arc<TokenSource>,
    /// `projects/…/topics/…`; without one, the mailbox is polled.
    pub topic: Option<String>,
    /// Threads are taken out of the inbox when they are resolved.
    pub archives: bool,
    pub reader: MailReader,
    pub writer: ReplyWriter,
}

/// A client of one mailbox; clones share its state.
#[derive(Clone)]
pub struct Gmail {
    api: Api,
    shared: Arc<GmailShared>,
}

struct GmailShared {
    settings: GmailSettings,
    /// Mails that came before are not for the program to answer.
    since: time::OffsetDateTime,
    watch: Mutex<WatchState>,
    labels: Labels,
    /// A push has announced something.
    announced: Notify,
}

impl Gmail {
    /// Sends nothing.
    pub fn new(settings: GmailSettings) -> Result<Self, reqwest::Error> {
        let api = Api::new(settings.url.clone(), Arc::clone(&settings.tokens))?;
        let shared = GmailShared {
            settings,
            since: clock::now() - CLOCKS_DIFFER,
            watch: Mutex::new(WatchState::default()),
            labels: Labels::default(),
            announced: Notify::new(),
        };
        Ok(Self { api, shared: Arc::new(shared) })
    }

    /// There may be something new.
    pub fn announce(&self) {
        self.shared.announced.notify_one();
    }

    pub fn address(&self) -> &Email {
        &self.settings().reader.own().address
    }

    fn settings(&self) -> &GmailSettings {
        &self.shared.settings
    }
}
