//! Parsers of the bodies of logins and of changes of credentials. Passwords are taken as they are, and never shown.

use std::borrow::Cow;

use secrecy::SecretString;

use crate::actors::messages::CredentialChange;
use crate::channels::fields::{FormFields, line};
use crate::domain::validation::InvalidForm;

/// Characters of a password that is checked; more would only cost time.
const PASSWORD_MAX_CHARS: usize = 1_000;

#[derive(Debug)]
pub struct LoginForm {
    /// In lower case, as accounts have it.
    pub email: String,
    pub password: SecretString,
    pub code: Option<String>,
}

pub fn login(body: &[u8]) -> Result<LoginForm, InvalidForm> {
    let mut fields = FormFields::parse(body)?;
    let email = fields.required("email", |value| line(value, 1..=254));
    let password = fields.required("password", |value| password(value, 1, PASSWORD_MAX_CHARS));
    let code = fields.optional("code", |value| line(value, 1..=64));
    let read = email.zip(password);
    fields.finish(read).map(|(email, password)| LoginForm { email: email.to_lowercase(), password, code })
}

pub fn new_password(body: &[u8]) -> Result<CredentialChange, InvalidForm> {
    let mut fields = FormFields::parse(body)?;
    let current = fields.required("current", |value| password(value, 1, PASSWORD_MAX_CHARS));
    let new = fields.required("new", |value| password(value, 12, 128));
    let read = current.zip(new);
    fields.finish(read).map(|(current, new)| CredentialChange::Password { current, new })
}

pub fn totp_on(body: &[u8]) -> Result<CredentialChange, InvalidForm> {
    code(body).map(|code| CredentialChange::TotpOn { code })
}

pub fn totp_off(body: &[u8]) -> Result<CredentialChange, InvalidForm> {
    code(body).map(|code| CredentialChange::TotpOff { code })
}

fn code(body: &[u8]) -> Result<String, InvalidForm> {
    let mut fields = FormFields::parse(body)?;
    let code = fields.required("code", |value| line(value, 1..=64));
    fields.finish(code)
}

fn password(value: String, min: usize, max: usize) -> Result<SecretString, Cow<'static, str>> {
    if (min..=max).contains(&value.chars().count()) {
        Ok(value.into())
    } else {
        Err(format!("must have {min} to {max} characters").into())
    }
}

#[cfg(test)]
mod tests {
    use secrecy::ExposeSecret;

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
    fn an_address_is_trimmed_and_a_password_is_not() {
        let form = login(br#"{"email": " Ann@Example.com ", "password": " x "}"#).unwrap();
        assert_eq!((form.email.as_str(), form.password.expose_secret()), ("ann@example.com", " x "));
        assert_eq!(wrong(login(b"{}")), ["email", "password"]);
        assert_eq!(
            wrong(login(br#"{"email": "a", "password": "", "code": "", "x": 1}"#)),
            ["password", "code", "x"]
        );
    }

    #[test]
    fn a_new_password_has_12_to_128_characters() {
        for (length, fits) in [(11, false), (12, true), (128, true), (129, false)] {
            let body = format!("{{\"current\": \"x\", \"new\": \"{}\"}}", "ä".repeat(length));
            assert_eq!(new_password(body.as_bytes()).is_ok(), fits, "{length}");
        }
    }
}
