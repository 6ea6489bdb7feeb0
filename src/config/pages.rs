//! Settings of the pages: the company's name, logo and colour, and where they find the API.

use std::path::PathBuf;

use super::http::parse_base_url;
use super::reader::Reader;

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PagesConfig {
    /// `COMPANY_NAME`; without it, that of the brand voice.
    pub company: Option<String>,
    /// `COMPANY_LOGO`: an image file.
    pub logo: Option<PathBuf>,
    /// `COMPANY_ACCENT`, as `#rrggbb`.
    pub accent: Option<String>,
    /// `WEB_API_BASE`: the URL of the API, where it is not the pages' own.
    pub api_base: Option<String>,
}

pub(super) fn read(reader: &mut Reader<'_>) -> PagesConfig {
    PagesConfig {
        company: reader.text("COMPANY_NAME"),
        logo: reader.text("COMPANY_LOGO").map(PathBuf::from),
        accent: reader.parse("COMPANY_ACCENT", "a colour such as #0f766e", parse_colour),
        api_base: reader.parse("WEB_API_BASE", "a URL such as https://api.example.com", parse_base_url),
    }
}

fn parse_colour(value: &str) -> Option<String> {
    let digits = value.strip_prefix('#')?;
    let is_colour = digits.len() == 6 && digits.bytes().all(|digit| digit.is_ascii_hexdigit());
    is_colour.then(|| value.to_ascii_lowercase())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_colour_has_six_digits() {
        assert_eq!(parse_colour("#0F766E"), Some("#0f766e".to_owned()));
        for value in ["0f766e", "#0f7", "#0f766g", "red", "#0f766e00"] {
            assert_eq!(parse_colour(value), None, "{value}");
        }
    }
}
