//! Progress indicator of commands that take long: a bar where standard error is a terminal, a log line every few seconds
//! elsewhere. It does not know what the work is.

use std::io::IsTerminal;
use std::pin::pin;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use indicatif::{ProgressBar, ProgressStyle};

/// Work that is done sooner shows nothing.
const FIRST_AFTER: Duration = Duration::from_millis(500);
const BAR_EVERY: Duration = Duration::from_millis(100);
const LINE_EVERY: Duration = Duration::from_secs(3);

/// How far some work is: the work counts, [`shown`] looks.
#[derive(Debug, Default)]
pub struct Counter {
    total: AtomicU64,
    done: AtomicU64,
}

impl Counter {
    /// There are so many pieces of work.
    pub fn begin(&self, total: u64) {
        self.total.store(total, Ordering::Relaxed);
    }

    /// How many pieces are done, and how many there are.
    pub fn state(&self) -> (u64, u64) {
        (self.done.load(Ordering::Relaxed), self.total.load(Ordering::Relaxed))
    }

    /// So many more are done.
    pub fn advance(&self, pieces: u64) {
        self.done.fetch_add(pieces, Ordering::Relaxed);
    }
}

/// Runs `work` and shows how far it is. Nothing is shown any more once the work has ended or this future is dropped.
pub async fn shown<T>(what: &'static str, counter: &Counter, work: impl Future<Output = T>) -> T {
    let mut view = View::new(what);
    let mut work = pin!(work);
    let mut pause = FIRST_AFTER;
    loop {
        tokio::select! {
            biased;
            output = &mut work => return output,
            () = tokio::time::sleep(pause) => pause = view.update(counter),
        }
    }
}

enum View {
    Bar(ProgressBar),
    Lines(&'static str),
}

impl View {
    fn new(what: &'static str) -> Self {
        if !std::io::stderr().is_terminal() {
            return Self::Lines(what);
        }
        let bar = ProgressBar::no_length().with_message(what);
        Self::Bar(match ProgressStyle::with_template("{msg} {wide_bar} {pos}/{len} {eta}") {
            Ok(style) => bar.with_style(style),
            Err(_) => bar,
        })
    }

    /// Shows the counter's state, if there is any work; when to do so again.
    fn update(&mut self, counter: &Counter) -> Duration {
        let (done, total) = counter.state();
        match self {
            Self::Bar(bar) if total > 0 => {
                bar.set_length(total);
                bar.set_position(done);
            }
            Self::Lines(what) if total > 0 => tracing::info!(done, of = total, "{what}"),
            // It is not known yet how much there is.
            Self::Bar(_) | Self::Lines(_) => return FIRST_AFTER,
        }
        match self {
            Self::Bar(_) => BAR_EVERY,
            Self::Lines(_) => LINE_EVERY,
        }
    }
}

impl Drop for View {
    fn drop(&mut self) {
        if let Self::Bar(bar) = self {
            bar.finish_and_clear();
        }
    }
}
