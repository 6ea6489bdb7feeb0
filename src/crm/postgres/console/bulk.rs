//! Bulk actions: an operation's row first, then one transaction for each conversation, which does the work by the function
//! of the single action and records how to undo it.

use deadpool_postgres::{Pool, Transaction};
use serde::Deserialize;
use serde_json::Value;
use tokio_postgres::types::{Json, ToSql};
use uuid::Uuid;

use super::super::PgStore;
use super::super::rows::mismatch;
use super::actions::call;
use super::queue::queue;
use crate::crm::port::{BulkActions, BulkActor, CrmError, StoreFuture};
use crate::domain::console::actions::{StaffCommand, StaffOrder, StaffReply};
use crate::domain::console::bulk::{
    BulkOpening, BulkOrder, BulkRefusal, BulkStep, BulkStepEnd, BulkTargets, BulkWork, MAX_CONVERSATIONS,
    UNDO_WITHIN,
};
use crate::domain::console::queue::QueueRequest;
use crate::domain::enums::{BulkAction, StaffRole};
use crate::domain::ids::{BulkId, ConversationId, MessageId, StaffId};

/// Conversations of a queue that are read at a time.
const PAGE: u8 = 100;
/// Old operations that one request removes; more than one request adds.
const FORGOTTEN: i64 = 10;
const FORGET: &str = "\
delete from bulk_operations o where o.ctid = any (array( \
    select p.ctid from bulk_operations p where p.created_at < now() - interval '1 day' \
    order by p.created_at limit $1 for update skip locked))";
const OPEN: &str = "\
insert into bulk_operations (id, staff_id, action, as_of, request_key, fingerprint, targets) \
values ($1, $2, $3, least($4, now()), $5, $6, $7) on conflict (staff_id, request_key) do nothing";
const FIND: &str =
    "select id, fingerprint, targets from bulk_operations where staff_id = $1 and request_key = $2";
const IS_ACTIVE: &str = "select exists (select from staff s where s.id = $1 and s.active)";
const BEGIN: &str = "select begin_bulk_step($1, $2)";
const END: &str = "select end_bulk_step($1, $2, $3, $4)";
const REFUSE: &str = "\
insert into bulk_steps (bulk_id, conversation_id, code) \
select $1, c.id, $3 from conversations c where c.id = $2 on conflict do nothing";
const CODE: &str = "select code from bulk_steps where bulk_id = $1 and conversation_id = $2";
const CLOSE: &str = "update bulk_operations set ended_at = now() where id = $1 and ended_at is null";
const FOR_UNDO: &str = "\
select o.staff_id, o.action, coalesce(o.ended_at, o.created_at) < now() - make_interval(secs => $2) as is_over, \
       array(select s.conversation_id from unnest(o.targets) with ordinality t (id, ord) \
             join bulk_steps s on s.bulk_id = o.id and s.conversation_id = t.id and s.code is null \
             order by t.ord) as targets \
from bulk_operations o where o.id = $1";
const UNDO: &str = "select undo_bulk_step($1, $2, $3)";

impl BulkActions for PgStore {
    fn open_bulk(&self, order: BulkOrder) -> StoreFuture<Result<BulkOpening, CrmError>> {
        Box::pin(open(self.pools.general.clone(), order))
    }

    fn bulk_step(
        &self,
        actor: BulkActor,
        work: BulkWork,
        step: BulkStep,
    ) -> StoreFuture<Result<BulkStepEnd, CrmError>> {
        Box::pin(take_step(self.pools.general.clone(), actor, work, step))
    }

    fn end_bulk(&self, bulk: BulkId) -> StoreFuture<Result<(), CrmError>> {
        let pool = self.pools.general.clone();
        Box::pin(async move {
            pool.get().await?.execute(CLOSE, &[&bulk.0]).await?;
            Ok(())
        })
    }

    fn open_undo(
        &self,
        bulk: BulkId,
        staff: StaffId,
        role: StaffRole,
    ) -> StoreFuture<Result<BulkOpening, CrmError>> {
        Box::pin(open_undo(self.pools.general.clone(), bulk, staff, role))
    }

    fn undo_step(
        &self,
        bulk: BulkId,
        conversation: ConversationId,
        staff: StaffId,
    ) -> StoreFuture<Result<BulkStepEnd, CrmError>> {
        let pool = self.pools.general.clone();
        Box::pin(async move {
            let row = pool.get().await?.query_one(UNDO, &[&bulk.0, &conversation.0, &staff.0]).await?;
            Ok(BulkStepEnd { conversation, code: row.try_get(0)? })
        })
    }
}

async fn open(pool: Pool, order: BulkOrder) -> Result<BulkOpening, CrmError> {
    let BulkOrder { id, actor, key, work, targets, as_of, .. } = order;
    let fingerprint = key.as_ref().map(|key| key.fingerprint.to_vec());
    let key = key.map(|key| key.key);
    if let Some(earlier) = earlier(&pool, actor, key.as_deref(), fingerprint.as_deref()).await? {
        return Ok(earlier);
    }
    if let BulkWork::Assign { to, .. } = &work
        && !pool.get().await?.query_one(IS_ACTIVE, &[&to.0]).await?.try_get::<_, bool>(0)?
    {
        return Ok(BulkOpening::Refused(BulkRefusal::UnknownStaff));
    }
    let Some(targets) = conversations(&pool, targets).await? else {
        return Ok(BulkOpening::Refused(BulkRefusal::TooMany));
    };
    let ids: Vec<Uuid> = targets.iter().map(|target| target.0).collect();
    let client = pool.get().await?;
    client.execute(FORGET, &[&FORGOTTEN]).await?;
    let action = work.action().as_str();
    let values: [&(dyn ToSql + Sync); 7] = [&id.0, &actor.0, &action, &as_of, &key, &fingerprint, &ids];
    if client.execute(OPEN, &values).await? > 0 {
        return Ok(BulkOpening::Open { bulk: id, targets });
    }
    drop(client);
    let earlier = earlier(&pool, actor, key.as_deref(), fingerprint.as_deref()).await?;
    earlier.ok_or_else(|| mismatch("a bulk action is neither new nor repeated"))
}

/// The operation of an earlier request with the same key.
async fn earlier(
    pool: &Pool,
    actor: StaffId,
    key: Option<&str>,
    fingerprint: Option<&[u8]>,
) -> Result<Option<BulkOpening>, CrmError> {
    let Some(row) = pool.get().await?.query_opt(FIND, &[&actor.0, &key]).await? else {
        return Ok(None);
    };
    if row.try_get::<_, Option<&[u8]>>("fingerprint")? != fingerprint {
        return Ok(Some(BulkOpening::Refused(BulkRefusal::KeyReused)));
    }
    let targets: Vec<Uuid> = row.try_get("targets")?;
    Ok(Some(BulkOpening::Open {
        bulk: row.try_get::<_, Uuid>("id")?.into(),
        targets: targets.into_iter().map(ConversationId).collect(),
    }))
}

/// The conversations that are meant, each once; `None` if they are too many.
async fn conversations(pool: &Pool, targets: BulkTargets) -> Result<Option<Vec<ConversationId>>, CrmError> {
    let mut request = match targets {
        BulkTargets::Ids(ids) => return Ok(Some(ids)),
        BulkTargets::Filter(request) => QueueRequest { limit: PAGE, after: None, ..*request },
    };
    let mut found: Vec<ConversationId> = Vec::new();
    loop {
        let page = queue(pool.clone(), request.clone()).await?;
        for item in page.items {
            if !found.contains(&item.conversation_id) {
                found.push(item.conversation_id);
            }
        }
        if found.len() > MAX_CONVERSATIONS {
            return Ok(None);
        }
        match page.next {
            Some(after) => request.after = Some(after),
            None => return Ok(Some(found)),
        }
    }
}

/// The answer of `begin_bulk_step`.
#[derive(Deserialize)]
struct BulkBeginning {
    verdict: String,
    before: Option<Value>,
    seen: Option<MessageId>,
}

async fn take_step(
    pool: Pool,
    actor: BulkActor,
    work: BulkWork,
    step: BulkStep,
) -> Result<BulkStepEnd, CrmError> {
    let (bulk, conversation) = (step.bulk, step.conversation);
    let mut client = pool.get().await?;
    let transaction = client.transaction().await?;
    let row = transaction.query_one(BEGIN, &[&bulk.0, &conversation.0]).await?;
    let Json(packed) = row.try_get::<_, Json<Value>>(0)?;
    let BulkBeginning { verdict, before, seen } = BulkBeginning::deserialize(packed).map_err(mismatch)?;
    let code = match (verdict.as_str(), seen) {
        ("repeated", _) => {
            let row = transaction.query_opt(CODE, &[&bulk.0, &conversation.0]).await?;
            let code = row.map_or(Ok(None), |row| row.try_get("code"))?;
            return Ok(BulkStepEnd { conversation, code });
        }
        ("go", Some(seen)) => perform(&transaction, actor, work.command(&step, seen)).await?,
        ("go", None) => "no_conversation".to_owned(),
        (refused, _) => refused.to_owned(),
    };
    if code == "done" {
        let before = Json(before);
        transaction.execute(END, &[&bulk.0, &conversation.0, &before, &step.message.0]).await?;
        transaction.commit().await?;
        return Ok(BulkStepEnd { conversation, code: None });
    }
    transaction.rollback().await?;
    let code = if code == "no_conversation" { "not_found".to_owned() } else { code };
    client.execute(REFUSE, &[&bulk.0, &conversation.0, &code]).await?;
    Ok(BulkStepEnd { conversation, code: Some(code) })
}

/// Carries out the action of one conversation; returns its verdict.
async fn perform(
    transaction: &Transaction<'_>,
    actor: BulkActor,
    command: StaffCommand,
) -> Result<String, CrmError> {
    let BulkActor { staff, role, channels } = actor;
    let command = match command {
        StaffCommand::Reply(reply) => StaffCommand::Reply(Box::new(StaffReply { channels, ..*reply })),
        other => other,
    };
    let Json(packed) = call(transaction, &StaffOrder { actor: staff, role, key: None, command }).await?;
    let verdict = packed.get("verdict").and_then(Value::as_str);
    verdict.map(str::to_owned).ok_or_else(|| mismatch("an action without a verdict"))
}

async fn open_undo(
    pool: Pool,
    bulk: BulkId,
    staff: StaffId,
    role: StaffRole,
) -> Result<BulkOpening, CrmError> {
    let client = pool.get().await?;
    let Some(row) = client.query_opt(FOR_UNDO, &[&bulk.0, &UNDO_WITHIN.as_secs_f64()]).await? else {
        return Ok(BulkOpening::Refused(BulkRefusal::NoBulk));
    };
    let refusal = if row.try_get::<_, Uuid>("staff_id")? != staff.0 && role != StaffRole::Admin {
        Some(BulkRefusal::NotTheAuthor)
    } else if row.try_get::<_, &str>("action")? == BulkAction::HandBack.as_str() {
        Some(BulkRefusal::NotUndoable)
    } else {
        row.try_get::<_, bool>("is_over")?.then_some(BulkRefusal::TooLate)
    };
    if let Some(refusal) = refusal {
        return Ok(BulkOpening::Refused(refusal));
    }
    let targets: Vec<Uuid> = row.try_get("targets")?;
    Ok(BulkOpening::Open { bulk, targets: targets.into_iter().map(ConversationId).collect() })
}
