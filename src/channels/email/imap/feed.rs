//! Inbound feed of an IMAP folder: mails after the cursor, by UID. If UIDVALIDITY has changed, the mails since the last
//! one that was read are read again; the records recognise those that they have by Message-ID and content.

use std::collections::HashSet;
use std::time::Duration;

use async_imap::error::Error;
use async_imap::types::{Fetch, Mailbox};
use futures_util::TryStreamExt;
use time::OffsetDateTime;

use super::Imap;
use super::client::{COMMAND_TIMEOUT, ImapSession, connect, failed, later, within};
use super::position::{FolderPosition, search_date};
use crate::channels::email::inbound::MailLocation;
use crate::channels::email::smtp;
use crate::channels::port::{ChannelFuture, FeedCursor, FeedItem, FeedPage, InboundFeed, SendError};
use crate::domain::messages::inquiry::Inquiry;

/// Mails on one page.
const PAGE: usize = 50;
/// Bytes that are fetched of one mail; larger ones are cut.
const MAX_BYTES: u32 = 48 * 1024 * 1024;
/// Longest time for one mail.
const FETCH_TIMEOUT: Duration = Duration::from_secs(120);
/// After a change of UIDVALIDITY, mails are read again from so long before the last one that was read.
const OVERLAP: Duration = Duration::from_secs(24 * 3_600);
/// A mail that had come so long before the last one that was read is not new: it was moved into the folder, or the
/// mailbox was moved to another server.
const MAX_AGE: Duration = Duration::from_secs(14 * 24 * 3_600);

/// A mail in the folder.
struct ListedMail {
    imap: Imap,
    validity: u32,
    uid: u32,
    external_id: String,
    /// INTERNALDATE.
    at: Option<OffsetDateTime>,
    /// Older mails are left alone.
    not_before: OffsetDateTime,
}

impl FeedItem for ListedMail {
    fn external_id(&self) -> &str {
        &self.external_id
    }

    fn read(self: Box<Self>) -> ChannelFuture<Result<Option<Inquiry>, SendError>> {
        Box::pin(async move {
            let Some(raw) = self.imap.raw(self.validity, self.uid).await? else {
                return Ok(None);
            };
            if received_at(&raw).or(self.at).is_some_and(|at| at < self.not_before) {
                tracing::info!(
                    id = self.external_id,
                    "left an old mail alone that was moved into the folder"
                );
                return Ok(None);
            }
            let location = self.imap.location(self.validity, self.uid);
            self.imap.settings().reader.read(location, raw).await
        })
    }
}

impl InboundFeed for Imap {
    fn account(&self) -> String {
        format!("imap:{}/{}", self.settings().reader.own().address, self.settings().folder)
    }

    fn page(&self, after: Option<FeedCursor>) -> ChannelFuture<Result<FeedPage, SendError>> {
        let imap = self.clone();
        Box::pin(async move {
            let after = after.as_ref().and_then(FolderPosition::parse);
            let mut reading = imap.shared.reading.lock().await;
            // A connection that was idle may have been closed by the server: one more try with a new one.
            if let Some(mut session) = reading.take()
                && let Ok(page) = within(COMMAND_TIMEOUT, imap.list(&mut session, after)).await
            {
                *reading = Some(session);
                return Ok(page);
            }
            let mut session = connect(&imap.settings().imap).await?;
            let page = within(COMMAND_TIMEOUT, imap.list(&mut session, after)).await?;
            *reading = Some(session);
            Ok(page)
        })
    }

    fn watch(&self) -> Option<ChannelFuture<Result<bool, SendError>>> {
        let imap = self.clone();
        Some(Box::pin(async move { imap.idle().await }))
    }
}

impl Imap {
    /// Whether both servers can be used; sends nothing.
    pub async fn check(&self) -> Result<(), SendError> {
        let mut session = connect(&self.settings().imap).await?;
        session.examine(&self.settings().folder).await.map_err(|error| failed(&error))?;
        smtp::probe(&self.settings().smtp, &self.settings().reader.own().address).await
    }

    fn location(&self, validity: u32, uid: u32) -> MailLocation {
        MailLocation { provider_id: FolderPosition::provider_id(validity, uid), thread_id: None }
    }

    async fn list(
        &self,
        session: &mut ImapSession,
        after: Option<FolderPosition>,
    ) -> Result<FeedPage, SendError> {
        let mailbox = session.examine(&self.settings().folder).await.map_err(|error| failed(&error))?;
        let Some(validity) = mailbox.uid_validity else {
            return Err(SendError::Account("the mail server has no UIDVALIDITY".to_owned()));
        };
        let uids = match after {
            Some(after) if after.validity == validity => newer(session, &mailbox, after.uid).await,
            Some(after) => {
                let folder = &self.settings().folder;
                tracing::warn!(folder, "UIDVALIDITY has changed: reading the newest mails again");
                since(session, after.seen_at - OVERLAP).await
            }
            None => {
                let start = self.start(session, &mailbox, validity).await?;
                return Ok(FeedPage { items: Vec::new(), next: Some(start.cursor()), has_more: true });
            }
        }
        .map_err(|error| failed(&error))?;
        let read_until = after.map_or(self.shared.since, |after| after.seen_at);
        self.listed(session, validity, &uids, read_until).await
    }

    async fn listed(
        &self,
        session: &mut ImapSession,
        validity: u32,
        uids: &[u32],
        read_until: OffsetDateTime,
    ) -> Result<FeedPage, SendError> {
        let first: Vec<u32> = uids.iter().copied().take(PAGE).collect();
        let Some(last) = first.last().copied() else {
            return Ok(FeedPage { items: Vec::new(), next: None, has_more: false });
        };
        let dates = dates(session, &first).await.map_err(|error| failed(&error))?;
        let seen_at = dates.iter().map(|(_, at)| *at).max().map_or(read_until, |at| at.max(read_until));
        let own = self.settings().reader.own();
        let item = |uid: u32| {
            let external_id = self.location(validity, uid).external_id(own);
            let at = dates.iter().find(|(dated, _)| *dated == uid).map(|(_, at)| *at);
            let not_before = read_until - MAX_AGE;
            let imap = self.clone();
            Box::new(ListedMail { imap, validity, uid, external_id, at, not_before }) as Box<dyn FeedItem>
        };
        Ok(FeedPage {
            items: first.iter().copied().map(item).collect(),
            next: Some(FolderPosition { validity, uid: last, seen_at }.cursor()),
            has_more: uids.len() > first.len(),
        })
    }

    /// Where the folder begins for us: before the first mail that came since the program knows it.
    async fn start(
        &self,
        session: &mut ImapSession,
        mailbox: &Mailbox,
        validity: u32,
    ) -> Result<FolderPosition, SendError> {
        let seen_at = self.shared.since;
        let recent = since(session, seen_at - OVERLAP).await.map_err(|error| failed(&error))?;
        let dates = dates(session, &recent).await.map_err(|error| failed(&error))?;
        let fresh = dates.iter().filter(|(_, at)| *at >= seen_at).map(|(uid, _)| *uid).min();
        let next = match (fresh, mailbox.uid_next) {
            (Some(uid), _) => uid,
            (None, Some(next)) => next,
            (None, None) => newest(session).await.map_err(|error| failed(&error))?.saturating_add(1),
        };
        Ok(FolderPosition { validity, uid: next.saturating_sub(1), seen_at })
    }

    /// The mail as it came; `None` if it is gone.
    async fn raw(&self, validity: u32, uid: u32) -> Result<Option<Vec<u8>>, SendError> {
        let mut reading = self.shared.reading.lock().await;
        if let Some(mut session) = reading.take()
            && let Ok(raw) = within(FETCH_TIMEOUT, raw(&mut session, uid)).await
        {
            *reading = Some(session);
            return Ok(raw);
        }
        let mut session = connect(&self.settings().imap).await?;
        let mailbox = session.examine(&self.settings().folder).await.map_err(|error| failed(&error))?;
        if mailbox.uid_validity != Some(validity) {
            return Err(later("UIDVALIDITY has changed"));
        }
        let raw = within(FETCH_TIMEOUT, raw(&mut session, uid)).await?;
        *reading = Some(session);
        Ok(raw)
    }
}

async fn raw(session: &mut ImapSession, uid: u32) -> Result<Option<Vec<u8>>, SendError> {
    let query = format!("(UID BODY.PEEK[]<0.{MAX_BYTES}>)");
    let fetched = fetch(session, &uid.to_string(), &query).await.map_err(|error| failed(&error))?;
    let found = fetched.iter().find(|mail| mail.uid == Some(uid));
    Ok(found.and_then(Fetch::body).map(<[u8]>::to_vec))
}

/// When the last server took the mail over, by the topmost Received field.
fn received_at(raw: &[u8]) -> Option<OffsetDateTime> {
    let head = mail_parser::MessageParser::default().parse_headers(raw)?;
    let date = head.received()?.date()?;
    OffsetDateTime::from_unix_timestamp(date.to_timestamp()).ok()
}

/// UIDs after `uid`, ascending. A range always holds the newest mail (RFC 3501, 6.4.8).
async fn newer(session: &mut ImapSession, mailbox: &Mailbox, uid: u32) -> Result<Vec<u32>, Error> {
    if mailbox.uid_next.is_some_and(|next| next <= uid.saturating_add(1)) {
        return Ok(Vec::new());
    }
    let found = session.uid_search(format!("UID {}:*", uid.saturating_add(1))).await?;
    Ok(ascending(found.into_iter().filter(|found| *found > uid)))
}

async fn since(session: &mut ImapSession, at: OffsetDateTime) -> Result<Vec<u32>, Error> {
    let found: HashSet<u32> = session.uid_search(format!("SINCE {}", search_date(at))).await?;
    Ok(ascending(found))
}

async fn newest(session: &mut ImapSession) -> Result<u32, Error> {
    Ok(session.uid_search("UID *").await?.into_iter().max().unwrap_or(0))
}

fn ascending(uids: impl IntoIterator<Item = u32>) -> Vec<u32> {
    let mut uids: Vec<u32> = uids.into_iter().collect();
    uids.sort_unstable();
    uids
}

/// When each mail came.
async fn dates(session: &mut ImapSession, uids: &[u32]) -> Result<Vec<(u32, OffsetDateTime)>, Error> {
    let mut found = Vec::new();
    for part in uids.chunks(PAGE) {
        let set = part.iter().map(u32::to_string).collect::<Vec<_>>().join(",");
        for mail in fetch(session, &set, "(UID INTERNALDATE)").await? {
            let at = mail.internal_date().map(|date| date.timestamp());
            let at = at.and_then(|seconds| OffsetDateTime::from_unix_timestamp(seconds).ok());
            found.extend(mail.uid.zip(at));
        }
    }
    Ok(found)
}

async fn fetch(session: &mut ImapSession, set: &str, query: &str) -> Result<Vec<Fetch>, Error> {
    session.uid_fetch(set, query).await?.try_collect().await
}
