//! Middleware that tells a connection's stream which of its requests are unanswered and whose bodies are being read.

use std::pin::Pin;
use std::rc::Rc;
use std::task::{Context, Poll, ready};

use actix_web::body::{BodySize, MessageBody};
use actix_web::dev::{Payload, ServiceRequest, ServiceResponse};
use actix_web::error::PayloadError;
use actix_web::http::header;
use actix_web::middleware::Next;
use actix_web::web::Bytes;
use actix_web::{Error, HttpMessage};
use futures_util::{Stream, StreamExt};

use super::connection::{ActiveBody, ActiveRequest, RequestProgress};

/// Tracks a request from here to the last byte of its answer.
pub async fn track<B: MessageBody + 'static>(
    mut request: ServiceRequest,
    next: Next<B>,
) -> Result<ServiceResponse<Tracked<B>>, Error> {
    let progress = request.conn_data::<Rc<RequestProgress>>().cloned();
    let active = progress.as_ref().map(RequestProgress::begin);
    if let Some(progress) = progress.filter(|_| has_body(&request)) {
        let body = TrackedPayload { payload: request.take_payload(), active: Some(progress.begin_body()) };
        let body: Pin<Box<dyn Stream<Item = _>>> = Box::pin(body);
        request.set_payload(body.into());
    }
    Ok(next.call(request).await?.map_body(|_, body| Tracked { body: Box::pin(body), _active: active }))
}

fn has_body(request: &ServiceRequest) -> bool {
    let headers = request.headers();
    let length = headers.get(header::CONTENT_LENGTH).is_some_and(|length| length != "0");
    length || headers.contains_key(header::TRANSFER_ENCODING)
}

/// A request's body, until its end or until nobody reads it.
struct TrackedPayload {
    payload: Payload,
    active: Option<ActiveBody>,
}

impl Stream for TrackedPayload {
    type Item = Result<Bytes, PayloadError>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let piece = ready!(self.payload.poll_next_unpin(cx));
        if !matches!(piece, Some(Ok(_))) {
            self.active = None;
        }
        Poll::Ready(piece)
    }
}

/// An answer's body; its request is unanswered until it is dropped.
pub struct Tracked<B> {
    body: Pin<Box<B>>,
    _active: Option<ActiveRequest>,
}

impl<B: MessageBody> MessageBody for Tracked<B> {
    type Error = B::Error;

    fn size(&self) -> BodySize {
        self.body.size()
    }

    fn poll_next(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Result<Bytes, Self::Error>>> {
        self.get_mut().body.as_mut().poll_next(cx)
    }
}
