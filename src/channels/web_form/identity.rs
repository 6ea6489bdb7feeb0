//! Parsers of identity by proof: the address that a code is asked for, and the code.

use secrecy::SecretString;
use uuid::Uuid;

use crate::channels::fields::{FieldMessage, FormFields, email};
use crate::domain::customers::contact::Email;
use crate::domain::customers::linking::CODE_DIGITS;
use crate::domain::ids::TicketId;
use crate::domain::validation::InvalidForm;

/// A request for a code.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CodeRequestForm {
    pub email: Email,
    /// ISO 639.
    pub language: Option<String>,
}

/// A typed code.
#[derive(Debug)]
pub struct CodeForm {
    pub code: SecretString,
    pub ticket: Option<TicketId>,
}

/// Parses `{email, language?}`.
pub fn code_request(body: &[u8]) -> Result<CodeRequestForm, InvalidForm> {
    let mut fields = FormFields::parse(body)?;
    let email = fields.required("email", |value| email(&value));
    let language = fields.optional("language", language);
    fields.finish(email).map(|email| CodeRequestForm { email, language })
}

/// Parses `{code, ticket_id?}`. Spaces and dashes in a code do not matter.
pub fn typed_code(body: &[u8]) -> Result<CodeForm, InvalidForm> {
    let mut fields = FormFields::parse(body)?;
    let code = fields.required("code", digits);
    let ticket = fields.optional("ticket_id", |value| {
        Uuid::try_parse(&value).map(TicketId).map_err(|_| FieldMessage::from("must be a UUID"))
    });
    fields.finish(code).map(|code| CodeForm { code, ticket })
}

fn digits(value: String) -> Result<SecretString, FieldMessage> {
    let digits: String = value.chars().filter(|c| !c.is_whitespace() && *c != '-').collect();
    let is_code = digits.len() == CODE_DIGITS && digits.bytes().all(|digit| digit.is_ascii_digit());
    if is_code { Ok(digits.into()) } else { Err("must have six digits".into()) }
}

fn language(value: String) -> Result<String, FieldMessage> {
    let is_code = (2..=3).contains(&value.len()) && value.bytes().all(|letter| letter.is_ascii_lowercase());
    if is_code { Ok(value) } else { Err("must be a language code (ISO 639), such as de".into()) }
}

#[cfg(test)]
mod tests {
    use secrecy::ExposeSecret;

    use super::*;

    fn wrong(parsed: Result<impl std::fmt::Debug, InvalidForm>) -> Vec<String> {
        match parsed {
            Err(InvalidForm::Invalid(errors)) => errors.iter().map(|error| error.field.to_string()).collect(),
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn a_code_has_six_digits_however_it_is_typed() {
        for typed in ["012345", " 012 345 ", "012-345"] {
            let form = typed_code(format!("{{\"code\": \"{typed}\"}}").as_bytes()).unwrap();
            assert_eq!((form.code.expose_secret(), form.ticket), ("012345", None));
        }
        for typed in ["12345", "0123456", "01234a", ""] {
            assert_eq!(
                wrong(typed_code(format!("{{\"code\": \"{typed}\"}}").as_bytes())),
                ["code"],
                "{typed}"
            );
        }
        assert_eq!(wrong(typed_code(b"{\"code\": \"012345\", \"ticket_id\": \"7\"}")), ["ticket_id"]);
    }

    #[test]
    fn a_request_names_an_address() {
        let form = code_request(b"{\"email\": \"Ann@Example.com\", \"language\": \"de\"}").unwrap();
        assert_eq!(form.language.as_deref(), Some("de"));
        assert_eq!(wrong(code_request(b"{\"language\": \"German\"}")), ["email", "language"]);
    }
}
