//! OpenAPI document of the API, generated from the endpoints that the router registers.

mod examples;
mod text_patterns;

use utoipa::openapi::path::{HttpMethod, Operation, Paths};
use utoipa::openapi::schema::{Components, ComponentsBuilder};
use utoipa::openapi::security::{
    ApiKey, ApiKeyValue, HttpAuthScheme, HttpBuilder, SecurityRequirement, SecurityScheme,
};
use utoipa::openapi::server::ServerBuilder;
use utoipa::openapi::tag::{Tag, TagBuilder};
use utoipa::openapi::{
    ContentBuilder, InfoBuilder, LicenseBuilder, OpenApi, OpenApiBuilder, Ref, RefOr, Response,
    ResponseBuilder,
};
use utoipa::{PartialSchema, ToSchema};

use self::examples::Examples;
use super::api::problem::ProblemDocument;
use super::routes::{self, RouteGroup};
use super::server::endpoint::{Access, Endpoint};
use super::server::problem::PROBLEM_JSON;
use super::server::session_cookie::CookieKind;
use crate::channels::whatsapp::SIGNATURE;
use crate::domain::enums::{DeskQueue, QueueOrder};

const TITLE: &str = "fte";
const DESCRIPTION: &str = "The HTTP API of a self-hosted customer-success agent. Times are RFC 3339 in UTC. Every \
    refusal is a problem document (RFC 9457).";
/// The names of the security schemes.
const BEARER: &str = "bearer";
const TWILIO: &str = "twilio_signature";
const SESSION: &str = "session";
const OIDC: &str = "google_oidc";

/// The document of all registered endpoints, in OpenAPI 3.1.
pub fn openapi() -> OpenApi {
    document(routes::groups())
}

fn document(groups: Vec<RouteGroup>) -> OpenApi {
    let license = LicenseBuilder::new()
        .name(env!("CARGO_PKG_LICENSE"))
        .identifier(Some(env!("CARGO_PKG_LICENSE")))
        .build();
    let info = InfoBuilder::new()
        .title(TITLE)
        .version(env!("CARGO_PKG_VERSION"))
        .description(Some(DESCRIPTION))
        .license(Some(license))
        .build();
    let tags: Vec<Tag> = groups.iter().map(tag).collect();
    let mut components = components();
    let mut operations = Vec::new();
    for group in groups {
        for endpoint in group.endpoints {
            let Endpoint { path, method, access, description, .. } = endpoint;
            components.schemas.extend(description.schemas);
            operations.push((path, method, complete(description.operation, access, group.name)));
        }
    }
    let paths = described(operations, &mut components);
    // Wherever the document was read from.
    let here = ServerBuilder::new().url("/").build();
    OpenApiBuilder::new()
        .info(info)
        .servers(Some([here]))
        .tags(Some(tags))
        .paths(paths)
        .components(Some(components))
        .build()
}

/// Adds to each operation what follows from the schemas of all of them.
fn described(operations: Vec<(String, HttpMethod, Operation)>, components: &mut Components) -> Paths {
    for (_, _, operation) in &operations {
        text_patterns::add_to_body(operation, &mut components.schemas);
    }
    let examples = Examples::new(&components.schemas);
    let mut paths = Paths::new();
    for (path, method, mut operation) in operations {
        text_patterns::add_to_keys(&mut operation);
        examples.add_to(&mut operation);
        paths.add_path_operation(path, vec![method], operation);
    }
    paths
}

fn tag(group: &RouteGroup) -> Tag {
    TagBuilder::new().name(group.name).description(Some(group.description)).build()
}

fn components() -> Components {
    let token = HttpBuilder::new()
        .scheme(HttpAuthScheme::Bearer)
        .description(Some("A token with the scope that the operation names"))
        .build();
    let signature = ApiKeyValue::with_description(SIGNATURE, "Twilio's signature of the request");
    let cookie = ApiKeyValue::with_description(
        CookieKind::Secure.name(),
        "A session; requests that change something carry its X-CSRF-Token too. In development: `fte_session`.",
    );
    let mut schemas = vec![(ProblemDocument::name().into_owned(), ProblemDocument::schema())];
    ProblemDocument::schemas(&mut schemas);
    // Parameters do not bring their schemas along.
    schemas.push((DeskQueue::name().into_owned(), DeskQueue::schema()));
    schemas.push((QueueOrder::name().into_owned(), QueueOrder::schema()));
    let oidc = HttpBuilder::new()
        .scheme(HttpAuthScheme::Bearer)
        .bearer_format("JWT")
        .description(Some("An OIDC token of the service account that Google Pub/Sub pushes as."))
        .build();
    ComponentsBuilder::new()
        .schemas_from_iter(schemas)
        .security_scheme(BEARER, SecurityScheme::Http(token))
        .security_scheme(SESSION, SecurityScheme::ApiKey(ApiKey::Cookie(cookie)))
        .security_scheme(OIDC, SecurityScheme::Http(oidc))
        .security_scheme(TWILIO, SecurityScheme::ApiKey(ApiKey::Header(signature)))
        .build()
}

/// Adds what follows from the endpoint's route group and access: its tag, its security, and its refusals.
fn complete(mut operation: Operation, access: Access, tag: &str) -> Operation {
    operation.tags = Some(vec![tag.to_owned()]);
    operation.security = Some(match access {
        Access::Public => Vec::new(),
        Access::Signed => vec![SecurityRequirement::new(TWILIO, Vec::<String>::new())],
        Access::Pushed => vec![SecurityRequirement::new(OIDC, Vec::<String>::new())],
        Access::Scope(scope) => vec![
            SecurityRequirement::new(BEARER, [scope.as_str()]),
            SecurityRequirement::new(SESSION, Vec::<String>::new()),
        ],
        Access::Either(one, other) => vec![
            SecurityRequirement::new(BEARER, [one.as_str()]),
            SecurityRequirement::new(BEARER, [other.as_str()]),
            SecurityRequirement::new(SESSION, Vec::<String>::new()),
        ],
        Access::Session => vec![SecurityRequirement::new(SESSION, Vec::<String>::new())],
        Access::Program => vec![SecurityRequirement::new(BEARER, Vec::<String>::new())],
    });
    for (status, response) in &mut operation.responses.responses {
        if let RefOr::T(response) = response
            && status.starts_with('4')
        {
            response.content = refusal("").content;
        }
    }
    if let Access::Scope(_) | Access::Either(..) | Access::Session | Access::Program = access {
        for (status, description) in [
            ("401", "There is neither a session nor a valid token."),
            ("403", "The scope or the role is missing, or the header X-CSRF-Token (`csrf`)."),
        ] {
            operation.responses.responses.insert(status.to_owned(), RefOr::T(refusal(description)));
        }
    }
    let other = refusal("Any other refusal; `Retry-After` says when to try again, where that can help.");
    operation.responses.responses.insert("default".to_owned(), RefOr::T(other));
    operation
}

fn refusal(description: &str) -> Response {
    let schema = Ref::from_schema_name(ProblemDocument::name());
    let content = ContentBuilder::new().schema(Some(schema)).build();
    ResponseBuilder::new().description(description).content(PROBLEM_JSON, content).build()
}

#[cfg(test)]
mod tests;
