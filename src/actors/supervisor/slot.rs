//! A slot for an actor: its address exists before the actor does, so that actors can refer to one another.

use std::sync::Arc;

use actix::prelude::*;

use crate::actors::runtime::actor_health::ActorHealth;
use crate::actors::runtime::supervised::{Supervised, Worker};

/// An actor's context and address before it starts.
pub(super) struct ActorSlot<W: Worker> {
    ctx: Context<Supervised<W>>,
    pub(super) address: Addr<Supervised<W>>,
    health: Arc<ActorHealth>,
}

impl<W: Worker> ActorSlot<W> {
    pub(super) fn new(name: &'static str) -> Self {
        let ctx = Context::new();
        let address = ctx.address();
        Self { ctx, address, health: ActorHealth::new(name) }
    }

    pub(super) fn spawn(
        self,
        args: W::Args,
        actor_healths: &mut Vec<Arc<ActorHealth>>,
    ) -> Addr<Supervised<W>> {
        actor_healths.push(Arc::clone(&self.health));
        self.ctx.run(Supervised::new(args, self.health));
        self.address
    }
}
