//! API client of Twilio's Messages resource. It has no idempotency key, so our delivery's id is part of the status
//! callback's URL, and no request is ever retried here.

use std::time::Duration;

use reqwest::{Client, RequestBuilder, Response};
use secrecy::ExposeSecret;
use serde::Deserialize;
use time::OffsetDateTime;
use time::format_description::well_known::{Rfc2822, Rfc3339};

use super::inbound::written;
use super::routing::{self, ListedMessage};
use super::status::{DELIVERY, refusal, state_of};
use super::template::Template;
use crate::channels::format::cut;
use crate::channels::port::{
    ChannelFuture, Content, DoubtFinding, MessageSender, Outgoing, SendError, SendReceipt,
};
use crate::domain::customers::contact::Phone;
use crate::domain::enums::FailureCause;
use crate::domain::ids::DeliveryId;
use crate::domain::messages::delivery::{ClaimedDelivery, Failure, InDoubt, Route};
use crate::live_secret::LiveSecret;

/// Maximum body that Twilio accepts (error 21617), in UTF-16 code units: an emoji may count as two.
pub const BODY_MAX_UNITS: usize = 1_600;
/// Timeout of a request. The lease on a delivery is longer, and the wait after a lost answer longer still.
pub const TIMEOUT: Duration = crate::domain::runtime::timing::DELIVERY_REQUEST_TIMEOUT;
const CONNECT_TIMEOUT: Duration = Duration::from_secs(5);
/// Messages on one page of a list; Twilio's maximum is 1,000.
const PAGE_SIZE: &str = "200";
/// The provider's clock and ours may differ by so much.
const CLOCKS_DIFFER: Duration = Duration::from_secs(60);
/// Pages read of one list, at most.
const MAX_PAGES: usize = 50;

/// Which part of the list is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FeedPace {
    /// The list is read again from so long before the cursor: it fills late, and not in order.
    pub overlap: Duration,
    /// Younger messages are left to their webhooks, which tell more of them.
    pub grace: Duration,
}

impl Default for FeedPace {
    fn default() -> Self {
        Self { overlap: Duration::from_secs(600), grace: Duration::from_secs(20) }
    }
}

/// Where our account is and how to speak for it.
#[derive(Clone, Debug)]
pub struct TwilioSettings {
    /// Without a trailing slash.
    pub api_base_url: String,
    pub account_sid: String,
    pub token: LiveSecret,
    pub number: Phone,
    /// The URL that Twilio calls with status reports.
    pub status_callback: String,
    pub template: Option<Template>,
    /// How long an attempt without an answer is looked for before it is made once more; usually [`routing::QUIET`].
    pub quiet: Duration,
    pub pace: FeedPace,
}

/// A client of one account; clones share its connections.
#[derive(Clone, Debug)]
pub struct Twilio {
    http: Client,
    settings: TwilioSettings,
}

impl Twilio {
    /// Sends nothing.
    pub fn new(settings: TwilioSettings) -> Result<Self, reqwest::Error> {
        let http = crate::http_client::builder_for(&settings.api_base_url)
            .timeout(TIMEOUT)
            .connect_timeout(CONNECT_TIMEOUT)
            .redirect(reqwest::redirect::Policy::none())
            .retry(reqwest::retry::never())
            .build()?;
        Ok(Self { http, settings })
    }

    fn authorized(&self, request: RequestBuilder) -> RequestBuilder {
        request.basic_auth(&self.settings.account_sid, Some(self.settings.token.now().expose_secret()))
    }

    fn messages_path(&self) -> String {
        format!("/2010-04-01/Accounts/{}/Messages.json", self.settings.account_sid)
    }

    pub(super) fn get(&self, path: &str) -> RequestBuilder {
        self.authorized(self.http.get(format!("{}{path}", self.settings.api_base_url)))
    }

    pub(super) fn account_sid(&self) -> &str {
        &self.settings.account_sid
    }

    pub(super) fn api_base_url(&self) -> &str {
        &self.settings.api_base_url
    }

    pub(super) fn pace(&self) -> FeedPace {
        self.settings.pace
    }

    pub(super) fn number(&self) -> &Phone {
        &self.settings.number
    }

    fn form(&self, message: &Outgoing) -> Result<Vec<(&'static str, String)>, SendError> {
        let Some(to) = written(&message.to) else {
            let detail = "the address is not one of WhatsApp";
            return Err(SendError::Refused(Failure::new(FailureCause::InvalidAddress, detail)));
        };
        let mut form = vec![
            ("From", address(&self.settings.number)),
            ("To", to),
            ("StatusCallback", self.callback(message.delivery)),
        ];
        match (&message.content, &self.settings.template) {
            (Content::Text(text), _) => form.push(("Body", text.clone())),
            (Content::Template { text, name, ticket }, Some(template)) => {
                form.push(("ContentSid", template.content_sid.clone()));
                form.push(("ContentVariables", template.fill(text, name, ticket)));
            }
            (Content::Template { .. }, None) => {
                return Err(SendError::Refused(routing::no_template()));
            }
        }
        Ok(form)
    }

    /// What was sent from us to that address since then, in any order.
    async fn sent_to(&self, to: &str, since: OffsetDateTime) -> Result<Vec<ListedMessage>, SendError> {
        // Not by DateSent: a message that is still queued has none.
        let query = [("To", to.to_owned()), ("From", address(self.number()))];
        let messages = self.list(&query).await?.into_iter();
        let listed = messages.filter(|message| message.is_to(to)).filter_map(TwilioMessage::into_listed);
        Ok(listed.filter(|listed| listed.created_at >= since).collect())
    }

    fn callback(&self, delivery: DeliveryId) -> String {
        format!("{}?{DELIVERY}={delivery}", self.settings.status_callback)
    }

    /// Every message of a list, across all pages.
    pub(super) async fn list(&self, query: &[(&str, String)]) -> Result<Vec<TwilioMessage>, SendError> {
        let mut request = self.get(&self.messages_path()).query(query).query(&[("PageSize", PAGE_SIZE)]);
        let mut found = Vec::new();
        for _ in 0..MAX_PAGES {
            let page: Page = read(request).await?;
            found.extend(page.messages);
            match page.next_page_uri {
                // Only a path: an absolute URL could send our credentials elsewhere.
                Some(next) if next.starts_with('/') => request = self.get(&next),
                Some(_) | None => return Ok(found),
            }
        }
        tracing::warn!(messages = found.len(), "stopped reading a Twilio list at the page limit");
        Ok(found)
    }
}

impl MessageSender for Twilio {
    fn route(&self, delivery: &ClaimedDelivery) -> Route {
        routing::route(delivery, self.settings.template.is_some())
    }

    fn send(&self, message: Outgoing) -> ChannelFuture<Result<SendReceipt, SendError>> {
        let form = self.form(&message);
        let url = format!("{}{}", self.settings.api_base_url, self.messages_path());
        let request = self.authorized(self.http.post(url));
        Box::pin(async move {
            let taken: TwilioMessage = read(request.form(&form?)).await?;
            Ok(SendReceipt::new(taken.sid))
        })
    }

    fn resolve(&self, in_doubt: InDoubt) -> ChannelFuture<Result<DoubtFinding, SendError>> {
        let twilio = self.clone();
        Box::pin(async move {
            let listed = match in_doubt.to.as_ref().and_then(written) {
                Some(to) => twilio.sent_to(&to, in_doubt.requested_at - CLOCKS_DIFFER).await?,
                None => Vec::new(),
            };
            Ok(routing::resolve(&in_doubt, listed, twilio.settings.quiet))
        })
    }

    fn parts(&self, text: &str) -> Vec<String> {
        cut::split(text, BODY_MAX_UNITS, |part| part.encode_utf16().count())
    }
}

fn address(phone: &Phone) -> String {
    format!("whatsapp:{phone}")
}

/// A message as the API returns it.
#[derive(Clone, Debug, Deserialize)]
pub(super) struct TwilioMessage {
    pub sid: String,
    #[serde(default)]
    pub status: String,
    pub body: Option<String>,
    pub from: Option<String>,
    pub to: Option<String>,
    pub direction: Option<String>,
    pub date_created: Option<String>,
    pub date_sent: Option<String>,
    pub num_media: Option<serde_json::Value>,
}

impl TwilioMessage {
    pub fn created_at(&self) -> Option<OffsetDateTime> {
        let date = self.date_created.as_deref().or(self.date_sent.as_deref())?;
        OffsetDateTime::parse(date, &Rfc2822).or_else(|_| OffsetDateTime::parse(date, &Rfc3339)).ok()
    }

    /// Whether a customer sent it; the list's filter is not trusted.
    pub fn is_inbound(&self) -> bool {
        self.direction.as_deref().is_none_or(|direction| direction.starts_with("inbound"))
    }

    /// Whether it went to that address, however the list was filtered.
    fn is_to(&self, address: &str) -> bool {
        self.to.as_deref().is_none_or(|to| to == address)
    }

    fn into_listed(self) -> Option<ListedMessage> {
        let (created_at, state) = (self.created_at()?, state_of(&self.status)?);
        Some(ListedMessage { provider_id: self.sid, body: self.body.unwrap_or_default(), created_at, state })
    }
}

#[derive(Debug, Deserialize)]
struct Page {
    messages: Vec<TwilioMessage>,
    next_page_uri: Option<String>,
}

/// Twilio's errors, in the older format and as RFC 9457.
#[derive(Debug, Default, Deserialize)]
struct TwilioError {
    code: Option<u32>,
    message: Option<String>,
    detail: Option<String>,
    title: Option<String>,
}

/// Sends a request once and parses the answer.
pub(super) async fn read<T: serde::de::DeserializeOwned>(request: RequestBuilder) -> Result<T, SendError> {
    let response = request.send().await.map_err(lost)?;
    if !response.status().is_success() {
        return Err(refused(response).await);
    }
    response.json().await.map_err(|error| SendError::Unknown(error.without_url().to_string()))
}

/// A request that never connected was certainly not received; any other may have been.
fn lost(error: reqwest::Error) -> SendError {
    let never_sent = error.is_connect() || error.is_builder();
    let why = error.without_url().to_string();
    if never_sent { SendError::Later { why, retry_after: None } } else { SendError::Unknown(why) }
}

async fn refused(response: Response) -> SendError {
    let status = response.status().as_u16();
    let retry_after = crate::http_client::retry_after(&response);
    let error: TwilioError = response.json().await.unwrap_or_default();
    let message = error.message.or(error.detail).or(error.title).unwrap_or_default();
    refusal(status, error.code, &message, retry_after)
}
