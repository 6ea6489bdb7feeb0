//! `Intake`: the door of a channel. It lets in as much as can be stored in good time, and refuses the rest at once.
//!
//! An acknowledgement means "committed": the reply travels with the message and is sent by `Crm` after the commit.

use actix::prelude::*;

use super::ask::{Admission, CallError, Takes};
use super::crm::StoreInquiry;
use super::messages::TakeIn;
use super::shell::{Hands, Work, Worker};
use super::standing::METERS;
use crate::failpoint::{Failpoint, reach};

/// Messages of one channel on their way into the database at once: about 150 ms of work at full speed.
pub const UNDER_WAY: usize = 1024;

/// What an `Intake` is made from.
pub struct IntakeSeed {
    pub crm: Recipient<StoreInquiry>,
    pub admission: Admission,
}

pub struct Intake {
    crm: Recipient<StoreInquiry>,
    admission: Admission,
}

impl Worker for Intake {
    type Seed = IntakeSeed;
    const MAILBOX: usize = UNDER_WAY;

    fn make(seed: &IntakeSeed) -> Self {
        Self { crm: seed.crm.clone(), admission: seed.admission.clone() }
    }
}

impl Work<TakeIn> for Intake {
    fn work(&mut self, message: TakeIn, _hands: &mut Hands<'_, Self>) {
        reach(Failpoint::IntakeReceived);
        let TakeIn { inquiry, reply } = message;
        let Some(permit) = self.admission.admit() else {
            METERS.refused.with_label_values(&["intake"]).inc();
            reply.send(Err(CallError::Busy));
            return;
        };
        // Where Crm can't take it, the dropped reply tells the asker, who may safely ask again.
        let _lost = self.crm.take(StoreInquiry { inquiry, reply: reply.holding(permit) });
    }
}
