//! `SideCourier` (polling consumer): sends the messages of side conversations by mail, at least once. An attempt whose
//! result is unknown is made again under the same Message-ID. It sends nothing to customers.

use std::rc::Rc;
use std::sync::Arc;
use std::time::Duration;

use futures_util::future::join_all;

use crate::actors::runtime::ask::Answer;
use crate::actors::runtime::poller::{self, Next, Poll};
use crate::actors::runtime::single_flight::SingleFlight;
use crate::actors::runtime::supervised::{Worker, WorkerContext};
use crate::actors::store::store_handle::StoreHandle;
use crate::channels::port::{
    Content, MediaStore, MessageSender, Outgoing, OutgoingFile, SendError, SendReceipt,
};
use crate::crm::port::SideConversations;
use crate::domain::console::side::{LeasedSideMessage, SideAttempt, SideFileContent};
use crate::domain::customers::contact::Address;
use crate::domain::enums::FailureCause;
use crate::domain::ids::DeliveryId;
use crate::domain::messages::delivery::{Failure, MailThread, Recipients};
use crate::domain::runtime::backoff::Backoff;

/// Poll interval without a wake-up.
const LOOK_EVERY: Duration = Duration::from_millis(500);
/// Messages sent at once.
const AT_ONCE: i64 = 4;
/// Lease of a message: longer than sending it may take.
const LEASE: Duration = Duration::from_secs(60);
/// Attempts while the mail server is down: about half an hour.
const TRIES: i16 = 8;
const BACKOFF: Backoff =
    Backoff { first: Duration::from_secs(5), factor: 3, longest: Duration::from_secs(600) };

/// Arguments of a `SideCourier`.
pub struct SideCourierArgs {
    pub wires: Rc<SideCourierWires>,
}

/// Its dependencies.
pub struct SideCourierWires {
    pub sides: StoreHandle<dyn SideConversations>,
    /// That of the e-mail channel.
    pub sender: Arc<dyn MessageSender>,
    pub files: Arc<dyn MediaStore>,
}

pub struct SideCourier {
    wires: Rc<SideCourierWires>,
    single_flight: SingleFlight,
}

impl Worker for SideCourier {
    type Args = SideCourierArgs;
    const MAILBOX: usize = 4;

    fn new(args: &SideCourierArgs) -> Self {
        Self { wires: Rc::clone(&args.wires), single_flight: SingleFlight::default() }
    }

    fn started(&mut self, ctx: &mut WorkerContext<'_, Self>) {
        poller::start(self, ctx);
    }
}

impl Poll for SideCourier {
    type Found = ();
    const FAILURE: &'static str = "could not look for messages of side conversations";

    fn every(&self) -> Duration {
        LOOK_EVERY
    }

    fn single_flight(&mut self) -> &mut SingleFlight {
        &mut self.single_flight
    }

    fn round(&mut self) -> impl Future<Output = Answer<()>> + 'static {
        round(Rc::clone(&self.wires))
    }

    fn found(&mut self, (): (), _: &mut WorkerContext<'_, Self>) -> Next {
        Next::Wait
    }
}

async fn round(wires: Rc<SideCourierWires>) -> Answer<()> {
    let leased = wires.sides.call(|sides| sides.lease_side_messages(AT_ONCE, LEASE)).await?;
    join_all(leased.into_iter().map(|message| send(&wires, message))).await;
    Ok(())
}

async fn send(wires: &SideCourierWires, message: LeasedSideMessage) {
    let (id, attempt) = (message.id, message.attempt);
    let end = match attempted(wires, message).await {
        Ok(receipt) => {
            let refused = receipt.refused.len();
            tracing::info!(message = %id, refused, "a message of a side conversation was sent");
            SideAttempt::Sent
        }
        Err(error) => {
            tracing::warn!(message = %id, attempt, %error, "could not send a message of a side conversation");
            after(attempt, &error)
        }
    };
    let settle = wires.sides.call(move |sides| sides.settle_side_message(id, attempt, end));
    if let Err(error) = settle.await {
        tracing::warn!(message = %id, %error, "could not record what became of a message; it is sent again");
    }
}

/// Where the provider has drafts, each attempt makes its own.
async fn attempted(wires: &SideCourierWires, message: LeasedSideMessage) -> Result<SendReceipt, SendError> {
    let files = read(wires, &message.files).await?;
    let Some(mail) = outgoing(message, files) else {
        return Err(SendError::Refused(Failure::new(FailureCause::InvalidAddress, "it has no recipient")));
    };
    let draft = match wires.sender.draft(&mail) {
        Some(making) => Some(making.await?),
        None => None,
    };
    wires.sender.send(Outgoing { draft, ..mail }).await
}

/// The files of a message, with their content.
async fn read(wires: &SideCourierWires, files: &[SideFileContent]) -> Result<Vec<OutgoingFile>, SendError> {
    let later = |why: String| SendError::Later { why, retry_after: None };
    let mut contents = Vec::with_capacity(files.len());
    for SideFileContent { name, content_type, sha256 } in files {
        let key = hex::decode(sha256).map_err(|error| later(format!("the file {name}: {error}")))?;
        let bytes = wires.files.get(key).await.map_err(|error| later(format!("the file {name}: {error}")))?;
        contents.push(OutgoingFile { name: name.clone(), content_type: content_type.clone(), bytes });
    }
    Ok(contents)
}

/// The mail: its Message-ID names the message, and it belongs to no thread of a customer.
fn outgoing(message: LeasedSideMessage, files: Vec<OutgoingFile>) -> Option<Outgoing> {
    let LeasedSideMessage { id, text, subject, mut to, references, .. } = message;
    if to.is_empty() {
        return None;
    }
    let first = to.remove(0);
    let thread = MailThread {
        subject,
        in_reply_to: references.last().cloned(),
        begins: references.is_empty(),
        references,
        by_staff: true,
        recipients: Recipients { to, ..Recipients::default() },
        ..MailThread::default()
    };
    Some(Outgoing {
        delivery: DeliveryId(id.0),
        to: Address::Email(first),
        content: Content::Text(text),
        mail: Some(thread),
        files,
        draft: None,
    })
}

fn after(attempt: i16, error: &SendError) -> SideAttempt {
    let why = error.to_string();
    match error {
        SendError::Refused(_) => SideAttempt::Failed { why },
        SendError::Later { .. } | SendError::Account(_) | SendError::Unknown(_) if attempt < TRIES => {
            SideAttempt::Later { why, pause: BACKOFF.pause(u32::try_from(attempt).unwrap_or(0)) }
        }
        SendError::Later { .. } | SendError::Account(_) | SendError::Unknown(_) => {
            SideAttempt::Failed { why }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_message_is_tried_again_while_the_mail_is_away_and_not_where_it_is_refused() {
        let away = SendError::Unknown("closed".to_owned());
        let pause = |attempt| match after(attempt, &away) {
            SideAttempt::Later { pause, .. } => Some(pause.as_secs()),
            SideAttempt::Sent | SideAttempt::Failed { .. } => None,
        };
        assert_eq!([1, 2, 7, 8].map(pause), [Some(5), Some(15), Some(600), None]);
        let refused = SendError::Refused(Failure::new(FailureCause::InvalidAddress, "no such box"));
        assert_eq!(after(1, &refused), SideAttempt::Failed { why: "no such box".to_owned() });
    }
}
