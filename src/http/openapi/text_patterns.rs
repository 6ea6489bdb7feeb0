//! Patterns of request texts: the document states what the parsers of `channels::fields` require beside the length. It
//! describes bodies of requests only, because those alone are parsed.

use std::collections::BTreeMap;

use utoipa::openapi::RefOr;
use utoipa::openapi::path::{Operation, ParameterIn};
use utoipa::openapi::schema::{AdditionalProperties, Object, Schema, SchemaFormat, SchemaType, Type};

use crate::channels::web_form::IDEMPOTENCY_KEY;

/// The mark of a text of one line in the declaration of a field. The document has a pattern instead.
const LINE: &str = "line";
const KEY_PATTERN: &str = "^[!-~]+$";
/// Characters that show nothing (`domain::wording::characters`), the rare ones left out.
const HIDDEN: &str = r"\u0000-\u0020\u007f-\u00a0\u00ad\u0300-\u036f\u061c\u115f\u1160\u1680\u17b4\u17b5\u180b-\u180f\u2000-\u200f\u2028-\u202f\u205f-\u206f\u2800\u3000\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufffc";
const CONTROLS: &str = r"\u0000-\u001f\u007f-\u009f";
/// The same without tab and line feed.
const REMOVED: &str = r"\u0000-\u0008\u000b-\u001f\u007f-\u009f";
/// What begins an escape sequence, which is removed with all that belongs to it.
const ESCAPES: &str = r"\u0000\u001b\u0090\u0098\u009b\u009d-\u009f";

/// Adds the pattern of each text in the schema of an operation's request body.
pub(super) fn add_to_body(operation: &Operation, schemas: &mut BTreeMap<String, RefOr<Schema>>) {
    let Some(RefOr::T(body)) = &operation.request_body else {
        return;
    };
    for content in body.content.values() {
        let RefOr::T(content) = content else {
            continue;
        };
        let Some(RefOr::Ref(reference)) = &content.schema else {
            continue;
        };
        let name = reference.ref_location.rsplit('/').next().unwrap_or_default();
        if let Some(RefOr::T(Schema::Object(body))) = schemas.get_mut(name)
            && is_closed(body)
        {
            body.properties.values_mut().for_each(add_to_field);
        }
    }
}

/// The keys of idempotent requests have one alphabet.
pub(super) fn add_to_keys(operation: &mut Operation) {
    for parameter in operation.parameters.iter_mut().flatten() {
        let RefOr::T(parameter) = parameter else {
            continue;
        };
        if let (ParameterIn::Header, true, Some(RefOr::T(Schema::Object(key)))) =
            (&parameter.parameter_in, parameter.name == IDEMPOTENCY_KEY, &mut parameter.schema)
        {
            (key.min_length, key.max_length, key.pattern) =
                (Some(1), Some(255), Some(KEY_PATTERN.to_owned()));
        }
    }
}

fn add_to_field(field: &mut RefOr<Schema>) {
    let RefOr::T(Schema::Object(field)) = field else {
        return;
    };
    if !is_text(field) || field.pattern.is_some() || field.enum_values.is_some() {
        return;
    }
    let least = field.min_length.unwrap_or_default();
    match &field.format {
        None => field.pattern = Some(text(least)),
        Some(SchemaFormat::Custom(format)) if format == LINE => {
            field.pattern = Some(line(least));
            field.format = None;
        }
        Some(SchemaFormat::Custom(_) | SchemaFormat::KnownFormat(_)) => {}
    }
}

/// Bodies whose unknown fields are refused are those of our own parsers; others belong to a protocol.
fn is_closed(body: &Object) -> bool {
    matches!(body.additional_properties.as_deref(), Some(AdditionalProperties::FreeForm(false)))
}

fn is_text(field: &Object) -> bool {
    match &field.schema_type {
        SchemaType::Type(kind) => *kind == Type::String,
        SchemaType::Array(kinds) => kinds.contains(&Type::String),
        SchemaType::AnyValue => false,
    }
}

/// Lines of text of which at least `least` characters are left when what is removed is gone.
fn text(least: usize) -> String {
    match least {
        0 => r"^[^\u0000]*$".to_owned(),
        1 => format!(r"^[^{ESCAPES}]*[^{HIDDEN}][^\u0000]*$"),
        more => format!(
            r"^[^{ESCAPES}]*[^{HIDDEN}][^{REMOVED}]{{{},}}[^{HIDDEN}][^\u0000]*$",
            more.saturating_sub(2)
        ),
    }
}

/// One line.
fn line(least: usize) -> String {
    match least {
        0 => format!("^[^{CONTROLS}]*$"),
        1 => format!("^[^{CONTROLS}]*[^{HIDDEN}][^{CONTROLS}]*$"),
        more => format!(
            "^[^{CONTROLS}]*[^{HIDDEN}][^{CONTROLS}]{{{},}}[^{HIDDEN}][^{CONTROLS}]*$",
            more.saturating_sub(2)
        ),
    }
}

#[cfg(test)]
mod tests {
    use utoipa::openapi::schema::ObjectBuilder;

    use super::*;

    fn pattern_of(field: ObjectBuilder) -> Option<String> {
        let mut field = field.into();
        add_to_field(&mut field);
        let RefOr::T(Schema::Object(field)) = field else {
            panic!("it is no object any more");
        };
        assert!(!matches!(field.format, Some(SchemaFormat::Custom(_))), "the mark is left");
        field.pattern
    }

    fn string() -> ObjectBuilder {
        ObjectBuilder::new().schema_type(Type::String)
    }

    #[test]
    fn only_texts_without_a_rule_of_their_own_get_a_pattern() {
        assert_eq!(pattern_of(string()), Some(text(0)));
        assert_eq!(pattern_of(string().min_length(Some(10))), Some(text(10)));
        let custom = SchemaFormat::Custom(LINE.to_owned());
        assert_eq!(pattern_of(string().min_length(Some(5)).format(Some(custom))), Some(line(5)));
        let nullable = SchemaType::Array(vec![Type::String, Type::Null]);
        assert_eq!(pattern_of(ObjectBuilder::new().schema_type(nullable)), Some(text(0)));
        assert_eq!(pattern_of(string().pattern(Some("^resolve$"))).as_deref(), Some("^resolve$"));
        assert_eq!(pattern_of(string().enum_values(Some(["a"]))), None);
        assert_eq!(pattern_of(ObjectBuilder::new().schema_type(Type::Integer)), None);
    }

    #[test]
    fn a_longer_text_is_bounded_on_both_sides_by_what_can_be_seen() {
        assert!(text(10).contains("{8,}") && line(5).contains("{3,}"), "{} {}", text(10), line(5));
    }
}
