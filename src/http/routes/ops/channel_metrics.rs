//! Handler of the activity on each channel.

use actix_web::HttpResponse;
use actix_web::web::Data;

use crate::domain::validation::FieldError;
use crate::http::api::channel_metrics::{ChannelMetricsWindow, MetricsByChannel};
use crate::http::server::ask::look_up;
use crate::http::server::endpoint::{Access, Endpoint};
use crate::http::server::principal::AccessScope;
use crate::http::server::problem::Problem;
use crate::http::server::query::{self, Pairs};
use crate::http::server::state::Shared;

/// The default window.
const DEFAULT_HOURS: u32 = 24;
/// The longest window: a year of 365 days.
const MAX_HOURS: u32 = 8760;

pub fn endpoints() -> Vec<Endpoint> {
    vec![Endpoint::new(Access::Scope(AccessScope::Ops), __path_get_channel_metrics, get_channel_metrics)]
}

/// Counts the activity on each channel in the last hours.
#[utoipa::path(
    get,
    path = "/metrics/channels",
    params(("hours" = Option<u32>, Query, description = "The length of the window; 24 unless given",
        minimum = 1, maximum = 8760)),
    responses((status = 200, description = "The activity, of every channel.", body = ChannelMetricsWindow)),
)]
async fn get_channel_metrics(query: Pairs, shared: Data<Shared>) -> Result<HttpResponse, Problem> {
    let window_hours = hours(&query).map_err(Problem::invalid)?;
    let metrics = look_up(&shared, move |views| views.channel_metrics(window_hours)).await?;
    let channels = MetricsByChannel::new(&metrics);
    Ok(HttpResponse::Ok().json(ChannelMetricsWindow { window_hours, channels }))
}

fn hours(query: &[(String, String)]) -> Result<u32, Vec<FieldError>> {
    query::known(query, &["hours"])?;
    let window = match query {
        [] => Some(DEFAULT_HOURS),
        [(_, hours)] => hours.parse().ok(),
        [_, _, ..] => None,
    };
    window.filter(|hours| (1..=MAX_HOURS).contains(hours)).ok_or_else(|| {
        let message = format!("must be one whole number from 1 to {MAX_HOURS}");
        vec![FieldError::new("hours", message)]
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::http::server::query::testing::{fields, pairs};

    #[test]
    fn a_window_is_an_hour_to_a_year() {
        for (query, expected) in [("", 24), ("hours=1", 1), ("hours=8760", 8760)] {
            assert_eq!(hours(&pairs(query)), Ok(expected), "{query}");
        }
        for query in
            ["hours=0", "hours=8761", "hours=-1", "hours=1.5", "hours=", "hours=x", "hours=1&hours=2"]
        {
            assert_eq!(fields(hours(&pairs(query))), ["hours"], "{query}");
        }
        assert_eq!(fields(hours(&pairs("days=1"))), ["days"]);
    }
}
