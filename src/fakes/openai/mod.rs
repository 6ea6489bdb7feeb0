//! A fake OpenAI-compatible service: chat completions, streamed or whole, and embeddings. A script decides each
//! response and each failure. It makes no outgoing requests.

mod act;
mod asked;
mod faults;
mod ledger;
mod render;
mod routes;
mod scripts;

use std::io;
use std::net::{SocketAddr, TcpListener};
use std::sync::{Arc, RwLock};
use std::thread::JoinHandle;

use actix_web::dev::{Server, ServerHandle};

pub use act::{Act, FakeReply, What};
pub use asked::Asked;
pub use faults::{FakeFault, FaultInjection};
pub use ledger::{RequestLedger, Seen};
pub use routes::DIMENSIONS;
pub use scripts::{Script, named};

/// State shared by the routes.
#[derive(Clone)]
pub(crate) struct FakeState {
    script: Arc<RwLock<Arc<dyn Script>>>,
    ledger: Arc<RequestLedger>,
}

impl FakeState {
    fn new(script: Arc<dyn Script>) -> Self {
        Self { script: Arc::new(RwLock::new(script)), ledger: Arc::new(RequestLedger::default()) }
    }

    fn script(&self) -> Arc<dyn Script> {
        Arc::clone(&self.script.read().unwrap_or_else(std::sync::PoisonError::into_inner))
    }
}

/// A server on its own port, in its own thread. Dropping it ends both.
pub struct FakeOpenai {
    address: SocketAddr,
    stage: FakeState,
    server: ServerHandle,
    thread: Option<JoinHandle<io::Result<()>>>,
}

impl FakeOpenai {
    pub fn start(script: impl Script) -> io::Result<Self> {
        let listener = TcpListener::bind(("127.0.0.1", 0))?;
        let address = listener.local_addr()?;
        let stage = FakeState::new(Arc::new(script));
        let (sender, receiver) = std::sync::mpsc::channel();
        let inside = stage.clone();
        let thread = std::thread::spawn(move || {
            actix_web::rt::System::new().block_on(async move {
                let server = routes::server(listener, inside)?;
                let _receiver_waits = sender.send(server.handle());
                server.await
            })
        });
        let server = receiver.recv().map_err(io::Error::other)?;
        Ok(Self { address, stage, server, thread: Some(thread) })
    }

    /// The value for `OPENAI_BASE_URL`.
    pub fn base_url(&self) -> String {
        format!("http://{}/v1", self.address)
    }

    pub fn ledger(&self) -> &RequestLedger {
        &self.stage.ledger
    }

    /// Replaces the script for all later requests.
    pub fn play(&self, script: impl Script) {
        *self.stage.script.write().unwrap_or_else(std::sync::PoisonError::into_inner) = Arc::new(script);
    }
}

impl Drop for FakeOpenai {
    fn drop(&mut self) {
        drop(self.server.stop(false));
        let _ended = self.thread.take().map(JoinHandle::join);
    }
}

/// A server for the command line, to be awaited by the caller.
pub fn server(listener: TcpListener, script: Arc<dyn Script>) -> io::Result<Server> {
    routes::server(listener, FakeState::new(script))
}
