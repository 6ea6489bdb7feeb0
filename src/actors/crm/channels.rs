//! What the actors of channels with a provider ask of `Crm`.

use std::time::Duration;

use actix::prelude::*;

use super::{BatchItem, BatchKind, Crm, key};
use crate::actors::ask::Reply;
use crate::actors::messages::RecordStatus;
use crate::actors::supervised::{Work, WorkerContext};
use crate::crm::port::channels::{
    AttachmentEnd, Attempt, ClaimedVerification, Cursor, Joined, LeaseRequest, ProviderFinding,
    ResolutionOutcome, ToFetch, VerificationMailOutcome,
};
use crate::domain::delivery::{ClaimedDelivery, InDoubt, Known, StatusUpdate};
use crate::domain::enums::Channel;
use crate::domain::ids::{AttachmentId, ChallengeId, DeliveryId};
use crate::domain::linking::CodeHash;

/// A small thing about replies on their way.
#[derive(Debug, Message)]
#[rtype(result = "()")]
pub enum DeliveryCommand {
    LeaseRequest { claim: LeaseRequest, per_second: f64, reply: Reply<Vec<ClaimedDelivery>> },
    Split { attempt: Attempt, parts: Vec<(DeliveryId, String)>, reply: Reply<bool> },
    PutBack { attempt: Attempt, pause: Duration, why: String, reply: Reply<()> },
    LeaseInDoubt { claim: LeaseRequest, reply: Reply<Vec<InDoubt>> },
    ResolveInDoubt { finding: ProviderFinding, reply: Reply<ResolutionOutcome> },
    LeaseAttachments { claim: LeaseRequest, reply: Reply<Vec<ToFetch>> },
    SettleAttachment { attachment: AttachmentId, attempt: i16, end: AttachmentEnd, reply: Reply<()> },
    ReadCursor { channel: Channel, account: String, reply: Reply<Option<String>> },
    WriteCursor { cursor: Cursor, reply: Reply<()> },
    UnknownMessages { channel: Channel, ids: Vec<String>, reply: Reply<Vec<String>> },
}

/// What linking chats to customers takes.
#[derive(Debug, Message)]
#[rtype(result = "()")]
pub enum LinkingCommand {
    LeaseVerificationMails {
        codes: Vec<CodeHash>,
        lease: Duration,
        reply: Reply<Vec<ClaimedVerification>>,
    },
    SettleVerificationMail {
        challenge: ChallengeId,
        attempt: i16,
        end: VerificationMailOutcome,
        reply: Reply<()>,
    },
    JoinCustomers {
        reply: Reply<Joined>,
    },
}

impl Work<DeliveryCommand> for Crm {
    fn work(&mut self, command: DeliveryCommand, ctx: &mut WorkerContext<'_, Self>) {
        match command {
            DeliveryCommand::LeaseRequest { claim, per_second, reply } => {
                self.run(reply, ctx, |store| store.channels().lease_deliveries(claim, per_second));
            }
            DeliveryCommand::Split { attempt, parts, reply } => {
                self.run(reply, ctx, |store| store.channels().split_delivery(attempt, parts));
            }
            DeliveryCommand::PutBack { attempt, pause, why, reply } => {
                self.run(reply, ctx, |store| store.channels().put_back_delivery(attempt, pause, why));
            }
            DeliveryCommand::LeaseInDoubt { claim, reply } => {
                self.run(reply, ctx, |store| store.channels().lease_in_doubt(claim));
            }
            DeliveryCommand::ResolveInDoubt { finding, reply } => {
                self.run(reply, ctx, |store| store.channels().resolve_in_doubt(finding));
            }
            DeliveryCommand::LeaseAttachments { claim, reply } => {
                self.run(reply, ctx, |store| store.channels().lease_attachments(claim));
            }
            DeliveryCommand::SettleAttachment { attachment, attempt, end, reply } => {
                self.run(reply, ctx, |store| store.channels().settle_attachment(attachment, attempt, end));
            }
            DeliveryCommand::ReadCursor { channel, account, reply } => {
                self.run(reply, ctx, |store| store.channels().read_cursor(channel, account));
            }
            DeliveryCommand::WriteCursor { cursor, reply } => {
                self.run(reply, ctx, |store| store.channels().write_cursor(cursor));
            }
            DeliveryCommand::UnknownMessages { channel, ids, reply } => {
                self.run(reply, ctx, |store| store.channels().unknown_messages(channel, ids));
            }
        }
    }
}

impl Work<LinkingCommand> for Crm {
    fn work(&mut self, command: LinkingCommand, ctx: &mut WorkerContext<'_, Self>) {
        match command {
            LinkingCommand::LeaseVerificationMails { codes, lease, reply } => {
                self.run(reply, ctx, |store| store.channels().lease_verification_mails(codes, lease));
            }
            LinkingCommand::SettleVerificationMail { challenge, attempt, end, reply } => {
                self.run(reply, ctx, |store| {
                    store.channels().settle_verification_mail(challenge, attempt, end)
                });
            }
            LinkingCommand::JoinCustomers { reply } => {
                self.run(reply, ctx, |store| store.channels().join_customers());
            }
        }
    }
}

const STATUS_LANE: BatchKind<StatusUpdate, Known> = BatchKind {
    queue: |crm| &mut crm.statuses,
    run: |store, batch| store.channels().record_statuses(batch),
    before: None,
    after: |_| {},
};

impl Work<RecordStatus> for Crm {
    fn work(&mut self, order: RecordStatus, ctx: &mut WorkerContext<'_, Self>) {
        let RecordStatus { update, reply } = order;
        // One message in one batch, whether it is known by our id or by the provider's, which counts in its channel.
        let key = match &update.delivery {
            Some(delivery) => key(delivery),
            None => key(&(update.channel, &update.provider_id)),
        };
        self.enqueue(STATUS_LANE, BatchItem { key, item: update, reply }, ctx);
    }
}
