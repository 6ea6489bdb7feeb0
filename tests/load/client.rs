//! Minimal HTTP/1.1 client with persistent connections, so that the measurement is of the server and not of the load
//! generator. It parses only the responses of the program's own HTTP front.

use std::cell::RefCell;
use std::io::{Error, ErrorKind};
use std::net::SocketAddr;
use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use crate::program::TOKEN;

/// Longer than any response of the program takes.
const TIMEOUT: Duration = Duration::from_secs(20);

/// The parts of a response that the load test uses.
#[derive(Debug)]
pub struct Response {
    pub status: u16,
    pub has_retry_after: bool,
    pub body: Vec<u8>,
}

/// One connection, for one request at a time.
pub struct Connection {
    stream: TcpStream,
    /// Bytes that were read and not parsed yet.
    read: Vec<u8>,
}

impl Connection {
    pub async fn open(to: SocketAddr) -> std::io::Result<Self> {
        let stream = TcpStream::connect(to).await?;
        stream.set_nodelay(true)?;
        Ok(Self { stream, read: Vec::with_capacity(2048) })
    }

    /// After an error the connection must not be used again.
    pub async fn send(&mut self, request: &[u8]) -> std::io::Result<Response> {
        let answered = async {
            self.stream.write_all(request).await?;
            self.receive().await
        };
        tokio::time::timeout(TIMEOUT, answered).await?
    }

    async fn receive(&mut self) -> std::io::Result<Response> {
        let head = loop {
            if let Some(end) = self.read.windows(4).position(|bytes| bytes == b"\r\n\r\n") {
                break self.read.drain(..end + 4).collect::<Vec<u8>>();
            }
            self.more().await?;
        };
        let head = String::from_utf8(head).map_err(|_| malformed())?.to_ascii_lowercase();
        let status = head.get(9..12).and_then(|status| status.parse().ok()).ok_or_else(malformed)?;
        let header = |name: &str| {
            head.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(':').map(str::trim))
        };
        let length: usize =
            header("content-length").and_then(|length| length.parse().ok()).ok_or_else(malformed)?;
        while self.read.len() < length {
            self.more().await?;
        }
        let has_retry_after = header("retry-after").is_some();
        Ok(Response { status, has_retry_after, body: self.read.drain(..length).collect() })
    }

    async fn more(&mut self) -> std::io::Result<()> {
        match self.stream.read_buf(&mut self.read).await? {
            0 => Err(ErrorKind::UnexpectedEof.into()),
            _ => Ok(()),
        }
    }
}

fn malformed() -> Error {
    Error::new(ErrorKind::InvalidData, "an answer that this client can't read")
}

/// A pool of connections that grows with the concurrent requests.
pub struct Connections {
    to: SocketAddr,
    idle: RefCell<Vec<Connection>>,
}

impl Connections {
    pub fn new(to: SocketAddr) -> Self {
        Self { to, idle: RefCell::new(vec![]) }
    }

    pub async fn send(&self, request: &[u8]) -> std::io::Result<Response> {
        let idle = self.idle.borrow_mut().pop();
        let mut connection = match idle {
            Some(connection) => connection,
            None => Connection::open(self.to).await?,
        };
        let response = connection.send(request).await?;
        self.idle.borrow_mut().push(connection);
        Ok(response)
    }
}

/// A submission that the documents can answer; each number is another customer. All have the same text.
pub fn submission(number: u64) -> Vec<u8> {
    asking(number, "I forgot my password. How do I get a new one?")
}

/// The same with another wording for each number, so that no embedding is cached.
pub fn question(number: u64) -> Vec<u8> {
    asking(number, &format!("I forgot my password for workspace {number}. How do I get a new one?"))
}

fn asking(number: u64, message: &str) -> Vec<u8> {
    let body = format!(
        "{{\"name\":\"Ann Example\",\"email\":\"customer.{number:012}@load.example\",\"subject\":\"Signing in\",\
         \"category\":\"technical\",\"message\":\"{message}\"}}"
    );
    let length = body.len();
    format!(
        "POST /support/submit HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n\
         Content-Length: {length}\r\n\r\n{body}"
    )
    .into_bytes()
}

pub fn get(path: &str) -> Vec<u8> {
    format!("GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n").into_bytes()
}

/// The same with the staff token.
pub fn get_as_staff(path: &str) -> Vec<u8> {
    format!("GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer {TOKEN}\r\n\r\n").into_bytes()
}
