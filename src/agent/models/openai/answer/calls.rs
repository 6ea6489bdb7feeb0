//! Assembly of tool calls from the pieces of a stream. Services disagree about index, id and name of a piece: each may
//! be missing, always zero, or repeated.

use serde_json::Value;

use super::arguments::is_complete;
use super::json::parse;

/// One call as the service wrote it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct WrittenCall {
    pub id: String,
    pub name: String,
    pub arguments: String,
    /// The newest id, where a service gives each piece another one.
    newest_id: String,
    index: Option<u64>,
}

/// Whether an entry is one of several pieces, or a call of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CallEntry {
    Piece,
    Whole,
}

#[derive(Clone, Debug, Default)]
pub struct CallAssembler {
    calls: Vec<WrittenCall>,
}

struct CallPiece {
    index: Option<u64>,
    id: String,
    name: String,
    arguments: WrittenArguments,
}

enum WrittenArguments {
    Nothing,
    Text(String),
    /// An object instead of its text.
    Object(String),
}

impl CallAssembler {
    pub fn calls(&self) -> &[WrittenCall] {
        &self.calls
    }

    pub fn into_calls(self) -> Vec<WrittenCall> {
        self.calls
    }

    /// Adds an entry of `tool_calls`, or the older `function_call`; returns by how many bytes the calls have grown.
    pub fn add(&mut self, entry: &Value, kind: CallEntry) -> usize {
        let before = self.bytes();
        let piece = read(entry);
        match kind {
            CallEntry::Whole => self.calls.push(piece.into_call()),
            CallEntry::Piece => match self.place(&piece) {
                Some(call) => call.append(piece),
                None => self.calls.push(piece.into_call()),
            },
        }
        self.bytes().saturating_sub(before)
    }

    /// Whether entries only repeat the calls that are complete already.
    pub fn holds(&self, entries: &[Value]) -> bool {
        let same = |call: &WrittenCall, entry: &Value| {
            let entry = read(entry).into_call();
            call.name == entry.name
                && (entry.id.is_empty() || entry.id == call.id)
                && (entry.index.is_none() || call.index.is_none() || entry.index == call.index)
                && is_complete(&entry.arguments)
                && (call.arguments == entry.arguments || parse(&call.arguments) == parse(&entry.arguments))
        };
        !entries.is_empty()
            && self.calls.len() == entries.len()
            && self.calls.iter().zip(entries).all(|(call, entry)| same(call, entry))
    }

    fn bytes(&self) -> usize {
        self.calls.iter().map(|call| call.id.len() + call.name.len() + call.arguments.len()).sum()
    }

    /// The call that a piece goes on with.
    fn place(&mut self, piece: &CallPiece) -> Option<&mut WrittenCall> {
        let by_id =
            |call: &WrittenCall| !piece.id.is_empty() && [&call.id, &call.newest_id].contains(&&piece.id);
        let by_index = |call: &WrittenCall| piece.index.is_some() && call.index == piece.index;
        let has_place = piece.index.is_some() && !self.calls.iter().any(by_index);
        let place = self.calls.iter().rposition(by_id).or_else(|| {
            if has_place && (!piece.id.is_empty() || !piece.name.is_empty()) {
                return None;
            }
            self.calls.iter().rposition(by_index).or_else(|| self.calls.len().checked_sub(1))
        })?;
        self.calls.get_mut(place).filter(|call| call.goes_on_with(piece))
    }
}

impl WrittenCall {
    pub fn new(name: String, arguments: String) -> Self {
        Self { name, arguments, ..Self::default() }
    }

    /// Whether a piece belongs to this call rather than being the first of another one.
    fn goes_on_with(&self, piece: &CallPiece) -> bool {
        let same_id = !piece.id.is_empty() && [&self.id, &self.newest_id].contains(&&piece.id);
        if piece.name.is_empty() {
            return true;
        }
        if self.name.is_empty() {
            return same_id || piece.id.is_empty() || self.id.is_empty();
        }
        if piece.name != self.name && !piece.name.starts_with(&self.name) {
            // A name in several pieces has neither id nor arguments with it.
            let is_rest = piece.id.is_empty() && self.arguments.is_empty() && piece.index.is_some();
            return same_id || is_rest;
        }
        // The same name again: a repetition, unless the call is complete and another one begins.
        let begins = match &piece.arguments {
            WrittenArguments::Nothing => false,
            WrittenArguments::Text(text) => text.trim_start().starts_with('{') && *text != self.arguments,
            WrittenArguments::Object(text) => *text != self.arguments,
        };
        let is_other_id = !piece.id.is_empty() && !self.id.is_empty() && !same_id;
        !((begins || is_other_id) && is_complete(&self.arguments))
    }

    fn append(&mut self, piece: CallPiece) {
        if self.id.is_empty() {
            self.id.clone_from(&piece.id);
        }
        if !piece.id.is_empty() {
            self.newest_id = piece.id;
        }
        if piece.name.starts_with(&self.name) {
            self.name = piece.name;
        } else if !piece.name.is_empty() && self.arguments.is_empty() {
            self.name.push_str(&piece.name);
        }
        match piece.arguments {
            WrittenArguments::Nothing => {}
            WrittenArguments::Object(text) => self.arguments = text,
            // A piece that begins with everything so far is the newest state of the whole.
            WrittenArguments::Text(text)
                if self.arguments.trim().len() > 1 && text.starts_with(&self.arguments) =>
            {
                self.arguments = text;
            }
            WrittenArguments::Text(text) if is_complete(&text) && is_complete(&self.arguments) => {
                self.arguments = text;
            }
            WrittenArguments::Text(text) => self.arguments.push_str(&text),
        }
    }
}

impl CallPiece {
    fn into_call(self) -> WrittenCall {
        let arguments = match self.arguments {
            WrittenArguments::Nothing => String::new(),
            WrittenArguments::Text(text) | WrittenArguments::Object(text) => text,
        };
        let (newest_id, index) = (self.id.clone(), self.index);
        WrittenCall { id: self.id, name: self.name, arguments, newest_id, index }
    }
}

fn read(entry: &Value) -> CallPiece {
    let function = entry.get("function").filter(|function| function.is_object());
    let text = |value: &Value| {
        value.as_str().map(str::to_owned).or_else(|| value.is_number().then(|| value.to_string()))
    };
    let of = |keys: &[&str]| {
        let places = [function, Some(entry)].into_iter().flatten();
        places.flat_map(|place| keys.iter().filter_map(|key| place.get(*key))).find(|value| !value.is_null())
    };
    let arguments = match of(&["arguments", "parameters", "input"]) {
        None | Some(Value::Null) => WrittenArguments::Nothing,
        Some(Value::String(text)) => WrittenArguments::Text(text.clone()),
        Some(value @ (Value::Object(_) | Value::Array(_) | Value::Bool(_) | Value::Number(_))) => {
            WrittenArguments::Object(value.to_string())
        }
    };
    let name = of(&["name"]).or_else(|| entry.get("function").filter(|name| name.is_string()));
    CallPiece {
        index: entry.get("index").and_then(|index| index.as_u64().or_else(|| index.as_str()?.parse().ok())),
        id: entry.get("id").and_then(text).unwrap_or_default(),
        name: name.and_then(text).unwrap_or_default(),
        arguments,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn assembled(pieces: &[Value]) -> Vec<(String, String)> {
        let mut assembler = CallAssembler::default();
        for piece in pieces {
            assembler.add(piece, CallEntry::Piece);
        }
        assembler.into_calls().into_iter().map(|call| (call.name, call.arguments)).collect()
    }

    /// Index, id, name and arguments of a piece.
    type Written = (Option<u64>, Option<&'static str>, Option<&'static str>, &'static str);

    fn piece((index, id, name, arguments): Written) -> Value {
        let mut piece = json!({ "function": { "arguments": arguments } });
        if let Some(index) = index {
            piece["index"] = index.into();
        }
        if let Some(id) = id {
            piece["id"] = id.into();
        }
        if let Some(name) = name {
            piece["function"]["name"] = name.into();
        }
        piece
    }

    const A: Option<&str> = Some("a");
    const B: Option<&str> = Some("b");
    const S: Option<&str> = Some("search");
    const R: Option<&str> = Some("respond");
    const N: Option<&str> = None;
    const ZERO: Option<u64> = Some(0);
    const ONE: Option<u64> = Some(1);

    /// Who streams so, and a call of `search` and one of `respond`.
    const SHAPES: &[(&str, &[Written])] = &[
        (
            "OpenAI",
            &[
                (ZERO, A, S, ""),
                (ZERO, N, N, "{\"q\":"),
                (ZERO, N, N, "1}"),
                (ONE, B, R, ""),
                (ONE, N, N, "{\"m\":2}"),
            ],
        ),
        (
            "interleaved",
            &[(ZERO, A, S, ""), (ONE, B, R, ""), (ZERO, N, N, "{\"q\":1}"), (ONE, N, N, "{\"m\":2}")],
        ),
        ("no index (Ollama)", &[(None, A, S, "{\"q\":1}"), (None, B, R, "{\"m\":2}")]),
        ("neither index nor id", &[(None, N, S, "{\"q\":1}"), (None, N, R, "{\"m\":2}")]),
        (
            "neither, in pieces",
            &[(None, N, S, "{\"q\""), (None, N, N, ":1}"), (None, N, R, "{\"m\":"), (None, N, N, "2}")],
        ),
        ("always index 0 (Ollama, Gemini)", &[(ZERO, A, S, "{\"q\":1}"), (ZERO, B, R, "{\"m\":2}")]),
        (
            "always index 0, in pieces",
            &[(ZERO, A, S, ""), (ZERO, N, N, "{\"q\":1}"), (ZERO, B, R, ""), (ZERO, N, N, "{\"m\":2}")],
        ),
        (
            "id and name in each",
            &[(ZERO, A, S, "{\"q\":"), (ZERO, A, S, "1}"), (ONE, B, R, "{\"m\":"), (ONE, B, R, "2}")],
        ),
        (
            "the name in each, no id (vLLM)",
            &[(ZERO, N, S, "{\"q\":"), (ZERO, N, S, "1}"), (ONE, N, R, "{\"m\":"), (ONE, N, R, "2}")],
        ),
        (
            "another id in each (vLLM)",
            &[
                (ZERO, A, S, "{\"q\":"),
                (ZERO, Some("x"), N, "1}"),
                (ONE, B, R, "{\"m\":"),
                (ONE, Some("y"), N, "2}"),
            ],
        ),
        (
            "the state so far in each",
            &[
                (ZERO, A, S, "{\"q\":"),
                (ZERO, A, S, "{\"q\":1}"),
                (ONE, B, R, "{\"m\""),
                (ONE, B, R, "{\"m\":2}"),
            ],
        ),
        (
            "everything again",
            &[
                (ZERO, A, S, "{\"q\":1}"),
                (ONE, B, R, "{\"m\":2}"),
                (ZERO, A, S, "{\"q\":1}"),
                (ONE, B, R, "{\"m\":2}"),
            ],
        ),
    ];

    #[test]
    fn two_calls_are_separated_whatever_the_pieces_lack() {
        let expected =
            [("search".to_owned(), "{\"q\":1}".to_owned()), ("respond".to_owned(), "{\"m\":2}".to_owned())];
        for (who, shape) in SHAPES {
            let pieces: Vec<Value> = shape.iter().map(|written| piece(*written)).collect();
            assert_eq!(assembled(&pieces), expected, "{who}");
        }
    }

    #[test]
    fn two_calls_of_one_tool_are_two() {
        for shape in [
            [(ZERO, A, S, "{\"q\":1}"), (ZERO, B, S, "{\"q\":2}")],
            [(None, N, S, "{\"q\":1}"), (None, N, S, "{\"q\":2}")],
            [(ZERO, N, S, "{\"q\":1}"), (ONE, N, S, "{\"q\":2}")],
        ] {
            assert_eq!(assembled(&shape.map(piece)).len(), 2, "{shape:?}");
        }
    }

    #[test]
    fn other_spellings_of_a_call_are_read() {
        for entry in [
            json!({"id": "a", "type": "function", "function": {"name": "search", "arguments": {"q": 1}}}),
            json!({"name": "search", "arguments": "{\"q\":1}"}),
            json!({"function": {"name": "search", "parameters": {"q": 1}}}),
            json!({"id": 7, "function": {"name": "search", "arguments": "{\"q\":1}"}, "extra": true}),
            json!({"index": "0", "id": null, "function": {"name": "search", "arguments": "{\"q\":1}"}}),
        ] {
            assert_eq!(
                assembled(std::slice::from_ref(&entry)),
                [("search".to_owned(), "{\"q\":1}".to_owned())],
                "{entry}"
            );
        }
        let split = [
            json!({"index": 0, "id": "a", "function": {"name": "sea"}}),
            json!({"index": 0, "function": {"name": "rch"}}),
            json!({"index": 0, "function": {"arguments": "{\"q\":1}"}}),
        ];
        assert_eq!(assembled(&split), [("search".to_owned(), "{\"q\":1}".to_owned())]);
    }
}
