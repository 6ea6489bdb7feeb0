//! Handler of files that staff upload, to send them with messages of side conversations.

use actix_web::http::header;
use actix_web::web::{Bytes, Data, Payload, ReqData};
use actix_web::{HttpRequest, HttpResponse};
use sha2::{Digest, Sha256};

use crate::channels::fields::line;
use crate::clock;
use crate::domain::console::side::{FILE_MAX_BYTES, SideUpload};
use crate::domain::messages::attachment::StoredFile;
use crate::domain::validation::FieldError;
use crate::http::api::conversations::FileContent;
use crate::http::api::side::UploadedFile;
use crate::http::server::ask::call;
use crate::http::server::body;
use crate::http::server::endpoint::{Access, Endpoint};
use crate::http::server::principal::{AccessScope, Principal};
use crate::http::server::problem::Problem;
use crate::http::server::query::{Pairs, Parameters};
use crate::http::server::state::Shared;

const NAME_CHARS: std::ops::RangeInclusive<usize> = 1..=200;
/// Where the request declares no type, or none that a mail may have.
const UNKNOWN_TYPE: &str = "application/octet-stream";

pub fn endpoints() -> Vec<Endpoint> {
    vec![Endpoint::new(Access::Scope(AccessScope::Staff), __path_post_file, post_file)]
}

/// Uploads a file, to send it with a message of a side conversation.
///
/// The body is the file, of at most 10 MiB. One that is sent with no message within a day is removed.
#[utoipa::path(
    post,
    path = "/staff/files",
    params(("name" = String, Query, min_length = 1, max_length = 200, description = "The file's name, without folders")),
    request_body(content = FileContent, content_type = "application/octet-stream",
        description = "The file, under its own type"),
    responses(
        (status = 201, description = "The file is stored.", body = UploadedFile),
        (status = 413, description = "It is too large."),
        (status = 422, description = "The name is wrong, or the file is empty."),
    ),
)]
async fn post_file(
    request: HttpRequest,
    principal: ReqData<Principal>,
    query: Pairs,
    body: Payload,
    shared: Data<Shared>,
) -> Result<HttpResponse, Problem> {
    let name = name(&query).map_err(Problem::invalid)?;
    let bytes = body::read_file(&request, body, &shared, FILE_MAX_BYTES).await?;
    if bytes.is_empty() {
        return Err(Problem::invalid(vec![FieldError::new("file", "must not be empty")]));
    }
    let file = stored(content_type(&request), bytes, &shared).await?;
    let (id, size_bytes, content_type) = (clock::new_v7().into(), file.size_bytes, file.content_type.clone());
    let upload = SideUpload { id, by: principal.id, name: name.clone(), file };
    call(&shared.wires.side_conversations, move |sides| sides.keep_upload(upload)).await?;
    Ok(HttpResponse::Created().json(UploadedFile { id, name, content_type, size_bytes }))
}

async fn stored(content_type: String, bytes: Bytes, shared: &Shared) -> Result<StoredFile, Problem> {
    let files = shared.files.as_ref().ok_or_else(|| Problem::internal("there is no store of files"))?;
    let sha256 = Sha256::digest(&bytes).to_vec();
    let size_bytes = i64::try_from(bytes.len()).unwrap_or(i64::MAX);
    let kept = files.put(sha256.clone(), bytes.into()).await;
    kept.map_err(|error| Problem::internal(format!("could not store an uploaded file: {error}")))?;
    Ok(StoredFile { content_type, size_bytes, sha256 })
}

fn name(query: &[(String, String)]) -> Result<String, Vec<FieldError>> {
    let mut parameters = Parameters::new(query);
    let name = parameters.required("name", |value| {
        if value.contains(['/', '\\']) {
            return Err(FieldError::new("name", "must have no folders"));
        }
        line(value.to_owned(), NAME_CHARS).map_err(|message| FieldError::new("name", message))
    });
    parameters.finish(&["name"])?;
    Ok(name.unwrap_or_default())
}

/// The type without parameters, where it is one (RFC 2045, section 5.1).
fn content_type(request: &HttpRequest) -> String {
    let declared = request.headers().get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok());
    let essence =
        declared.and_then(|value| value.split(';').next()).unwrap_or_default().trim().to_ascii_lowercase();
    let is_token = |part: &str| {
        !part.is_empty()
            && part.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"!#$&^_.+-".contains(&byte))
    };
    let is_type = essence.len() <= 100
        && essence.split_once('/').is_some_and(|(kind, sub)| is_token(kind) && is_token(sub));
    // A multipart is a structure of a mail and no file.
    if is_type && !essence.starts_with("multipart/") && !essence.starts_with("message/") {
        essence
    } else {
        UNKNOWN_TYPE.to_owned()
    }
}

#[cfg(test)]
mod tests {
    use actix_web::test::TestRequest;

    use super::*;
    use crate::http::server::query::testing::{fields, pairs};

    #[test]
    fn a_type_is_one_that_may_stand_in_a_mail() {
        let read = |declared: &str| {
            content_type(&TestRequest::post().insert_header(("Content-Type", declared)).to_http_request())
        };
        assert_eq!(read("Application/PDF; name=x"), "application/pdf");
        for other in ["", "x", "a/b/c", "multipart/mixed; boundary=x", "message/rfc822", "text/ht\tml", "/"] {
            assert_eq!(read(other), UNKNOWN_TYPE, "{other}");
        }
    }

    #[test]
    fn a_name_is_one_line_without_folders() {
        assert_eq!(name(&pairs("name=offer+7.pdf")), Ok("offer 7.pdf".to_owned()));
        for wrong in ["", "name=", "name=a/b", "name=..%5Cb", "name=a&name=b"] {
            assert_eq!(fields(name(&pairs(wrong))), ["name"], "{wrong}");
        }
    }
}
