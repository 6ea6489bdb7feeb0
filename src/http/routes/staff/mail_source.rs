//! Handlers of a mail: as it came, its source as text, and its HTML made safe.

use std::io::Read as _;

use actix_web::HttpResponse;
use actix_web::http::{StatusCode, header};
use actix_web::web::{Data, Path, block};
use flate2::read::GzDecoder;

use crate::channels::email::html_view::{self, CONTENT_POLICY};
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
/// Of a mail, what is shown as text.
const TEXT_MAX_BYTES: u64 = 1024 * 1024;
const TEXT_CUT: &str = "\n[The rest is left out: download the whole mail.]\n";

const READ: Access = Access::Scope(AccessScope::Read);

pub fn endpoints() -> Vec<Endpoint> {
    vec![
        Endpoint::new(READ, __path_get_mail_source, get_mail_source),
        Endpoint::new(READ, __path_get_mail_text, get_mail_text),
        Endpoint::new(READ, __path_get_mail_html, get_mail_html),
    ]
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
    let mail = StoredMail::find(&id, &shared).await?;
    let id = mail.id;
    let raw = mail.read(|compressed| unpacked(compressed, MAX_BYTES)).await?;
    Ok(HttpResponse::Ok()
        .insert_header((header::CONTENT_TYPE, "message/rfc822"))
        .insert_header((header::CONTENT_DISPOSITION, format!("attachment; filename=\"{id}.eml\"")))
        .body(raw))
}

/// Downloads the headers and the source of a mail as text, at most 1 MiB of it.
#[utoipa::path(
    get,
    path = "/staff/messages/{id}/raw",
    params(("id" = MessageId, Path, description = "The message's id")),
    responses(
        (status = 200, description = "The text.", body = String, content_type = "text/plain"),
        (status = 404, description = "There is no such message, or it is no mail that was kept."),
    ),
)]
async fn get_mail_text(id: Path<String>, shared: Data<Shared>) -> Result<HttpResponse, Problem> {
    let mail = StoredMail::find(&id, &shared).await?;
    let id = mail.id;
    let text =
        mail.read(|compressed| unpacked(compressed, TEXT_MAX_BYTES + 1).map(|raw| source_text(&raw))).await?;
    Ok(HttpResponse::Ok()
        .insert_header((header::CONTENT_TYPE, "text/plain; charset=utf-8"))
        .insert_header((header::CONTENT_DISPOSITION, format!("attachment; filename=\"{id}.txt\"")))
        .body(text))
}

/// Shows the HTML part of a mail without what runs, sends or loads anything.
///
/// It is for a sandboxed frame of the console: remote pictures are left out, those of the mail are embedded, and links
/// show where they lead and cannot be followed. Markup beyond 512 KiB is left out.
#[utoipa::path(
    get,
    path = "/staff/messages/{id}/html",
    params(("id" = MessageId, Path, description = "The message's id")),
    responses(
        (status = 200, description = "The document.", body = String, content_type = "text/html"),
        (status = 404, description = "There is no such message, it is no mail that was kept, or it has no HTML part."),
    ),
)]
async fn get_mail_html(id: Path<String>, shared: Data<Shared>) -> Result<HttpResponse, Problem> {
    let mail = StoredMail::find(&id, &shared).await?;
    let document =
        mail.read(|compressed| unpacked(compressed, MAX_BYTES).map(|raw| html_view::document(&raw))).await?;
    let missing = || Problem::new(StatusCode::NOT_FOUND, "This mail has no HTML part.");
    let policy = format!("{CONTENT_POLICY}; sandbox; frame-ancestors 'self'");
    Ok(HttpResponse::Ok()
        .insert_header((header::CONTENT_TYPE, "text/html; charset=utf-8"))
        .insert_header((header::CONTENT_SECURITY_POLICY, policy))
        .body(document.ok_or_else(missing)?))
}

/// A mail in the store of files.
struct StoredMail {
    id: MessageId,
    compressed: Vec<u8>,
}

impl StoredMail {
    async fn find(id: &str, shared: &Shared) -> Result<Self, Problem> {
        let missing = || Problem::new(StatusCode::NOT_FOUND, "There is no such mail.");
        let id = MessageId(path_id::parse(id).ok_or_else(missing)?);
        let sha256 = look_up(shared, move |views| views.mail_source(id)).await?.ok_or_else(missing)?;
        let files = shared.files.as_ref().ok_or_else(missing)?;
        let compressed = files.get(sha256).await.map_err(|error| unreadable(id, &error))?;
        Ok(Self { id, compressed })
    }

    /// Reads it on a thread for blocking work.
    async fn read<T: Send + 'static>(
        self,
        read: impl FnOnce(&[u8]) -> std::io::Result<T> + Send + 'static,
    ) -> Result<T, Problem> {
        let Self { id, compressed } = self;
        let done = block(move || read(&compressed)).await.map_err(std::io::Error::other);
        done.and_then(|read| read).map_err(|error| unreadable(id, &error))
    }
}

fn unreadable(id: MessageId, error: &std::io::Error) -> Problem {
    Problem::internal(format!("could not read the mail of message {id}: {error}"))
}

fn unpacked(compressed: &[u8], max_bytes: u64) -> std::io::Result<Vec<u8>> {
    let mut raw = Vec::new();
    GzDecoder::new(compressed).take(max_bytes).read_to_end(&mut raw)?;
    Ok(raw)
}

fn source_text(raw: &[u8]) -> String {
    let end = usize::try_from(TEXT_MAX_BYTES).map_or(raw.len(), |max| raw.len().min(max));
    let text = String::from_utf8_lossy(raw.get(..end).unwrap_or_default());
    if end < raw.len() { format!("{text}{TEXT_CUT}") } else { text.into_owned() }
}
