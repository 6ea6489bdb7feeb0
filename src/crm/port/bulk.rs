//! Repository port of bulk actions: opened once, carried out step by step, undone step by step. Each call is a
//! transaction; repeated, it changes nothing.

use super::{CrmError, StoreFuture};
use crate::domain::console::bulk::{BulkOpening, BulkOrder, BulkStep, BulkStepEnd, BulkWork};
use crate::domain::enums::{Channel, StaffRole};
use crate::domain::ids::{BulkId, ConversationId, StaffId};

/// Who carries a bulk action out, and the channels that replies can be sent by.
#[derive(Clone, Debug)]
pub struct BulkActor {
    pub staff: StaffId,
    pub role: StaffRole,
    pub channels: Vec<Channel>,
}

pub trait BulkActions: Send + Sync {
    fn open_bulk(&self, order: BulkOrder) -> StoreFuture<Result<BulkOpening, CrmError>>;
    /// Does the work in one conversation and records how to undo it, in one transaction.
    fn bulk_step(
        &self,
        actor: BulkActor,
        work: BulkWork,
        step: BulkStep,
    ) -> StoreFuture<Result<BulkStepEnd, CrmError>>;
    /// From now on the action can be undone for a while.
    fn end_bulk(&self, bulk: BulkId) -> StoreFuture<Result<(), CrmError>>;
    /// The conversations that a bulk action has changed.
    fn open_undo(
        &self,
        bulk: BulkId,
        staff: StaffId,
        role: StaffRole,
    ) -> StoreFuture<Result<BulkOpening, CrmError>>;
    fn undo_step(
        &self,
        bulk: BulkId,
        conversation: ConversationId,
        staff: StaffId,
    ) -> StoreFuture<Result<BulkStepEnd, CrmError>>;
}
