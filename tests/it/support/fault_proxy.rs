//! Faulty TCP proxy: forwards connections to a server, and adds latency, resets them, or lets nothing through.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::tcp::{OwnedReadHalf, OwnedWriteHalf};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;

use super::wait::pause;

const BUFFER_BYTES: usize = 64 * 1024;

/// What happens to the network between the two sides.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NetworkFault {
    None,
    /// Each chunk of bytes arrives so much later.
    Latency(Duration),
    /// Nothing arrives, and nobody is told: neither bytes nor the end of a connection, nor a new one.
    Partition,
}

#[derive(Clone, Copy)]
struct Weather {
    fault: NetworkFault,
    /// Connections of an earlier one have been reset.
    generation: u64,
}

/// A running proxy; it ends with the runtime of its test.
pub struct FaultProxy {
    pub address: SocketAddr,
    weather: Arc<watch::Sender<Weather>>,
}

impl FaultProxy {
    pub async fn start(upstream: SocketAddr) -> Self {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
        let address = listener.local_addr().unwrap();
        let weather = Arc::new(watch::Sender::new(Weather { fault: NetworkFault::None, generation: 0 }));
        let shared = Arc::clone(&weather);
        #[expect(clippy::disallowed_methods, reason = "ends with the runtime of its test")]
        tokio::spawn(async move {
            while let Ok((client, _)) = listener.accept().await {
                tokio::spawn(connection(client, upstream, shared.subscribe()));
            }
        });
        Self { address, weather }
    }

    pub fn set(&self, fault: NetworkFault) {
        self.weather.send_modify(|weather| weather.fault = fault);
    }

    /// Closes every connection at once, without a farewell of the protocol.
    pub fn reset(&self) {
        self.weather.send_modify(|weather| weather.generation += 1);
    }
}

async fn connection(client: TcpStream, upstream: SocketAddr, mut weather: watch::Receiver<Weather>) {
    let generation = weather.borrow().generation;
    let is_open = |weather: &Weather| weather.fault != NetworkFault::Partition;
    if weather.wait_for(is_open).await.is_err() {
        return;
    }
    let Ok(server) = TcpStream::connect(upstream).await else {
        return;
    };
    let (from_client, to_client) = client.into_split();
    let (from_server, to_server) = server.into_split();
    let mut reset = weather.clone();
    tokio::select! {
        // One direction may end before the other, as at the end of an HTTP request.
        _ = async { tokio::join!(forward(from_client, to_server, weather.clone()), forward(from_server, to_client, weather)) } => {}
        _ = reset.wait_for(|weather| weather.generation != generation) => {}
    }
}

/// Forwards one direction until its end.
async fn forward(mut from: OwnedReadHalf, mut to: OwnedWriteHalf, mut weather: watch::Receiver<Weather>) {
    let mut buffer = vec![0; BUFFER_BYTES];
    loop {
        let read = from.read(&mut buffer).await.unwrap_or(0);
        let fault = weather.borrow().fault;
        match fault {
            NetworkFault::None => {}
            NetworkFault::Latency(latency) => pause("the latency of the network", latency).await,
            NetworkFault::Partition => {
                let healed = weather.wait_for(|weather| weather.fault != NetworkFault::Partition);
                if healed.await.is_err() {
                    return;
                }
            }
        }
        if read == 0 || to.write_all(&buffer[..read]).await.is_err() {
            let _closed = to.shutdown().await;
            return;
        }
    }
}
