//! Client of server-sent events for tests.

use reqwest::{Client, RequestBuilder, Response};

use super::wait::{LIMIT, completes};

/// An open stream of events.
pub struct Events {
    response: Response,
    unread: String,
    /// The id of the last event that had one.
    pub last_id: Option<String>,
}

/// An event.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SseEvent {
    pub name: String,
    pub data: String,
}

impl Events {
    /// Opens a stream, as a page that comes back if there is a `last_id`.
    pub async fn open(url: &str, last_id: Option<&str>) -> Self {
        let response = get(url, last_id).await;
        assert_eq!(response.status(), 200, "{url}");
        Self { response, unread: String::new(), last_id: None }
    }

    /// The same for staff, with a token.
    pub async fn open_as(url: &str, last_id: Option<&str>, token: &str) -> Self {
        let response = request(url, last_id).bearer_auth(token).send().await.unwrap();
        assert_eq!(response.status(), 200, "{url}");
        Self { response, unread: String::new(), last_id: None }
    }

    /// The stream of a request, if it was not refused.
    pub async fn of(request: RequestBuilder) -> Result<Self, u16> {
        let response = request.send().await.unwrap();
        match response.status().as_u16() {
            200 => Ok(Self { response, unread: String::new(), last_id: None }),
            refused => Err(refused),
        }
    }

    /// The next event; `None` when the stream has ended. Heartbeats do not prolong the wait.
    pub async fn next(&mut self) -> Option<SseEvent> {
        let event = async {
            loop {
                let frame = self.frame().await?;
                if let Some(event) = self.read(&frame) {
                    return Some(event);
                }
            }
        };
        completes(LIMIT, event).await.unwrap_or_else(|| panic!("no event within {LIMIT:?}"))
    }

    /// The next frame, an event or a comment, without the empty line at its end; `None` when the stream has ended.
    pub async fn frame(&mut self) -> Option<String> {
        loop {
            if let Some((frame, rest)) = self.unread.split_once("\n\n") {
                let (frame, rest) = (frame.to_owned(), rest.to_owned());
                self.unread = rest;
                return Some(frame);
            }
            let Some(chunk) = completes(LIMIT, self.response.chunk()).await else {
                panic!("no event within {LIMIT:?}");
            };
            match chunk {
                Ok(Some(chunk)) => self.unread.push_str(std::str::from_utf8(&chunk).unwrap()),
                Ok(None) | Err(_) => return None,
            }
        }
    }

    /// The next event of this name.
    pub async fn named(&mut self, name: &str) -> SseEvent {
        let event = async {
            loop {
                let event = self.next().await.unwrap_or_else(|| panic!("the stream ended before {name}"));
                if event.name == name {
                    return event;
                }
            }
        };
        completes(LIMIT, event).await.unwrap_or_else(|| panic!("no event {name} within {LIMIT:?}"))
    }

    fn read(&mut self, frame: &str) -> Option<SseEvent> {
        let field = |name: &str| frame.lines().find_map(|line| line.strip_prefix(name)).map(str::to_owned);
        if let Some(id) = field("id: ") {
            self.last_id = Some(id);
        }
        Some(SseEvent { name: field("event: ")?, data: field("data: ")? })
    }
}

/// The response to a request for a stream.
pub async fn get(url: &str, last_id: Option<&str>) -> Response {
    request(url, last_id).send().await.unwrap()
}

fn request(url: &str, last_id: Option<&str>) -> RequestBuilder {
    let client: Client = fte::http_client::builder().no_proxy().build().unwrap();
    let request = client.get(url);
    last_id.into_iter().fold(request, |request, id| request.header("Last-Event-ID", id))
}
