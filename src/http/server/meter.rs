//! Prometheus metrics of each route: requests and durations. The label is the path template.

use std::sync::Arc;
use std::time::Duration;

use actix_web::http::{Method, StatusCode};
use prometheus::Histogram;

use crate::metrics::METRICS;

/// The metrics of one route.
#[derive(Clone, Debug)]
pub struct RouteMeter {
    template: Arc<str>,
    duration: Histogram,
}

impl RouteMeter {
    pub fn of(template: &str) -> Self {
        let duration = METRICS.http_request_duration.with_label_values(&[template]);
        Self { template: template.into(), duration }
    }

    pub fn template(&self) -> &str {
        &self.template
    }

    pub fn record(&self, method: &Method, status: StatusCode, took: Duration) {
        METRICS.http_requests.with_label_values(&[self.template(), status.as_str()]).inc();
        self.duration.observe(took.as_secs_f64());
        let labels = [self.template(), method_name(method), class(status)];
        METRICS.http_request.with_label_values(&labels).observe(took.as_secs_f64());
    }
}

/// Known methods only: a client can invent any number of others, each of which would be a time series.
fn method_name(method: &Method) -> &'static str {
    match method.as_str() {
        "GET" => "GET",
        "HEAD" => "HEAD",
        "POST" => "POST",
        "PUT" => "PUT",
        "PATCH" => "PATCH",
        "DELETE" => "DELETE",
        "OPTIONS" => "OPTIONS",
        _ => "other",
    }
}

fn class(status: StatusCode) -> &'static str {
    match status.as_u16() / 100 {
        1 => "1xx",
        2 => "2xx",
        3 => "3xx",
        4 => "4xx",
        _ => "5xx",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_invented_method_is_no_label() {
        let invented = Method::from_bytes(b"BREW").unwrap();
        assert_eq!([method_name(&invented), method_name(&Method::POST)], ["other", "POST"]);
        assert_eq!([class(StatusCode::CREATED), class(StatusCode::TOO_MANY_REQUESTS)], ["2xx", "4xx"]);
    }
}
