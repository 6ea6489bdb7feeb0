//! File-based fake of a mailbox, for development without an account: replies are written to readable files and not
//! sent; mails that are put into its inbox are read like those of a provider.
//!
//! File names sort by time. The cursor is the name of the last file that was read.

use std::io::Write as _;
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};
use std::time::Duration;

use super::inbound::{MailLocation, MailReader};
use super::own::OwnMailbox;
use super::reply::ReplyWriter;
use crate::channels::port::{
    ChannelFuture, DoubtFinding, FeedCursor, FeedItem, FeedPage, InboundFeed, MessageSender, NOT_LISTED,
    Outgoing, SendError, SendReceipt, SentMessage,
};
use crate::clock;
use crate::domain::customers::contact::Address;
use crate::domain::enums::{DeliveryState, FailureCause};
use crate::domain::messages::delivery::{ClaimedDelivery, Failure, InDoubt, Route};
use crate::domain::messages::inquiry::Inquiry;

/// How the sandbox signs authentication results.
pub const AUTHSERV: &str = "sandbox.invalid";
const INBOX: &str = "inbox";
/// Mails of one page.
const PAGE: usize = 20;
/// A larger file is no mail.
const MAIL_MAX_BYTES: u64 = 50 * 1024 * 1024;

/// A mailbox in a folder.
#[derive(Clone)]
pub struct MailSandbox {
    root: PathBuf,
    reader: MailReader,
    writer: ReplyWriter,
}

impl MailSandbox {
    /// The folders are created when they are needed.
    pub fn new(root: PathBuf, reader: MailReader, from_name: &str) -> Self {
        let writer = ReplyWriter::new(reader.own().clone(), from_name);
        Self { root, reader, writer }
    }

    /// Puts a mail into the inbox of the sandbox in a folder; returns its external id.
    pub fn put(root: &Path, own: &OwnMailbox, raw: &[u8]) -> std::io::Result<String> {
        let name = format!("{}.eml", clock::new_v7().simple());
        write(&root.join(INBOX), &name, raw)?;
        Ok(MailLocation { provider_id: name, thread_id: None }.external_id(own))
    }

    fn sent_path(&self, delivery: crate::domain::ids::DeliveryId) -> PathBuf {
        self.root.join(format!("{delivery}.eml"))
    }
}

/// An atomic write that only its owner can read.
fn write(folder: &Path, name: &str, bytes: &[u8]) -> std::io::Result<()> {
    std::fs::create_dir_all(folder)?;
    let unfinished = folder.join(format!(".{name}"));
    let mut file =
        std::fs::OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(&unfinished)?;
    file.write_all(bytes)?;
    file.sync_all()?;
    std::fs::rename(&unfinished, folder.join(name))
}

async fn blocking<T: Send + 'static>(
    deed: impl FnOnce() -> std::io::Result<T> + Send + 'static,
) -> Result<T, SendError> {
    let done =
        tokio::task::spawn_blocking(deed).await.unwrap_or_else(|error| Err(std::io::Error::other(error)));
    done.map_err(|error| SendError::Later { why: format!("the mail folder: {error}"), retry_after: None })
}

impl MessageSender for MailSandbox {
    fn route(&self, delivery: &ClaimedDelivery) -> Route {
        match delivery.recipient() {
            Ok(Address::Email(_)) => Route::Text,
            Ok(Address::Phone(_) | Address::ProviderUser(_)) => {
                Route::Nowhere(Failure::new(FailureCause::InvalidAddress, "not an e-mail address"))
            }
            Err(failure) => Route::Nowhere(failure),
        }
    }

    fn send(&self, message: Outgoing) -> ChannelFuture<Result<SendReceipt, SendError>> {
        let sandbox = self.clone();
        Box::pin(async move {
            let reply = sandbox.writer.write(&message, clock::now()).map_err(SendError::Refused)?;
            let path = sandbox.sent_path(message.delivery);
            let (root, name) = (sandbox.root.clone(), format!("{}.eml", message.delivery));
            let bytes = reply.with_bcc_field();
            blocking(move || write(&root, &name, &bytes)).await?;
            tracing::info!(path = %path.display(), "e-mail is not configured: wrote the reply to a file");
            Ok(SendReceipt::new(reply.message_id))
        })
    }

    fn resolve(&self, in_doubt: InDoubt) -> ChannelFuture<Result<DoubtFinding, SendError>> {
        let path = self.sent_path(in_doubt.delivery);
        let provider_id = super::thread::message_id(in_doubt.delivery, self.reader.own().domain());
        let found = path.exists().then_some(SentMessage { provider_id, state: DeliveryState::Sent });
        let finding = DoubtFinding {
            candidates: found.into_iter().collect(),
            otherwise: in_doubt.unlisted(Duration::ZERO),
            look_again: Duration::from_secs(1),
            given_up: NOT_LISTED,
        };
        Box::pin(std::future::ready(Ok(finding)))
    }

    fn parts(&self, text: &str) -> Vec<String> {
        vec![text.to_owned()]
    }
}

/// A file in the inbox.
struct InboxFile {
    path: PathBuf,
    location: MailLocation,
    external_id: String,
    reader: MailReader,
}

impl FeedItem for InboxFile {
    fn external_id(&self) -> &str {
        &self.external_id
    }

    fn read(self: Box<Self>) -> ChannelFuture<Result<Option<Inquiry>, SendError>> {
        Box::pin(async move {
            let path = self.path.clone();
            let raw = blocking(move || {
                let size = std::fs::metadata(&path)?.len();
                if size > MAIL_MAX_BYTES { Ok(None) } else { std::fs::read(&path).map(Some) }
            });
            match raw.await? {
                Some(raw) => self.reader.read(self.location, raw).await,
                None => Ok(None),
            }
        })
    }
}

impl InboundFeed for MailSandbox {
    fn account(&self) -> String {
        self.reader.own().address.to_string()
    }

    fn page(&self, after: Option<FeedCursor>) -> ChannelFuture<Result<FeedPage, SendError>> {
        let sandbox = self.clone();
        Box::pin(async move {
            let inbox = sandbox.root.join(INBOX);
            let after = after.map(|cursor| cursor.0).unwrap_or_default();
            let folder = inbox.clone();
            let mut names = blocking(move || names_after(&folder, &after)).await?;
            let has_more = names.len() > PAGE;
            names.truncate(PAGE);
            let next = names.last().cloned().map(FeedCursor);
            let item = |name: String| {
                let location = MailLocation { provider_id: name.clone(), thread_id: None };
                let external_id = location.external_id(sandbox.reader.own());
                let reader = sandbox.reader.clone();
                Box::new(InboxFile { path: inbox.join(name), location, external_id, reader })
                    as Box<dyn FeedItem>
            };
            Ok(FeedPage { items: names.into_iter().map(item).collect(), next, has_more })
        })
    }
}

/// The mails of a folder behind a name, in order; one more than a page at most.
fn names_after(folder: &Path, after: &str) -> std::io::Result<Vec<String>> {
    let entries = match std::fs::read_dir(folder) {
        Ok(entries) => entries,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(error),
    };
    let names = entries.filter_map(|entry| entry.ok()?.file_name().into_string().ok());
    let is_next = |name: &String| name.ends_with(".eml") && !name.starts_with('.') && name.as_str() > after;
    let mut names: Vec<String> = names.filter(is_next).collect();
    names.sort_unstable();
    names.truncate(PAGE + 1);
    Ok(names)
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::channels::MediaFolder;
    use crate::channels::email::own::Authserv;
    use crate::channels::email::own::tests::mailbox;
    use crate::channels::port::Content;
    use crate::domain::customers::contact::Email;
    use crate::domain::ids::DeliveryId;

    fn sandbox(root: &Path) -> MailSandbox {
        let own = OwnMailbox { authserv: Some(Authserv::parse(AUTHSERV)), ..mailbox() };
        let files = Arc::new(MediaFolder::new(root.join("media")));
        MailSandbox::new(root.join("mail"), MailReader::new(own, files), "Acme Support")
    }

    #[tokio::test]
    async fn mails_in_the_inbox_are_read_from_the_cursor() {
        let dir = tempfile::tempdir().unwrap();
        let sandbox = sandbox(dir.path());
        assert!(sandbox.page(None).await.unwrap().items.is_empty());
        let raw = b"From: ann@example.com\r\nTo: support@acme.example\r\nSubject: Export\r\n\r\nHow?";
        let id = MailSandbox::put(&sandbox.root, sandbox.reader.own(), raw).unwrap();
        let page = sandbox.page(None).await.unwrap();
        assert_eq!((page.items.len(), page.has_more), (1, false));
        let item = page.items.into_iter().next().unwrap();
        assert_eq!(item.external_id(), id);
        assert_eq!(item.read().await.unwrap().unwrap().text, "How?");
        assert!(sandbox.page(page.next).await.unwrap().items.is_empty());
    }

    #[tokio::test]
    async fn a_reply_is_a_file_by_which_an_attempt_in_doubt_is_resolved() {
        let dir = tempfile::tempdir().unwrap();
        let sandbox = sandbox(dir.path());
        let delivery = DeliveryId(uuid::Uuid::from_u128(7));
        let in_doubt = InDoubt {
            delivery,
            attempt: 1,
            text: String::new(),
            to: None,
            requested_at: time::OffsetDateTime::UNIX_EPOCH,
            quiet: Duration::ZERO,
            unresolved_attempts: 0,
            draft: None,
            mailbox: None,
        };
        assert!(sandbox.resolve(in_doubt.clone()).await.unwrap().candidates.is_empty());
        let message = Outgoing {
            delivery,
            to: Address::Email(Email::parse("ann@example.com").unwrap()),
            content: Content::Text("Open the export page.".to_owned()),
            mail: None,
            files: Vec::new(),
            draft: None,
        };
        let receipt = sandbox.send(message).await.unwrap();
        assert_eq!(sandbox.resolve(in_doubt).await.unwrap().candidates[0].provider_id, receipt.provider_id);
        let text = std::fs::read_to_string(sandbox.sent_path(delivery)).unwrap();
        assert!(text.contains("To: <ann@example.com>") && text.contains("Open the export page."), "{text}");
    }
}
