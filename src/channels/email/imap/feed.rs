//! Inbound feed of an IMAP folder: mails after the cursor, by UID. If UIDVALIDITY has changed, the mails since the last
//! one that was read are read again; the records recognise those that they have by Message-ID and content.

use std::collections::HashSet;
use std::time::Duration;

use async_imap::error::Error;
use async_imap::types::{Fetch, Mailbox};
use futures_util::TryStreamExt;
use time::OffsetDateTime;

use super::client::{COMMAND_TIMEOUT, ImapSession, connect, failed, later, within};
use super::folders::sent_folder;
use super::position::{FolderPosition, search_date};
use super::{Imap, ImapFolder};
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
/// A field that names an earlier year is not read as it was meant.
const OLDEST_YEAR: u16 = 1990;
/// A mail that had come so long before the last one that was read is not new: it was moved into the folder, or the
/// mailbox was moved to another server.
const MAX_AGE: Duration = Duration::from_secs(14 * 24 * 3_600);

/// A mail in the folder.
struct ListedMail {
    imap: Imap,
    validity: u32,
    uid: u32,
    external_id: String,
    /// Where to go on after it.
    position: FolderPosition,
    /// INTERNALDATE.
    at: Option<OffsetDateTime>,
    is_large: bool,
    /// Older mails are left alone.
    not_before: OffsetDateTime,
}

impl FeedItem for ListedMail {
    fn external_id(&self) -> &str {
        &self.external_id
    }

    fn position(&self) -> Option<FeedCursor> {
        Some(self.position.cursor())
    }

    fn read(self: Box<Self>) -> ChannelFuture<Result<Option<Inquiry>, SendError>> {
        Box::pin(async move {
            let Some(raw) = self.imap.raw(&self).await? else {
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
            let settings = self.imap.settings();
            match settings.folder {
                ImapFolder::Incoming(_) => settings.reader.read(location, raw).await,
                ImapFolder::Sent => settings.reader.read_sent(location, raw).await,
            }
        })
    }
}

impl InboundFeed for Imap {
    fn account(&self) -> String {
        let address = &self.settings().reader.own().address;
        match &self.settings().folder {
            ImapFolder::Incoming(folder) => format!("imap:{address}/{folder}"),
            ImapFolder::Sent => format!("imap-sent:{address}"),
        }
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
        match self.settings().folder {
            ImapFolder::Incoming(_) => Some(Box::pin(async move { imap.idle().await })),
            ImapFolder::Sent => None,
        }
    }
}

impl Imap {
    /// Whether both servers can be used; sends nothing.
    pub async fn check(&self) -> Result<(), SendError> {
        let mut session = connect(&self.settings().imap).await?;
        self.examine(&mut session).await?;
        smtp::probe(&self.settings().smtp, &self.settings().reader.own().address).await
    }

    /// Selects the folder without changing anything in it; `None` where nothing was ever sent.
    pub(super) async fn examine(&self, session: &mut ImapSession) -> Result<Option<Mailbox>, SendError> {
        let name = match &self.settings().folder {
            ImapFolder::Incoming(name) => Some(name.clone()),
            ImapFolder::Sent => sent_folder(session).await.map_err(|error| failed(&error))?,
        };
        match name {
            Some(name) => Ok(Some(session.examine(&name).await.map_err(|error| failed(&error))?)),
            None => Ok(None),
        }
    }

    /// UIDs are unique within one folder (RFC 3501, 2.3.1.1).
    fn location(&self, validity: u32, uid: u32) -> MailLocation {
        let id = FolderPosition::provider_id(validity, uid);
        let provider_id = match self.settings().folder {
            ImapFolder::Incoming(_) => id,
            ImapFolder::Sent => format!("sent.{id}"),
        };
        MailLocation { provider_id, thread_id: None }
    }

    async fn list(
        &self,
        session: &mut ImapSession,
        after: Option<FolderPosition>,
    ) -> Result<FeedPage, SendError> {
        let Some(mailbox) = self.examine(session).await? else {
            return Ok(FeedPage { items: Vec::new(), next: None, has_more: false });
        };
        let Some(validity) = mailbox.uid_validity else {
            return Err(SendError::Account("the mail server has no UIDVALIDITY".to_owned()));
        };
        let uids = match after {
            Some(after) if after.validity == validity => newer(session, &mailbox, after.uid).await,
            Some(after) => {
                let folder = &self.settings().folder;
                tracing::warn!(?folder, "UIDVALIDITY has changed: reading the newest mails again");
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
        let arrivals = arrivals(session, &first).await.map_err(|error| failed(&error))?;
        let (own, mut seen_at) = (self.settings().reader.own(), read_until);
        let mut item = |uid: u32| {
            let arrival = arrivals.iter().find(|arrival| arrival.uid == uid);
            let at = arrival.map(|arrival| arrival.at);
            seen_at = at.map_or(seen_at, |at| at.max(seen_at));
            Box::new(ListedMail {
                imap: self.clone(),
                validity,
                uid,
                external_id: self.location(validity, uid).external_id(own),
                position: FolderPosition { validity, uid, seen_at },
                at,
                is_large: arrival.is_some_and(|arrival| arrival.bytes > MAX_BYTES),
                not_before: read_until - MAX_AGE,
            }) as Box<dyn FeedItem>
        };
        let items = first.iter().copied().map(&mut item).collect();
        let next = Some(FolderPosition { validity, uid: last, seen_at }.cursor());
        Ok(FeedPage { items, next, has_more: uids.len() > first.len() })
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
        let recent = arrivals(session, &recent).await.map_err(|error| failed(&error))?;
        let fresh = recent.iter().filter(|mail| mail.at >= seen_at).map(|mail| mail.uid).min();
        let next = match (fresh, mailbox.uid_next) {
            (Some(uid), _) => uid,
            (None, Some(next)) => next,
            (None, None) => newest(session).await.map_err(|error| failed(&error))?.saturating_add(1),
        };
        Ok(FolderPosition { validity, uid: next.saturating_sub(1), seen_at })
    }

    /// The mail as it came; `None` if it is gone.
    async fn raw(&self, mail: &ListedMail) -> Result<Option<Vec<u8>>, SendError> {
        let mut reading = self.shared.reading.lock().await;
        if let Some(mut session) = reading.take()
            && let Ok(raw) = within(FETCH_TIMEOUT, raw(&mut session, mail)).await
        {
            *reading = Some(session);
            return Ok(raw);
        }
        let mut session = connect(&self.settings().imap).await?;
        let mailbox = self.examine(&mut session).await?;
        if mailbox.and_then(|mailbox| mailbox.uid_validity) != Some(mail.validity) {
            return Err(later("UIDVALIDITY has changed"));
        }
        let raw = within(FETCH_TIMEOUT, raw(&mut session, mail)).await?;
        *reading = Some(session);
        Ok(raw)
    }
}

/// A part is asked for only where it must be: GreenMail's answers to that can't be parsed.
async fn raw(session: &mut ImapSession, mail: &ListedMail) -> Result<Option<Vec<u8>>, SendError> {
    let part = if mail.is_large { format!("<0.{MAX_BYTES}>") } else { String::new() };
    let query = format!("(UID BODY.PEEK[]{part})");
    let fetched = fetch(session, &mail.uid.to_string(), &query).await.map_err(|error| failed(&error))?;
    let found = fetched.iter().find(|fetched| fetched.uid == Some(mail.uid));
    Ok(found.and_then(Fetch::body).map(<[u8]>::to_vec))
}

/// When the last server took the mail over, by the topmost Received field; or the mail's own date, if that is later.
/// GreenMail writes Received in a form of its own, which is read as nonsense.
fn received_at(raw: &[u8]) -> Option<OffsetDateTime> {
    let head = mail_parser::MessageParser::default().parse_headers(raw)?;
    let at = |date: &mail_parser::DateTime| OffsetDateTime::from_unix_timestamp(date.to_timestamp()).ok();
    let received = head.received()?.date().filter(|date| date.is_valid() && date.year >= OLDEST_YEAR)?;
    let received = at(&received)?;
    Some(head.date().and_then(at).map_or(received, |date| date.max(received)))
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

/// When a mail came, and how large it is.
struct MailArrival {
    uid: u32,
    at: OffsetDateTime,
    bytes: u32,
}

async fn arrivals(session: &mut ImapSession, uids: &[u32]) -> Result<Vec<MailArrival>, Error> {
    let mut found = Vec::new();
    for part in uids.chunks(PAGE) {
        let set = part.iter().map(u32::to_string).collect::<Vec<_>>().join(",");
        for mail in fetch(session, &set, "(UID INTERNALDATE RFC822.SIZE)").await? {
            let at = mail.internal_date().map(|date| date.timestamp());
            let at = at.and_then(|seconds| OffsetDateTime::from_unix_timestamp(seconds).ok());
            let bytes = mail.size.unwrap_or_default();
            found.extend(mail.uid.zip(at).map(|(uid, at)| MailArrival { uid, at, bytes }));
        }
    }
    Ok(found)
}

async fn fetch(session: &mut ImapSession, set: &str, query: &str) -> Result<Vec<Fetch>, Error> {
    session.uid_fetch(set, query).await?.try_collect().await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mail_came_when_the_last_server_took_it_over() {
        let at = |head: &str| received_at(format!("{head}Subject: x\r\n\r\nx").as_bytes());
        let known = "Received: from a by b; Tue, 3 Nov 2026 08:00:00 +0000\r\n";
        let unix = |seconds| OffsetDateTime::from_unix_timestamp(seconds).ok();
        assert_eq!(at(known), unix(1_793_692_800));
        assert_eq!(at(&format!("{known}Date: Tue, 3 Nov 2026 09:00:00 +0000\r\n")), unix(1_793_696_400));
        assert_eq!(at("Received: from 127.0.0.1 (HELO [127.0.0.1]); Mon Nov 30 16:23:57 UTC 2026\r\n"), None);
        assert_eq!(at("Date: Tue, 3 Nov 2026 09:00:00 +0000\r\n"), None);
    }
}
