//! Prometheus metrics of each route: requests and durations. A route is named by its path template.

use std::sync::{Arc, LazyLock};
use std::time::Duration;

use actix_web::http::StatusCode;
use prometheus::{Histogram, HistogramOpts, HistogramVec, IntCounterVec, Opts};

/// Upper bounds in seconds: a submit takes some milliseconds, a question to the records at most a few seconds.
const BUCKETS: [f64; 12] = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0];

/// The metrics of all routes.
#[derive(Clone, Debug)]
pub struct Meters {
    requests: IntCounterVec,
    durations: HistogramVec,
}

impl Meters {
    /// The same each time: a process registers its metrics once.
    pub fn of_process() -> Result<Self, &'static prometheus::Error> {
        static METERS: LazyLock<prometheus::Result<Meters>> = LazyLock::new(Meters::register);
        METERS.as_ref().cloned()
    }

    fn register() -> prometheus::Result<Self> {
        let requests = Opts::new("http_requests_total", "HTTP requests answered, by route and status");
        let durations = HistogramOpts::new(
            "http_request_duration_seconds",
            "Time from a request's head to its answer, by route",
        )
        .buckets(BUCKETS.to_vec());
        let meters = Self {
            requests: IntCounterVec::new(requests, &["route", "status"])?,
            durations: HistogramVec::new(durations, &["route"])?,
        };
        prometheus::register(Box::new(meters.requests.clone()))?;
        prometheus::register(Box::new(meters.durations.clone()))?;
        Ok(meters)
    }

    pub fn route(&self, template: &str) -> RouteMeter {
        RouteMeter {
            template: template.into(),
            requests: self.requests.clone(),
            duration: self.durations.with_label_values(&[template]),
        }
    }
}

/// The metrics of one route.
#[derive(Clone, Debug)]
pub struct RouteMeter {
    template: Arc<str>,
    requests: IntCounterVec,
    duration: Histogram,
}

impl RouteMeter {
    pub fn template(&self) -> &str {
        &self.template
    }

    pub fn record(&self, status: StatusCode, took: Duration) {
        self.requests.with_label_values(&[&*self.template, status.as_str()]).inc();
        self.duration.observe(took.as_secs_f64());
    }
}
