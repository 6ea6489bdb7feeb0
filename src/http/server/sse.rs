//! Server-sent events (WHATWG HTML, 9.2): frames, where a client goes on, the heartbeat, and the response around a stream
//! of frames.

use std::convert::Infallible;
use std::fmt::Write as _;
use std::time::Duration;

use actix_web::HttpResponse;
use actix_web::http::header::{HeaderMap, HeaderName, HeaderValue};
use actix_web::web::Bytes;
use futures_util::{Stream, StreamExt, stream};
use serde::Serialize;
use serde_json::json;
use tokio::sync::mpsc::Receiver;

use crate::actors::messages::FirstEvent;
use crate::domain::conversations::live::EventBatch;

/// How often an idle stream shows that it lives (API-STAFF.md, SSE).
const HEARTBEAT: Duration = Duration::from_secs(15);
const HEARTBEAT_FRAME: Bytes = Bytes::from_static(b": hb\n\n");
/// Tells nginx not to collect the stream before it passes it on.
const UNBUFFERED: (HeaderName, HeaderValue) =
    (HeaderName::from_static("x-accel-buffering"), HeaderValue::from_static("no"));

/// Frames of one batch. The position is the id of the last one only: a client that was cut off in the middle of a batch
/// must get the batch again.
#[derive(Debug, Default)]
pub struct Frames(String);

impl Frames {
    pub fn event(&mut self, name: &str, data: &impl Serialize) {
        let data = serde_json::to_string(data).unwrap_or_default();
        // Serialized JSON has no line breaks. Writing to a string cannot fail.
        let _infallible = write!(self.0, "event: {name}\ndata: {data}\n\n");
    }

    /// The frames, the last one with the id. Without any, a frame that only moves the client's position.
    pub fn with_id(self, id: &str) -> Bytes {
        let before_last = self.0.trim_end_matches('\n').rfind("\n\n").map_or(0, |end| end + 2);
        let (earlier, last) = self.0.split_at(before_last);
        let last = if last.is_empty() { "\n" } else { last };
        Bytes::from(format!("{earlier}id: {id}\n{last}"))
    }
}

/// Sent by a page that comes back (WHATWG HTML, 9.2).
const LAST_EVENT_ID: HeaderName = HeaderName::from_static("last-event-id");

/// The id as it was sent; `None` for a page that has seen no event. One that cannot be read is an id all the same.
pub fn last_event_id(headers: &HeaderMap) -> Option<String> {
    let id = headers.get(LAST_EVENT_ID)?;
    Some(String::from_utf8_lossy(id.as_bytes()).into_owned()).filter(|id| !id.is_empty())
}

/// What a page is told first: what it has missed, or whether it starts anew.
pub fn first_frames<C>(
    first: &FirstEvent<C>,
    comes_back: bool,
    frames: impl Fn(&EventBatch<C>) -> Bytes,
) -> Bytes {
    let name = match first {
        FirstEvent::Missed(batch) => return frames(batch),
        FirstEvent::Hello(_) if !comes_back => "hello",
        // It has an id that means nothing here.
        FirstEvent::Hello(_) | FirstEvent::Reset(_) => "reset",
    };
    let mut frames = Frames::default();
    frames.event(name, &json!({}));
    frames.with_id(&first.position().to_string())
}

/// A response that sends `first`, then what `frames` makes of each item. `held` lives as long as the stream, which ends
/// when `later` or `ends` does, or when the client is gone.
pub fn respond<T: 'static>(
    first: Bytes,
    later: Receiver<T>,
    frames: impl Fn(T) -> Bytes + 'static,
    held: impl Sized + 'static,
    ends: impl Future<Output = ()> + 'static,
) -> HttpResponse {
    let later = stream::unfold((later, frames, held), |(mut later, frames, held)| async {
        let frame = match tokio::time::timeout(HEARTBEAT, later.recv()).await {
            Ok(Some(item)) => frames(item),
            Ok(None) => return None,
            Err(_elapsed) => HEARTBEAT_FRAME,
        };
        Some((frame, (later, frames, held)))
    });
    let body = stream::once(async { first }).chain(later).take_until(ends).map(Ok::<_, Infallible>);
    HttpResponse::Ok().content_type("text/event-stream").insert_header(UNBUFFERED).streaming(boxed(body))
}

fn boxed<S: Stream + 'static>(stream: S) -> std::pin::Pin<Box<S>> {
    Box::pin(stream)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_last_frame_of_a_batch_moves_the_position() {
        let mut frames = Frames::default();
        frames.event("message", &json!({"message_id": 1}));
        frames.event("ticket", &json!({"status": "open"}));
        assert_eq!(
            frames.with_id("7"),
            "event: message\ndata: {\"message_id\":1}\n\nid: 7\nevent: ticket\ndata: {\"status\":\"open\"}\n\n"
        );
        let mut hello = Frames::default();
        hello.event("hello", &json!({}));
        assert_eq!(hello.with_id("7"), "id: 7\nevent: hello\ndata: {}\n\n");
        assert_eq!(Frames::default().with_id("7"), "id: 7\n\n");
    }
}
