//! Parsers of what customers send beside messages: a rating, a wish for a person, an opinion of an article.

use serde_json::Value;

use crate::channels::fields::{FormFields, number, text};
use crate::domain::validation::InvalidForm;

/// A rating as its customer sent it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RatingForm {
    /// From 1 to 5.
    pub score: u8,
    pub comment: Option<String>,
}

/// Parses `{score, comment?}`; an empty comment is none.
pub fn rating(body: &[u8]) -> Result<RatingForm, InvalidForm> {
    let mut fields = FormFields::parse(body)?;
    let score = fields.required_value("score", |value| {
        number(&value, 1..=5).map(|score| u8::try_from(score).unwrap_or(u8::MAX))
    });
    let comment = fields.optional_unless_blank("comment", |value| text(value, 1..=1_000));
    fields.finish(score).map(|score| RatingForm { score, comment })
}

/// Parses `{helpful}`.
pub fn helpful(body: &[u8]) -> Result<bool, InvalidForm> {
    let mut fields = FormFields::parse(body)?;
    let helpful = fields.required_value("helpful", |value| match value {
        Value::Bool(helpful) => Ok(helpful),
        Value::Null | Value::Number(_) | Value::String(_) | Value::Array(_) | Value::Object(_) => {
            Err("must be true or false".into())
        }
    });
    fields.finish(helpful)
}

/// Parses `{}`; no body is the same.
pub fn person_wish(body: &[u8]) -> Result<(), InvalidForm> {
    if body.iter().all(u8::is_ascii_whitespace) {
        return Ok(());
    }
    FormFields::parse(body)?.finish(Some(()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wrong(parsed: Result<impl std::fmt::Debug, InvalidForm>) -> Vec<String> {
        match parsed {
            Err(InvalidForm::Invalid(errors)) => {
                errors.into_iter().map(|error| error.field.into_owned()).collect()
            }
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn a_rating_has_a_score_from_one_to_five() {
        let comment = Some("Great".to_owned());
        assert_eq!(rating(br#"{"score": 5, "comment": " Great "}"#), Ok(RatingForm { score: 5, comment }));
        assert_eq!(rating(br#"{"score": 1, "comment": "  "}"#), Ok(RatingForm { score: 1, comment: None }));
        assert_eq!(rating(br#"{"score": 1, "comment": null}"#), Ok(RatingForm { score: 1, comment: None }));
        for body in [
            "{}",
            "{\"score\":0}",
            "{\"score\":6}",
            "{\"score\":2.5}",
            "{\"score\":\"3\"}",
            "{\"score\":null}",
        ] {
            assert_eq!(wrong(rating(body.as_bytes())), ["score"], "{body}");
        }
        let long = format!("{{\"score\": 3, \"comment\": \"{}\", \"x\": 1}}", "x".repeat(1001));
        assert_eq!(wrong(rating(long.as_bytes())), ["comment", "x"]);
    }

    #[test]
    fn an_opinion_is_true_or_false() {
        assert_eq!(helpful(br#"{"helpful": false}"#), Ok(false));
        for body in ["{}", "{\"helpful\":1}", "{\"helpful\":\"true\"}", "{\"helpful\":null}"] {
            assert_eq!(wrong(helpful(body.as_bytes())), ["helpful"], "{body}");
        }
    }

    #[test]
    fn a_wish_for_a_person_has_no_fields() {
        assert_eq!(person_wish(b"{}"), Ok(()));
        assert_eq!(person_wish(b""), Ok(()));
        assert_eq!(wrong(person_wish(br#"{"why": "x"}"#)), ["why"]);
    }
}
