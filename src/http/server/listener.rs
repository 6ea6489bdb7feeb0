//! Listener: accepts connections within their limits, and serves HTTP/1 on each through [`Connection`].

use std::fmt;
use std::io;
use std::net::{SocketAddr, TcpListener};
use std::rc::Rc;
use std::time::Duration;

use actix_http::{HttpService, Request, Response};
use actix_service::{IntoServiceFactory, Service, ServiceFactory, ServiceFactoryExt, fn_service, map_config};
use actix_web::body::MessageBody;
use actix_web::dev::{AppConfig, Server};
use actix_web::http::StatusCode;
use actix_web::rt::net::TcpStream;
use actix_web::{Error, ResponseError};

use tokio::io::{AsyncReadExt, AsyncWriteExt};

use super::connection::{Connection, ConnectionTimeouts};
use super::connection_limits::{ConnectionRefusal, Connections};
use super::problem::{PROBLEM_JSON, Problem};
use crate::metrics::METRICS;

/// Timeout of a connection's first head (FACTS.md, actix-web limits).
const HEAD_TIMEOUT: Duration = Duration::from_secs(5);
/// Longer than the idle timeout of common load balancers (60 s), so that the server never closes a connection in use.
const KEEP_ALIVE: Duration = Duration::from_secs(75);
/// An idle connection ends after `KEEP_ALIVE`; one that has begun a head gets as long as the first.
const NEXT_REQUEST_TIMEOUT: Duration = Duration::from_secs(80);
/// Timeout of a write without progress. Within it, a client that has lost its network for a moment comes back.
const WRITE_TIMEOUT: Duration = Duration::from_secs(30);
const TIMEOUTS: ConnectionTimeouts =
    ConnectionTimeouts { write: WRITE_TIMEOUT, next_request: NEXT_REQUEST_TIMEOUT };
/// How long a connection that is being closed may take to send its last answer.
const DISCONNECT_TIMEOUT: Duration = Duration::from_secs(1);
/// How long a refused connection is read, and how many are at once; the rest is closed without.
const LINGER_TIMEOUT: Duration = Duration::from_millis(500);
const MAX_LINGERING: usize = 64;
/// Grace period for requests in flight at shutdown, in seconds; longer than any timeout of a call to an actor.
pub const STOP_TIMEOUT_SECONDS: u64 = 15;

/// The server of an application. Nothing is served until the returned future is polled.
pub fn serve<A, I, F, B>(
    listener: TcpListener,
    app: A,
    connections: Connections,
    workers: usize,
) -> io::Result<Server>
where
    A: Fn() -> I + Send + Clone + 'static,
    I: IntoServiceFactory<F, Request>,
    F: ServiceFactory<Request, Config = AppConfig> + 'static,
    F::Error: Into<Error> + 'static,
    F::InitError: fmt::Debug,
    F::Response: Into<Response<B>> + 'static,
    F::Service: 'static,
    <F::Service as Service<Request>>::Future: 'static,
    B: MessageBody + 'static,
{
    let builder = Server::build().workers(workers).shutdown_timeout(STOP_TIMEOUT_SECONDS).disable_signals();
    let stopping = builder.graceful_shutdown_signal();
    let builder = builder.listen("http", listener, move || {
        let stopping = stopping.clone();
        let app = app().into_factory().map_err(|error| error.into().error_response());
        let http = HttpService::build()
            .keep_alive(KEEP_ALIVE)
            .client_request_timeout(HEAD_TIMEOUT)
            .client_disconnect_timeout(DISCONNECT_TIMEOUT)
            .graceful_shutdown_signal(move || {
                let stopping = stopping.clone();
                async move { stopping.notified().await }
            })
            .on_connect_ext(|connection: &Connection<TcpStream>, data| {
                data.insert(connection.progress());
            })
            .h1(map_config(app, |()| AppConfig::default()));
        accept(connections.clone()).and_then(http.map_err(|_| ()))
    })?;
    Ok(builder.run())
}

/// Wraps each accepted stream, or answers that there are too many.
fn accept(
    connections: Connections,
) -> impl ServiceFactory<
    TcpStream,
    Config = (),
    Response = (Connection<TcpStream>, Option<SocketAddr>),
    Error = (),
    InitError = (),
> {
    let lingering = Rc::new(());
    fn_service(move |stream: TcpStream| {
        let peer = stream.peer_addr().ok();
        let admitted = connections.admit(peer);
        let lingering = Rc::clone(&lingering);
        async move {
            match admitted {
                Ok(permit) => Ok((Connection::new(stream, TIMEOUTS, permit), peer)),
                Err(refusal) => {
                    refuse(stream, refusal, &lingering).await;
                    Err(())
                }
            }
        }
    })
}

/// Answers before the request is read. A stream that is closed with unread data loses the answer, so what the client
/// sends is read for a moment, unless many are refused.
async fn refuse(mut stream: TcpStream, refusal: ConnectionRefusal, lingering: &Rc<()>) {
    METRICS.http_connections_refused.with_label_values(&[refusal.as_str()]).inc();
    let problem = match refusal {
        ConnectionRefusal::Full => Problem::new(
            StatusCode::SERVICE_UNAVAILABLE,
            "Too many connections are open; please try again shortly.",
        ),
        ConnectionRefusal::AddressFull => {
            Problem::new(StatusCode::TOO_MANY_REQUESTS, "Too many connections from this address are open.")
        }
    };
    let (status, document) = (problem.status_code(), problem.document("/"));
    let head = format!(
        "HTTP/1.1 {status}\r\ncontent-type: {PROBLEM_JSON}\r\ncontent-length: {}\r\nretry-after: 1\r\n\
         connection: close\r\n\r\n",
        document.len()
    );
    // One is the service's own, one is this stream's.
    if Rc::strong_count(lingering) > MAX_LINGERING + 2 {
        return;
    }
    let answer = async {
        stream.write_all(&[head.as_bytes(), document.as_bytes()].concat()).await?;
        stream.shutdown().await?;
        while stream.read(&mut [0; 1024]).await? > 0 {}
        io::Result::Ok(())
    };
    let _gone = tokio::time::timeout(LINGER_TIMEOUT, answer).await;
}
