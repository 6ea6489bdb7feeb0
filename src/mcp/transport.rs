//! The streamable HTTP transport, without sessions: each request is answered by itself. `rmcp` checks the protocol's
//! headers, `Host` and `Origin`; whoever calls this has authenticated the request and bounded its body.

use std::convert::Infallible;
use std::fmt;
use std::sync::Arc;

use actix_web::web::Bytes;
use futures_util::future::BoxFuture;
use futures_util::{FutureExt, Stream};
use http_body_util::combinators::BoxBody;
use http_body_util::{BodyExt, Full};
use http1::HeaderMap;
use rmcp::ServerHandler;
use rmcp::transport::streamable_http_server::session::never::NeverSessionManager;
use rmcp::transport::streamable_http_server::{StreamableHttpServerConfig, StreamableHttpService};

use super::caller::McpCaller;

/// Protection against DNS rebinding: the names under which the server may be addressed, and the origins whose pages may
/// call it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RebindingLimits {
    /// Host names, with or without a port.
    pub hosts: Vec<String>,
    pub origins: Vec<String>,
}

/// An authenticated POST.
#[derive(Debug)]
pub struct McpRequest {
    pub caller: McpCaller,
    pub headers: HeaderMap,
    pub body: Bytes,
}

/// The response; its body is one JSON document or a stream of events.
pub struct McpResponse<B> {
    pub status: u16,
    pub headers: HeaderMap,
    pub body: B,
}

type MountBody = BoxBody<Bytes, Infallible>;
type MountService =
    dyn Fn(http1::Request<Full<Bytes>>) -> BoxFuture<'static, http1::Response<MountBody>> + Send + Sync;

/// The server at its address.
#[derive(Clone)]
pub struct McpMount {
    service: Arc<MountService>,
}

impl fmt::Debug for McpMount {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("McpMount").finish_non_exhaustive()
    }
}

impl McpMount {
    /// With an empty list `rmcp` would accept everything, so each has an entry that no request can have (RFC 2606).
    pub fn new<H: ServerHandler + Clone>(server: H, limits: RebindingLimits) -> Self {
        let hosts = limits.hosts.into_iter().chain(["host.invalid".to_owned()]);
        let origins = limits.origins.into_iter().chain(["https://origin.invalid".to_owned()]);
        let config = StreamableHttpServerConfig::default()
            .with_legacy_session_mode(false)
            .with_json_response(true)
            .with_allowed_hosts(hosts)
            .with_allowed_origins(origins);
        let sessions = Arc::new(NeverSessionManager::default());
        let service = StreamableHttpService::new(move || Ok(server.clone()), sessions, config);
        Self {
            service: Arc::new(move |request| {
                let service = service.clone();
                async move { service.handle(request).await }.boxed()
            }),
        }
    }

    pub async fn answer(
        &self,
        request: McpRequest,
    ) -> McpResponse<impl Stream<Item = Result<Bytes, Infallible>> + 'static> {
        let McpRequest { caller, headers, body } = request;
        let mut passed = http1::Request::new(Full::new(body));
        *passed.method_mut() = http1::Method::POST;
        *passed.uri_mut() = http1::Uri::from_static("/mcp");
        *passed.headers_mut() = headers;
        passed.extensions_mut().insert(caller);
        let (parts, body) = (self.service)(passed).await.into_parts();
        McpResponse { status: parts.status.as_u16(), headers: parts.headers, body: body.into_data_stream() }
    }
}
