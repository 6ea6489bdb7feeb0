//! `Dispatcher`: carries out actions of staff, and wakes the actors that continue them: the deliveries, the relay, open
//! pages. The store decides each action.

use actix::prelude::*;

use crate::actors::messages::PerformAction;
use crate::actors::runtime::ask::Answer;
use crate::actors::runtime::supervised::{Work, Worker, WorkerContext};
use crate::actors::store::crm::{Wake, wake};
use crate::actors::store::store_handle::StoreHandle;
use crate::crm::port::StaffActions;
use crate::domain::console::actions::{StaffAnswer, StaffCommand, StaffOrder, StaffReply};
use crate::domain::enums::Channel;

/// Arguments of a `Dispatcher`.
pub struct DispatcherArgs {
    pub actions: StoreHandle<dyn StaffActions>,
    /// The channels that replies can be sent by.
    pub channels: Vec<Channel>,
    /// Woken when there may be something to send, to answer or to show.
    pub woken: Vec<Recipient<Wake>>,
}

pub struct Dispatcher {
    actions: StoreHandle<dyn StaffActions>,
    channels: Vec<Channel>,
    woken: Vec<Recipient<Wake>>,
}

impl Worker for Dispatcher {
    type Args = DispatcherArgs;
    const MAILBOX: usize = 64;

    fn new(args: &DispatcherArgs) -> Self {
        Self { actions: args.actions.clone(), channels: args.channels.clone(), woken: args.woken.clone() }
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

impl Dispatcher {
    fn equipped(&self, order: StaffOrder) -> StaffOrder {
        let StaffCommand::Reply(reply) = order.command else {
            return order;
        };
        let reply = StaffReply { channels: self.channels.clone(), ..*reply };
        StaffOrder { command: StaffCommand::Reply(Box::new(reply)), ..order }
    }
}

async fn perform(actions: StoreHandle<dyn StaffActions>, order: StaffOrder) -> Answer<StaffAnswer> {
    actions.call(move |actions| actions.perform(order)).await
}
