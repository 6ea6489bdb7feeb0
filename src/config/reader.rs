//! Reads single variables and collects errors, so that one start reports every mistake.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt;

use secrecy::SecretString;
use thiserror::Error;

use super::secret_files::{self, SECRETS};

/// An invalid variable.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConfigError {
    pub variable: Cow<'static, str>,
    /// Its value; `None` if it is a secret or missing.
    pub value: Option<String>,
    /// What is valid, as the end of "it expects …".
    pub expects: String,
}

impl fmt::Display for ConfigError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.value {
            Some(value) => write!(f, "{} is `{value}`, it expects {}", self.variable, self.expects),
            None => write!(f, "{} expects {}", self.variable, self.expects),
        }
    }
}

/// Every invalid variable of an environment; never empty.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub struct ConfigErrors(pub Vec<ConfigError>);

impl fmt::Display for ConfigErrors {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the configuration is wrong")?;
        self.0.iter().try_for_each(|error| write!(f, "\n  {error}"))
    }
}

/// A variable look-up that collects errors.
pub(super) struct Reader<'a> {
    lookup: &'a dyn Fn(&str) -> Option<String>,
    errors: Vec<ConfigError>,
}

impl<'a> Reader<'a> {
    pub fn new(lookup: &'a dyn Fn(&str) -> Option<String>) -> Self {
        Self { lookup, errors: Vec::new() }
    }

    /// The trimmed value; `None` when unset or empty. That of a secret may be in a file.
    pub fn text(&self, variable: &str) -> Option<String> {
        self.given(variable).or_else(|| {
            let path = SECRETS.contains(&variable).then(|| secret_files::file_variable(variable))?;
            secret_files::read(&self.given(&path)?).ok()
        })
    }

    /// The trimmed value of the variable itself.
    pub fn given(&self, variable: &str) -> Option<String> {
        let value = (self.lookup)(variable)?;
        let value = value.trim();
        (!value.is_empty()).then(|| value.to_owned())
    }

    /// The value of one of [`SECRETS`].
    pub fn secret(&self, variable: &str) -> Option<SecretString> {
        debug_assert!(SECRETS.contains(&variable), "{variable} is missing in the list of secrets");
        self.text(variable).map(SecretString::from)
    }

    /// The files of secrets, by the variable whose value they hold.
    pub fn secret_paths(&self) -> BTreeMap<&'static str, String> {
        let path = |secret: &'static str| Some((secret, self.given(&secret_files::file_variable(secret))?));
        SECRETS.into_iter().filter_map(path).collect()
    }

    /// Reports every file of a secret that can't be used; [`Reader::text`] takes it for unset.
    pub fn check_secret_files(&mut self) {
        for secret in SECRETS {
            let variable = secret_files::file_variable(secret);
            let Some(path) = self.given(&variable) else {
                continue;
            };
            if self.given(secret).is_some() {
                self.wrong_named(&variable, &format!("to be unset, because {secret} is set"));
            } else if let Err(error) = secret_files::read(&path) {
                self.wrong_named(&variable, &format!("a file that holds the secret: {path}: {error}"));
            }
        }
    }

    /// `None` if unset or invalid; an invalid value is recorded.
    pub fn parse<T>(
        &mut self,
        variable: &'static str,
        expects: &str,
        parse: impl FnOnce(&str) -> Option<T>,
    ) -> Option<T> {
        let value = self.text(variable)?;
        let parsed = parse(&value);
        if parsed.is_none() {
            self.wrong(variable, Some(value), expects);
        }
        parsed
    }

    /// Comma-separated parts, trimmed; all must parse.
    pub fn list<T>(
        &mut self,
        variable: &'static str,
        expects: &str,
        parse: impl Fn(&str) -> Option<T>,
    ) -> Vec<T> {
        self.parse(variable, expects, |value| value.split(',').map(str::trim).map(parse).collect())
            .unwrap_or_default()
    }

    pub fn wrong(&mut self, variable: &'static str, value: Option<String>, expects: impl Into<String>) {
        self.errors.push(ConfigError { variable: variable.into(), value, expects: expects.into() });
    }

    /// The same for a variable whose name comes from the environment; its value may be a secret.
    pub fn wrong_named(&mut self, variable: &str, expects: &str) {
        let variable = Cow::Owned(variable.to_owned());
        self.errors.push(ConfigError { variable, value: None, expects: expects.to_owned() });
    }

    pub fn finish<T>(self, config: T) -> Result<T, ConfigErrors> {
        if self.errors.is_empty() { Ok(config) } else { Err(ConfigErrors(self.errors)) }
    }
}
