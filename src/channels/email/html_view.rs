//! Sanitiser for the HTML part of a mail: an allow-list of elements, attributes and styles, applied to markup of bounded
//! depth. What it returns runs nothing, sends nothing and loads nothing; pictures of the mail itself are embedded.

mod markup;
mod parts;
mod styles;

use std::borrow::Cow;
use std::collections::{HashMap, HashSet};
use std::sync::atomic::{AtomicUsize, Ordering};

use ammonia::{Builder, UrlRelative};

use self::parts::{MailPictures, html_of, pictures_of};
use super::message::MailLimits;
use super::mime::Tree;

/// Markup beyond this is not shown; the raw mail has it.
const HTML_MAX_BYTES: usize = 512 * 1024;
/// Embedded pictures, as often as they are shown.
const PICTURES_MAX_BYTES: usize = 8 * 1024 * 1024;
/// Where links may lead.
const LINK_SCHEMES: [&str; 4] = ["http", "https", "mailto", "tel"];
/// Pictures that browsers decode as pixels alone.
const PICTURE_TYPES: [&str; 4] = ["image/png", "image/jpeg", "image/gif", "image/webp"];
/// What may be loaded in the document: nothing but embedded pictures, and no script at all.
pub const CONTENT_POLICY: &str = "default-src 'none'; img-src data:; style-src 'unsafe-inline'";
/// Links show where they lead and cannot be followed: neither by pointer nor by key.
const STYLE: &str = "html{color-scheme:light;background:#fff;color:#111}\
    body{margin:12px;font:14px/1.5 system-ui,sans-serif;overflow-wrap:anywhere}\
    img{max-width:100%;height:auto}\
    a{pointer-events:none!important}\
    a[href]::after{content:\" <\" attr(href) \">\";display:inline-block;max-width:24em;overflow:hidden;\
    text-overflow:ellipsis;white-space:nowrap;vertical-align:bottom;color:#555;font-size:12px}";
/// The last line of a document that was too large or too deep.
const CUT: &str = "<hr><p>[The rest is left out.]</p>";

/// The HTML part of a raw mail as a document that a sandboxed frame can show; `None` if the mail has none.
pub fn document(raw: &[u8]) -> Option<String> {
    let tree = Tree::of(raw, MailLimits::default().mime);
    let html = html_of(&tree.root)?;
    let end = html.floor_char_boundary(HTML_MAX_BYTES);
    let normalised = markup::normalise(html.get(..end).unwrap_or_default());
    let body = cleaned(&normalised.html, pictures_of(&tree.root));
    let rest = if normalised.is_cut || end < html.len() { CUT } else { "" };
    Some(format!(
        "<!doctype html><html><head><meta charset=\"utf-8\">\
         <meta http-equiv=\"Content-Security-Policy\" content=\"{CONTENT_POLICY}\">\
         <meta name=\"referrer\" content=\"no-referrer\"><title>E-mail</title><style>{STYLE}</style></head>\
         <body>{body}{rest}</body></html>"
    ))
}

/// The markup with nothing but what is allowed.
fn cleaned(html: &str, pictures: MailPictures) -> String {
    let attributes: HashMap<&str, HashSet<&str>> =
        markup::ATTRIBUTES.iter().map(|(tag, names)| (*tag, names.iter().copied().collect())).collect();
    let left = AtomicUsize::new(PICTURES_MAX_BYTES);
    let mut cleaner = Builder::empty();
    cleaner
        .tags(markup::ELEMENTS.iter().copied().collect())
        .generic_attributes(markup::GENERIC_ATTRIBUTES.iter().copied().collect())
        .tag_attributes(attributes)
        .set_tag_attribute_value("a", "tabindex", "-1")
        .url_schemes(LINK_SCHEMES.iter().copied().chain(["cid", "data"]).collect())
        .url_relative(UrlRelative::Deny)
        .link_rel(Some("noopener noreferrer nofollow"))
        .attribute_filter(move |tag, name, value| match (tag, name) {
            (_, "style") => styles::safe(value).map(Cow::Owned),
            ("a", "href") => has_scheme(value, &LINK_SCHEMES).then_some(Cow::Borrowed(value)),
            ("img", "src") => picture(value, &pictures, &left),
            _ => Some(Cow::Borrowed(value)),
        });
    cleaner.clean(html).to_string()
}

fn has_scheme(url: &str, schemes: &[&str]) -> bool {
    let scheme = url.trim().split(':').next().unwrap_or_default().to_ascii_lowercase();
    url.contains(':') && schemes.contains(&scheme.as_str())
}

/// A picture that is in the mail; others would have to be loaded, which tells the sender that the mail was read.
fn picture<'u>(url: &'u str, pictures: &MailPictures, left: &AtomicUsize) -> Option<Cow<'u, str>> {
    let url = url.trim();
    let admit = |picture: &str| {
        let take = |left: usize| left.checked_sub(picture.len());
        left.fetch_update(Ordering::Relaxed, Ordering::Relaxed, take).is_ok()
    };
    if let Some(scheme) = url.get(..4).filter(|scheme| scheme.eq_ignore_ascii_case("cid:")) {
        let found = pictures.get(url.get(scheme.len()..).unwrap_or_default())?;
        return admit(found).then(|| Cow::Owned(found.to_owned()));
    }
    let (head, data) = url.strip_prefix("data:")?.split_once(',')?;
    let kind = head.strip_suffix(";base64")?;
    let is_base64 = |byte: u8| byte.is_ascii_alphanumeric() || b"+/=".contains(&byte);
    let is_picture = PICTURE_TYPES.contains(&kind) && data.bytes().all(is_base64);
    (is_picture && admit(url)).then_some(Cow::Borrowed(url))
}

#[cfg(test)]
mod tests;
