//! Settings of the OpenAI-compatible service: base URL, models, and token prices.

use std::time::Duration;

use actix_web::http::Uri;
use secrecy::SecretString;

use super::http::is_web_authority;
use super::reader::Reader;
use crate::agent::models::openai::{Price, Prices};
use crate::knowledge;

const BASE_URL: &str = "https://api.openai.com/v1";
const MODEL: &str = "gpt-4o";
const TIMEOUT_SECONDS: u64 = 60;
/// US dollars per million tokens in and out.
const PRICES: &str = "gpt-4o=2.50/10.00,gpt-4o-mini=0.15/0.60,gpt-4.1=2.00/8.00,gpt-4.1-mini=0.40/1.60";
const PRICES_EXPECT: &str = "model=input/output, US dollars for a million tokens, such as gpt-4o=2.50/10.00, \
                             separated by commas";

#[derive(Clone, Debug)]
pub struct OpenaiConfig {
    pub base_url: String,
    /// Self-hosted servers may need none.
    pub key: Option<SecretString>,
    pub model: String,
    pub fallback_model: Option<String>,
    /// Must produce vectors with 1,536 dimensions.
    pub embedding_model: String,
    /// Time-out of one attempt, from the request to the end of the answer.
    pub timeout: Duration,
    pub prices: Prices,
}

impl OpenaiConfig {
    /// Whether a service is configured.
    pub fn is_usable(&self) -> bool {
        self.key.is_some() || self.base_url != BASE_URL
    }
}

pub(super) fn read(reader: &mut Reader<'_>) -> OpenaiConfig {
    let base_url =
        reader.parse("OPENAI_BASE_URL", "an http or https URL such as http://127.0.0.1:11434/v1", |url| {
            let is_url = url.parse::<Uri>().is_ok_and(|uri| is_web_authority(&uri) && uri.query().is_none());
            is_url.then(|| url.trim_end_matches('/').to_owned())
        });
    let timeout = reader.parse("OPENAI_TIMEOUT_SECONDS", "seconds from 1 to 600", |value| {
        value.parse::<u64>().ok().filter(|seconds| (1..=600).contains(seconds))
    });
    OpenaiConfig {
        base_url: base_url.unwrap_or_else(|| BASE_URL.to_owned()),
        key: reader.secret("OPENAI_API_KEY"),
        model: reader.text("OPENAI_MODEL").unwrap_or_else(|| MODEL.to_owned()),
        fallback_model: reader.text("OPENAI_FALLBACK_MODEL"),
        embedding_model: reader
            .text("OPENAI_EMBEDDING_MODEL")
            .unwrap_or_else(|| knowledge::openai::MODEL.to_owned()),
        timeout: Duration::from_secs(timeout.unwrap_or(TIMEOUT_SECONDS)),
        prices: reader
            .parse("OPENAI_PRICES", PRICES_EXPECT, prices)
            .or_else(|| prices(PRICES))
            .unwrap_or_default(),
    }
}

fn prices(table: &str) -> Option<Prices> {
    let entry = |entry: &str| {
        let (model, price) = entry.trim().split_once('=')?;
        let (input, output) = price.split_once('/')?;
        let price = Price { input_micros: micros(input)?, output_micros: micros(output)? };
        (!model.trim().is_empty()).then(|| (model.trim().to_owned(), price))
    };
    table.split(',').map(entry).collect::<Option<_>>().map(Prices)
}

/// US dollars as millionths, without rounding: at most six digits after the point.
pub(super) fn micros(dollars: &str) -> Option<u64> {
    let (whole, part) = dollars.trim().split_once('.').unwrap_or((dollars.trim(), ""));
    let is_number = |digits: &str| digits.chars().all(|c| c.is_ascii_digit());
    if whole.is_empty() || part.len() > 6 || !is_number(whole) || !is_number(part) {
        return None;
    }
    let part: u64 = format!("{part:0<6}").parse().ok()?;
    whole.parse::<u64>().ok()?.checked_mul(1_000_000)?.checked_add(part)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dollars_are_read_to_the_millionth() {
        let cases = [
            ("2.50", Some(2_500_000)),
            ("10", Some(10_000_000)),
            ("0.000001", Some(1)),
            ("0", Some(0)),
            ("0.0000001", None),
            ("-1", None),
            (".5", None),
            ("1e3", None),
            ("", None),
        ];
        for (dollars, expected) in cases {
            assert_eq!(micros(dollars), expected, "{dollars}");
        }
    }

    #[test]
    fn a_table_of_prices_is_read_whole_or_not_at_all() {
        let table = prices("gpt-4o=2.50/10.00, local=0/0").unwrap();
        assert_eq!(table.0.len(), 2);
        assert_eq!(table.0["gpt-4o"], Price { input_micros: 2_500_000, output_micros: 10_000_000 });
        for wrong in ["gpt-4o", "gpt-4o=2.5", "=1/2", "a=1/2,b=x/2"] {
            assert_eq!(prices(wrong), None, "{wrong}");
        }
    }
}
