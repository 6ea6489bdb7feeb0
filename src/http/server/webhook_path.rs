//! Middleware that accepts webhook URLs with trailing and double slashes, as people type them at providers. The path as it
//! was received stays known, because signatures cover it. Other paths are left alone.

use actix_web::Error;
use actix_web::HttpMessage;
use actix_web::body::MessageBody;
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::Uri;
use actix_web::middleware::Next;

/// Where every webhook is.
const WEBHOOKS: &str = "/webhooks/";

/// The path of a request before it was normalised.
#[derive(Clone, Debug)]
pub struct ReceivedPath(pub String);

pub async fn normalise<B: MessageBody + 'static>(
    mut request: ServiceRequest,
    next: Next<B>,
) -> Result<ServiceResponse<B>, Error> {
    if let Some(path) = normal(request.path()) {
        let received = ReceivedPath(request.path().to_owned());
        let query = request.uri().query().map_or(String::new(), |query| format!("?{query}"));
        let mut parts = request.uri().clone().into_parts();
        parts.path_and_query = format!("{path}{query}").parse().ok();
        if let Ok(uri) = Uri::from_parts(parts) {
            request.match_info_mut().get_mut().update(&uri);
            request.head_mut().uri = uri;
            request.extensions_mut().insert(received);
        }
    }
    next.call(request).await
}

/// The path of a webhook without empty segments; `None` for one that has none, and for other paths.
fn normal(path: &str) -> Option<String> {
    let segments: Vec<&str> = path.split('/').filter(|segment| !segment.is_empty()).collect();
    let normal = format!("/{}", segments.join("/"));
    (normal.starts_with(WEBHOOKS) && normal != path).then_some(normal)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_webhooks_lose_their_empty_segments() {
        for path in ["/webhooks/whatsapp/", "//webhooks/whatsapp", "/webhooks//whatsapp//"] {
            assert_eq!(normal(path).as_deref(), Some("/webhooks/whatsapp"), "{path}");
        }
        for path in
            ["/webhooks/whatsapp", "/", "//", "/support/ticket//", "/help/", "/webhooks", "/webhooks/"]
        {
            assert_eq!(normal(path), None, "{path}");
        }
    }
}
