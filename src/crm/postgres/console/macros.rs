//! Macros: an account's own and those that are shared.

use deadpool_postgres::{Pool, Transaction};
use serde_json::Value;
use tokio_postgres::Row;
use tokio_postgres::types::Json;
use uuid::Uuid;

use super::super::PgStore;
use crate::crm::port::{CrmError, Macros, StoreFuture};
use crate::domain::console::macros::{MacroActions, MacroChange, MacroView};
use crate::domain::console::reads::MacroValues;
use crate::domain::ids::{ConversationId, MacroId, StaffId};
use crate::domain::messages::inquiry::TicketNumber;

const LIST: &str = "\
select id, staff_id, name, content, shared, actions from macros where shared or staff_id = $1 \
order by lower(name), id limit 500";
const ADD: &str = "\
with added as ( \
    insert into macros (id, staff_id, name, content, shared, actions) values ($1, $2, $3, $4, $5, $6) returning id \
), noted as ( \
    insert into audit_log (actor, action, subject_kind, subject_id) \
    select $2, 'macro.added', 'macro', a.id::text from added a \
) \
select jsonb_build_object('verdict', 'done', 'macro_id', a.id) from added a";
const CHANGE: &str = "\
with changed as ( \
    update macros set name = $4, content = $5, shared = $6, actions = $7, updated_at = now() \
    where id = $1 and (staff_id = $2 or $3) returning id, staff_id, name, content, shared, actions \
), noted as ( \
    insert into audit_log (actor, action, subject_kind, subject_id) \
    select $2, 'macro.changed', 'macro', c.id::text from changed c \
) \
select * from changed";
const REMOVE: &str = "\
with removed as ( \
    delete from macros where id = $1 and (staff_id = $2 or $3) returning id \
) \
insert into audit_log (actor, action, subject_kind, subject_id) \
select $2, 'macro.removed', 'macro', r.id::text from removed r";
const VALUES: &str = "\
select u.name, t.number, t.subject, t.id, (select s.name from staff s where s.id = $2) as agent \
from conversations c join customers u on u.id = c.customer_id cross join lateral current_ticket(c.id) t \
where c.id = $1";

impl Macros for PgStore {
    fn macros(&self, staff: StaffId) -> StoreFuture<Result<Vec<MacroView>, CrmError>> {
        Box::pin(list(self.pools.general.clone(), staff))
    }

    fn change_macro(
        &self,
        id: MacroId,
        staff: StaffId,
        any: bool,
        change: MacroChange,
    ) -> StoreFuture<Result<Option<MacroView>, CrmError>> {
        Box::pin(replace(self.pools.general.clone(), id, staff, any, change))
    }

    fn remove_macro(&self, id: MacroId, staff: StaffId, any: bool) -> StoreFuture<Result<bool, CrmError>> {
        Box::pin(remove(self.pools.general.clone(), id, staff, any))
    }

    fn macro_values(
        &self,
        conversation: ConversationId,
        staff: StaffId,
    ) -> StoreFuture<Result<Option<MacroValues>, CrmError>> {
        Box::pin(values(self.pools.general.clone(), conversation, staff))
    }
}

async fn list(pool: Pool, staff: StaffId) -> Result<Vec<MacroView>, CrmError> {
    let client = pool.get().await?;
    client.query(LIST, &[&staff.0]).await?.iter().map(view).collect()
}

/// Adds a macro in the caller's transaction; the answer is that of an action of staff.
pub async fn add(
    transaction: &Transaction<'_>,
    id: MacroId,
    actor: Uuid,
    content: &MacroChange,
) -> Result<Json<Value>, CrmError> {
    let MacroChange { name, text, shared, actions } = content;
    let row = transaction.query_one(ADD, &[&id.0, &actor, name, text, shared, &Json(actions)]).await?;
    Ok(row.try_get(0)?)
}

async fn replace(
    pool: Pool,
    id: MacroId,
    staff: StaffId,
    any: bool,
    change: MacroChange,
) -> Result<Option<MacroView>, CrmError> {
    let client = pool.get().await?;
    let MacroChange { name, text, shared, actions } = change;
    let row =
        client.query_opt(CHANGE, &[&id.0, &staff.0, &any, &name, &text, &shared, &Json(actions)]).await?;
    row.as_ref().map(view).transpose()
}

async fn remove(pool: Pool, id: MacroId, staff: StaffId, any: bool) -> Result<bool, CrmError> {
    let client = pool.get().await?;
    Ok(client.execute(REMOVE, &[&id.0, &staff.0, &any]).await? > 0)
}

async fn values(
    pool: Pool,
    conversation: ConversationId,
    staff: StaffId,
) -> Result<Option<MacroValues>, CrmError> {
    let client = pool.get().await?;
    let row = client.query_opt(VALUES, &[&conversation.0, &staff.0]).await?;
    row.map(|row| {
        Ok(MacroValues {
            customer_name: row.try_get("name")?,
            ticket_number: TicketNumber(row.try_get("number")?).to_string(),
            subject: row.try_get("subject")?,
            ticket: row.try_get("id")?,
            agent_name: row.try_get("agent")?,
        })
    })
    .transpose()
}

fn view(row: &Row) -> Result<MacroView, CrmError> {
    let Json(actions) = row.try_get::<_, Json<MacroActions>>("actions")?;
    Ok(MacroView {
        id: row.try_get::<_, Uuid>("id")?.into(),
        owner: row.try_get::<_, Uuid>("staff_id")?.into(),
        content: MacroChange {
            name: row.try_get("name")?,
            text: row.try_get("content")?,
            shared: row.try_get("shared")?,
            actions,
        },
    })
}
