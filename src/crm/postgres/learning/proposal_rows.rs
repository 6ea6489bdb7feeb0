//! Rows of proposals as views, and what each request about a proposal does: its key, its audit, its answer.

use deadpool_postgres::Transaction;
use serde_json::json;
use tokio_postgres::Row;
use tokio_postgres::types::Json;
use uuid::Uuid;

use super::super::console::request_keys::{self, EarlierRequest};
use super::super::rows::{optional_word, word};
use crate::crm::port::CrmError;
use crate::domain::console::actions::RequestKey;
use crate::domain::console::detail::PersonRef;
use crate::domain::enums::RunState;
use crate::domain::ids::{ConversationId, GapId, MessageId, ProposalId, StaffId};
use crate::domain::learning::proposals::{
    ChangedAnswer, ProposalAnswer, ProposalContent, ProposalRefusal, ProposalView, RunView,
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

pub(super) const LIST: &str = views!(
    "where ($1::text is null or p.state = $1) \
       and ($2::uuid is null or (p.created_at, p.id) < ( \
            (select a.created_at from knowledge_proposals a where a.id = $2), $2)) \
     order by p.created_at desc, p.id desc limit $3"
);
const FIND: &str = views!("where p.id = $1");
const AUDIT: &str = "\
insert into audit_log (actor, action, subject_kind, subject_id) values ($1, $2, 'proposal', $3)";
const CHANGED: &str = "\
select c.message_id, m.conversation_id, left(m.content, 2000) as question, c.answer_before, c.answer_after \
from knowledge_run_cases c join messages m on m.id = c.message_id \
where c.proposal_id = $1 and c.is_changed order by c.position";

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
        run.changed = changed(transaction, id).await?;
    }
    Ok(Some(view))
}

pub(super) fn view(row: &Row) -> Result<ProposalView, CrmError> {
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
            Some(state) => Some(run_view(row, state)?),
            None => None,
        },
    })
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

/// The answer that a request with this key got before.
pub(super) async fn earlier(
    transaction: &Transaction<'_>,
    by: StaffId,
    key: Option<&RequestKey>,
) -> Result<Option<ProposalAnswer>, CrmError> {
    let Some(key) = key else {
        return Ok(None);
    };
    match request_keys::take(transaction, by, key).await? {
        None => Ok(None),
        Some(EarlierRequest::Different) => Ok(Some(ProposalAnswer::KeyReused)),
        Some(EarlierRequest::Answered(packed)) => {
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
    if let Some(key) = key {
        request_keys::keep(&transaction, by, key, &json!({"proposal": id})).await?;
    }
    let view = shown(&transaction, id).await?;
    transaction.commit().await?;
    Ok(view.map_or(ProposalAnswer::Refused(ProposalRefusal::NoProposal), |view| {
        ProposalAnswer::Done(Box::new(view))
    }))
}

/// The figures of a run, from a row of a proposal.
fn run_view(row: &Row, state: RunState) -> Result<RunView, CrmError> {
    Ok(RunView {
        state,
        cases: row.try_get("cases")?,
        asked: row.try_get("asked")?,
        changed_count: row.try_get("changed")?,
        changed: Vec::new(),
    })
}

async fn changed(
    transaction: &Transaction<'_>,
    proposal: ProposalId,
) -> Result<Vec<ChangedAnswer>, CrmError> {
    let rows = transaction.query(CHANGED, &[&proposal.0]).await?;
    rows.iter()
        .map(|row| {
            Ok(ChangedAnswer {
                message: MessageId(row.try_get("message_id")?),
                conversation: ConversationId(row.try_get("conversation_id")?),
                question: row.try_get("question")?,
                before: row.try_get("answer_before")?,
                after: row.try_get("answer_after")?,
            })
        })
        .collect()
}
