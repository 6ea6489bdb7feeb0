//! Tests of the limits of one connection, on a pipe in memory.

use std::net::SocketAddr;

use futures_util::FutureExt;
use proptest::prelude::*;
use tokio::io::{AsyncReadExt, AsyncWriteExt, DuplexStream, duplex};

use super::*;
use crate::http::server::client_address::TrustedProxies;
use crate::http::server::connection_limits::{ConnectionLimits, Connections};

const REQUEST: &[u8] = b"GET / HTTP/1.1\r\nhost: a\r\n\r\n";

fn permit() -> ConnectionPermit {
    let limits = ConnectionLimits { total: 1, per_address: 0 };
    Connections::new(limits, TrustedProxies::new(|_| false)).admit(None::<SocketAddr>).unwrap()
}

/// A connection and the client's end of it, which holds `unread` bytes of answers.
fn connection(unread: usize, timeouts: ConnectionTimeouts) -> (Connection<DuplexStream>, DuplexStream) {
    let (client, server) = duplex(unread);
    (Connection::new(server, timeouts, permit()), client)
}

fn patient() -> ConnectionTimeouts {
    ConnectionTimeouts { write: Duration::from_secs(600), next_request: Duration::from_secs(600) }
}

/// Everything that can be read at once.
fn read_now(connection: &mut Connection<DuplexStream>) -> Vec<u8> {
    let mut all = Vec::new();
    let mut buffer = [0; 8192];
    while let Some(Ok(count @ 1..)) = connection.read(&mut buffer).now_or_never() {
        all.extend_from_slice(&buffer[..count]);
    }
    all
}

fn heads(bytes: &[u8]) -> usize {
    bytes.windows(4).filter(|window| *window == b"\r\n\r\n").count()
}

#[tokio::test]
async fn unanswered_requests_are_bounded_and_go_on_when_answered() {
    let (mut connection, mut client) = connection(1 << 20, patient());
    let progress = connection.progress();
    client.write_all(&REQUEST.repeat(200)).await.unwrap();
    let mut seen = 0;
    for expected in [64, 64, 64, 8] {
        let read = read_now(&mut connection);
        assert_eq!(heads(&read), expected);
        seen += read.len();
        let active: Vec<_> = (0..expected).map(|_| progress.begin()).collect();
        connection.flush().await.unwrap();
        assert!(read_now(&mut connection).is_empty(), "nothing more while they are unanswered");
        drop(active);
    }
    assert_eq!(seen, REQUEST.len() * 200);
}

#[tokio::test]
async fn nothing_is_read_while_a_write_is_pending() {
    let (mut connection, mut client) = connection(100, patient());
    assert!(connection.write_all(&[b'x'; 1000]).now_or_never().is_none());
    client.write_all(REQUEST).await.unwrap();
    assert!(read_now(&mut connection).is_empty());
    let mut answer = [0; 100];
    client.read_exact(&mut answer).await.unwrap();
    connection.write_all(b"y").await.unwrap();
    assert_eq!(read_now(&mut connection), REQUEST);
}

#[tokio::test]
async fn a_body_of_blank_lines_is_read_to_its_end() {
    let (mut connection, mut client) = connection(1 << 20, patient());
    let progress = connection.progress();
    let body = "\n".repeat(20_000);
    client
        .write_all(format!("POST / HTTP/1.1\r\ncontent-length: 20000\r\n\r\n{body}").as_bytes())
        .await
        .unwrap();
    client.write_all(&REQUEST.repeat(200)).await.unwrap();
    let mut read = read_now(&mut connection);
    let _active = progress.begin();
    let reading = progress.begin_body();
    while read.len() < 20_000 {
        connection.flush().await.unwrap();
        let piece = read_now(&mut connection);
        assert!((1..=BODY_PIECE_BYTES).contains(&piece.len()));
        read.extend(piece);
    }
    drop(reading);
    connection.flush().await.unwrap();
    assert!(read_now(&mut connection).is_empty());
    let queued = read.windows(REQUEST.len()).filter(|window| *window == REQUEST).count();
    assert!(queued <= MAX_UNANSWERED, "{queued}");
}

#[tokio::test]
async fn a_client_that_does_not_read_is_given_up() {
    let timeouts = ConnectionTimeouts { write: Duration::from_millis(50), ..patient() };
    let (mut connection, _client) = connection(100, timeouts);
    let written = connection.write_all(&[b'x'; 1000]).await;
    assert_eq!(written.unwrap_err().kind(), io::ErrorKind::TimedOut);
}

#[tokio::test]
async fn a_head_that_never_ends_is_given_up_however_it_drips() {
    let timeouts = ConnectionTimeouts { next_request: Duration::from_millis(200), ..patient() };
    let (mut connection, mut client) = connection(100, timeouts);
    let dripping = async {
        while client.write_all(b"x").await.is_ok() {
            tokio::task::yield_now().await;
        }
    };
    let reading = async {
        let mut buffer = [0; 10];
        loop {
            if let Err(error) = connection.read(&mut buffer).await {
                return error;
            }
        }
    };
    let ended = tokio::select! {
        error = reading => error,
        () = dripping => panic!("the connection is open"),
    };
    assert_eq!(ended.kind(), io::ErrorKind::TimedOut);
}

proptest! {
    #[test]
    fn no_byte_is_lost_and_no_batch_has_too_many_heads(
        pieces in prop::collection::vec(prop::sample::select(vec![
            &b"GET / HTTP/1.1\r\n\r\n"[..], b"\n", b"\r\n\r\n", b"x", b"a: b\r\n", b"\r", b"\n\r\n",
        ]), 0..400),
        sizes in prop::collection::vec(1_usize..600, 1..20),
    ) {
        let sent = pieces.concat();
        let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap();
        runtime.block_on(async {
            let (mut connection, mut client) = connection(1 << 20, patient());
            client.write_all(&sent).await.unwrap();
            let mut received = Vec::new();
            let mut sizes = sizes.iter().cycle();
            while received.len() < sent.len() {
                let mut batch = 0;
                let mut count = HeadCount { is_at_line_start: connection.heads.is_at_line_start, count: 0 };
                loop {
                    let mut buffer = vec![0; *sizes.next().unwrap()];
                    // Without the budget of a task, which ends reads that have something to read.
                    let reading = tokio::task::unconstrained(connection.read(&mut buffer));
                    let Some(Ok(read @ 1..)) = reading.now_or_never() else {
                        break;
                    };
                    buffer[..read].iter().for_each(|byte| count.step(*byte));
                    received.extend_from_slice(&buffer[..read]);
                    batch += read;
                }
                assert!(count.count <= MAX_UNANSWERED && batch > 0);
                connection.flush().await.unwrap();
            }
            assert_eq!(received, sent);
        });
    }
}
