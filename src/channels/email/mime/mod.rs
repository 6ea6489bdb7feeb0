//! MIME structure (RFC 2045, 2046): a mail as a tree of entities. The fields of an entity are read by mail-parser; the
//! tree is built here, because it must be bounded: so many entities, so deep, fields of so many bytes, in a time that
//! grows with the size of the mail and not with its square.

mod decode;
mod fields;

use std::ops::Range;

pub use decode::decode_text;
pub use fields::{Fields, MailAddress, is_invisible};

/// What reading one mail may cost. The mail itself is kept whole.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MimeLimits {
    /// Entities of all levels; the rest of the mail is not read.
    pub entities: usize,
    pub depth: usize,
}

/// One entity: a leaf, or one that contains others.
#[derive(Clone, Debug)]
pub struct Entity<'a> {
    pub fields: Fields,
    /// Its encoded content.
    pub body: &'a [u8],
    pub children: Vec<Entity<'a>>,
}

/// The tree, and whether a limit cut it.
#[derive(Clone, Debug)]
pub struct Tree<'a> {
    pub root: Entity<'a>,
    pub is_cut: bool,
}

impl<'a> Tree<'a> {
    pub fn of(raw: &'a [u8], limits: MimeLimits) -> Self {
        let mut reader = EntityReader { limits, entities: 0, is_cut: false };
        let root = reader.entity(raw, 0, DefaultType::Text);
        Self { root, is_cut: reader.is_cut }
    }
}

/// What an entity without a Content-Type is.
#[derive(Clone, Copy, PartialEq, Eq)]
enum DefaultType {
    Text,
    /// In a multipart/digest (RFC 2046, 5.1.5).
    Message,
}

/// How far a field is looked for below a line that is none.
const FIELDS_AFTER_BROKEN: usize = 20;
/// Fields by which the head of an entity is distinguished from a text that looks like one.
const KNOWN_FIELDS: &[&[u8]] = &[
    b"from",
    b"to",
    b"subject",
    b"date",
    b"message-id",
    b"mime-version",
    b"content-type",
    b"content-transfer-encoding",
];

struct EntityReader {
    limits: MimeLimits,
    entities: usize,
    is_cut: bool,
}

impl EntityReader {
    fn entity<'a>(&mut self, raw: &'a [u8], depth: usize, default: DefaultType) -> Entity<'a> {
        self.entities += 1;
        let (head, body) = split_head(raw);
        let fields = Fields::of(raw.get(head).unwrap_or_default());
        self.is_cut |= fields.is_cut;
        let mut entity = Entity { fields, body, children: Vec::new() };
        if default == DefaultType::Message && entity.fields.content_type().is_none() {
            entity.fields.assume_type("message", "rfc822");
        }
        if depth >= self.limits.depth {
            self.is_cut |= entity.is_multipart() || entity.is_message();
            return entity;
        }
        if entity.is_multipart() {
            entity.children = self.parts(&entity.fields, body, depth + 1);
        } else if entity.is_message() && entity.is_readable_in_place() {
            entity.children = vec![self.entity(body, depth + 1, DefaultType::Text)];
        }
        entity
    }

    fn parts<'a>(&mut self, fields: &Fields, body: &'a [u8], depth: usize) -> Vec<Entity<'a>> {
        let Some(boundary) =
            fields.content_type_parameter("boundary").map(|value| value.trim_end().to_owned())
        else {
            return Vec::new();
        };
        let default =
            if fields.is_type("multipart", "digest") { DefaultType::Message } else { DefaultType::Text };
        let mut parts = Vec::new();
        for part in Boundaries::new(body, boundary.as_bytes()) {
            if self.entities >= self.limits.entities {
                self.is_cut = true;
                break;
            }
            parts.push(self.entity(body.get(part).unwrap_or_default(), depth, default));
        }
        parts
    }
}

impl Entity<'_> {
    pub fn is_multipart(&self) -> bool {
        self.fields.content_type().is_some_and(|(kind, _)| kind == "multipart")
    }

    /// A mail inside the mail.
    pub fn is_message(&self) -> bool {
        self.fields.is_type("message", "rfc822") || self.fields.is_type("message", "global")
    }

    /// Whether its content is written as it is, as RFC 2046 demands of messages.
    fn is_readable_in_place(&self) -> bool {
        !matches!(self.fields.transfer_encoding().as_deref(), Some("base64" | "quoted-printable"))
    }

    /// Its decoded content.
    pub fn content(&self) -> Vec<u8> {
        decode::transfer(self.body, self.fields.transfer_encoding().as_deref())
    }

    /// Its decoded text.
    pub fn text(&self) -> String {
        let charset = self.fields.content_type_parameter("charset");
        decode_text(&self.content(), charset.as_deref())
    }
}

/// The fields, and what follows the empty line below them. A mail that begins with no field is all text.
fn split_head(raw: &[u8]) -> (Range<usize>, &[u8]) {
    let mut at = 0;
    // The line that mbox files put before a mail.
    if raw.starts_with(b"From ") || raw.starts_with(b">From ") {
        at = line_end(raw, 0);
    }
    let start = at;
    let mut last = None;
    while at < raw.len() {
        let end = line_end(raw, at);
        let line = trim_line(raw.get(at..end).unwrap_or_default());
        if line.is_empty() {
            return (start..at, raw.get(end..).unwrap_or_default());
        }
        let is_rest = is_unmarked_rest(last, line);
        if !is_field_line(line) && !is_rest && (at == start || !fields_go_on(raw, end)) {
            // No empty line before the body: what is no field begins it.
            return (start..at, raw.get(at..).unwrap_or_default());
        }
        last = last_visible(line).or(last);
        at = end;
    }
    (start..raw.len(), &[])
}

/// The last byte of a line that is not white space.
fn last_visible(line: &[u8]) -> Option<u8> {
    line.trim_ascii_end().last().copied()
}

/// Whether a line is a parameter of the field before it that is not indented, as some programs write it. `last` is the
/// last visible byte before the line: to look for it there would cost the whole head for each line.
fn is_unmarked_rest(last: Option<u8>, line: &[u8]) -> bool {
    let name = line.split(|byte| *byte == b'=').next().unwrap_or_default().trim_ascii();
    last == Some(b';')
        && line.contains(&b'=')
        && !name.is_empty()
        && name.iter().all(|byte| byte.is_ascii_alphanumeric() || b"*-_".contains(byte))
}

/// Whether fields and an empty line follow: then the line before them is a broken field.
fn fields_go_on(raw: &[u8], mut at: usize) -> bool {
    for _ in 0..FIELDS_AFTER_BROKEN {
        let end = line_end(raw, at);
        let line = trim_line(raw.get(at..end).unwrap_or_default());
        if line.is_empty() || !is_field_line(line) {
            return false;
        }
        let name = line.split(|byte| *byte == b':').next().unwrap_or_default().to_ascii_lowercase();
        if KNOWN_FIELDS.contains(&name.as_slice()) {
            return true;
        }
        at = end;
    }
    false
}

/// A field, or the continuation of one.
fn is_field_line(line: &[u8]) -> bool {
    if line.first().is_some_and(u8::is_ascii_whitespace) {
        return true;
    }
    let name_end = line.iter().position(|byte| *byte == b':');
    name_end.is_some_and(|end| {
        let name = line.get(..end).unwrap_or_default().trim_ascii_end();
        !name.is_empty() && name.iter().all(u8::is_ascii_graphic)
    })
}

/// The position after the line break that ends the line at `at`.
fn line_end(raw: &[u8], at: usize) -> usize {
    let rest = raw.get(at..).unwrap_or_default();
    rest.iter().position(|byte| *byte == b'\n').map_or(raw.len(), |found| at + found + 1)
}

fn trim_line(line: &[u8]) -> &[u8] {
    let line = line.strip_suffix(b"\n").unwrap_or(line);
    line.strip_suffix(b"\r").unwrap_or(line)
}

/// The parts between the delimiter lines of a multipart. Without a closing one, the last part goes to the end.
struct Boundaries<'a> {
    body: &'a [u8],
    boundary: &'a [u8],
    at: usize,
    is_done: bool,
}

/// What a line is to a multipart.
#[derive(Clone, Copy, PartialEq, Eq)]
enum BoundaryLine {
    Content,
    Delimiter,
    Close,
}

impl<'a> Boundaries<'a> {
    fn new(body: &'a [u8], boundary: &'a [u8]) -> Self {
        let mut found = Self { body, boundary, at: 0, is_done: boundary.is_empty() };
        if !found.is_done {
            let preamble = found.next_delimiter();
            found.is_done = preamble.is_none_or(|(_, _, line)| line == BoundaryLine::Close);
            found.at = preamble.map_or(body.len(), |(_, end, _)| end);
        }
        found
    }

    fn line(&self, line: &[u8]) -> BoundaryLine {
        let Some(rest) = line.strip_prefix(b"--").and_then(|rest| rest.strip_prefix(self.boundary)) else {
            return BoundaryLine::Content;
        };
        let rest = rest.trim_ascii_end();
        match rest {
            b"" => BoundaryLine::Delimiter,
            b"--" => BoundaryLine::Close,
            _ => BoundaryLine::Content,
        }
    }

    /// Where the next delimiter line begins and ends.
    fn next_delimiter(&self) -> Option<(usize, usize, BoundaryLine)> {
        let mut at = self.at;
        while at < self.body.len() {
            let end = line_end(self.body, at);
            let line = self.line(trim_line(self.body.get(at..end).unwrap_or_default()));
            if line != BoundaryLine::Content {
                return Some((at, end, line));
            }
            at = end;
        }
        None
    }
}

impl Iterator for Boundaries<'_> {
    type Item = Range<usize>;

    fn next(&mut self) -> Option<Range<usize>> {
        if self.is_done {
            return None;
        }
        let start = self.at;
        let Some((at, end, line)) = self.next_delimiter() else {
            self.is_done = true;
            return (start < self.body.len()).then_some(start..self.body.len());
        };
        self.at = end;
        self.is_done = line == BoundaryLine::Close;
        // The line break before a delimiter belongs to it.
        let content = self.body.get(start..at).unwrap_or_default();
        Some(start..start + trim_line(content).len())
    }
}
