//! `Custodian`: erases customers, removes what was kept for too long, and the files that nothing refers to any more. The
//! store claims the retention job by a row, so that it runs once in the whole system.

use std::sync::Arc;
use std::time::Duration;

use crate::actors::customers::removed_files::{HeldFiles, MAX_FILES, RemovedFile, look_again, remove_files};
use crate::actors::messages::EraseCustomer;
use crate::actors::runtime::ask::Answer;
use crate::actors::runtime::poller::{self, Next, Poll};
use crate::actors::runtime::single_flight::SingleFlight;
use crate::actors::runtime::supervised::{Work, Worker, WorkerContext};
use crate::actors::store::store_handle::StoreHandle;
use crate::channels::port::MediaStore;
use crate::clock;
use crate::crm::port::CustomerRights;
use crate::domain::customers::rights::{ErasureReceipt, Retention, RetentionRound};
use crate::domain::ids::{CustomerId, StaffId};
use crate::domain::runtime::stall::StallPolicy;
use crate::domain::runtime::timing::LONG_STALL;

/// Poll interval. Most rounds find that the job is not due, and no files.
const LOOK_EVERY: Duration = Duration::from_secs(60);
/// How often data is looked through; periods are days.
const RETAIN_EVERY: Duration = Duration::from_secs(60 * 60);

/// Arguments of a `Custodian`.
pub struct CustodianArgs {
    pub rights: StoreHandle<dyn CustomerRights>,
    /// The store of customers' files; without one, files are left to other processes.
    pub files: Option<Arc<dyn MediaStore>>,
    pub retention: Retention,
}

pub struct Custodian {
    rights: StoreHandle<dyn CustomerRights>,
    files: Option<Arc<dyn MediaStore>>,
    retention: Retention,
    /// Files that were removed a short while ago.
    held: HeldFiles,
    single_flight: SingleFlight,
}

impl Worker for Custodian {
    type Args = CustodianArgs;
    const MAILBOX: usize = 16;
    /// An erasure and a batch of the retention job may take minutes.
    const STALL: Option<StallPolicy> = Some(LONG_STALL);

    fn new(args: &CustodianArgs) -> Self {
        Self {
            rights: args.rights.clone(),
            files: args.files.clone(),
            retention: args.retention,
            held: HeldFiles::default(),
            single_flight: SingleFlight::default(),
        }
    }

    fn started(&mut self, ctx: &mut WorkerContext<'_, Self>) {
        poller::start(self, ctx);
    }
}

/// The files go before the answer, so that the receipt is true.
impl Work<EraseCustomer> for Custodian {
    fn work(&mut self, order: EraseCustomer, ctx: &mut WorkerContext<'_, Self>) {
        let EraseCustomer { customer, by, reply } = order;
        let erased = erase(self.rights.clone(), self.files.clone(), customer, by);
        ctx.perform(erased, move |custodian: &mut Self, erased, _| {
            reply.send(erased.map(|(receipt, removed)| {
                custodian.held.hold(removed.all(), clock::monotonic());
                receipt
            }));
        });
    }
}

/// Erases a customer, and then removes the files that nothing refers to any more, which are returned with the receipt.
pub async fn erase(
    rights: StoreHandle<dyn CustomerRights>,
    files: Option<Arc<dyn MediaStore>>,
    customer: CustomerId,
    by: StaffId,
) -> Answer<(Option<ErasureReceipt>, HeldFiles)> {
    let receipt = rights.call_long(move |rights| rights.erase(customer, by)).await?;
    let mut removed = HeldFiles::default();
    if receipt.is_some() {
        tracing::info!(%customer, %by, "erased a customer");
        loop {
            let batch = remove_files(&rights, files.as_deref()).await?;
            let is_last = is_last(batch.len());
            removed.hold(batch, clock::monotonic());
            if is_last {
                break;
            }
        }
    }
    Ok((receipt, removed))
}

/// What a round has removed.
pub struct Cleared {
    rows: RetentionRound,
    files: Vec<RemovedFile>,
}

/// Whether there are no more files than this batch of them.
fn is_last(removed: usize) -> bool {
    i64::try_from(removed).unwrap_or(i64::MAX) < MAX_FILES
}

impl Poll for Custodian {
    type Found = Cleared;
    const FAILURE: &'static str = "could not remove what was kept for too long";

    fn every(&self) -> Duration {
        LOOK_EVERY
    }

    fn single_flight(&mut self) -> &mut SingleFlight {
        &mut self.single_flight
    }

    fn round(&mut self) -> impl Future<Output = Answer<Cleared>> + 'static {
        let (rights, files, retention) = (self.rights.clone(), self.files.clone(), self.retention);
        let held = self.held.all();
        async move {
            look_again(&rights, files.as_deref(), held).await?;
            let rows = rights.call_long(move |rights| rights.retain(retention, RETAIN_EVERY)).await?;
            let files = remove_files(&rights, files.as_deref()).await?;
            Ok(Cleared { rows: rows.unwrap_or_default(), files })
        }
    }

    fn found(&mut self, cleared: Cleared, _: &mut WorkerContext<'_, Self>) -> Next {
        let Cleared { rows, files } = cleared;
        let has_more = rows.has_more || !is_last(files.len());
        let now = clock::monotonic();
        self.held.let_go(now);
        self.held.hold(files, now);
        let removed: Vec<String> = rows.removed.iter().filter(|(_, count)| **count > 0).map(shown).collect();
        if !removed.is_empty() {
            tracing::info!(removed = removed.join(", "), "removed what was kept for too long");
        }
        if has_more { Next::Again } else { Next::Wait }
    }
}

fn shown((kind, count): (&String, &i64)) -> String {
    format!("{count} {kind}")
}
