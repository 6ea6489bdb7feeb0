//! Open-file limit: raised at the start, and divided so that connections of clients leave enough for PostgreSQL,
//! Kafka, providers and files.

use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};

/// As many as the process may need; more only makes child processes slower that close all they inherit.
const WANTED: u64 = 65_536;
/// Open files that connections of clients leave to the rest of the program.
const RESERVE: u64 = 256;

/// Raises the soft limit as far as the hard one allows, and returns it.
pub fn raise() -> u64 {
    let limit = getrlimit(Resource::Nofile);
    let wanted = limit.maximum.map_or(WANTED, |most| most.min(WANTED));
    let current = limit.current.unwrap_or(WANTED);
    if current >= wanted {
        return current;
    }
    match setrlimit(Resource::Nofile, Rlimit { current: Some(wanted), ..limit }) {
        Ok(()) => wanted,
        Err(error) => {
            tracing::warn!(%error, current, wanted, "could not raise the limit of open files");
            current
        }
    }
}

/// How many connections fit under a limit of open files: all but the reserve, or half of a small limit.
pub fn connections_within(open_files: u64) -> usize {
    let most = open_files.saturating_sub(RESERVE).max(open_files / 2).max(1);
    usize::try_from(most).unwrap_or(usize::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_limit_is_raised_and_stays_raised() {
        let raised = raise();
        assert_eq!(getrlimit(Resource::Nofile).current, Some(raised));
        assert_eq!(raise(), raised);
    }

    #[test]
    fn connections_leave_a_reserve() {
        for (open_files, connections) in [(65_536, 65_280), (1_024, 768), (400, 200), (256, 128), (0, 1)] {
            assert_eq!(connections_within(open_files), connections, "{open_files}");
        }
    }
}
