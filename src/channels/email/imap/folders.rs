//! The Sent folder: its name, the copies of replies that are kept in it, and the look-up of a reply by its Message-ID.

use async_imap::error::Error;
use async_imap::types::{Name, NameAttribute};
use futures_util::TryStreamExt;

use super::client::{COMMAND_TIMEOUT, ImapSession, connect, failed, within};
use super::{Imap, SentFolder};
use crate::channels::port::SendError;

/// Names by which servers without special-use attributes (RFC 6154) call it, the usual ones first.
const NAMES: &[&str] = &[
    "Sent",
    "Sent Items",
    "Sent Messages",
    "INBOX.Sent",
    "INBOX/Sent",
    "[Gmail]/Sent Mail",
    "Gesendet",
    "Gesendete Elemente",
    "Gesendete Objekte",
    "Envoy&AOk-s",
    "Enviados",
    "Posta inviata",
];
/// Where there is none.
const DEFAULT_NAME: &str = "Sent";

impl Imap {
    /// Whether the Sent folder has a mail with this Message-ID.
    pub(super) async fn was_sent(&self, message_id: &str) -> Result<bool, SendError> {
        self.in_sent_folder(message_id, None).await
    }

    /// Keeps a copy of a mail that was sent, unless the folder has it.
    pub(super) async fn keep_copy(&self, message_id: &str, bytes: &[u8]) -> Result<(), SendError> {
        self.in_sent_folder(message_id, Some(bytes)).await.map(|_found| ())
    }

    async fn in_sent_folder(&self, message_id: &str, missing: Option<&[u8]>) -> Result<bool, SendError> {
        let mut sent = self.shared.sent.lock().await;
        // A connection that was idle may have been closed by the server: one more try with a new one.
        if let Some(mut folder) = sent.take()
            && let Ok(found) = within(COMMAND_TIMEOUT, folder.find_or_append(message_id, missing)).await
        {
            *sent = Some(folder);
            return Ok(found);
        }
        let session = connect(&self.settings().imap).await?;
        let mut folder = within(COMMAND_TIMEOUT, SentFolder::open(session)).await?;
        let found = within(COMMAND_TIMEOUT, folder.find_or_append(message_id, missing)).await?;
        *sent = Some(folder);
        Ok(found)
    }
}

impl SentFolder {
    async fn open(mut session: ImapSession) -> Result<Self, SendError> {
        let name = match sent_folder(&mut session).await.map_err(|error| failed(&error))? {
            Some(name) => name,
            None => {
                session.create(DEFAULT_NAME).await.map_err(|error| failed(&error))?;
                DEFAULT_NAME.to_owned()
            }
        };
        Ok(Self { session, name })
    }

    /// Whether it has the mail already; appends the given one if it has not.
    async fn find_or_append(&mut self, message_id: &str, missing: Option<&[u8]>) -> Result<bool, SendError> {
        let Self { session, name } = self;
        // Selected anew each time: what others appended since then counts.
        session.examine(&*name).await.map_err(|error| failed(&error))?;
        let query = format!("HEADER Message-ID {}", quoted(message_id));
        let found = !session.uid_search(query).await.map_err(|error| failed(&error))?.is_empty();
        if let Some(bytes) = missing.filter(|_| !found) {
            let appended = session.append(&*name, Some("(\\Seen)"), None, bytes).await;
            appended.map_err(|error| failed(&error))?;
        }
        Ok(found)
    }
}

pub(super) async fn sent_folder(session: &mut ImapSession) -> Result<Option<String>, Error> {
    let folders: Vec<Name> = session.list(Some(""), Some("*")).await?.try_collect().await?;
    let special = folders.iter().find(|folder| folder.attributes().contains(&NameAttribute::Sent));
    let named = || NAMES.iter().find_map(|name| folders.iter().find(|folder| folder.name() == *name));
    Ok(special.or_else(named).map(|folder| folder.name().to_owned()))
}

fn quoted(text: &str) -> String {
    format!("\"{}\"", text.replace(['"', '\\', '\r', '\n'], ""))
}
