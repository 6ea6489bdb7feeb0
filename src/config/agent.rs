//! The agent: which model answers, and how many conversations live at once.

use super::reader::Reader;

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AgentConfig {
    pub model: AgentModel,
    /// Turns at once; 0 takes none.
    pub pool_size: usize,
    /// Idle conversations kept in memory before the longest idle is put away.
    pub pool_idle: usize,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AgentModel {
    /// Offline and deterministic.
    Scripted,
}

/// A named place where a crash test kills the process, the `nth` time it gets there (from 1).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Failpoint {
    pub name: String,
    pub nth: u32,
}

pub(super) fn read(reader: &mut Reader<'_>) -> AgentConfig {
    AgentConfig {
        model: reader
            .parse("AGENT_MODEL", "scripted", |value| {
                (value == "scripted").then_some(AgentModel::Scripted)
            })
            .unwrap_or(AgentModel::Scripted),
        pool_size: reader
            .parse("AGENT_POOL_SIZE", "a whole number, 0 to take no turns", |value| {
                value.parse().ok()
            })
            .unwrap_or(64),
        pool_idle: reader
            .parse("AGENT_POOL_IDLE", "a whole number", |value| value.parse().ok())
            .unwrap_or(10_000),
    }
}

pub(super) fn read_failpoint(reader: &mut Reader<'_>) -> Option<Failpoint> {
    if !cfg!(feature = "failpoints") {
        return reader.parse(
            "FTE_FAILPOINT",
            "to be unset: this build has no failpoints",
            |_| None,
        );
    }
    reader.parse("FTE_FAILPOINT", "name or name:nth, nth from 1", parse_failpoint)
}

fn parse_failpoint(value: &str) -> Option<Failpoint> {
    let (name, nth) = value.split_once(':').unwrap_or((value, "1"));
    let nth = nth.parse().ok().filter(|nth| *nth > 0)?;
    (!name.is_empty()).then(|| Failpoint {
        name: name.to_owned(),
        nth,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_failpoint_counts_from_one() {
        let failpoint = |name: &str, nth| {
            Some(Failpoint {
                name: name.into(),
                nth,
            })
        };
        assert_eq!(parse_failpoint("crm.commit"), failpoint("crm.commit", 1));
        assert_eq!(parse_failpoint("crm.commit:3"), failpoint("crm.commit", 3));
        for value in ["crm.commit:0", "crm.commit:", ":2", "crm.commit:two"] {
            assert_eq!(parse_failpoint(value), None, "{value}");
        }
    }
}
