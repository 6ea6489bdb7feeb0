//! Process statistics from /proc by process id, and ending processes.

use std::fs;
use std::time::Duration;

use anyhow::{Context, ensure};
use fte::clock;
use rustix::process::{Pid, Signal, kill_process};

/// Clock ticks per second in /proc (`USER_HZ`): 100 on every architecture that Rust's tier 1 knows.
const TICKS: f64 = 100.0;
const POLL: Duration = Duration::from_millis(20);

/// The fields of /proc/<pid>/stat that are used here (proc_pid_stat(5)).
struct Stat {
    state: char,
    parent: i32,
    /// User and system time of the process.
    own_ticks: u64,
    /// User and system time of children that have exited and been waited for.
    reaped_ticks: u64,
}

impl Stat {
    fn read(pid: i32) -> Option<Self> {
        let text = fs::read_to_string(format!("/proc/{pid}/stat")).ok()?;
        // The process name before it may contain spaces and brackets.
        let (_, rest) = text.rsplit_once(") ")?;
        let fields: Vec<&str> = rest.split(' ').collect();
        let number = |field: usize| fields.get(field - 3)?.parse::<u64>().ok();
        Some(Self {
            state: fields.first()?.chars().next()?,
            parent: fields.get(1)?.parse().ok()?,
            own_ticks: number(14)? + number(15)?,
            reaped_ticks: number(16)? + number(17)?,
        })
    }
}

/// Processor time that a process has used so far, user and system, in seconds.
pub fn cpu_seconds(pid: i32) -> anyhow::Result<f64> {
    let stat = Stat::read(pid).with_context(|| format!("process {pid} has ended"))?;
    Ok(seconds(stat.own_ticks))
}

/// The same of a process and its children, including exited ones.
pub fn family_cpu_seconds(pid: i32) -> anyhow::Result<f64> {
    let parent = Stat::read(pid).with_context(|| format!("process {pid} has ended"))?;
    let living = all().filter_map(Stat::read).filter(|stat| stat.parent == pid);
    let children: u64 = living.map(|stat| stat.own_ticks).sum();
    Ok(seconds(parent.own_ticks + parent.reaped_ticks + children))
}

fn seconds(ticks: u64) -> f64 {
    #[expect(clippy::cast_precision_loss, reason = "a hundredth of a second in years is exact")]
    let ticks = ticks as f64;
    ticks / TICKS
}

fn all() -> impl Iterator<Item = i32> {
    let entries = fs::read_dir("/proc").into_iter().flatten().flatten();
    entries.filter_map(|entry| entry.file_name().to_str()?.parse().ok())
}

/// Resident memory of a process, in bytes.
pub fn resident_bytes(pid: i32) -> anyhow::Result<u64> {
    let status = fs::read_to_string(format!("/proc/{pid}/status"))
        .with_context(|| format!("could not read the memory of process {pid}"))?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    let kilobytes = line.and_then(|line| line.split_whitespace().next()?.parse::<u64>().ok());
    Ok(kilobytes.context("/proc/<pid>/status has no VmRSS")? * 1024)
}

/// The id of this process.
pub fn own_id() -> anyhow::Result<i32> {
    Ok(i32::try_from(std::process::id())?)
}

/// Sends a signal to a process and waits until it is gone.
pub fn end(pid: i32, signal: Signal, timeout: Duration) -> anyhow::Result<()> {
    let id = Pid::from_raw(pid).filter(|_| pid > 1).context("not a process id")?;
    let since = clock::monotonic();
    // The process may have exited by itself.
    let _gone = kill_process(id, signal);
    while Stat::read(pid).is_some_and(|stat| stat.state != 'Z') {
        ensure!(since.elapsed() < timeout, "process {pid} did not end within {timeout:?}");
        std::thread::sleep(POLL);
    }
    Ok(())
}
