//! Field validation of a JSON object: it takes the fields one by one and collects every error.

use std::borrow::Cow;
use std::ops::RangeInclusive;
use std::str::FromStr;

use email_address::{EmailAddress, Options};
use serde_json::{Map, Value};

use crate::domain::customers::contact::{Email, InvalidContact, Phone};
use crate::domain::enums::UnknownVariant;
use crate::domain::validation::{FieldError, InvalidForm};

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
        match serde_json::from_slice(body) {
            Ok(Value::Object(left)) => Ok(Self { left, errors: Vec::new() }),
            Ok(Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) | Value::Array(_)) => {
                let error = FieldError::new("body", "must be a JSON object");
                Err(InvalidForm::Invalid(vec![error]))
            }
            Err(error) => Err(InvalidForm::Malformed(error.to_string())),
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

    /// What was read, if there was no error; an unread field is one. `None` stands for a value whose error has been
    /// recorded.
    pub fn finish<T>(mut self, read: Option<T>) -> Result<T, InvalidForm> {
        let unknown = self.left.keys().take(MAX_UNKNOWN_NAMED).map(|name| {
            let shown: String = name.chars().take(NAME_SHOWN_CHARS).collect();
            FieldError::new(shown, "is not a known field")
        });
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

/// One line of text, trimmed. Line breaks are refused even at its ends: this prevents header injection in mails.
pub fn line(value: String, chars: RangeInclusive<usize>) -> Result<String, FieldMessage> {
    if value.chars().any(char::is_control) {
        return Err("must be one line without control characters".into());
    }
    within(value, chars)
}

/// Text of any number of lines, trimmed.
pub fn text(value: String, chars: RangeInclusive<usize>) -> Result<String, FieldMessage> {
    if value.chars().any(|c| c.is_control() && !matches!(c, '\n' | '\r' | '\t')) {
        return Err("must not contain control characters other than line breaks and tabs".into());
    }
    within(value, chars)
}

fn within(value: String, chars: RangeInclusive<usize>) -> Result<String, FieldMessage> {
    let trimmed = value.trim();
    if !chars.contains(&trimmed.chars().count()) {
        return Err(format!("must have {} to {} characters", chars.start(), chars.end()).into());
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
