//! `Custodian`: erases customers, removes what was kept for too long, and the files that nothing refers to any more. The
//! store claims the retention job by a row, so that it runs once in the whole system.

use std::sync::Arc;
use std::time::Duration;

use crate::actors::messages::EraseCustomer;
use crate::actors::runtime::ask::{Answer, CallError};
use crate::actors::runtime::poller::{self, Next, Poll};
use crate::actors::runtime::single_flight::SingleFlight;
use crate::actors::runtime::supervised::{Work, Worker, WorkerContext};
use crate::actors::store::store_handle::StoreHandle;
use crate::channels::port::MediaStore;
use crate::crm::port::{CrmError, CustomerRights};
use crate::domain::customers::rights::{ErasureReceipt, Removed, Retention};
use crate::domain::ids::{CustomerId, StaffId};

/// Poll interval. Most rounds find that the job is not due, and no files.
const LOOK_EVERY: Duration = Duration::from_secs(60);
/// How often data is looked through; periods are days.
const RETAIN_EVERY: Duration = Duration::from_secs(60 * 60);
/// Maximum rows of each kind, and maximum files, removed at once.
const MAX_ROWS: i64 = 500;
const MAX_FILES: i64 = 200;

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
    single_flight: SingleFlight,
}

impl Worker for Custodian {
    type Args = CustodianArgs;
    const MAILBOX: usize = 16;

    fn new(args: &CustodianArgs) -> Self {
        Self {
            rights: args.rights.clone(),
            files: args.files.clone(),
            retention: args.retention,
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
        ctx.perform(erased, move |_, receipt, _| reply.send(receipt));
    }
}

/// Erases a customer, and then removes the files that nothing refers to any more.
pub async fn erase(
    rights: StoreHandle<dyn CustomerRights>,
    files: Option<Arc<dyn MediaStore>>,
    customer: CustomerId,
    by: StaffId,
) -> Answer<Option<ErasureReceipt>> {
    let receipt = rights.call(move |rights| rights.erase(customer, by)).await?;
    if receipt.is_some() {
        tracing::info!(%customer, %by, "erased a customer");
        while remove_files(&rights, files.as_deref()).await? >= MAX_FILES.unsigned_abs() {}
    }
    Ok(receipt)
}

/// What a round has removed.
pub struct Cleared {
    rows: Removed,
    files: u64,
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
        async move {
            let rows = if retention.keeps_everything() {
                None
            } else {
                rights.call(move |rights| rights.retain(retention, RETAIN_EVERY, MAX_ROWS)).await?
            };
            let files = remove_files(&rights, files.as_deref()).await?;
            Ok(Cleared { rows: rows.unwrap_or_default(), files })
        }
    }

    fn found(&mut self, cleared: Cleared, _: &mut WorkerContext<'_, Self>) -> Next {
        let Cleared { rows, files } = cleared;
        let removed: Vec<String> = rows.iter().filter(|(_, count)| **count > 0).map(shown).collect();
        if !removed.is_empty() {
            tracing::info!(removed = removed.join(", "), "removed what was kept for too long");
        }
        let has_more = rows.values().any(|count| *count >= MAX_ROWS) || files >= MAX_FILES.unsigned_abs();
        if has_more { Next::Again } else { Next::Wait }
    }
}

fn shown((kind, count): (&String, &i64)) -> String {
    format!("{count} {kind}")
}

/// Removes the files that no row refers to; returns how many. A file that was stored again meanwhile is put back.
async fn remove_files(
    rights: &StoreHandle<dyn CustomerRights>,
    files: Option<&dyn MediaStore>,
) -> Answer<u64> {
    let Some(files) = files else {
        return Ok(0);
    };
    let unused = rights.call(|rights| rights.unused_files(MAX_FILES)).await?;
    let mut removed = 0;
    for sha256 in unused {
        let content = files.get(sha256.clone()).await.ok();
        files.remove(sha256.clone()).await.map_err(|error| could_not("remove", &error))?;
        let digest = sha256.clone();
        let is_used = rights.call(move |rights| rights.file_removed(digest)).await?;
        match content {
            Some(content) if is_used => {
                files.put(sha256, content).await.map_err(|error| could_not("put back", &error))?;
            }
            Some(_) | None => removed += 1,
        }
    }
    Ok(removed)
}

fn could_not(what: &str, error: &std::io::Error) -> CallError {
    CallError::Crm(CrmError::Unavailable(format!("could not {what} a file: {error}")))
}
