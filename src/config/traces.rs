//! Settings of traces, by the standard variables of OpenTelemetry. Without an endpoint nothing is traced.

use std::time::Duration;

use percent_encoding::percent_decode_str;
use secrecy::{ExposeSecret, SecretString};

use super::reader::Reader;

const TIMEOUT: Duration = Duration::from_secs(10);

#[derive(Clone, Debug)]
pub struct TracesConfig {
    /// The whole URL that spans are posted to.
    pub endpoint: String,
    /// Headers of each request, such as a key of the collector.
    pub headers: Vec<(String, SecretString)>,
    pub service_name: String,
    pub sampler: SamplerChoice,
    /// Of one request.
    pub timeout: Duration,
}

/// Which traces are recorded; a share is from 0 to 1.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum SamplerChoice {
    AlwaysOn,
    AlwaysOff,
    Ratio(f64),
    ParentOrAlwaysOn,
    ParentOrAlwaysOff,
    ParentOrRatio(f64),
}

/// `None` = no traces.
pub(super) fn read(reader: &mut Reader<'_>) -> Option<TracesConfig> {
    let url = |value: &str| {
        let url = reqwest::Url::parse(value).ok().filter(|url| matches!(url.scheme(), "http" | "https"))?;
        url.host().is_some().then(|| value.to_owned())
    };
    let expects = "an http or https URL";
    let base = reader.parse("OTEL_EXPORTER_OTLP_ENDPOINT", expects, url);
    let own = reader.parse("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", expects, url);
    let endpoint = own.or_else(|| base.map(|base| format!("{}/v1/traces", base.trim_end_matches('/'))));
    let protocol = "http/protobuf, the one protocol of this program";
    reader.parse("OTEL_EXPORTER_OTLP_PROTOCOL", protocol, |value| (value == "http/protobuf").then_some(()));
    let headers = reader.secret("OTEL_EXPORTER_OTLP_HEADERS").and_then(|headers| {
        let parsed = headers.expose_secret().split(',').map(header).collect::<Option<Vec<_>>>();
        if parsed.is_none() {
            reader.wrong("OTEL_EXPORTER_OTLP_HEADERS", None, "name=value, several separated by commas");
        }
        parsed
    });
    let timeout = reader.parse("OTEL_EXPORTER_OTLP_TIMEOUT", "milliseconds, from 1 to 60000", |value| {
        value.parse().ok().filter(|number| (1..=60_000).contains(number)).map(Duration::from_millis)
    });
    let service_name = reader.text("OTEL_SERVICE_NAME").unwrap_or_else(|| "fte".to_owned());
    let sampler = sampler(reader);
    let is_off = |value: &str| match value.to_ascii_lowercase().as_str() {
        "true" => Some(true),
        "false" => Some(false),
        _ => None,
    };
    let is_off = reader.parse("OTEL_SDK_DISABLED", "true or false", is_off).unwrap_or(false);
    let endpoint = endpoint.filter(|_| !is_off)?;
    Some(TracesConfig {
        endpoint,
        headers: headers.unwrap_or_default(),
        service_name,
        sampler,
        timeout: timeout.unwrap_or(TIMEOUT),
    })
}

fn sampler(reader: &mut Reader<'_>) -> SamplerChoice {
    let share = reader.parse("OTEL_TRACES_SAMPLER_ARG", "a number from 0 to 1", |value| {
        value.parse::<f64>().ok().filter(|share| (0.0..=1.0).contains(share))
    });
    let share = share.unwrap_or(1.0);
    let expects = "always_on, always_off, traceidratio, parentbased_always_on, parentbased_always_off or \
                   parentbased_traceidratio";
    let choice = reader.parse("OTEL_TRACES_SAMPLER", expects, |value| match value {
        "always_on" => Some(SamplerChoice::AlwaysOn),
        "always_off" => Some(SamplerChoice::AlwaysOff),
        "traceidratio" => Some(SamplerChoice::Ratio(share)),
        "parentbased_always_on" => Some(SamplerChoice::ParentOrAlwaysOn),
        "parentbased_always_off" => Some(SamplerChoice::ParentOrAlwaysOff),
        "parentbased_traceidratio" => Some(SamplerChoice::ParentOrRatio(share)),
        _ => None,
    });
    choice.unwrap_or(SamplerChoice::ParentOrAlwaysOn)
}

/// A header as in W3C Baggage: values are percent-encoded.
fn header(text: &str) -> Option<(String, SecretString)> {
    let (name, value) = text.trim().split_once('=')?;
    let value = percent_decode_str(value.trim()).decode_utf8().ok()?;
    (!name.trim().is_empty()).then(|| (name.trim().to_owned(), SecretString::from(value.into_owned())))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn traces(variables: &[(&str, &str)]) -> Option<TracesConfig> {
        let lookup = |name: &str| {
            let found = variables.iter().find(|(variable, _)| *variable == name);
            found.map(|(_, value)| (*value).to_owned())
        };
        let mut reader = Reader::new(&lookup);
        let read = read(&mut reader);
        reader.finish(read).unwrap()
    }

    #[test]
    fn nothing_is_traced_without_an_endpoint_or_when_it_is_switched_off() {
        let endpoint = ("OTEL_EXPORTER_OTLP_ENDPOINT", "http://collector:4318/");
        assert!(traces(&[("OTEL_SERVICE_NAME", "fte")]).is_none());
        assert!(traces(&[endpoint, ("OTEL_SDK_DISABLED", "TRUE")]).is_none());
        let config = traces(&[endpoint]).unwrap();
        assert_eq!(
            (config.endpoint.as_str(), config.sampler),
            ("http://collector:4318/v1/traces", SamplerChoice::ParentOrAlwaysOn,)
        );
    }

    #[test]
    fn the_endpoint_of_traces_is_taken_as_it_is_and_headers_are_decoded() {
        let config = traces(&[
            ("OTEL_EXPORTER_OTLP_ENDPOINT", "http://collector:4318"),
            ("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", "https://traces.example.com/in"),
            ("OTEL_EXPORTER_OTLP_HEADERS", "authorization=Bearer%20k,x-scope=a"),
            ("OTEL_TRACES_SAMPLER", "parentbased_traceidratio"),
            ("OTEL_TRACES_SAMPLER_ARG", "0.25"),
        ]);
        let config = config.unwrap();
        assert_eq!(config.endpoint, "https://traces.example.com/in");
        let (name, value) = &config.headers[0];
        assert_eq!((name.as_str(), value.expose_secret()), ("authorization", "Bearer k"));
        assert_eq!(config.sampler, SamplerChoice::ParentOrRatio(0.25));
    }
}
