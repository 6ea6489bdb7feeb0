//! The part of the tree that learns from resolved tickets: the curator and the rehearser.

use std::sync::Arc;

use actix::prelude::*;

use super::records::StoreHandles;
use super::slot::ActorSlot;
use super::system::SystemConfig;
use crate::actors::learning::curator::{Curator, CuratorArgs};
use crate::actors::learning::rehearser::{Rehearser, RehearserArgs};
use crate::actors::messages::{ApproveProposal, GroupQuestions, StartRun};
use crate::actors::runtime::actor_health::ActorHealth;
use crate::actors::store::store_handle::StoreHandle;
use crate::crm::port::{Articles, Gaps, Proposals};

pub(super) struct LearningSlots {
    curator: ActorSlot<Curator>,
    rehearser: ActorSlot<Rehearser>,
}

impl LearningSlots {
    pub(super) fn new() -> Self {
        Self { curator: ActorSlot::new("curator"), rehearser: ActorSlot::new("rehearser") }
    }
}

pub(super) struct LearningArgs {
    curator: CuratorArgs,
    rehearser: RehearserArgs,
}

impl LearningArgs {
    pub(super) fn new(system: &SystemConfig, records: &StoreHandles) -> Self {
        let articles = || records.handle(|store| &store.articles);
        let knowledge = || records.handle(|store| &store.knowledge);
        Self {
            curator: CuratorArgs {
                articles: articles(),
                gaps: records.handle(|store| &store.gaps),
                proposals: records.handle(|store| &store.proposals),
                knowledge: knowledge(),
                embedder: system.embedder.clone(),
            },
            rehearser: RehearserArgs {
                runs: records.handle(|store| &store.proposal_runs),
                articles: articles(),
                knowledge: knowledge(),
                model: Arc::clone(&system.model),
                embedder: system.embedder.clone(),
                handbook: Arc::clone(&system.handbook),
                budgets: system.budgets,
            },
        }
    }
}

/// The entry points of this part.
#[derive(Clone, Debug)]
pub struct LearningEndpoints {
    pub articles: StoreHandle<dyn Articles>,
    pub gaps: StoreHandle<dyn Gaps>,
    pub proposals: StoreHandle<dyn Proposals>,
    pub group_questions: Recipient<GroupQuestions>,
    pub approve_proposal: Recipient<ApproveProposal>,
    pub start_run: Recipient<StartRun>,
}

pub(super) fn spawn(
    slots: LearningSlots,
    args: LearningArgs,
    records: &StoreHandles,
    actor_healths: &mut Vec<Arc<ActorHealth>>,
) -> LearningEndpoints {
    let curator = slots.curator.spawn(args.curator, actor_healths);
    LearningEndpoints {
        articles: records.handle(|store| &store.articles),
        gaps: records.handle(|store| &store.gaps),
        proposals: records.handle(|store| &store.proposals),
        group_questions: curator.clone().recipient(),
        approve_proposal: curator.recipient(),
        start_run: slots.rehearser.spawn(args.rehearser, actor_healths).recipient(),
    }
}
