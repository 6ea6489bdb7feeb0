//! Whether the program lives, and whether it can take work. What is wrong, the supervisor says.

use std::time::Duration;

use actix_web::http::StatusCode;
use actix_web::web::Data;
use actix_web::{HttpResponse, Responder};
use serde::Serialize;

use super::Shared;
use crate::actors::ask::ask;
use crate::actors::messages::{CheckStatus, Health, HealthCheck, Readiness, ReportHealth};
use crate::clock;

/// A supervisor that takes longer is itself what is wrong; probes usually wait one to five seconds.
const REPORTED_TIMEOUT: Duration = Duration::from_secs(2);

#[derive(Serialize)]
struct Live {
    status: &'static str,
}

#[derive(Serialize)]
struct Overview {
    #[serde(flatten)]
    health: Health,
    version: &'static str,
    uptime_seconds: u64,
}

pub async fn live() -> impl Responder {
    HttpResponse::Ok().json(Live { status: "ok" })
}

pub async fn ready(shared: Data<Shared>) -> impl Responder {
    let health = report(&shared).await;
    let status = match health.status {
        Readiness::Ready => StatusCode::OK,
        Readiness::NotReady => StatusCode::SERVICE_UNAVAILABLE,
    };
    HttpResponse::build(status).json(health)
}

pub async fn health(shared: Data<Shared>) -> impl Responder {
    HttpResponse::Ok().json(Overview {
        health: report(&shared).await,
        version: shared.version,
        uptime_seconds: clock::monotonic().duration_since(shared.started).as_secs(),
    })
}

/// A supervisor that does not answer is a failed check of its own.
async fn report(shared: &Shared) -> Health {
    let report = ask(&shared.wires.supervisor, REPORTED_TIMEOUT, |reply| ReportHealth { reply }).await;
    report.unwrap_or_else(|error| Health {
        status: Readiness::NotReady,
        checks: vec![HealthCheck {
            name: "supervisor",
            status: CheckStatus::Failed,
            detail: error.to_string(),
        }],
    })
}
