//! The one place that reads the process environment, with `.env` as fallback. Never changes the environment.

use std::collections::HashMap;
use std::path::Path;

use thiserror::Error;

#[derive(Debug, Error)]
#[error("could not read .env")]
pub struct EnvironmentError(#[from] dotenvy::Error);

/// Every variable of the process, and those of `.env` in the working directory that the process does not set. A
/// variable that is set but empty hides the line in `.env`.
#[expect(clippy::disallowed_methods, reason = "the place that reads the environment for all others")]
pub fn environment() -> Result<HashMap<String, String>, EnvironmentError> {
    let process = std::env::vars_os()
        .map(|(name, value)| (name.to_string_lossy().into_owned(), value.to_string_lossy().into_owned()));
    merge(Path::new(".env"), process)
}

fn merge(
    file: &Path,
    process: impl Iterator<Item = (String, String)>,
) -> Result<HashMap<String, String>, EnvironmentError> {
    let mut variables = HashMap::new();
    if file.is_file() {
        let text = std::fs::read(file).map_err(dotenvy::Error::Io)?;
        for line in dotenvy::from_read_iter(plain(&text).as_bytes()) {
            let (name, value) = line?;
            variables.insert(name, value);
        }
    }
    variables.extend(process);
    Ok(variables)
}

/// The text without a byte order mark, with line feeds alone: editors of Windows write both.
pub fn plain(bytes: &[u8]) -> String {
    let text = String::from_utf8_lossy(bytes);
    text.strip_prefix('\u{feff}').unwrap_or(&text).replace("\r\n", "\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_process_beats_the_file_even_when_empty() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join(".env");
        std::fs::write(&file, "API_PORT=9000\nLOG_LEVEL=debug\nAPI_HOST=127.0.0.2\n").unwrap();
        let process = [("API_PORT", "9001"), ("LOG_LEVEL", "")];
        let process = process.into_iter().map(|(name, value)| (name.to_owned(), value.to_owned()));

        let merged = merge(&file, process).unwrap();

        assert_eq!(merged["API_PORT"], "9001");
        assert_eq!(merged["LOG_LEVEL"], "");
        assert_eq!(merged["API_HOST"], "127.0.0.2");
    }

    #[test]
    fn a_file_from_windows_is_read_like_any_other() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join(".env");
        std::fs::write(&file, "\u{feff}API_PORT=9000\r\n# Größe\r\nAPI_HOST=\"127.0.0.2\"\r\nLOG_LEVEL=\r\n")
            .unwrap();
        let merged = merge(&file, std::iter::empty()).unwrap();
        assert_eq!((merged["API_PORT"].as_str(), merged["API_HOST"].as_str()), ("9000", "127.0.0.2"));
        assert_eq!(merged["LOG_LEVEL"], "");
    }

    #[test]
    fn a_broken_line_is_an_error() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join(".env");
        std::fs::write(&file, "API_PORT='9000\n").unwrap();
        assert!(merge(&file, std::iter::empty()).is_err());
    }
}
