//! Inbound feed adapter: polls Twilio's list of inbound messages and parses them as their webhooks would be.

use serde::Deserialize;
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

use super::form::Form;
use super::inbound::inbound;
use super::twilio::{Twilio, TwilioMessage, read};
use crate::channels::port::{ChannelFuture, InboundFeed, InboundItem, SendError};
use crate::clock;
use crate::domain::inquiry::{FreshIds, Inquiry};

impl InboundFeed for Twilio {
    fn account(&self) -> String {
        self.account_sid().to_owned()
    }

    fn items(&self, since: OffsetDateTime) -> ChannelFuture<Result<Vec<InboundItem>, SendError>> {
        let twilio = self.clone();
        Box::pin(async move {
            let since = since.replace_nanosecond(0).unwrap_or(since).format(&Rfc3339).unwrap_or_default();
            let query = [("To", format!("whatsapp:{}", twilio.number())), ("DateSent>", since)];
            let messages = twilio.list(&query).await?;
            let own = format!("whatsapp:{}", twilio.number());
            let items = messages.into_iter().filter(TwilioMessage::is_inbound).filter_map(item);
            Ok(items.filter(|item| item.from != own).collect())
        })
    }

    fn read(&self, item: InboundItem) -> ChannelFuture<Result<Option<Inquiry>, SendError>> {
        let twilio = self.clone();
        Box::pin(async move {
            let files = if item.has_files { twilio.files(&item.provider_id).await? } else { Vec::new() };
            let ids = FreshIds {
                message: clock::new_v7().into(),
                conversation: clock::new_v7().into(),
                ticket: clock::new_v4().into(),
                customer: clock::new_v7().into(),
            };
            Ok(inbound(&form(&item, &files), ids).ok())
        })
    }
}

fn item(message: TwilioMessage) -> Option<InboundItem> {
    let created_at = message.created_at()?;
    let has_files = message.num_media.as_ref().is_some_and(|count| count != "0" && count != 0);
    Some(InboundItem {
        provider_id: message.sid,
        created_at,
        from: message.from?,
        body: message.body.unwrap_or_default(),
        has_files,
    })
}

fn form(item: &InboundItem, files: &[ListedFile]) -> Form {
    let mut form = Form::from([
        ("MessageSid", item.provider_id.as_str()),
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
