//! Back-pressure of one connection: a wrapper of the accepted stream that bounds what an HTTP/1 client can make the
//! server hold.
//!
//! actix-http decodes every request in its read buffer and encodes the answers into a write buffer, whether or not the
//! client reads them. So the wrapper does not read while a write is pending, and passes on at most
//! [`MAX_UNANSWERED`] requests before they are answered. It doesn't parse: it counts blank lines, of which each head
//! of a request has at least one. Writes without progress, and heads that never end, time out.

use std::cell::{Cell, RefCell};
use std::future::Future;
use std::io;
use std::pin::Pin;
use std::rc::Rc;
use std::task::{Context, Poll, Waker};
use std::time::Duration;

use actix_web::web::BytesMut;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::time::{Sleep, sleep};

use super::connection_limits::ConnectionPermit;

/// Requests of a connection that are passed on before they are answered.
pub const MAX_UNANSWERED: usize = 64;
/// Bytes of a body that are passed on at a time once a connection has used up its requests.
const BODY_PIECE_BYTES: usize = 1024;

/// Time limits of a connection.
#[derive(Clone, Copy, Debug)]
pub struct ConnectionTimeouts {
    /// Of a write without progress: the client does not read.
    pub write: Duration,
    /// Of a request's head, counted from the answer before it.
    pub next_request: Duration,
}

/// What a connection's stream and its handlers know of each other.
#[derive(Debug, Default)]
pub struct RequestProgress {
    /// Requests whose handler runs, or whose answer is not written yet.
    active: Cell<usize>,
    /// Requests that are answered.
    answered: Cell<u64>,
    /// Requests whose body is being read.
    bodies: Cell<usize>,
    reader: RefCell<Option<Waker>>,
}

impl RequestProgress {
    /// Marks a request as unanswered until the guard is dropped.
    pub fn begin(self: &Rc<Self>) -> ActiveRequest {
        self.active.set(self.active.get() + 1);
        ActiveRequest(Rc::clone(self))
    }

    /// Marks a body as being read until the guard is dropped.
    pub fn begin_body(self: &Rc<Self>) -> ActiveBody {
        self.bodies.set(self.bodies.get() + 1);
        self.wake();
        ActiveBody(Rc::clone(self))
    }

    fn is_idle(&self) -> bool {
        self.active.get() == 0
    }

    fn wait(&self, cx: &Context<'_>) {
        self.reader.replace(Some(cx.waker().clone()));
    }

    fn wake(&self) {
        if let Some(reader) = self.reader.take() {
            reader.wake();
        }
    }
}

/// A request that is not answered yet.
#[derive(Debug)]
pub struct ActiveRequest(Rc<RequestProgress>);

impl Drop for ActiveRequest {
    fn drop(&mut self) {
        self.0.active.set(self.0.active.get().saturating_sub(1));
        self.0.answered.set(self.0.answered.get() + 1);
        self.0.wake();
    }
}

/// A body that is being read.
#[derive(Debug)]
pub struct ActiveBody(Rc<RequestProgress>);

impl Drop for ActiveBody {
    fn drop(&mut self) {
        self.0.bodies.set(self.0.bodies.get().saturating_sub(1));
    }
}

/// The accepted stream with its limits. `T` is a TCP stream, or a pipe in tests.
#[derive(Debug)]
pub struct Connection<T> {
    stream: T,
    progress: Rc<RequestProgress>,
    timeouts: ConnectionTimeouts,
    /// Received, and not passed on yet.
    held: BytesMut,
    heads: HeadCount,
    /// Bytes passed on since the server last wrote.
    passed: usize,
    /// The server has written, or tried to, since the last read: it has handled what it was given.
    has_written: bool,
    /// How many requests were answered when the count of requests was last renewed.
    renewed_at: u64,
    /// Runs while the client does not read.
    blocked: Option<Pin<Box<Sleep>>>,
    /// Runs while no request is active, with the number of answers when it was started.
    waiting: Option<(u64, Pin<Box<Sleep>>)>,
    _permit: ConnectionPermit,
}

impl<T: AsyncRead + AsyncWrite + Unpin> Connection<T> {
    pub fn new(stream: T, timeouts: ConnectionTimeouts, permit: ConnectionPermit) -> Self {
        Self {
            stream,
            progress: Rc::default(),
            timeouts,
            held: BytesMut::new(),
            heads: HeadCount::default(),
            passed: 0,
            has_written: true,
            renewed_at: 0,
            blocked: None,
            waiting: None,
            _permit: permit,
        }
    }

    pub fn progress(&self) -> Rc<RequestProgress> {
        Rc::clone(&self.progress)
    }

    /// Starts a new count of requests when all of the last one are answered: nothing of them is queued then.
    fn renew_allowance(&mut self) {
        let answered = self.progress.answered.get();
        if self.has_written || answered != self.renewed_at {
            self.has_written = false;
            self.renewed_at = answered;
            self.passed = 0;
            if self.progress.is_idle() {
                self.heads.count = 0;
            }
        }
    }

    /// How many bytes may be passed on although the requests are used up.
    fn body_allowance(&self) -> usize {
        if self.progress.bodies.get() > 0 { BODY_PIECE_BYTES.saturating_sub(self.passed) } else { 0 }
    }

    /// How many of these bytes may be passed on; counts them.
    fn admit(&mut self, bytes: &[u8]) -> usize {
        let for_body = self.body_allowance();
        let mut admitted = 0;
        for byte in bytes {
            if self.heads.is_used_up() && admitted >= for_body {
                break;
            }
            self.heads.step(*byte);
            admitted += 1;
        }
        self.passed += admitted;
        admitted
    }

    fn read_timeout(&mut self, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        let answered = self.progress.answered.get();
        if !self.progress.is_idle() {
            self.waiting = None;
            return Poll::Pending;
        }
        let limit = self.timeouts.next_request;
        let (_, timer) = match self.waiting.take_if(|(since, _)| *since == answered) {
            Some(running) => self.waiting.insert(running),
            None => self.waiting.insert((answered, Box::pin(sleep(limit)))),
        };
        timer.as_mut().poll(cx).map(|()| Err(timed_out("no request came in time")))
    }

    fn write_timeout(&mut self, cx: &mut Context<'_>) -> Poll<io::Error> {
        let limit = self.timeouts.write;
        let timer = self.blocked.get_or_insert_with(|| Box::pin(sleep(limit)));
        timer.as_mut().poll(cx).map(|()| timed_out("the client does not read its answers"))
    }

    /// The server has handled what it was given: a read that the limits held up may go on.
    fn unblock(&mut self) {
        self.has_written = true;
        let was_blocked = self.blocked.take().is_some();
        if was_blocked || self.progress.is_idle() || self.progress.bodies.get() > 0 {
            self.progress.wake();
        }
    }
}

fn timed_out(why: &'static str) -> io::Error {
    io::Error::new(io::ErrorKind::TimedOut, why)
}

impl<T: AsyncRead + AsyncWrite + Unpin> AsyncRead for Connection<T> {
    fn poll_read(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let this = self.get_mut();
        this.renew_allowance();
        if this.blocked.is_some() || (this.heads.is_used_up() && this.body_allowance() == 0) {
            this.progress.wait(cx);
            return Poll::Pending;
        }
        if !this.held.is_empty() {
            let mut held = std::mem::take(&mut this.held);
            let fitting = held.len().min(buffer.remaining());
            let passed = held.split_to(this.admit(held.get(..fitting).unwrap_or(&held)));
            buffer.put_slice(&passed);
            this.held = held;
            return Poll::Ready(Ok(()));
        }
        let start = buffer.filled().len();
        match Pin::new(&mut this.stream).poll_read(cx, buffer) {
            Poll::Pending => this.read_timeout(cx),
            Poll::Ready(Ok(())) => {
                let read = buffer.filled().get(start..).unwrap_or_default();
                let admitted = this.admit(read);
                this.held = BytesMut::from(read.get(admitted..).unwrap_or_default());
                buffer.set_filled(start + admitted);
                Poll::Ready(Ok(()))
            }
            Poll::Ready(Err(error)) => Poll::Ready(Err(error)),
        }
    }
}

impl<T: AsyncRead + AsyncWrite + Unpin> AsyncWrite for Connection<T> {
    fn poll_write(self: Pin<&mut Self>, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        let this = self.get_mut();
        match Pin::new(&mut this.stream).poll_write(cx, bytes) {
            Poll::Pending => this.write_timeout(cx).map(Err),
            Poll::Ready(written) => {
                this.unblock();
                Poll::Ready(written)
            }
        }
    }

    fn poll_flush(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        let this = self.get_mut();
        match Pin::new(&mut this.stream).poll_flush(cx) {
            Poll::Pending => this.write_timeout(cx).map(Err),
            Poll::Ready(flushed) => {
                this.unblock();
                Poll::Ready(flushed)
            }
        }
    }

    fn poll_shutdown(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.get_mut().stream).poll_shutdown(cx)
    }
}

/// Counts blank lines: the end of each head is one. Blank lines in bodies count too, so it never counts too few.
#[derive(Debug)]
struct HeadCount {
    count: usize,
    /// Nothing but line ends since the last line feed.
    is_at_line_start: bool,
}

impl Default for HeadCount {
    fn default() -> Self {
        Self { count: 0, is_at_line_start: true }
    }
}

impl HeadCount {
    fn is_used_up(&self) -> bool {
        self.count >= MAX_UNANSWERED
    }

    fn step(&mut self, byte: u8) {
        match byte {
            b'\n' => {
                self.count += usize::from(self.is_at_line_start);
                self.is_at_line_start = true;
            }
            b'\r' => {}
            _ => self.is_at_line_start = false,
        }
    }
}

#[cfg(test)]
mod tests;
