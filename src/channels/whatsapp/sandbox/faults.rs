//! Fault injection of the fake Twilio server.

use serde::{Deserialize, Serialize};

/// The faults to inject; by default none, and every message is reported sent, delivered and read.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct SandboxFaults {
    /// Delay before every answer.
    pub latency_ms: u64,
    /// Applies to every request of any kind.
    pub outage: Option<Outage>,
    /// Every nth message is accepted, and then the connection is closed without an answer; 0 = none.
    pub cut_after_taking_every: u64,
    /// Every nth message is not accepted, and the connection is closed without an answer; 0 = none.
    pub cut_before_taking_every: u64,
    /// Messages are refused with this error.
    pub refuse: Option<InjectedRefusal>,
    /// Messages are accepted and then reported as failed with this code.
    pub fail_with: Option<u32>,
    /// Delay between accepting a message and listing it.
    pub listing_lag_ms: u64,
    pub reports: Reports,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Outage {
    /// 503.
    Unavailable,
    /// The connection is closed without an answer.
    Cut,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct InjectedRefusal {
    pub status: u16,
    pub code: u32,
    /// Number of refusals, after which requests succeed.
    pub times: u64,
}

/// Order of the status reports of a message.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Reports {
    #[default]
    InOrder,
    /// Out of order, and each of them twice.
    Shuffled,
    Never,
}
