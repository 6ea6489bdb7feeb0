//! `Fetcher`: download worker of one channel; it stores the files that customers sent. A turn never waits for it: a
//! file that is not stored yet is described as such, and why one can't be stored is noted on the attachment.

use std::rc::Rc;
use std::sync::Arc;
use std::time::Duration;

use futures_util::future::join_all;
use sha2::{Digest, Sha256};

use crate::actors::runtime::ask::Answer;
use crate::actors::runtime::poller::{self, Next, Poll};
use crate::actors::runtime::single_flight::SingleFlight;
use crate::actors::runtime::supervised::{Worker, WorkerContext};
use crate::actors::store::store_handle::StoreHandle;
use crate::channels::port::{FetchError, Fetched, MediaSource, MediaStore};
use crate::crm::port::{AttachmentEnd, Attachments, LeaseRequest, ToFetch};
use crate::domain::enums::Channel;
use crate::domain::messages::attachment::StoredFile;
use crate::domain::messages::fetch::TRIES;
use crate::domain::runtime::backoff::Backoff;
use crate::failpoint::{Failpoint, reach};

/// Poll interval when there was nothing to do.
const LOOK_EVERY: Duration = Duration::from_millis(500);
/// Files fetched at once; each is held in memory.
const AT_ONCE: i64 = 4;
/// Lease of a file: longer than fetching and storing it may take.
const LEASE: Duration = Duration::from_secs(30);
/// Between two tries of a file whose host does not answer; the last one is made after about six minutes.
const BACKOFF: Backoff =
    Backoff { first: Duration::from_secs(5), factor: 12, longest: Duration::from_secs(300) };

/// Arguments of a `Fetcher`.
pub struct FetcherArgs {
    pub wires: Rc<FetcherWires>,
}

/// Its dependencies.
pub struct FetcherWires {
    pub channel: Channel,
    pub attachments: StoreHandle<dyn Attachments>,
    pub source: Arc<dyn MediaSource>,
    pub store: Arc<dyn MediaStore>,
}

pub struct Fetcher {
    wires: Rc<FetcherWires>,
    single_flight: SingleFlight,
}

impl Worker for Fetcher {
    type Args = FetcherArgs;
    const MAILBOX: usize = 4;

    fn new(args: &FetcherArgs) -> Self {
        Self { wires: Rc::clone(&args.wires), single_flight: SingleFlight::default() }
    }

    fn started(&mut self, ctx: &mut WorkerContext<'_, Self>) {
        poller::start(self, ctx);
    }
}

impl Poll for Fetcher {
    type Found = usize;
    const FAILURE: &'static str = "could not look for files to fetch";

    fn every(&self) -> Duration {
        LOOK_EVERY
    }

    fn single_flight(&mut self) -> &mut SingleFlight {
        &mut self.single_flight
    }

    fn round(&mut self) -> impl Future<Output = Answer<usize>> + 'static {
        round(Rc::clone(&self.wires))
    }

    fn found(&mut self, fetched: usize, _: &mut WorkerContext<'_, Self>) -> Next {
        if fetched > 0 { Next::Again } else { Next::Wait }
    }
}

/// Fetches some files; returns how many were leased.
async fn round(wires: Rc<FetcherWires>) -> Answer<usize> {
    let request = LeaseRequest { channel: wires.channel, limit: AT_ONCE, lease: LEASE };
    let files = wires.attachments.call(move |attachments| attachments.lease_attachments(request)).await?;
    if !files.is_empty() {
        reach(Failpoint::FetcherLeased);
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
        Err(FetchError::Unavailable(why)) => again(attempt, why),
    };
    match &end {
        AttachmentEnd::Stored(_) => {}
        AttachmentEnd::Refused(why) | AttachmentEnd::Failed(why) | AttachmentEnd::Later(why, _) => {
            tracing::warn!(%attachment, attempt, why, "a customer's file was not fetched");
        }
    }
    let settled =
        wires.attachments.call(move |files| files.settle_attachment(attachment, attempt, end)).await;
    if let Err(error) = settled {
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
    if attempt >= TRIES {
        return AttachmentEnd::Failed(why);
    }
    AttachmentEnd::Later(why, BACKOFF.pause(u32::try_from(attempt).unwrap_or(0)))
}
