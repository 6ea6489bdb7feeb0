//! Actions of staff: each is one function, called in one transaction with the key of its request. A refused action leaves
//! nothing behind.

use deadpool_postgres::{Pool, Transaction};
use serde::Deserialize;
use serde_json::Value;
use tokio_postgres::types::Json;
use uuid::Uuid;

use super::super::PgStore;
use super::super::rows::mismatch;
use super::super::{quality, webhooks};
use super::detail::messages;
use super::macros;
use super::rearrangements::{call_side, rearrange};
use super::request_keys::{self, EarlierRequest};
use super::saved_views;
use crate::crm::port::{CrmError, StaffActions, StoreFuture};
use crate::domain::console::actions::{
    ActionConflict, ActionOutcome, ActionRefusal, ConversationChange, DraftChange, MAX_TAGS, RESOLVED_NOTE,
    StaffAnswer, StaffCommand, StaffNote, StaffOrder, StaffReply,
};
use crate::domain::console::detail::PersonRef;
use crate::domain::customers::contact::Email;
use crate::domain::enums::{Channel, Priority, Severity, StaffRole};
use crate::domain::ids::StaffId;
use crate::domain::messages::delivery::{FREE_TEXT_MARGIN, FREE_TEXT_WINDOW};

const CLAIM: &str = "select claim_conversation($1, $2, $3, $4)";
const RELEASE: &str = "select release_conversation($1, $2, $3)";
const REOPEN: &str = "select reopen_conversation($1, $2)";
const REPLY: &str = "\
select reply_to_customer($1, $2, $3, $4, $5, $6, $7, $8, $9, make_interval(secs => $10), $11, $12, \
                         make_interval(secs => $13), $14, make_interval(secs => $15), $16, $17)";
const CANCEL: &str = "select cancel_reply($1, $2, $3)";
const NOTE: &str = "select add_note($1, $2, $3, $4, $5)";
const HAND_BACK: &str = "select hand_back($1, $2, $3)";
const RESOLVE: &str = "select resolve_conversation($1, $2, $3, $4, $5)";
const SNOOZE: &str = "select snooze_conversation($1, $2, $3)";
const WATCH: &str = "select watch_conversation($1, $2, $3)";
const CHANGE: &str = "select change_conversation($1, $2, $3, $4, $5, $6, $7)";
const RETRY: &str = "select retry_parked($1, $2)";
const DISMISS: &str = "select dismiss_parked($1, $2)";
const RESEND: &str = "select resend_delivery($1, $2, $3, $4)";
const JUDGE: &str = "select judge_message($1, $2, $3, $4)";
const REVOKE: &str = "select revoke_link($1, $2)";
const CHANGE_CUSTOMER: &str = "select change_customer($1, $2, $3, $4)";
const KEEP_DRAFT: &str = "select keep_draft($1, $2, $3, $4, $5, $6, $7)";

impl StaffActions for PgStore {
    fn perform(&self, order: StaffOrder) -> StoreFuture<Result<StaffAnswer, CrmError>> {
        Box::pin(perform(self.pools.general.clone(), order))
    }
}

async fn perform(pool: Pool, order: StaffOrder) -> Result<StaffAnswer, CrmError> {
    let mut client = pool.get().await?;
    let transaction = client.transaction().await?;
    if let Some(key) = &order.key
        && let Some(earlier) = request_keys::take(&transaction, order.actor, key).await?
    {
        return match earlier {
            EarlierRequest::Different => Ok(StaffAnswer::KeyReused),
            EarlierRequest::Answered(packed) => answer(&transaction, &packed).await,
        };
    }
    let Json(packed) = call(&transaction, &order).await?;
    let answer = answer(&transaction, &packed).await?;
    if let StaffAnswer::Done(_) = answer {
        if let Some(key) = &order.key {
            request_keys::keep(&transaction, order.actor, key, &packed).await?;
        }
        transaction.commit().await?;
    }
    Ok(answer)
}

pub(super) async fn call(transaction: &Transaction<'_>, order: &StaffOrder) -> Result<Json<Value>, CrmError> {
    use StaffCommand::{CancelReply, Release};
    let (actor, is_admin) = (order.actor.0, order.role == StaffRole::Admin);
    let row = match &order.command {
        StaffCommand::Claim { conversation, force } => {
            transaction.query_one(CLAIM, &[&conversation.0, &actor, &actor, force]).await?
        }
        StaffCommand::Assign { conversation, to, force } => {
            transaction.query_one(CLAIM, &[&conversation.0, &actor, &to.0, force]).await?
        }
        Release { conversation: id } => transaction.query_one(RELEASE, &[&id.0, &actor, &is_admin]).await?,
        StaffCommand::Reopen { conversation: id } => transaction.query_one(REOPEN, &[&id.0, &actor]).await?,
        StaffCommand::Reply(reply) => return call_reply(transaction, order.actor, reply).await,
        CancelReply { message: id } => transaction.query_one(CANCEL, &[&id.0, &actor, &is_admin]).await?,
        StaffCommand::Note(note) => return call_note(transaction, order.actor, note).await,
        StaffCommand::HandBack { conversation, instruction } => {
            transaction.query_one(HAND_BACK, &[&conversation.0, &actor, instruction]).await?
        }
        StaffCommand::Resolve { conversation: id, note, seen } => {
            transaction.query_one(RESOLVE, &[&id.0, &actor, &note.0, &RESOLVED_NOTE, &seen.0]).await?
        }
        StaffCommand::Change(change) => return call_change(transaction, order.actor, change).await,
        StaffCommand::SavedView(view) => return saved_views::perform(transaction, order, view).await,
        StaffCommand::Snooze { .. }
        | StaffCommand::Watch { .. }
        | StaffCommand::RetryParked { .. }
        | StaffCommand::DismissParked { .. }
        | StaffCommand::Resend { .. }
        | StaffCommand::Judge { .. }
        | StaffCommand::RevokeLink { .. }
        | StaffCommand::ChangeCustomer { .. }
        | StaffCommand::KeepDraft(_)
        | StaffCommand::Rearrange(_)
        | StaffCommand::Side(_)
        | StaffCommand::AddMacro { .. }
        | StaffCommand::ReviewReply(_)
        | StaffCommand::Webhook(_) => return call_tool(transaction, actor, &order.command).await,
    };
    Ok(row.try_get(0)?)
}

/// The actions that leave the owner of the conversation, except that a parked message goes back to the bot.
async fn call_tool(
    transaction: &Transaction<'_>,
    actor: Uuid,
    command: &StaffCommand,
) -> Result<Json<Value>, CrmError> {
    use StaffCommand::{DismissParked, RevokeLink, Watch};
    let row = match command {
        StaffCommand::Snooze { conversation, until } => {
            transaction.query_one(SNOOZE, &[&conversation.0, &actor, until]).await?
        }
        Watch { conversation: id, on } => transaction.query_one(WATCH, &[&id.0, &actor, on]).await?,
        StaffCommand::RetryParked { parked } => transaction.query_one(RETRY, &[&parked.0, &actor]).await?,
        DismissParked { parked: id } => transaction.query_one(DISMISS, &[&id.0, &actor]).await?,
        StaffCommand::Resend { delivery, new, to } => {
            transaction.query_one(RESEND, &[&delivery.0, &actor, &new.0, to]).await?
        }
        StaffCommand::Judge { message, verdict, comment } => {
            transaction.query_one(JUDGE, &[&message.0, &actor, &verdict.as_str(), comment]).await?
        }
        RevokeLink { conversation: id } => transaction.query_one(REVOKE, &[&id.0, &actor]).await?,
        StaffCommand::ChangeCustomer { customer, name, plan } => {
            transaction.query_one(CHANGE_CUSTOMER, &[&customer.0, &actor, name, plan]).await?
        }
        StaffCommand::KeepDraft(draft) => return call_draft(transaction, actor, draft).await,
        StaffCommand::Rearrange(command) => return rearrange(transaction, actor, command).await,
        StaffCommand::Side(command) => return call_side(transaction, actor, command).await,
        StaffCommand::AddMacro { id, content } => return macros::add(transaction, *id, actor, content).await,
        StaffCommand::ReviewReply(scorecard) => return quality::review(transaction, actor, scorecard).await,
        StaffCommand::Webhook(command) => return webhooks::perform(transaction, actor, command).await,
        StaffCommand::Claim { .. }
        | StaffCommand::Assign { .. }
        | StaffCommand::Release { .. }
        | StaffCommand::Reopen { .. }
        | StaffCommand::Reply(_)
        | StaffCommand::CancelReply { .. }
        | StaffCommand::Note(_)
        | StaffCommand::HandBack { .. }
        | StaffCommand::Resolve { .. }
        | StaffCommand::SavedView(_)
        | StaffCommand::Change(_) => return Err(mismatch("an action without a function")),
    };
    Ok(row.try_get(0)?)
}

async fn call_draft(
    transaction: &Transaction<'_>,
    actor: Uuid,
    draft: &DraftChange,
) -> Result<Json<Value>, CrmError> {
    let DraftChange { conversation, text, channel, cc, bcc, revision } = draft;
    let (channel, cc, bcc) = (channel.map(Channel::as_str), addresses(cc), addresses(bcc));
    let row = transaction
        .query_one(KEEP_DRAFT, &[&conversation.0, &actor, text, &channel, &cc, &bcc, revision])
        .await?;
    Ok(row.try_get(0)?)
}

async fn call_note(
    transaction: &Transaction<'_>,
    actor: StaffId,
    note: &StaffNote,
) -> Result<Json<Value>, CrmError> {
    let StaffNote { conversation, message, text, mentions } = note;
    let mentions: Vec<Uuid> = mentions.iter().map(|staff| staff.0).collect();
    let row = transaction.query_one(NOTE, &[&conversation.0, &actor.0, &message.0, text, &mentions]).await?;
    Ok(row.try_get(0)?)
}

fn addresses(emails: &Option<Vec<Email>>) -> Option<Json<Vec<String>>> {
    emails.as_ref().map(|emails| Json(emails.iter().map(|email| email.as_str().to_owned()).collect()))
}

async fn call_reply(
    transaction: &Transaction<'_>,
    actor: StaffId,
    reply: &StaffReply,
) -> Result<Json<Value>, CrmError> {
    let channels: Vec<&str> = reply.channels.iter().map(|channel| channel.as_str()).collect();
    let row = transaction
        .query_one(
            REPLY,
            &[
                &reply.conversation.0,
                &actor.0,
                &reply.message.0,
                &reply.delivery.0,
                &reply.text,
                &reply.seen.0,
                &reply.channel.map(Channel::as_str),
                &addresses(&reply.cc),
                &addresses(&reply.bcc),
                &reply.delay.map(|delay| delay.as_secs_f64()),
                &reply.resolves,
                &reply.force,
                &reply.usual_delay.as_secs_f64(),
                &channels,
                &(FREE_TEXT_WINDOW - FREE_TEXT_MARGIN).as_secs_f64(),
                &reply.suggestion.map(|suggestion| suggestion.0),
                &(!reply.sources.is_empty()).then_some(Json(&reply.sources)),
            ],
        )
        .await?;
    Ok(row.try_get(0)?)
}

async fn call_change(
    transaction: &Transaction<'_>,
    actor: StaffId,
    change: &ConversationChange,
) -> Result<Json<Value>, CrmError> {
    let ConversationChange { conversation, priority, severity, add_tags, remove_tags } = change;
    let (priority, severity) = (priority.map(Priority::as_str), severity.map(Severity::as_str));
    let max_tags = i32::try_from(MAX_TAGS).unwrap_or(i32::MAX);
    let row = transaction
        .query_one(
            CHANGE,
            &[&conversation.0, &actor.0, &priority, &severity, add_tags, remove_tags, &max_tags],
        )
        .await?;
    Ok(row.try_get(0)?)
}

/// A function's answer beside what it has done.
#[derive(Deserialize)]
struct PackedAnswer {
    verdict: String,
    assignee: Option<PersonRef>,
    unseen: Option<Vec<Uuid>>,
}

async fn answer(transaction: &Transaction<'_>, packed: &Value) -> Result<StaffAnswer, CrmError> {
    let PackedAnswer { verdict, assignee, unseen } = PackedAnswer::deserialize(packed).map_err(mismatch)?;
    let refusal = match verdict.as_str() {
        "done" => {
            let outcome = ActionOutcome::deserialize(packed).map_err(mismatch)?;
            return Ok(StaffAnswer::Done(Box::new(outcome)));
        }
        "claimed" => ActionRefusal::Claimed(assignee.ok_or_else(|| mismatch("claimed without an assignee"))?),
        "unseen_messages" => ActionRefusal::Unseen(messages(transaction, &unseen.unwrap_or_default()).await?),
        other => refusal(other).ok_or_else(|| mismatch(format!("a verdict `{other}`")))?,
    };
    Ok(StaffAnswer::Refused(Box::new(refusal)))
}

fn refusal(verdict: &str) -> Option<ActionRefusal> {
    Some(match verdict {
        "no_conversation" => ActionRefusal::NoConversation,
        "no_message" => ActionRefusal::NoMessage,
        "not_shown" => ActionRefusal::UnknownSeen,
        "ticket_closed" => ActionRefusal::Conflict(ActionConflict::TicketClosed),
        "resolved" => ActionRefusal::Conflict(ActionConflict::Resolved),
        "not_resolved" => ActionRefusal::Conflict(ActionConflict::NotResolved),
        "not_in_human_hands" => ActionRefusal::Conflict(ActionConflict::NotInHumanHands),
        "no_staff" => ActionRefusal::UnknownStaff,
        "unconfigured" => ActionRefusal::UnconfiguredChannel,
        "no_copies" => ActionRefusal::NoCopies,
        "no_delay" => ActionRefusal::NoDelay,
        "no_address" => ActionRefusal::NoAddress,
        "window_closed" => ActionRefusal::Conflict(ActionConflict::WindowClosed),
        "opted_out" => ActionRefusal::Conflict(ActionConflict::OptedOut),
        "already_sent" => ActionRefusal::Conflict(ActionConflict::AlreadySent),
        "changed" => ActionRefusal::Conflict(ActionConflict::Changed),
        "forbidden" => ActionRefusal::NotTheAuthor,
        "past" => ActionRefusal::Past,
        "too_many_tags" => ActionRefusal::TooManyTags,
        "no_suggestion" => ActionRefusal::NoSuggestion,
        "suggestion_retired" => ActionRefusal::Conflict(ActionConflict::SuggestionRetired),
        "no_parked" => ActionRefusal::NoParked,
        "answered" => ActionRefusal::Conflict(ActionConflict::Answered),
        "no_delivery" => ActionRefusal::NoDelivery,
        "not_failed" => ActionRefusal::Conflict(ActionConflict::NotFailed),
        "not_theirs" => ActionRefusal::NotTheirs,
        "not_the_bots" => ActionRefusal::NotTheBots,
        "no_customer" => ActionRefusal::NoCustomer,
        "no_webhook" => ActionRefusal::NoWebhook,
        "no_webhook_delivery" => ActionRefusal::NoWebhookDelivery,
        "too_many_webhooks" => ActionRefusal::Conflict(ActionConflict::TooManyWebhooks),
        "webhook_disabled" => ActionRefusal::Conflict(ActionConflict::WebhookDisabled),
        "stale_draft" => ActionRefusal::Conflict(ActionConflict::StaleDraft),
        _ => return rearrangement_refusal(verdict),
    })
}

fn rearrangement_refusal(verdict: &str) -> Option<ActionRefusal> {
    Some(match verdict {
        "no_merge" => ActionRefusal::NoMerge,
        "no_side" => ActionRefusal::NoSide,
        "no_target" => ActionRefusal::NoTarget,
        "other_customer" => ActionRefusal::OtherCustomer,
        "unknown_messages" => ActionRefusal::UnknownMessages,
        "nothing_to_split" => ActionRefusal::NothingToSplit,
        "no_mail" => ActionRefusal::NoMail,
        "no_files" => ActionRefusal::UnknownFiles,
        "is_customer" => ActionRefusal::IsCustomer,
        "already_merged" => ActionRefusal::Conflict(ActionConflict::AlreadyMerged),
        "both_open" => ActionRefusal::Conflict(ActionConflict::BothOpen),
        "merged_since" => ActionRefusal::Conflict(ActionConflict::MergedSince),
        "conversations_merged" => ActionRefusal::Conflict(ActionConflict::ConversationsMerged),
        "not_merged" => ActionRefusal::Conflict(ActionConflict::NotMerged),
        _ => return view_refusal(verdict),
    })
}

/// Of saved views and quality reviews.
fn view_refusal(verdict: &str) -> Option<ActionRefusal> {
    Some(match verdict {
        "no_view" => ActionRefusal::NoView,
        "view_name_taken" => ActionRefusal::Conflict(ActionConflict::ViewNameTaken),
        "too_many_views" => ActionRefusal::Conflict(ActionConflict::TooManyViews),
        "no_reply" => ActionRefusal::NoReply,
        "own_reply" => ActionRefusal::Conflict(ActionConflict::OwnReply),
        _ => return None,
    })
}
