//! Handler of the MCP server's address: it bounds the request, and passes it on with the caller that the token names.

use actix_web::http::StatusCode;
use actix_web::http::header::{self, HeaderMap};
use actix_web::web::{Data, Payload};
use actix_web::{HttpMessage, HttpRequest, HttpResponse};
use http1::{HeaderName, HeaderValue};

use crate::clock;
use crate::http::api::programs::{JsonRpcRequest, JsonRpcResponse};
use crate::http::server::body;
use crate::http::server::endpoint::{Access, Endpoint};
use crate::http::server::principal::Principal;
use crate::http::server::problem::Problem;
use crate::http::server::session_cookie::digest;
use crate::http::server::state::Shared;
use crate::http::server::token::bearer_token;
use crate::mcp::{McpRequest, McpResponse};

/// The media types of the protocol's answers.
const ANSWERS: &str = "application/json, text/event-stream";

pub fn endpoints() -> Vec<Endpoint> {
    vec![Endpoint::new(Access::Program, __path_post_mcp, post_mcp)]
}

/// Calls the MCP server.
///
/// The Model Context Protocol over streamable HTTP, without sessions (revisions 2026-07-28 and older). A header `Accept`
/// must name `application/json` and `text/event-stream`. What the token opens is in docs/mcp.md.
#[utoipa::path(
    post,
    path = "/mcp",
    request_body(content = JsonRpcRequest, description = "A request or notification of JSON-RPC 2.0"),
    responses(
        (status = 200, description = "The response, or a refusal in it.", body = JsonRpcResponse),
        (status = 202, description = "A notification is accepted."),
        (status = 429, description = "Too many requests with this token; see `Retry-After`."),
    ),
)]
async fn post_mcp(
    request: HttpRequest,
    body: Payload,
    shared: Data<Shared>,
) -> Result<HttpResponse, Problem> {
    let mount = shared.mcp.as_ref().ok_or_else(Problem::switched_off)?;
    let caller = request.extensions().get::<Principal>().and_then(Principal::caller);
    let caller = caller.ok_or_else(Problem::unauthorized)?;
    if let (Some(rates), Some(token)) = (&shared.program_rates, bearer_token(request.headers())) {
        rates.admit(digest(token), clock::monotonic()).map_err(Problem::too_many_calls)?;
    }
    let body = body::read_json(&request, body, &shared).await?;
    let response = mount.answer(McpRequest { caller, headers: passed(request.headers()), body }).await;
    let McpResponse { status, headers, body } = response;
    let status = StatusCode::from_u16(status).unwrap_or(StatusCode::BAD_GATEWAY);
    if status.is_client_error() && !is_json(&headers) {
        return Err(Problem::new(status, refusal(status)));
    }
    let mut answer = HttpResponse::build(status);
    for (name, value) in &headers {
        answer.insert_header((name.as_str(), value.as_bytes()));
    }
    Ok(answer.streaming(body))
}

fn is_json(headers: &http1::HeaderMap) -> bool {
    let media_type = headers.get(http1::header::CONTENT_TYPE).and_then(|value| value.to_str().ok());
    media_type.is_some_and(|media_type| media_type.starts_with("application/json"))
}

/// The protocol's own refusals of a request are no problem documents.
fn refusal(status: StatusCode) -> &'static str {
    match status {
        StatusCode::NOT_ACCEPTABLE => {
            "The header Accept must name `application/json` and `text/event-stream`."
        }
        StatusCode::FORBIDDEN => "The header Host or Origin names another site.",
        _ => "The request does not follow the Model Context Protocol.",
    }
}

/// The request's headers without its secrets, which nothing below needs. Whoever states no preference accepts whatever the
/// protocol answers with (RFC 9110, 12.5.1).
fn passed(headers: &HeaderMap) -> http1::HeaderMap {
    let mut passed = without_secrets(headers);
    let accepts_anything = headers.get(header::ACCEPT).is_none_or(|accept| accept == "*/*");
    if accepts_anything {
        passed.insert(http1::header::ACCEPT, HeaderValue::from_static(ANSWERS));
    }
    passed
}

fn without_secrets(headers: &HeaderMap) -> http1::HeaderMap {
    let secrets = [header::AUTHORIZATION, header::COOKIE];
    let pairs = headers.iter().filter(|(name, _)| !secrets.contains(name)).filter_map(|(name, value)| {
        let name = HeaderName::from_bytes(name.as_str().as_bytes()).ok()?;
        Some((name, HeaderValue::from_bytes(value.as_bytes()).ok()?))
    });
    pairs.collect()
}
