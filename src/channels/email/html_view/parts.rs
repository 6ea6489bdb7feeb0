//! Selection of the parts that show a mail: the HTML among several forms of its text, and the pictures that it names.

use std::collections::HashMap;
use std::sync::OnceLock;

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;

use super::{PICTURE_TYPES, PICTURES_MAX_BYTES};
use crate::channels::email::mime::Entity;

/// Pictures of one mail.
const MAX_PICTURES: usize = 50;
/// The encoded form of a picture that is embedded; larger ones are files beside the message.
const PICTURE_MAX_BYTES: usize = 3 * 1024 * 1024;
/// HTML parts that are shown one after the other.
const MAX_PARTS: usize = 20;

/// The HTML of a mail; `None` if it has only text. That of a forwarded mail counts where the mail has none of its own.
pub(super) fn html_of(root: &Entity<'_>) -> Option<String> {
    own_html(root).or_else(|| {
        let inner = root.children.iter().find(|child| child.is_message())?;
        own_html(inner.children.first()?)
    })
}

fn own_html(entity: &Entity<'_>) -> Option<String> {
    if !entity.is_multipart() {
        let is_shown = entity.fields.is_type("text", "html") && !entity.fields.is_attachment();
        return is_shown.then(|| entity.text());
    }
    let children = &entity.children;
    let subtype = entity.fields.content_type().map_or("mixed", |(_, subtype)| subtype);
    match subtype {
        "encrypted" => None,
        // The last form is the richest one (RFC 2046, 5.1.4).
        "alternative" => children.iter().rev().find_map(own_html),
        "related" | "signed" | "report" => own_html(children.first()?),
        _ => {
            let parts: Vec<String> = children.iter().filter_map(own_html).take(MAX_PARTS).collect();
            (!parts.is_empty()).then(|| parts.join("\n"))
        }
    }
}

/// The pictures of a mail by their Content-ID (RFC 2392).
#[derive(Debug, Default)]
pub(super) struct MailPictures {
    by_id: HashMap<String, EmbeddedPicture>,
    /// Of all their contents.
    size_bytes: usize,
}

#[derive(Debug)]
struct EmbeddedPicture {
    content_type: String,
    content: Vec<u8>,
    url: OnceLock<String>,
}

impl MailPictures {
    /// The picture as a `data:` URL.
    pub(super) fn get(&self, id: &str) -> Option<&str> {
        let EmbeddedPicture { content_type, content, url } = self.by_id.get(id)?;
        let encoded = || format!("data:{content_type};base64,{}", BASE64_STANDARD.encode(content));
        Some(url.get_or_init(encoded))
    }
}

pub(super) fn pictures_of(root: &Entity<'_>) -> MailPictures {
    let mut found = MailPictures::default();
    collect(root, &mut found);
    found
}

fn collect(entity: &Entity<'_>, found: &mut MailPictures) {
    for child in &entity.children {
        collect(child, found);
    }
    let is_full = found.by_id.len() >= MAX_PICTURES || found.size_bytes >= PICTURES_MAX_BYTES;
    if is_full || entity.body.len() > PICTURE_MAX_BYTES {
        return;
    }
    let Some((kind, subtype)) = entity.fields.content_type() else {
        return;
    };
    let content_type = format!("{kind}/{subtype}");
    let id = entity.fields.value("content-id").unwrap_or_default().trim();
    let id = id.strip_prefix('<').and_then(|id| id.strip_suffix('>')).unwrap_or(id);
    if PICTURE_TYPES.contains(&content_type.as_str()) && !id.is_empty() {
        let content = entity.content();
        found.size_bytes += content.len();
        found.by_id.entry(id.to_owned()).or_insert(EmbeddedPicture {
            content_type,
            content,
            url: OnceLock::new(),
        });
    }
}
