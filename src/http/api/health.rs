//! Data transfer objects of the health endpoints.

use serde::Serialize;
use utoipa::ToSchema;

use crate::actors::messages::{CheckStatus, Health, HealthCheck, Readiness};

/// The process runs.
#[derive(Debug, Serialize, ToSchema)]
pub struct Liveness {
    #[schema(example = "ok")]
    pub status: &'static str,
}

/// Whether the program can take work, with each check.
#[derive(Debug, Serialize, ToSchema)]
pub struct HealthReport {
    pub status: ReadinessStatus,
    pub checks: Vec<HealthCheckReport>,
}

/// The health of the program with its version and uptime.
#[derive(Debug, Serialize, ToSchema)]
pub struct HealthOverview {
    #[serde(flatten)]
    pub health: HealthReport,
    pub version: &'static str,
    pub uptime_seconds: u64,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum ReadinessStatus {
    Ready,
    NotReady,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct HealthCheckReport {
    pub name: &'static str,
    pub status: HealthCheckStatus,
    pub detail: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum HealthCheckStatus {
    Ok,
    /// It works, though not as well as it should.
    Degraded,
    /// It cannot take work.
    Failed,
}

impl From<Health> for HealthReport {
    fn from(health: Health) -> Self {
        let status = match health.status {
            Readiness::Ready => ReadinessStatus::Ready,
            Readiness::NotReady => ReadinessStatus::NotReady,
        };
        Self { status, checks: health.checks.into_iter().map(HealthCheckReport::from).collect() }
    }
}

impl From<HealthCheck> for HealthCheckReport {
    fn from(check: HealthCheck) -> Self {
        let status = match check.status {
            CheckStatus::Ok => HealthCheckStatus::Ok,
            CheckStatus::Degraded => HealthCheckStatus::Degraded,
            CheckStatus::Failed => HealthCheckStatus::Failed,
        };
        Self { name: check.name, status, detail: check.detail }
    }
}
