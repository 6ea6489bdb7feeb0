//! The part of the tree behind pages and accounts: live events, help, requests for a person, sign-in, actions of staff,
//! and the scheduler.

use std::sync::Arc;

use actix::prelude::*;

use super::learning::{self, LearningArgs, LearningEndpoints, LearningSlots};
use super::records::StoreHandles;
use super::slot::ActorSlot;
use super::system::Custody;
use crate::actors::accounts::authenticator::{Authenticator, AuthenticatorArgs};
use crate::actors::conversations::scheduler::{Scheduler, SchedulerArgs};
use crate::actors::customers::custodian::{Custodian, CustodianArgs};
use crate::actors::messages::{
    AskForPerson, ChangeCredentials, EraseCustomer, Follow, FollowDesk, LogIn, OfferTotp, PerformAction,
    SearchHelp, Suggest,
};
use crate::actors::pages::broadcaster::{Broadcaster, BroadcasterArgs, StopBroadcasting};
use crate::actors::pages::librarian::{Librarian, LibrarianArgs};
use crate::actors::pages::receptionist::{Receptionist, ReceptionistArgs};
use crate::actors::runtime::actor_health::ActorHealth;
use crate::actors::runtime::supervised::Supervised;
use crate::actors::staff::advisor::{Advisor, AdvisorArgs};
use crate::actors::staff::dispatcher::{Dispatcher, DispatcherArgs};
use crate::actors::staff::staff_broadcaster::{StaffBroadcaster, StaffBroadcasterArgs, StopTellingStaff};
use crate::actors::store::crm::Wake;
use crate::actors::store::store_handle::StoreHandle;
use crate::agent::handbook::Handbook;
use crate::crm::port::{
    Accounts, CustomerRights, DeskTools, Histories, Knowledge, Macros, Queues, StaffEvents, TicketPages,
};
use crate::domain::conversations::idle::IdleLimits;
use crate::knowledge::port::Embedder;

pub(super) struct PageSlots {
    pub(super) broadcaster: ActorSlot<Broadcaster>,
    librarian: ActorSlot<Librarian>,
    receptionist: ActorSlot<Receptionist>,
    scheduler: ActorSlot<Scheduler>,
    authenticator: ActorSlot<Authenticator>,
    custodian: ActorSlot<Custodian>,
    dispatcher: ActorSlot<Dispatcher>,
    advisor: ActorSlot<Advisor>,
    pub(super) staff_broadcaster: ActorSlot<StaffBroadcaster>,
    learning: LearningSlots,
}

impl PageSlots {
    pub(super) fn new() -> Self {
        Self {
            broadcaster: ActorSlot::new("broadcaster"),
            librarian: ActorSlot::new("librarian"),
            receptionist: ActorSlot::new("receptionist"),
            scheduler: ActorSlot::new("scheduler"),
            authenticator: ActorSlot::new("authenticator"),
            custodian: ActorSlot::new("custodian"),
            dispatcher: ActorSlot::new("dispatcher"),
            advisor: ActorSlot::new("advisor"),
            staff_broadcaster: ActorSlot::new("staff_broadcaster"),
            learning: LearningSlots::new(),
        }
    }
}

pub(super) struct PageArgs {
    broadcaster: BroadcasterArgs,
    librarian: LibrarianArgs,
    receptionist: ReceptionistArgs,
    scheduler: SchedulerArgs,
    authenticator: AuthenticatorArgs,
    custodian: CustodianArgs,
    dispatcher: DispatcherArgs,
    advisor: AdvisorArgs,
    staff_broadcaster: StaffBroadcasterArgs,
    learning: LearningArgs,
}

impl PageArgs {
    /// `senders` are woken when there may be an acknowledgement to send.
    pub(super) fn new(
        records: &StoreHandles,
        embedder: Option<Arc<dyn Embedder>>,
        handbook: &Arc<Handbook>,
        limits: IdleLimits,
        custody: Custody,
        senders: Vec<Recipient<Wake>>,
        (dispatcher, advisor, learning): (DispatcherArgs, AdvisorArgs, LearningArgs),
    ) -> Self {
        let Custody { files, retention } = custody;
        let pages = || records.handle(|store| &store.ticket_pages);
        let accounts = || records.handle(|store| &store.accounts);
        let events = || records.handle(|store| &store.live_events);
        Self {
            broadcaster: BroadcasterArgs { events: events() },
            librarian: LibrarianArgs { knowledge: records.handle(|store| &store.knowledge), embedder },
            receptionist: ReceptionistArgs { pages: pages(), handbook: Arc::clone(handbook), senders },
            scheduler: SchedulerArgs { pages: pages(), events: events(), accounts: accounts(), limits },
            custodian: CustodianArgs {
                rights: records.handle(|store| &store.customer_rights),
                files,
                retention,
            },
            authenticator: AuthenticatorArgs { accounts: accounts(), issuer: handbook.voice.company.clone() },
            dispatcher,
            advisor,
            learning,
            staff_broadcaster: StaffBroadcasterArgs { events: records.handle(|store| &store.staff_events) },
        }
    }
}

/// The entry points of this part.
pub struct PageEndpoints {
    pub ticket_pages: StoreHandle<dyn TicketPages>,
    pub knowledge: StoreHandle<dyn Knowledge>,
    pub accounts: StoreHandle<dyn Accounts>,
    pub histories: StoreHandle<dyn Histories>,
    pub follow: Recipient<Follow>,
    pub search_help: Recipient<SearchHelp>,
    pub ask_for_person: Recipient<AskForPerson>,
    pub log_in: Recipient<LogIn>,
    pub change_credentials: Recipient<ChangeCredentials>,
    pub offer_totp: Recipient<OfferTotp>,
    pub customer_rights: StoreHandle<dyn CustomerRights>,
    pub erase_customer: Recipient<EraseCustomer>,
    pub queues: StoreHandle<dyn Queues>,
    pub perform: Recipient<PerformAction>,
    pub suggest: Recipient<Suggest>,
    pub follow_desk: Recipient<FollowDesk>,
    pub staff_events: StoreHandle<dyn StaffEvents>,
    pub desk_tools: StoreHandle<dyn DeskTools>,
    pub macros: StoreHandle<dyn Macros>,
    pub learning: LearningEndpoints,
}

/// What the tree holds of it.
pub struct PageActors {
    pub broadcaster: Recipient<StopBroadcasting>,
    pub staff_broadcaster: Recipient<StopTellingStaff>,
    _scheduler: Addr<Supervised<Scheduler>>,
}

pub(super) fn spawn(
    slots: PageSlots,
    args: PageArgs,
    records: &StoreHandles,
    actor_healths: &mut Vec<Arc<ActorHealth>>,
) -> (PageActors, PageEndpoints) {
    let broadcaster = slots.broadcaster.spawn(args.broadcaster, actor_healths);
    let staff_broadcaster = slots.staff_broadcaster.spawn(args.staff_broadcaster, actor_healths);
    let authenticator = slots.authenticator.spawn(args.authenticator, actor_healths);
    let endpoints = PageEndpoints {
        ticket_pages: records.handle(|store| &store.ticket_pages),
        knowledge: records.handle(|store| &store.knowledge),
        accounts: records.handle(|store| &store.accounts),
        histories: records.handle(|store| &store.histories),
        follow: broadcaster.clone().recipient(),
        search_help: slots.librarian.spawn(args.librarian, actor_healths).recipient(),
        ask_for_person: slots.receptionist.spawn(args.receptionist, actor_healths).recipient(),
        log_in: authenticator.clone().recipient(),
        customer_rights: records.handle(|store| &store.customer_rights),
        erase_customer: slots.custodian.spawn(args.custodian, actor_healths).recipient(),
        change_credentials: authenticator.clone().recipient(),
        offer_totp: authenticator.recipient(),
        queues: records.handle(|store| &store.queues),
        follow_desk: staff_broadcaster.clone().recipient(),
        staff_events: records.handle(|store| &store.staff_events),
        desk_tools: records.handle(|store| &store.desk_tools),
        macros: records.handle(|store| &store.macros),
        suggest: slots.advisor.spawn(args.advisor, actor_healths).recipient(),
        learning: learning::spawn(slots.learning, args.learning, records, actor_healths),
        perform: slots.dispatcher.spawn(args.dispatcher, actor_healths).recipient(),
    };
    let scheduler = slots.scheduler.spawn(args.scheduler, actor_healths);
    let actors = PageActors {
        broadcaster: broadcaster.recipient(),
        staff_broadcaster: staff_broadcaster.recipient(),
        _scheduler: scheduler,
    };
    (actors, endpoints)
}
