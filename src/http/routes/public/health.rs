//! Handlers of the health checks: liveness, readiness and an overview. The supervisor evaluates the checks.

use std::time::Duration;

use actix_web::http::StatusCode;
use actix_web::web::Data;
use actix_web::{HttpResponse, Responder};

use crate::actors::messages::{CheckStatus, Health, HealthCheck, ProveProgress, Readiness, ReportHealth};
use crate::actors::runtime::ask::{CallError, ask};
use crate::clock;
use crate::http::api::health::{HealthOverview, HealthReport, Liveness, ReadinessStatus};
use crate::http::server::endpoint::{Access, Endpoint};
use crate::http::server::state::Shared;

/// Timeout of the supervisor's report, after which the check fails; probes usually wait one to five seconds.
const REPORTED_TIMEOUT: Duration = Duration::from_secs(2);

pub fn endpoints() -> Vec<Endpoint> {
    vec![
        Endpoint::new(Access::Public, __path_get_health, get_health),
        Endpoint::new(Access::Public, __path_get_liveness, get_liveness),
        Endpoint::new(Access::Public, __path_get_readiness, get_readiness),
    ]
}

/// Tells whether the process makes progress.
///
/// It does not depend on the database or on any provider: restarting the process would not help there.
#[utoipa::path(
    get,
    path = "/health/live",
    responses(
        (status = 200, description = "The process makes progress.", body = Liveness),
        (status = 503, description = "Its actors do not answer: restart it.", body = Liveness),
    ),
)]
async fn get_liveness(shared: Data<Shared>) -> impl Responder {
    let proof = ask(&shared.wires.progress, REPORTED_TIMEOUT, |reply| ProveProgress { reply }).await;
    match proof {
        // A supervisor that has panicked or is stopping is not blocked.
        Ok(()) | Err(CallError::Closed | CallError::Crm(_)) => {
            HttpResponse::Ok().json(Liveness { status: "ok" })
        }
        Err(CallError::Busy | CallError::TimedOut) => {
            HttpResponse::ServiceUnavailable().json(Liveness { status: "blocked" })
        }
    }
}

/// Tells whether the process can take work.
#[utoipa::path(
    get,
    path = "/health/ready",
    responses(
        (status = 200, description = "It can take work.", body = HealthReport),
        (status = 503, description = "It cannot take work: a check has failed.", body = HealthReport),
    ),
)]
async fn get_readiness(shared: Data<Shared>) -> impl Responder {
    let health = report(&shared).await;
    let status = match health.status {
        ReadinessStatus::Ready => StatusCode::OK,
        ReadinessStatus::NotReady => StatusCode::SERVICE_UNAVAILABLE,
    };
    HttpResponse::build(status).json(health)
}

/// Shows the readiness with the version and the uptime.
#[utoipa::path(
    get,
    path = "/health",
    responses((status = 200, description = "The process runs.", body = HealthOverview)),
)]
async fn get_health(shared: Data<Shared>) -> impl Responder {
    HttpResponse::Ok().json(HealthOverview {
        health: report(&shared).await,
        version: shared.version,
        uptime_seconds: clock::monotonic().duration_since(shared.started).as_secs(),
    })
}

/// A supervisor that does not answer is reported as a failed check.
async fn report(shared: &Shared) -> HealthReport {
    let report = ask(&shared.wires.supervisor, REPORTED_TIMEOUT, |reply| ReportHealth { reply }).await;
    let mut health = report.unwrap_or_else(|error| {
        let status = CheckStatus::Failed;
        let check = HealthCheck { name: "supervisor", status, detail: error.to_string() };
        Health { status: Readiness::NotReady, checks: vec![check] }
    });
    if shared.submissions.are_failing(clock::monotonic()) {
        health.status = Readiness::NotReady;
        health.checks.retain(|check| check.name != "database");
        let detail = "the database has failed every submission of the last seconds".to_owned();
        health.checks.insert(0, HealthCheck { name: "database", status: CheckStatus::Failed, detail });
    }
    health.into()
}
