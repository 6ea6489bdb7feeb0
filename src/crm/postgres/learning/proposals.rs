//! Proposals: adding, editing, rejecting and reading them. Nothing here changes what is searched.

use deadpool_postgres::{Pool, Transaction};

use super::super::PgStore;
use super::approvals;
use super::proposal_rows::{LIST, audit, done, earlier, not_draft, shown, view};
use crate::crm::port::{CrmError, Proposals, StoreFuture};
use crate::domain::console::actions::RequestKey;
use crate::domain::enums::{ProposalOp, ProposalState};
use crate::domain::ids::{ProposalId, StaffId};
use crate::domain::learning::proposals::{
    NewProposal, ProposalAnswer, ProposalApproval, ProposalContent, ProposalPage, ProposalRefusal,
    ProposalView,
};

const ADD: &str = "\
insert into knowledge_proposals (id, op, article_id, title, body, gap_id, author) values ($1, $2, $3, $4, $5, $6, $7) \
on conflict (id) do nothing";
const EDIT: &str = "\
update knowledge_proposals \
set op = $2, article_id = $3, title = $4, body = $5, gap_id = $6, revision = revision + 1, updated_at = now(), \
    model = null, embedding = null, run_state = null, run_revision = null \
where id = $1";
const REJECT: &str = "\
update knowledge_proposals \
set state = 'rejected', reason = $2, decided_by = $3, decided_at = now(), updated_at = now(), run_state = null \
where id = $1";
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
