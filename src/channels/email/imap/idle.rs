//! IDLE (RFC 2177) on a connection of its own. Each call waits for a short time and keeps the connection, so that a stop
//! does not wait for it; the command is renewed before servers and firewalls end it.

use std::time::{Duration, Instant};

use async_imap::extensions::idle::{Handle, IdleResponse};

use super::Imap;
use super::client::{COMMAND_TIMEOUT, ImapSession, ImapStream, connect, failed, later, within};
use crate::channels::port::SendError;
use crate::clock;

/// How long one call waits.
const WAIT: Duration = Duration::from_secs(1);
/// The server may end an IDLE after 30 minutes; routers forget a silent connection sooner.
const RENEW_AFTER: Duration = Duration::from_secs(300);
/// Pause after a failure, and between looks at a server without IDLE.
const PAUSE: Duration = Duration::from_secs(1);

/// A connection in IDLE.
pub enum Idling {
    Waits {
        handle: Handle<Box<dyn ImapStream>>,
        since: Instant,
    },
    /// The server does not have the command: the folder is polled.
    Unsupported,
}

impl Imap {
    /// Whether there may be something new; waits for that a short time.
    pub(super) async fn idle(&self) -> Result<bool, SendError> {
        let mut idling = self.shared.idling.lock().await;
        match idling.take() {
            Some(Idling::Unsupported) => {
                *idling = Some(Idling::Unsupported);
                tokio::time::sleep(PAUSE).await;
                Ok(false)
            }
            Some(Idling::Waits { handle, since }) if clock::monotonic() < since + RENEW_AFTER => {
                let (handle, heard) = wait(handle).await?;
                *idling = Some(Idling::Waits { handle, since });
                Ok(heard)
            }
            Some(Idling::Waits { handle, .. }) => {
                let renewed = within(COMMAND_TIMEOUT, async {
                    let session = handle.done().await.map_err(|error| failed(&error))?;
                    begin(session).await
                });
                *idling = Some(renewed.await?);
                Ok(true)
            }
            None => {
                let opened = self.open().await;
                if opened.is_err() {
                    tokio::time::sleep(PAUSE).await;
                }
                *idling = Some(opened?);
                // Mails may have come while there was no connection.
                Ok(true)
            }
        }
    }

    async fn open(&self) -> Result<Idling, SendError> {
        let mut session = connect(&self.settings().imap).await?;
        let imap = self.clone();
        within(COMMAND_TIMEOUT, async move {
            let capabilities = session.capabilities().await.map_err(|error| failed(&error))?;
            if !capabilities.has_str("IDLE") {
                tracing::info!("the mail server has no IDLE: its folder is polled");
                return Ok(Idling::Unsupported);
            }
            imap.examine(&mut session).await?;
            begin(session).await
        })
        .await
    }
}

async fn begin(session: ImapSession) -> Result<Idling, SendError> {
    let mut handle = session.idle();
    handle.init().await.map_err(|error| failed(&error))?;
    Ok(Idling::Waits { handle, since: clock::monotonic() })
}

async fn wait(
    mut handle: Handle<Box<dyn ImapStream>>,
) -> Result<(Handle<Box<dyn ImapStream>>, bool), SendError> {
    let heard = {
        let (response, _stop) = handle.wait_with_timeout(WAIT);
        response.await.map_err(|error| failed(&error))?
    };
    match heard {
        IdleResponse::NewData(_) => Ok((handle, true)),
        IdleResponse::Timeout => Ok((handle, false)),
        IdleResponse::ManualInterrupt => Err(later("the mail server closed the connection")),
    }
}
