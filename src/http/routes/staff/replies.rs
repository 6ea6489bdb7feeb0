//! Handlers of what staff write: replies to customers, taking one back, and notes.

use actix_web::HttpResponse;
use actix_web::web::Path;

use super::action_forms::{self, NoteForm, ReplyForm};
use super::perform::{ActionRequest, id_of, incomplete, receipt, state};
use crate::clock;
use crate::domain::console::actions::{StaffCommand, StaffNote, StaffReply, USUAL_DELAY};
use crate::domain::ids::{ConversationId, MessageId};
use crate::http::api::actions::{
    CancelledReply, EmptyRequest, NoteReceipt, NoteRequest, ReplyReceipt, ReplyRequest,
};
use crate::http::server::endpoint::{Access, Endpoint};
use crate::http::server::principal::AccessScope;
use crate::http::server::problem::Problem;

const STAFF: Access = Access::Scope(AccessScope::Staff);

pub fn endpoints() -> Vec<Endpoint> {
    vec![
        Endpoint::new(STAFF, __path_post_reply, post_reply),
        Endpoint::new(STAFF, __path_post_cancel, post_cancel),
        Endpoint::new(STAFF, __path_post_note, post_note),
    ]
}

/// Replies to the customer.
///
/// It takes the conversation over as a claim does, and answers everything up to `seen_through`. Until `send_at` it can be
/// taken back, and the customer sees neither it nor the new status.
#[utoipa::path(
    post,
    path = "/staff/conversations/{id}/reply",
    request_body = ReplyRequest,
    params(
        ("id" = ConversationId, Path, description = "The conversation's id"),
        ("Idempotency-Key" = Option<String>, Header, description = "1 to 255 visible ASCII characters", max_length = 255),
    ),
    responses(
        (status = 201, description = "The reply is stored.", body = ReplyReceipt),
        (status = 404, description = "There is no such conversation."),
        (status = 409, description = "`unseen_messages`: there are newer ones (see `unseen`); `claimed`: another account \
            has it (see `assignee`); `window_closed`; `opted_out`; `ticket_closed`."),
        (status = 422, description = "A field is wrong: the channel is not configured, or the customer has no address \
            there."),
    ),
)]
async fn post_reply(asked: ActionRequest, id: Path<String>) -> Result<HttpResponse, Problem> {
    let conversation = id_of(&id)?;
    let command = StaffCommand::Reply(Box::new(staff_reply(conversation, action_forms::reply(&asked.body)?)));
    let mut outcome = asked.perform(command, "staff_id").await?;
    Ok(HttpResponse::Created().json(ReplyReceipt {
        message_id: outcome.message_id.ok_or_else(incomplete)?,
        send_at: outcome.send_at.ok_or_else(incomplete)?,
        state: state(&mut outcome)?,
        receipt: receipt(&mut outcome)?,
    }))
}

fn staff_reply(conversation: ConversationId, form: ReplyForm) -> StaffReply {
    let ReplyForm { text, seen, channel, cc, bcc, delay, resolves, suggestion, force } = form;
    StaffReply {
        conversation,
        message: clock::new_v7().into(),
        delivery: clock::new_v7().into(),
        text,
        seen,
        channel,
        cc,
        bcc,
        delay,
        usual_delay: USUAL_DELAY,
        resolves,
        suggestion,
        sources: Vec::new(),
        force,
        // The dispatcher knows them.
        channels: Vec::new(),
    }
}

/// Takes a reply back before it leaves.
///
/// Its author has the conversation again, and what it had answered waits again.
#[utoipa::path(
    post,
    path = "/staff/messages/{id}/cancel",
    request_body = EmptyRequest,
    params(
        ("id" = MessageId, Path, description = "The reply's id"),
        ("Idempotency-Key" = Option<String>, Header, description = "1 to 255 visible ASCII characters", max_length = 255),
    ),
    responses(
        (status = 200, description = "It is not sent.", body = CancelledReply),
        (status = 404, description = "There is no such reply of staff."),
        (status = 409, description = "`already_sent`: it is being sent, or was; `changed`: hands or the turn have changed \
            since; `ticket_closed`."),
    ),
)]
async fn post_cancel(asked: ActionRequest, id: Path<String>) -> Result<HttpResponse, Problem> {
    let message = id_of(&id)?;
    action_forms::nothing(&asked.body)?;
    let command = StaffCommand::CancelReply { message };
    let mut outcome = asked.perform(command, "staff_id").await?;
    let text = outcome.text.take().ok_or_else(incomplete)?;
    Ok(HttpResponse::Ok().json(CancelledReply { text, state: state(&mut outcome)? }))
}

/// Adds a note, which staff alone see; a closed ticket takes notes too.
#[utoipa::path(
    post,
    path = "/staff/conversations/{id}/note",
    request_body = NoteRequest,
    params(
        ("id" = ConversationId, Path, description = "The conversation's id"),
        ("Idempotency-Key" = Option<String>, Header, description = "1 to 255 visible ASCII characters", max_length = 255),
    ),
    responses(
        (status = 201, description = "The note is stored.", body = NoteReceipt),
        (status = 404, description = "There is no such conversation."),
    ),
)]
async fn post_note(asked: ActionRequest, id: Path<String>) -> Result<HttpResponse, Problem> {
    let conversation = id_of(&id)?;
    let NoteForm { text, mentions } = action_forms::note(&asked.body)?;
    let note = StaffNote { conversation, message: clock::new_v7().into(), text, mentions };
    let outcome = asked.perform(StaffCommand::Note(Box::new(note)), "mentions").await?;
    Ok(HttpResponse::Created().json(NoteReceipt { message_id: outcome.message_id.ok_or_else(incomplete)? }))
}
