//! Field validation of a JSON object: it takes the fields one by one and collects every error.

use std::borrow::Cow;
use std::ops::RangeInclusive;
use std::str::FromStr;

use email_address::{EmailAddress, Options};
use serde_json::{Map, Value};

use crate::channels::json_object::JsonObject;
use crate::domain::customers::contact::{Email, InvalidContact, Phone};
use crate::domain::enums::UnknownVariant;
use crate::domain::validation::{FieldError, InvalidForm};
use crate::domain::wording::characters::{is_visible, without_controls};

/// Maximum unknown fields that are named; the rest is not listed, because a body of 64 KiB has room for thousands.
const MAX_UNKNOWN_NAMED: usize = 20;
/// Maximum characters of an unknown field's name that an error repeats.
const NAME_SHOWN_CHARS: usize = 100;

/// What is wrong with a value, as the end of a sentence that begins with the field's name.
pub type FieldMessage = Cow<'static, str>;

/// The fields of an object that have not been read yet, and the errors so far.
pub struct FormFields {
    left: Map<String, Value>,
    errors: Vec<FieldError>,
}

impl FormFields {
    pub fn parse(body: &[u8]) -> Result<Self, InvalidForm> {
        match JsonObject::parse(body) {
            Ok(Some(JsonObject { members, repeated })) => {
                let errors = repeated.iter().take(MAX_UNKNOWN_NAMED);
                let errors = errors.map(|name| FieldError::new(shown(name), "is given more than once"));
                Ok(Self { left: members, errors: errors.collect() })
            }
            Ok(None) => {
                let error = FieldError::new("body", "must be a JSON object");
                Err(InvalidForm::Invalid(vec![error]))
            }
            Err(reason) => Err(InvalidForm::Malformed(reason)),
        }
    }

    /// The field's value; `None` only after recording an error.
    pub fn required<T>(
        &mut self,
        field: &'static str,
        read: impl FnOnce(String) -> Result<T, FieldMessage>,
    ) -> Option<T> {
        let before = self.errors.len();
        let value = self.optional(field, read);
        if value.is_none() && self.errors.len() == before {
            self.errors.push(FieldError::new(field, "is required"));
        }
        value
    }

    /// The field's value; `None` if it is absent or null, and after recording an error.
    pub fn optional<T>(
        &mut self,
        field: &'static str,
        read: impl FnOnce(String) -> Result<T, FieldMessage>,
    ) -> Option<T> {
        let read = match self.left.remove(field)? {
            Value::Null => return None,
            Value::String(value) => read(value),
            Value::Bool(_) | Value::Number(_) | Value::Array(_) | Value::Object(_) => {
                Err("must be a string".into())
            }
        };
        self.note(field, read)
    }

    /// The same for a field that forms send empty when nothing was typed.
    pub fn optional_unless_blank<T>(
        &mut self,
        field: &'static str,
        read: impl FnOnce(String) -> Result<T, FieldMessage>,
    ) -> Option<T> {
        if self.left.get(field).and_then(Value::as_str).is_some_and(is_blank) {
            self.left.remove(field);
        }
        self.optional(field, read)
    }

    /// The same for a field that is no string; null counts as absent.
    pub fn required_value<T>(
        &mut self,
        field: &'static str,
        read: impl FnOnce(Value) -> Result<T, FieldMessage>,
    ) -> Option<T> {
        match self.left.remove(field) {
            None | Some(Value::Null) => {
                self.errors.push(FieldError::new(field, "is required"));
                None
            }
            Some(value) => {
                let read = read(value);
                self.note(field, read)
            }
        }
    }

    /// The same for a field that may be absent or null.
    pub fn optional_value<T>(
        &mut self,
        field: &'static str,
        read: impl FnOnce(Value) -> Result<T, FieldMessage>,
    ) -> Option<T> {
        match self.left.remove(field)? {
            Value::Null => None,
            value @ (Value::Bool(_)
            | Value::Number(_)
            | Value::String(_)
            | Value::Array(_)
            | Value::Object(_)) => {
                let read = read(value);
                self.note(field, read)
            }
        }
    }

    /// Parses a value that came in a header.
    pub fn header<'a, T>(
        &mut self,
        name: &'static str,
        value: Option<&'a [u8]>,
        read: impl FnOnce(&'a [u8]) -> Result<T, FieldMessage>,
    ) -> Option<T> {
        let read = read(value?);
        self.note(name, read)
    }

    /// What was read, if there was no error; an unread field is one. `None` means that the value's error has been
    /// recorded.
    pub fn finish<T>(mut self, read: Option<T>) -> Result<T, InvalidForm> {
        let unknown = self.left.keys().take(MAX_UNKNOWN_NAMED);
        let unknown = unknown.map(|name| FieldError::new(shown(name), "is not a known field"));
        self.errors.extend(unknown);
        match read {
            Some(read) if self.errors.is_empty() => Ok(read),
            Some(_) | None => Err(InvalidForm::Invalid(self.errors)),
        }
    }

    fn note<T>(&mut self, field: &'static str, read: Result<T, FieldMessage>) -> Option<T> {
        read.map_err(|error| self.errors.push(FieldError::new(field, error))).ok()
    }
}

/// A field's name as far as an error repeats it.
fn shown(name: &str) -> String {
    name.chars().take(NAME_SHOWN_CHARS).collect()
}

/// One line of text, trimmed. Line breaks are refused even at its ends: this prevents header injection in mails.
pub fn line(value: String, chars: RangeInclusive<usize>) -> Result<String, FieldMessage> {
    if value.chars().any(char::is_control) {
        return Err("must be one line without control characters".into());
    }
    within(value, chars)
}

/// Text of any number of lines, trimmed, without the control characters that a pasted terminal output brings along.
pub fn text(value: String, chars: RangeInclusive<usize>) -> Result<String, FieldMessage> {
    if value.contains('\0') {
        return Err("must not contain NUL characters".into());
    }
    within(without_controls(value), chars)
}

fn within(value: String, chars: RangeInclusive<usize>) -> Result<String, FieldMessage> {
    let trimmed = value.trim();
    if !chars.contains(&trimmed.chars().count()) {
        return Err(format!("must have {} to {} characters", chars.start(), chars.end()).into());
    }
    if !trimmed.chars().any(is_visible) {
        return Err("must have characters that can be seen".into());
    }
    if trimmed.len() == value.len() { Ok(value) } else { Ok(trimmed.to_owned()) }
}

/// An address by the rules of RFC 5321 and 5322, without display name, address literal or bare host.
pub fn email(value: &str) -> Result<Email, FieldMessage> {
    let options = Options::default().with_required_tld().without_domain_literal().without_display_text();
    let invalid = |error: InvalidContact| error.to_string();
    if value.chars().any(char::is_control) || EmailAddress::parse_with_options(value.trim(), options).is_err()
    {
        return Err(invalid(InvalidContact::Email).into());
    }
    Email::parse(value).map_err(|error| invalid(error).into())
}

pub fn phone(value: &str) -> Result<Phone, FieldMessage> {
    Phone::parse(value).map_err(|error| error.to_string().into())
}

/// A value of a closed vocabulary, in its one spelling.
pub fn word<T: FromStr<Err = UnknownVariant>>(value: &str) -> Result<T, FieldMessage> {
    value.parse().map_err(|unknown: UnknownVariant| format!("must be one of {}", unknown.expected).into())
}

pub fn visible_ascii(value: &[u8], bytes: RangeInclusive<usize>) -> Result<&str, FieldMessage> {
    std::str::from_utf8(value)
        .ok()
        .filter(|key| bytes.contains(&key.len()) && key.bytes().all(|byte| byte.is_ascii_graphic()))
        .ok_or_else(|| {
            format!("must have {} to {} visible ASCII characters", bytes.start(), bytes.end()).into()
        })
}

/// A truth value.
pub fn flag(value: Value) -> Result<bool, FieldMessage> {
    value.as_bool().ok_or_else(|| "must be true or false".into())
}

/// A whole number of a range.
pub fn number(value: &Value, range: RangeInclusive<u64>) -> Result<u64, FieldMessage> {
    whole(value)
        .filter(|number| range.contains(number))
        .ok_or_else(|| format!("must be a whole number from {} to {}", range.start(), range.end()).into())
}

/// A whole number, however it is written: 5.0 is one (JSON Schema, `integer`).
pub fn whole(value: &Value) -> Option<u64> {
    /// Beyond it, a double is no exact whole number.
    const MAX_EXACT: f64 = 9_007_199_254_740_992.0;
    let from_float = |number: f64| {
        let is_whole = number.fract() == 0.0 && (0.0..=MAX_EXACT).contains(&number);
        is_whole.then(|| format!("{number:.0}").parse().ok()).flatten()
    };
    value.as_u64().or_else(|| value.as_f64().and_then(from_float))
}

/// Whether a text shows nothing.
pub fn is_blank(value: &str) -> bool {
    !value.chars().any(|c| is_visible(c) || c == '\0')
}

/// A list of at most `max` texts, each read by `read`.
pub fn list<T>(
    value: Value,
    max: usize,
    read: impl Fn(String) -> Result<T, FieldMessage>,
) -> Result<Vec<T>, FieldMessage> {
    let Value::Array(items) = value else {
        return Err("must be a list".into());
    };
    if items.len() > max {
        return Err(format!("must have at most {max} items").into());
    }
    let text = |item: Value| match item {
        Value::String(text) => Ok(text),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::Array(_) | Value::Object(_) => {
            Err(FieldMessage::from("must be a list of strings"))
        }
    };
    items.into_iter().map(|item| text(item).and_then(&read)).collect()
}
