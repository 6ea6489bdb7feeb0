//! The answers of the fake's resources.

use actix_web::HttpResponse;
use base64::Engine;
use base64::engine::general_purpose::{URL_SAFE, URL_SAFE_NO_PAD};
use serde_json::{Value, json};

use super::{GmailFault, GmailState, HistoryChange, KeptMail, SUPPORT, error};

pub fn answer(
    state: &mut GmailState,
    method: &str,
    path: &str,
    query: &[(String, String)],
    body: &Value,
) -> HttpResponse {
    let parts: Vec<&str> = path.split('/').collect();
    match (method, parts.as_slice()) {
        ("GET", ["profile"]) => HttpResponse::Ok()
            .json(json!({ "emailAddress": SUPPORT, "historyId": state.history_id.to_string() })),
        ("GET", ["history"]) => history(state, query),
        ("GET", ["messages"]) => list(state, query),
        ("GET", ["messages", id]) => raw(state, id),
        ("POST", ["messages", "send"]) => sent(state, kept(body)),
        ("POST", ["drafts"]) if state.take(GmailFault::DraftRefused) => {
            error(400, "Invalid To header", "invalidArgument")
        }
        ("POST", ["drafts"]) => {
            let id = format!("r{}", state.new_id());
            state.drafts_made += 1;
            state.drafts.insert(id.clone(), kept(&body["message"]));
            HttpResponse::Ok().json(json!({ "id": id, "message": { "id": format!("d{id}") } }))
        }
        ("POST", ["drafts", "send"]) => send_draft(state, body["id"].as_str().unwrap_or_default()),
        ("GET", ["drafts", id]) if state.drafts.contains_key(*id) => {
            HttpResponse::Ok().json(json!({ "id": id }))
        }
        ("GET", ["labels"]) => {
            HttpResponse::Ok().json(json!({ "labels": [{ "id": "INBOX", "name": "INBOX" }] }))
        }
        ("POST", ["labels"]) => HttpResponse::Ok().json(json!({ "id": "Label_1", "name": body["name"] })),
        ("POST", ["threads", id, "modify"]) => relabelled(state, id, body),
        ("POST", ["watch"]) => watched(state),
        _ => error(404, "Requested entity was not found.", "notFound"),
    }
}

fn relabelled(state: &mut GmailState, thread: &str, body: &Value) -> HttpResponse {
    let listed = |name: &str| {
        let ids = body[name].as_array().into_iter().flatten().filter_map(Value::as_str);
        ids.map(str::to_owned).collect::<Vec<_>>()
    };
    let (added, removed) = (listed("addLabelIds"), listed("removeLabelIds"));
    for mail in state.mails.iter_mut().filter(|mail| mail.thread_id == thread) {
        mail.labels.retain(|label| !removed.contains(label));
        mail.labels.extend(added.iter().cloned());
    }
    HttpResponse::Ok().json(json!({ "id": thread }))
}

fn watched(state: &GmailState) -> HttpResponse {
    let Some(seconds) = state.watch_seconds else {
        return error(403, "User not authorized to perform this action.", "forbidden");
    };
    let ends = (fte::clock::now().unix_timestamp() + seconds) * 1_000;
    HttpResponse::Ok()
        .json(json!({ "historyId": state.history_id.to_string(), "expiration": ends.to_string() }))
}

fn value<'a>(query: &'a [(String, String)], name: &str) -> Option<&'a str> {
    query.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
}

/// A page of a list, and the token of the next one.
fn page<'a, T>(all: &'a [T], query: &[(String, String)], size: usize) -> (&'a [T], Option<String>) {
    let from: usize = value(query, "pageToken").map_or(0, |token| token.parse().unwrap());
    let to = (from + size).min(all.len());
    (&all[from.min(to)..to], (to < all.len()).then(|| to.to_string()))
}

fn history(state: &mut GmailState, query: &[(String, String)]) -> HttpResponse {
    if state.take(GmailFault::Quota) {
        return error(403, "Quota exceeded", "userRateLimitExceeded");
    }
    let start: u64 = value(query, "startHistoryId").and_then(|id| id.parse().ok()).unwrap_or_default();
    if start < state.oldest {
        return error(404, "Requested entity was not found.", "notFound");
    }
    let changes: Vec<&HistoryChange> = state.changes.iter().filter(|change| change.id > start).collect();
    let (changes, next) = page(&changes, query, state.page);
    let record = |change: &&HistoryChange| {
        let mail = state.mails.iter().find(|mail| mail.id == change.mail).unwrap();
        let message = json!({ "id": mail.id, "threadId": mail.thread_id, "labelIds": mail.labels });
        match &change.labels_added {
            None => {
                json!({ "id": change.id.to_string(), "messages": [message], "messagesAdded": [{ "message": message }] })
            }
            Some(labels) => json!({
                "id": change.id.to_string(), "labelsAdded": [{ "message": message, "labelIds": labels }],
            }),
        }
    };
    let mut answer = json!({ "historyId": state.history_id.to_string() });
    // As Gmail does, a page without changes has no `history`.
    if !changes.is_empty() {
        answer["history"] = changes.iter().map(record).collect();
    }
    if let Some(next) = next {
        answer["nextPageToken"] = next.into();
    }
    HttpResponse::Ok().json(answer)
}

fn list(state: &GmailState, query: &[(String, String)]) -> HttpResponse {
    let wanted = value(query, "labelIds");
    let by_id = value(query, "q").and_then(|q| q.split_once("rfc822msgid:"));
    let by_id = by_id.and_then(|(_, rest)| rest.split(' ').next());
    let to = value(query, "q").and_then(|q| q.split_once(" to:"));
    let to = to.and_then(|(_, rest)| rest.split(' ').next());
    let was_sent_to = |mail: &KeptMail, to: &str| {
        mail.labels.iter().any(|label| label == "SENT")
            && String::from_utf8_lossy(&mail.raw).contains(&format!("To: <{to}>\r\n"))
    };
    let has = |mail: &&KeptMail| {
        wanted.is_none_or(|label| mail.labels.iter().any(|has| has == label))
            && to.is_none_or(|to| was_sent_to(mail, to))
            && by_id
                .is_none_or(|id| String::from_utf8_lossy(&mail.raw).contains(&format!("Message-ID: <{id}>")))
    };
    let mails: Vec<&KeptMail> = state.mails.iter().filter(has).rev().collect();
    let (mails, next) = page(&mails, query, state.page);
    let mut answer = json!({ "resultSizeEstimate": mails.len() });
    if !mails.is_empty() {
        answer["messages"] =
            mails.iter().map(|mail| json!({ "id": mail.id, "threadId": mail.thread_id })).collect();
    }
    if let Some(next) = next {
        answer["nextPageToken"] = next.into();
    }
    HttpResponse::Ok().json(answer)
}

fn raw(state: &GmailState, id: &str) -> HttpResponse {
    let Some(mail) = state.mails.iter().find(|mail| mail.id == id) else {
        return error(404, "Requested entity was not found.", "notFound");
    };
    let now = fte::clock::now().unix_timestamp() * 1_000;
    HttpResponse::Ok().json(json!({
        "id": mail.id, "threadId": mail.thread_id, "labelIds": mail.labels, "internalDate": now.to_string(),
        "raw": URL_SAFE.encode(&mail.raw),
    }))
}

fn kept(message: &Value) -> KeptMail {
    let raw = message["raw"].as_str().unwrap_or_default().trim_end_matches('=');
    KeptMail {
        id: String::new(),
        thread_id: message["threadId"].as_str().unwrap_or_default().to_owned(),
        labels: vec!["SENT".to_owned()],
        raw: URL_SAFE_NO_PAD.decode(raw).unwrap(),
    }
}

/// A draft is gone once it is sent.
fn send_draft(state: &mut GmailState, id: &str) -> HttpResponse {
    if state.sends_nothing || state.take(GmailFault::SendLost) {
        return error(503, "Backend error", "backendError");
    }
    if state.take(GmailFault::DraftDeleted) {
        state.drafts.remove(id);
    }
    let Some(draft) = state.drafts.remove(id) else {
        return error(404, "Requested entity was not found.", "notFound");
    };
    let is_lost = state.take(GmailFault::SendAnswerLost);
    let answer = sent(state, draft);
    if is_lost { error(503, "Backend error", "backendError") } else { answer }
}

fn sent(state: &mut GmailState, mail: KeptMail) -> HttpResponse {
    let id = state.new_id();
    let thread_id = if mail.thread_id.is_empty() { format!("t-{id}") } else { mail.thread_id };
    state.mails.push(KeptMail { id: id.clone(), thread_id: thread_id.clone(), ..mail });
    state.change(&id, None);
    HttpResponse::Ok().json(json!({ "id": id, "threadId": thread_id, "labelIds": ["SENT"] }))
}
