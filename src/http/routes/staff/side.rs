//! Handlers of side conversations with third parties.

use std::collections::BTreeSet;

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use actix_web::web::{Data, Path};
use serde_json::Value;

use super::action_forms::{TEXT_CHARS, emails, id};
use super::perform::{ActionRequest, id_of, incomplete};
use crate::channels::fields::{FieldMessage, FormFields, line, list, text};
use crate::clock;
use crate::domain::console::actions::StaffCommand;
use crate::domain::console::side::{MAX_FILES, MAX_RECIPIENTS, SideCommand, SideOpening};
use crate::domain::customers::contact::Email;
use crate::domain::ids::{AttachmentId, ConversationId, SideId, SideMessageId};
use crate::domain::validation::InvalidForm;
use crate::http::api::side::{
    SideConversation, SideMessageReceipt, SideMessageRequest, SideReceipt, SideRequest,
};
use crate::http::server::ask::call;
use crate::http::server::endpoint::{Access, Endpoint};
use crate::http::server::principal::AccessScope;
use crate::http::server::problem::Problem;
use crate::http::server::state::Shared;

const STAFF: Access = Access::Scope(AccessScope::Staff);
const SUBJECT_CHARS: std::ops::RangeInclusive<usize> = 1..=200;

pub fn endpoints() -> Vec<Endpoint> {
    vec![
        Endpoint::new(STAFF, __path_post_side, post_side),
        Endpoint::new(Access::Scope(AccessScope::Read), __path_get_side, get_side),
        Endpoint::new(STAFF, __path_post_side_message, post_side_message),
    ]
}

/// Asks third parties by mail, beside a conversation. Its customer never sees any of it.
#[utoipa::path(
    post,
    path = "/staff/conversations/{id}/side",
    request_body = SideRequest,
    params(
        ("id" = ConversationId, Path, description = "The conversation's id"),
        ("Idempotency-Key" = Option<String>, Header, description = "1 to 255 visible ASCII characters", max_length = 255),
    ),
    responses(
        (status = 201, description = "The mail is on its way.", body = SideReceipt),
        (status = 404, description = "There is no such conversation."),
        (status = 409, description = "`ticket_closed`."),
        (status = 422, description = "A field is wrong: a recipient is a customer, no e-mail is configured, or a file is not one that the account has uploaded."),
    ),
)]
async fn post_side(asked: ActionRequest, id: Path<String>) -> Result<HttpResponse, Problem> {
    let conversation = id_of(&id)?;
    let SideForm { to, subject, text, files } = side(&asked.body)?;
    let (side, message) = (clock::new_v7().into(), clock::new_v7().into());
    // The dispatcher knows whether mails can be sent.
    let opening = SideOpening { conversation, side, message, to, subject, text, files, has_mail: false };
    let command = StaffCommand::Side(SideCommand::Open(Box::new(opening)));
    let outcome = asked.perform(command, "to").await?;
    Ok(HttpResponse::Created().json(SideReceipt { side_id: outcome.side_id.ok_or_else(incomplete)? }))
}

/// Shows a side conversation.
#[utoipa::path(
    get,
    path = "/staff/side/{id}",
    params(("id" = SideId, Path, description = "The side conversation's id")),
    responses(
        (status = 200, description = "The side conversation.", body = SideConversation),
        (status = 404, description = "There is no such side conversation."),
    ),
)]
async fn get_side(id: Path<String>, shared: Data<Shared>) -> Result<HttpResponse, Problem> {
    let id: SideId = id_of(&id)?;
    let found = call(&shared.wires.side_conversations, move |sides| sides.side(id)).await?;
    let missing = || Problem::new(StatusCode::NOT_FOUND, "There is no such side conversation.");
    Ok(HttpResponse::Ok().json(SideConversation::from(found.ok_or_else(missing)?)))
}

/// Writes to the recipients of a side conversation again.
#[utoipa::path(
    post,
    path = "/staff/side/{id}/messages",
    request_body = SideMessageRequest,
    params(
        ("id" = SideId, Path, description = "The side conversation's id"),
        ("Idempotency-Key" = Option<String>, Header, description = "1 to 255 visible ASCII characters", max_length = 255),
    ),
    responses(
        (status = 201, description = "The mail is on its way.", body = SideMessageReceipt),
        (status = 404, description = "There is no such side conversation."),
        (status = 409, description = "`ticket_closed`."),
        (status = 422, description = "A field is wrong, or a recipient has become a customer."),
    ),
)]
async fn post_side_message(asked: ActionRequest, id: Path<String>) -> Result<HttpResponse, Problem> {
    let side = id_of(&id)?;
    let mut fields = FormFields::parse(&asked.body)?;
    let text = fields.required("text", |value| text(value, TEXT_CHARS));
    let files = fields.optional_value("files", files).unwrap_or_default();
    let text = fields.finish(text)?;
    let message = SideMessageId(clock::new_v7());
    let command = StaffCommand::Side(SideCommand::Write { side, message, text, files, has_mail: false });
    let outcome = asked.perform(command, "to").await?;
    let message_id = SideMessageId(outcome.message_id.ok_or_else(incomplete)?.0);
    Ok(HttpResponse::Created().json(SideMessageReceipt { message_id }))
}

struct SideForm {
    to: Vec<Email>,
    subject: String,
    text: String,
    files: Vec<AttachmentId>,
}

fn side(body: &[u8]) -> Result<SideForm, InvalidForm> {
    let mut fields = FormFields::parse(body)?;
    let to = fields.required_value("to", recipients);
    let subject = fields.required("subject", |value| line(value, SUBJECT_CHARS));
    let text = fields.required("text", |value| text(value, TEXT_CHARS));
    let files = fields.optional_value("files", files).unwrap_or_default();
    let read = to.zip(subject).zip(text);
    fields.finish(read.map(|((to, subject), text)| SideForm { to, subject, text, files }))
}

/// Each counts once.
fn files(value: Value) -> Result<Vec<AttachmentId>, FieldMessage> {
    let mut files = list(value, MAX_FILES, |value| id(value).map(AttachmentId))?;
    let mut seen = BTreeSet::new();
    files.retain(|file| seen.insert(*file));
    Ok(files)
}

/// One address, or a list of them; each counts once.
fn recipients(value: Value) -> Result<Vec<Email>, FieldMessage> {
    let value = if value.is_string() { Value::from(vec![value]) } else { value };
    let mut to: Vec<Email> = Vec::new();
    for address in emails(value)? {
        if !to.contains(&address) {
            to.push(address);
        }
    }
    if to.is_empty() || to.len() > MAX_RECIPIENTS { Err("must be 1 to 20 addresses".into()) } else { Ok(to) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn recipients_are_one_or_several_addresses_each_once() {
        let ann = Email::parse("ann@example.com").unwrap();
        let read = |value| recipients(value).ok();
        assert_eq!(read(Value::from("Ann@example.com")), Some(vec![ann.clone()]));
        let twice = Value::from(vec!["ann@example.com", "ann@example.com"]);
        assert_eq!(read(twice), Some(vec![ann]));
        for value in [Value::from(Vec::<Value>::new()), Value::from("x"), Value::from(7)] {
            assert_eq!(read(value.clone()), None, "{value}");
        }
    }
}
