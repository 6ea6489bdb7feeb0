//! The part of the tree for SLA clocks: what is due, and reminders to staff.

use std::sync::Arc;

use actix::prelude::*;

use super::records::StoreHandles;
use super::slot::ActorSlot;
use super::system::SlaConfig;
use crate::actors::runtime::actor_health::ActorHealth;
use crate::actors::runtime::supervised::Supervised;
use crate::actors::staff::reminder_mailer::{ReminderMailer, ReminderMailerArgs};
use crate::actors::staff::timekeeper::{Timekeeper, TimekeeperArgs};

pub(super) struct SlaSlots {
    timekeeper: ActorSlot<Timekeeper>,
    reminder_mailer: ActorSlot<ReminderMailer>,
}

impl SlaSlots {
    pub(super) fn new() -> Self {
        Self { timekeeper: ActorSlot::new("timekeeper"), reminder_mailer: ActorSlot::new("reminder_mailer") }
    }
}

pub(super) struct SlaArgs {
    timekeeper: TimekeeperArgs,
    /// `None` without a mailbox.
    reminder_mailer: Option<ReminderMailerArgs>,
}

impl SlaArgs {
    pub(super) fn new(records: &StoreHandles, sla: SlaConfig) -> Self {
        let reminder_mailer = sla.mail.map(|mail| ReminderMailerArgs {
            escalations: records.handle(|store| &store.escalations),
            levels: Arc::clone(&sla.plan.levels),
            mail,
            console: sla.console,
        });
        let clocks = records.handle(|store| &store.clocks);
        Self { timekeeper: TimekeeperArgs { clocks, plan: sla.plan }, reminder_mailer }
    }
}

/// Nobody sends to them; they live as long as they have an address.
pub(super) struct SlaActors {
    _timekeeper: Addr<Supervised<Timekeeper>>,
    _reminder_mailer: Option<Addr<Supervised<ReminderMailer>>>,
}

pub(super) fn spawn(slots: SlaSlots, args: SlaArgs, actor_healths: &mut Vec<Arc<ActorHealth>>) -> SlaActors {
    SlaActors {
        _timekeeper: slots.timekeeper.spawn(args.timekeeper, actor_healths),
        _reminder_mailer: args.reminder_mailer.map(|args| slots.reminder_mailer.spawn(args, actor_healths)),
    }
}
