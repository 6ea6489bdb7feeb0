//! Messages resource of the fake Twilio server: accepting messages and listing them.

use std::sync::PoisonError;
use std::time::Duration;

use actix_web::http::StatusCode;
use actix_web::http::header::{self, HeaderValue};
use actix_web::web::{Bytes, Data, Json, Path, Query};
use actix_web::{HttpRequest, HttpResponse};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use futures_util::stream;
use secrecy::ExposeSecret;
use serde_json::{Value, json};
use subtle::ConstantTimeEq;
use time::OffsetDateTime;
use time::format_description::well_known::{Rfc2822, Rfc3339};

use super::super::form::Form;
use super::super::inbound::address;
use super::super::twilio::BODY_MAX_UNITS;
use super::{LedgerEntry, Outage, SandboxFaults, SandboxState, reports};
use crate::clock;

pub async fn create(
    request: HttpRequest,
    account: Path<String>,
    body: Bytes,
    state: Data<SandboxState>,
) -> HttpResponse {
    let faults = state.faults();
    let number = {
        let mut ledger = state.ledger();
        ledger.send_requests += 1;
        ledger.send_requests
    };
    if let Some(answer) = injected_fault(&request, &account, &state, &faults).await {
        return answer;
    }
    if is_nth(number, faults.cut_before_taking_every) {
        return cut();
    }
    if let Some(answer) = refuse(&state) {
        return answer;
    }
    let form = Form::decode(&body);
    let entry = match entry(&form, &state) {
        Ok(entry) => entry,
        Err((code, message)) => return error_response(StatusCode::BAD_REQUEST, code, message),
    };
    let shown = show(&entry);
    state.ledger().entries.push(entry.clone());
    actix_web::rt::spawn(reports::report(state.clone().into_inner(), entry, faults.clone(), number));
    if is_nth(number, faults.cut_after_taking_every) {
        return cut();
    }
    HttpResponse::Created().json(shown)
}

fn is_nth(number: u64, every: u64) -> bool {
    every > 0 && number.is_multiple_of(every)
}

/// The injected fault of a request, if any; the latency applies before all others.
pub async fn injected_fault(
    request: &HttpRequest,
    account: &str,
    state: &SandboxState,
    faults: &SandboxFaults,
) -> Option<HttpResponse> {
    tokio::time::sleep(Duration::from_millis(faults.latency_ms)).await;
    match faults.outage {
        Some(Outage::Unavailable) => {
            return Some(error_response(StatusCode::SERVICE_UNAVAILABLE, 20503, "Service unavailable"));
        }
        Some(Outage::Cut) => return Some(cut()),
        None => {}
    }
    if account != state.settings.account_sid || !is_authorized(request, state) {
        return Some(unauthorized());
    }
    None
}

/// Whether a request carries the account's credentials, as Twilio's API takes them, or its token alone.
pub fn is_authorized(request: &HttpRequest, state: &SandboxState) -> bool {
    let settings = &state.settings;
    let token = settings.token.expose_secret();
    let basic = format!("Basic {}", STANDARD.encode(format!("{}:{token}", settings.account_sid)));
    let given = request.headers().get(header::AUTHORIZATION).map(HeaderValue::as_bytes);
    given.is_some_and(|given| {
        [basic, format!("Bearer {token}")].iter().any(|expected| given.ct_eq(expected.as_bytes()).into())
    })
}

pub fn unauthorized() -> HttpResponse {
    error_response(StatusCode::UNAUTHORIZED, 20003, "Authenticate")
}

fn refuse(state: &SandboxState) -> Option<HttpResponse> {
    let mut faults = state.faults.lock().unwrap_or_else(PoisonError::into_inner);
    let refusal = faults.refuse.as_mut().filter(|refusal| refusal.times > 0)?;
    refusal.times -= 1;
    let status = StatusCode::from_u16(refusal.status).unwrap_or(StatusCode::BAD_REQUEST);
    let answer = error_response(status, refusal.code, "refused by the fake");
    drop(faults);
    state.ledger().refused += 1;
    Some(answer)
}

fn entry(form: &Form, state: &SandboxState) -> Result<LedgerEntry, (u32, &'static str)> {
    let text = |name: &str| form.get(name).unwrap_or_default().to_owned();
    let owned = |name: &str| form.get(name).map(str::to_owned);
    if text("From") != format!("whatsapp:{}", state.settings.number) {
        return Err((63007, "no such sender"));
    }
    if address(&text("To")).is_none() {
        return Err((21211, "invalid To"));
    }
    let body = text("Body");
    if body.encode_utf16().count() > BODY_MAX_UNITS {
        return Err((21617, "the message body exceeds the 1600 character limit"));
    }
    if body.is_empty() && form.get("ContentSid").is_none() {
        return Err((21619, "a text message body or media urls must be specified"));
    }
    Ok(LedgerEntry {
        sid: format!("SM{}", clock::new_v4().simple()),
        is_inbound: false,
        from: text("From"),
        to: text("To"),
        body,
        content_sid: owned("ContentSid"),
        content_variables: owned("ContentVariables"),
        status_callback: owned("StatusCallback"),
        created_at: clock::now(),
        status: "queued".to_owned(),
        media: Vec::new(),
    })
}

/// Lists by To, From and `DateSent>`, newest first, page by page.
pub async fn list(
    request: HttpRequest,
    account: Path<String>,
    query: Query<Vec<(String, String)>>,
    state: Data<SandboxState>,
) -> HttpResponse {
    let faults = state.faults();
    state.ledger().list_requests += 1;
    if let Some(answer) = injected_fault(&request, &account, &state, &faults).await {
        return answer;
    }
    let get = |name: &str| query.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str());
    let (to, from) = (get("To"), get("From"));
    let since = get("DateSent>").and_then(|since| OffsetDateTime::parse(since, &Rfc3339).ok());
    let listed_until = clock::now() - Duration::from_millis(faults.listing_lag_ms);
    let is_wanted = |entry: &&LedgerEntry| {
        to.is_none_or(|to| entry.to == to)
            && from.is_none_or(|from| entry.from == from)
            && since.is_none_or(|since| entry.created_at >= since)
            && (entry.is_inbound || entry.created_at <= listed_until)
    };
    let ledger = state.ledger();
    let found: Vec<&LedgerEntry> = ledger.entries.iter().rev().filter(is_wanted).collect();
    let number = |name: &str, usual: usize| get(name).and_then(|value| value.parse().ok()).unwrap_or(usual);
    let (size, page) = (number("PageSize", 50).clamp(1, 1000), number("Page", 0));
    let has_more = found.len() > (page + 1) * size;
    let messages: Vec<Value> = found.into_iter().skip(page * size).take(size).map(show).collect();
    let next = has_more.then(|| {
        let mut next = Form::default();
        for (name, value) in query.iter().filter(|(name, _)| name != "Page") {
            next.push(name.as_str(), value.as_str());
        }
        next.push("Page", (page + 1).to_string());
        format!("/2010-04-01/Accounts/{account}/Messages.json?{}", next.encode())
    });
    HttpResponse::Ok()
        .json(json!({ "messages": messages, "page": page, "page_size": size, "next_page_uri": next }))
}

fn show(entry: &LedgerEntry) -> Value {
    let created = entry.created_at.format(&Rfc2822).unwrap_or_default();
    json!({
        "sid": entry.sid,
        "status": entry.status,
        "from": entry.from,
        "to": entry.to,
        "body": entry.content_variables.as_ref().unwrap_or(&entry.body),
        "direction": if entry.is_inbound { "inbound" } else { "outbound-api" },
        "date_created": created,
        "date_sent": if entry.status == "queued" { Value::Null } else { created.into() },
        "num_media": entry.media.len().to_string(),
    })
}

/// The ledger as JSON, for people.
pub async fn ledger(request: HttpRequest, state: Data<SandboxState>) -> HttpResponse {
    if !is_authorized(&request, &state) {
        return unauthorized();
    }
    HttpResponse::Ok().json(state.ledger().clone())
}

pub async fn set_faults(
    request: HttpRequest,
    faults: Json<SandboxFaults>,
    state: Data<SandboxState>,
) -> HttpResponse {
    if !is_authorized(&request, &state) {
        return unauthorized();
    }
    *state.faults.lock().unwrap_or_else(PoisonError::into_inner) = faults.into_inner();
    HttpResponse::NoContent().finish()
}

/// An answer that breaks off: the client cannot know the outcome.
fn cut() -> HttpResponse {
    HttpResponse::Ok().streaming(stream::once(async { Err::<Bytes, _>(std::io::Error::other("cut")) }))
}

pub fn error_response(status: StatusCode, code: u32, message: &str) -> HttpResponse {
    HttpResponse::build(status).json(json!({
        "code": code, "message": message, "status": status.as_u16(),
        "more_info": format!("https://www.twilio.com/docs/errors/{code}"),
    }))
}
