//! Hostile connections over real sockets: clients that pipeline and never read, slow readers, too many connections.

use std::time::Duration;

use fte::http::ConnectionLimits;
use futures_util::future::join_all;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use super::rig::{Front, KNOWN, Plan, send};
use crate::support::wait::{LIMIT, completes, eventually, pause};

/// Bytes that one connection of a flood tries to send.
const FLOOD_BYTES: usize = 4 << 20;
/// What fifty such connections may make the server hold; without limits it was about 1 GiB.
const FLOOD_MAX_MEMORY_KIB: u64 = 96 * 1024;

fn get(path: &str) -> String {
    format!("GET {path} HTTP/1.1\r\nhost: a\r\n\r\n")
}

/// Resident memory of this process, which is also the server's.
fn memory_kib() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find(|line| line.starts_with("VmRSS:")).unwrap();
    line.split_whitespace().nth(1).unwrap().parse().unwrap()
}

/// Sends as many requests as the server takes, and reads no answer.
async fn flood(front: &Front, requests: &str) -> TcpStream {
    let mut stream = TcpStream::connect(front.address).await.unwrap();
    let sending = async {
        for _ in 0..FLOOD_BYTES / requests.len() {
            // The server may have had enough of what is no request.
            if stream.write_all(requests.as_bytes()).await.is_err() {
                return;
            }
        }
    };
    let _taken = completes(Duration::from_secs(2), sending).await;
    stream
}

#[actix_web::test]
async fn fifty_clients_that_pipeline_and_never_read_cost_little() {
    let front = Front::new();
    let ticket = format!("/support/ticket/{KNOWN}");
    for request in [
        get("/health/live"),
        get(&ticket),
        get("/nowhere"),
        "HEAD / HTTP/1.1\r\n\r\n".to_owned(),
        "\r\n".to_owned(),
    ] {
        let requests = request.repeat(1_000);
        let before = memory_kib();
        let held = join_all((0..50).map(|_| flood(&front, &requests))).await;
        let grown = memory_kib().saturating_sub(before);
        println!("{:?}: {grown} KiB", requests.lines().next());
        assert!(grown < FLOOD_MAX_MEMORY_KIB, "{request:?}: {grown} KiB");
        let served = async || match send(front.get("/health/live")).await.status().as_u16() {
            200 => Ok(()),
            status => Err(status),
        };
        eventually("the others are served", LIMIT, served).await;
        drop(held);
    }
}

#[actix_web::test]
async fn a_slow_reader_gets_every_answer_in_order() {
    let front = Front::new();
    let mut stream = TcpStream::connect(front.address).await.unwrap();
    let (mut reading, mut writing) = stream.split();
    let paths = ["/health/live", "/nowhere", "/health/ready"];
    let requests: String = paths.iter().cycle().take(3_000).map(|path| get(path)).collect();
    let last = "GET /health/live HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n";
    let sent = async {
        writing.write_all((requests + last).as_bytes()).await.unwrap();
    };
    let received = async {
        let mut all = Vec::new();
        let mut buffer = [0; 16 * 1024];
        loop {
            match reading.read(&mut buffer).await.unwrap() {
                0 => return String::from_utf8(all).unwrap(),
                count => all.extend_from_slice(&buffer[..count]),
            }
            pause("a slow client", Duration::from_millis(1)).await;
        }
    };
    let ((), received) = completes(LIMIT, async { tokio::join!(sent, received) }).await.unwrap();
    let statuses: Vec<&str> = received.split("HTTP/1.1 ").skip(1).map(|answer| &answer[..3]).collect();
    let expected: Vec<&str> = ["200", "404", "200"].into_iter().cycle().take(3_000).chain(["200"]).collect();
    assert_eq!(statuses, expected);
}

#[actix_web::test]
async fn a_body_among_pipelined_requests_is_read_whole() {
    let front = Front::new();
    let blank = "\n".repeat(9_000);
    let text = serde_json::json!({ "message": "What now?" }).to_string();
    let body = format!("{blank}{text}{blank}");
    let path = format!("/support/ticket/{KNOWN}/messages");
    let post = format!(
        "POST {path} HTTP/1.1\r\nhost: a\r\ncontent-type: application/json\r\ncontent-length: {}\r\n\r\n{body}",
        body.len()
    );
    let last = "GET /health/live HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n";
    let all = format!("{}{}{post}{last}", get("/health/live").repeat(100), post);
    let mut stream = TcpStream::connect(front.address).await.unwrap();
    let (mut reading, mut writing) = stream.split();
    let mut answers = String::new();
    let (sent, read) = completes(LIMIT, async {
        tokio::join!(writing.write_all(all.as_bytes()), reading.read_to_string(&mut answers))
    })
    .await
    .unwrap();
    sent.unwrap();
    read.unwrap();
    let created = answers.matches("HTTP/1.1 201").count();
    assert_eq!((created, answers.matches("HTTP/1.1 200").count()), (2, 101));
}

/// The first line of the answer on a new connection.
async fn answer(front: &Front) -> (TcpStream, String) {
    let mut stream = TcpStream::connect(front.address).await.unwrap();
    // The server may have refused and closed it.
    let _sent = stream.write_all(get("/health/live").as_bytes()).await;
    let mut head = [0; 12];
    let read = completes(LIMIT, stream.read_exact(&mut head)).await.unwrap();
    let head = if read.is_ok() { String::from_utf8_lossy(&head).into_owned() } else { String::new() };
    (stream, head)
}

#[actix_web::test]
async fn one_address_cannot_take_all_connections() {
    let connections = ConnectionLimits { total: 100, per_address: 5 };
    let front = Front::with(Plan { connections, ..Plan::default() });
    let held = join_all((0..5).map(|_| answer(&front))).await;
    assert!(held.iter().all(|(_, head)| head == "HTTP/1.1 200"));
    let (_refused, head) = answer(&front).await;
    assert_eq!(head, "HTTP/1.1 429");
    drop(held);
    let mut heads = Vec::new();
    while heads.last().map(String::as_str) != Some("HTTP/1.1 200") {
        heads.push(answer(&front).await.1);
        assert!(heads.len() < 1_000, "the connections are released");
    }
}

#[actix_web::test]
async fn a_trusted_proxy_is_bound_by_the_total_alone() {
    let connections = ConnectionLimits { total: 10, per_address: 2 };
    let front = Front::with(Plan { connections, trusts: |_| true, ..Plan::default() });
    let held = join_all((0..10).map(|_| answer(&front))).await;
    assert!(held.iter().all(|(_, head)| head == "HTTP/1.1 200"));
    let (_refused, head) = answer(&front).await;
    assert_eq!(head, "HTTP/1.1 503");
}
