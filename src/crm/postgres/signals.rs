//! Wake-ups across processes by LISTEN and NOTIFY. They carry nothing: who hears one looks into the records.

use std::collections::VecDeque;
use std::sync::Arc;
use std::time::Duration;

use deadpool_postgres::Pool;
use tokio::sync::{Mutex, mpsc};
use tokio_postgres::Client;

use super::PgStore;
use crate::crm::connect::{Connector, Driver};
use crate::crm::port::{CrmError, Signal, SignalStream, Signals, StoreFuture};

/// Before another try to connect.
const PAUSE: Duration = Duration::from_secs(1);

impl Signals for PgStore {
    fn notify(&self, signal: Signal) -> StoreFuture<Result<(), CrmError>> {
        Box::pin(notify(self.pools.queues.clone(), signal))
    }
}

async fn notify(pool: Pool, signal: Signal) -> Result<(), CrmError> {
    let client = pool.get().await?;
    let statement = client.prepare_cached("select pg_notify($1, '')").await?;
    client.execute(&statement, &[&signal.as_str()]).await?;
    Ok(())
}

/// Listens on a connection of its own, made when first needed and again whenever it is lost.
pub struct PgSignals {
    line: Arc<Mutex<ListenConnection>>,
}

struct ListenConnection {
    connector: Connector,
    /// The client must live as long as the connection.
    open: Option<(Client, Driver, mpsc::UnboundedReceiver<String>)>,
    /// Signals that may have been missed while the connection was lost.
    missed: VecDeque<Signal>,
}

impl PgSignals {
    pub fn new(connector: &Connector) -> Self {
        let line = ListenConnection { connector: connector.clone(), open: None, missed: VecDeque::new() };
        Self { line: Arc::new(Mutex::new(line)) }
    }
}

impl SignalStream for PgSignals {
    fn next(&self) -> StoreFuture<Signal> {
        let line = Arc::clone(&self.line);
        Box::pin(async move { line.lock().await.next().await })
    }
}

impl ListenConnection {
    async fn next(&mut self) -> Signal {
        loop {
            if let Some(signal) = self.missed.pop_front() {
                return signal;
            }
            let Some((_client, driver, heard)) = &mut self.open else {
                self.connect().await;
                continue;
            };
            let name = tokio::select! {
                name = heard.recv() => name,
                _ended = driver => None,
            };
            match name {
                Some(name) => {
                    if let Some(signal) = Signal::ALL.into_iter().find(|signal| signal.as_str() == name) {
                        return signal;
                    }
                }
                None => self.open = None,
            }
        }
    }

    async fn connect(&mut self) {
        let (tell, heard) = mpsc::unbounded_channel();
        match self.connector.connect_listening(tell).await {
            Ok((client, mut driver)) => {
                let names = Signal::ALL.map(|signal| format!("listen {}", signal.as_str())).join("; ");
                let listening = tokio::select! {
                    listening = client.batch_execute(&names) => listening.is_ok(),
                    _ended = &mut driver => false,
                };
                if listening {
                    self.missed.extend(Signal::ALL);
                    self.open = Some((client, driver, heard));
                    return;
                }
            }
            Err(error) => tracing::debug!(%error, "could not listen for wake-ups"),
        }
        tokio::time::sleep(PAUSE).await;
    }
}
