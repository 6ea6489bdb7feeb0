//! Carries out staff's actions for their handlers, with the `Idempotency-Key` of the request, and says why one was
//! refused.

use actix_web::http::{Method, StatusCode};
use actix_web::web::{Bytes, Data, Payload};
use actix_web::{FromRequest, HttpMessage, HttpRequest, dev};
use futures_util::FutureExt;
use futures_util::future::LocalBoxFuture;
use serde_json::Value;

use crate::actors::messages::PerformAction;
use crate::channels::fields::visible_ascii;
use crate::channels::web_form::IDEMPOTENCY_KEY;
use crate::domain::console::actions::{
    ActionConflict, ActionOutcome, ActionRefusal, RequestKey, StaffAnswer, StaffCommand, StaffOrder,
};
use crate::domain::enums::StaffRole;
use crate::domain::ids::StaffId;
use crate::domain::validation::FieldError;
use crate::http::api::actions::{BotReceipt, ConversationState, TakeOver};
use crate::http::api::conversations::StaffMessage;
use crate::http::routes::path_id;
use crate::http::server::ask::ask_once;
use crate::http::server::body;
use crate::http::server::idempotency::{idempotency_key, key_reused};
use crate::http::server::principal::Principal;
use crate::http::server::problem::Problem;
use crate::http::server::session_cookie::digest;
use crate::http::server::state::Shared;

/// A request for an action, with its body read: who asks for what. A `DELETE` has no body.
pub struct ActionRequest {
    pub body: Bytes,
    pub shared: Data<Shared>,
    request: HttpRequest,
    principal: Principal,
}

impl FromRequest for ActionRequest {
    type Error = Problem;
    type Future = LocalBoxFuture<'static, Result<Self, Problem>>;

    fn from_request(request: &HttpRequest, payload: &mut dev::Payload) -> Self::Future {
        let (request, body) = (request.clone(), Payload::from_request(request, payload));
        async move {
            let principal =
                request.extensions().get::<Principal>().cloned().ok_or_else(Problem::unauthorized)?;
            let shared = request.app_data::<Data<Shared>>().cloned().ok_or_else(Problem::unauthorized)?;
            let body = body.await.map_err(|_| Problem::internal("a request has no payload"))?;
            let body = match *request.method() {
                Method::DELETE => Bytes::new(),
                _ => body::read_json(&request, body, &shared).await?,
            };
            Ok(Self { body, shared, request, principal })
        }
        .boxed_local()
    }
}

impl ActionRequest {
    /// Refuses whoever is no admin.
    pub fn admin(&self) -> Result<(), Problem> {
        admin(&self.request).map(drop)
    }

    /// Who asks.
    pub fn principal(&self) -> &Principal {
        &self.principal
    }

    /// The `Idempotency-Key` of the request, if it has one.
    pub fn key(&self) -> Result<Option<RequestKey>, Problem> {
        request_key(&self.request, &self.body)
    }

    /// Carries the command out, once for each `Idempotency-Key`; `field` is that which names accounts.
    pub async fn perform(
        &self,
        command: StaffCommand,
        field: &'static str,
    ) -> Result<ActionOutcome, Problem> {
        let key = self.key()?;
        let order = StaffOrder { actor: self.principal.id, role: self.principal.role, key, command };
        match ask_once(&self.shared.wires.perform, |reply| PerformAction { order, reply }).await? {
            StaffAnswer::Done(outcome) => Ok(*outcome),
            StaffAnswer::Refused(refusal) => Err(refused(*refusal, field)),
            StaffAnswer::KeyReused => Err(key_reused()),
        }
    }
}

/// Refuses whoever is no admin.
pub fn admin(request: &HttpRequest) -> Result<StaffId, Problem> {
    match request.extensions().get::<Principal>() {
        Some(Principal { role: StaffRole::Admin, id, .. }) => Ok(*id),
        Some(Principal { role: StaffRole::Agent, .. }) => Err(Problem::not_admin()),
        None => Err(Problem::unauthorized()),
    }
}

/// The key of a POST. White space and the order of members do not make another body.
pub fn request_key(request: &HttpRequest, body: &[u8]) -> Result<Option<RequestKey>, Problem> {
    let Some(key) = idempotency_key(request.headers()).filter(|_| request.method() == Method::POST) else {
        return Ok(None);
    };
    let key = visible_ascii(&key, 1..=255)
        .map_err(|error| Problem::invalid(vec![FieldError::new(IDEMPOTENCY_KEY, error)]))?;
    let canonical = serde_json::from_slice::<Value>(body).unwrap_or_default().to_string();
    Ok(Some(RequestKey {
        path: request.path().to_owned(),
        key: key.to_owned(),
        fingerprint: digest(&canonical),
    }))
}

/// The id in the path; a malformed one is that of nothing.
pub fn id_of<T: From<uuid::Uuid>>(text: &str) -> Result<T, Problem> {
    path_id::parse(text).map(T::from).ok_or_else(|| missing("There is nothing with such an id."))
}

/// What an action has not answered, although it should.
pub fn incomplete() -> Problem {
    Problem::internal("an action of staff has an incomplete answer")
}

pub fn state(outcome: &mut ActionOutcome) -> Result<ConversationState, Problem> {
    outcome.state.take().map(ConversationState::from).ok_or_else(incomplete)
}

pub fn receipt(outcome: &mut ActionOutcome) -> Result<BotReceipt, Problem> {
    outcome.receipt.take().map(BotReceipt::from).ok_or_else(incomplete)
}

pub fn take_over(mut outcome: ActionOutcome) -> Result<TakeOver, Problem> {
    Ok(TakeOver { state: state(&mut outcome)?, receipt: receipt(&mut outcome)? })
}

fn missing(detail: &'static str) -> Problem {
    Problem::new(StatusCode::NOT_FOUND, detail)
}

fn invalid(field: &'static str, message: &'static str) -> Problem {
    Problem::invalid(vec![FieldError::new(field, message)])
}

fn refused(refusal: ActionRefusal, field: &'static str) -> Problem {
    match refusal {
        ActionRefusal::NoConversation => missing("There is no such conversation."),
        ActionRefusal::NoMessage => missing("There is no such message of staff."),
        ActionRefusal::NoParked => missing("There is no such parked message."),
        ActionRefusal::NoDelivery => missing("There is no such delivery."),
        ActionRefusal::NotTheBots => missing("There is no such message of the bot."),
        ActionRefusal::NoCustomer => missing("There is no such customer."),
        ActionRefusal::NoMerge => missing("There is no such merge."),
        ActionRefusal::NoSide => missing("There is no such side conversation."),
        ActionRefusal::NoWebhook => missing("There is no such webhook."),
        ActionRefusal::NoWebhookDelivery => missing("There is no such delivery of a webhook."),
        ActionRefusal::NoView => missing("There is no such view."),
        ActionRefusal::NoReply => missing("There is no such reply that a customer got."),
        ActionRefusal::NotTheAuthor => {
            Problem::new(StatusCode::FORBIDDEN, "Only its author and admins may do this.")
        }
        ActionRefusal::Claimed(assignee) => Problem::claimed(assignee.into()),
        ActionRefusal::Unseen(messages) => {
            Problem::unseen(messages.into_iter().map(StaffMessage::from).collect())
        }
        ActionRefusal::Conflict(conflict) => conflicting(conflict),
        ActionRefusal::UnknownStaff => invalid(field, "is no active account"),
        ActionRefusal::UnknownSeen => invalid("seen_through", "is no public message of this conversation"),
        ActionRefusal::UnconfiguredChannel => invalid("channel", "is not configured"),
        ActionRefusal::NoAddress => invalid("channel", "the customer has no proven address there"),
        ActionRefusal::NoCopies => invalid("cc", "only e-mail has copies"),
        ActionRefusal::NoDelay => invalid("send_after_seconds", "must be 0 by WhatsApp"),
        ActionRefusal::NoSuggestion => invalid("suggestion_id", "is no suggestion for this conversation"),
        ActionRefusal::NotTheirs => invalid(field, "is no address of this customer on that channel"),
        ActionRefusal::Past => invalid("until", "must be in the future"),
        ActionRefusal::TooManyTags => invalid("add_tags", "a conversation has at most 20 tags"),
        ActionRefusal::NoTarget => invalid(field, "must be another one that exists"),
        ActionRefusal::OtherCustomer => invalid(field, "belongs to another customer"),
        ActionRefusal::UnknownMessages => invalid(field, "must be messages of this conversation"),
        ActionRefusal::NothingToSplit => invalid(field, "must leave a message of the customer on both sides"),
        ActionRefusal::NoMail => invalid("to", "needs e-mail, which is not configured"),
        ActionRefusal::UnknownFiles => invalid("files", "must be unsent uploads of yours, at most 15 MiB"),
        ActionRefusal::IsCustomer => invalid("to", "must not be a customer"),
    }
}

const VIEW_NAME_TAKEN: &str = "There is a view with this name; choose another name, or change that view.";
const TOO_MANY_VIEWS: &str = "You have as many views as you may have; remove one first.";
const TOO_MANY_WEBHOOKS: &str = "There are as many webhooks as there may be; remove one first.";

/// The answer to what the state of a conversation or message does not allow.
pub fn conflicting(reason: ActionConflict) -> Problem {
    let (code, detail) = match reason {
        ActionConflict::TicketClosed => ("ticket_closed", "This ticket is closed."),
        ActionConflict::Resolved => ("resolved", "This ticket is resolved; reopen it first."),
        ActionConflict::NotResolved => ("not_resolved", "This ticket is not resolved."),
        ActionConflict::NotInHumanHands => ("not_in_human_hands", "The bot has this conversation."),
        ActionConflict::WindowClosed => {
            ("window_closed", "The customer has not written for 24 hours; WhatsApp takes no free text.")
        }
        ActionConflict::OptedOut => ("opted_out", "The customer wants no messages on this channel."),
        ActionConflict::AlreadySent => ("already_sent", "The reply is being sent, or was."),
        ActionConflict::Changed => {
            ("changed", "The conversation has changed hands since the reply, or a turn has begun.")
        }
        ActionConflict::SuggestionRetired => {
            ("suggestion_retired", "There is a newer message than those that the suggestion answers.")
        }
        ActionConflict::Answered => ("answered", "Staff have replied since; there is nothing to retry."),
        ActionConflict::NotFailed => ("not_failed", "The delivery has not failed, or is sent again already."),
        ActionConflict::TooManyWebhooks => ("too_many_webhooks", TOO_MANY_WEBHOOKS),
        ActionConflict::WebhookDisabled => {
            ("webhook_disabled", "Its receiver wants no more events; remove the webhook and add it again.")
        }
        ActionConflict::ViewNameTaken => ("name_taken", VIEW_NAME_TAKEN),
        ActionConflict::TooManyViews => ("too_many_views", TOO_MANY_VIEWS),
        ActionConflict::OwnReply => ("own_reply", "This reply is your own; others review it."),
        ActionConflict::StaleDraft => ("stale_draft", "Another window has changed this draft."),
        ActionConflict::AlreadyMerged => ("already_merged", "One of the customers is merged already."),
        ActionConflict::BothOpen => {
            ("both_open", "Both have an open conversation; resolve one of them first.")
        }
        ActionConflict::MergedSince => ("merged_since", "A later merge has to be undone first."),
        ActionConflict::ConversationsMerged => {
            ("conversations_merged", "Conversations of the two are merged; separate these first.")
        }
        ActionConflict::NotMerged => ("not_merged", "This conversation is not merged into another one."),
    };
    Problem::coded(StatusCode::CONFLICT, code, detail)
}
