//! Media resource: files behind the account's credentials, then a redirect to another host, which must not see them.

use std::time::Duration;

use actix_web::http::StatusCode;
use actix_web::http::header;
use actix_web::web::{Bytes, Data, Path};
use actix_web::{HttpRequest, HttpResponse};
use serde_json::json;

use super::SandboxState;
use super::messages::{error_response, injected_fault, is_authorized, unauthorized};
use crate::clock;

/// A file that the fake serves.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Medium {
    pub content_type: String,
    pub bytes: Bytes,
    /// Delay before it is served.
    pub latency: Duration,
    /// Target of the redirect instead of the file.
    pub redirect_to: Option<String>,
}

impl Medium {
    pub fn new(content_type: &str, bytes: impl Into<Bytes>) -> Self {
        Self {
            content_type: content_type.to_owned(),
            bytes: bytes.into(),
            latency: Duration::ZERO,
            redirect_to: None,
        }
    }
}

/// Stores a file and returns its URL.
pub fn keep(state: &SandboxState, medium: Medium) -> String {
    let mut media = state.media();
    let [message, name] = ["MM", "ME"].map(|kind| format!("{kind}{}", clock::new_v4().simple()));
    let (url, account) = (&state.url, &state.settings.account_sid);
    let url = format!("{url}/2010-04-01/Accounts/{account}/Messages/{message}/Media/{name}");
    // The name is all that the host of the files asks for, so it can't be guessed.
    media.insert(name, medium);
    url
}

/// Stores a file from `fte simulate` and returns its URL.
pub async fn upload(request: HttpRequest, body: Bytes, state: Data<SandboxState>) -> HttpResponse {
    if !is_authorized(&request, &state) {
        return unauthorized();
    }
    let content_type = request.headers().get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok());
    let medium = Medium::new(content_type.unwrap_or("application/octet-stream"), body);
    HttpResponse::Created().json(json!({ "url": keep(&state, medium) }))
}

/// The files of a listed message.
pub async fn list(
    request: HttpRequest,
    path: Path<(String, String)>,
    state: Data<SandboxState>,
) -> HttpResponse {
    let (account, sid) = path.into_inner();
    if let Some(answer) = injected_fault(&request, &account, &state, &state.faults()).await {
        return answer;
    }
    let ledger = state.ledger();
    let media = ledger.entries.iter().filter(|entry| entry.sid == sid).flat_map(|entry| &entry.media);
    let list: Vec<_> = media
        .map(|(url, content_type)| {
            let path = url.strip_prefix(&state.url).unwrap_or(url);
            json!({ "uri": format!("{path}.json"), "content_type": content_type })
        })
        .collect();
    HttpResponse::Ok().json(json!({ "media_list": list, "next_page_uri": null }))
}

/// Redirects requests that carry the account's credentials to the file.
pub async fn redirect(
    request: HttpRequest,
    path: Path<(String, String, String)>,
    state: Data<SandboxState>,
) -> HttpResponse {
    let (account, _, medium) = path.into_inner();
    let has_authorization = request.headers().contains_key(header::AUTHORIZATION);
    state.ledger().media_requests.push((request.path().to_owned(), has_authorization));
    if let Some(answer) = injected_fault(&request, &account, &state, &state.faults()).await {
        return answer;
    }
    let Some(found) = find(&state, &medium) else {
        return error_response(StatusCode::NOT_FOUND, 20404, "no such media");
    };
    let place = found.redirect_to.unwrap_or_else(|| format!("{}/media/{medium}", state.media_url));
    HttpResponse::TemporaryRedirect().insert_header((header::LOCATION, place)).finish()
}

/// Serves the file; this host must not receive the account's credentials.
pub async fn serve(request: HttpRequest, medium: Path<String>, state: Data<SandboxState>) -> HttpResponse {
    let has_authorization = request.headers().contains_key(header::AUTHORIZATION);
    state.ledger().media_requests.push((request.path().to_owned(), has_authorization));
    if has_authorization {
        return HttpResponse::BadRequest().body("credentials were sent to the wrong host");
    }
    let Some(found) = find(&state, &medium) else {
        return HttpResponse::NotFound().finish();
    };
    tokio::time::sleep(found.latency).await;
    HttpResponse::Ok().insert_header((header::CONTENT_TYPE, found.content_type)).body(found.bytes)
}

fn find(state: &SandboxState, name: &str) -> Option<Medium> {
    state.media().get(name).cloned()
}
