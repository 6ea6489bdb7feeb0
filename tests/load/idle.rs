//! `load idle`: memory of an idle conversation.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use anyhow::ensure;
use clap::Args;
use fte::actors::conversations::pool::Limits;
use fte::actors::supervisor::{Custody, SystemConfig, spawn};
use fte::agent::handbook::Handbook;
use fte::agent::turn::budgets::{Budgets, Ceilings};
use fte::clock;
use fte::crm::port::Maintenance;
use fte::crm::postgres::PgStore;
use fte::domain::conversations::idle::IdleLimits;
use fte::domain::runtime::roles::Roles;
use fte::metrics::METRICS;
use serde_json::json;

use crate::doctored::{Counts, Work, doctored};
use crate::instant::Instant;
use crate::processes::{own_id, resident_bytes};
use crate::report::{Report, Table, rounded};
use crate::scratch::Scratch;

const POOL_SIZE: usize = 64;
/// Time for the actors to open their connections before memory is measured.
const SETTLE: Duration = Duration::from_millis(1500);
const LOOK_EVERY: Duration = Duration::from_millis(50);
/// Longer than any message waits here.
const DELAY_ACK: Duration = Duration::from_secs(3_600);
const TIMEOUT: Duration = Duration::from_secs(300);

/// Measure the memory of idle conversations.
///
/// Runs the actors of `fte` in this process, and submits events for a number of conversations that have nothing to
/// answer; all of them stay in memory. Prints the resident memory of the process before and after. Run it separately
/// from other measurements: memory that was allocated before is reused.
#[derive(Debug, Args)]
pub struct Options {
    /// Number of idle conversations in memory.
    #[arg(long, default_value_t = 100_000, value_parser = clap::value_parser!(u32).range(1..=2_000_000))]
    conversations: u32,
}

pub async fn run(options: &Options) -> anyhow::Result<Report> {
    let scratch = Scratch::start().await?;
    let database = scratch.database("load").await?;
    let records = PgStore::new(&database.connector()?)?;
    let channels = records.channel_configs().await?;
    let (counts, left) = (Arc::new(Counts::default()), Arc::new(AtomicU64::new(0)));
    let _doors = spawn(SystemConfig {
        store: doctored(records, Work::Idle(Arc::clone(&left)), Arc::clone(&counts)),
        model: Arc::new(Instant),
        embedder: None,
        index: None,
        budgets: Budgets::default(),
        ceilings: Ceilings::default(),
        delay_ack: DELAY_ACK,
        handbook: Arc::new(Handbook::own()?),
        channels,
        staff: None,
        events: None,
        providers: Vec::new(),
        codes: None,
        reports: None,
        limits: Limits::new(POOL_SIZE, usize::try_from(options.conversations)?),
        idle: IdleLimits::default(),
        sla: None,
        custody: Custody::default(),
        signals: None,
        bus: None,
        roles: Roles::ALL,
        owner: clock::new_v7().into(),
    });
    tokio::time::sleep(SETTLE).await;
    let before = resident_bytes(own_id()?)?;
    left.store(options.conversations.into(), Ordering::Relaxed);
    until_idle(options.conversations, &counts).await?;
    table(options.conversations, before, resident_bytes(own_id()?)?)
}

fn table(conversations: u32, before: u64, after: u64) -> anyhow::Result<Report> {
    let columns = ["conversations", "RSS before KiB", "RSS after KiB", "bytes/conversation"];
    let mut table = Table::new("idle conversations", columns);
    let grown = u32::try_from(after.saturating_sub(before) / 1024)?;
    let each = f64::from(grown) * 1024.0 / f64::from(conversations);
    table.row([json!(conversations), json!(before / 1024), json!(after / 1024), rounded(each)]);
    Ok(Report::new("idle", vec![table]))
}

/// Waits until all of them are in memory, have asked for work and got none.
async fn until_idle(conversations: u32, counts: &Counts) -> anyhow::Result<()> {
    let since = clock::monotonic();
    loop {
        let asked = counts.idle.load(Ordering::Relaxed);
        let (live, running) = (METRICS.live.get(), METRICS.running.get());
        if asked == u64::from(conversations) && live == i64::from(conversations) && running == 0 {
            break;
        }
        ensure!(since.elapsed() < TIMEOUT, "{live} of {conversations} conversations in memory, {asked} idle");
        tokio::time::sleep(LOOK_EVERY).await;
    }
    // The last ones have not reported yet that they are idle.
    tokio::time::sleep(LOOK_EVERY).await;
    Ok(())
}
