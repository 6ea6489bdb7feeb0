//! Polling of Twilio's list of inbound messages, read as its webhooks would have reported them.

use serde::Deserialize;
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

use super::form::Form;
use super::inbound::inbound;
use super::twilio::{Twilio, TwilioMessage, read};
use crate::channels::port::{
    ChannelFuture, FeedCursor, FeedItem, FeedPage, InboundFeed, SendError, fresh_ids,
};
use crate::clock;
use crate::domain::messages::inquiry::Inquiry;

/// A customer's message in the list.
struct ListedInquiry {
    twilio: Twilio,
    sid: String,
    created_at: OffsetDateTime,
    from: String,
    body: String,
    has_files: bool,
}

impl FeedItem for ListedInquiry {
    fn external_id(&self) -> &str {
        &self.sid
    }

    fn read(self: Box<Self>) -> ChannelFuture<Result<Option<Inquiry>, SendError>> {
        Box::pin(async move {
            let files = if self.has_files { self.twilio.files(&self.sid).await? } else { Vec::new() };
            Ok(inbound(&form(&self, &files), fresh_ids()).ok())
        })
    }
}

impl InboundFeed for Twilio {
    fn account(&self) -> String {
        self.account_sid().to_owned()
    }

    fn page(&self, after: Option<FeedCursor>) -> ChannelFuture<Result<FeedPage, SendError>> {
        let twilio = self.clone();
        Box::pin(async move {
            let began = clock::now();
            match after.as_ref().and_then(time_of) {
                Some(cursor) => twilio.page_after(cursor, began).await,
                // What was written long before the program knew the account is not for it to answer.
                None => Ok(FeedPage { items: Vec::new(), next: Some(cursor_at(began)), has_more: true }),
            }
        })
    }
}

impl Twilio {
    /// What the list holds from the overlap before the cursor, without the youngest messages.
    async fn page_after(&self, cursor: OffsetDateTime, began: OffsetDateTime) -> Result<FeedPage, SendError> {
        let pace = self.pace();
        let since = cursor - pace.overlap;
        let from = since.replace_nanosecond(0).unwrap_or(since).format(&Rfc3339).unwrap_or_default();
        let own = format!("whatsapp:{}", self.number());
        let messages = self.list(&[("To", own.clone()), ("DateSent>", from)]).await?;
        let inbound = messages.into_iter().filter(TwilioMessage::is_inbound);
        let mut items: Vec<ListedInquiry> = inbound.filter_map(|message| self.item(message)).collect();
        items.retain(|item| {
            item.from != own && item.created_at >= since && item.created_at + pace.grace <= began
        });
        items.sort_by_key(|item| item.created_at);
        let newest = items.last().map(|item| item.created_at).filter(|newest| *newest > cursor);
        Ok(FeedPage {
            items: items.into_iter().map(|item| Box::new(item) as Box<dyn FeedItem>).collect(),
            next: newest.map(cursor_at),
            has_more: false,
        })
    }

    fn item(&self, message: TwilioMessage) -> Option<ListedInquiry> {
        let created_at = message.created_at()?;
        let has_files = message.num_media.as_ref().is_some_and(|count| count != "0" && count != 0);
        Some(ListedInquiry {
            twilio: self.clone(),
            sid: message.sid,
            created_at,
            from: message.from?,
            body: message.body.unwrap_or_default(),
            has_files,
        })
    }
}

/// The cursor is the time of the newest message that was read, in seconds.
fn cursor_at(at: OffsetDateTime) -> FeedCursor {
    FeedCursor(at.unix_timestamp().to_string())
}

fn time_of(cursor: &FeedCursor) -> Option<OffsetDateTime> {
    OffsetDateTime::from_unix_timestamp(cursor.0.parse().ok()?).ok()
}

fn form(item: &ListedInquiry, files: &[ListedFile]) -> Form {
    let mut form = Form::from([
        ("MessageSid", item.sid.as_str()),
        ("From", &item.from),
        ("Body", &item.body),
        ("NumMedia", &files.len().to_string()),
    ]);
    for (n, file) in files.iter().enumerate() {
        form.push(format!("MediaUrl{n}"), &file.url);
        form.push(format!("MediaContentType{n}"), &file.content_type);
    }
    form
}

/// A file attached to a message.
struct ListedFile {
    url: String,
    content_type: String,
}

#[derive(Deserialize)]
struct MediaList {
    media_list: Vec<ListedMedia>,
}

#[derive(Deserialize)]
struct ListedMedia {
    uri: String,
    #[serde(default)]
    content_type: String,
}

impl Twilio {
    async fn files(&self, sid: &str) -> Result<Vec<ListedFile>, SendError> {
        let account = self.account_sid();
        let path = format!("/2010-04-01/Accounts/{account}/Messages/{sid}/Media.json");
        let list: MediaList = read(self.get(&path)).await?;
        // The URL of a file's metadata without its `.json` extension is the URL of the file.
        let file = |media: ListedMedia| ListedFile {
            url: format!("{}{}", self.api_base_url(), media.uri.trim_end_matches(".json")),
            content_type: media.content_type,
        };
        Ok(list.media_list.into_iter().filter(|media| media.uri.starts_with('/')).map(file).collect())
    }
}
