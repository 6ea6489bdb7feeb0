//! The ways in which the stand-in fails when it is told to.

use serde::{Deserialize, Serialize};

/// What goes wrong; by default nothing does, and every message is reported sent, delivered and read.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct SandboxFaults {
    /// Before every answer.
    pub latency_ms: u64,
    /// Every request, whatever it asks for.
    pub outage: Option<Outage>,
    /// Every so many messages are taken, and then the connection is cut without an answer; 0 = none.
    pub cut_after_taking_every: u64,
    /// Every so many messages are not taken, and the connection is cut without an answer; 0 = none.
    pub cut_before_taking_every: u64,
    /// Messages are refused with this.
    pub refuse: Option<InjectedRefusal>,
    /// Messages are taken, and then reported failed with this code.
    pub fail_with: Option<u32>,
    /// A message is listed so much later than it was taken.
    pub listing_lag_ms: u64,
    pub reports: Reports,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Outage {
    /// 503.
    Unavailable,
    /// The connection is cut without an answer.
    Cut,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct InjectedRefusal {
    pub status: u16,
    pub code: u32,
    /// So many times, then no more.
    pub times: u64,
}

/// How it tells what became of messages.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Reports {
    #[default]
    InOrder,
    /// In another order, and each of them twice.
    Shuffled,
    Never,
}
