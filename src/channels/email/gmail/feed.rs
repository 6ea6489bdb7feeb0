//! Inbound feed of Gmail: the history after the stored cursor, every page of it, whatever a push named. If the cursor is
//! too old, a new one is taken first, and then the mailbox is listed.

use std::collections::HashSet;
use std::sync::Arc;
use std::time::Duration;

use base64::Engine;
use time::OffsetDateTime;

use super::super::oauth::TokenSource;
use super::answers::{HistoryList, HistoryRecord, Int64, MessageList, Profile, RawMessage};
use super::api::{Api, ApiError, GmailUrl};
use super::push::BASE64URL;
use super::{Gmail, labels};
use crate::channels::email::inbound::MailLocation;
use crate::channels::port::{ChannelFuture, FeedCursor, FeedItem, FeedPage, InboundFeed, SendError};
use crate::clock;
use crate::domain::customers::contact::Email;
use crate::domain::messages::inquiry::Inquiry;

/// History records on one page of the API; its maximum.
const HISTORY_PAGE: &str = "500";
/// Pages read at a time; the rest follows from the last record.
const MAX_PAGES: usize = 100;
/// After a cursor that was too old, mails are listed from so long before the time of that cursor.
const OVERLAP: Duration = Duration::from_secs(24 * 3_600);
/// Gmail deletes spam after 30 days: an older mail that comes to the inbox was archived, and is not new.
const RESCUED_WITHIN: Duration = Duration::from_secs(31 * 24 * 3_600);
/// Mails with one of these labels are not customers' mails, or not any more.
const SKIPPED: &[&str] = &["DRAFT", "TRASH", "SPAM", "CHAT"];
/// Of mails that were sent: those of colleagues are replies of staff.
const SENT: &str = "SENT";
const INBOX: &str = "INBOX";
/// How long one call waits for a push.
const WAIT: Duration = Duration::from_secs(1);

/// How far the history has been read, and when that was.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct HistoryPosition {
    id: u64,
    at: OffsetDateTime,
}

impl HistoryPosition {
    fn cursor(self) -> FeedCursor {
        FeedCursor(format!("{}:{}", self.id, self.at.unix_timestamp()))
    }

    fn parse(cursor: &FeedCursor) -> Option<Self> {
        let (id, at) = cursor.0.split_once(':')?;
        let at = OffsetDateTime::from_unix_timestamp(at.parse().ok()?).ok()?;
        Some(Self { id: id.parse().ok()?, at })
    }
}

/// A mail of the mailbox.
struct GmailItem {
    gmail: Gmail,
    id: String,
    external_id: String,
    position: Option<FeedCursor>,
    not_before: OffsetDateTime,
}

/// The id of a mail, and where the history goes on after it; `None` where a record holds more mails.
type HistoryEntry = (String, Option<u64>);

impl FeedItem for GmailItem {
    fn external_id(&self) -> &str {
        &self.external_id
    }

    fn position(&self) -> Option<FeedCursor> {
        self.position.clone()
    }

    fn read(self: Box<Self>) -> ChannelFuture<Result<Option<Inquiry>, SendError>> {
        Box::pin(async move {
            let path = format!("messages/{}", self.id);
            let found = self.gmail.api.get::<RawMessage>(&path, &[("format", "raw".to_owned())]).await;
            let mut message = match found {
                Ok(message) => message,
                Err(ApiError::NotFound) => return Ok(None),
                Err(ApiError::Other(SendError::Refused(failure))) => {
                    tracing::error!(
                        id = self.id,
                        failure.detail,
                        "Gmail refuses to show a mail; it is left out"
                    );
                    return Ok(None);
                }
                Err(ApiError::Other(error)) => return Err(error),
            };
            if is_skipped(&message.label_ids) {
                return Ok(None);
            }
            // The encoded form is as large as the mail: it is dropped at once.
            let Some(raw) = message.raw.take().and_then(|raw| BASE64URL.decode(raw).ok()) else {
                tracing::error!(id = self.id, "Gmail shows a mail without its content");
                return Ok(None);
            };
            if is_old(&message, &raw, self.not_before) {
                tracing::info!(id = self.id, "left an old mail alone");
                return Ok(None);
            }
            let (reader, was_sent) = (&self.gmail.settings().reader, is_sent(&message.label_ids));
            let location = MailLocation { provider_id: message.id, thread_id: message.thread_id };
            if was_sent { reader.read_sent(location, raw).await } else { reader.read(location, raw).await }
        })
    }
}

fn is_skipped(labels: &[String]) -> bool {
    labels.iter().any(|label| SKIPPED.contains(&label.as_str()))
}

/// Whether a mail was sent from the mailbox, and not to itself.
fn is_sent(labels: &[String]) -> bool {
    let has = |name: &str| labels.iter().any(|label| label == name);
    has(SENT) && !has(INBOX)
}

fn came(message: &RawMessage) -> Option<OffsetDateTime> {
    let milliseconds = message.internal_date.as_ref()?.number()?;
    OffsetDateTime::from_unix_timestamp(i64::try_from(milliseconds / 1_000).ok()?).ok()
}

/// Whether a mail came before that time: by Gmail's clock, and by its own date as well, where it has one.
fn is_old(message: &RawMessage, raw: &[u8], not_before: OffsetDateTime) -> bool {
    let head = mail_parser::MessageParser::default().parse_headers(raw);
    let date = head.and_then(|head| OffsetDateTime::from_unix_timestamp(head.date()?.to_timestamp()).ok());
    came(message).is_some_and(|at| at < not_before) && date.is_none_or(|at| at < not_before)
}

impl InboundFeed for Gmail {
    fn account(&self) -> String {
        format!("gmail:{}", self.settings().reader.own().address)
    }

    fn page(&self, after: Option<FeedCursor>) -> ChannelFuture<Result<FeedPage, SendError>> {
        let gmail = self.clone();
        Box::pin(async move {
            gmail.keep_watching().await;
            match after.as_ref().and_then(HistoryPosition::parse) {
                Some(position) => gmail.since(position).await,
                None => gmail.full(gmail.shared.since, gmail.shared.since).await,
            }
        })
    }

    fn watch(&self) -> Option<ChannelFuture<Result<bool, SendError>>> {
        let shared = Arc::clone(&self.shared);
        Some(Box::pin(
            async move { Ok(tokio::time::timeout(WAIT, shared.announced.notified()).await.is_ok()) },
        ))
    }

    fn archives(&self) -> Option<String> {
        let settings = self.settings();
        settings.archives.then(|| settings.reader.own().address.to_string())
    }

    fn archive(&self, thread: String) -> ChannelFuture<Result<(), SendError>> {
        let gmail = self.clone();
        Box::pin(async move {
            match labels::archive(&gmail.api, &thread).await {
                Ok(()) | Err(ApiError::NotFound) => Ok(()),
                Err(ApiError::Other(error)) => Err(error),
            }
        })
    }

    fn warning(&self) -> Option<String> {
        self.watch_warning()
    }
}

impl Gmail {
    /// Whether the account can be used; sends nothing.
    pub async fn check(&self) -> Result<(), SendError> {
        Ok(self.api.get::<Profile>("profile", &[]).await.map(|_| ())?)
    }

    /// Whose mailbox these tokens are for.
    pub async fn address_of(url: GmailUrl, tokens: Arc<TokenSource>) -> Result<Email, SendError> {
        let unusable = |why: String| SendError::Account(format!("Gmail does not tell the address: {why}"));
        let api = Api::new(url, tokens).map_err(|error| unusable(error.to_string()))?;
        let profile: Profile = api.get("profile", &[]).await?;
        Email::parse(&profile.email_address).map_err(|error| unusable(error.to_string()))
    }

    async fn since(&self, position: HistoryPosition) -> Result<FeedPage, SendError> {
        let began = clock::now();
        match self.history(position).await {
            Ok((entries, next, has_more)) => {
                let cursor = |id| HistoryPosition { id, at: began }.cursor();
                let entries = entries.into_iter().map(|(id, after)| (id, after.map(cursor)));
                let items = self.items(entries, clock::now() - RESCUED_WITHIN);
                Ok(FeedPage { items, next: (next != position.id).then(|| cursor(next)), has_more })
            }
            Err(ApiError::NotFound) => {
                tracing::warn!(
                    cursor = position.id,
                    "Gmail's history no longer reaches back: listing the mailbox"
                );
                self.full(position.at - OVERLAP, OffsetDateTime::UNIX_EPOCH).await
            }
            Err(ApiError::Other(error)) => Err(error),
        }
    }

    /// The ids of mails that were added or came to the inbox, once each, in order; and where to go on.
    async fn history(&self, position: HistoryPosition) -> Result<(Vec<HistoryEntry>, u64, bool), ApiError> {
        let (mut entries, mut seen) = (Vec::new(), HashSet::new());
        let (mut token, mut last) = (None, position.id);
        for _ in 0..MAX_PAGES {
            let mut query = vec![
                ("startHistoryId", position.id.to_string()),
                ("historyTypes", "messageAdded".to_owned()),
                ("historyTypes", "labelAdded".to_owned()),
                ("maxResults", HISTORY_PAGE.to_owned()),
            ];
            query.extend(token.take().map(|token: String| ("pageToken", token)));
            let page: HistoryList = self.api.get("history", &query).await?;
            for record in page.history {
                let id = record.id.as_ref().and_then(Int64::number);
                last = last.max(id.unwrap_or(last));
                let new: Vec<String> = added(record).filter(|id| seen.insert(id.clone())).collect();
                let after = |place| id.filter(|_| place + 1 == new.len());
                entries.extend(new.iter().enumerate().map(|(place, mail)| (mail.clone(), after(place))));
            }
            match page.next_page_token {
                Some(next) => token = Some(next),
                None => {
                    let newest = page.history_id.as_ref().and_then(Int64::number);
                    return Ok((entries, newest.unwrap_or(last).max(position.id), false));
                }
            }
        }
        Ok((entries, last, true))
    }

    /// The cursor first, then the mailbox: what comes in between is in both.
    async fn full(
        &self,
        listed_since: OffsetDateTime,
        not_before: OffsetDateTime,
    ) -> Result<FeedPage, SendError> {
        let began = clock::now();
        let profile: Profile = self.api.get("profile", &[]).await?;
        let Some(id) = profile.history_id.number() else {
            return Err(SendError::Account("Gmail's profile has no historyId".to_owned()));
        };
        let (mut ids, mut token) = (Vec::new(), None::<String>);
        loop {
            let mut query = vec![
                ("labelIds", INBOX.to_owned()),
                ("maxResults", HISTORY_PAGE.to_owned()),
                ("q", format!("after:{}", listed_since.unix_timestamp())),
            ];
            query.extend(token.take().map(|token| ("pageToken", token)));
            let page: MessageList = self.api.get("messages", &query).await?;
            let kept = page.messages.into_iter().filter(|message| !is_skipped(&message.label_ids));
            ids.extend(kept.map(|message| message.id));
            match page.next_page_token {
                Some(next) => token = Some(next),
                None => break,
            }
        }
        // Gmail lists the newest first.
        ids.reverse();
        let next = Some(HistoryPosition { id, at: began }.cursor());
        let items = self.items(ids.into_iter().map(|id| (id, None)), not_before);
        Ok(FeedPage { items, next, has_more: true })
    }

    fn items(
        &self,
        entries: impl Iterator<Item = (String, Option<FeedCursor>)>,
        not_before: OffsetDateTime,
    ) -> Vec<Box<dyn FeedItem>> {
        let own = self.settings().reader.own();
        let item = |(id, position): (String, Option<FeedCursor>)| {
            let location = MailLocation { provider_id: id.clone(), thread_id: None };
            let external_id = location.external_id(own);
            Box::new(GmailItem { gmail: self.clone(), id, external_id, position, not_before })
                as Box<dyn FeedItem>
        };
        entries.map(item).collect()
    }
}

/// The mails of a record that may be customers' mails.
fn added(record: HistoryRecord) -> impl Iterator<Item = String> {
    let new = record.messages_added.into_iter().map(|added| added.message);
    let new = new.filter(|message| !is_skipped(&message.label_ids));
    // A mail that is taken out of the spam folder comes to the inbox; its present labels are looked at when it is read.
    let rescued =
        record.labels_added.into_iter().filter(|added| added.label_ids.iter().any(|id| id == INBOX));
    new.chain(rescued.map(|added| added.message)).map(|message| message.id)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_record_names_new_mails_and_those_out_of_the_spam_folder() {
        let record = serde_json::from_str(
            r#"{"id":"5","messages":[{"id":"m0"}],
                "messagesAdded":[{"message":{"id":"m1","labelIds":["INBOX","UNREAD"]}},
                                 {"message":{"id":"m2","labelIds":["SENT"]}},
                                 {"message":{"id":"m6","labelIds":["DRAFT"]}},
                                 {"message":{"id":"m3","labelIds":["SPAM"]}}],
                "labelsAdded":[{"message":{"id":"m4","labelIds":["INBOX"]},"labelIds":["INBOX"]},
                               {"message":{"id":"m5","labelIds":["INBOX"]},"labelIds":["STARRED"]}]}"#,
        );
        assert_eq!(added(record.unwrap()).collect::<Vec<_>>(), ["m1", "m2", "m4"]);
    }

    #[test]
    fn a_page_without_history_is_empty() {
        let page: HistoryList = serde_json::from_str(r#"{"historyId":"7"}"#).unwrap();
        assert!(page.history.is_empty() && page.history_id.and_then(|id| id.number()) == Some(7));
    }

    #[test]
    fn a_cursor_reads_back() {
        let at = OffsetDateTime::from_unix_timestamp(1_764_000_000).unwrap();
        let position = HistoryPosition { id: 42, at };
        assert_eq!(HistoryPosition::parse(&position.cursor()), Some(position));
        assert_eq!(HistoryPosition::parse(&FeedCursor("7:42:1".to_owned())), None);
    }
}
