//! What the actors of channels with a provider ask of `Crm`.

use std::time::Duration;

use actix::prelude::*;

use super::{Crm, Job, LaneOf, key};
use crate::actors::ask::Reply;
use crate::actors::messages::RecordStatus;
use crate::actors::shell::{Hands, Work};
use crate::crm::port::channels::{
    AttachmentEnd, Attempt, Claim, Cursor, Finding, Joined, Letter, LetterEnd, Settled, ToFetch,
};
use crate::domain::delivery::{Doubtful, Known, Parcel, StatusUpdate};
use crate::domain::ids::{AttachmentId, ChallengeId, DeliveryId};
use crate::domain::linking::CodeHash;
use crate::domain::words::Channel;

/// A small thing about replies on their way.
#[derive(Debug, Message)]
#[rtype(result = "()")]
pub enum Consignment {
    Claim { claim: Claim, per_second: f64, reply: Reply<Vec<Parcel>> },
    Split { attempt: Attempt, parts: Vec<(DeliveryId, String)>, reply: Reply<bool> },
    PutBack { attempt: Attempt, pause: Duration, why: String, reply: Reply<()> },
    ClaimDoubtful { claim: Claim, reply: Reply<Vec<Doubtful>> },
    SettleDoubt { finding: Finding, reply: Reply<Settled> },
    ClaimFiles { at_most: i64, lease: Duration, reply: Reply<Vec<ToFetch>> },
    SettleFile { attachment: AttachmentId, attempt: i16, end: AttachmentEnd, reply: Reply<()> },
    ReadCursor { channel: Channel, account: String, reply: Reply<Option<String>> },
    WriteCursor { cursor: Cursor, reply: Reply<()> },
    UnknownMessages { channel: Channel, ids: Vec<String>, reply: Reply<Vec<String>> },
}

/// What linking chats to customers takes.
#[derive(Debug, Message)]
#[rtype(result = "()")]
pub enum Registration {
    ClaimLetters { codes: Vec<CodeHash>, lease: Duration, reply: Reply<Vec<Letter>> },
    SettleLetter { challenge: ChallengeId, attempt: i16, end: LetterEnd, reply: Reply<()> },
    JoinCustomers { reply: Reply<Joined> },
}

impl Work<Consignment> for Crm {
    fn work(&mut self, consignment: Consignment, hands: &mut Hands<'_, Self>) {
        match consignment {
            Consignment::Claim { claim, per_second, reply } => {
                self.run(reply, hands, |store| store.channels().claim_deliveries(claim, per_second));
            }
            Consignment::Split { attempt, parts, reply } => {
                self.run(reply, hands, |store| store.channels().split_delivery(attempt, parts));
            }
            Consignment::PutBack { attempt, pause, why, reply } => {
                self.run(reply, hands, |store| store.channels().put_back_delivery(attempt, pause, why));
            }
            Consignment::ClaimDoubtful { claim, reply } => {
                self.run(reply, hands, |store| store.channels().claim_doubtful(claim));
            }
            Consignment::SettleDoubt { finding, reply } => {
                self.run(reply, hands, |store| store.channels().settle_doubt(finding));
            }
            Consignment::ClaimFiles { at_most, lease, reply } => {
                self.run(reply, hands, |store| store.channels().claim_attachments(at_most, lease));
            }
            Consignment::SettleFile { attachment, attempt, end, reply } => {
                self.run(reply, hands, |store| store.channels().settle_attachment(attachment, attempt, end));
            }
            Consignment::ReadCursor { channel, account, reply } => {
                self.run(reply, hands, |store| store.channels().read_cursor(channel, account));
            }
            Consignment::WriteCursor { cursor, reply } => {
                self.run(reply, hands, |store| store.channels().write_cursor(cursor));
            }
            Consignment::UnknownMessages { channel, ids, reply } => {
                self.run(reply, hands, |store| store.channels().unknown_messages(channel, ids));
            }
        }
    }
}

impl Work<Registration> for Crm {
    fn work(&mut self, registration: Registration, hands: &mut Hands<'_, Self>) {
        match registration {
            Registration::ClaimLetters { codes, lease, reply } => {
                self.run(reply, hands, |store| store.channels().claim_letters(codes, lease));
            }
            Registration::SettleLetter { challenge, attempt, end, reply } => {
                self.run(reply, hands, |store| store.channels().settle_letter(challenge, attempt, end));
            }
            Registration::JoinCustomers { reply } => {
                self.run(reply, hands, |store| store.channels().join_customers());
            }
        }
    }
}

const STATUS_LANE: LaneOf<StatusUpdate, Known> = LaneOf {
    lane: |crm| &mut crm.statuses,
    run: |store, batch| store.channels().record_statuses(Channel::Whatsapp, batch),
    before: None,
    after: |_| {},
};

impl Work<RecordStatus> for Crm {
    fn work(&mut self, order: RecordStatus, hands: &mut Hands<'_, Self>) {
        let RecordStatus { update, reply } = order;
        // One message in one batch, whether it is known by our id or by the provider's.
        let key = match &update.delivery {
            Some(delivery) => key(delivery),
            None => key(&update.provider_id),
        };
        self.enqueue(STATUS_LANE, Job { key, item: update, reply }, hands);
    }
}
