//! Secrets from files: `X_FILE` names a file with the value of `X`, as orchestrators and systemd mount them. Read at
//! start, some of them again later (`live_secrets`). Refuses a file that is missing, empty or too large, and a secret that is given twice.

use std::fs::File;
use std::io::{self, Read};

/// The variables that hold secrets.
pub(super) const SECRETS: [&str; 13] = [
    "FTE_API_TOKEN",
    "FTE_MCP_TOKEN",
    "DATABASE_URL",
    "POSTGRES_PASSWORD",
    "KAFKA_SASL_PASSWORD",
    "KAFKA_SSL_KEY_PASSWORD",
    "OPENAI_API_KEY",
    "TWILIO_AUTH_TOKEN",
    "TWILIO_AUTH_TOKEN_SECONDARY",
    "IMAP_URL",
    "SMTP_URL",
    "ESCALATION_WEBHOOK_URL",
    "OTEL_EXPORTER_OTLP_HEADERS",
];
/// A larger file is not a secret but a mistake.
const MAX_BYTES: u64 = 64 * 1024;

/// The name of the variable that names the file.
pub(super) fn file_variable(secret: &str) -> String {
    format!("{secret}_FILE")
}

/// The file's content, without the white space around it.
pub(super) fn read(path: &str) -> io::Result<String> {
    let mut text = String::new();
    File::open(path)?.take(MAX_BYTES + 1).read_to_string(&mut text)?;
    if text.len() as u64 > MAX_BYTES {
        return Err(io::Error::other("it is larger than 64 KiB"));
    }
    let text = text.trim();
    if text.is_empty() { Err(io::Error::other("it is empty")) } else { Ok(text.to_owned()) }
}
