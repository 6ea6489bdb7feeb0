//! Puts a request's question to the actor behind it; one that was lost, as by a panic there, is put once more.

use std::time::Duration;

use actix::Recipient;
use actix_web::http::StatusCode;

use super::Shared;
use super::problem::Problem;
use crate::actors::ask::{Answer, CallError, Reply, ask};
use crate::actors::messages::{AdjustPool, PoolChange, PoolView, Read, TakeIn};
use crate::channels::port::InvalidForm;
use crate::domain::inquiry::{Inquiry, Stored};

/// How long a customer waits for the commit; the database gives up on a statement well before.
const STORED_TIMEOUT: Duration = Duration::from_secs(10);
/// How long anybody waits for something to be looked up.
const READ_TIMEOUT: Duration = Duration::from_secs(5);

/// Stores what `parse` makes of the body. Parsed again it has the same ids, so it can't be stored twice; the first
/// parsing went away with the question.
pub async fn store(
    intake: &Recipient<TakeIn>,
    parse: impl Fn() -> Result<Inquiry, InvalidForm>,
) -> Result<Stored, Problem> {
    let take_in = async |inquiry| ask(intake, STORED_TIMEOUT, |reply| TakeIn { inquiry, reply }).await;
    let first = take_in(parse()?).await;
    let stored = if is_lost(&first) { take_in(parse()?).await } else { first };
    Ok(stored?)
}

pub async fn look_up<T>(shared: &Shared, question: impl Fn(Reply<T>) -> Read) -> Result<T, Problem> {
    let look_up = async || ask(&shared.wires.records, READ_TIMEOUT, &question).await;
    let first = look_up().await;
    let found = if is_lost(&first) { look_up().await } else { first };
    Ok(found?)
}

pub async fn adjust_pool(shared: &Shared, change: PoolChange) -> Result<PoolView, Problem> {
    let Some(pool) = &shared.wires.pool else {
        return Err(Problem::new(StatusCode::CONFLICT, "This process takes no turns: it has no role agent."));
    };
    Ok(ask(pool, READ_TIMEOUT, |reply| AdjustPool { change, reply }).await?)
}

fn is_lost<T>(answer: &Answer<T>) -> bool {
    matches!(answer, Err(CallError::Closed))
}
