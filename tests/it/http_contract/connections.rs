//! Connections that are slow, broken off, or open when the server stops.

use std::time::{Duration, Instant};

use fte::clock;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::time::timeout;

use super::rig::{Front, form, send};

const PATIENCE: Duration = Duration::from_secs(5);

/// Sends `text` and reads until the server closes the connection.
async fn exchange(front: &Front, text: &str) -> String {
    let mut stream = TcpStream::connect(front.address).await.unwrap();
    stream.write_all(text.as_bytes()).await.unwrap();
    let mut answer = Vec::new();
    timeout(PATIENCE, stream.read_to_end(&mut answer)).await.unwrap().unwrap();
    String::from_utf8(answer).unwrap()
}

fn head(length: &str) -> String {
    format!("POST /support/submit HTTP/1.1\r\nhost: a\r\ncontent-type: application/json\r\n{length}\r\n\r\n")
}

#[actix_web::test]
async fn a_body_that_does_not_arrive_is_given_up() {
    let front = Front::new();
    for body in ["content-length: 500", "transfer-encoding: chunked"] {
        let answer = exchange(&front, &head(body)).await;
        assert!(answer.starts_with("HTTP/1.1 408 "), "{answer}");
        assert!(answer.contains("application/problem+json"), "{answer}");
        assert!(answer.ends_with('}'), "{answer}");
    }
    assert!(front.seen().is_empty());
}

#[actix_web::test]
async fn a_declared_size_is_refused_before_the_body_comes() {
    let front = Front::new();
    let answer = exchange(&front, &head("content-length: 1000000000")).await;
    assert!(answer.starts_with("HTTP/1.1 413 "), "{answer}");
    assert!(answer.contains("application/problem+json"), "{answer}");
}

#[actix_web::test]
async fn a_body_in_many_pieces_is_put_together() {
    let front = Front::new();
    let mut stream = TcpStream::connect(front.address).await.unwrap();
    let body = form().to_string();
    stream.write_all(head(&format!("content-length: {}", body.len())).as_bytes()).await.unwrap();
    for piece in body.as_bytes().chunks(50) {
        stream.write_all(piece).await.unwrap();
        stream.flush().await.unwrap();
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    let mut answer = [0; 12];
    timeout(PATIENCE, stream.read_exact(&mut answer)).await.unwrap().unwrap();
    assert_eq!(&answer, b"HTTP/1.1 201");
}

#[actix_web::test]
async fn clients_that_go_away_do_no_harm() {
    let front = Front::new();
    for part in
        ["", "POST /support/su", &head("content-length: 500"), &(head("content-length: 500") + "{\"na")]
    {
        let mut stream = TcpStream::connect(front.address).await.unwrap();
        stream.write_all(part.as_bytes()).await.unwrap();
    }
    assert_eq!(send(front.submit(&form())).await.status(), 201);
    assert_eq!(front.seen().len(), 1);
}

#[actix_web::test]
async fn an_idle_connection_does_not_hold_up_a_stop() {
    let front = Front::new();
    assert_eq!(send(front.submit(&form())).await.status(), 201);
    let began: Instant = clock::monotonic();
    timeout(PATIENCE, front.handle.stop(true)).await.unwrap();
    assert!(began.elapsed() < Duration::from_secs(3));
    assert!(front.submit(&form()).send().await.is_err());
}
