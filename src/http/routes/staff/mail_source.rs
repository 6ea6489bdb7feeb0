//! Handler of a mail as it came.

use std::io::Read as _;

use actix_web::HttpResponse;
use actix_web::http::{StatusCode, header};
use actix_web::web::{Data, Path, block};
use flate2::read::GzDecoder;

use crate::domain::ids::MessageId;
use crate::http::api::conversations::FileContent;
use crate::http::routes::path_id;
use crate::http::server::ask::look_up;
use crate::http::server::endpoint::{Access, Endpoint};
use crate::http::server::principal::AccessScope;
use crate::http::server::problem::Problem;
use crate::http::server::state::Shared;

/// The channel keeps no larger mail.
const MAX_BYTES: u64 = 64 * 1024 * 1024;

pub fn endpoints() -> Vec<Endpoint> {
    vec![Endpoint::new(Access::Scope(AccessScope::Read), __path_get_mail_source, get_mail_source)]
}

/// Downloads a mail as it came (RFC 5322), with its headers, quotes and files.
///
/// It is to be saved and not shown: its content is the sender's.
#[utoipa::path(
    get,
    path = "/messages/{id}/source",
    params(("id" = MessageId, Path, description = "The message's id")),
    responses(
        (status = 200, description = "The mail.", body = FileContent, content_type = "message/rfc822"),
        (status = 404, description = "There is no such message, or it is no mail that was kept."),
    ),
)]
async fn get_mail_source(id: Path<String>, shared: Data<Shared>) -> Result<HttpResponse, Problem> {
    let missing = || Problem::new(StatusCode::NOT_FOUND, "There is no such mail.");
    let id = MessageId(path_id::parse(&id).ok_or_else(missing)?);
    let sha256 = look_up(&shared, move |views| views.mail_source(id)).await?.ok_or_else(missing)?;
    let files = shared.files.as_ref().ok_or_else(missing)?;
    let unreadable = |error: std::io::Error| {
        Problem::internal(format!("could not read the mail of message {id}: {error}"))
    };
    let compressed = files.get(sha256).await.map_err(unreadable)?;
    let read = block(move || {
        let mut raw = Vec::new();
        GzDecoder::new(compressed.as_slice()).take(MAX_BYTES).read_to_end(&mut raw).map(|_| raw)
    });
    let raw = read.await.map_err(std::io::Error::other).and_then(|raw| raw).map_err(unreadable)?;
    Ok(HttpResponse::Ok()
        .insert_header((header::CONTENT_TYPE, "message/rfc822"))
        .insert_header((header::CONTENT_DISPOSITION, format!("attachment; filename=\"{id}.eml\"")))
        .body(raw))
}
