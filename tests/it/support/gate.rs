//! TCP proxy before PostgreSQL that can be blocked: connections stay open, but no byte is forwarded. It has no other
//! effect.

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::tcp::{OwnedReadHalf, OwnedWriteHalf};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio_postgres::config::Host;

pub struct Gate {
    /// The database's URL through the proxy.
    pub url: String,
    open: watch::Sender<bool>,
}

impl Gate {
    /// Starts an open proxy before the server of `url`.
    pub async fn before(url: &str) -> Self {
        let server: tokio_postgres::Config = url.parse().unwrap();
        let (host, upstream) = (server.get_hosts()[0].clone(), server.get_ports()[0]);
        let Host::Tcp(host) = host else { panic!("not reached by TCP: {url}") };
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let open = watch::Sender::new(true);
        let passing = open.subscribe();
        #[expect(clippy::disallowed_methods, reason = "ends with the runtime of its test")]
        tokio::spawn(async move {
            while let Ok((client, _)) = listener.accept().await {
                let server = TcpStream::connect((host.as_str(), upstream)).await.unwrap();
                // With Nagle's algorithm small packets would wait for one another's acknowledgement.
                client.set_nodelay(true).unwrap();
                server.set_nodelay(true).unwrap();
                let ((from_client, to_client), (from_server, to_server)) =
                    (client.into_split(), server.into_split());
                tokio::spawn(pass(from_client, to_server, passing.clone()));
                tokio::spawn(pass(from_server, to_client, passing.clone()));
            }
        });
        Self { url: rerouted(url, port), open }
    }

    pub fn shut(&self) {
        self.open.send_replace(false);
    }

    pub fn open(&self) {
        self.open.send_replace(true);
    }
}

/// The same database at another address: replaces only the text between `@` and `/`.
fn rerouted(url: &str, port: u16) -> String {
    let (before, rest) = url.split_once('@').unwrap();
    let (_, database) = rest.split_once('/').unwrap();
    format!("{before}@127.0.0.1:{port}/{database}")
}

async fn pass(
    mut from: OwnedReadHalf,
    mut to: OwnedWriteHalf,
    mut open: watch::Receiver<bool>,
) -> std::io::Result<()> {
    let mut bytes = vec![0; 64 * 1024];
    loop {
        let count = from.read(&mut bytes).await?;
        if count == 0 {
            return to.shutdown().await;
        }
        if open.wait_for(|open| *open).await.is_err() {
            return Ok(());
        }
        to.write_all(&bytes[..count]).await?;
    }
}
