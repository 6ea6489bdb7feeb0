//! Repository ports of the console's tools: what is parked, search, drafts, customers' files, macros.

use super::{CrmError, StoreFuture};
use crate::domain::console::macros::{MacroChange, MacroView};
use crate::domain::console::reads::{CustomerFile, DraftView, MacroValues, ParkedView, SearchHit};
use crate::domain::ids::{ConversationId, CustomerId, DeadLetterId, MacroId, StaffId};

pub trait DeskTools: Send + Sync {
    /// What is parked after `after`, oldest first.
    fn parked(
        &self,
        after: Option<DeadLetterId>,
        limit: i64,
    ) -> StoreFuture<Result<Vec<ParkedView>, CrmError>>;
    /// The best hits of each kind, a ticket whose number is searched for first.
    fn search_desk(&self, words: String) -> StoreFuture<Result<Vec<SearchHit>, CrmError>>;
    /// The account's draft, the empty one if there is none; `None` if there is no such conversation.
    fn draft(
        &self,
        conversation: ConversationId,
        staff: StaffId,
    ) -> StoreFuture<Result<Option<DraftView>, CrmError>>;
    fn drop_draft(&self, conversation: ConversationId, staff: StaffId) -> StoreFuture<Result<(), CrmError>>;
    fn customer_file(&self, customer: CustomerId) -> StoreFuture<Result<Option<CustomerFile>, CrmError>>;
}

/// Macros are added as actions of staff (`StaffActions`).
pub trait Macros: Send + Sync {
    /// Those of an account and those that are shared, by name.
    fn macros(&self, staff: StaffId) -> StoreFuture<Result<Vec<MacroView>, CrmError>>;
    /// `None` if there is no such macro that the account may change: its own, and any if `any`.
    fn change_macro(
        &self,
        id: MacroId,
        staff: StaffId,
        any: bool,
        change: MacroChange,
    ) -> StoreFuture<Result<Option<MacroView>, CrmError>>;
    fn remove_macro(&self, id: MacroId, staff: StaffId, any: bool) -> StoreFuture<Result<bool, CrmError>>;
    /// The values of the placeholders in a conversation.
    fn macro_values(
        &self,
        conversation: ConversationId,
        staff: StaffId,
    ) -> StoreFuture<Result<Option<MacroValues>, CrmError>>;
}
