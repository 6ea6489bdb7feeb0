//! The exported pages, embedded at compile time with their compressed versions. A build without them has none.

use std::borrow::Cow;

use actix_web::web::Bytes;
use rust_embed::Embed;
use sha2::{Digest, Sha256};

use super::encoding::Encoding;

#[derive(Embed)]
#[folder = "web-form/out"]
#[allow_missing = true]
struct Export;

/// One representation of a file.
#[derive(Clone, Debug)]
pub struct PageFile {
    pub content: Bytes,
    pub content_type: &'static str,
    pub encoding: Encoding,
    /// With its quotation marks; each representation has its own.
    pub etag: String,
}

/// A file as it is embedded.
pub struct RawFile {
    pub content: Bytes,
    /// SHA-256.
    pub hash: [u8; 32],
}

/// Where files come from, by name: the program itself, or a test.
pub type Files = dyn Fn(&str) -> Option<RawFile>;

/// The files in this program.
pub fn embedded(name: &str) -> Option<RawFile> {
    let file = Export::get(name)?;
    let content = match file.data {
        Cow::Borrowed(content) => Bytes::from_static(content),
        Cow::Owned(content) => Bytes::from(content),
    };
    Some(RawFile { content, hash: file.metadata.sha256_hash() })
}

/// Whether there are pages.
pub fn is_built(files: &Files) -> bool {
    files("index.html").is_some()
}

/// The file at this path, in the first of the encodings that it exists in.
pub fn find(files: &Files, path: &str, encodings: &[Encoding]) -> Option<PageFile> {
    let path = path.trim_start_matches('/');
    let names = match path {
        "" => vec!["index.html".to_owned()],
        _ => vec![path.to_owned(), format!("{path}.html"), format!("{path}/index.html")],
    };
    names.iter().find_map(|name| representation(files, name, encodings))
}

fn representation(files: &Files, name: &str, encodings: &[Encoding]) -> Option<PageFile> {
    // The compressed versions have no address of their own.
    let content_type = content_type(name)?;
    let plain = files(name)?;
    let compressed = encodings
        .iter()
        .find_map(|encoding| Some((*encoding, files(&format!("{name}{}", encoding.extension()?))?)));
    let (encoding, file) = compressed.unwrap_or((Encoding::Identity, plain));
    Some(PageFile { content: file.content, content_type, encoding, etag: quoted(&file.hash) })
}

pub fn etag_of(content: &[u8]) -> String {
    quoted(&Sha256::digest(content))
}

fn quoted(hash: &[u8]) -> String {
    format!("\"{}\"", hex::encode(hash.get(..16).unwrap_or(hash)))
}

/// By the name's extension; `None` for kinds that pages do not have.
fn content_type(name: &str) -> Option<&'static str> {
    let (_, extension) = name.rsplit_once('.')?;
    Some(match extension {
        "html" => "text/html; charset=utf-8",
        "js" => "text/javascript; charset=utf-8",
        "css" => "text/css; charset=utf-8",
        "json" => "application/json",
        "txt" => "text/plain; charset=utf-8",
        "svg" => "image/svg+xml",
        "png" => "image/png",
        "webp" => "image/webp",
        "ico" => "image/x-icon",
        "woff2" => "font/woff2",
        "webmanifest" => "application/manifest+json",
        _ => return None,
    })
}
