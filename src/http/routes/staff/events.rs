//! Handlers of the console's event stream, and of who is where.

use actix_web::http::StatusCode;
use actix_web::web::{Bytes, Data, Payload, ReqData};
use actix_web::{HttpRequest, HttpResponse};
use serde_json::{Map, Value, json};

use super::action_forms;
use crate::actors::messages::{FollowDesk, Following};
use crate::domain::conversations::live::{EventBatch, EventPosition, StaffChange};
use crate::domain::enums::StaffChangeKind;
use crate::domain::ids::StaffId;
use crate::http::api::staff_events::{PresenceChange, PresenceRequest, StaffPresence};
use crate::http::server::ask::{ask_actor, call};
use crate::http::server::auth::{PresentedCredential, until_worthless};
use crate::http::server::body;
use crate::http::server::endpoint::{Access, Endpoint};
use crate::http::server::principal::{AccessScope, Principal};
use crate::http::server::problem::Problem;
use crate::http::server::rate_limit::owner;
use crate::http::server::sse::{self, Frames};
use crate::http::server::state::Shared;

pub fn endpoints() -> Vec<Endpoint> {
    vec![
        Endpoint::new(Access::Scope(AccessScope::Read), __path_get_staff_events, get_staff_events),
        Endpoint::new(Access::Scope(AccessScope::Staff), __path_post_presence, post_presence),
    ]
}

/// Streams what changes in conversations.
///
/// Server-sent events. `hello {}` comes first; what is read after it misses nothing. Then `conversation`, `message`,
/// `delivery`, `turn`, `escalation`, `mention` and `parked`, each `{conversation_id, <name>_id}`; `watched
/// {conversation_id, watched_id, cause}`, for those who watch the conversation, where the id is that of the message, the
/// escalation or the conversation and the cause one of `message`, `reply`, `escalation`, `resolved`, `due_soon` and
/// `overdue`; and `presence {conversation_id, staff: [{id, state}]}`. Each comes within a second, and may be repeated. A
/// client that comes back with `Last-Event-ID` within 24 hours gets what it has missed, later `reset {}`: it must read
/// everything again. The stream ends within a minute after its session or token does, or after its account is disabled.
#[utoipa::path(
    get,
    path = "/staff/events",
    params(("Last-Event-ID" = Option<String>, Header, description = "The id of the last event that was received")),
    responses(
        (status = 200, description = "The events.", content_type = "text/event-stream", body = String),
        (status = 429, description = "More than 20 streams of this address or account; see `Retry-After`."),
    ),
)]
async fn get_staff_events(
    request: HttpRequest,
    principal: ReqData<Principal>,
    credential: ReqData<PresentedCredential>,
    shared: Data<Shared>,
) -> Result<HttpResponse, Problem> {
    let viewer = principal.id;
    let of_address = shared.streams.admit(owner(shared.client(&request)));
    let of_account = shared.staff_streams.admit(viewer);
    let permits = of_address.zip(of_account).ok_or_else(Problem::too_many_streams)?;
    let last = sse::last_event_id(request.headers());
    let since = last.as_deref().and_then(EventPosition::parse);
    let follow = |reply| FollowDesk { since: since.clone(), reply };
    let Following { first, later } = ask_actor(&shared.wires.follow_desk, follow).await?;
    let first = sse::first_frames(&first, last.is_some(), |batch| frames(batch, viewer));
    let ends = until_worthless(shared, *credential);
    Ok(sse::respond(first, later, move |batch| frames(&batch, viewer), permits, ends))
}

/// The changes that are for everybody or for whoever looks.
fn frames(batch: &EventBatch<StaffChange>, viewer: StaffId) -> Bytes {
    let mut frames = Frames::default();
    let shown = batch.changes.iter().filter(|change| change.staff.is_none_or(|staff| staff == viewer));
    for change in shown {
        let name = change.kind.as_str();
        if change.kind == StaffChangeKind::Presence {
            let staff = change.present.iter().map(StaffPresence::from).collect();
            frames.event(name, &PresenceChange { conversation_id: change.conversation, staff });
        } else {
            let mut data = Map::new();
            data.insert("conversation_id".to_owned(), json!(change.conversation));
            data.insert(format!("{name}_id"), json!(change.subject));
            if let Some(cause) = change.cause {
                data.insert("cause".to_owned(), json!(cause.as_str()));
            }
            frames.event(name, &Value::Object(data));
        }
    }
    frames.with_id(&batch.position.to_string())
}

/// Tells others that an account looks at a conversation or writes in it; it holds for 30 s.
#[utoipa::path(
    post,
    path = "/staff/presence",
    request_body = PresenceRequest,
    responses(
        (status = 204, description = "It is told."),
        (status = 404, description = "There is no such conversation."),
    ),
)]
async fn post_presence(
    request: HttpRequest,
    principal: ReqData<Principal>,
    body: Payload,
    shared: Data<Shared>,
) -> Result<HttpResponse, Problem> {
    let body = body::read_json(&request, body, &shared).await?;
    let (conversation, state) = action_forms::presence(&body)?;
    let staff = principal.id;
    let note =
        call(&shared.wires.staff_events, move |events| events.note_presence(conversation, staff, state));
    if note.await? {
        Ok(HttpResponse::NoContent().finish())
    } else {
        Err(Problem::new(StatusCode::NOT_FOUND, "There is no such conversation."))
    }
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;
    use crate::domain::conversations::live::PresentStaff;
    use crate::domain::enums::{PresenceState, WatchCause};
    use crate::domain::ids::ConversationId;

    #[test]
    fn each_event_names_its_subject_and_some_are_for_one_person() {
        let (ann, bob) = (StaffId(Uuid::from_u128(1)), StaffId(Uuid::from_u128(2)));
        let change = |kind, staff, present| StaffChange {
            conversation: ConversationId(Uuid::nil()),
            kind,
            subject: Uuid::nil(),
            staff,
            cause: (kind == StaffChangeKind::Watched).then_some(WatchCause::DueSoon),
            present,
        };
        let batch = EventBatch {
            changes: vec![
                change(StaffChangeKind::Parked, None, vec![]),
                change(StaffChangeKind::Mention, Some(bob), vec![]),
                change(StaffChangeKind::Watched, Some(bob), vec![]),
                change(
                    StaffChangeKind::Presence,
                    None,
                    vec![PresentStaff { id: bob, state: PresenceState::Typing }],
                ),
            ],
            position: EventPosition { at: 1, snapshot: "2:3:".to_owned() },
        };
        let nil = Uuid::nil();
        let parked =
            format!("event: parked\ndata: {{\"conversation_id\":\"{nil}\",\"parked_id\":\"{nil}\"}}\n\n");
        let mention =
            format!("event: mention\ndata: {{\"conversation_id\":\"{nil}\",\"mention_id\":\"{nil}\"}}\n\n");
        let watched = format!(
            "event: watched\ndata: {{\"cause\":\"due_soon\",\"conversation_id\":\"{nil}\",\"watched_id\":\"{nil}\"}}\n\n"
        );
        let presence = format!(
            "id: 1.2:3:\nevent: presence\ndata: {{\"conversation_id\":\"{nil}\",\"staff\":[{{\"id\":\"{}\",\
             \"state\":\"typing\"}}]}}\n\n",
            bob.0
        );
        assert_eq!(frames(&batch, ann), format!("{parked}{presence}"));
        assert_eq!(frames(&batch, bob), format!("{parked}{mention}{watched}{presence}"));
    }
}
