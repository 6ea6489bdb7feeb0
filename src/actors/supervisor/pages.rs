//! The part of the tree behind pages and accounts: live events, help, requests for a person, sign-in, actions of staff,
//! and the scheduler.

use std::sync::Arc;

use actix::prelude::*;

use super::records::StoreHandles;
use super::slot::ActorSlot;
use super::system::Custody;
use crate::actors::accounts::authenticator::{Authenticator, AuthenticatorArgs};
use crate::actors::channels::courier::{Courier, CourierArgs};
use crate::actors::conversations::scheduler::{Scheduler, SchedulerArgs};
use crate::actors::customers::custodian::{Custodian, CustodianArgs};
use crate::actors::messages::{
    AskForPerson, ChangeCredentials, CheckWebhook, EraseCustomer, Follow, FollowDesk, LogIn, OfferTotp,
    PerformAction, PerformBulk, ProveAddress, ReplayTurn, ReviewReply, SearchHelp, Suggest, Summarize,
    UndoBulk,
};
use crate::actors::pages::address_prover::{AddressProver, AddressProverArgs};
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
    Accounts, AuditLog, CustomerRights, DeskTools, Histories, Knowledge, Macros, QualityReviews, Queues,
    SavedViews, SideConversations, StaffEvents, SupportReports, TicketPages, WebIdentities, Webhooks,
};
use crate::domain::conversations::idle::IdleLimits;
use crate::knowledge::port::Embedder;

pub(super) struct PageSlots {
    pub(super) broadcaster: ActorSlot<Broadcaster>,
    librarian: ActorSlot<Librarian>,
    receptionist: ActorSlot<Receptionist>,
    scheduler: ActorSlot<Scheduler>,
    authenticator: ActorSlot<Authenticator>,
    address_prover: ActorSlot<AddressProver>,
    custodian: ActorSlot<Custodian>,
    dispatcher: ActorSlot<Dispatcher>,
    advisor: ActorSlot<Advisor>,
    courier: ActorSlot<Courier>,
    pub(super) staff_broadcaster: ActorSlot<StaffBroadcaster>,
}

impl PageSlots {
    pub(super) fn new() -> Self {
        Self {
            broadcaster: ActorSlot::new("broadcaster"),
            librarian: ActorSlot::new("librarian"),
            receptionist: ActorSlot::new("receptionist"),
            scheduler: ActorSlot::new("scheduler"),
            authenticator: ActorSlot::new("authenticator"),
            address_prover: ActorSlot::new("address_prover"),
            custodian: ActorSlot::new("custodian"),
            dispatcher: ActorSlot::new("dispatcher"),
            advisor: ActorSlot::new("advisor"),
            courier: ActorSlot::new("courier"),
            staff_broadcaster: ActorSlot::new("staff_broadcaster"),
        }
    }
}

pub(super) struct PageArgs {
    broadcaster: BroadcasterArgs,
    librarian: LibrarianArgs,
    receptionist: ReceptionistArgs,
    scheduler: SchedulerArgs,
    authenticator: AuthenticatorArgs,
    address_prover: AddressProverArgs,
    custodian: CustodianArgs,
    dispatcher: DispatcherArgs,
    advisor: AdvisorArgs,
    courier: CourierArgs,
    staff_broadcaster: StaffBroadcasterArgs,
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
        (dispatcher, advisor, courier): (DispatcherArgs, AdvisorArgs, CourierArgs),
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
            address_prover: AddressProverArgs { identities: records.handle(|store| &store.web_identities) },
            authenticator: AuthenticatorArgs { accounts: accounts(), issuer: handbook.voice.company.clone() },
            dispatcher,
            advisor,
            courier,
            staff_broadcaster: StaffBroadcasterArgs { events: records.handle(|store| &store.staff_events) },
        }
    }
}

/// The entry points of this part.
pub struct PageEndpoints {
    pub stores: PageStores,
    pub follow: Recipient<Follow>,
    pub search_help: Recipient<SearchHelp>,
    pub ask_for_person: Recipient<AskForPerson>,
    pub log_in: Recipient<LogIn>,
    pub change_credentials: Recipient<ChangeCredentials>,
    pub offer_totp: Recipient<OfferTotp>,
    pub erase_customer: Recipient<EraseCustomer>,
    pub perform: Recipient<PerformAction>,
    pub perform_bulk: Recipient<PerformBulk>,
    pub undo_bulk: Recipient<UndoBulk>,
    pub suggest: Recipient<Suggest>,
    pub summarize: Recipient<Summarize>,
    pub review_reply: Recipient<ReviewReply>,
    pub replay_turn: Recipient<ReplayTurn>,
    pub follow_desk: Recipient<FollowDesk>,
    pub check_webhook: Recipient<CheckWebhook>,
    pub prove_address: Recipient<ProveAddress>,
}

/// What requests read and write without an actor between.
pub struct PageStores {
    pub ticket_pages: StoreHandle<dyn TicketPages>,
    pub knowledge: StoreHandle<dyn Knowledge>,
    pub accounts: StoreHandle<dyn Accounts>,
    pub histories: StoreHandle<dyn Histories>,
    pub customer_rights: StoreHandle<dyn CustomerRights>,
    pub queues: StoreHandle<dyn Queues>,
    pub reports: StoreHandle<dyn SupportReports>,
    pub side_conversations: StoreHandle<dyn SideConversations>,
    pub staff_events: StoreHandle<dyn StaffEvents>,
    pub desk_tools: StoreHandle<dyn DeskTools>,
    pub macros: StoreHandle<dyn Macros>,
    pub saved_views: StoreHandle<dyn SavedViews>,
    pub quality: StoreHandle<dyn QualityReviews>,
    pub webhooks: StoreHandle<dyn Webhooks>,
    pub audit_log: StoreHandle<dyn AuditLog>,
    pub web_identities: StoreHandle<dyn WebIdentities>,
}

impl PageStores {
    fn new(records: &StoreHandles) -> Self {
        Self {
            ticket_pages: records.handle(|store| &store.ticket_pages),
            knowledge: records.handle(|store| &store.knowledge),
            accounts: records.handle(|store| &store.accounts),
            histories: records.handle(|store| &store.histories),
            customer_rights: records.handle(|store| &store.customer_rights),
            queues: records.handle(|store| &store.queues),
            reports: records.handle(|store| &store.reports),
            staff_events: records.handle(|store| &store.staff_events),
            desk_tools: records.handle(|store| &store.desk_tools),
            macros: records.handle(|store| &store.macros),
            saved_views: records.handle(|store| &store.saved_views),
            quality: records.handle(|store| &store.quality),
            webhooks: records.handle(|store| &store.webhooks),
            audit_log: records.handle(|store| &store.audit_log),
            web_identities: records.handle(|store| &store.web_identities),
            side_conversations: records.handle(|store| &store.side_conversations),
        }
    }
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
    let advisor = slots.advisor.spawn(args.advisor, actor_healths);
    let dispatcher = slots.dispatcher.spawn(args.dispatcher, actor_healths);
    let endpoints = PageEndpoints {
        stores: PageStores::new(records),
        follow: broadcaster.clone().recipient(),
        search_help: slots.librarian.spawn(args.librarian, actor_healths).recipient(),
        ask_for_person: slots.receptionist.spawn(args.receptionist, actor_healths).recipient(),
        log_in: authenticator.clone().recipient(),
        erase_customer: slots.custodian.spawn(args.custodian, actor_healths).recipient(),
        change_credentials: authenticator.clone().recipient(),
        offer_totp: authenticator.recipient(),
        follow_desk: staff_broadcaster.clone().recipient(),
        check_webhook: slots.courier.spawn(args.courier, actor_healths).recipient(),
        prove_address: slots.address_prover.spawn(args.address_prover, actor_healths).recipient(),
        suggest: advisor.clone().recipient(),
        summarize: advisor.clone().recipient(),
        review_reply: advisor.clone().recipient(),
        replay_turn: advisor.recipient(),
        perform: dispatcher.clone().recipient(),
        perform_bulk: dispatcher.clone().recipient(),
        undo_bulk: dispatcher.recipient(),
    };
    let scheduler = slots.scheduler.spawn(args.scheduler, actor_healths);
    let actors = PageActors {
        broadcaster: broadcaster.recipient(),
        staff_broadcaster: staff_broadcaster.recipient(),
        _scheduler: scheduler,
    };
    (actors, endpoints)
}
