//! IMAP mailbox (RFC 3501) with SMTP for replies: a feed reads INBOX by UIDVALIDITY and UID and is woken by IDLE
//! (RFC 2177), another one looks for colleagues' replies in the Sent folder. A copy of each reply is kept in the Sent
//! folder, where an attempt in doubt is looked up by its Message-ID.

mod client;
mod feed;
mod folders;
mod idle;
mod position;
mod sender;

use std::sync::Arc;

use tokio::sync::Mutex;

use self::client::ImapSession;
use self::idle::Idling;
use super::inbound::{CLOCKS_DIFFER, MailReader};
use super::reply::ReplyWriter;
use super::server::MailServer;
use crate::clock;

/// Whether the program keeps the copy of a reply in the Sent folder, or the provider does so by itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SentCopies {
    Append,
    ByProvider,
}

/// A folder that is read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ImapFolder {
    /// The one that customers' mails are in, usually INBOX.
    Incoming(String),
    /// The one of sent mails: those of colleagues are replies of staff.
    Sent,
}

/// One mailbox and the servers that it is reached by.
#[derive(Clone)]
pub struct ImapSettings {
    pub imap: MailServer,
    pub smtp: MailServer,
    pub folder: ImapFolder,
    pub copies: SentCopies,
    pub reader: MailReader,
    pub writer: ReplyWriter,
}

/// A client of one mailbox; clones share its connections.
#[derive(Clone)]
pub struct Imap {
    shared: Arc<ImapShared>,
}

struct ImapShared {
    settings: ImapSettings,
    /// Mails that came before are not for the program to answer.
    since: time::OffsetDateTime,
    reading: Mutex<Option<ImapSession>>,
    sent: Mutex<Option<SentFolder>>,
    idling: Mutex<Option<Idling>>,
}

/// A connection for the Sent folder, and the folder's name.
struct SentFolder {
    session: ImapSession,
    name: String,
}

impl Imap {
    /// Connects nowhere yet.
    pub fn new(settings: ImapSettings) -> Self {
        let shared = ImapShared {
            settings,
            since: clock::now() - CLOCKS_DIFFER,
            reading: Mutex::new(None),
            sent: Mutex::new(None),
            idling: Mutex::new(None),
        };
        Self { shared: Arc::new(shared) }
    }

    fn settings(&self) -> &ImapSettings {
        &self.shared.settings
    }
}
