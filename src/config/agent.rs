//! The agent: which model answers, and how many conversations live at once.

use super::reader::Reader;
use crate::failpoint::{Blow, Order};

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

pub(super) fn read(reader: &mut Reader<'_>) -> AgentConfig {
    AgentConfig {
        model: reader
            .parse("AGENT_MODEL", "scripted", |value| (value == "scripted").then_some(AgentModel::Scripted))
            .unwrap_or(AgentModel::Scripted),
        pool_size: reader
            .parse("AGENT_POOL_SIZE", "a whole number, 0 to take no turns", |value| value.parse().ok())
            .unwrap_or(64),
        pool_idle: reader
            .parse("AGENT_POOL_IDLE", "a whole number", |value| value.parse().ok())
            .unwrap_or(10_000),
    }
}

/// `FTE_FAILPOINT`, else `FTE_PANICPOINT`: where this process is to die, or to panic, for a test.
pub(super) fn read_failpoint(reader: &mut Reader<'_>) -> Option<Order> {
    let expects = if cfg!(feature = "failpoints") {
        "name or name:nth, nth from 1, with a name that `fte failpoints` lists"
    } else {
        "to be unset: this build has no failpoints"
    };
    let parse = |value: &str, blow| Order::parse(value, blow).filter(|_| cfg!(feature = "failpoints"));
    let kill = reader.parse("FTE_FAILPOINT", expects, |value| parse(value, Blow::Kill));
    let panic = reader.parse("FTE_PANICPOINT", expects, |value| parse(value, Blow::Panic));
    kill.or(panic)
}
