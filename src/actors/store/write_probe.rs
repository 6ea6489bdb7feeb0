//! Readiness probe of the write path: whether a submission could be stored now. Probes that come close together share
//! one result, so that a client who polls readiness cannot make the database work.

use std::time::{Duration, Instant};

use tokio::sync::Mutex;

use super::store_handle::StoreHandle;
use crate::actors::runtime::ask::{Admission, Answer, CallError};
use crate::clock;
use crate::crm::port::{Maintenance, StoreFuture};

/// A write that takes longer has failed; probes usually wait two to five seconds for readiness.
const PROBE_TIMEOUT: Duration = Duration::from_millis(1_500);
/// How long a result is used: readiness must notice a failure within 5 s, and a recovery within 2 s.
const RESULT_AGE: Duration = Duration::from_millis(500);
/// Probes in flight. One that hangs goes on after its time-out, until the store gives it up.
const AT_ONCE: usize = 4;

pub struct WriteProbe {
    maintenance: StoreHandle<dyn Maintenance>,
    in_flight: Admission,
    last: Mutex<Option<(Instant, Answer<()>)>>,
}

impl WriteProbe {
    pub fn new(maintenance: StoreHandle<dyn Maintenance>) -> Self {
        Self { maintenance, in_flight: Admission::new(AT_ONCE), last: Mutex::new(None) }
    }

    /// The result of a probe that is at most `RESULT_AGE` old.
    pub async fn result(&self) -> Answer<()> {
        let mut last = self.last.lock().await;
        if let Some((at, result)) = last.as_ref()
            && at.elapsed() < RESULT_AGE
        {
            return result.clone();
        }
        let result = self.probe().await;
        *last = Some((clock::monotonic(), result.clone()));
        result
    }

    async fn probe(&self) -> Answer<()> {
        let Some(permit) = self.in_flight.admit() else {
            return Err(CallError::TimedOut);
        };
        let probe = self.maintenance.call_within(PROBE_TIMEOUT, move |maintenance| -> StoreFuture<_> {
            let probe = maintenance.probe_writes();
            Box::pin(async move {
                let _permit = permit;
                probe.await
            })
        });
        probe.await
    }
}
