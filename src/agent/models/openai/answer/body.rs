//! Reader of an answer's body: server-sent events, one JSON text, several in a row, or a web page. Its content decides
//! what it is, whatever its headers say. A push parser without input and output of its own.

use super::AssistantMessage;
use super::json::parse;
use crate::provider::{CallFailure, page_text, refusal};

/// Maximum bytes of a body. A chunk has some 300 bytes around each token.
const BODY_MAX_BYTES: usize = 32 << 20;
/// Maximum bytes of one line or of a body that is one JSON text.
const TEXT_MAX_BYTES: usize = 8 << 20;

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum BodyKind {
    /// Nothing but blanks has come.
    #[default]
    Unknown,
    Events,
    Json,
    Page,
}

/// Whether more of a body is wanted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BodyDemand {
    More,
    /// The answer is over, or can't be used.
    NoMore,
}

#[derive(Default)]
pub struct BodyReader {
    kind: BodyKind,
    read: usize,
    rest: Vec<u8>,
    /// Up to where `rest` has no line end.
    scanned: usize,
    /// Data of an event whose JSON is not complete.
    pending: String,
    is_error_event: bool,
    is_done: bool,
    has_broken_event: bool,
    /// Whether anything looks like an event.
    has_fields: bool,
    message: AssistantMessage,
}

impl BodyReader {
    /// Whether tokens have come: from now on, silence means that the service hangs.
    pub fn has_tokens(&self) -> bool {
        self.message.has_tokens()
    }

    /// Whether the service has said why it ended; only a count of tokens may follow.
    pub fn has_ended(&self) -> bool {
        self.message.has_ended()
    }

    pub fn push(&mut self, bytes: &[u8]) -> Result<BodyDemand, CallFailure> {
        self.read += bytes.len();
        self.rest.extend_from_slice(bytes);
        if self.kind == BodyKind::Unknown {
            self.kind = kind_of(&self.rest);
        }
        if self.kind == BodyKind::Events {
            self.lines(false)?;
        }
        if self.read > BODY_MAX_BYTES || self.rest.len() + self.pending.len() > TEXT_MAX_BYTES {
            self.message.mark_too_long();
        }
        Ok(if self.is_done || self.message.has_fault() { BodyDemand::NoMore } else { BodyDemand::More })
    }

    /// The answer at the end of the body.
    pub fn finish(mut self) -> Result<AssistantMessage, CallFailure> {
        match self.kind {
            BodyKind::Page => {
                let page = String::from_utf8_lossy(&self.rest).into_owned();
                return Err(CallFailure::NotAnApi(page_text(&page)));
            }
            BodyKind::Json => self.json()?,
            BodyKind::Events => {
                self.lines(true)?;
                self.has_broken_event |= !self.pending.is_empty() || !self.has_fields;
            }
            BodyKind::Unknown => {}
        }
        self.message.end(self.is_done || self.kind == BodyKind::Json, self.has_broken_event)
    }

    /// One JSON text, or several such as the lines of a stream without events.
    fn json(&mut self) -> Result<(), CallFailure> {
        let text = String::from_utf8_lossy(&self.rest).into_owned();
        let values = match parse(&text) {
            Some(value) => vec![value],
            None => super::json::parse_all(&text).0,
        };
        self.has_broken_event = values.is_empty();
        for value in values {
            if let Some(failure) = refusal(&value) {
                return Err(failure);
            }
            let chunks = value.as_array().map_or_else(|| std::slice::from_ref(&value), Vec::as_slice);
            for chunk in chunks {
                self.message.hear(chunk)?;
            }
        }
        Ok(())
    }

    fn lines(&mut self, is_end: bool) -> Result<(), CallFailure> {
        let mut start = 0;
        while !self.is_done && !self.message.has_fault() {
            let Some((end, next)) = line_end(&self.rest, start.max(self.scanned), is_end) else {
                self.scanned = self.rest.len().saturating_sub(1);
                break;
            };
            let line = self.rest.get(start..end).unwrap_or_default();
            let line = String::from_utf8_lossy(line).into_owned();
            self.line(&line)?;
            start = next;
            self.scanned = next;
        }
        self.rest.drain(..start);
        self.scanned = self.scanned.saturating_sub(start);
        Ok(())
    }

    fn line(&mut self, line: &str) -> Result<(), CallFailure> {
        let line = line.trim_start_matches('\u{feff}').trim();
        if line.is_empty() {
            self.dispatch();
            return Ok(());
        }
        let is_field = ["data", ":", "event:", "id:", "retry:", "{", "[DONE]"]
            .iter()
            .any(|start| line.starts_with(start));
        self.has_fields |= is_field;
        if let Some(name) = line.strip_prefix("event:") {
            self.is_error_event = name.trim() == "error";
            return Ok(());
        }
        let mut data = line;
        while let Some(rest) = data.strip_prefix("data:").or_else(|| data.strip_prefix("data :")) {
            data = rest.trim_start();
        }
        let is_data = data.len() < line.len() || data.starts_with(['{', '[']) || !self.pending.is_empty();
        if is_data && !data.starts_with(':') {
            self.data(data)?;
        }
        Ok(())
    }

    fn data(&mut self, data: &str) -> Result<(), CallFailure> {
        if matches!(data.trim_matches(['"', ' ']), "[DONE]" | "[done]" | "DONE") {
            self.is_done = true;
            return Ok(());
        }
        self.pending.push_str(data);
        let chunk = parse(&self.pending).or_else(|| {
            // An event that was never completed is followed by a whole one.
            let chunk = parse(data).filter(|chunk| chunk.get("choices").is_some());
            self.has_broken_event |= chunk.is_some();
            chunk
        });
        let Some(chunk) = chunk else {
            self.pending.push('\n');
            return Ok(());
        };
        self.pending.clear();
        if let Some(failure) = refusal(&chunk) {
            return Err(failure);
        }
        if self.is_error_event && chunk.is_object() {
            return Err(refusal(&serde_json::json!({ "error": chunk }))
                .unwrap_or(CallFailure::Broken("an error event")));
        }
        self.message.hear(&chunk)
    }

    /// Drops an event that is no JSON; one that should have been is remembered.
    fn dispatch(&mut self) {
        self.has_broken_event |= self.pending.starts_with(['{', '[']);
        self.pending.clear();
    }
}

/// What a body is, by its first character.
fn kind_of(bytes: &[u8]) -> BodyKind {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes).trim_ascii_start();
    match bytes.first() {
        None | Some(0xef | 0xbb) => BodyKind::Unknown,
        Some(b'<') => BodyKind::Page,
        Some(b'{' | b'"') => BodyKind::Json,
        Some(b'[') if !b"[DONE]".starts_with(bytes.get(..bytes.len().min(6)).unwrap_or_default()) => {
            BodyKind::Json
        }
        Some(b'[') if bytes.len() < 6 => BodyKind::Unknown,
        Some(_) => BodyKind::Events,
    }
}

/// The end of the line that starts at `from`, and the start of the next one. A line ends with LF, CRLF or CR.
fn line_end(bytes: &[u8], from: usize, is_end: bool) -> Option<(usize, usize)> {
    let place =
        bytes.get(from..)?.iter().position(|byte| matches!(byte, b'\n' | b'\r')).map(|place| from + place);
    match place {
        Some(place) if bytes.get(place) == Some(&b'\n') => Some((place, place + 1)),
        Some(place) => match bytes.get(place + 1) {
            Some(b'\n') => Some((place, place + 2)),
            Some(_) => Some((place, place + 1)),
            None => is_end.then_some((place, place + 1)),
        },
        None => (is_end && from < bytes.len()).then_some((bytes.len(), bytes.len())),
    }
}
