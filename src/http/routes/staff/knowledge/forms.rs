//! Parsers of the bodies about proposals.

use crate::channels::fields::{FormFields, flag, line, number, text, word};
use crate::domain::ids::GapId;
use crate::domain::learning::proposals::ProposalFields;
use crate::domain::learning::runs::MAX_CASES;
use crate::domain::validation::InvalidForm;
use crate::http::routes::path_id;
use crate::http::routes::staff::action_forms::or_empty;

/// Parses `{op, article_id?, title?, body?, gap_id?}`; which of them must be there depends on the operation.
pub fn proposal(body: &[u8]) -> Result<ProposalFields, InvalidForm> {
    let mut fields = FormFields::parse(body)?;
    let read = ProposalFields {
        op: fields.optional("op", |value| word(&value)),
        article: fields.optional("article_id", |value| line(value, 1..=1_000)),
        title: fields.optional("title", |value| line(value, 1..=200)),
        body: fields.optional("body", |value| text(value, 1..=10_000)),
        gap: fields.optional("gap_id", |value| {
            path_id::parse(&value).map(GapId).ok_or_else(|| "must be an id".into())
        }),
    };
    fields.finish(Some(read))
}

/// Parses `{cases?}`.
pub fn run(body: &[u8]) -> Result<u16, InvalidForm> {
    let mut fields = FormFields::parse(or_empty(body))?;
    let cases = fields.optional_value("cases", |value| {
        number(&value, 1..=u64::from(MAX_CASES)).map(|cases| u16::try_from(cases).unwrap_or(MAX_CASES))
    });
    fields.finish(Some(cases.unwrap_or(MAX_CASES)))
}

/// Parses `{force?}`.
pub fn approval(body: &[u8]) -> Result<bool, InvalidForm> {
    let mut fields = FormFields::parse(or_empty(body))?;
    let force = fields.optional_value("force", flag);
    fields.finish(Some(force.unwrap_or_default()))
}

/// Parses `{reason}`.
pub fn rejection(body: &[u8]) -> Result<String, InvalidForm> {
    let mut fields = FormFields::parse(body)?;
    let reason = fields.required("reason", |value| text(value, 1..=1_000));
    fields.finish(reason)
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
    fn every_wrong_field_is_named() {
        let body =
            br#"{"op": "merge", "article_id": "", "title": "a\nb", "body": " ", "gap_id": "7", "x": 1}"#;
        assert_eq!(wrong(proposal(body)), ["op", "article_id", "title", "body", "gap_id", "x"]);
        for body in [r#"{"cases": 0}"#, r#"{"cases": 201}"#, r#"{"cases": "5"}"#] {
            assert_eq!(wrong(run(body.as_bytes())), ["cases"], "{body}");
        }
        assert_eq!((run(b"{}"), run(br#"{"cases": 5}"#)), (Ok(200), Ok(5)));
        assert_eq!((approval(b"{}"), approval(br#"{"force": true}"#)), (Ok(false), Ok(true)));
        assert_eq!(wrong(approval(br#"{"force": 1}"#)), ["force"]);
        assert_eq!(wrong(rejection(br#"{"reason": " "}"#)), ["reason"]);
    }
}
