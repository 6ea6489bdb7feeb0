//! Proposals: adding, editing, rejecting and reading them. Nothing here changes what is searched.

use deadpool_postgres::{Pool, Transaction};
use serde_json::json;
use tokio_postgres::Row;
use tokio_postgres::types::Json;
use uuid::Uuid;

use super::super::PgStore;
use super::super::console::request_keys::{self, KeyState};
use super::super::rows::{optional_word, word};
use super::{approvals, runs};
use crate::crm::port::{CrmError, Proposals, StoreFuture};
use crate::domain::console::actions::RequestKey;
use crate::domain::console::detail::PersonRef;
use crate::domain::enums::{ProposalOp, ProposalState};
use crate::domain::ids::{ConversationId, GapId, ProposalId, StaffId};
use crate::domain::learning::proposals::{
    NewProposal, ProposalAnswer, ProposalApproval, ProposalContent, ProposalPage, ProposalRefusal,
    ProposalView,
};

macro_rules! views {
    ($rest:literal) => {
        concat!(
            "select p.id, p.op, p.article_id, p.title, p.body, p.gap_id, p.state, p.reason, p.revision, \
                    p.decided_at, p.created_at, p.updated_at, person(p.author) as author, \
                    person(p.decided_by) as decided_by, t.conversation_id, \
                    case when p.run_revision = p.revision then p.run_state end as run_state, \
                    n.cases, n.asked, n.changed \
             from knowledge_proposals p left join tickets t on t.id = p.ticket_id \
             cross join lateral ( \
                 select count(*) as cases, count(c.is_changed) as asked, count(*) filter (where c.is_changed) as changed \
                 from knowledge_run_cases c where c.proposal_id = p.id) n ",
            $rest
        )
    };
}

const LIST: &str = views!(
    "where ($1::text is null or p.state = $1) \
       and ($2::uuid is null or (p.created_at, p.id) < ( \
            (select a.created_at from knowledge_proposals a where a.id = $2), $2)) \
     order by p.created_at desc, p.id desc limit $3"
);
const FIND: &str = views!("where p.id = $1");
const ADD: &str = "\
insert into knowledge_proposals (id, op, article_id, title, body, gap_id, author) values ($1, $2, $3, $4, $5, $6, $7)";
const EDIT: &str = "\
update knowledge_proposals \
set op = $2, article_id = $3, title = $4, body = $5, gap_id = $6, revision = revision + 1, updated_at = now(), \
    model = null, embedding = null, run_state = null, run_revision = null \
where id = $1";
const REJECT: &str = "\
update knowledge_proposals \
set state = 'rejected', reason = $2, decided_by = $3, decided_at = now(), updated_at = now(), run_state = null \
where id = $1";
const AUDIT: &str = "\
insert into audit_log (actor, action, subject_kind, subject_id) values ($1, $2, 'proposal', $3)";
/// What an article says now, as an update starts from it; nothing for a deleted one.
const CURRENT: &str = "\
select k.title, coalesce(a.body, left(k.content, 10000)) as body \
from knowledge_base k left join knowledge_articles a on a.id = k.id where k.id = $1";
const HAS_HISTORY: &str = "select exists (select from knowledge_revisions r where r.article_id = $1)";

impl Proposals for PgStore {
    fn proposals(&self, page: ProposalPage) -> StoreFuture<Result<Vec<ProposalView>, CrmError>> {
        Box::pin(list(self.pools.general.clone(), page))
    }

    fn proposal(&self, id: ProposalId) -> StoreFuture<Result<Option<ProposalView>, CrmError>> {
        Box::pin(find(self.pools.general.clone(), id))
    }

    fn add_proposal(&self, proposal: NewProposal) -> StoreFuture<Result<ProposalAnswer, CrmError>> {
        Box::pin(add(self.pools.general.clone(), proposal))
    }

    fn edit_proposal(
        &self,
        id: ProposalId,
        by: StaffId,
        content: ProposalContent,
    ) -> StoreFuture<Result<ProposalAnswer, CrmError>> {
        Box::pin(edit(self.pools.general.clone(), id, by, content))
    }

    fn reject_proposal(
        &self,
        id: ProposalId,
        by: StaffId,
        reason: String,
        key: Option<RequestKey>,
    ) -> StoreFuture<Result<ProposalAnswer, CrmError>> {
        Box::pin(reject(self.pools.general.clone(), id, by, reason, key))
    }

    fn approve_proposal(&self, approval: ProposalApproval) -> StoreFuture<Result<ProposalAnswer, CrmError>> {
        Box::pin(approvals::approve(self.pools.general.clone(), approval))
    }
}

async fn list(pool: Pool, page: ProposalPage) -> Result<Vec<ProposalView>, CrmError> {
    let client = pool.get().await?;
    let state = page.state.map(ProposalState::as_str);
    let after = page.after.map(|after| after.0);
    client.query(LIST, &[&state, &after, &page.limit]).await?.iter().map(view).collect()
}

async fn find(pool: Pool, id: ProposalId) -> Result<Option<ProposalView>, CrmError> {
    let mut client = pool.get().await?;
    let transaction = client.transaction().await?;
    shown(&transaction, id).await
}

/// A proposal with the changed answers of its run.
pub(super) async fn shown(
    transaction: &Transaction<'_>,
    id: ProposalId,
) -> Result<Option<ProposalView>, CrmError> {
    let Some(row) = transaction.query_opt(FIND, &[&id.0]).await? else {
        return Ok(None);
    };
    let mut view = view(&row)?;
    if let Some(run) = &mut view.run {
        run.changed = runs::changed(transaction, id).await?;
    }
    Ok(Some(view))
}

fn view(row: &Row) -> Result<ProposalView, CrmError> {
    let Json(author) = row.try_get::<_, Json<PersonRef>>("author")?;
    Ok(ProposalView {
        id: ProposalId(row.try_get("id")?),
        content: ProposalContent {
            op: word(row, "op")?,
            article: row.try_get("article_id")?,
            title: row.try_get("title")?,
            body: row.try_get("body")?,
            gap: row.try_get::<_, Option<Uuid>>("gap_id")?.map(GapId),
        },
        state: word(row, "state")?,
        reason: row.try_get("reason")?,
        conversation: row.try_get::<_, Option<Uuid>>("conversation_id")?.map(ConversationId),
        author,
        decided_by: row.try_get::<_, Option<Json<PersonRef>>>("decided_by")?.map(|Json(person)| person),
        decided_at: row.try_get("decided_at")?,
        created_at: row.try_get("created_at")?,
        updated_at: row.try_get("updated_at")?,
        revision: row.try_get("revision")?,
        run: match optional_word(row, "run_state")? {
            Some(state) => Some(runs::view(row, state)?),
            None => None,
        },
    })
}

async fn add(pool: Pool, proposal: NewProposal) -> Result<ProposalAnswer, CrmError> {
    let NewProposal { id, author, content, key } = proposal;
    let mut client = pool.get().await?;
    let transaction = client.transaction().await?;
    if let Some(earlier) = earlier(&transaction, author, key.as_ref()).await? {
        return Ok(earlier);
    }
    let content = match completed(&transaction, content).await? {
        Ok(content) => content,
        Err(refusal) => return Ok(ProposalAnswer::Refused(refusal)),
    };
    let ProposalContent { op, article, title, body, gap } = content;
    let gap = gap.map(|gap| gap.0);
    transaction.execute(ADD, &[&id.0, &op.as_str(), &article, &title, &body, &gap, &author.0]).await?;
    audit(&transaction, author, "proposal.added", id).await?;
    done(transaction, id, author, key.as_ref()).await
}

async fn edit(
    pool: Pool,
    id: ProposalId,
    by: StaffId,
    content: ProposalContent,
) -> Result<ProposalAnswer, CrmError> {
    let mut client = pool.get().await?;
    let transaction = client.transaction().await?;
    if let Some(refusal) = not_draft(&transaction, id).await? {
        return Ok(ProposalAnswer::Refused(refusal));
    }
    let content = match completed(&transaction, content).await? {
        Ok(content) => content,
        Err(refusal) => return Ok(ProposalAnswer::Refused(refusal)),
    };
    let ProposalContent { op, article, title, body, gap } = content;
    let gap = gap.map(|gap| gap.0);
    transaction.execute(EDIT, &[&id.0, &op.as_str(), &article, &title, &body, &gap]).await?;
    transaction.execute("delete from knowledge_run_cases where proposal_id = $1", &[&id.0]).await?;
    audit(&transaction, by, "proposal.edited", id).await?;
    done(transaction, id, by, None).await
}

async fn reject(
    pool: Pool,
    id: ProposalId,
    by: StaffId,
    reason: String,
    key: Option<RequestKey>,
) -> Result<ProposalAnswer, CrmError> {
    let mut client = pool.get().await?;
    let transaction = client.transaction().await?;
    if let Some(earlier) = earlier(&transaction, by, key.as_ref()).await? {
        return Ok(earlier);
    }
    if let Some(refusal) = not_draft(&transaction, id).await? {
        return Ok(ProposalAnswer::Refused(refusal));
    }
    transaction.execute(REJECT, &[&id.0, &reason, &by.0]).await?;
    audit(&transaction, by, "proposal.rejected", id).await?;
    done(transaction, id, by, key.as_ref()).await
}

/// Locks a proposal; why it can't be changed, if so.
pub(super) async fn not_draft(
    transaction: &Transaction<'_>,
    id: ProposalId,
) -> Result<Option<ProposalRefusal>, CrmError> {
    let find = "select state = 'draft' from knowledge_proposals where id = $1 for update";
    Ok(match transaction.query_opt(find, &[&id.0]).await? {
        None => Some(ProposalRefusal::NoProposal),
        Some(row) if row.try_get(0)? => None,
        Some(_) => Some(ProposalRefusal::NotDraft),
    })
}

/// The content with what an update leaves out, or why it names nothing that exists.
async fn completed(
    transaction: &Transaction<'_>,
    content: ProposalContent,
) -> Result<Result<ProposalContent, ProposalRefusal>, CrmError> {
    let ProposalContent { op, article, title, body, gap } = content;
    if let Some(gap) = gap
        && transaction.query_opt("select from knowledge_gaps where id = $1", &[&gap.0]).await?.is_none()
    {
        return Ok(Err(ProposalRefusal::NoGap));
    }
    let current = transaction.query_opt(CURRENT, &[&article]).await?;
    let had: bool = transaction.query_one(HAS_HISTORY, &[&article]).await?.try_get(0)?;
    let (title, body) = match (op, current) {
        (ProposalOp::Create, _) | (ProposalOp::Delete, Some(_)) => (title, body),
        (ProposalOp::Update, Some(row)) => (
            Some(title.map_or_else(|| row.try_get("title"), Ok)?),
            Some(body.map_or_else(|| row.try_get("body"), Ok)?),
        ),
        // A deleted article comes back with an update that says everything.
        (ProposalOp::Update, None) if had && title.is_some() && body.is_some() => (title, body),
        (ProposalOp::Update | ProposalOp::Delete, None) => return Ok(Err(ProposalRefusal::NoArticle)),
    };
    Ok(Ok(ProposalContent { op, article, title, body, gap }))
}

/// The answer that a request with this key got before.
pub(super) async fn earlier(
    transaction: &Transaction<'_>,
    by: StaffId,
    key: Option<&RequestKey>,
) -> Result<Option<ProposalAnswer>, CrmError> {
    match request_keys::take(transaction, by, key).await? {
        KeyState::Free => Ok(None),
        KeyState::Reused => Ok(Some(ProposalAnswer::KeyReused)),
        KeyState::Answered(packed) => {
            let id =
                packed.get("proposal").and_then(|id| id.as_str()).and_then(|id| Uuid::try_parse(id).ok());
            let view = shown(transaction, ProposalId(id.unwrap_or_default())).await?;
            Ok(Some(view.map_or(ProposalAnswer::Refused(ProposalRefusal::NoProposal), |view| {
                ProposalAnswer::Done(Box::new(view))
            })))
        }
    }
}

pub(super) async fn audit(
    transaction: &Transaction<'_>,
    by: StaffId,
    action: &str,
    id: ProposalId,
) -> Result<(), CrmError> {
    transaction.execute(AUDIT, &[&by.0, &action, &id.to_string()]).await?;
    Ok(())
}

/// Commits, and shows the proposal as it is now.
pub(super) async fn done(
    transaction: Transaction<'_>,
    id: ProposalId,
    by: StaffId,
    key: Option<&RequestKey>,
) -> Result<ProposalAnswer, CrmError> {
    request_keys::answer(&transaction, by, key, &json!({"proposal": id})).await?;
    let view = shown(&transaction, id).await?;
    transaction.commit().await?;
    Ok(view.map_or(ProposalAnswer::Refused(ProposalRefusal::NoProposal), |view| {
        ProposalAnswer::Done(Box::new(view))
    }))
}
