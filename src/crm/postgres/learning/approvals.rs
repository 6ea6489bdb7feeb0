//! Approvals: the one place where a proposal changes what is searched, in one transaction with its history.

use deadpool_postgres::{Pool, Transaction};
use tokio_postgres::Row;
use uuid::Uuid;

use super::super::library::overrides;
use super::super::rows::{mismatch, word};
use super::proposal_rows::{audit, done, earlier};
use crate::crm::port::CrmError;
use crate::domain::enums::ProposalOp;
use crate::domain::ids::StaffId;
use crate::domain::learning::articles::{ArticleChange, ArticleSection};
use crate::domain::learning::proposals::{ProposalAnswer, ProposalApproval, ProposalRefusal};

const FIND: &str = "\
select op, article_id, title, body, gap_id, state = 'draft' as is_draft, revision, \
       coalesce(run_state = 'done' and run_revision = revision, false) as has_run \
from knowledge_proposals where id = $1 for update";
const APPROVE: &str = "\
update knowledge_proposals \
set state = 'approved', article_id = $2, decided_by = $3, decided_at = now(), updated_at = now() where id = $1";
const CLOSE_GAP: &str = "update knowledge_gaps set closed_at = now() where id = $1 and closed_at is null";
/// The first revision of a section from a file, before it is overridden.
const FILED: &str = "\
insert into knowledge_revisions (article_id, number, op, title, body, created_at) \
select k.id, 1, 'create', k.title, k.content, k.updated_at from knowledge_base k \
where k.id = $1 and not exists (select from knowledge_revisions r where r.article_id = $1)";
const REVISION: &str = "\
insert into knowledge_revisions (article_id, number, op, title, body, proposal_id, approved_by) \
select $1, coalesce(max(r.number), 0) + 1, $2, $3, $4, $5, $6 from knowledge_revisions r where r.article_id = $1";
const EXISTS: &str = "\
select exists (select from knowledge_base where id = $1) or exists (select from knowledge_revisions where article_id = $1)";
/// The first free id: a slug, or one with a number behind it.
const FREE_ID: &str = "\
select f.id from ( \
    select case n when 0 then $1 else $1 || '-' || n end as id, n from generate_series(0, 10000) n) f \
where not exists (select from knowledge_base k where k.id = f.id) \
  and not exists (select from knowledge_revisions r where r.article_id = f.id) \
order by f.n limit 1";

pub(super) async fn approve(pool: Pool, approval: ProposalApproval) -> Result<ProposalAnswer, CrmError> {
    let mut client = pool.get().await?;
    let transaction = client.transaction().await?;
    if let Some(earlier) = earlier(&transaction, approval.by, approval.key.as_ref()).await? {
        return Ok(earlier);
    }
    overrides::lock(&transaction).await?;
    let row = transaction.query_opt(FIND, &[&approval.id.0]).await?;
    let row = match row.map(|row| judged(&approval, row)).transpose()? {
        None => return Ok(ProposalAnswer::Refused(ProposalRefusal::NoProposal)),
        Some(Err(refusal)) => return Ok(ProposalAnswer::Refused(refusal)),
        Some(Ok(row)) => row,
    };
    let ProposalApproval { id, by, article, key, .. } = approval;
    let Some(written) = publish(&transaction, &row, article, by, id.0).await? else {
        return Ok(ProposalAnswer::Refused(ProposalRefusal::NoArticle));
    };
    transaction.execute(APPROVE, &[&id.0, &written, &by.0]).await?;
    transaction.execute(CLOSE_GAP, &[&row.try_get::<_, Option<Uuid>>("gap_id")?]).await?;
    audit(&transaction, by, "proposal.approved", id).await?;
    done(transaction, id, by, key.as_ref()).await
}

fn judged(approval: &ProposalApproval, row: Row) -> Result<Result<Row, ProposalRefusal>, CrmError> {
    Ok(if !row.try_get::<_, bool>("is_draft")? {
        Err(ProposalRefusal::NotDraft)
    } else if row.try_get::<_, i64>("revision")? != approval.revision {
        Err(ProposalRefusal::Edited)
    } else if !approval.force && !row.try_get::<_, bool>("has_run")? {
        Err(ProposalRefusal::NotRun)
    } else {
        Ok(row)
    })
}

/// Changes the article and writes its history. Returns its id; `None` if there is no such article.
async fn publish(
    transaction: &Transaction<'_>,
    row: &Row,
    article: Option<ArticleSection>,
    by: StaffId,
    proposal: Uuid,
) -> Result<Option<String>, CrmError> {
    let op: ProposalOp = word(row, "op")?;
    let (title, body): (Option<String>, Option<String>) = (row.try_get("title")?, row.try_get("body")?);
    let named: Option<String> = row.try_get("article_id")?;
    let change = match (op, article, named) {
        (ProposalOp::Create, Some(mut article), _) => {
            article.section.id = transaction.query_one(FREE_ID, &[&article.section.id]).await?.try_get(0)?;
            ArticleChange::Write(article)
        }
        (ProposalOp::Update, Some(article), Some(_)) => {
            if !transaction.query_one(EXISTS, &[&article.section.id]).await?.try_get::<_, bool>(0)? {
                return Ok(None);
            }
            ArticleChange::Write(article)
        }
        (ProposalOp::Delete, _, Some(id)) => ArticleChange::Remove(id),
        (ProposalOp::Create | ProposalOp::Update | ProposalOp::Delete, _, _) => {
            return Err(mismatch("an approval lacks its article"));
        }
    };
    let id = match &change {
        ArticleChange::Write(article) => article.section.id.clone(),
        ArticleChange::Remove(id) => id.clone(),
    };
    transaction.execute(FILED, &[&id]).await?;
    if !overrides::apply(transaction, &change, body.as_deref().unwrap_or_default()).await? {
        return Ok(None);
    }
    transaction.execute(REVISION, &[&id, &op.as_str(), &title, &body, &proposal, &by.0]).await?;
    Ok(Some(id))
}
