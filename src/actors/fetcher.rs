//! `Fetcher`: download worker of one channel; it stores the files that customers sent. A turn never waits for it: a file
//! that is not stored yet is described as such, and why one can't be stored is noted on the attachment.

use std::rc::Rc;
use std::sync::Arc;
use std::time::Duration;

use actix::prelude::*;
use futures_util::future::join_all;
use sha2::{Digest, Sha256};

use super::ask::{Answer, ask};
use super::crm::DeliveryCommand;
use super::supervised::{Worker, WorkerContext};
use crate::channels::port::{FetchError, Fetched, MediaSource, MediaStore};
use crate::crm::port::channels::{AttachmentEnd, LeaseRequest, ToFetch};
use crate::domain::attachment::StoredFile;
use crate::domain::enums::Channel;
use crate::domain::fetch::TRIES;
use crate::failpoint::{Failpoint, reach};

/// How often it looks when there was nothing to do.
const LOOK_EVERY: Duration = Duration::from_millis(500);
/// Files fetched at once; each is held in memory.
const AT_ONCE: i64 = 4;
/// How long a file is left to one process: longer than fetching and keeping it may take.
const LEASE: Duration = Duration::from_secs(30);
/// Between two tries of a file whose host does not answer; the last one is made after about six minutes.
const PAUSES: [Duration; 3] = [Duration::from_secs(5), Duration::from_secs(60), Duration::from_secs(300)];
const TIMEOUT: Duration = Duration::from_secs(20);

/// What a `Fetcher` is made from.
pub struct FetcherArgs {
    pub wires: Rc<FetcherWires>,
}

/// Whom it asks.
pub struct FetcherWires {
    pub channel: Channel,
    pub crm: Recipient<DeliveryCommand>,
    pub source: Arc<dyn MediaSource>,
    pub store: Arc<dyn MediaStore>,
}

pub struct Fetcher {
    wires: Rc<FetcherWires>,
}

impl Worker for Fetcher {
    type Args = FetcherArgs;
    const MAILBOX: usize = 4;

    fn new(args: &FetcherArgs) -> Self {
        Self { wires: Rc::clone(&args.wires) }
    }

    fn started(&mut self, ctx: &mut WorkerContext<'_, Self>) {
        self.look(ctx);
    }
}

impl Fetcher {
    fn look(&mut self, ctx: &mut WorkerContext<'_, Self>) {
        ctx.perform(round(Rc::clone(&self.wires)), |_, fetched, ctx| {
            let pause = match fetched {
                Ok(count) if count > 0 => Duration::ZERO,
                Ok(_) => LOOK_EVERY,
                Err(error) => {
                    tracing::warn!(%error, "could not look for files to fetch");
                    LOOK_EVERY
                }
            };
            ctx.after(pause, Self::look);
        });
    }
}

/// Fetches some files; how many were claimed.
async fn round(wires: Rc<FetcherWires>) -> Answer<usize> {
    let claim = LeaseRequest { channel: wires.channel, limit: AT_ONCE, lease: LEASE };
    let files = ask(&wires.crm, TIMEOUT, |reply| DeliveryCommand::LeaseAttachments { claim, reply }).await?;
    if !files.is_empty() {
        reach(Failpoint::FetcherClaimed);
    }
    let count = files.len();
    join_all(files.into_iter().map(|file| fetch(&wires, file))).await;
    Ok(count)
}

async fn fetch(wires: &FetcherWires, file: ToFetch) {
    let ToFetch { attachment, position, url, attempt, .. } = file;
    let end = match fetch_within(wires, position, &url).await {
        Ok(fetched) => {
            let sha256 = Sha256::digest(&fetched.bytes).to_vec();
            let size_bytes = i64::try_from(fetched.bytes.len()).unwrap_or(i64::MAX);
            match wires.store.put(sha256.clone(), fetched.bytes).await {
                Ok(()) => AttachmentEnd::Stored(StoredFile {
                    content_type: fetched.content_type,
                    size_bytes,
                    sha256,
                }),
                Err(error) => again(attempt, format!("it could not be kept: {error}")),
            }
        }
        Err(FetchError::Refused(why)) => AttachmentEnd::Refused(why),
        Err(FetchError::Failed(why)) => AttachmentEnd::Failed(why),
        Err(FetchError::Away(why)) => again(attempt, why),
    };
    match &end {
        AttachmentEnd::Stored(_) => {}
        AttachmentEnd::Refused(why) | AttachmentEnd::Failed(why) | AttachmentEnd::Later(why, _) => {
            tracing::warn!(%attachment, attempt, why, "a customer's file was not fetched");
        }
    }
    let settle = |reply| DeliveryCommand::SettleAttachment { attachment, attempt, end, reply };
    if let Err(error) = ask(&wires.crm, TIMEOUT, settle).await {
        tracing::warn!(%attachment, %error, "could not record what became of a file; it is fetched again");
    }
}

/// Fetches a file that the channel accepts.
async fn fetch_within(wires: &FetcherWires, position: i16, url: &str) -> Result<Fetched, FetchError> {
    let limits = wires.source.limits();
    if position > limits.max_count {
        return Err(FetchError::Refused(format!("its message has more than {} files", limits.max_count)));
    }
    let fetched = wires.source.fetch(url).await?;
    if !limits.allows(&fetched.content_type) {
        return Err(FetchError::Refused("files of its type are not kept".to_owned()));
    }
    if fetched.bytes.len() > limits.max_bytes {
        return Err(FetchError::Refused(format!("it is larger than {} bytes", limits.max_bytes)));
    }
    Ok(fetched)
}

fn again(attempt: i16, why: String) -> AttachmentEnd {
    let place = usize::try_from(attempt.max(1) - 1).unwrap_or(0);
    match PAUSES.get(place) {
        Some(pause) if attempt < TRIES => AttachmentEnd::Later(why, *pause),
        Some(_) | None => AttachmentEnd::Failed(why),
    }
}
