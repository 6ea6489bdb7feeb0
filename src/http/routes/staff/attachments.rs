//! Handler of a file: a customer's, or one of a side conversation.

use actix_web::HttpResponse;
use actix_web::http::{StatusCode, header};
use actix_web::web::{Data, Path};

use crate::domain::ids::AttachmentId;
use crate::http::api::conversations::FileContent;
use crate::http::routes::path_id;
use crate::http::server::ask::look_up;
use crate::http::server::endpoint::{Access, Endpoint};
use crate::http::server::principal::AccessScope;
use crate::http::server::problem::Problem;
use crate::http::server::state::Shared;

pub fn endpoints() -> Vec<Endpoint> {
    vec![Endpoint::new(Access::Scope(AccessScope::Read), __path_get_attachment, get_attachment)]
}

/// Downloads a customer's file, or one of a side conversation.
///
/// It is to be saved and not shown: its content is whoever's has sent it.
#[utoipa::path(
    get,
    path = "/attachments/{id}",
    params(("id" = AttachmentId, Path, description = "The attachment's id")),
    responses(
        (status = 200, description = "The file, under the type that the provider declared.", body = FileContent,
            content_type = "application/octet-stream"),
        (status = 404, description = "There is no such file, or it was not stored."),
    ),
)]
async fn get_attachment(id: Path<String>, shared: Data<Shared>) -> Result<HttpResponse, Problem> {
    let missing = || Problem::new(StatusCode::NOT_FOUND, "There is no such file.");
    let id = AttachmentId(path_id::parse(&id).ok_or_else(missing)?);
    let found = look_up(&shared, move |views| views.stored_file(id)).await?.ok_or_else(missing)?;
    let files = shared.files.as_ref().ok_or_else(missing)?;
    let bytes = files
        .get(found.sha256)
        .await
        .map_err(|error| Problem::internal(format!("could not read the file of attachment {id}: {error}")))?;
    Ok(HttpResponse::Ok()
        .insert_header((header::CONTENT_TYPE, found.content_type))
        .insert_header((header::CONTENT_DISPOSITION, "attachment"))
        .body(bytes))
}
