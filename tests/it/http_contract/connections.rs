//! Connection tests: slow, aborted, and idle ones at shutdown.

use std::time::Duration;

use fte::clock;
use fte::http::STOP_TIMEOUT_SECONDS;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use super::rig::{Front, Plan, form, send};
use crate::support::wait::{LIMIT, completes, pause};

/// Sends `text` and reads until the server closes the connection.
async fn exchange(front: &Front, text: &str) -> String {
    let mut stream = TcpStream::connect(front.address).await.unwrap();
    stream.write_all(text.as_bytes()).await.unwrap();
    let mut answer = Vec::new();
    completes(LIMIT, stream.read_to_end(&mut answer)).await.unwrap().unwrap();
    String::from_utf8(answer).unwrap()
}

fn head(length: &str) -> String {
    format!("POST /support/submit HTTP/1.1\r\nhost: a\r\ncontent-type: application/json\r\n{length}\r\n\r\n")
}

#[actix_web::test]
async fn a_body_that_does_not_arrive_times_out() {
    let front = Front::with(Plan { body_within: Duration::from_secs(1), ..Plan::default() });
    let (declared, chunked) = (head("content-length: 500"), head("transfer-encoding: chunked"));
    let (declared, chunked) = tokio::join!(exchange(&front, &declared), exchange(&front, &chunked));
    for answer in [declared, chunked] {
        assert!(answer.starts_with("HTTP/1.1 408 "), "{answer}");
        assert!(answer.contains("application/problem+json"), "{answer}");
        assert!(answer.ends_with('}'), "{answer}");
    }
    assert!(front.seen().is_empty());
}

#[actix_web::test]
async fn an_unconsumed_chunked_body_does_not_block_its_connection() {
    let front = Front::new();
    for (path, status) in [("/nowhere", 404), ("/health", 405), ("/support/ticket/7/messages", 404)] {
        let head =
            format!("POST {path} HTTP/1.1\r\nhost: a\r\ntransfer-encoding: chunked\r\n\r\n5\r\nhello\r\n");
        let answer = exchange(&front, &head).await;
        assert!(answer.starts_with(&format!("HTTP/1.1 {status} ")), "{answer}");
    }
}

#[actix_web::test]
async fn a_chunked_body_that_is_read_keeps_its_connection() {
    let front = Front::new();
    let body = form().to_string();
    let submit = head("transfer-encoding: chunked") + &format!("{:x}\r\n{body}\r\n0\r\n\r\n", body.len());
    let last = "GET /health/live HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n";
    let answer = exchange(&front, &(submit + last)).await;
    assert!(answer.starts_with("HTTP/1.1 201 "), "{answer}");
    assert!(answer.ends_with(r#"{"status":"ok"}"#), "{answer}");
}

#[actix_web::test]
async fn a_declared_size_is_refused_before_the_body_arrives() {
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
        pause("a piece for itself", Duration::from_millis(5)).await;
    }
    let mut answer = [0; 12];
    completes(LIMIT, stream.read_exact(&mut answer)).await.unwrap().unwrap();
    assert_eq!(&answer, b"HTTP/1.1 201");
}

#[actix_web::test]
async fn clients_that_disconnect_do_no_harm() {
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
async fn an_idle_connection_does_not_delay_shutdown() {
    let front = Front::new();
    assert_eq!(send(front.submit(&form())).await.status(), 201);
    let began = clock::monotonic();
    completes(LIMIT, front.handle.stop(true)).await.unwrap();
    // A connection that blocked the shutdown would block it for the whole time-out of requests in flight.
    assert!(clock::monotonic().duration_since(began) < Duration::from_secs(STOP_TIMEOUT_SECONDS));
    assert!(front.submit(&form()).send().await.is_err());
}
