//! Group commit: a batch is one statement and one transaction; an error is isolated, so that only the bad row
//! fails.

use std::future::Future;
use std::time::Duration;

use deadpool_postgres::{Object, Pool};

use super::rows::{BatchFault, fault};
use crate::crm::port::CrmError;
use crate::domain::runtime::backoff::Backoff;

/// Tries of a batch that lost against another transaction or lost its connection.
const TRIES: u32 = 4;
/// Between two tries.
const BACKOFF: Backoff = Backoff::doubling(Duration::from_millis(20), Duration::from_secs(1));

/// A batch function: it runs the members in one transaction and answers each, in order.
pub trait BatchFunction<I, O> {
    fn run(&self, client: &Object, members: &[I]) -> impl Future<Output = Result<Vec<O>, BatchError>> + Send;
}

/// Why a batch failed as a whole.
pub enum BatchError {
    Postgres(tokio_postgres::Error),
    Crm(CrmError),
}

impl From<tokio_postgres::Error> for BatchError {
    fn from(error: tokio_postgres::Error) -> Self {
        Self::Postgres(error)
    }
}

impl From<CrmError> for BatchError {
    fn from(error: CrmError) -> Self {
        Self::Crm(error)
    }
}

impl From<BatchError> for CrmError {
    fn from(failure: BatchError) -> Self {
        match failure {
            BatchError::Postgres(error) => error.into(),
            BatchError::Crm(error) => error,
        }
    }
}

/// Runs a batch. A repetition is safe because ids are made by the caller: what had committed is found again.
pub async fn run<I, O>(
    pool: &Pool,
    members: &[I],
    batch: &impl BatchFunction<I, O>,
) -> Vec<Result<O, CrmError>> {
    match attempt(pool, members, batch).await {
        Ok(answers) if answers.len() == members.len() => answers.into_iter().map(Ok).collect(),
        Ok(answers) => {
            let error = CrmError::Failed(format!("{} answers to {} rows", answers.len(), members.len()));
            members.iter().map(|_| Err(error.clone())).collect()
        }
        Err(CrmError::Invalid(_)) if members.len() > 1 => {
            let mut answers = Vec::with_capacity(members.len());
            for member in members {
                let alone = attempt(pool, std::slice::from_ref(member), batch).await;
                answers.push(alone.and_then(|mut one| {
                    one.pop().ok_or_else(|| CrmError::Failed("no answer to a row".to_owned()))
                }));
            }
            answers
        }
        Err(error) => members.iter().map(|_| Err(error.clone())).collect(),
    }
}

async fn attempt<I, O>(
    pool: &Pool,
    members: &[I],
    batch: &impl BatchFunction<I, O>,
) -> Result<Vec<O>, CrmError> {
    let run = || async {
        let client = pool.get().await.map_err(CrmError::from)?;
        batch.run(&client, members).await
    };
    repeated(run).await
}

/// Runs a transaction, and again if it lost against another one or lost its connection.
pub async fn repeated<T, F>(run: impl Fn() -> F) -> Result<T, CrmError>
where
    F: Future<Output = Result<T, BatchError>>,
{
    let mut tries = 0;
    loop {
        tries += 1;
        match run().await {
            Ok(answers) => return Ok(answers),
            Err(BatchError::Postgres(error)) if tries < TRIES && may_repeat(&error) => {
                tracing::debug!(%error, tries, "repeating a batch");
            }
            Err(failure) => return Err(failure.into()),
        }
        tokio::time::sleep(BACKOFF.pause(tries)).await;
    }
}

fn may_repeat(error: &tokio_postgres::Error) -> bool {
    match fault(error) {
        BatchFault::Conflict => true,
        // A time-out has used up the caller's patience already; a lost connection has not.
        BatchFault::Unavailable => error.is_closed() || error.code().is_none(),
        BatchFault::Row | BatchFault::Bug => false,
    }
}
