//! `Intake`: admission control for one channel, with a bounded number of messages in flight; beyond it a message is
//! refused at once.
//!
//! An acknowledgement means "committed": the reply sender travels with the message, and `Crm` uses it after the commit.
//! The sentiment of a message that may join a conversation in human hands is computed here, because no turn will do it.

use std::sync::Arc;

use actix::prelude::*;

use crate::actors::messages::TakeIn;
use crate::actors::runtime::ask::{Admission, CallError, Reply, Takes};
use crate::actors::runtime::off_arbiter::off_arbiter;
use crate::actors::runtime::supervised::{Work, Worker, WorkerContext};
use crate::actors::store::crm::{StoreFeed, StoreInquiry};
use crate::agent::handbook::Handbook;
use crate::agent::sentiment;
use crate::crm::port::{CrmError, Cursor};
use crate::domain::messages::inquiry::{Inquiry, Stored};
use crate::failpoint::{Failpoint, reach};
use crate::metrics::{METRICS, start_at_zero};

/// Messages of one channel in flight to the database: about 150 ms of work at full speed.
pub const UNDER_WAY: usize = 1024;

/// Store messages of a feed, and how far it has been read. Answered after the commit of both.
#[derive(Debug, Message)]
#[rtype(result = "()")]
pub struct TakeInFeed {
    pub messages: Vec<Inquiry>,
    pub cursor: Option<Cursor>,
    /// What became of each message, in order.
    pub reply: Reply<Vec<Result<Stored, CrmError>>>,
}

/// Arguments of an `Intake`.
pub struct IntakeArgs {
    pub crm: Recipient<StoreInquiry>,
    pub feeds: Recipient<StoreFeed>,
    pub admission: Admission,
    pub handbook: Arc<Handbook>,
}

pub struct Intake {
    crm: Recipient<StoreInquiry>,
    feeds: Recipient<StoreFeed>,
    admission: Admission,
    handbook: Arc<Handbook>,
}

impl Worker for Intake {
    type Args = IntakeArgs;
    const MAILBOX: usize = UNDER_WAY;

    fn new(args: &IntakeArgs) -> Self {
        start_at_zero(&METRICS.refused, ["intake"]);
        Self {
            crm: args.crm.clone(),
            feeds: args.feeds.clone(),
            admission: args.admission.clone(),
            handbook: Arc::clone(&args.handbook),
        }
    }
}

impl Work<TakeIn> for Intake {
    fn work(&mut self, message: TakeIn, ctx: &mut WorkerContext<'_, Self>) {
        reach(Failpoint::IntakeReceived);
        let TakeIn { mut inquiry, reply } = message;
        let Some(permit) = self.admission.admit() else {
            METRICS.refused.with_label_values(&["intake"]).inc();
            reply.send(Err(CallError::Busy));
            return;
        };
        let reply = reply.holding(permit);
        if !inquiry.may_continue() {
            self.store(inquiry, reply);
            return;
        }
        let handbook = Arc::clone(&self.handbook);
        let read = off_arbiter(move || {
            inquiry.extras.sentiment_percent = percent(&inquiry, &handbook);
            inquiry
        });
        ctx.perform(read, |intake, inquiry, _| intake.store(inquiry, reply));
    }
}

impl Work<TakeInFeed> for Intake {
    fn work(&mut self, order: TakeInFeed, ctx: &mut WorkerContext<'_, Self>) {
        let TakeInFeed { mut messages, cursor, reply } = order;
        messages.iter().for_each(|_| reach(Failpoint::IntakeReceived));
        let Some(permit) = self.admission.admit() else {
            METRICS.refused.with_label_values(&["intake"]).inc();
            reply.send(Err(CallError::Busy));
            return;
        };
        let reply = reply.holding(permit);
        let handbook = Arc::clone(&self.handbook);
        let read = off_arbiter(move || {
            for message in messages.iter_mut().filter(|message| message.may_continue()) {
                message.extras.sentiment_percent = percent(message, &handbook);
            }
            messages
        });
        ctx.perform(read, |intake, messages, _| {
            let _lost = intake.feeds.take(StoreFeed { messages, cursor, reply });
        });
    }
}

impl Intake {
    /// If Crm cannot accept it, the dropped reply sender tells the caller, who may safely retry.
    fn store(&self, inquiry: Inquiry, reply: Reply<Stored>) {
        let _lost = self.crm.take(StoreInquiry { inquiry, reply });
    }
}

/// Sentiment of a message, from 0 to 100; `None` if it is empty.
fn percent(inquiry: &Inquiry, handbook: &Handbook) -> Option<u8> {
    let sentiment = sentiment(&inquiry.text, &handbook.rules)?;
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "between 0 and 1, so that a hundred times as much is a small whole number"
    )]
    Some((sentiment * 100.0).round() as u8)
}
