//! Request/response between actors: a message carries the sender of its reply, and every request has a time-out.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use actix::dev::ToEnvelope;
use actix::prelude::*;
use tokio::sync::oneshot;

use crate::crm::port::{CrmError, Remedy};

/// Why a request got no answer.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CallError {
    /// Too much work is in flight; nothing was started.
    #[error("too busy, try again")]
    Busy,
    /// The actor lost the request, for example by a panic; retrying is safe.
    #[error("the question was lost")]
    Closed,
    /// No answer in time; the work may still have been done.
    #[error("no answer in time")]
    TimedOut,
    #[error(transparent)]
    Crm(#[from] CrmError),
}

impl CallError {
    /// Whether a retry may succeed.
    pub fn may_pass(&self) -> bool {
        match self {
            Self::Busy | Self::Closed | Self::TimedOut => true,
            Self::Crm(error) => error.remedy() == Remedy::Retry,
        }
    }
}

/// The result of a request.
pub type Answer<T> = Result<T, CallError>;

/// The sender of an answer; dropping it tells the caller that the request was lost.
#[derive(Debug)]
pub struct Reply<T> {
    sender: oneshot::Sender<Answer<T>>,
    permit: Option<Permit>,
}

impl<T> Reply<T> {
    /// A reply sender and its receiver.
    pub fn new() -> (Self, oneshot::Receiver<Answer<T>>) {
        let (sender, receiver) = oneshot::channel();
        (Self { sender, permit: None }, receiver)
    }

    /// The same sender, which releases `permit` when it is used or dropped.
    pub fn holding(self, permit: Permit) -> Self {
        Self { permit: Some(permit), ..self }
    }

    /// Whether the caller still waits for the answer.
    pub fn is_wanted(&self) -> bool {
        !self.sender.is_closed()
    }

    /// Sends the answer; a caller that is gone is no error.
    pub fn send(self, answer: Answer<T>) {
        drop(self.permit);
        let _gone = self.sender.send(answer);
    }
}

/// Admission control: a bounded number of operations in flight. A mailbox does not bound what handlers have started
/// (PROTOCOL.md 7.1); this does.
#[derive(Clone, Debug)]
pub struct Admission {
    under_way: Arc<AtomicUsize>,
    limit: usize,
}

/// A permit for one operation in flight, released by drop.
#[derive(Debug)]
pub struct Permit(Arc<AtomicUsize>);

impl Admission {
    pub fn new(limit: usize) -> Self {
        Self { under_way: Arc::new(AtomicUsize::new(0)), limit }
    }

    /// A permit, or `None` at the limit.
    pub fn admit(&self) -> Option<Permit> {
        let admitted = self.under_way.fetch_update(Ordering::Relaxed, Ordering::Relaxed, |count| {
            (count < self.limit).then_some(count + 1)
        });
        admitted.ok().map(|_| Permit(Arc::clone(&self.under_way)))
    }
}

impl Drop for Permit {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}

/// Something that accepts messages of type `M` without waiting: an address, or a recipient of one.
pub trait Takes<M: Message> {
    fn take(&self, message: M) -> Result<(), CallError>;
}

impl<M> Takes<M> for Recipient<M>
where
    M: Message + Send,
    M::Result: Send,
{
    fn take(&self, message: M) -> Result<(), CallError> {
        self.try_send(message).map_err(refusal)
    }
}

impl<A, M> Takes<M> for Addr<A>
where
    A: Actor<Context = Context<A>> + Handler<M>,
    A::Context: ToEnvelope<A, M>,
    M: Message + Send + 'static,
    M::Result: Send,
{
    fn take(&self, message: M) -> Result<(), CallError> {
        self.try_send(message).map_err(refusal)
    }
}

fn refusal<M>(error: SendError<M>) -> CallError {
    match error {
        SendError::Full(_) => CallError::Busy,
        SendError::Closed(_) => CallError::Closed,
    }
}

/// Sends a request and waits for its answer, at most `timeout`.
pub async fn ask<T, M: Message>(
    to: &impl Takes<M>,
    timeout: Duration,
    question: impl FnOnce(Reply<T>) -> M,
) -> Answer<T> {
    let (reply, answer) = Reply::new();
    to.take(question(reply))?;
    match tokio::time::timeout(timeout, answer).await {
        Ok(Ok(answer)) => answer,
        Ok(Err(_dropped)) => Err(CallError::Closed),
        Err(_elapsed) => Err(CallError::TimedOut),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_permit_comes_back_when_the_reply_is_sent_or_lost() {
        let admission = Admission::new(1);
        let first = admission.admit();
        assert!(first.is_some());
        assert!(admission.admit().is_none());
        let (reply, _asker) = Reply::<()>::new();
        drop(first.map(|permit| reply.holding(permit)));
        assert!(admission.admit().is_some());
    }
}
