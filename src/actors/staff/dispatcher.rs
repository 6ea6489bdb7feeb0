//! `Dispatcher`: carries out actions of staff, and wakes the actors that continue them: the deliveries, the relay, open
//! pages. The store decides each action.

use actix::prelude::*;

use crate::actors::messages::{PerformAction, PerformBulk, UndoBulk};
use crate::actors::runtime::ask::Answer;
use crate::actors::runtime::supervised::{Work, Worker, WorkerContext};
use crate::actors::store::crm::{Wake, wake};
use crate::actors::store::store_handle::StoreHandle;
use crate::clock;
use crate::crm::port::{BulkActions, BulkActor, StaffActions};
use crate::domain::console::actions::{StaffAnswer, StaffCommand, StaffOrder, StaffReply};
use crate::domain::console::bulk::{BulkAnswer, BulkOpening, BulkOrder, BulkReport, BulkStep};
use crate::domain::console::side::{SideCommand, SideOpening};
use crate::domain::enums::{Channel, StaffRole};
use crate::domain::ids::{BulkId, StaffId};

/// Arguments of a `Dispatcher`.
pub struct DispatcherArgs {
    pub actions: StoreHandle<dyn StaffActions>,
    pub bulk: StoreHandle<dyn BulkActions>,
    /// The channels that replies can be sent by.
    pub channels: Vec<Channel>,
    /// Woken when there may be something to send, to answer or to show.
    pub woken: Vec<Recipient<Wake>>,
}

pub struct Dispatcher {
    actions: StoreHandle<dyn StaffActions>,
    bulk: StoreHandle<dyn BulkActions>,
    channels: Vec<Channel>,
    woken: Vec<Recipient<Wake>>,
}

impl Worker for Dispatcher {
    type Args = DispatcherArgs;
    const MAILBOX: usize = 64;

    fn new(args: &DispatcherArgs) -> Self {
        let DispatcherArgs { actions, bulk, channels, woken } = args;
        Self {
            actions: actions.clone(),
            bulk: bulk.clone(),
            channels: channels.clone(),
            woken: woken.clone(),
        }
    }
}

impl Work<PerformAction> for Dispatcher {
    fn work(&mut self, request: PerformAction, ctx: &mut WorkerContext<'_, Self>) {
        let PerformAction { order, reply } = request;
        let performed = perform(self.actions.clone(), self.equipped(order));
        ctx.perform(performed, move |dispatcher, answer, _| {
            if matches!(answer, Ok(StaffAnswer::Done(_))) {
                dispatcher.woken.iter().for_each(wake);
            }
            reply.send(answer);
        });
    }
}

impl Work<PerformBulk> for Dispatcher {
    fn work(&mut self, request: PerformBulk, ctx: &mut WorkerContext<'_, Self>) {
        let PerformBulk { order, reply } = request;
        let performed = perform_bulk(self.bulk.clone(), order, self.channels.clone());
        ctx.perform(performed, move |dispatcher, answer, _| {
            dispatcher.woken.iter().for_each(wake);
            reply.send(answer);
        });
    }
}

impl Work<UndoBulk> for Dispatcher {
    fn work(&mut self, request: UndoBulk, ctx: &mut WorkerContext<'_, Self>) {
        let UndoBulk { bulk, staff, role, reply } = request;
        let undone = undo(self.bulk.clone(), bulk, staff, role);
        ctx.perform(undone, move |dispatcher, answer, _| {
            dispatcher.woken.iter().for_each(wake);
            reply.send(answer);
        });
    }
}

impl Dispatcher {
    /// Adds what the program alone knows.
    fn equipped(&self, order: StaffOrder) -> StaffOrder {
        let has_mail = self.channels.contains(&Channel::Email);
        let command = match order.command {
            StaffCommand::Reply(reply) => {
                StaffCommand::Reply(Box::new(StaffReply { channels: self.channels.clone(), ..*reply }))
            }
            StaffCommand::Side(SideCommand::Open(opening)) => {
                StaffCommand::Side(SideCommand::Open(Box::new(SideOpening { has_mail, ..*opening })))
            }
            StaffCommand::Side(SideCommand::Write { side, message, text, .. }) => {
                StaffCommand::Side(SideCommand::Write { side, message, text, has_mail })
            }
            other => other,
        };
        StaffOrder { command, ..order }
    }
}

async fn perform(actions: StoreHandle<dyn StaffActions>, order: StaffOrder) -> Answer<StaffAnswer> {
    actions.call(move |actions| actions.perform(order)).await
}

/// Conversation after conversation, each in a transaction of its own. If it fails in between, the request is repeated with
/// its key, and goes on.
async fn perform_bulk(
    store: StoreHandle<dyn BulkActions>,
    order: BulkOrder,
    channels: Vec<Channel>,
) -> Answer<BulkAnswer> {
    let (work, actor) = (order.work.clone(), BulkActor { staff: order.actor, role: order.role, channels });
    let (bulk, targets) = match store.call(move |bulk| bulk.open_bulk(order)).await? {
        BulkOpening::Open { bulk, targets } => (bulk, targets),
        BulkOpening::Refused(refusal) => return Ok(BulkAnswer::Refused(refusal)),
    };
    let mut ends = Vec::with_capacity(targets.len());
    for conversation in targets {
        let (message, delivery) = (clock::new_v7().into(), clock::new_v7().into());
        let step = BulkStep { bulk, conversation, message, delivery };
        let (actor, work) = (actor.clone(), work.clone());
        ends.push(store.call(move |bulk| bulk.bulk_step(actor, work, step)).await?);
    }
    store.call(move |store| store.end_bulk(bulk)).await?;
    Ok(BulkAnswer::Done(BulkReport::of(bulk, ends)))
}

async fn undo(
    store: StoreHandle<dyn BulkActions>,
    bulk: BulkId,
    staff: StaffId,
    role: StaffRole,
) -> Answer<BulkAnswer> {
    let targets = match store.call(move |store| store.open_undo(bulk, staff, role)).await? {
        BulkOpening::Open { targets, .. } => targets,
        BulkOpening::Refused(refusal) => return Ok(BulkAnswer::Refused(refusal)),
    };
    let mut ends = Vec::with_capacity(targets.len());
    for conversation in targets {
        ends.push(store.call(move |store| store.undo_step(bulk, conversation, staff)).await?);
    }
    Ok(BulkAnswer::Done(BulkReport::of(bulk, ends)))
}
