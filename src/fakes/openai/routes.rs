//! HTTP routes of the fake OpenAI service: chat completions and embeddings.

use std::hash::{DefaultHasher, Hash, Hasher};
use std::io;
use std::net::TcpListener;
use std::time::Duration;

use actix_web::dev::Server;
use actix_web::http::StatusCode;
use actix_web::web::{Bytes, Data, Json, PayloadConfig, post};
use actix_web::{App, HttpRequest, HttpResponse, HttpServer};
use futures_util::{StreamExt, stream};
use serde_json::{Value, json};

use super::FakeState;
use super::act::{Act, FakeReply, What};
use super::asked::Asked;
use super::ledger::Seen;
use super::render;
use crate::clock;

/// Dimensions of an embedding, as in text-embedding-3-small.
pub const DIMENSIONS: usize = 1536;
/// Maximum number of inputs in one embeddings request (OpenAI's API reference).
const MAX_INPUTS: usize = 2048;
const BODY_MAX_BYTES: usize = 16 << 20;
/// Longer than the time-out of any caller.
const FOR_EVER: Duration = Duration::from_secs(900);

pub fn server(listener: TcpListener, stage: FakeState) -> io::Result<Server> {
    let app = move || {
        App::new()
            .app_data(Data::new(stage.clone()))
            .app_data(PayloadConfig::new(BODY_MAX_BYTES))
            .app_data(actix_web::web::JsonConfig::default().limit(BODY_MAX_BYTES))
            .route("/v1/chat/completions", post().to(chat))
            .route("/v1/embeddings", post().to(embeddings))
    };
    let server = HttpServer::new(app).workers(1).disable_signals().shutdown_timeout(1);
    Ok(server.listen(listener)?.run())
}

fn note(stage: &FakeState, request: &HttpRequest, body: &Value) -> u64 {
    let authorization = request.headers().get("authorization").and_then(|value| value.to_str().ok());
    stage.ledger.note(Seen {
        at: clock::monotonic(),
        path: request.path().to_owned(),
        authorization: authorization.map(str::to_owned),
        body: body.clone(),
    })
}

async fn chat(stage: Data<FakeState>, request: HttpRequest, Json(body): Json<Value>) -> HttpResponse {
    let nth = note(&stage, &request, &body);
    let asked = Asked { nth, body };
    let Act { after, what } = stage.script().act(&asked);
    actix_web::rt::time::sleep(after).await;
    match what {
        What::Say(said) => say(&asked, &said),
        What::Whole(said) => HttpResponse::Ok().json(render::whole(asked.model(), asked.nth, &said)),
        What::Raw { content_type, parts } => raw(content_type, parts),
        What::Cut(said) => cut(&asked, &said),
        What::Garbage => HttpResponse::Ok().content_type("text/html").body("<html>502 Bad Gateway</html>"),
        What::Hang => {
            actix_web::rt::time::sleep(FOR_EVER).await;
            HttpResponse::GatewayTimeout().finish()
        }
        What::Refuse { status, body, headers } => {
            let status = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
            let mut response = HttpResponse::build(status);
            for header in headers {
                response.insert_header(header);
            }
            response.json(body)
        }
    }
}

fn say(asked: &Asked, said: &FakeReply) -> HttpResponse {
    if asked.streams() {
        let events = render::events(asked.model(), asked.nth, said).into_iter();
        let events = events.map(|event| Ok::<_, io::Error>(Bytes::from(event)));
        return HttpResponse::Ok().content_type("text/event-stream").streaming(stream::iter(events));
    }
    HttpResponse::Ok().json(render::whole(asked.model(), asked.nth, said))
}

fn raw(content_type: &str, parts: Vec<(Duration, String)>) -> HttpResponse {
    let parts = stream::iter(parts).then(|(after, text)| async move {
        actix_web::rt::time::sleep(after).await;
        Ok::<_, io::Error>(Bytes::from(text))
    });
    HttpResponse::Ok().content_type(content_type).streaming(Box::pin(parts))
}

/// Sends half of the response, then closes the connection.
fn cut(asked: &Asked, said: &FakeReply) -> HttpResponse {
    let (kind, text) = if asked.streams() {
        ("text/event-stream", render::events(asked.model(), asked.nth, said).concat())
    } else {
        ("application/json", render::whole(asked.model(), asked.nth, said).to_string())
    };
    let half: String = text.chars().take(text.chars().count() / 2).collect();
    let parts = [Ok(Bytes::from(half)), Err(io::Error::other("cut"))];
    HttpResponse::Ok().content_type(kind).streaming(stream::iter(parts))
}

async fn embeddings(stage: Data<FakeState>, request: HttpRequest, Json(body): Json<Value>) -> HttpResponse {
    note(&stage, &request, &body);
    actix_web::rt::time::sleep(stage.script().embedding_delay()).await;
    let inputs: Vec<String> = match &body["input"] {
        Value::String(input) => vec![input.clone()],
        Value::Array(inputs) => inputs.iter().filter_map(|input| input.as_str().map(str::to_owned)).collect(),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::Object(_) => Vec::new(),
    };
    if inputs.is_empty() || inputs.len() > MAX_INPUTS || inputs.iter().any(String::is_empty) {
        let error =
            json!({ "error": { "message": "bad input", "type": "invalid_request_error", "code": null } });
        return HttpResponse::BadRequest().json(error);
    }
    let data: Vec<Value> = inputs
        .iter()
        .enumerate()
        .map(|(index, input)| json!({ "object": "embedding", "index": index, "embedding": embedding(input) }))
        .collect();
    let tokens: usize = inputs.iter().map(|input| input.len().div_ceil(4)).sum();
    HttpResponse::Ok().json(json!({
        "object": "list", "data": data, "model": body["model"],
        "usage": { "prompt_tokens": tokens, "total_tokens": tokens },
    }))
}

/// Texts that share words get similar vectors: each word adds its weight to one dimension.
fn embedding(text: &str) -> Vec<f32> {
    let mut vector = vec![0.0_f32; DIMENSIONS];
    for word in text.to_lowercase().split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()) {
        let mut hasher = DefaultHasher::new();
        word.hash(&mut hasher);
        let place = usize::try_from(hasher.finish() % 1536).unwrap_or_default();
        if let Some(weight) = vector.get_mut(place) {
            *weight += 1.0;
        }
    }
    let norm = vector.iter().map(|weight| weight * weight).sum::<f32>().sqrt().max(f32::MIN_POSITIVE);
    vector.iter().map(|weight| weight / norm).collect()
}
