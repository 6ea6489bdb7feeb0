//! Secrets that the program generates in development. Each stays the same from start to start.

use std::io::Write;
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;

use secrecy::{ExposeSecret, SecretString};

use crate::clock;

/// The secret in the file, which is created if missing, readable by its owner alone.
pub fn stored(path: &Path) -> std::io::Result<SecretString> {
    if let Ok(secret) = std::fs::read_to_string(path)
        && !secret.trim().is_empty()
    {
        return Ok(secret.trim().into());
    }
    if let Some(folder) = path.parent() {
        std::fs::create_dir_all(folder)?;
    }
    let secret = SecretString::from(format!("{}{}", clock::new_v4().simple(), clock::new_v4().simple()));
    let mut file =
        std::fs::OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(path)?;
    file.write_all(secret.expose_secret().as_bytes())?;
    Ok(secret)
}
