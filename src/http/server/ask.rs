//! Request-reply calls from handlers to actors, with a timeout; a call that the actor lost, for example by a panic, is
//! retried once.

use std::time::Duration;

use actix::{Message, Recipient};
use actix_web::http::StatusCode;

use super::problem::Problem;
use super::state::Shared;
use crate::actors::messages::{AdjustPool, PoolChange, PoolView, TakeIn};
use crate::actors::runtime::ask::{Answer, CallError, Reply, ask};
use crate::actors::store::store_handle::StoreHandle;
use crate::channels::port::fresh_ids;
use crate::clock;
use crate::crm::port::{CrmError, StoreFuture, Views};
use crate::domain::messages::inquiry::{Extras, FreshIds, Inquiry, Stored};
use crate::domain::runtime::timing::LONG_STORE_TIMEOUT;
use crate::domain::validation::InvalidForm;
use crate::trace;

/// Timeout of a commit; the database's statement timeout is well below it.
const STORED_TIMEOUT: Duration = Duration::from_secs(10);
/// Timeout of an actor's answer; longer than a search with its vector.
const ACTOR_TIMEOUT: Duration = Duration::from_secs(10);
/// Timeout of a read.
const READ_TIMEOUT: Duration = Duration::from_secs(5);

/// Stores what `parse` makes of the body and of new ids. A retry parses again, because the first call has consumed the
/// inquiry; it gets the same ids, so that storing stays idempotent.
pub async fn store(
    intake: &Recipient<TakeIn>,
    parse: impl Fn(FreshIds) -> Result<Inquiry, InvalidForm>,
) -> Result<Stored, Problem> {
    Ok(try_store(intake, parse).await??)
}

/// The same for customers who call the API themselves; whether the store took it counts for readiness.
pub async fn store_submission(
    shared: &Shared,
    parse: impl Fn(FreshIds) -> Result<Inquiry, InvalidForm>,
) -> Result<Stored, Problem> {
    let stored = try_store(&shared.wires.intake, parse).await?;
    shared.submissions.note(&stored, clock::monotonic());
    Ok(stored?)
}

async fn try_store(
    intake: &Recipient<TakeIn>,
    parse: impl Fn(FreshIds) -> Result<Inquiry, InvalidForm>,
) -> Result<Answer<Stored>, InvalidForm> {
    let ids = fresh_ids();
    let parse = |ids| {
        let inquiry = parse(ids)?;
        let traceparent = trace::current();
        Ok::<_, InvalidForm>(Inquiry { extras: Extras { traceparent, ..inquiry.extras }, ..inquiry })
    };
    let take_in = async |inquiry| ask(intake, STORED_TIMEOUT, |reply| TakeIn { inquiry, reply }).await;
    let first = take_in(parse(ids)?).await;
    Ok(if is_lost(&first) { take_in(parse(ids)?).await } else { first })
}

pub async fn look_up<T: Send + 'static>(
    shared: &Shared,
    question: impl FnOnce(&(dyn Views + 'static)) -> StoreFuture<Result<T, CrmError>> + Clone + Send + 'static,
) -> Result<T, Problem> {
    call(&shared.wires.views, question).await
}

/// Calls one aggregate of the store. A lost call is made again: it must have the same effect twice.
pub async fn call<S: ?Sized + Send + Sync + 'static, T: Send + 'static>(
    store: &StoreHandle<S>,
    question: impl FnOnce(&S) -> StoreFuture<Result<T, CrmError>> + Clone + Send + 'static,
) -> Result<T, Problem> {
    call_within(READ_TIMEOUT, store, question).await
}

/// The same for questions that take longer.
pub async fn call_within<S: ?Sized + Send + Sync + 'static, T: Send + 'static>(
    limit: Duration,
    store: &StoreHandle<S>,
    question: impl FnOnce(&S) -> StoreFuture<Result<T, CrmError>> + Clone + Send + 'static,
) -> Result<T, Problem> {
    let call = async || store.call_within(limit, question.clone()).await;
    let first = call().await;
    let found = if is_lost(&first) { call().await } else { first };
    Ok(found?)
}

/// Asks an actor once: what it does must not be done twice.
pub async fn ask_once<M, T>(actor: &Recipient<M>, message: impl FnOnce(Reply<T>) -> M) -> Result<T, Problem>
where
    M: Message<Result = ()> + Send,
{
    Ok(ask(actor, ACTOR_TIMEOUT, message).await?)
}

/// The same for what takes longer.
pub async fn ask_within<M, T>(
    actor: &Recipient<M>,
    within: Duration,
    message: impl FnOnce(Reply<T>) -> M,
) -> Result<T, Problem>
where
    M: Message<Result = ()> + Send,
{
    Ok(ask(actor, within, message).await?)
}

/// Asks an actor. A lost question is asked again: it must have the same effect twice.
pub async fn ask_actor<M, T>(actor: &Recipient<M>, message: impl Fn(Reply<T>) -> M) -> Result<T, Problem>
where
    M: Message<Result = ()> + Send,
{
    ask_twice_within(actor, ACTOR_TIMEOUT, message).await
}

/// The same for work that grows with the data of a customer.
pub async fn ask_long<M, T>(actor: &Recipient<M>, message: impl Fn(Reply<T>) -> M) -> Result<T, Problem>
where
    M: Message<Result = ()> + Send,
{
    ask_twice_within(actor, LONG_STORE_TIMEOUT, message).await
}

async fn ask_twice_within<M, T>(
    actor: &Recipient<M>,
    timeout: Duration,
    message: impl Fn(Reply<T>) -> M,
) -> Result<T, Problem>
where
    M: Message<Result = ()> + Send,
{
    let first = ask(actor, timeout, &message).await;
    let answer = if is_lost(&first) { ask(actor, timeout, &message).await } else { first };
    Ok(answer?)
}

pub async fn adjust_pool(shared: &Shared, change: PoolChange) -> Result<PoolView, Problem> {
    let Some(pool) = &shared.wires.pool else {
        return Err(Problem::new(StatusCode::CONFLICT, "This process does not run the `agent` role."));
    };
    Ok(ask(pool, READ_TIMEOUT, |reply| AdjustPool { change, reply }).await?)
}

fn is_lost<T>(answer: &Answer<T>) -> bool {
    matches!(answer, Err(CallError::Closed))
}
