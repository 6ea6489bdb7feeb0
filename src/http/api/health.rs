//! Data transfer objects of the health endpoints.

use serde::Serialize;
use utoipa::ToSchema;

use crate::actors::messages;

/// The process runs.
#[derive(Debug, Serialize, ToSchema)]
pub struct Liveness {
    #[schema(example = "ok")]
    pub status: &'static str,
}

/// Whether the program can take work, with each check.
#[derive(Debug, Serialize, ToSchema)]
pub struct Health {
    pub status: Readiness,
    pub checks: Vec<HealthCheck>,
}

/// The health of the program with its version and uptime.
#[derive(Debug, Serialize, ToSchema)]
pub struct HealthOverview {
    #[serde(flatten)]
    pub health: Health,
    pub version: &'static str,
    pub uptime_seconds: u64,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Readiness {
    Ready,
    NotReady,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct HealthCheck {
    pub name: &'static str,
    pub status: CheckStatus,
    pub detail: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum CheckStatus {
    Ok,
    /// It works, though not as well as it should.
    Degraded,
    /// It cannot take work.
    Failed,
}

impl From<messages::Health> for Health {
    fn from(health: messages::Health) -> Self {
        let status = match health.status {
            messages::Readiness::Ready => Readiness::Ready,
            messages::Readiness::NotReady => Readiness::NotReady,
        };
        Self { status, checks: health.checks.into_iter().map(HealthCheck::from).collect() }
    }
}

impl From<messages::HealthCheck> for HealthCheck {
    fn from(check: messages::HealthCheck) -> Self {
        let status = match check.status {
            messages::CheckStatus::Ok => CheckStatus::Ok,
            messages::CheckStatus::Degraded => CheckStatus::Degraded,
            messages::CheckStatus::Failed => CheckStatus::Failed,
        };
        Self { name: check.name, status, detail: check.detail }
    }
}
