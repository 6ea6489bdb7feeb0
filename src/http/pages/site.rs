//! The settings of an installation that its pages read: a script, because the pages allow no inline one, and the logo.

use actix_web::HttpResponse;
use actix_web::http::header::{self, HeaderMap, HeaderValue};
use actix_web::web::Bytes;
use serde::Serialize;

use super::own_file;

/// How the pages look and where they find the API.
#[derive(Clone, Debug, Default)]
pub struct Site {
    pub company: String,
    pub logo: Option<Logo>,
    /// `#rrggbb`.
    pub accent: Option<String>,
    /// Without a slash at its end; empty for the pages' own origin.
    pub api_base: String,
    pub reopen_days: u32,
}

/// An image file.
#[derive(Clone, Debug)]
pub struct Logo {
    pub content: Bytes,
    pub content_type: &'static str,
}

/// The settings as the script has them.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct SiteSettings<'a> {
    api_base: &'a str,
    company: &'a str,
    logo: Option<&'static str>,
    accent: Option<&'a str>,
    reopen_days: u32,
}

/// A logo is an image, also where it is opened by itself.
const LOGO_POLICY: HeaderValue = HeaderValue::from_static(
    "default-src 'none'; style-src 'unsafe-inline'; sandbox; frame-ancestors 'none'",
);

impl Site {
    pub(super) fn config_response(&self, asked: &HeaderMap) -> HttpResponse {
        own_file(asked, "text/javascript; charset=utf-8", Bytes::from(self.script()))
    }

    pub(super) fn logo_response(&self, asked: &HeaderMap) -> Option<HttpResponse> {
        let Logo { content, content_type } = self.logo.clone()?;
        let mut response = own_file(asked, content_type, content);
        response.headers_mut().insert(header::CONTENT_SECURITY_POLICY, LOGO_POLICY);
        Some(response)
    }

    fn script(&self) -> String {
        let settings = SiteSettings {
            api_base: &self.api_base,
            company: &self.company,
            logo: self.logo.as_ref().map(|_| "/logo"),
            accent: self.accent.as_deref(),
            reopen_days: self.reopen_days,
        };
        format!("window.__FTE__={};\n", serde_json::to_string(&settings).unwrap_or_default())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_script_sets_the_settings() {
        let site = Site { company: "Tech\"Corp".to_owned(), reopen_days: 7, ..Site::default() };
        assert_eq!(
            site.script(),
            "window.__FTE__={\"apiBase\":\"\",\"company\":\"Tech\\\"Corp\",\"logo\":null,\"accent\":null,\"reopenDays\":7};\n"
        );
    }
}
