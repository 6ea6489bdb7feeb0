//! Content coding negotiation (RFC 9110, 12.5.3): which of the versions made at build time a client takes.

use actix_web::http::header::{ACCEPT_ENCODING, HeaderMap};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Encoding {
    Brotli,
    Gzip,
    Identity,
}

impl Encoding {
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Brotli => "br",
            Self::Gzip => "gzip",
            Self::Identity => "identity",
        }
    }

    /// The ending of the compressed version's name.
    pub const fn extension(self) -> Option<&'static str> {
        match self {
            Self::Brotli => Some(".br"),
            Self::Gzip => Some(".gz"),
            Self::Identity => None,
        }
    }
}

/// The compressions that the client takes, the best one first. Without the header that is none: tools that send none do
/// not decompress.
pub fn accepted(headers: &HeaderMap) -> Vec<Encoding> {
    let lines = headers.get_all(ACCEPT_ENCODING).filter_map(|line| line.to_str().ok());
    let offers: Vec<(String, f32)> = lines.flat_map(|line| line.split(',')).map(offer).collect();
    let weight = |name: &str| {
        let of =
            |wanted: &str| offers.iter().find(|(offered, _)| offered == wanted).map(|(_, weight)| *weight);
        of(name).or_else(|| of("*")).unwrap_or(0.0)
    };
    let mut accepted: Vec<(Encoding, f32)> = [Encoding::Brotli, Encoding::Gzip]
        .into_iter()
        .map(|encoding| (encoding, weight(encoding.as_str())))
        .filter(|(_, weight)| *weight > 0.0)
        .collect();
    accepted.sort_by(|(_, one), (_, other)| other.total_cmp(one));
    accepted.into_iter().map(|(encoding, _)| encoding).collect()
}

/// A coding with its weight; one that cannot be read weighs nothing.
fn offer(text: &str) -> (String, f32) {
    let mut parts = text.split(';').map(str::trim);
    let name = parts.next().unwrap_or_default().to_ascii_lowercase();
    let weight = parts.find_map(|part| part.strip_prefix("q=").or_else(|| part.strip_prefix("Q=")));
    (name, weight.map_or(1.0, |weight| weight.trim().parse().unwrap_or(0.0)))
}

#[cfg(test)]
mod tests {
    use actix_web::http::header::HeaderValue;

    use super::*;

    #[test]
    fn the_best_compression_that_the_client_takes_comes_first() {
        use Encoding::{Brotli, Gzip};
        for (header, expected) in [
            ("gzip, deflate, br, zstd", vec![Brotli, Gzip]),
            ("gzip", vec![Gzip]),
            ("br;q=0.5, gzip;q=0.8", vec![Gzip, Brotli]),
            ("br;q=0, gzip", vec![Gzip]),
            ("*", vec![Brotli, Gzip]),
            ("*;q=0", vec![]),
            ("identity", vec![]),
            ("BR", vec![Brotli]),
            ("br;q=x", vec![]),
            ("", vec![]),
        ] {
            let headers = [(ACCEPT_ENCODING, HeaderValue::from_static(header))].into_iter().collect();
            assert_eq!(accepted(&headers), expected, "{header}");
        }
        assert_eq!(accepted(&HeaderMap::new()), []);
    }
}
