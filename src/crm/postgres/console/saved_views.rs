//! Saved views of the queue: the team's and an account's own.

use deadpool_postgres::{Pool, Transaction};
use serde_json::Value;
use tokio_postgres::Row;
use tokio_postgres::types::Json;

use super::super::PgStore;
use super::super::rows::word;
use crate::crm::port::{CrmError, SavedViews, StoreFuture};
use crate::domain::console::actions::StaffOrder;
use crate::domain::console::detail::PersonRef;
use crate::domain::console::saved_views::{MAX_VIEWS, SavedView, ViewCommand, ViewContent};
use crate::domain::enums::StaffRole;
use crate::domain::ids::{SavedViewId, StaffId};

/// The team's first. All of them: each account has [`MAX_VIEWS`] at most, and a limit would cut off the account's own.
const LIST: &str = "\
select v.id, person(v.staff_id) as author, v.name, v.shared, v.queue, v.sort, v.filters \
from saved_views v where v.shared or v.staff_id = $1 order by v.shared desc, lower(v.name), v.id";
const ONE: &str = "\
select v.id, person(v.staff_id) as author, v.name, v.shared, v.queue, v.sort, v.filters from saved_views v where v.id = $1";
const SAVE: &str = "select save_view($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)";
const REMOVE: &str = "select remove_view($1, $2, $3)";

impl SavedViews for PgStore {
    fn saved_views(&self, staff: StaffId) -> StoreFuture<Result<Vec<SavedView>, CrmError>> {
        Box::pin(list(self.pools.general.clone(), staff))
    }

    fn saved_view(&self, id: SavedViewId) -> StoreFuture<Result<Option<SavedView>, CrmError>> {
        let pool = self.pools.general.clone();
        Box::pin(async move {
            let row = pool.get().await?.query_opt(ONE, &[&id.0]).await?;
            row.as_ref().map(view).transpose()
        })
    }
}

async fn list(pool: Pool, staff: StaffId) -> Result<Vec<SavedView>, CrmError> {
    let client = pool.get().await?;
    client.query(LIST, &[&staff.0]).await?.iter().map(view).collect()
}

/// Changes a view in the caller's transaction; the answer is that of an action of staff.
pub(super) async fn perform(
    transaction: &Transaction<'_>,
    order: &StaffOrder,
    command: &ViewCommand,
) -> Result<Json<Value>, CrmError> {
    let (actor, is_admin) = (order.actor.0, order.role == StaffRole::Admin);
    let (id, content, is_new) = match command {
        ViewCommand::Add { id, content } => (id, content, true),
        ViewCommand::Replace { id, content } => (id, content, false),
        ViewCommand::Remove { id } => {
            let row = transaction.query_one(REMOVE, &[&id.0, &actor, &is_admin]).await?;
            return Ok(row.try_get(0)?);
        }
    };
    let ViewContent { name, shared, queue, order: sort, filters } = content;
    let (queue, sort, filters) = (queue.as_str(), sort.as_str(), Json(filters));
    let row = transaction
        .query_one(
            SAVE,
            &[&id.0, &actor, &is_admin, &is_new, name, shared, &queue, &sort, &filters, &MAX_VIEWS],
        )
        .await?;
    Ok(row.try_get(0)?)
}

fn view(row: &Row) -> Result<SavedView, CrmError> {
    let Json(author) = row.try_get::<_, Json<PersonRef>>("author")?;
    let Json(filters) = row.try_get("filters")?;
    Ok(SavedView {
        id: SavedViewId(row.try_get("id")?),
        author,
        content: ViewContent {
            name: row.try_get("name")?,
            shared: row.try_get("shared")?,
            queue: word(row, "queue")?,
            order: word(row, "sort")?,
            filters,
        },
    })
}

#[cfg(test)]
mod tests {
    use serde_json::json;
    use uuid::Uuid;

    use crate::domain::console::saved_views::{SavedFilters, ViewAssignee};
    use crate::domain::ids::StaffId;

    #[test]
    fn filters_are_stored_by_the_words_of_the_queue() {
        let staff = Uuid::from_u128(7);
        for (assignee, word) in [
            (ViewAssignee::Me, json!("me")),
            (ViewAssignee::None, json!("none")),
            (ViewAssignee::Staff(StaffId(staff)), json!(staff)),
        ] {
            let filters =
                SavedFilters { assignee: Some(assignee), breached: Some(true), ..Default::default() };
            let stored = json!({"assignee": word, "breached": true});
            assert_eq!(serde_json::to_value(&filters).unwrap(), stored);
            assert_eq!(serde_json::from_value::<SavedFilters>(stored).unwrap(), filters);
        }
    }
}
