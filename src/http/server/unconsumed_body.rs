//! Slow-client protection: closes connections whose chunked request body was not read to its end.
//!
//! For bodies of a declared length actix does so by itself. A chunked body that the handler has dropped is drained
//! without a timeout, so that a client which never ends its body would keep the connection open for ever. As long as
//! the answer's body keeps a reference to it, it counts as unread, and the connection is closed after the answer.

use std::cell::RefCell;
use std::pin::Pin;
use std::rc::Rc;
use std::task::{Context, Poll};

use actix_web::HttpMessage;
use actix_web::body::{BodySize, BoxBody, MessageBody};
use actix_web::dev::{Payload, ServiceRequest};
use actix_web::error::{Error, PayloadError};
use actix_web::http::header;
use actix_web::web::Bytes;
use futures_util::{Stream, StreamExt};

/// A request's body, shared between the handler that reads it and the answer that outlives the handler.
pub struct Chunked(Rc<RefCell<Payload>>);

impl Chunked {
    /// `None` for requests whose body is not chunked.
    pub fn of(request: &mut ServiceRequest) -> Option<Self> {
        if !request.headers().contains_key(header::TRANSFER_ENCODING) {
            return None;
        }
        let body = Rc::new(RefCell::new(request.take_payload()));
        let stream: Pin<Box<dyn Stream<Item = _>>> = Box::pin(Piped(Rc::clone(&body)));
        request.set_payload(stream.into());
        Some(Self(body))
    }

    /// A response body that keeps the request's body alive until it is sent.
    pub fn held_by(self, answer: BoxBody) -> BoxBody {
        BoxBody::new(Holding { answer, _request: self.0 })
    }
}

struct Piped(Rc<RefCell<Payload>>);

impl Stream for Piped {
    type Item = Result<Bytes, PayloadError>;

    fn poll_next(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.0.borrow_mut().poll_next_unpin(cx)
    }
}

struct Holding {
    answer: BoxBody,
    _request: Rc<RefCell<Payload>>,
}

impl MessageBody for Holding {
    type Error = Error;

    fn size(&self) -> BodySize {
        self.answer.size()
    }

    fn poll_next(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Result<Bytes, Error>>> {
        let next = self.get_mut().answer.as_pin_mut().poll_next(cx);
        next.map_err(Into::into)
    }
}
