//! Process inspection: whether a process is a PostgreSQL of our cluster, and how to end it. Any other process is never
//! touched, whatever its id.

use std::fs;
use std::os::unix::fs::MetadataExt;
use std::path::Path;
use std::time::Duration;

use rustix::process::{Pid, Signal, kill_process};

const POLL: Duration = Duration::from_millis(10);

/// How processes of one cluster are recognised.
#[derive(Clone, Copy, Debug)]
pub(super) struct Cluster<'a> {
    /// The value of `-D`, canonical.
    pub data: &'a Path,
    /// The value of `cluster_name`, which every backend shows in its title.
    pub name: &'a str,
}

impl Cluster<'_> {
    /// Whether `pid` is alive and belongs to this cluster. Decided by its working directory where that may be read
    /// (root in a container without `CAP_SYS_PTRACE` may not), else by its command line.
    pub fn owns(&self, pid: i32) -> bool {
        let arguments = arguments(pid);
        is_postgres(&arguments)
            && working_dir(pid)
                .map_or_else(|| self.is_named_in(&arguments), |dir| Some(dir) == identity(self.data))
    }

    /// Every process of the cluster, the postmaster included.
    pub fn processes(&self) -> Vec<i32> {
        all_processes().into_iter().filter(|pid| self.owns(*pid)).collect()
    }

    fn is_named_in(&self, arguments: &[String]) -> bool {
        let title = format!("postgres: {}: ", self.name);
        let data = self.data.to_string_lossy();
        arguments.first().is_some_and(|first| first.starts_with(&title))
            || arguments.windows(2).any(|pair| pair[0] == "-D" && pair[1] == data)
    }
}

/// Sends `signal`; a process that has already ended is no error.
pub(super) fn send(pid: i32, signal: Signal) {
    if let Some(pid) = Pid::from_raw(pid)
        && let Err(error) = kill_process(pid, signal)
    {
        tracing::debug!(?pid, ?signal, %error, "could not signal PostgreSQL");
    }
}

/// Polls until `done`; returns false after `timeout`.
pub(super) async fn wait_until(timeout: Duration, done: impl Fn() -> bool) -> bool {
    let poll = async {
        while !done() {
            tokio::time::sleep(POLL).await;
        }
    };
    tokio::time::timeout(timeout, poll).await.is_ok()
}

/// A backend replaces its command line by a title that starts with `postgres: `.
fn is_postgres(arguments: &[String]) -> bool {
    let Some(first) = arguments.first() else {
        return false;
    };
    first.starts_with("postgres: ") || first == "postgres" || first.ends_with("/postgres")
}

/// Device and inode, so that links and mounts do not matter.
fn identity(path: &Path) -> Option<(u64, u64)> {
    fs::metadata(path).ok().map(|metadata| (metadata.dev(), metadata.ino()))
}

/// Empty for a process that is gone, including a zombie.
#[cfg(target_os = "linux")]
fn arguments(pid: i32) -> Vec<String> {
    let line = fs::read(format!("/proc/{pid}/cmdline")).unwrap_or_default();
    let parts = line.split(|byte| *byte == 0).filter(|part| !part.is_empty());
    parts.map(|part| String::from_utf8_lossy(part).into_owned()).collect()
}

#[cfg(target_os = "linux")]
fn working_dir(pid: i32) -> Option<(u64, u64)> {
    identity(Path::new(&format!("/proc/{pid}/cwd")))
}

#[cfg(target_os = "linux")]
fn all_processes() -> Vec<i32> {
    let entries = fs::read_dir("/proc").into_iter().flatten().flatten();
    entries.filter_map(|entry| entry.file_name().to_str()?.parse().ok()).collect()
}

#[cfg(not(target_os = "linux"))]
fn arguments(pid: i32) -> Vec<String> {
    let line = ps(&["-o", "command=", "-p", &pid.to_string()]);
    // A title is one argument, as on Linux.
    if line.starts_with("postgres: ") {
        vec![line]
    } else {
        line.split_whitespace().map(str::to_owned).collect()
    }
}

#[cfg(not(target_os = "linux"))]
fn working_dir(_: i32) -> Option<(u64, u64)> {
    None
}

#[cfg(not(target_os = "linux"))]
fn all_processes() -> Vec<i32> {
    ps(&["-axo", "pid="]).lines().filter_map(|line| line.trim().parse().ok()).collect()
}

#[cfg(not(target_os = "linux"))]
fn ps(arguments: &[&str]) -> String {
    let output = std::process::Command::new("ps").args(arguments).output();
    output.map(|output| String::from_utf8_lossy(&output.stdout).trim().to_owned()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn is_named(arguments: &[&str]) -> bool {
        let cluster = Cluster { data: Path::new("/srv/fte/postgres"), name: "fte-12ab" };
        let arguments: Vec<String> = arguments.iter().map(|argument| (*argument).to_owned()).collect();
        is_postgres(&arguments) && cluster.is_named_in(&arguments)
    }

    #[test]
    fn a_postmaster_and_its_backends_are_recognised() {
        assert!(is_named(&["/opt/pg/bin/postgres", "-D", "/srv/fte/postgres", "-p", "5432"]));
        assert!(is_named(&["postgres: fte-12ab: fte fte 127.0.0.1(40000) idle"]));
        assert!(is_named(&["postgres: fte-12ab: checkpointer "]));
    }

    #[test]
    fn other_processes_are_not() {
        assert!(!is_named(&["/opt/pg/bin/postgres", "-D", "/srv/other"]));
        assert!(!is_named(&["postgres: fte-9999: checkpointer "]));
        assert!(!is_named(&["/usr/bin/tail", "-D", "/srv/fte/postgres"]));
        assert!(!is_named(&[]));
    }

    #[test]
    fn this_process_is_no_postgres() {
        let pid = i32::try_from(std::process::id()).unwrap();
        assert!(!arguments(pid).is_empty());
        assert!(!Cluster { data: Path::new("."), name: "fte" }.owns(pid));
    }
}
