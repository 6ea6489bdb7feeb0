//! Fake webhook receiver of staff: a real HTTP server that responds by script and records every post.

use std::collections::VecDeque;
use std::net::{SocketAddr, TcpListener};
use std::sync::{Arc, Mutex};
use std::time::Instant;

use actix_web::http::StatusCode;
use actix_web::{App, HttpRequest, HttpResponse, HttpServer, web};
use fte::clock;
use serde_json::Value;

/// One post as it arrived.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Post {
    pub at: Instant,
    pub idempotency_key: String,
    pub text: String,
    /// The response status.
    pub answered: u16,
}

/// The response to a post.
#[derive(Clone, Copy, Debug)]
pub enum Answer {
    Status(u16),
    /// A status with `Retry-After`, in seconds.
    Later(u16, u64),
}

#[derive(Default)]
struct Book {
    ledger: Mutex<Vec<Post>>,
    /// Responses to the next posts, in order; all later ones get 200.
    script: Mutex<VecDeque<Answer>>,
}

/// A running receiver; it serves until the tests end.
pub struct Receiver {
    pub url: String,
    book: Arc<Book>,
}

impl Receiver {
    pub fn start(script: &[Answer]) -> Self {
        Self::listen(TcpListener::bind(("127.0.0.1", 0)).unwrap(), script)
    }

    /// Serves at an address that is already configured elsewhere.
    pub fn start_at(address: SocketAddr) -> Self {
        Self::listen(TcpListener::bind(address).unwrap(), &[])
    }

    fn listen(listener: TcpListener, script: &[Answer]) -> Self {
        let url = format!("http://{}/hooks/staff", listener.local_addr().unwrap());
        let book = Arc::new(Book { script: Mutex::new(script.iter().copied().collect()), ..Book::default() });
        let shared = web::Data::from(Arc::clone(&book));
        std::thread::spawn(move || {
            let app = move || App::new().app_data(shared.clone()).route("/hooks/staff", web::post().to(take));
            actix_web::rt::System::new()
                .block_on(HttpServer::new(app).workers(1).disable_signals().listen(listener).unwrap().run())
                .unwrap();
        });
        Self { url, book }
    }

    /// Every post so far, in the order of arrival.
    pub fn ledger(&self) -> Vec<Post> {
        self.book.ledger.lock().unwrap().clone()
    }

    /// The escalations that it acknowledged, sorted, repetitions included.
    pub fn told(&self) -> Vec<String> {
        let accepted = self.ledger().into_iter().filter(|post| post.answered == 200);
        let mut told: Vec<_> = accepted.map(|post| post.idempotency_key).collect();
        told.sort();
        told
    }
}

async fn take(book: web::Data<Book>, request: HttpRequest, body: web::Json<Value>) -> HttpResponse {
    let (status, pause) = match book.script.lock().unwrap().pop_front() {
        None => (200, None),
        Some(Answer::Status(status)) => (status, None),
        Some(Answer::Later(status, seconds)) => (status, Some(seconds)),
    };
    let key = request.headers().get("Idempotency-Key").unwrap().to_str().unwrap().to_owned();
    let text = body["text"].as_str().unwrap().to_owned();
    book.ledger.lock().unwrap().push(Post {
        at: clock::monotonic(),
        idempotency_key: key,
        text,
        answered: status,
    });
    let mut response = HttpResponse::build(StatusCode::from_u16(status).unwrap());
    if let Some(seconds) = pause {
        response.insert_header(("Retry-After", seconds));
    }
    response.finish()
}
