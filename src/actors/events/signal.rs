//! Wake-ups across processes by LISTEN/NOTIFY: `Notifier` signals other processes of the same database, `Listener`
//! receives. A lost signal only costs time, since every actor also polls.

use std::sync::Arc;

use actix::prelude::*;

use crate::actors::runtime::single_flight::{Go, SingleFlight};
use crate::actors::runtime::supervised::{Work, Worker, WorkerContext};
use crate::actors::store::crm::{Wake, wake};
use crate::actors::store::store_handle::StoreHandle;
use crate::crm::port::{Signal, SignalStream, Signals};

/// Arguments of a `Notifier`.
pub struct NotifierArgs {
    pub signals: StoreHandle<dyn Signals>,
    pub signal: Signal,
}

/// Takes the place of an actor that runs in another process.
pub struct Notifier {
    signals: StoreHandle<dyn Signals>,
    signal: Signal,
    single_flight: SingleFlight,
}

impl Worker for Notifier {
    type Args = NotifierArgs;
    const MAILBOX: usize = 4;

    fn new(args: &NotifierArgs) -> Self {
        Self { signals: args.signals.clone(), signal: args.signal, single_flight: SingleFlight::default() }
    }
}

impl Work<Wake> for Notifier {
    fn work(&mut self, _: Wake, ctx: &mut WorkerContext<'_, Self>) {
        if self.single_flight.ask() == Go::Now {
            self.notify(ctx);
        }
    }
}

impl Notifier {
    /// After the commit, and never in its transaction: transactions that notify wait for one another.
    fn notify(&mut self, ctx: &mut WorkerContext<'_, Self>) {
        let (signals, signal) = (self.signals.clone(), self.signal);
        let notified = async move { signals.call(move |signals| signals.notify(signal)).await };
        ctx.perform(notified, |notifier, notified, ctx| {
            if let Err(error) = notified {
                tracing::debug!(%error, "could not wake other processes; they look by themselves");
            }
            if notifier.single_flight.ended() == Go::Now {
                notifier.notify(ctx);
            }
        });
    }
}

/// Arguments of a `Listener`.
pub struct ListenerArgs {
    pub signals: Option<Arc<dyn SignalStream>>,
    /// The actors to wake on each signal.
    pub woken: Vec<(Signal, Recipient<Wake>)>,
}

pub struct Listener {
    signals: Option<Arc<dyn SignalStream>>,
    woken: Vec<(Signal, Recipient<Wake>)>,
}

impl Worker for Listener {
    type Args = ListenerArgs;
    const MAILBOX: usize = 4;

    fn new(args: &ListenerArgs) -> Self {
        Self { signals: args.signals.clone(), woken: args.woken.clone() }
    }

    fn started(&mut self, ctx: &mut WorkerContext<'_, Self>) {
        // Without anybody to wake, no connection is needed.
        if !self.woken.is_empty() {
            self.listen(ctx);
        }
    }
}

impl Listener {
    fn listen(&mut self, ctx: &mut WorkerContext<'_, Self>) {
        let Some(signals) = self.signals.clone() else {
            return;
        };
        ctx.wait_for(async move { signals.next().await }, |listener, signal, ctx| {
            let meant = listener.woken.iter().filter(|(theirs, _)| *theirs == signal);
            meant.for_each(|(_, who)| wake(who));
            listener.listen(ctx);
        });
    }
}
