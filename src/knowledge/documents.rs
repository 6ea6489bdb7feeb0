//! Document reader: turns a file as documentation tools write it (Markdown of several dialects, MDX, HTML, in any
//! usual encoding) into sections of plain text.

use thiserror::Error;

use super::markdown;
use crate::domain::knowledge::Document;

mod dialect;
mod encoding;
mod front_matter;
mod html;
pub mod sitemap;

use front_matter::FrontMatter;

/// The endings of files that are read, in lower case.
pub const ENDINGS: &[&str] = &["md", "mdx", "markdown", "html", "htm"];
/// A larger file is no article; reading it would take memory for nothing.
pub const MAX_BYTES: u64 = 8 << 20;

/// A file that was read.
#[derive(Debug)]
pub struct ReadDocument {
    pub document: Document,
    /// What the file was converted from, unless it was UTF-8.
    pub encoding: Option<&'static str>,
}

/// Why a file is left out. The others are read all the same.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum Unreadable {
    #[error("it is not text")]
    NotText,
    #[error("it is larger than {} MiB", MAX_BYTES >> 20)]
    TooLarge,
    #[error("its front matter marks it as a draft")]
    Draft,
    #[error("it has no text")]
    Empty,
}

/// Whether a file's name has one of the [`ENDINGS`], in any case.
pub fn is_document(name: &str) -> bool {
    ending(name).is_some_and(|ending| ENDINGS.contains(&ending.as_str()))
}

/// Reads a file; `file` is its path in the ids of its sections.
pub fn read(file: &str, bytes: &[u8]) -> Result<ReadDocument, Unreadable> {
    if bytes.len() as u64 > MAX_BYTES {
        return Err(Unreadable::TooLarge);
    }
    let (text, encoding) = encoding::decode(bytes).ok_or(Unreadable::NotText)?;
    let is_html = ending(file).is_some_and(|ending| ending.starts_with("htm"));
    let (front_matter, markdown) = if is_html {
        let article = html::article(&text);
        (
            FrontMatter { title: article.title, description: article.description, ..FrontMatter::default() },
            article.markdown,
        )
    } else {
        let (front_matter, body) = front_matter::split(&text);
        let is_mdx = ending(file).is_some_and(|ending| ending == "mdx");
        (front_matter, dialect::plain_markdown(body, is_mdx))
    };
    if front_matter.is_draft {
        return Err(Unreadable::Draft);
    }
    let about = markdown::About { title: front_matter.title, description: front_matter.description };
    let sections = markdown::described_sections(file, &about, &markdown);
    if sections.is_empty() {
        return Err(Unreadable::Empty);
    }
    Ok(ReadDocument { document: Document { file: file.to_owned(), sections }, encoding })
}

fn ending(name: &str) -> Option<String> {
    name.rsplit_once('.').map(|(_, ending)| ending.to_ascii_lowercase())
}

#[cfg(test)]
mod tests;
