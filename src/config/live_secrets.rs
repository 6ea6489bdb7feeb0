//! Secrets whose files may be replaced while the program runs, and the reading of those files again.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use secrecy::SecretString;

use super::secret_files;
use crate::live_secret::LiveSecret;

/// The files by the variable whose value they hold, and what was made of them.
#[derive(Clone, Debug, Default)]
pub struct LiveSecrets {
    paths: BTreeMap<&'static str, String>,
    live: Arc<Mutex<BTreeMap<&'static str, LiveSecret>>>,
}

impl LiveSecrets {
    pub(super) fn new(paths: BTreeMap<&'static str, String>) -> Self {
        Self { paths, live: Arc::default() }
    }

    /// The secret of a variable, which has this value at present. It changes only if the variable names a file.
    pub fn of(&self, variable: &'static str, present: &SecretString) -> LiveSecret {
        let mut live = self.live.lock().unwrap_or_else(PoisonError::into_inner);
        live.entry(variable).or_insert_with(|| LiveSecret::from(present.clone())).clone()
    }

    /// The secret of a variable whose value is in a file; `None` where it is not, or the file can't be read just now.
    pub fn in_file(&self, variable: &'static str) -> Option<LiveSecret> {
        let text = secret_files::read(self.paths.get(variable)?);
        let text = text.inspect_err(|error| {
            tracing::warn!(variable, %error, "could not read the file of a secret again; it is not replaced");
        });
        Some(self.of(variable, &SecretString::from(text.ok()?)))
    }

    /// Whether there is anything to read again.
    pub fn is_empty(&self) -> bool {
        self.paths.is_empty()
    }

    /// Reads the files again; returns the variables whose value is another one now. A file that can't be read leaves
    /// its secret as it is, because a file is missing for a moment while it is replaced.
    pub fn read_again(&self) -> Vec<&'static str> {
        let live = self.live.lock().unwrap_or_else(PoisonError::into_inner);
        let mut replaced = Vec::new();
        for (variable, path) in &self.paths {
            let Some(secret) = live.get(variable) else {
                continue;
            };
            match secret_files::read(path) {
                Ok(text) => {
                    if secret.replace(&SecretString::from(text)) {
                        replaced.push(*variable);
                    }
                }
                Err(error) => {
                    tracing::warn!(variable, %error, "could not read the file of a secret again; it stays");
                }
            }
        }
        replaced
    }
}
