//! Repository port of saved views.

use super::{CrmError, StoreFuture};
use crate::domain::console::saved_views::SavedView;
use crate::domain::ids::{SavedViewId, StaffId};

/// Views are changed by actions of staff (`StaffActions`).
pub trait SavedViews: Send + Sync {
    /// Those of the team and an account's own, each by name.
    fn saved_views(&self, staff: StaffId) -> StoreFuture<Result<Vec<SavedView>, CrmError>>;
    /// Whoever's it is.
    fn saved_view(&self, id: SavedViewId) -> StoreFuture<Result<Option<SavedView>, CrmError>>;
}
