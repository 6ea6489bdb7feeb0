//! How actors ask one another: a message carries the place for its answer, and nobody waits for ever.

use std::time::Duration;

use actix::dev::ToEnvelope;
use actix::prelude::*;
use tokio::sync::oneshot;

use crate::crm::port::{CrmError, Remedy};

/// Why a question got no answer.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CallError {
    /// Too much work is under way; nothing was begun.
    #[error("too busy, try again")]
    Busy,
    /// The actor lost the question, as by a panic; asking again is safe.
    #[error("the question was lost")]
    Closed,
    /// No answer in time; it may still have been done.
    #[error("no answer in time")]
    TimedOut,
    #[error(transparent)]
    Crm(#[from] CrmError),
}

impl CallError {
    /// Whether the same question may be answered later.
    pub fn may_pass(&self) -> bool {
        match self {
            Self::Busy | Self::Closed | Self::TimedOut => true,
            Self::Crm(error) => error.remedy() == Remedy::Retry,
        }
    }
}

/// What an asker gets.
pub type Answer<T> = Result<T, CallError>;

/// The place for an answer; dropping it tells the asker that the question was lost.
#[derive(Debug)]
pub struct Reply<T>(oneshot::Sender<Answer<T>>);

impl<T> Reply<T> {
    /// A reply and the end at which its answer arrives.
    pub fn new() -> (Self, oneshot::Receiver<Answer<T>>) {
        let (sender, receiver) = oneshot::channel();
        (Self(sender), receiver)
    }

    /// Answers; an asker that has gone away is no fault.
    pub fn send(self, answer: Answer<T>) {
        let _gone = self.0.send(answer);
    }
}

/// Something that takes messages of type `M` without waiting: an address, or a recipient of one.
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

/// Puts a question and waits for its answer, `patience` at most.
pub async fn ask<T, M: Message>(
    to: &impl Takes<M>,
    patience: Duration,
    question: impl FnOnce(Reply<T>) -> M,
) -> Answer<T> {
    let (reply, answer) = Reply::new();
    to.take(question(reply))?;
    match tokio::time::timeout(patience, answer).await {
        Ok(Ok(answer)) => answer,
        Ok(Err(_dropped)) => Err(CallError::Closed),
        Err(_elapsed) => Err(CallError::TimedOut),
    }
}
