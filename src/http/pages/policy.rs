//! Content security policy of the pages (CSP Level 3): nothing from other hosts, no inline script or style, and frames of
//! the support form on the configured origins only.

use actix_web::http::header::HeaderValue;

/// The policies of all pages, made once.
#[derive(Clone, Debug)]
pub struct PagePolicy {
    form: HeaderValue,
    others: HeaderValue,
}

/// The page that other sites may frame (`embed.js`).
const FRAMED: [&str; 3] = ["/", "/index", "/index.html"];

impl PagePolicy {
    /// `api_base` is empty where the API has the pages' own origin.
    pub fn new(api_base: &str, frame_ancestors: &[String]) -> Self {
        let ancestors =
            if frame_ancestors.is_empty() { "'self'".to_owned() } else { frame_ancestors.join(" ") };
        Self { form: policy(api_base, &ancestors), others: policy(api_base, "'none'") }
    }

    /// The policy of the page at this path.
    pub fn of(&self, path: &str) -> HeaderValue {
        if FRAMED.contains(&path) { self.form.clone() } else { self.others.clone() }
    }
}

fn policy(api_base: &str, ancestors: &str) -> HeaderValue {
    let api = origin(api_base).map(|origin| format!(" {origin}")).unwrap_or_default();
    let policy = format!(
        "default-src 'self'; script-src 'self'; style-src 'self'; img-src 'self' data:; \
         font-src 'self'; connect-src 'self'{api}; object-src 'none'; base-uri 'none'; form-action 'self'; \
         frame-ancestors {ancestors}"
    );
    // The parts come from a checked configuration; without a policy nothing would be allowed.
    HeaderValue::from_str(&policy)
        .unwrap_or(HeaderValue::from_static("default-src 'none'; frame-ancestors 'none'"))
}

/// The scheme and host of a URL.
fn origin(url: &str) -> Option<&str> {
    let (scheme, rest) = url.split_once("://")?;
    let host = rest.split('/').next()?;
    url.get(..scheme.len() + 3 + host.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(policy: &HeaderValue) -> &str {
        policy.to_str().unwrap()
    }

    #[test]
    fn only_the_form_may_be_framed_and_only_by_the_configured_origins() {
        let origins = ["https://shop.example.com".to_owned(), "https://www.example.com".to_owned()];
        let policy = PagePolicy::new("", &origins);
        let form = policy.of("/");
        assert!(text(&form).ends_with("frame-ancestors https://shop.example.com https://www.example.com"));
        assert!(text(&PagePolicy::new("", &[]).of("/")).ends_with("frame-ancestors 'self'"));
        for path in ["/ticket", "/console", "/console/login", "/help", "/404"] {
            assert!(text(&policy.of(path)).ends_with("frame-ancestors 'none'"), "{path}");
        }
    }

    #[test]
    fn nothing_is_inline_and_the_api_may_be_elsewhere() {
        let policy = PagePolicy::new("https://api.example.com:8443/base", &[]).of("/");
        assert!(text(&policy).contains("default-src 'self'; script-src 'self'; style-src 'self';"));
        assert!(!text(&policy).contains("unsafe"));
        assert!(text(&policy).contains("connect-src 'self' https://api.example.com:8443;"));
        assert!(text(&PagePolicy::new("", &[]).of("/")).contains("connect-src 'self';"));
    }
}
